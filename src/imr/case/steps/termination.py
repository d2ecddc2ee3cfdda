"""Steps that end a review before a determination, and that open it again after a reversal: facts and decisions."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import ApplicationWithdrawn, RemandOpened, ReviewTerminated
from imr.case.findings import filing_of, finding, require
from imr.case.marks import Attachment, Input, Provided
from imr.case.sources import FactSource
from imr.case.state import OPEN, Case, Ending, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.roles import EMPLOYEE_SIDE, STAFF
from imr.law.rule import labor_code
from imr.law.terms import Role

WHO_MAY_ASK = labor_code("4610.5(d), (j)")
TERMINATION = labor_code("4610.5(g)")
REMAND = labor_code("4610.6(i)")
#: Since then a settlement, an award, or the physician's withdrawal also ends a review (Stats. 2016 ch. 868).
OTHER_ENDINGS_SINCE = date(2017, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication:
    """The employee's letter, or the attorney's."""

    letter: Annotated[str, Attachment("Letter of withdrawal", DocumentType.WITHDRAWAL, can_be_written=True)]


@step(
    title="Withdraw the application",
    roles=(*EMPLOYEE_SIDE, *STAFF),
    stages=OPEN,
    under=(WHO_MAY_ASK,),
    leads_to=(Stage.WITHDRAWN,),
    drastic=True,
)
def withdraw_application(case: Case, context: StepContext, facts: WithdrawApplication) -> ApplicationWithdrawn:
    """Withdraw the application. Whoever may ask for the review may withdraw it."""
    require(finding("withdrawal is in writing", bool(facts.letter), "file the letter of withdrawal", WHO_MAY_ASK))
    return ApplicationWithdrawn(letter=facts.letter, on=context.on, recipients=owed(case), tracked=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateReview:
    """The reason why the dispute is over, and the paper that shows it."""

    because: Annotated[Ending, Input("Why the dispute is over")]
    letter: Annotated[
        str, Attachment("Authorization, settlement, award or withdrawal", DocumentType.ENDING, can_be_written=True)
    ]


@step(
    title="End the review because the dispute is over",
    roles=(Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN, *STAFF),
    stages=OPEN,
    under=(TERMINATION,),
    leads_to=(Stage.TERMINATED,),
    drastic=True,
)
def terminate_review(case: Case, context: StepContext, facts: TerminateReview) -> ReviewTerminated:
    """End the review because the dispute is over: on authorization; since 2017 also on settlement or withdrawal of the request."""
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
            "the physician speaks for the request alone",
            context.actor.role is not Role.REQUESTING_PHYSICIAN or facts.because is Ending.PHYSICIAN_WITHDREW,
            "the requesting physician may withdraw the request for treatment, nothing else",
            TERMINATION,
        ),
    )
    return ReviewTerminated(
        because=facts.because, letter=facts.letter, on=context.on, recipients=owed(case), tracked=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRemand:
    """The case whose determination was reversed, and the order of remand."""

    earlier: Annotated[Case, Provided(FactSource.EARLIER_CASE, chosen=True)]
    order: Annotated[
        str, Attachment("Order of remand", DocumentType.ORDER, "with the finding of fact that it calls erroneous")
    ]


@step(
    title="Open the case again for another reviewer",
    roles=(Role.DIVISION, Role.INTAKE),
    stages=(Stage.NEW,),
    under=(REMAND,),
    leads_to=(Stage.ELIGIBLE,),
)
def open_remand(case: Case, context: StepContext, facts: OpenRemand) -> RemandOpened:
    """Open a new case for a dispute that was sent back; its earlier reviewers are barred."""
    earlier = facts.earlier
    require(
        finding(
            "earlier determination was reversed",
            earlier.stage is Stage.REVERSED,
            "case {number} was not reversed on appeal",
            REMAND,
            number=earlier.number,
        ),
        finding("order was filed", bool(facts.order), "file the order of remand", REMAND),
    )
    return RemandOpened(
        earlier=earlier.number,
        order=facts.order,
        barred=(*earlier.earlier_reviewers, earlier.reviewer),
        filing=filing_of(earlier),
        excluded=earlier.excluded,
        as_standard=earlier.as_standard,
        received_at=context.at,
        consent_withdrawal=earlier.consent_withdrawal,
        on=context.on,
    )
