"""The step by which the employee's side withdraws an application: its facts and its decision."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import ApplicationWithdrawn
from imr.case.findings import finding, require
from imr.case.marks import Attachment
from imr.case.state import OPEN, Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.roles import EMPLOYEE_SIDE, STAFF
from imr.law.rule import labor_code

WHO_MAY_ASK = labor_code("4610.5(d), (j)")


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
