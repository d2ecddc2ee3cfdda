"""Withholding a mental health record from the employee after it was sent, and showing it again. Facts and decision of the step.

A record is marked by its sender when it is sent (`receive-records`). If that was forgotten, or the kind of a record is
learned later, only the review organization marks it: with this step a party could withhold what another party sent.
"""

from dataclasses import dataclass
from typing import Annotated

from imr.case.context import StepContext
from imr.case.events import RecordWithheld
from imr.case.findings import finding, require
from imr.case.marks import Input
from imr.case.state import OPEN_OR_DECIDED, Case
from imr.case.step import step
from imr.case.steps.records import RECORDS
from imr.law.disclosure import WITHHELD
from imr.law.roles import STAFF
from imr.law.rule import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdRecord:
    """The record, and whether it is withheld from now on."""

    file: Annotated[str, Input("Document", "As it was sent: all of it is withheld, or none.")]
    withheld: Annotated[
        bool,
        Input(
            "Withhold it from the employee and the attorney",
            "Everybody else who may see medical records still sees it. Leave this empty to show the document again.",
        ),
    ] = False


#: The basis for withholding a record: a setting, and a law that was not seen.
UNDER = WITHHELD


def something_sent(case: Case) -> tuple[Finding, ...]:
    """Require that a record was sent."""
    return (finding("records were sent", bool(case.records), "no record is in the case file yet", RECORDS),)


@step(
    title="Withhold a mental health record, or show it again",
    roles=STAFF,
    stages=OPEN_OR_DECIDED,
    under=(UNDER,),
    ready=something_sent,
)
def withhold_record(case: Case, context: StepContext, facts: WithholdRecord) -> RecordWithheld:
    """Withhold a record from the employee, or show it again."""
    sent = {received.record.digest for received in case.records}
    require(finding("record is in the case file", facts.file in sent, "choose a record of this case file", RECORDS))
    return RecordWithheld(file=facts.file, withheld=facts.withheld)
