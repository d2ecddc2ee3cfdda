"""Who may see what: the only way to read a row. Values come out, never rows; each view of health information is logged.

The law says who may see which thing (`law.disclosure`); here it is applied, condition by condition. What a person may not
see gives the same answer as what does not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from imr.case import steps
from imr.case.answers import Answers
from imr.case.application import Application
from imr.case.chain import Recorded, outside, replay
from imr.case.state import Case, CorrectionAction, Stage
from imr.case.step import Step
from imr.checks import Concern
from imr.determination.model import Determination
from imr.law.days import Deadline
from imr.law.disclosure import Thing, may_see
from imr.law.reviewers import Reviewer
from imr.law.terms import Outcome, ReviewType, Role
from imr.records.corrections import Stated
from imr.web import bringing, clock, papers, rows
from imr.web.documents import JSON, PDF, PICTURES, fetch
from imr.web.models import CaseRow, DocumentRow, MembershipRow, NoteRow, QuarantineRow, ViewRow
from imr.web.timeline import Due, Moment, moments

#: The roles that see a case by their office, whoever its parties are.
OFFICE = (Role.INTAKE, Role.COORDINATOR, Role.QUALITY, Role.DIVISION)
PARTIES = (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
#: What a determination decides is nobody's to know before it is issued, these apart.
ISSUED = (Stage.ISSUED, Stage.PUBLISHED, Stage.REVERSED)
BEFORE_ISSUE = (Role.REVIEWER, Role.COORDINATOR, Role.QUALITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list."""

    number: str
    stage: Stage
    review_type: ReviewType | None
    received_at: datetime | None
    changed_at: datetime
    due: Due | None
    employee: str
    outcome: Outcome | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as this person may see it. `deadlines` still run, the next first; `met` are those that something has met."""

    number: str
    case: Case
    application: Application | None
    deadlines: tuple[Deadline, ...]
    met: tuple[Deadline, ...]
    due: Due | None
    roles: tuple[Role, ...]
    offers: tuple[Step, ...]
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document in a list."""

    digest: str
    kind: str
    title: str
    media_type: str
    size: int
    pages: int | None
    sender: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """A document with its bytes. `name` is made here and holds nothing that its sender wrote."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """A correction of the index of one file: when, in which role, what was stated; whether it still stands."""

    number: int
    at: datetime
    by: Role
    action: CorrectionAction
    file: str
    documents: tuple[Stated, ...]
    undoes: int | None
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIndex:
    """The documents of a case file as they were sent; what stands over the reading of them, and how it came to stand.

    `roles`, `offers` and `events` are those of this person and case, so that a page asks once.
    """

    lines: tuple[DocumentLine, ...]
    stated: tuple[Stated, ...]
    history: tuple[CorrectionLine, ...]
    roles: tuple[Role, ...]
    offers: tuple[Step, ...]
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A file that was refused, why, and who sent it."""

    digest: str
    name: str
    size: int
    reason: str
    sender: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A reviewer's own note on a page of a document."""

    id: int
    digest: str
    page: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A published determination in a list."""

    number: str
    published_on: date
    outcome: Outcome | None


# Who somebody is


def roles(user: Any) -> tuple[Role, ...]:
    """The roles in which somebody may act at all; none for who has not signed in."""
    if not user.is_authenticated or not user.is_active:
        return ()
    return tuple(role for role in Role if role.value in user.roles)


def roles_in(user: Any, number: str) -> tuple[Role, ...]:
    """The roles in which somebody may look at this case; none where it is not theirs, or does not exist."""
    row = CaseRow.objects.filter(number=number).first()
    return () if row is None else _roles_in(user, row, _memberships(user, [number]))


def _roles_in(user: Any, row: CaseRow, memberships: Iterable[tuple[str, str]]) -> tuple[Role, ...]:
    held = roles(user)
    party = {Role(role) for number, role in memberships if number == row.number}
    found = []
    for role in held:
        if role in OFFICE:
            found.append(role)  # by office
        elif role is Role.REVIEWER and row.reviewer and row.reviewer == user.reviewer_id:
            found.append(role)  # as the reviewer of this case, while it is theirs
        elif role in PARTIES and role in party:
            found.append(role)  # by membership in this case
    return tuple(found)


def _memberships(user: Any, numbers: Iterable[str] | None = None) -> list[tuple[str, str]]:
    if not user.is_authenticated:
        return []
    mine = Q(person=user)
    if user.organization_id is not None:
        mine |= Q(organization=user.organization_id)
    found = MembershipRow.objects.filter(mine, until__isnull=True)
    if numbers is not None:
        found = found.filter(case__in=numbers)
    return list(found.values_list("case", "role"))


def _visible(user: Any) -> QuerySet[CaseRow]:
    held = roles(user)
    if any(role in OFFICE for role in held):
        return CaseRow.objects.all()
    mine = Q(number__in=[number for number, role in _memberships(user) if Role(role) in held])
    if Role.REVIEWER in held and user.reviewer_id:
        mine |= Q(reviewer=user.reviewer_id)
    return CaseRow.objects.filter(mine)


def _allowed(seeing: Iterable[Role], thing: Thing) -> bool:
    return any(may_see(role, thing).holds for role in seeing)


def _opened(user: Any, number: str, *things: Thing) -> tuple[tuple[Role, ...], tuple[Recorded, ...], Case]:
    """The case behind a door; Http404 where it is not this person's, or none of `things` is for their roles."""
    found = roles_in(user, number)
    if not found or (things and not any(_allowed(found, thing) for thing in things)):
        raise Http404
    chain = rows.chain(number)
    return found, chain, replay(chain)


def _log(user: Any, seeing: tuple[Role, ...], number: str, thing: Thing, digest: str = "") -> None:
    ViewRow.objects.create(
        at=clock.now(), person=user, role=seeing[0].value, case=number, thing=thing.value, digest=digest
    )


# Cases


def cases(user: Any, ended: bool | None = None) -> tuple[CaseLine, ...]:
    """The cases that are this person's, the next deadline first; `ended` keeps those that have, or have not, ended."""
    found = _visible(user).order_by("due_at", "-changed_at")
    over = [stage.name for stage in Stage if stage.ended or stage is Stage.PUBLISHED]
    if ended is not None:
        found = found.filter(stage__in=over) if ended else found.exclude(stage__in=over)
    listed = list(found)
    memberships = _memberships(user)
    return tuple(_line(row, _roles_in(user, row, memberships)) for row in listed)


def _line(row: CaseRow, seeing: tuple[Role, ...]) -> CaseLine:
    return CaseLine(
        number=row.number,
        stage=Stage[row.stage],
        review_type=ReviewType(row.review_type) if row.review_type else None,
        received_at=row.received_at,
        changed_at=row.changed_at,
        due=Due(title=row.due_title, at=row.due_at, role=Role(row.due_role)) if row.due_at else None,
        employee=row.employee if _allowed(seeing, Thing.APPLICATION) else "",
        outcome=Outcome(row.outcome) if row.outcome else None,
        roles=seeing,
    )


def case(user: Any, number: str) -> CaseView:
    """Where a case stands, what is due, who its parties are, and what this person may do now."""
    seeing, _, held = _opened(user, number)
    application = rows.application(held) if _allowed(seeing, Thing.APPLICATION) else None
    if application is not None:
        _log(user, seeing, number, Thing.APPLICATION, held.filing.application if held.filing else "")
    still = rows.open_deadlines(held)
    return CaseView(
        number=number,
        case=_as_seen(held, seeing),
        application=application,
        deadlines=still,
        met=tuple(deadline for deadline in held.deadlines() if deadline not in still),
        due=rows.next_due(held),
        roles=seeing,
        offers=offered(held, user, seeing),
        events=held.events,
    )


def _as_seen(held: Case, seeing: tuple[Role, ...]) -> Case:
    """A case without what is not for these roles: who reviews it, and what was decided before it is issued."""
    if not _allowed(seeing, Thing.REVIEWER_IDENTITY):
        held = replace(held, reviewer="", earlier_reviewers=(), parted=())
    if not _allowed(seeing, Thing.DRAFT):
        held = replace(held, draft="", answers="", returned=0)
    if not _is_told(seeing, held):
        held = replace(held, letter="", determination="", decisions=(), signed_on=None)
    return held


def _is_told(seeing: Iterable[Role], held: Case) -> bool:
    """What was decided is told when it is issued; before that the review organization and the reviewer know it."""
    return held.stage in ISSUED or any(role in BEFORE_ISSUE for role in seeing)


def actor_id(user: Any, role: Role) -> str:
    """By what a person is known in the history: a reviewer by the panel's id, everybody else by the account's number."""
    return str(user.reviewer_id) if role is Role.REVIEWER else f"person-{user.pk}"


def offered(held: Case, user: Any, seeing: Iterable[Role]) -> tuple[Step, ...]:
    """The steps that a person in these roles may take now, each once."""
    found: dict[str, Step] = {}
    for role in seeing:
        for step in steps.offers(held, steps.Actor(role=role, id=actor_id(user, role))):
            found.setdefault(step.name, step)
    return tuple(found.values())


# History


def timeline(user: Any, number: str) -> tuple[Moment, ...]:
    """What happened to a case, as far as it is for this person: who reviews and who acted stay inside."""
    seeing, chain, held = _opened(user, number, Thing.TIMELINE)
    return moments(_events_for(chain, held, seeing), inside=_allowed(seeing, Thing.DRAFT))


def events(user: Any, number: str) -> tuple[Recorded, ...]:
    """The chain of a case as outsiders verify it; unsealed for those who may know the reviewer."""
    seeing, chain, held = _opened(user, number, Thing.EVENT_CHAIN)
    return _events_for(chain, held, seeing)


def _events_for(chain: tuple[Recorded, ...], held: Case, seeing: tuple[Role, ...]) -> tuple[Recorded, ...]:
    """The part of a chain that is for these roles. What was decided is told when it is issued, not before."""
    if _allowed(seeing, Thing.REVIEWER_IDENTITY):
        return chain
    if not _is_told(seeing, held):
        signed = next((place for place, item in enumerate(chain) if item.event.kind == "determination-signed"), None)
        chain = chain[:signed]
    return tuple(map(outside, chain))


# Documents


def documents(user: Any, number: str) -> tuple[DocumentLine, ...]:
    """The documents of a case that this person may open."""
    seeing, _, held = _opened(user, number)
    found = DocumentRow.objects.filter(case=number).order_by("at", "pk")
    return tuple(_document_line(row) for row in found if _may_open(seeing, row, held))


def _may_open(seeing: tuple[Role, ...], row: DocumentRow, held: Case) -> bool:
    if papers.Paper(row.paper).after_issue and not _is_told(seeing, held):
        return False
    return _allowed(seeing, _thing(row))


def _thing(row: DocumentRow) -> Thing:
    return Thing.MENTAL_HEALTH_RECORD if row.mental_health else papers.Paper(row.paper).thing


def _document_line(row: DocumentRow) -> DocumentLine:
    return DocumentLine(
        digest=row.digest,
        kind=row.kind,
        title=row.title,
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        sender=Role(row.sender),
        at=row.at,
    )


def document(user: Any, number: str, digest: str) -> DocumentFile:
    """A document with its bytes. Raises Damaged where they do not fit the digest any more."""
    seeing, _, held = _opened(user, number)
    row = DocumentRow.objects.filter(case=number, digest=digest).first()
    if row is None or not _may_open(seeing, row, held):
        raise Http404
    return _document_file(user, seeing, row)


def _document_file(user: Any, seeing: tuple[Role, ...], row: DocumentRow) -> DocumentFile:
    """The bytes of a document that this person may open; logged."""
    _log(user, seeing, row.case, _thing(row), row.digest)
    endings = {PDF: "pdf", JSON: "json"} | {media: media.partition("/")[2] for media in PICTURES.values()}
    ending = endings.get(row.media_type, "txt")
    name = f"{row.case}-{row.kind.replace(' ', '-').replace('/', '-')}-{row.digest[:8]}.{ending}"
    return DocumentFile(name=name, media_type=row.media_type, data=fetch(row.digest))


def has_file(user: Any, number: str) -> bool:
    """Whether there is a case file that this person may open."""
    seeing, _, _ = _opened(user, number)
    return _allowed(seeing, Thing.MEDICAL_RECORD) and _filed(number).exists()


def _filed(number: str) -> QuerySet[DocumentRow]:
    return DocumentRow.objects.filter(case=number, paper__in=[paper.value for paper in papers.FILE]).order_by(
        "at", "pk"
    )


def file(user: Any, number: str) -> tuple[DocumentLine, ...]:
    """The documents that a reviewer judges by, as far as this person may open them, in the order in which they came."""
    return file_index(user, number).lines


def bound(user: Any, number: str) -> DocumentFile | None:
    """The case file as it was bound for the reviewer, for whoever may open all of it; None where it is not bound yet.

    None, too, for whom a record in it is withheld from: they have what they may open bound for them.
    """
    seeing, _, held = _opened(user, number, Thing.MEDICAL_RECORD)
    row = DocumentRow.objects.filter(case=number, digest=held.bound).first() if held.bound else None
    if row is None or not _may_open(seeing, row, held):
        return None
    return _document_file(user, seeing, row)


def file_index(user: Any, number: str) -> FileIndex:
    """The case file as far as this person may open it, with what people corrected in its index."""
    seeing, chain, held = _opened(user, number, Thing.MEDICAL_RECORD)
    _log(user, seeing, number, Thing.MEDICAL_RECORD)
    lines = tuple(_document_line(row) for row in _filed(number) if _may_open(seeing, row, held))
    shown = {line.digest for line in lines}
    standing = {one.number for one in held.standing_corrections}
    return FileIndex(
        lines=lines,
        stated=tuple(one for one in rows.stated(held) if one.file in shown),
        history=tuple(
            CorrectionLine(
                number=one.number,
                at=chain[one.number - 1].at,
                by=chain[one.number - 1].by.role,
                action=one.action,
                file=one.file,
                documents=tuple(rows.said(one.file, part) for part in one.parts),
                undoes=one.undoes,
                stands=one.number in standing,
            )
            for one in held.corrections
            if one.file in shown
        ),
        roles=seeing,
        offers=offered(held, user, seeing),
        events=held.events,
    )


def record(user: Any, number: str, digest: str) -> DocumentLine:
    """One document of the case file, without its bytes: asked for each picture of a page, and logged."""
    seeing = roles_in(user, number)
    found = _filed(number).filter(digest=digest).first() if seeing else None
    if found is None or not _allowed(seeing, _thing(found)):
        raise Http404
    _log(user, seeing, number, _thing(found), digest)
    return _document_line(found)


def refused(user: Any, number: str) -> tuple[RefusedLine, ...]:
    """The files that were refused in this case, for who takes records in; nobody opens them here."""
    _opened(user, number, Thing.REFUSED_FILE)
    return tuple(
        RefusedLine(
            digest=row.digest, name=row.name, size=row.size, reason=row.reason, sender=Role(row.sender), at=row.at
        )
        for row in QuarantineRow.objects.filter(case=number).order_by("at", "pk")
    )


def notes(user: Any, number: str, digest: str = "") -> tuple[NoteLine, ...]:
    """The notes that this reviewer wrote on the case file, or on one document of it; nobody reads another's."""
    seeing, _, _ = _opened(user, number, Thing.REVIEWER_NOTES)
    found = NoteRow.objects.filter(case=number, person=user).order_by("at", "pk")
    if digest:
        found = found.filter(digest=digest)
    lines = tuple(NoteLine(id=row.pk, digest=row.digest, page=row.page, text=row.text, at=row.at) for row in found)
    if lines:
        _log(user, seeing, number, Thing.REVIEWER_NOTES, digest)
    return lines


def may_note(user: Any, number: str) -> bool:
    """Whether this person keeps notes of their own on the case file."""
    return _allowed(roles_in(user, number), Thing.REVIEWER_NOTES)


def application(user: Any, number: str) -> Application:
    """The application of a case as it stands now."""
    seeing, _, held = _opened(user, number, Thing.APPLICATION)
    found = rows.application(held)
    if found is None or held.filing is None:
        raise Http404
    _log(user, seeing, number, Thing.APPLICATION, held.filing.application)
    return found


def draft(user: Any, number: str) -> Determination | None:
    """The draft of a determination, for its reviewer and the quality review."""
    seeing, _, held = _opened(user, number, Thing.DRAFT)
    if not held.draft:
        return None
    _log(user, seeing, number, Thing.DRAFT, held.draft)
    return rows.value(Determination, held.draft)


def concerns(user: Any, number: str, drafted: Determination | None = None) -> tuple[Concern, ...]:
    """What the checks find in a draft beside its case file, for its reviewer and the quality review.

    `drafted` is what is being written; without it the draft as saved is looked at.
    """
    seeing, _, held = _opened(user, number, Thing.DRAFT)
    if drafted is None and not held.draft:
        return ()
    _log(user, seeing, number, Thing.DRAFT, held.draft)
    draft = drafted or rows.value(Determination, held.draft)
    return bringing.concerns(held, draft, clock.today())


def answers(user: Any, number: str) -> Answers:
    """What the reviewer answered to the checks, for the reviewer and the quality review."""
    seeing, _, held = _opened(user, number, Thing.DRAFT)
    if not held.answers:
        return Answers()
    _log(user, seeing, number, Thing.DRAFT, held.answers)
    return rows.value(Answers, held.answers)


def determination(user: Any, number: str) -> Determination | None:
    """What was signed; for the parties once it is issued."""
    seeing, _, held = _opened(user, number, Thing.DETERMINATION)
    if not held.determination or not _is_told(seeing, held):
        return None
    _log(user, seeing, number, Thing.DETERMINATION, held.determination)
    return rows.value(Determination, held.determination)


# What everybody may read


def published() -> tuple[PublishedLine, ...]:
    """The published determinations, the latest first."""
    found = CaseRow.objects.filter(published_on__isnull=False).order_by("-published_on", "-number")
    return tuple(
        PublishedLine(
            number=row.number,
            published_on=row.published_on,
            outcome=Outcome(row.outcome) if row.outcome else None,
        )
        for row in found
        if row.published_on is not None
    )


def public_determination(number: str) -> Determination:
    """The redacted determination of a published case."""
    if not CaseRow.objects.filter(number=number, published_on__isnull=False).exists():
        raise Http404
    return rows.value(Determination, replay(rows.chain(number)).public)


# The panel


def reviewer(user: Any, number: str) -> Reviewer | None:
    """Who reviews a case, for the review organization alone."""
    _, _, held = _opened(user, number, Thing.REVIEWER_IDENTITY)
    return rows.reviewer(held.reviewer) if held.reviewer else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reviewer is chosen by: the specialties that were asked for, and the panel in its order."""

    specialties: tuple[str, ...]
    candidates: tuple[Any, ...]


def candidates(user: Any, number: str, specialties: tuple[str, ...] = ()) -> Choice:
    """The panel for a case as `panel.candidates` orders it, each screened as the step that assigns one screens them.

    Where no specialties are given, those are asked for that are at home in the disputed treatments.
    """
    from imr.panel import candidates  # takes the numerical libraries along, which no other page needs
    from imr.web import roster

    _, _, held = _opened(user, number, Thing.CONFLICT_SCREENING)
    request = roster.request(held, specialties)
    if request is None:
        raise Http404
    found = candidates(request, roster.members(), clock.today(), history=roster.history(number))
    return Choice(specialties=request.matter.specialties, candidates=found)
