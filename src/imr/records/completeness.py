"""Checks whether a case file holds the records that the law requires, and writes its certificate of completeness.

Duties, days and dollars come from `law.records`; what was received from the documents of the case file; what the UR decision
relied on from its own list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from imr.casing import capitalize_first
from imr.errors import NotInForce
from imr.law import records as law
from imr.law.records import Duty, Owed
from imr.law.rule import Finding
from imr.law.terms import RecordKind
from imr.records.dates import dates
from imr.records.model import CaseFile, Document

_LIST_HEAD = re.compile(
    r"^[^\w\n]*(?:(?:medical )?(?:records?|documents?|reports?|documentation|information)(?: (?:that were|were|we))? (?:reviewed|received|considered|relied)|"
    r"(?:list|review) of (?:medical )?(?:records?|documents?))\b",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_REPORT = re.compile(
    r"report|note|pr-?2|evaluation|consult|mri|x-?ray|ct\b|emg|study|dated|rfa|request|letter|results?|visit|record",
    re.IGNORECASE,
)
_LIST_LINES = 400


@dataclass(frozen=True, slots=True)
class CitedRecord:
    """A record that the UR decision says it relied on: its line, page and date there, and the id of the document if it is in the file."""

    words: str
    page: int
    day: date
    document: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStatus:
    """A duty to send records, whether and how late it was met, and the ids of the documents that meet it."""

    owed: Owed
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """The penalty for late records so far, in dollars for the whole case; None where the law of that day is not known."""

    dollars: int | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The comparison of a case file with what the law requires of it. `release` says whether it may go to a reviewer."""

    on: date
    duties: tuple[DutyStatus, ...]
    cited_records: tuple[CitedRecord, ...]
    release: Finding
    penalty: Penalty | None = None

    @property
    def complete(self) -> bool:
        """True if every duty is met and every record that the UR decision names is in the file."""
        return all(duty.owed.received_on for duty in self.duties) and all(
            cited.document for cited in self.cited_records
        )

    def lines(self) -> Iterator[str]:
        """The certificate of completeness, line by line, in plain words."""
        yield f"Completeness of the case file on {self.on.isoformat()}"
        for duty in self.duties:
            came = "not received" if duty.owed.looked_at else "not looked at"
            if duty.owed.received_on:
                came = f"received {duty.owed.received_on.isoformat()}"
            late = f", {duty.owed.days_late} days late" if duty.owed.days_late else ""
            unseen = "" if duty.owed.verified else " (a provision that was not seen in the text of the law)"
            yield ""
            yield f"{capitalize_first(duty.owed.duty.value)}{unseen}:"
            yield f"   {came}{late}; owed by the {duty.owed.who.value} since {duty.owed.owed_since.isoformat()}"
        if self.penalty is not None:
            yield ""
            yield f"Late records of this case: {self.penalty.because}"
        yield ""
        for cited in self.cited_records:
            yield f"Named in the UR decision, page {cited.page}: {cited.words}: {'here' if cited.document else 'not in the file'}"
        yield f"{'May' if self.release.holds else 'May not'} go to a reviewer: {self.release}."


def check(file: CaseFile, owed: Sequence[Owed], release: Finding, on: date) -> Completeness:
    """Compare a case file with what is owed on a day; `release` is the finding of the step that closes the file."""
    return Completeness(
        on=on,
        duties=tuple(
            DutyStatus(owed=one, documents=tuple(document.id for document in file.documents if _meets(document, one)))
            for one in owed
        ),
        cited_records=tuple(cited_records(file)),
        release=release,
        penalty=_penalty(owed, on),
    )


def _penalty(owed: Sequence[Owed], on: date) -> Penalty | None:
    """Compute the penalty of a case, counted to the day on which the last late document came, or to `on`."""
    if not any(one.days_late for one in owed):
        return None
    try:
        dollars, finding = law.penalty_of(owed, on)
    except NotInForce as error:
        return Penalty(dollars=None, because=str(error))
    return Penalty(dollars=dollars, because=str(finding)) if dollars else None


def _meets(document: Document, owed: Owed) -> bool:
    """Say whether a document is of the kind that a duty requires. Only reports and the application are known by their kind."""
    if owed.duty is Duty.APPLICATION:
        return document.kind is RecordKind.APPLICATION
    if owed.duty is Duty.REPORTS:
        in_time = owed.reports_since is None or document.dated_on is None or document.dated_on >= owed.reports_since
        return document.kind in law.CLINICAL and in_time
    return False


def cited_records(file: CaseFile) -> Iterator[CitedRecord]:
    """Yield the documents that the UR decisions of a file cite, each with the id of the document in the file, if it is there."""
    by_day: dict[date, str] = {}
    for document in file.documents:
        if document.dated_on and document.kind is not RecordKind.UR_DECISION:
            by_day.setdefault(document.dated_on, document.id)
    for decision in file.documents:
        if decision.kind is not RecordKind.UR_DECISION or decision.duplicate_of:
            continue
        for number in range(decision.first, decision.last + 1):
            page = file.pages[number - 1]
            for words in _listed(page.text):
                for _, _, day in dates(words):
                    yield CitedRecord(" ".join(words.split()), number, day, by_day.get(day))


def _listed(text: str) -> Iterator[str]:
    """Yield the lines of a list of records that name a report and its day."""
    head = _LIST_HEAD.search(text)
    if head is None:
        return
    blank = 0
    for line in text[head.start() :].split("\n")[:_LIST_LINES]:
        blank = blank + 1 if not line.strip() else 0
        if blank > 2:
            return
        if len(line) < 160 and _REPORT.search(line) and any(dates(line)):
            yield line
