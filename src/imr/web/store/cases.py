"""Converts between rows and values. No permission checks here: `access` and `actions` make them, and alone import this."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Generic, TypeVar

from django.db.models import Q

from imr import identity
from imr.case import deadlines
from imr.case.application import Application
from imr.case.chain import Recorded, from_record, replay, to_record
from imr.case.context import CALIFORNIA
from imr.case.document_types import REVIEWED_TYPES, DocumentType
from imr.case.events import RecordWithheld
from imr.case.file import DocumentPart
from imr.case.likeness import claim_key
from imr.case.screening import matter
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.steps.corrections import Wording
from imr.corpus.publication_status import PublicationStatus
from imr.determination.model import Determination
from imr.errors import Damaged, Refused
from imr.law.reviewers import Affiliation, Criteria, Matter, Reviewer
from imr.law.terms import Role
from imr.plain import from_plain, to_plain
from imr.records.corrections import CorrectedDocument
from imr.web.models import AffiliationRow, CaseRow, DocumentRow, EventRow, PartyRow, PersonRow, ReviewerRow
from imr.web.store import documents
from imr.web.store.timeline import Due

T = TypeVar("T")
logger = logging.getLogger(__name__)
#: The longest name that a list shows, in characters. The application keeps the whole name.
NAME = 200


def chain(number: str) -> tuple[Recorded, ...]:
    """Return the events of a case in their order; none where there is no such case."""
    return tuple(map(recorded, EventRow.objects.filter(case=number).order_by("number")))


def recorded(row: EventRow) -> Recorded:
    """Return the event that a row holds. Its time is in California's zone, as it was when its digest was computed."""
    form: Mapping[str, object] = {
        "case": row.case,
        "number": row.number,
        "at": row.at.astimezone(CALIFORNIA),
        "by": {"role": row.by_role, "id": row.by_id},
        "kind": row.kind,
        "data": row.data,
        "previous": row.previous,
        "digest": row.digest,
        "key": row.key,
    }
    return from_record(form, row.number)


def append(item: Recorded) -> None:
    """Append an event to the history."""
    form = to_record(item)
    EventRow.objects.create(
        case=item.case,
        number=item.number,
        at=item.at,
        by_role=item.by.role.value,
        by_id=item.by.id,
        kind=form["kind"],
        data=form["data"],
        previous=item.previous,
        key=item.key,
        digest=item.digest,
    )


def load_value(cls: type[T], digest: str) -> T:
    """Return the value stored as the document of that digest. Raises Damaged where it is missing or changed."""
    return from_plain(cls, json.loads(documents.load(digest)))


def application(case: Case) -> Application | None:
    """Return the application of a case as amended so far."""
    return None if case.filing is None else load_value(Application, case.filing.application)


def next_due(case: Case) -> Due | None:
    """Return what a case waits for next, as its row holds it."""
    first = deadlines.next_due(case)
    return None if first is None else Due(title=first.title, at=deadlines.moment(first.due), role=first.who)


def reviewer(number: str) -> Reviewer:
    """Return the reviewer of that id. Raises Refused where the panel has none."""
    row = ReviewerRow.objects.filter(pk=number).first()
    if row is None:
        raise Refused(f"the panel has no reviewer {number}: choose one of the panel")
    return from_plain(Reviewer, row.facts)


def actor_name(actor: str) -> str:
    """Return the account name of an actor of the history who works for the review organization; else the id."""
    number = actor.removeprefix("person-")
    row = PersonRow.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    return actor if row is None else row.name or row.email


def who_reviewed(case: Case) -> tuple[Reviewer, ...]:
    """Return everybody who reviews a case or did so before, as far as they are on the panel."""
    numbers = {case.reviewer, *case.former_reviewers, *case.earlier_reviewers} - {""}
    known = ReviewerRow.objects.filter(pk__in=numbers).order_by("pk") if numbers else ()
    return tuple(from_plain(Reviewer, row.facts) for row in known)


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document on file as the checks read it: digest and media type, kind and title when filed, corrections."""

    digest: str
    media_type: str
    kind: str
    title: str
    corrections: tuple[CorrectedDocument, ...] = ()


#: How many of a reviewer's latest letters a draft is compared with.
_LETTERS = 20


def sources(case: Case) -> tuple[SourceDocument, ...]:
    """Return the documents of a case that the checks read, in the order in which they came, with their corrections."""
    found = case_file_documents(case)
    corrections = index_corrections(case)
    return tuple(
        SourceDocument(
            row.digest, row.media_type, row.kind, row.title, tuple(one for one in corrections if one.file == row.digest)
        )
        for row in found
    )


def case_file_documents(case: Case) -> tuple[DocumentRow, ...]:
    """Return the rows of the documents of a case file in the order in which they came."""
    papers = [paper.value for paper in REVIEWED_TYPES]
    return tuple(DocumentRow.objects.filter(case=case.number, paper__in=papers).order_by("at", "pk"))


def index_corrections(case: Case) -> tuple[CorrectedDocument, ...]:
    """Return the corrections of the index of a case file that were not taken back, in their order."""
    return tuple(corrected_document(one.file, part) for one in case.standing_corrections for part in one.parts)


def corrected_document(file: str, part: DocumentPart) -> CorrectedDocument:
    """Return a part of a file with the text that was stored of it."""
    words = load_value(Wording, part.words) if part.words else Wording()
    return CorrectedDocument(
        file=file,
        first=part.first,
        last=part.last,
        kind=part.record,
        dated_on=part.dated_on,
        author=words.author or None,
        facility=words.facility or None,
        title=words.title,
    )


def is_withheld(number: str, digest: str) -> bool:
    """Return whether a document of a case is a mental health record, and whether what is written about it is."""
    return DocumentRow.objects.filter(case=number, digest=digest, mental_health=True).exists()


def withhold(case: Case, event: RecordWithheld) -> None:
    """Mark a record as withheld from the employee or not, with what was written about it and the bundle that contains it."""
    words = [part.words for one in case.corrections if one.file == event.file for part in one.parts if part.words]
    held = DocumentRow.objects.filter(case=case.number)
    held.filter(digest__in=[event.file, *words]).update(mental_health=event.withheld)
    any_withheld = held.filter(paper__in=[paper.value for paper in REVIEWED_TYPES], mental_health=True).exists()
    bound = (DocumentType.CASE_FILE.value, DocumentType.COMPLETENESS.value)
    held.filter(paper__in=bound).update(mental_health=any_withheld)


@dataclass(frozen=True, slots=True)
class OtherCases(Generic[T]):
    """What was read of other cases, and how many of them cannot be read: a document or an event of theirs is missing or changed."""

    read: tuple[T, ...] = ()
    lost: int = 0


def letters_of(reviewer_id: str, but: str) -> OtherCases[str]:
    """Return the texts of a reviewer's latest letters in other cases."""
    if not reviewer_id:
        return OtherCases()
    others = CaseRow.objects.filter(reviewer=reviewer_id, issued_on__isnull=False).exclude(number=but)
    return _of_others(others.order_by("-issued_on")[:_LETTERS], _issued_letter)


def earlier_determinations(case: Case, applied: Application | None) -> OtherCases[Determination]:
    """Return what was decided and issued in other cases of the same employee under the same claim."""
    if applied is None or not applied.claim_number:
        return OtherCases()
    others = CaseRow.objects.filter(employee=applied.employee.name, issued_on__isnull=False).exclude(number=case.number)
    return _of_others(others, partial(_issued_under, applied.claim_number), claim_key(applied.claim_number)[:NAME])


def _of_others(others: Iterable[CaseRow], read: Callable[[str], T | None], claim: str | None = None) -> OtherCases[T]:
    """Return what `read` gives of each case. A damaged case is skipped; it is counted where it belongs to that claim."""
    found, lost = [], 0
    for row in others:
        try:
            one = read(row.number)
        except Damaged as error:
            logger.warning("case %s is left out of the comparison with a draft: %s", row.number, error)
            lost += claim is None or row.claim == claim
        else:
            found += [] if one is None else [one]
    return OtherCases(tuple(found), lost)


def _issued_letter(number: str) -> str | None:
    case = replay(chain(number))
    return documents.load(case.letter).decode() if case.letter else None


def _issued_under(claim_number: str, number: str) -> Determination | None:
    case = replay(chain(number))
    form = application(case)
    under_it = form is not None and form.claim_number == claim_number
    return load_value(Determination, case.determination) if under_it and case.determination else None


def organization() -> tuple[Affiliation, ...]:
    """Return the affiliations of the review organization itself."""
    return tuple(from_plain(Affiliation, row.facts) for row in AffiliationRow.objects.order_by("pk"))


#: The stages in which it matters whom the law would clear.
_NEEDS_A_REVIEWER = (Stage.RECORDS_COMPLETE, *WITH_REVIEWER)


def _matter(case: Case, applied: Application) -> Matter:
    """Return what the case itself brings to a conflict screening; the organization's affiliations and the criteria are today's."""
    return matter(case, applied, (), case.specialties, Criteria())


def refresh(number: str) -> CaseRow | None:
    """Rebuild the row of a case from its events; return None where it has no events."""
    events = chain(number)
    if not events:
        CaseRow.objects.filter(number=number).delete()
        PartyRow.objects.filter(case=number).delete()
        return None
    return update_row(replay(events), events[-1].at)


def update_row(case: Case, changed_at: datetime) -> CaseRow:
    """Save the row of a case, and its parties, as its events leave it; `changed_at` is the time of the last one."""
    applied = application(case)
    row, _ = CaseRow.objects.update_or_create(number=case.number, defaults=_columns(case, applied, changed_at))
    _refresh_parties(case.number, applied)
    return row


def outdated_columns(case: Case, changed_at: datetime) -> list[str]:
    """Return the columns of the row of a case, and `parties`, that are not as its events leave them."""
    applied = application(case)
    row = CaseRow.objects.filter(number=case.number).first()
    if row is None:
        return ["the whole row"]
    wanted = _columns(case, applied, changed_at)
    wrong = [name for name, value in wanted.items() if getattr(row, name) != value]
    parties = PartyRow.objects.filter(case=case.number).values_list("role", "name", "email", "address")
    return wrong + (["parties"] if sorted(parties) != sorted(_party_columns(applied)) else [])


def _columns(case: Case, applied: Application | None, changed_at: datetime) -> dict[str, object]:
    """Return what the row of a case holds after its events."""
    due = next_due(case)
    return {
        "events": case.events,
        "stage": case.stage.name,
        "review_type": case.review_type.value if case.review_type else "",
        "received_at": case.received_at,
        "changed_at": changed_at,
        "due_at": due.at if due else None,
        "due_title": due.title if due else "",
        "due_role": due.role.value if due else "",
        "employee": applied.employee.name[:NAME] if applied else "",
        "claim": claim_key(applied.claim_number)[:NAME] if applied else "",
        "born_on": applied.employee.born_on if applied else None,
        "ur_decided_on": applied.ur_decided_on if applied else None,
        "names": sorted(identity.index_keys(applied.employee.name[:NAME])) if applied else [],
        "treatments": [treatment.description for treatment in applied.treatments] if applied else [],
        "reviewer": case.reviewer,
        "administrator": applied.administrator.company[:NAME] if applied else "",
        "physician": applied.physician.name[:NAME] if applied else "",
        "matter": to_plain(_matter(case, applied)) if applied and case.stage in _NEEDS_A_REVIEWER else None,
        "outcome": case.outcome.value if case.outcome and case.dates.determination_issued_on else "",
        "issued_on": case.dates.determination_issued_on,
        "published_on": case.published_on,
        "set_aside_on": case.set_aside_on,
        "withdrawn_on": case.withdrawal.on if case.withdrawal else None,
        "consent_withdrawn_on": case.consent_withdrawal.on if case.consent_withdrawal else None,
    }


def _refresh_parties(number: str, applied: Application | None) -> None:
    """Bring the parties of a case up to date with those that its application names."""
    wanted = _party_columns(applied)
    kept = PartyRow.objects.filter(case=number)
    if sorted(wanted) != sorted(kept.values_list("role", "name", "email", "address")):
        kept.delete()
        PartyRow.objects.bulk_create(
            PartyRow(case=number, role=role, name=name, email=email, address=address)
            for role, name, email, address in wanted
        )


def _party_columns(applied: Application | None) -> list[tuple[str, str, str, str]]:
    """Return the role, name, e-mail and postal address of each party that an application names."""
    named = [] if applied is None else [*_named(applied)]
    return [
        (role.value, name[:NAME], email.strip().lower()[:254], address[:300]) for role, name, email, address in named
    ]


def _named(applied: Application) -> Iterator[tuple[Role, str, str, str]]:
    people = (
        (Role.EMPLOYEE, applied.employee),
        (Role.EMPLOYEE_ATTORNEY, applied.attorney),
        (Role.REQUESTING_PHYSICIAN, applied.physician),
    )
    for role, person in people:
        if person is not None:
            yield role, person.name, person.email, str(person.address or "")
    office = applied.administrator
    yield Role.CLAIMS_ADMINISTRATOR, office.company.strip(), office.email, str(office.address or "")


def deciders() -> dict[str, str]:
    """Return who decided each published case, by its number, so that no published count is of one reviewer."""
    return dict(
        CaseRow.objects.filter(published_on__isnull=False).exclude(reviewer="").values_list("number", "reviewer")
    )


def current_publication_status() -> PublicationStatus:
    """Return which determinations of this site were set aside after they were published, and whose publication was withdrawn."""
    found = CaseRow.objects.filter(
        Q(published_on__isnull=False, set_aside_on__isnull=False)
        | Q(published_on__isnull=True, withdrawn_on__isnull=False)
    ).order_by("number")
    set_aside: dict[str, date] = {}
    withdrawn: dict[str, date] = {}
    for row in found:
        if row.published_on is None and row.withdrawn_on is not None:
            withdrawn[row.number] = row.withdrawn_on
        elif row.set_aside_on is not None:
            set_aside[row.number] = row.set_aside_on
    return PublicationStatus(set_aside=set_aside, withdrawn=withdrawn)
