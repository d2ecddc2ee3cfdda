"""Screening of reviewers: qualifications and independence under Labor Code section 139.5.

`screen` decides whether a reviewer may review a case, for the step that assigns a reviewer and for the panel alike. The
facts (`Reviewer`, `Party`, `Affiliation` ...) come from `roster`, the rules from `qualifications` and `conflicts`.
"""

from datetime import date

from imr.law.conflicts import Doubt, conflicts, doubts, organization_conflicts
from imr.law.qualifications import california_preferred, qualifications
from imr.law.roster import (
    Affiliation,
    AffiliationKind,
    BoardCertification,
    Criteria,
    Degree,
    Discipline,
    Identity,
    Licence,
    LicenceStatus,
    Matter,
    Party,
    Practice,
    Reviewer,
    Settled,
    Verified,
)
from imr.law.rule import Finding

__all__ = [
    "Affiliation",
    "AffiliationKind",
    "BoardCertification",
    "Criteria",
    "Degree",
    "Discipline",
    "Doubt",
    "Identity",
    "Licence",
    "LicenceStatus",
    "Matter",
    "Party",
    "Practice",
    "Reviewer",
    "Settled",
    "Verified",
    "california_preferred",
    "conflicts",
    "doubts",
    "organization_conflicts",
    "qualifications",
    "screen",
]


def screen(reviewer: Reviewer, matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every qualification and every conflict of a reviewer for a case on a day.

    The reviewer may be assigned if all hold. The reasons never name the reviewer.
    """
    return (*qualifications(reviewer, matter, on), *conflicts(reviewer, matter, on))
