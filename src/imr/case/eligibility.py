"""Eligibility as the step asks the law about it."""

from datetime import date
from typing import TYPE_CHECKING

from imr.case.state import Case
from imr.case.step import filing_of, found
from imr.law.rule import Citation, Finding, Known
from imr.law.time_limits import application, timely

if TYPE_CHECKING:
    from imr.case.intake import DecideEligibility

PRACTICE = Citation("the Division's programme page of 2018", "", Known.TEXT)


def screened(case: Case, facts: "DecideEligibility", on: date) -> tuple[Finding, ...]:  # noqa: ARG001
    """Every reason for and against eligibility."""
    from dataclasses import replace

    filing = filing_of(case)
    dates = replace(
        case.dates(),
        form_supplied_on=facts.form_supplied_on,
        liability_resolution_served_on=facts.liability_resolved_on,
    )
    received = dates.application_received_on
    assert received is not None  # noqa: S101
    disputed = filing.liability_disputed and facts.liability_resolved_on is None and not facts.administrator_agrees
    return (
        found(
            "application is signed", facts.application.signed_by is not None, "the application is not signed", PRACTICE
        ),
        found("UR decision is attached", bool(filing.ur_decision), "the UR decision is not attached", PRACTICE),
        found(
            "UR decision is final", not facts.conditional, "UR denied on condition, for want of information", PRACTICE
        ),
        found(
            "liability is not disputed",
            not disputed,
            "liability is disputed: the review is deferred",
            Citation("8 CCR", "9792.10.3(d)"),
        ),
        found(
            "treatment was not reviewed before",
            len(set(facts.reviewed_before)) < filing.treatments,
            "every treatment was reviewed before",
            Citation("8 CCR", "9792.10.3(a)(2)", Known.PART),
        ),
        *(timely(deadline, received) for deadline in application(dates)),
    )


def failing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that stand against it."""
    return tuple(finding for finding in findings if not finding.holds)
