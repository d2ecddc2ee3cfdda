"""The step that settles whether two names are the same: a coordinator finds out what screening leaves in doubt."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import IdentitySettled
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import Attachment, Input, Provided
from imr.case.screening import PROGRAM_CRITERIA, matter
from imr.case.sources import FactSource
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.step import step
from imr.case.steps.assignment import CONFLICTS
from imr.law.reviewers import Affiliation, Identity, Reviewer, doubts
from imr.law.terms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleIdentity:
    """The doubt, the answer, and a note on how it was found; the doubt itself is computed in the step.

    `reviewer` is whose record has the name; None if it is the review organization's own.
    """

    reviewer: Annotated[Reviewer | None, Provided(FactSource.SCREENED_REVIEWER, chosen=True)] = None
    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    organization: Annotated[tuple[Affiliation, ...], Provided(FactSource.ORGANIZATION)] = ()
    doubt: Annotated[str, Input("Names in doubt", "the key of the doubt, as the page of the step lists it")]
    identity: Annotated[Identity, Input("What was found")]
    reason: Annotated[
        str, Attachment("How it was found out", DocumentType.IDENTITY, "what was compared, who was asked")
    ]


@step(
    title="Settle whether two names are the same",
    roles=(Role.COORDINATOR,),
    stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
    under=(CONFLICTS,),
)
def settle_identity(case: Case, context: StepContext, facts: SettleIdentity) -> IdentitySettled:
    """Record a coordinator's answer, with the reason, whether a name on record is the party's with the similar name."""
    against = matter(case, facts.application, facts.organization, case.specialties, PROGRAM_CRITERIA)
    require(
        matches_stored("application", facts.application, filing_of(case).application, CONFLICTS),
        finding(
            "names are in doubt",
            facts.doubt in {doubt.key for doubt in doubts(facts.reviewer, against, context.on)},
            "no such names are in doubt in this case: load the page again",
            CONFLICTS,
        ),
        finding("reason is written", bool(facts.reason), "write how it was found out", CONFLICTS),
    )
    return IdentitySettled(
        reviewer="" if facts.reviewer is None else facts.reviewer.id,
        doubt=facts.doubt,
        identity=facts.identity.value,
        reason=facts.reason,
        on=context.on,
    )
