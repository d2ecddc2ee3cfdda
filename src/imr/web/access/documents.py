"""The documents of a case, each as far as somebody may open it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404

from imr.case.document_types import DocumentType
from imr.case.outside import day_of_reviewer
from imr.law.disclosure import Thing
from imr.law.terms import Role
from imr.web.access.case_access import CaseAccess
from imr.web.case_files import derived_files
from imr.web.models import DocumentRow
from imr.web.store.documents import JSON, PDF, PICTURES, load


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
    withheld: bool = False
    outside_consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """A document with its bytes. `name` is made here and holds nothing that its sender wrote."""

    name: str
    media_type: str
    data: bytes


def documents(case_access: CaseAccess) -> tuple[DocumentLine, ...]:
    """Return the documents of a case that this person may open."""
    marked = left_out_of_consent(case_access)
    lines = (line_of(row, marked) for row in case_access.documents if may_open(case_access, row))
    return tuple(lines if case_access.is_inside else map(_without_hour, lines))


def _without_hour(line: DocumentLine) -> DocumentLine:
    """Return the line of a document for outsiders: of what the reviewer made, they learn the day alone."""
    return replace(line, at=day_of_reviewer(line.at)) if line.sender is Role.REVIEWER else line


def may_open(case_access: CaseAccess, row: DocumentRow) -> bool:
    """Return whether the viewer of a case may open a document. One of an undeclared type is for nobody."""
    kind = DocumentType.find(row.paper)
    if kind is None or (kind.after_issue and not case_access.decision_is_released):
        return False
    return case_access.shows(thing_of(row)) or (row.mental_health and _sent(case_access, row))


def _sent(case_access: CaseAccess, row: DocumentRow) -> bool:
    """Return whether the viewer sent the document: what somebody sent stays in their own list."""
    plain = case_access.shows(DocumentType.titled(row.paper).disclosed_as)
    receipts = case_access.case.records if plain else ()
    return any(one.record.digest == row.digest and one.sender in case_access.roles for one in receipts)


def thing_of(row: DocumentRow) -> Thing:
    """Return which thing of the law of disclosure a document is."""
    return Thing.MENTAL_HEALTH_RECORD if row.mental_health else DocumentType.titled(row.paper).disclosed_as


def left_out_of_consent(case_access: CaseAccess) -> frozenset[str]:
    """Return the documents that are marked as left out by the consent, for the roles that may see such a mark."""
    return frozenset(case_access.case.outside_consent if case_access.shows(Thing.CONSENT_EXCLUSION) else ())


def line_of(row: DocumentRow, marked: frozenset[str] = frozenset()) -> DocumentLine:
    """Return a document as a list shows it; `marked` are those that the consent leaves out."""
    return DocumentLine(
        digest=row.digest,
        kind=row.kind,
        title=row.title,
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        sender=Role(row.sender),
        at=row.at,
        withheld=row.mental_health,
        outside_consent=row.digest in marked,
    )


def document(case_access: CaseAccess, digest: str) -> DocumentFile:
    """Return a document with its bytes. Raises Http404 where it is not theirs, Damaged where the bytes do not fit the digest."""
    row = DocumentRow.objects.filter(case=case_access.number, digest=digest).first()
    if row is None or not may_open(case_access, row):
        raise Http404
    return file_of(case_access, row)


def file_of(case_access: CaseAccess, row: DocumentRow) -> DocumentFile:
    """Return the bytes of a document that this person may open. The look is logged."""
    case_access.log(thing_of(row), row.digest)
    endings = {PDF: "pdf", JSON: "json"} | {media: media.partition("/")[2] for media in PICTURES.values()}
    ending = endings.get(row.media_type, "txt")
    name = f"{row.case}-{row.kind.replace(' ', '-').replace('/', '-')}-{row.digest[:8]}.{ending}"
    data = derived_files.without_scripts(row.digest) if row.scripted else load(row.digest)
    return DocumentFile(name=name, media_type=row.media_type, data=data)
