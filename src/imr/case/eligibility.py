"""Eligibility as the step puts it to the law: the application, what is known beside it, and the history of the case."""

from datetime import date
from typing import TYPE_CHECKING

from imr.case.application import Application
from imr.case.state import Case
from imr.case.step import filing_of
from imr.law import eligibility as law
from imr.law.rule import Finding
from imr.law.terms import Track

if TYPE_CHECKING:
    from imr.case.intake import DecideEligibility


def missing(application: Application) -> tuple[str, ...]:
    """The fields of the form that must be filled in and are empty."""
    asked = {
        "name of the employee": application.employee.name,
        "name of the employer": application.employer,
        "claim number": application.claim_number,
        "name of the requesting physician": application.physician.name,
        "claims administrator": application.administrator.company,
        "primary diagnosis": application.diagnosis,
        "consent to the release of records": "given" if application.records_consent else "",
    }
    return tuple(field for field, value in asked.items() if not value.strip())


def screened(case: Case, facts: "DecideEligibility", on: date) -> tuple[Finding, ...]:
    """Every finding for and against eligibility, as of a day."""
    filing, form, dates = filing_of(case), facts.application, case.dates()
    all_reviewed = len(set(facts.reviewed_before)) == filing.treatments
    received = dates.application_received_on
    assert received is not None  # noqa: S101 - whatever has an application has its day
    return law.screen(
        law.Filing(
            injured_on=filing.injured_on,
            ur_decided_on=filing.ur_decided_on,
            received_on=received,
            ur_served_on=filing.ur_served_on,
            ur_service=filing.ur_service,
            ur_place=filing.ur_place,
            ur_outcome=facts.ur_outcome,
            on_necessity=facts.on_necessity,
            track=case.track or Track.STANDARD,
            filed_by=form.filed_by,
            signed_on=form.signed_on,
            designated_on=None if form.designee is None else form.designee.designated_on,
            emergency=facts.emergency,
            ur_decision_attached=bool(filing.ur_decision),
            missing=missing(form),
            form_supplied=facts.form_supplied,
            form_supplied_on=facts.form_supplied_on,
            liability_disputed=filing.liability_disputed,
            liability_resolution_served_on=facts.liability_resolved_on,
            liability_resolution_service=facts.liability_service,
            administrator_agrees=facts.administrator_agrees,
            duplicate_of=(facts.reviewed_in or "another case") if all_reviewed else "",
            earlier_denial_on=facts.earlier_denial_on,
            facts_changed=facts.facts_changed,
        ),
        on,
    )


def failing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that stand against it."""
    return tuple(finding for finding in findings if not finding.holds)
