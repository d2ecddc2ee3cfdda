"""Steps about the reviewer of a case: assign, attest independence, decline, release. Facts and decisions of the steps."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.digests import digest
from imr.case.document_types import DocumentType
from imr.case.events import (
    DeclineReason,
    IndependenceAttested,
    ReviewerAssigned,
    ReviewerDeclined,
    ReviewerReleased,
)
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import Attachment, Input, Provided
from imr.case.screening import PROGRAM_CRITERIA, cleared, matter
from imr.case.sources import FactSource
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.step import step
from imr.case.steps.records import may_be_released
from imr.law.reviewers import Affiliation, Criteria, Reviewer
from imr.law.rule import Known, labor_code, regulation
from imr.law.terms import Role

CONFLICTS = labor_code("139.5(c)(2), (d)(5)")
QUALITY = labor_code("139.5(d)(3)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignReviewer:
    """The reviewer from the panel, the parties by name, and the specialties of the dispute."""

    reviewer: Annotated[Reviewer, Provided(FactSource.CHOSEN_REVIEWER, chosen=True)]
    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    organization: Annotated[tuple[Affiliation, ...], Provided(FactSource.ORGANIZATION)] = ()
    criteria: Annotated[Criteria, Provided(FactSource.CRITERIA, "What the program asks of a reviewer")] = (
        PROGRAM_CRITERIA
    )
    specialties: Annotated[tuple[str, ...], Input("Specialties that the dispute asks for")]
    passed_over: Annotated[
        int, Provided(FactSource.PASSED_OVER, "Free candidates whom the panel puts before this one")
    ] = 0
    reason: Annotated[
        str,
        Attachment("Why another than the first", DocumentType.CHOICE, "if the panel ranks somebody before this one"),
    ] = ""
    commitment: Annotated[
        str, Provided(FactSource.COMMITMENT, "What binds the assignment without naming the reviewer")
    ] = ""


@step(
    title="Assign the reviewer",
    roles=(Role.COORDINATOR,),
    stages=(Stage.RECORDS_COMPLETE,),
    under=(labor_code("139.5(d)(4)-(5)"), regulation("9792.10.6(b)(1)", Known.PART)),
    leads_to=(Stage.REVIEWER_ASSIGNED,),
    ready_by_index=may_be_released,
    advances=True,
)
def assign_reviewer(case: Case, context: StepContext, facts: AssignReviewer) -> ReviewerAssigned:
    """Assign the reviewer, who is screened here for every qualification and every conflict; one who is not cleared is refused."""
    require(matches_stored("application", facts.application, filing_of(case).application, CONFLICTS))
    against = matter(case, facts.application, facts.organization, facts.specialties, facts.criteria)
    findings = cleared(case, facts.reviewer, against, context.on)
    require(
        finding(
            "another than the first is explained",
            facts.passed_over == 0 or bool(facts.reason),
            "the panel ranks {count} free candidate(s) before this one: say why you choose another",
            labor_code("139.5(d)(3)"),
            count=facts.passed_over,
        )
    )
    return ReviewerAssigned(
        reviewer=facts.reviewer.id,
        specialties=facts.specialties,
        rules=tuple(dict.fromkeys(finding.rule for finding in findings)),
        on=context.on,
        passed_over=facts.passed_over,
        reason=facts.reason,
        commitment=facts.commitment,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestIndependence:
    """The reviewer's attestation, for each party by name, that there is no affiliation with it."""

    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    unaffiliated: Annotated[
        tuple[str, ...], Input("I have no professional, familial or financial affiliation with", "each party by name")
    ]
    competent: Annotated[bool, Input("I am knowledgeable in the condition and the disputed treatment")]


@step(
    title="Attest independence",
    roles=(Role.REVIEWER,),
    stages=(Stage.REVIEWER_ASSIGNED,),
    under=(CONFLICTS,),
    leads_to=(Stage.UNDER_REVIEW,),
    advances=True,
)
def attest_independence(case: Case, context: StepContext, facts: AttestIndependence) -> IndependenceAttested:
    """Record the reviewer's own attestation, for every party by name."""
    names = {party.name for party in facts.application.parties()}
    left = sorted(names - set(facts.unaffiliated))
    require(
        matches_stored("application", facts.application, filing_of(case).application, CONFLICTS),
        finding(
            "reviewer attests against every party",
            not left,
            "attest for each party, or decline the case; not attested: {left}",
            CONFLICTS,
            left=", ".join(left),
        ),
        finding(
            "reviewer knows the field",
            facts.competent,
            "a reviewer who does not know the condition and the treatment must decline the case",
            labor_code("139.5(d)(4)"),
        ),
    )
    said = {"case": case.number, "reviewer": case.reviewer, "unaffiliated": sorted(names), "on": context.on}
    return IndependenceAttested(attestation=digest(said), on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReview:
    """The reason why the reviewer declines the case."""

    because: Annotated[DeclineReason, Input("Why")]


@step(
    title="Decline the case",
    roles=(Role.REVIEWER,),
    stages=(Stage.REVIEWER_ASSIGNED, Stage.UNDER_REVIEW),
    under=(CONFLICTS,),
    leads_to=(Stage.RECORDS_COMPLETE,),
    drastic=True,
)
def decline_review(case: Case, context: StepContext, facts: DeclineReview) -> ReviewerDeclined:
    """Record that the reviewer declines the case; another is chosen."""
    return ReviewerDeclined(because=facts.because, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReviewer:
    """The reason why the review organization removes the reviewer from the case."""

    because: Annotated[DeclineReason, Input("Why")]


@step(
    title="Take the case from the reviewer",
    roles=(Role.COORDINATOR,),
    stages=WITH_REVIEWER,
    under=(QUALITY,),
    leads_to=(Stage.RECORDS_COMPLETE,),
    drastic=True,
)
def release_reviewer(case: Case, context: StepContext, facts: ReleaseReviewer) -> ReviewerReleased:
    """Remove the reviewer; the case goes to another."""
    return ReviewerReleased(because=facts.because, on=context.on)
