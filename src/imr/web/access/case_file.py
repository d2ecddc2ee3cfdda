"""The case file as far as somebody may open it: its documents, what was corrected in its index, what was refused, and a reviewer's notes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from imr.case import document_types
from imr.case.events import DraftSubmitted
from imr.case.file import CorrectionAction
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.case.steps.consent import consent_of
from imr.case.steps.records import kinds_in, may_be_released
from imr.law.consent import Consent
from imr.law.disclosure import Thing
from imr.law.records import Owed
from imr.law.rule import Finding
from imr.law.terms import Role
from imr.records.corrections import CorrectedDocument
from imr.web.access.case_access import Door, allowed, opened, roles_in
from imr.web.access.documents import (
    DocumentFile,
    DocumentLine,
    file_of,
    left_out_of_consent,
    line_of,
    may_open,
    thing_of,
)
from imr.web.case_files import ingestion
from imr.web.models import DocumentRow, NoteRow, QuarantineRow
from imr.web.store import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """A correction of the index of one file: when, in which role, what was stated; whether it still stands."""

    number: int
    at: datetime
    by: Role
    action: CorrectionAction
    file: str
    documents: tuple[CorrectedDocument, ...]
    undoes: int | None
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIndex:
    """The documents of a case file as they were sent; what stands over the reading of them, and how it came to stand.

    `roles`, `offers`, `events`, `stage` and `consent` are those of this person and case, so that a page asks once.
    """

    lines: tuple[DocumentLine, ...]
    stated: tuple[CorrectedDocument, ...]
    history: tuple[CorrectionLine, ...]
    roles: tuple[Role, ...]
    offers: tuple[Step, ...]
    events: int
    stage: Stage
    consent: Consent


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


def has_file(user: Any, number: str) -> bool:
    """Whether there is a case file that this person may open."""
    door = opened(user, number)
    return door.shows(Thing.MEDICAL_RECORD) and _filed(number).exists()


def _filed(number: str) -> QuerySet[DocumentRow]:
    return DocumentRow.objects.filter(
        case=number, paper__in=[paper.value for paper in document_types.REVIEWED_TYPES]
    ).order_by("at", "pk")


def _lines(door: Door) -> tuple[DocumentLine, ...]:
    """The documents of the case file that are for who stands before this door; logged."""
    door.log(Thing.MEDICAL_RECORD)
    marked = left_out_of_consent(door)
    return tuple(line_of(row, marked) for row in _filed(door.number) if may_open(door, row))


def file(user: Any, number: str) -> tuple[DocumentLine, ...]:
    """The documents that a reviewer judges by, as far as this person may open them, in the order in which they came."""
    return _lines(opened(user, number, Thing.MEDICAL_RECORD))


def came_late(user: Any, number: str) -> tuple[DocumentLine, ...]:
    """The documents of the case file that came after the draft was last submitted: no letter of that draft lists them."""
    door = opened(user, number, Thing.DRAFT)
    submitted = [item.at for item in door.chain if isinstance(item.event, DraftSubmitted)]
    return tuple(line for line in _lines(door) if line.at >= submitted[-1]) if submitted else ()


def bound(user: Any, number: str) -> DocumentFile | None:
    """The case file as it was bound for the reviewer, for whoever may open all of it; None where it is not bound yet.

    None, too, for whom a record in it is withheld from: they have what they may open bound for them.
    """
    door = opened(user, number, Thing.MEDICAL_RECORD)
    row = DocumentRow.objects.filter(case=number, digest=door.case.bound).first() if door.case.bound else None
    if row is None or not may_open(door, row):
        return None
    return file_of(door, row)


def file_index(user: Any, number: str) -> FileIndex:
    """The case file as far as this person may open it, with what people corrected in its index."""
    door = opened(user, number, Thing.MEDICAL_RECORD)
    lines = _lines(door)
    shown = {line.digest for line in lines}
    standing = {one.number for one in door.case.standing_corrections}
    return FileIndex(
        lines=lines,
        stated=tuple(one for one in cases.stated(door.case) if one.file in shown),
        history=tuple(
            CorrectionLine(
                number=one.number,
                at=door.chain[one.number - 1].at,
                by=door.chain[one.number - 1].by.role,
                action=one.action,
                file=one.file,
                documents=tuple(cases.said(one.file, part) for part in one.parts),
                undoes=one.undoes,
                stands=one.number in standing,
            )
            for one in door.case.corrections
            if one.file in shown
        ),
        roles=door.roles,
        offers=door.offers(),
        events=door.case.events,
        stage=door.case.stage,
        consent=_consent(door.case),
    )


def _consent(case: Case) -> Consent:
    """The consent of a case. The application is asked only where the history is older than what is asked of a consent."""
    recorded = case.filing is not None and case.filing.consent is not None
    return consent_of(case, None if recorded else cases.application(case))


def owed(user: Any, number: str, on: date) -> tuple[tuple[Owed, ...], Finding]:
    """What the claims administrator owes on a day, and whether the file may go to a reviewer: as the step decides it."""
    door = opened(user, number, Thing.MEDICAL_RECORD)
    read = ingestion.kinds_of(door.case, cases.stated(door.case))
    (release,) = may_be_released(door.case, tuple(kinds_in(door.case, read)))
    return door.case.owed(on, read), release


def record(user: Any, number: str, digest: str) -> DocumentLine:
    """One document of the case file, without its bytes: asked for each picture of a page, and logged."""
    door = opened(user, number)
    found = _filed(number).filter(digest=digest).first()
    if found is None or not may_open(door, found):
        raise Http404
    door.log(thing_of(found), digest)
    return line_of(found)


def refused(user: Any, number: str) -> tuple[RefusedLine, ...]:
    """The files that were refused in this case, for who takes records in; nobody opens them here."""
    opened(user, number, Thing.REFUSED_FILE)
    return tuple(
        RefusedLine(
            digest=row.digest, name=row.name, size=row.size, reason=row.reason, sender=Role(row.sender), at=row.at
        )
        for row in QuarantineRow.objects.filter(case=number).order_by("at", "pk")
    )


def notes(user: Any, number: str, digest: str = "") -> tuple[NoteLine, ...]:
    """The notes that this reviewer wrote on the case file, or on one document of it; nobody reads another's."""
    door = opened(user, number, Thing.REVIEWER_NOTES)
    found = NoteRow.objects.filter(case=number, person=user).order_by("at", "pk")
    if digest:
        found = found.filter(digest=digest)
    lines = tuple(NoteLine(id=row.pk, digest=row.digest, page=row.page, text=row.text, at=row.at) for row in found)
    if lines:
        door.log(Thing.REVIEWER_NOTES, digest)
    return lines


def may_note(user: Any, number: str) -> bool:
    """Whether this person keeps notes of their own on the case file."""
    return allowed(roles_in(user, number), Thing.REVIEWER_NOTES)
