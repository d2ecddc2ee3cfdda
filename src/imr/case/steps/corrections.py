"""Corrections of the index of the case file: which pages are one document, and what it is. Facts and decision of the step.

What a person corrected stands over every later reading of the file. A correction is taken back by another correction, so
that who saw what when can be told.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from imr.case.context import StepContext
from imr.case.digests import digest
from imr.case.events import DocumentCorrected
from imr.case.file import CorrectionAction, DocumentPart
from imr.case.findings import finding, require
from imr.case.marks import Input
from imr.case.state import OPEN, Case
from imr.case.step import step
from imr.case.steps.records import RECORDS
from imr.case.steps.review import CONTENT_LISTED
from imr.law.roles import STAFF
from imr.law.rule import Finding
from imr.law.terms import RecordKind, Role

#: The determination lists the documents that were reviewed, so that they must be the right ones.
LISTED = CONTENT_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a document is called, and who made it where. Kept by its digest: an event holds no such words."""

    title: str = ""
    author: str = ""
    facility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDocument:
    """Pages of a file, counted from 1, that are one document, and what it is."""

    first: Annotated[int, Input("First page in its file")]
    last: Annotated[int, Input("Last page in its file")]
    record: Annotated[RecordKind, Input("Kind of document")]
    dated_on: Annotated[date | None, Input("Date of service", "As the document states it.")] = None
    title: Annotated[str, Input("Title")] = ""
    author: Annotated[str, Input("Author")] = ""
    facility: Annotated[str, Input("Facility")] = ""

    def wording(self) -> Wording | None:
        """Its words, where it has any."""
        words = Wording(title=self.title.strip(), author=self.author.strip(), facility=self.facility.strip())
        return None if words == Wording() else words

    def part(self) -> DocumentPart:
        """What the event keeps of it."""
        words = self.wording()
        return DocumentPart(
            first=self.first,
            last=self.last,
            record=self.record,
            dated_on=self.dated_on,
            words="" if words is None else digest(words),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDocument:
    """What was done to which file, and the documents that its pages are. To take a correction back, name its event."""

    action: Annotated[CorrectionAction, Input("What to do")]
    file: Annotated[str, Input("File", "The digest of the file as it was sent.")]
    documents: Annotated[tuple[StatedDocument, ...], Input("Document")] = ()
    undoes: Annotated[int | None, Input("Number of the correction to take back")] = None


def something_to_correct(case: Case) -> tuple[Finding, ...]:
    """An index can be corrected where something is in the file."""
    return (finding("something is in the case file", bool(case.file), "nothing is in the case file yet", RECORDS),)


@step(
    title="Correct the index of the case file",
    roles=(*STAFF, Role.REVIEWER),
    stages=OPEN,
    under=(LISTED, RECORDS),
    ready=something_to_correct,
)
def correct_document(case: Case, context: StepContext, facts: CorrectDocument) -> DocumentCorrected:
    """Documents of one file are parted, joined or named anew; or a correction that stands is taken back."""
    require(finding("file is in the case file", facts.file in case.file, "this file is not in the case file", RECORDS))
    if facts.action is CorrectionAction.UNDO:
        standing = {one.number: one.file for one in case.standing_corrections}
        require(
            finding(
                "correction stands",
                facts.undoes is not None and standing.get(facts.undoes) == facts.file and not facts.documents,
                "this correction was taken back already, or is none of this file: load the page again",
                LISTED,
            )
        )
    else:
        require(*_well_formed(case, facts))
    return DocumentCorrected(
        action=facts.action,
        file=facts.file,
        parts=tuple(stated.part() for stated in facts.documents),
        undoes=facts.undoes,
    )


def _well_formed(case: Case, facts: CorrectDocument) -> tuple[Finding, ...]:
    parts = facts.documents
    pages = next((held.record.pages for held in case.records if held.record.digest == facts.file), None)
    fewest, most = (2, 20) if facts.action is CorrectionAction.SPLIT else (1, 1)
    return (
        finding(
            "correction has its documents",
            fewest <= len(parts) <= most and facts.undoes is None,
            "a split gives two documents or more, a merge or a new name one",
            LISTED,
        ),
        finding(
            "pages follow one another",
            all(1 <= part.first <= part.last for part in parts)
            and all(one.last + 1 == other.first for one, other in pairwise(parts)),
            "the pages of each document run from its first to its last, and the next document begins on the page after",
            LISTED,
        ),
        finding(
            "pages are in the file",
            pages is None or all(part.last <= pages for part in parts),
            "the file has {pages} pages",
            LISTED,
            pages=pages or 0,
        ),
    )
