"""Letters about an end without a determination (8 CCR 9792.10.6(a))."""

from datetime import date

from imr.case.application import Application
from imr.case.endings import Ending
from imr.case.notices.common import Office, head, help_line, letter
from imr.case.state import Case, Stage
from imr.case.steps.ending import TIME_TO_ANSWER, report_of
from imr.determination.letter import Heading, Letter, Listing, Note, Paragraph
from imr.law.prose import limits_on
from imr.law.rule import regulation

TERMINATION = regulation("9792.10.6(a)")


#: The endings of a dispute, as a letter says them.
_ENDINGS = {
    Ending.AUTHORIZED: "The claims administrator authorized the treatment.",
    Ending.SETTLED: "A settlement or an award resolved the dispute.",
    Ending.PHYSICIAN_WITHDREW: "The requesting physician withdrew the request for the treatment.",
}


def ending_reported(case: Case, form: Application, on: date, office: Office) -> Letter:
    """Give the notice that a party reports the dispute as over, with how long the employee's side may answer."""
    report = report_of(case)
    blocks = (
        *head(case, form, on),
        Note(
            "The review goes on.",
            f"The {report.by.value} reports that the dispute is over, and sent a paper that shows it.",
        ),
        Heading("What was reported"),
        Paragraph(f"{_ENDINGS[report.because]} ({TERMINATION})"),
        Heading("What the employee or the attorney can do"),
        Listing(
            (
                "If the dispute is not over, say so in writing, on the site or by letter. The review then goes on until we reply.",
                "If the dispute is over, you may say so. Nothing else is asked of you.",
            )
        ),
        Paragraph(
            f"The review may end when {TIME_TO_ANSWER.days} days have passed since this notice was served on the employee's side "
            "without an answer.",
            label="Deadline:",
        ),
        help_line(office),
    )
    return letter("Notice That the Dispute Is Reported as Over", case, on, office, blocks)


def ended(case: Case, form: Application, on: date, office: Office) -> Letter:
    """Give the notice that a review ended without a determination: withdrawn, or the dispute is over."""
    if case.stage is Stage.WITHDRAWN:
        why = "The employee's side withdrew the application."
    else:
        why = f"{_ENDINGS[case.ending or Ending.AUTHORIZED]} ({TERMINATION})"
    limits = limits_on(on)
    formulary = limits.application_formulary
    blocks = (
        *head(case, form, on),
        Note("The review has ended.", f"{why} No determination will be made."),
        Heading("What you can do next"),
        Paragraph(
            "Nothing is asked of you. A later UR decision that modifies or denies treatment can be disputed with a new "
            f"application, within {limits.application} after it is served"
            f"{f', {formulary} where it is about a drug of the formulary' if formulary else ''}; the time is longer where it "
            "came by mail (Labor Code 4610.5(h))."
        ),
        help_line(office),
    )
    return letter("Notice That the Review Has Ended", case, on, office, blocks)
