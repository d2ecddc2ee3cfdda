"""The screening of a reviewer as the steps ask the law about it."""

from datetime import date

from imr.case.application import Application
from imr.case.state import Case
from imr.case.step import found, insist
from imr.law.reviewers import Affiliation, LicenceStatus, Reviewer
from imr.law.rule import Citation, Finding

QUALIFIED = Citation("Labor Code", "139.5(d)(4)")
CONFLICTS = Citation("Labor Code", "139.5(c)(2), (d)(5)")


def cleared(
    case: Case,
    reviewer: Reviewer,
    application: Application,
    organization: tuple[Affiliation, ...],
    specialties: tuple[str, ...],
    on: date,
) -> tuple[Finding, ...]:
    """Every finding of the screening. Raises Refused where one stands against the reviewer."""
    names = {affiliation.name.casefold() for affiliation in (*reviewer.affiliations, *organization)}
    findings = (
        found(
            "licence is current",
            any(x.status is LicenceStatus.CURRENT and x.since <= on <= x.until for x in reviewer.licences),
            "the reviewer has no current licence without restriction",
            QUALIFIED,
        ),
        found("no discipline", reviewer.discipline == (), "a history of discipline, or none looked up", QUALIFIED),
        found(
            "specialty fits",
            not specialties or bool(set(specialties) & set(reviewer.specialties)),
            "the reviewer has none of the specialties asked for",
            QUALIFIED,
        ),
        found(
            "no conflict",
            not any(party.name.casefold() in names for party in application.parties()),
            "the reviewer or the organization is affiliated with a party of the case",
            CONFLICTS,
        ),
        found(
            "did not review before",
            reviewer.id not in case.earlier_reviewers,
            "the reviewer had this case before",
            Citation("Labor Code", "4610.6(i)"),
        ),
    )
    insist(*findings)
    return findings
