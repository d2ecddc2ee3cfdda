"""Corrections of the index of the case file: which pages are one document, and its kind. Facts and decision of the step.

A person's correction overrides every later reading of the file. Another correction undoes it, so that the history shows
who saw what when.
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

#: The rule for corrections: the determination lists the documents that were reviewed, so the list must be right.
LISTED = CONTENT_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The title, author and facility of a document. They are stored by digest: an event holds no such words."""

    title: str = ""
    author: str = ""
    facility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDocument:
    """Pages of a file, counted from 1, that are one document, with its kind."""

    first: Annotated[int, Input("First page in its file")]
    last: Annotated[int, Input("Last page in its file")]
    record: Annotated[RecordKind, Input("Kind of document")]
    dated_on: Annotated[date | None, Input("Date of service", "As the document states it.")] = None
    title: Annotated[str, Input("Title")] = ""
    author: Annotated[str, Input("Author")] = ""
    facility: Annotated[str, Input("Facility")] = ""

    def wording(self) -> Wording | None:
        """Give the title, author and facility that were stated of the document; None if none of them was."""
        words = Wording(title=self.title.strip(), author=self.author.strip(), facility=self.facility.strip())
        return None if words == Wording() else words

    def part(self) -> DocumentPart:
        """Give the part that the event keeps."""
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
    """The action on a file, and the documents that its pages are. To undo a correction, give the number of its event."""

    action: Annotated[CorrectionAction, Input("What to do")]
    file: Annotated[str, Input("File", "The digest of the file as it was sent.")]
    documents: Annotated[tuple[StatedDocument, ...], Input("Document")] = ()
    undoes: Annotated[int | None, Input("Number of the correction to take back")] = None


def something_to_correct(case: Case) -> tuple[Finding, ...]:
    """Require that the case file has a document."""
    return (finding("something is in the case file", bool(case.file), "nothing is in the case file yet", RECORDS),)


@step(
    title="Correct the index of the case file",
    roles=(*STAFF, Role.REVIEWER),
    stages=OPEN,
    under=(LISTED, RECORDS),
    ready=something_to_correct,
)
def correct_document(case: Case, context: StepContext, facts: CorrectDocument) -> DocumentCorrected:
    """Split, merge or reclassify documents of one file, or undo a correction that is in force."""
    require(finding("file is in the case file", facts.file in case.file, "this file is not in the case file", RECORDS))
    if facts.action is CorrectionAction.UNDO:
        standing = {one.number: one.file for one in case.standing_corrections}
        require(
            finding(
                "correction is in force",
                facts.undoes is not None and standing.get(facts.undoes) == facts.file and not facts.documents,
                "this correction is already undone, or is of another file: load the page again",
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
            "a split gives two documents or more, a merge or a new kind gives one",
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
