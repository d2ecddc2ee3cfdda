"""Steps that end a review because the dispute is over: reported by a party, heard by the employee's side, ended by the office.

A report ends nothing. The review goes on until the employee's side agrees or its time to answer is over, and the office ends it.
The employee and the attorney may each answer until then, and an objection of one prevails over the agreement of the other.
The office may open a review again that was ended in error.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.endings import Ending, EndingReport
from imr.case.events import EndingAnswered, EndingReported, EndingReportWithdrawn, ReviewReopened, ReviewTerminated
from imr.case.findings import finding, require
from imr.case.letters import LetterKind
from imr.case.marks import Attachment, Input, OfficeInput, SystemValue
from imr.case.state import OPEN, Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.roles import EMPLOYEE_SIDE, STAFF
from imr.law.rule import Finding, Known, labor_code, practice
from imr.law.terms import Role

TERMINATION = labor_code("4610.5(g)")
#: Since then a settlement, an award, or the physician's withdrawal also ends a review (Stats. 2016 ch. 868).
OTHER_ENDINGS_SINCE = date(2017, 1, 1)
#: How long the employee's side may answer once the report is served on it. No provision sets a time: it is a rule of the house.
TIME_TO_ANSWER = timedelta(days=10)
HEARD = practice("nobody ends a review alone", Known.INFERENCE)
_REPORTERS = (Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)


def report_of(case: Case) -> EndingReport:
    """Give the open report. The steps that need one are not ready without it."""
    if case.ending_report is None:
        raise ValueError("the case has no report that its dispute is over")
    return case.ending_report


def none_stands(case: Case) -> tuple[Finding, ...]:
    """Require that no report is open."""
    because = "the end of the dispute is reported already: it is answered, taken back or confirmed first"
    return (finding("no report is open", case.ending_report is None, because, HEARD),)


def one_stands(case: Case) -> tuple[Finding, ...]:
    """Require a report that is open."""
    because = "nobody reported that the dispute is over: record the report of the party first"
    return (finding("the end is reported", case.ending_report is not None, because, HEARD),)


def not_answered(case: Case) -> tuple[Finding, ...]:
    """Require a report that a role of the employee's side has not answered."""
    answered = case.ending_report is not None and all(map(case.ending_report.answered_by, EMPLOYEE_SIDE))
    return (
        *one_stands(case),
        finding("report is not answered yet", not answered, "the employee's side has answered this report", HEARD),
    )


def may_answer(case: Case) -> tuple[Role, ...]:
    """Give each role of the employee's side that has not answered, and intake for it."""
    report = case.ending_report
    return (*(role for role in EMPLOYEE_SIDE if report is None or not report.answered_by(role)), Role.INTAKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEnding:
    """The reason why the dispute is over, the paper that shows it, and the party that reports it."""

    because: Annotated[Ending, Input("Why the dispute is over")]
    letter: Annotated[
        str, Attachment("Authorization, settlement, award or withdrawal", DocumentType.ENDING, can_be_written=True)
    ]
    reported_by: Annotated[Role, OfficeInput("Who reports it", system=SystemValue.ROLE)]
    happened_on: Annotated[
        date | None,
        Input(
            "Day on which the dispute ended", "The days to report it run from then. Leave it empty if it is not known."
        ),
    ] = None


@step(
    title="Report that the dispute is over",
    roles=(*_REPORTERS, *STAFF),
    stages=OPEN,
    under=(TERMINATION,),
    ready=none_stands,
    drastic=True,
)
def report_ending(case: Case, context: StepContext, facts: ReportEnding) -> EndingReported:
    """Report that the dispute is over: by authorization; since 2017 also by settlement or withdrawal of the request."""
    require(
        finding("ending is in writing", bool(facts.letter), "file the paper that ends the dispute", TERMINATION),
        finding(
            "law knows this ending",
            facts.because is Ending.AUTHORIZED or context.on >= OTHER_ENDINGS_SINCE,
            "before {since} only an authorization of the treatment ends a review",
            TERMINATION,
            since=OTHER_ENDINGS_SINCE.isoformat(),
        ),
        finding(
            "dispute ended by now",
            facts.happened_on is None or facts.happened_on <= context.on,
            "the dispute cannot have ended after today: correct the day",
            TERMINATION,
        ),
        finding(
            "who reports it may report it",
            facts.reported_by in _REPORTERS,
            "the claims administrator or the requesting physician reports that the dispute is over",
            TERMINATION,
        ),
        finding(
            "the physician speaks for the request alone",
            (facts.reported_by is Role.REQUESTING_PHYSICIAN) is (facts.because is Ending.PHYSICIAN_WITHDREW),
            "the requesting physician alone may withdraw the request for treatment, and may report nothing else",
            TERMINATION,
        ),
    )
    return EndingReported(
        because=facts.because,
        letter=facts.letter,
        by=facts.reported_by,
        on=context.on,
        recipients=owed(case),
        happened_on=facts.happened_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEnding:
    """Whether the employee's side agrees that the dispute is over, in its own words."""

    agrees: Annotated[
        bool | None,
        Input(
            "Is the dispute over", "If you answer no, the review goes on until the office has looked at your answer."
        ),
    ] = None
    letter: Annotated[str, Attachment("Your answer in writing", DocumentType.ENDING_ANSWER, can_be_written=True)]
    answered_by: Annotated[Role, OfficeInput("Who answered", system=SystemValue.ROLE)]


@step(
    title="Answer the report that the dispute is over",
    roles=(*EMPLOYEE_SIDE, Role.INTAKE),
    stages=OPEN,
    under=(HEARD,),
    open_to=may_answer,
    ready=not_answered,
)
def answer_ending(case: Case, context: StepContext, facts: AnswerEnding) -> EndingAnswered:
    """Record whether the employee or the attorney agrees that the dispute is over."""
    require(
        finding("question is answered", facts.agrees is not None, "say whether the dispute is over", HEARD),
        finding("answer is in writing", bool(facts.letter), "file the answer", HEARD),
        finding(
            "the employee's side answers",
            facts.answered_by in EMPLOYEE_SIDE,
            "the employee or the attorney answers",
            HEARD,
        ),
        finding(
            "this role has not answered yet",
            not report_of(case).answered_by(facts.answered_by),
            "the {role} has answered this report",
            HEARD,
            role=facts.answered_by.value,
        ),
    )
    return EndingAnswered(agrees=facts.agrees is True, letter=facts.letter, by=facts.answered_by, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEndingReport:
    """The words of the party that takes its report back."""

    letter: Annotated[str, Attachment("Why the report is taken back", DocumentType.ENDING_ANSWER, can_be_written=True)]


def may_take_back(case: Case) -> tuple[Role, ...]:
    """Give the party that made the report, and the office for it."""
    report = case.ending_report
    return STAFF if report is None else (report.by, *STAFF)


@step(
    title="Take back the report that the dispute is over",
    roles=(*_REPORTERS, *STAFF),
    stages=OPEN,
    under=(HEARD,),
    open_to=may_take_back,
    ready=one_stands,
)
def withdraw_ending_report(case: Case, context: StepContext, facts: WithdrawEndingReport) -> EndingReportWithdrawn:
    """Take the report back."""
    require(finding("reason is in writing", bool(facts.letter), "say why the report is taken back", HEARD))
    return EndingReportWithdrawn(letter=facts.letter, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateReview:
    """The reason that the office confirms, and where the employee's side objects the office's answer in writing."""

    because: Annotated[Ending, Input("Why the dispute is over", "As it was reported.")]
    letter: Annotated[
        str,
        Attachment(
            "Answer to the objection",
            DocumentType.ENDING,
            "Needed if the employee's side objects. Otherwise the paper of the report is enough.",
            can_be_written=True,
        ),
    ] = ""


@step(
    title="End the review because the dispute is over",
    roles=STAFF,
    stages=OPEN,
    under=(TERMINATION,),
    leads_to=(Stage.TERMINATED,),
    ready=one_stands,
    drastic=True,
)
def terminate_review(case: Case, context: StepContext, facts: TerminateReview) -> ReviewTerminated:
    """End the review after a report that the dispute is over, once the employee's side was heard."""
    report = report_of(case)
    served = case.served(LetterKind.ENDING_REPORT, *EMPLOYEE_SIDE)
    last_day = None if served is None else (served.received_on or served.on) + TIME_TO_ANSWER
    require(
        finding(
            "ending is the reported one",
            facts.because is report.because,
            "it was reported that {reported}: confirm that, or have the report taken back",
            HEARD,
            reported=report.because.value,
        ),
        finding(
            "the employee's side was heard",
            report.agreed is not None or (last_day is not None and context.on > last_day),
            "the employee's side may answer until {last_day}: wait for its answer, or for that day to pass"
            if last_day is not None
            else "the report is not served on the employee's side yet: record its service first",
            HEARD,
            last_day="" if last_day is None else last_day.isoformat(),
        ),
        finding(
            "objection is answered in writing",
            report.agreed is not False or bool(facts.letter),
            "the employee's side says that the dispute is not over: answer it in writing, or let the review go on",
            HEARD,
        ),
    )
    return ReviewTerminated(
        because=facts.because,
        letter=facts.letter or report.letter,
        on=context.on,
        recipients=owed(case),
        tracked=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenReview:
    """The reason why the review was ended in error."""

    letter: Annotated[str, Attachment("Why the review goes on", DocumentType.ENDING_ANSWER, can_be_written=True)]


def can_be_reopened(case: Case) -> tuple[Finding, ...]:
    """Require the stage at which the review was ended."""
    known = case.ended_from is not None
    return (finding("review was ended here", known, "the stage before the end of the review is not known", HEARD),)


@step(
    title="Open the review again that was ended in error",
    roles=(*STAFF, Role.DIVISION),
    stages=(Stage.TERMINATED,),
    under=(HEARD,),
    leads_to=OPEN,
    ready=can_be_reopened,
    drastic=True,
)
def reopen_review(case: Case, context: StepContext, facts: ReopenReview) -> ReviewReopened:
    """Open a review again, at the stage where it was ended."""
    require(finding("reason is in writing", bool(facts.letter), "say why the review goes on", HEARD))
    return ReviewReopened(letter=facts.letter, on=context.on)
