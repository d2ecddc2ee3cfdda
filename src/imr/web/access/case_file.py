"""The case file as far as somebody may open it: documents, corrections of its index, refused files and a reviewer's notes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from imr.case import document_types
from imr.case.chain import Recorded
from imr.case.duties import documents_owed
from imr.case.events import DraftSubmitted
from imr.case.file import Correction, CorrectionAction
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
from imr.web.access.case_access import CaseAccess, allowed, stage_shown
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
    """A correction of the index of one file: when, in which role, what was stated, and whether it is still in force."""

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
    """The documents of a case file as they were sent, the corrections in force, and the history of corrections.

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


def has_file(case_access: CaseAccess) -> bool:
    """Return whether there is a case file that this person may open."""
    return case_access.shows(Thing.MEDICAL_RECORD) and bool(_filed(case_access))


#: The types of the documents that make up the case file, as rows name them.
_REVIEWED = frozenset(kind.value for kind in document_types.REVIEWED_TYPES)


def _filed(case_access: CaseAccess) -> list[DocumentRow]:
    return [row for row in case_access.documents if row.paper in _REVIEWED]


def _lines(case_access: CaseAccess) -> tuple[DocumentLine, ...]:
    """Return the documents of the case file that the viewer may open. The look is logged."""
    case_access.log(Thing.MEDICAL_RECORD)
    marked = left_out_of_consent(case_access)
    return tuple(line_of(row, marked) for row in _filed(case_access) if may_open(case_access, row))


def file(case_access: CaseAccess) -> tuple[DocumentLine, ...]:
    """Return the documents of the case file that this person may open, in the order in which they came."""
    case_access.require(Thing.MEDICAL_RECORD)
    return _lines(case_access)


def came_late(case_access: CaseAccess) -> tuple[DocumentLine, ...]:
    """Return the documents of the case file that came after the draft was last submitted, which no letter of that draft lists."""
    case_access.require(Thing.DRAFT)
    submitted = [item.at for item in case_access.chain if isinstance(item.event, DraftSubmitted)]
    return tuple(line for line in _lines(case_access) if line.at >= submitted[-1]) if submitted else ()


def bound(case_access: CaseAccess) -> DocumentFile | None:
    """Return the case file as it was bound for the reviewer; None where it is not bound yet.

    None, too, for a person from whom a record in it is withheld: the documents that they may open are bound for them.
    """
    case_access.require(Thing.MEDICAL_RECORD)
    row = next((row for row in case_access.documents if row.digest == case_access.case.bound), None)
    if row is None or not may_open(case_access, row):
        return None
    return file_of(case_access, row)


def file_index(case_access: CaseAccess) -> FileIndex:
    """Return the case file as far as this person may open it, with the corrections of its index."""
    case_access.require(Thing.MEDICAL_RECORD)
    lines = _lines(case_access)
    shown = {line.digest for line in lines}
    standing = {one.number for one in case_access.case.standing_corrections}
    return FileIndex(
        lines=lines,
        stated=tuple(one for one in cases.index_corrections(case_access.case) if one.file in shown),
        history=tuple(
            CorrectionLine(
                number=one.number,
                at=_made_by(case_access, one).at,
                by=_made_by(case_access, one).by.role,
                action=one.action,
                file=one.file,
                documents=tuple(cases.corrected_document(one.file, part) for part in one.parts),
                undoes=one.undoes,
                stands=one.number in standing,
            )
            for one in case_access.case.corrections
            if one.file in shown
        ),
        roles=case_access.roles,
        offers=case_access.offers,
        events=len(case_access.numbers),
        stage=stage_shown(case_access.case.stage, case_access.roles),
        consent=_consent(case_access.case),
    )


def _made_by(case_access: CaseAccess, one: Correction) -> Recorded:
    """Return the event that made a correction, or for one of the earlier case of a remand the event that brought it here."""
    return case_access.chain[max(one.number, 1) - 1]


def _consent(case: Case) -> Consent:
    """Return the consent of a case. The application is read only where the history is older than the questions about consent."""
    recorded = case.filing is not None and case.filing.consent is not None
    return consent_of(case, None if recorded else cases.application(case))


def owed(case_access: CaseAccess, on: date) -> tuple[tuple[Owed, ...], Finding]:
    """Return what the claims administrator owes on a day, and whether the file may go to a reviewer, as the step decides it."""
    case_access.require(Thing.MEDICAL_RECORD)
    read = ingestion.kinds_of(case_access.case, cases.index_corrections(case_access.case))
    (release,) = may_be_released(case_access.case, tuple(kinds_in(case_access.case, read)))
    return documents_owed(case_access.case, on, read), release


def record(case_access: CaseAccess, digest: str) -> DocumentLine:
    """Return one document of the case file without its bytes. The look is logged."""
    found = DocumentRow.objects.filter(case=case_access.number, paper__in=_REVIEWED, digest=digest).first()
    if found is None or not may_open(case_access, found):
        raise Http404
    case_access.log(thing_of(found), digest)
    return line_of(found)


def refused(case_access: CaseAccess) -> tuple[RefusedLine, ...]:
    """Return the files that were refused in this case, for the roles that take in records; nobody opens them here."""
    case_access.require(Thing.REFUSED_FILE)
    return tuple(
        RefusedLine(
            digest=row.digest, name=row.name, size=row.size, reason=row.reason, sender=Role(row.sender), at=row.at
        )
        for row in QuarantineRow.objects.filter(case=case_access.number).order_by("at", "pk")
    )


def notes(case_access: CaseAccess, digest: str = "") -> tuple[NoteLine, ...]:
    """Return this reviewer's notes on the case file, or on one document of it; nobody reads another reviewer's."""
    case_access.require(Thing.REVIEWER_NOTES)
    found = NoteRow.objects.filter(case=case_access.number, person=case_access.viewer).order_by("at", "pk")
    if digest:
        found = found.filter(digest=digest)
    lines = tuple(NoteLine(id=row.pk, digest=row.digest, page=row.page, text=row.text, at=row.at) for row in found)
    if lines:
        case_access.log(Thing.REVIEWER_NOTES, digest)
    return lines


def may_note(case_access: CaseAccess) -> bool:
    """Return whether this person keeps notes of their own on the case file."""
    return allowed(case_access.roles, Thing.REVIEWER_NOTES)
