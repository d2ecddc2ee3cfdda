"""Letters about eligibility: an application is not eligible, and what is asked before that is decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from imr.case.application import Application
from imr.case.notices.common import Office, counted, deadline_sentence, head, help_line, letter, sentence
from imr.case.state import Case
from imr.case.steps.eligibility import failing
from imr.determination.letter import Heading, Letter, Listing, Note, Paragraph
from imr.law.afterwards import PETITION_RULE
from imr.law.rule import Finding
from imr.law.time_limits import more_information


def ineligibility(case: Case, form: Application, findings: Sequence[Finding], on: date, office: Office) -> Letter:
    """Give the notice that an application is not eligible, with every reason and the ways to respond."""
    reasons = tuple(sentence(finding.said) for finding in failing(tuple(findings)))
    blocks = (
        *head(case, form, on),
        Note("Your application cannot be reviewed.", "Nothing was decided on whether the treatment is necessary."),
        Heading("Why"),
        Listing(reasons),
        Heading("What you can do next"),
        Listing(
            (
                "If a reason can be corrected while the time to apply still runs, correct it and apply again.",
                (
                    "If a reason is wrong, you may appeal this finding to the Workers' Compensation Appeals Board "
                    f"({PETITION_RULE.on(on)})."
                ),
                "Talk with your physician: a change in your condition can be the ground of a new request for authorization.",
            )
        ),
        help_line(office),
    )
    return letter("Notice of Ineligibility for Independent Medical Review", case, on, office, blocks)


def information_request(case: Case, form: Application, questions: Sequence[str], on: date, office: Office) -> Letter:
    """Give the request for more information before eligibility is decided, with the deadline that the law gives.

    The day is counted as if the letter reached everybody on its own day, and the letter says so.
    """
    due = more_information(replace(case.dates, information_requested_on=on))
    blocks = (
        *head(case, form, on),
        Paragraph(
            "We need more information before we can say whether this application is eligible for independent medical "
            "review (8 CCR 9792.10.3(b))."
        ),
        Heading("Please answer"),
        Listing(tuple(questions), numbered=True),
        deadline_sentence(
            due, f"Send your answer by {{due}}. After that day we decide on what we have. {counted('received', on)}"
        ),
        help_line(office),
    )
    return letter("Request for Information", case, on, office, blocks)
