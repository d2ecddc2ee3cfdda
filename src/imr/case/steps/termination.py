"""Steps by which the employee's side withdraws an application, and that open a case again after a reversal: facts and decisions."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import ApplicationWithdrawn, RemandOpened
from imr.case.findings import filing_of, finding, require
from imr.case.marks import Attachment, Provided
from imr.case.sources import FactSource
from imr.case.state import OPEN, Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.roles import EMPLOYEE_SIDE, STAFF
from imr.law.rule import labor_code
from imr.law.terms import Role

WHO_MAY_ASK = labor_code("4610.5(d), (j)")
REMAND = labor_code("4610.6(i)")


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
