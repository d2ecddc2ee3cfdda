"""Events of the end of a review because the dispute is over: reported, answered, taken back, ended, and opened again."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from imr.case.endings import Ending, EndingReport
from imr.case.events.event import Event
from imr.case.events.letters import with_letter
from imr.case.letters import LetterKind
from imr.case.state import Case, Stage
from imr.law.terms import Role, Service
from imr.plain import ADDED


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingReported(Event):
    """A party reported that the dispute is over; the review goes on until the other side is heard and the office ends it."""

    kind: ClassVar[str] = "ending-reported"
    because: Ending
    letter: str
    by: Role
    on: date
    recipients: tuple[Role, ...]
    #: The day on which the dispute ended; None where nobody said it, as before this was asked.
    happened_on: date | None = field(default=None, metadata=ADDED)

    def apply(self, case: Case) -> Case:
        case = with_letter(case, LetterKind.ENDING_REPORT, self.on, self.recipients, Service.ELECTRONIC, tracked=True)
        report = EndingReport(
            because=self.because, letter=self.letter, by=self.by, on=self.on, happened_on=self.happened_on
        )
        return replace(case, ending_report=report)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingAnswered(Event):
    """The employee or the attorney said whether the dispute is over; `letter` has the words."""

    kind: ClassVar[str] = "ending-answered"
    agrees: bool
    letter: str
    by: Role
    on: date

    def apply(self, case: Case) -> Case:
        report = case.ending_report
        if report is None:
            return case
        return replace(case, ending_report=replace(report, answers=(*report.answers, (self.by, self.agrees))))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingReportWithdrawn(Event):
    """The report that the dispute is over was taken back; `letter` says why."""

    kind: ClassVar[str] = "ending-report-withdrawn"
    letter: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, ending_report=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTerminated(Event):
    """The dispute is over without a determination; `letter` is the paper that shows it."""

    kind: ClassVar[str] = "review-terminated"
    because: Ending
    letter: str
    on: date
    recipients: tuple[Role, ...] = ()
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        before = case.stage
        case = with_letter(case, LetterKind.ENDED, self.on, self.recipients, Service.ELECTRONIC, tracked=self.tracked)
        # Where nobody reported it before, the paper that ends the dispute is also the notice of it, as far as the case knows.
        report = case.ending_report
        reported = self.on if report is None else report.on
        happened = reported if report is None else report.happened_on or reported
        dates = replace(case.dates, dispute_ended_on=happened, dispute_end_reported_on=reported)
        return replace(
            case, stage=Stage.TERMINATED, ended_from=before, ending=self.because, ended_on=self.on, dates=dates
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReopened(Event):
    """A review that was ended in error is open again, at the stage where it was; `letter` says why."""

    kind: ClassVar[str] = "review-reopened"
    letter: str
    on: date

    def apply(self, case: Case) -> Case:
        dates = replace(case.dates, dispute_ended_on=None, dispute_end_reported_on=None)
        return replace(
            case,
            stage=case.ended_from or case.stage,
            ended_from=None,
            ending=None,
            ended_on=None,
            ending_report=None,
            dates=dates,
        )
