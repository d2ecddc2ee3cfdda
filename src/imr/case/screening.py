"""The screening of a reviewer for the steps. The panel screens with the same `matter`."""

from datetime import date

from imr.case.application import Application
from imr.case.findings import finding, require
from imr.case.state import Case
from imr.law.reviewers import Affiliation, Criteria, Matter, Reviewer, organization_conflicts, screen
from imr.law.rule import Finding, practice

#: The program's default criteria for a reviewer.
PROGRAM_CRITERIA = Criteria()


def matter(
    case: Case,
    application: Application,
    organization: tuple[Affiliation, ...],
    specialties: tuple[str, ...],
    criteria: Criteria,
) -> Matter:
    """Give the facts of this case that a reviewer is screened against."""
    return Matter(
        parties=application.parties(),
        specialties=specialties,
        treatments=tuple(treatment.description for treatment in application.treatments),
        earlier_reviewers=case.earlier_reviewers,
        organization=organization,
        criteria=criteria,
        settled=case.settled,
    )


def cleared(case: Case, reviewer: Reviewer, against: Matter, on: date) -> tuple[Finding, ...]:
    """Give every finding of the screening. Raises Refused with each that does not hold."""
    findings = (
        *screen(reviewer, against, on),
        *organization_conflicts(against, on),
        finding(
            "reviewer did not part from the case",
            reviewer.id not in case.former_reviewers,
            "this reviewer declined or was removed from this case: choose another",
            practice("a rule of the house"),
        ),
    )
    require(*findings)
    return findings
