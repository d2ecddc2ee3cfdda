"""The notice of assignment and request for information (8 CCR 9792.10.4(b))."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.findings import filing_of
from imr.case.notices.common import (
    Office,
    counted,
    day_or_not_given,
    deadline_sentence,
    head,
    help_line,
    letter,
    sentence,
)
from imr.case.state import Case
from imr.case.steps.consent import consent_of
from imr.case.steps.service import owed
from imr.casing import capitalize_first
from imr.determination.letter import Block, Facts, Heading, Letter, Listing, Paragraph
from imr.errors import NotInForce
from imr.law.consent import TERMS, ConsentScope, ConsentTerms
from imr.law.consent import findings as consent_findings
from imr.law.days import Deadline
from imr.law.records import LATE_A_DAY, PENALTY, Duty, records_due
from imr.law.terms import ReviewType, Role, Service


def assignment(
    case: Case,
    form: Application,
    context: StepContext,
    service: Service,
    office: Office,
    terms: ConsentTerms = TERMS,
    on_paper: Collection[Role] = (),
) -> Letter:
    """Give the notice of assignment and request for information (8 CCR 9792.10.4(b)): who reviews, and what is due when.

    `on_paper` are the recipients whom an electronic notice does not reach. Deadlines are counted as if the notice was
    sent on its own day, and the notice says so.
    """
    on, filing = context.on, filing_of(case)
    expedited = case.review_type is ReviewType.EXPEDITED
    dates = replace(
        case.dates, notice_sent_on=on, notice_service=service, notice_received_at=context.at if expedited else None
    )
    pace = "an expedited" if expedited else "a standard"
    blocks = (
        *head(case, form, on),
        Paragraph(
            f"The application for independent medical review was found eligible. It is assigned to {office.name} for "
            f"{pace} review by a physician who is independent of everybody in this case."
        ),
        Heading("The dispute"),
        Facts(
            (
                ("Requesting physician", form.physician.name),
                ("Request for authorization", day_or_not_given(filing.rfa_on)),
                ("UR decision", day_or_not_given(filing.ur_decided_on)),
                ("Application received", day_or_not_given(case.dates.application_received_on)),
                ("Type of review", "Expedited" if expedited else "Standard"),
                *((f"Sent to the {role.value}", _way(service, role in on_paper)) for role in owed(case)),
                ("Consent to the release of records", _consented(case, form, on, terms)),
            )
        ),
        Listing(_disputed(case, form), numbered=True),
        Heading("Documents that the claims administrator must send"),
        Listing(tuple(f"{capitalize_first(duty.value)}." for duty in Duty)),
        deadline_sentence(
            records_due(dates),
            "We must have the documents by {due}. Send copies of what they do not have to the employee and the "
            "requesting physician, and tell the employee what you sent (Labor Code 4610.5(l)(4), (o)). "
            + counted("received" if expedited else "sent to the claims administrator", on),
        ),
        *_penalty(records_due(dates)[0]),
        Heading("If you are the employee, the attorney or the requesting physician"),
        Paragraph(
            "You may send documents that support the treatment, by the same day. Send a copy to the claims administrator. "
            "The review costs you nothing."
        ),
        help_line(office),
    )
    return letter("Notice of Assignment and Request for Information", case, on, office, blocks)


def _way(service: Service, on_paper: bool) -> str:
    if on_paper:
        return "on paper"
    return (
        "electronically, by an e-mail that it can be read on our site"
        if service is Service.ELECTRONIC
        else service.value
    )


def _disputed(case: Case, form: Application) -> tuple[str, ...]:
    return tuple(
        treatment.description for number, treatment in enumerate(form.treatments, 1) if number not in case.excluded
    )


def _consented(case: Case, form: Application, on: date, terms: ConsentTerms) -> str:
    """Give the state of the employee's consent. Its limits are in the application, of which the claims administrator has a copy."""
    consent = consent_of(case, form)
    against = [finding for finding in consent_findings(consent, on, terms) if not finding.holds]
    if against:
        return sentence(against[0].said)
    limited = consent.excludes or consent.ends_on is not None or consent.scope is ConsentScope.NAMED
    return "Given, within the limits that the application names" if limited else "Given"


def _penalty(deadline: Deadline) -> tuple[Block, ...]:
    """Give the penalty for late records, if the amounts of that day are known."""
    due = deadline.due
    try:
        version = LATE_A_DAY.version(date(due.year, due.month, due.day))
    except NotInForce:
        return (Paragraph(f"Late records can cost a penalty ({PENALTY.under[0]})."),)
    a_day, at_most = version.known_value
    return (Paragraph(f"Late records can cost {a_day:,} dollars a day, up to {at_most:,} dollars ({version.under})."),)
