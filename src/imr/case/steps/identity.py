"""Settling whether two names are one: what the screening leaves in doubt, a coordinator finds out and says why."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.events import Event, IdentitySettled
from imr.case.marks import Attachment, Input, Provided
from imr.case.screening import PROGRAM_CRITERIA, matter
from imr.case.state import Case
from imr.case.step import filing_of, finding, matches_stored, require
from imr.case.steps.review import CONFLICTS
from imr.law.reviewers import Affiliation, Identity, Reviewer, doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleIdentity:
    """Which doubt, what was found, and a note that says how; the doubt itself is computed in the step.

    `reviewer` is whose record has the name; none where it is the review organization's own.
    """

    reviewer: Annotated[Reviewer | None, Provided("screened reviewer")] = None
    application: Annotated[Application, Provided("application")]
    organization: Annotated[tuple[Affiliation, ...], Provided("organization")] = ()
    doubt: Annotated[str, Input("Names in doubt", "the key of the doubt, as the page of the step lists it")]
    identity: Annotated[Identity, Input("What was found")]
    reason: Annotated[str, Attachment("How it was found out", "what was compared, who was asked")]


def settle_identity(case: Case, context: StepContext, facts: SettleIdentity) -> Event:
    """A coordinator says whether a name on record is the party's whose name is like it; it is recorded with the reason."""
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
