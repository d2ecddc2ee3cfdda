"""The only way to write: one step of one case in one transaction.

Lock the case, replay its events, decide with `case.steps.take`, append the event, refresh the row, put mail into the outbox:
all of it, or nothing. Documents are kept under their digest before the event that names them; what a refused step left in
the storage is swept by `manage.py tend`.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import Http404

from imr.case import steps
from imr.case.acts import Act, Actor
from imr.case.answers import Answers
from imr.case.application import Application
from imr.case.chain import Recorded, record, replay
from imr.case.facts import Asked, Filed, Kept, marks
from imr.case.state import Case, FiledRecord, Stage
from imr.case.step import Step
from imr.determination.model import Determination
from imr.errors import Refused
from imr.law.terms import RecordKind, Role
from imr.plain import canonical
from imr.web import access, binding, bringing, clock, membership, outbox, quarantine, reading, rows, stalled, timeline
from imr.web.confidential import insist_unnamed
from imr.web.documents import JSON, Looked, NotTaken, Upload, discard, keep, look
from imr.web.models import CaseRow, DocumentRow, EventRow, NoteRow
from imr.web.papers import FILE, Paper, paper_of
from imr.web.signin import FRESH, StaleFactor

#: Values that a person states and that are documents of their own.
VALUES = (Application, Determination, Answers)
#: Seconds between two sweeps of the documents: each asks the storage for the name of every file.
SWEPT = 3600
#: The longest note on a page, in characters.
NOTE = 4000
#: What a number chosen by hand may be: it stands in addresses, names of files and letters.
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")


def offers(user: Any, number: str) -> tuple[Step, ...]:
    """The steps that this person may take now."""
    seeing = access.roles_in(user, number)
    return access.offered(replay(rows.chain(number)), user, seeing) if seeing else ()


def perform(step: str, user: Any, number: str | None, *, seen: int | None = None, **facts: Any) -> Recorded:
    """Take a step. `seen` is how many events the case had when the person looked at it.

    Raises Refused with the findings, Unreadable for a document that is not what it must be, StaleFactor where a signature
    needs the second factor anew, and Http404 for a case that is not this person's.
    """
    try:
        return _perform(step, user, number, seen=seen, facts=facts)
    except NotTaken as error:
        refuse(user, number, error)
        raise


def refuse(user: Any, number: str | None, error: NotTaken) -> None:
    """Keep a file that was refused apart, outside of the step that it was sent with, of which nothing is kept."""
    seeing = access.roles_in(user, number) if number else access.roles(user)
    if seeing:
        quarantine.keep(number or "", error.upload.name, error.upload.data, str(error), seeing[0], user)


def _perform(step: str, user: Any, number: str | None, *, seen: int | None, facts: dict[str, Any]) -> Recorded:
    known = _step(step)
    with transaction.atomic():
        if number is None:
            number = _next_number(known)
        elif NUMBER.fullmatch(number) is None:
            raise Refused(
                "a case number has letters, digits and hyphens, at most 40: leave it empty for the next free one"
            )
        before = _count(number)
        _lock(number)
        chain = rows.chain(number)
        _insist_alone(chain, before if seen is None else seen)
        _insist_new(known, number, chain)
        role = _role(known, user, number, chain)
        act = Act(by=Actor(role=role, id=access.actor_id(user, role)), at=clock.now())
        return _take(known, act, replay(chain, number), chain, _Given(user=user, facts=facts))


def tick(number: str) -> tuple[Recorded, ...]:
    """Take the steps of the clock that are due in a case: what happens because time ran out."""
    done = []
    for name, known in steps.STEPS.items():
        if Role.CLOCK not in known.roles:
            continue
        with transaction.atomic():
            _lock(number)
            chain = rows.chain(number)
            case = replay(chain, number)
            act = Act(by=Actor(role=Role.CLOCK, id="clock"), at=clock.now())
            if name not in {step.name for step in steps.offers(case, act.by)}:
                continue
            if name == binding.STEP:  # takes its time, and has a job of its own
                binding.begin(number)
                continue
            try:
                done.append(_take(known, act, case, chain, _Given(user=None, facts={})))
            except Refused:
                continue  # its time has not come
    return tuple(done)


def bind(number: str) -> Recorded | None:
    """Bind a case file into one PDF, keep it, and record its digest; None where it is not due, or not to be bound yet.

    The PDF is made before the case is locked. Raises Refused where the case file has changed meanwhile.
    """
    case = replay(rows.chain(number))
    made = binding.prepared(case, clock.today()) if binding.is_due(case) else None
    if made is None:
        return None
    papers = [_Kept.made(paper) for paper in made.papers]
    with transaction.atomic():
        _lock(number)
        chain = rows.chain(number)
        act = Act(by=Actor(role=Role.CLOCK, id="clock"), at=clock.now())
        given = _Given(user=None, facts={"bound": made.bound})
        return _take(steps.STEPS[binding.STEP], act, replay(chain), chain, given, papers)


def tend(before: datetime) -> dict[str, int]:
    """What nobody has to think of: the steps of the clock, mail that waits, files kept before that moment for no case."""
    still = CaseRow.objects.exclude(stage__in=[stage.name for stage in Stage if stage.ended])
    taken = sum(len(tick(number)) for number in still.values_list("number", flat=True))
    open_cases = still.values_list("number", flat=True)
    unread = DocumentRow.objects.filter(case__in=open_cases, paper__in=[paper.value for paper in FILE])
    for digest, media_type in unread.values_list("digest", "media_type"):
        reading.begin(digest, media_type)
    return {
        "steps of the clock": taken,
        "messages": outbox.send(),
        "files swept": sweep(before) if cache.add("documents-swept", before, SWEPT) else 0,
        "refused files thrown away": quarantine.sweep(clock.now()),
        "jobs of dead workers": stalled.take_up(),
    }


def note(user: Any, number: str, digest: str, page: int, text: str) -> None:
    """Keep a reviewer's own note on a page. It is a working paper, and no part of the history of the case."""
    text = text.strip()
    if not 0 < len(text) <= NOTE:
        raise Refused(f"a note has 1 to {NOTE} characters: shorten it, or write two")
    _insist_own(user, number)
    if digest not in {line.digest for line in access.file(user, number)}:
        raise Http404
    NoteRow.objects.create(case=number, digest=digest, page=page, person=user, text=text, at=clock.now())


def remove_note(user: Any, number: str, note_id: int) -> None:
    """Throw a note of one's own away."""
    _insist_own(user, number)
    if not NoteRow.objects.filter(case=number, person=user, pk=note_id).delete()[0]:
        raise Http404


def _insist_own(user: Any, number: str) -> None:
    if not access.may_note(user, number):
        raise Http404


def refused_file(digest: str) -> bytes:
    """A refused file as it came, for who runs the machine. Raises Damaged where there is none of that digest."""
    return quarantine.fetch(digest)


def hush() -> None:
    """Let no mail go out that waits now: for invented cases, whose people have no post box."""
    outbox.hush()


def rebuild() -> int:
    """Make every row of a case anew from its events; how many cases there are."""
    numbers = {*EventRow.objects.values_list("case", flat=True), *CaseRow.objects.values_list("number", flat=True)}
    for number in sorted(numbers):
        with transaction.atomic():
            _lock(number)
            rows.refresh(number)
    return len(numbers)


def sweep(before: datetime) -> int:
    """Remove from the storage what no case names and was kept before that moment; how many files."""
    return discard(claimed(), before)


def claimed() -> set[str]:
    """The digests of every document that a case names."""
    return set(DocumentRow.objects.values_list("digest", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Who gave which facts."""

    user: Any
    facts: Mapping[str, Any]


def _step(name: str) -> Step:
    found = steps.STEPS.get(name)
    if found is None:
        raise Refused(f"no step is called {name!r}: reload the page")
    return found


def _take(
    known: Step, act: Act, case: Case, chain: tuple[Recorded, ...], given: _Given, brought: Sequence["_Kept"] = ()
) -> Recorded:
    last = chain[-1] if chain else None
    steps.insist_ready(known, case, act.by)
    papers: list[_Kept] = list(brought)
    facts = _facts(known, act, case, given, papers)
    event = steps.take(known.name, case, act, facts)
    after = event.apply(case)
    papers.extend(map(_Kept.made, bringing.made(known, act, case, after, facts)))
    item = record(event, case.number, act, last, secrets.token_hex(16))
    for paper in papers:
        paper.enter(case.number, act, given.user, given.facts.get("sender"))
        if paper.paper in FILE:
            transaction.on_commit(partial(reading.begin, paper.looked.digest, paper.looked.media_type))
    rows.append(item)
    rows.refresh(case.number)
    membership.follow(item, given.user)
    outbox.put(item)
    transaction.on_commit(outbox.send)
    if binding.is_due(after):
        transaction.on_commit(partial(binding.begin, case.number))
    return item


# Before anything is decided


def _lock(number: str) -> None:
    """Wait until nobody else writes to this case; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case {number}"])


def _count(number: str) -> int:
    return EventRow.objects.filter(case=number).count()


def _next_number(known: Step) -> str:
    if Stage.NEW not in known.stages:
        raise Refused(f"{known.title}: say in which case")
    from django.conf import settings

    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('imr_case_number')")
            number = f"{settings.CASE_NUMBER_PREFIX}{clock.today():%y}-{cursor.fetchone()[0]:07d}"
            if not _count(number):  # somebody may have chosen this number by hand
                return number


def _insist_alone(chain: tuple[Recorded, ...], seen: int) -> None:
    if len(chain) != seen:
        last = timeline.words(chain[-1].event.kind).lower() if chain else "nothing"
        raise Refused(
            f"somebody else has just changed this case ({last}): reload the page, look at what is new, and try again. "
            "Nothing that you sent was kept"
        )


def _insist_new(known: Step, number: str, chain: tuple[Recorded, ...]) -> None:
    if known.stages == (Stage.NEW,):
        if chain:
            raise Refused(
                f"case {number} exists already: leave the number empty for the next free one, or open that case"
            )
    elif not chain:
        raise Http404


def _role(known: Step, user: Any, number: str, chain: tuple[Recorded, ...]) -> Role:
    """The role in which this person takes the step: one of theirs that may, else one of theirs, to be refused by name."""
    seeing = access.roles_in(user, number) if chain else access.roles(user)
    if not seeing:
        raise Http404
    return next((role for role in seeing if role in known.roles), seeing[0])


# Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A document of a step, kept, before its row is entered."""

    looked: Looked
    paper: Paper
    kind: str
    title: str
    mental_health: bool = False

    @classmethod
    def uploaded(cls, upload: Upload, paper: Paper) -> "_Kept":
        looked = look(upload)
        keep(upload.data)
        kind = upload.kind.value if upload.kind else paper.value
        return cls(looked=looked, paper=paper, kind=kind, title=kind, mental_health=upload.mental_health)

    @classmethod
    def valued(cls, value: object, paper: Paper) -> "_Kept":
        data = canonical(value).encode()
        looked = Looked(digest=keep(data), media_type=JSON, size=len(data), pages=None)
        return cls(looked=looked, paper=paper, kind=paper.value, title=paper.value)

    @classmethod
    def made(cls, made: bringing.Made) -> "_Kept":
        looked = Looked(digest=keep(made.data), media_type=made.media_type, size=len(made.data), pages=made.pages)
        return cls(
            looked=looked, paper=made.paper, kind=made.paper.value, title=made.title, mental_health=made.mental_health
        )

    def enter(self, number: str, act: Act, user: Any, sender: Role | None) -> None:
        DocumentRow.objects.get_or_create(
            case=number,
            digest=self.looked.digest,
            defaults={
                "paper": self.paper.value,
                "kind": self.kind,
                "mental_health": self.mental_health,
                "title": self.title,
                "media_type": self.looked.media_type,
                "size": self.looked.size,
                "pages": self.looked.pages,
                "sender": (sender or act.by.role).value,
                "sent_by": user,
                "at": act.at,
            },
        )


def _facts(known: Step, act: Act, case: Case, given: _Given, papers: list[_Kept]) -> Any:
    """The facts of a step as the step takes them: values as stated, documents by digest, and what the system brings."""
    marked = marks(known.facts)
    unknown = sorted(set(given.facts) - set(marked) - bringing.NAMED)
    if unknown:
        raise Refused(f"{known.title}: nothing is called {', '.join(unknown)} here")
    values: dict[str, Any] = {}
    for name, (_, mark) in marked.items():
        match mark:
            case Kept(source="records"):
                values[name] = tuple(_records(given.facts.get(name, ()), papers))
            case Kept(source=source):
                values[name] = bringing.bring(source, act, case, given.facts, _confirmed(given, act))
            case Filed() if given.facts.get(name):
                upload, paper = _upload(given.facts[name]), paper_of(known.name, name)
                if case.reviewer:
                    insist_unnamed(upload, paper, act, rows.reviewer(case.reviewer))
                values[name] = _filed(upload, paper, papers)
            case Filed():
                values[name] = ""
            case Asked() if name in given.facts:
                values[name] = given.facts[name]
                if isinstance(values[name], VALUES):
                    papers.append(_Kept.valued(values[name], paper_of(known.name, name)))
    _insist_whole(known, values)
    return known.facts(**values)


def _insist_whole(known: Step, values: Mapping[str, Any]) -> None:
    marked = marks(known.facts)
    needed = [f.name for f in fields(known.facts) if f.default is MISSING and f.default_factory is MISSING]
    missing = [marked[name][1].title or name for name in needed if values.get(name) is None and name not in values]
    if missing:
        raise Refused(f"{known.title}: still needed: {', '.join(missing)}")


def _upload(given: Any) -> Upload:
    return Upload.of(given) if isinstance(given, UploadedFile) else given


def _filed(upload: Upload, paper: Paper, papers: list[_Kept]) -> str:
    kept = _Kept.uploaded(upload, paper)
    papers.append(kept)
    return kept.looked.digest


def _records(given: Any, papers: list[_Kept]) -> Any:
    for item in given:
        upload = _upload(item)
        kept = _Kept.uploaded(upload, Paper.RECORD)
        papers.append(kept)
        yield FiledRecord(
            digest=kept.looked.digest,
            kind=upload.kind or RecordKind.OTHER,
            pages=kept.looked.pages,
            dated_on=upload.dated_on,
        )


def _confirmed(given: _Given, act: Act) -> Any:
    """How the signature was confirmed, asked for only where a step wants it."""

    def confirm() -> str:
        factor = given.user.second_factor
        if factor is None or act.at - factor.at > FRESH:
            raise StaleFactor("a signature is confirmed with your second factor: give it once more, then sign")
        return str(factor.how)

    return confirm
