"""Performs a step: lock the case, replay, decide, append, refresh the row, enqueue mail; all of it, or nothing."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.db import connection, transaction
from django.http import Http404

from imr.case import decide as taking
from imr.case.chain import Recorded, record, replay
from imr.case.context import Actor, StepContext
from imr.case.digests import digest_of_bytes
from imr.case.document_types import REVIEWED_TYPES
from imr.case.event_types import EVENT_TYPES
from imr.case.events import DraftSubmitted, RecordsReceived, RecordWithheld, RemandOpened
from imr.case.outside import outside_chain, outside_events
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.errors import Refused
from imr.law.roles import EVERY_CASE, PARTIES
from imr.law.terms import Role
from imr.web import access
from imr.web.actions import remand, stored_documents
from imr.web.actions.event_times import next_event_time
from imr.web.actions.idempotency import Performed, Request
from imr.web.actions.inputs import StepInput, StoredDocument, reject_unreadable, step_facts
from imr.web.actions.quotas import insist_within_quota
from imr.web.case_files import bundle, ingestion, step_inputs
from imr.web.case_files.generated_documents import generated_documents
from imr.web.models import EventRow, WorkingCopyRow
from imr.web.platform import clock
from imr.web.store import cases, installation, notifications, parties, quarantine, service
from imr.web.store.documents import UploadRejected

#: The actor of the clock's steps.
CLOCK = Actor(role=Role.CLOCK, id="clock")
#: What a case number chosen by hand may be: it is part of addresses, file names and letters.
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")


def offers(user: access.Viewer, number: str) -> tuple[Step, ...]:
    """Return the steps that this person may take now."""
    seeing = access.roles_in(user, number)
    return access.offered(replay(cases.chain(number)), access.person(user), seeing) if seeing else ()


def perform(
    step: str,
    user: access.Viewer,
    number: str | None,
    facts: Mapping[str, object] | None = None,
    *,
    seen: int | None = None,
    version: int | None = None,
    as_role: Role | None = None,
) -> Recorded:
    """Take a step with what is stated in it, by the names of its facts. `seen` is how many events the case had when the person looked at it.

    `version` is the version of the working copy that the facts were made of; Outdated is raised where a later one is saved.
    `as_role` is the role in which a person with several acts; a person who opens a case and could do so as a party and by
    office must say.

    Raises Refused with the findings, Unreadable for a document that is not in its format, SecondFactorExpired where a signature needs
    the second factor again, and Http404 for a case that is not this person's.
    """
    return perform_once(
        step, user, number, facts, key="", alike=False, seen=seen, version=version, as_role=as_role
    ).recorded


def perform_once(
    step: str,
    user: access.Viewer,
    number: str | None,
    facts: Mapping[str, object] | None = None,
    *,
    key: str = "",
    alike: bool = False,
    seen: int | None = None,
    version: int | None = None,
    as_role: Role | None = None,
) -> Performed:
    """Take a step, unless this person has sent the same before: then return the answer from then.

    The same is what comes under the same `key` (at most 200 characters), and with `alike` the same content within a day. Raises
    what `perform` raises, and KeyReused where something else came under the key.
    """
    stated = {name: reject_unreadable(value) for name, value in (facts or {}).items()}
    request = Request.of(step, number, stated, key=key, alike=alike)
    try:
        return _perform(step, user, number, stated, seen=seen, version=version, as_role=as_role, request=request)
    except UploadRejected as error:
        quarantine_rejected(user, number, error)
        raise


def for_sender(item: Recorded) -> Recorded:
    """Return an event as its sender may have it: an outsider gets the number and the digest that it has in the chain of outsiders.

    The number is 0 and the digest empty where it is not in that chain, or not yet, because a signed determination is not issued.
    """
    if item.by.role in access.INSIDE:
        return item
    chain = cases.chain(item.case)
    for original, shown in zip(outside_events(chain), outside_chain(chain), strict=True):
        if original.number == item.number:
            return shown
    return replace(item, number=0, digest="")


def quarantine_rejected(user: access.Viewer, number: str | None, error: UploadRejected) -> None:
    """Quarantine a rejected file in a transaction of its own; nothing is kept of the step that it was sent with."""
    seeing = access.roles_in(user, number) if number else access.roles(user)
    if seeing:
        quarantine.store(number or "", error.upload.name, error.upload.data, str(error), seeing[0], access.person(user))


def _perform(
    step: str,
    user: access.Viewer,
    number: str | None,
    facts: Mapping[str, object],
    *,
    seen: int | None,
    version: int | None,
    as_role: Role | None,
    request: Request | None,
) -> Performed:
    known = _step(step)
    person = access.person(user)
    with stored_documents.step_transaction():
        first = request.answered(person) if request else None
        if first is not None:
            return Performed(first, repeated=True)
        if number is None:
            number = _next_number(known)
        elif Stage.NEW in known.stages:
            _insist_may_number(user, number, as_role)
        before = _count(number)
        lock_case(number)
        if version is not None:
            _insist_version(user, number, version)
        chain = cases.chain(number)
        seeing = access.roles_in(user, number) if chain else access.roles(user)
        _insist_alone(chain, seeing, seen, before)
        _insist_new(known, number, chain)
        role = _role(known, seeing, as_role)
        insist_within_quota(known, person, role, facts)
        context = StepContext(actor=Actor(role=role, id=access.actor_id(person, role)), at=next_event_time(chain))
        step_input = StepInput(user=person, facts=facts)
        item = apply_step(known, context, replay(chain, number), chain, step_input)
        insist_within_quota(known, person, role, facts, taken=True)
        if request is not None:
            request.answer(person, item)
        for error in step_input.refused:  # in a transaction of its own, so that staff can examine it
            quarantine.store(number, error.upload.name, error.upload.data, str(error), role, person)
        return Performed(item, left_out=_left_out(item, step_input))


def _left_out(item: Recorded, step_input: StepInput) -> tuple[tuple[str, str], ...]:
    """Return the files that came with a receipt and are not part of it, each with the reason."""
    found = [(error.upload.name, str(error)) for error in step_input.refused]
    if isinstance(item.event, RecordsReceived):
        refused = [error.upload.data for error in step_input.refused]
        taken = {record.digest for record in item.event.records}
        for file in step_input.came:
            digest = "" if file.data in refused else digest_of_bytes(file.data)
            if digest in taken:
                taken.discard(digest)
            elif digest:
                found.append((file.name, "it came from this sender on this day already, byte for byte"))
    return tuple(found)


def _step(name: str) -> Step:
    found = STEPS.get(name)
    if found is None:
        raise Refused(f"no step is called {name!r}: reload the page")
    return found


def apply_step(
    known: Step,
    context: StepContext,
    case: Case,
    chain: tuple[Recorded, ...],
    step_input: StepInput,
    brought: Sequence[StoredDocument] = (),
) -> Recorded:
    """Take a step of a locked case, with the documents that it stores. Raises Refused with the findings."""
    last = chain[-1] if chain else None
    index = step_inputs.index_reader()
    taking.require_ready(known, case, context.actor, index)
    papers: list[StoredDocument] = list(brought)
    facts = step_facts(known, context, case, chain, step_input, papers)
    event = taking.decide(known.name, case, context, facts, index)
    after = event.apply(case)
    papers.extend(map(StoredDocument.made, generated_documents(context, case, after, facts)))
    item = record(event, case.number, context, last, secrets.token_hex(16))
    sender = step_input.facts.get("sender")
    for paper in papers:
        paper.enter(case.number, context, step_input.user, sender if isinstance(sender, Role) else None)
        if paper.paper in REVIEWED_TYPES:
            transaction.on_commit(partial(ingestion.enqueue, paper.looked.digest, paper.looked.media_type))
    cases.append(item)
    after = replace(after, number=item.case, events=item.number)  # as `replay` leaves it
    if isinstance(event, RemandOpened):
        remand.carry_documents(event, after)
        _note_remand(event.earlier, after)
    cases.update_row(after, item.at)
    if isinstance(event, RecordWithheld):
        cases.withhold(after, event)
    if isinstance(event, DraftSubmitted):
        WorkingCopyRow.objects.filter(kind=access.DRAFT, key=case.number).delete()
    parties.add_parties(item, step_input.user)
    notifications.enqueue(item)
    service.update((*chain, item), after)
    if bundle.is_due(after):
        transaction.on_commit(partial(bundle.enqueue, case.number))
    return item


def _note_remand(earlier: str, later: Case) -> None:
    """Record in the reversed case which case continues it. Raises Refused where another one does: a dispute goes on once."""
    lock_case(earlier)
    chain = cases.chain(earlier)
    context = StepContext(actor=CLOCK, at=next_event_time(chain))
    step_input = StepInput(user=None, facts={"to": later})
    apply_step(STEPS[remand.NOTE_REMAND], context, replay(chain, earlier), chain, step_input)


def lock_case(number: str) -> None:
    """Lock this case against other writers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case {number}"])


def _count(number: str) -> int:
    return EventRow.objects.filter(case=number).count()


def _next_number(known: Step) -> str:
    if Stage.NEW not in known.stages:
        raise Refused(f"{known.title}: say in which case")
    from django.conf import settings

    while True:
        number = f"{settings.CASE_NUMBER_PREFIX}{clock.today():%y}-{installation.next_number():07d}"
        if NUMBER.fullmatch(number) is None:
            raise Refused(
                f"the next case number would be {number!r}, which cannot be part of an address. Tell the people who run this site to correct "
                "IMR_CASE_PREFIX. Nothing was kept"
            )
        if not _count(number):  # a person may have chosen this number by hand
            return number


def _insist_alone(chain: tuple[Recorded, ...], seeing: tuple[Role, ...], seen: int | None, before: int) -> None:
    """Refuse a step where the case has news since its sender looked: `seen` counts the events that these roles see.

    Without `seen`, what counts is what came after the first `before` events of the full chain. Outsiders hear of nothing else.
    """
    known = chain if access.is_inside(seeing) else outside_events(chain)
    later = [item for item in known if item.number > before] if seen is None else known[seen:]
    since = [item for item in later if EVENT_TYPES[item.event.kind].is_news]
    if since or len(known) < (seen or 0):  # the service of a letter meanwhile changes nothing that a person looked at
        last = EVENT_TYPES[since[-1].event.kind].title.lower() if since else "nothing"
        raise Refused(
            f"somebody else has just changed this case ({last}): reload the page, look at what is new, and try again. "
            "Nothing that you sent was kept"
        )


def _insist_version(user: access.Viewer, number: str, version: int) -> None:
    saved = access.working_copy(user, access.DRAFT, number)
    if saved.version != version:
        raise access.Outdated(saved)


def _insist_may_number(user: access.Viewer, number: str, as_role: Role | None) -> None:
    """Refuse a number for a new case that its sender may not choose, that no address has, or that differs in case alone."""
    roles = (as_role,) if as_role is not None else access.roles(user)
    if not set(roles) & set(EVERY_CASE):
        raise Refused("the system gives a new case its number: leave it empty")
    if NUMBER.fullmatch(number) is None or not any(letter.isdigit() for letter in number):
        raise Refused(
            "a case number has letters, hyphens and at least one digit, at most 40 characters: leave it empty for the next free one"
        )
    other = EventRow.objects.filter(case__iexact=number).exclude(case=number).values_list("case", flat=True).first()
    if other is not None:
        raise Refused(f"case {other} has this number in other letters: leave it empty for the next free one")


def _insist_new(known: Step, number: str, chain: tuple[Recorded, ...]) -> None:
    if known.stages == (Stage.NEW,):
        if chain:
            raise Refused(
                f"case {number} exists already: leave the number empty for the next free one, or open that case"
            )
    elif not chain:
        raise Http404


def _role(known: Step, seeing: tuple[Role, ...], as_role: Role | None) -> Role:
    """Return the role in which a person with these roles takes the step: one that may, else one that is refused by name."""
    if as_role is not None:
        seeing = tuple(role for role in seeing if role is as_role)
    if not seeing:
        raise Http404
    able = [role for role in seeing if role in known.roles]
    if len({role in PARTIES for role in able}) > 1:
        raise Refused(
            f"{known.title}: you could do this as {' or as '.join(role.value for role in able)}: say in which role"
        )
    return able[0] if able else seeing[0]
