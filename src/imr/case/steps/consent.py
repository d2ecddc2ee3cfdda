"""The consent to the release of records in a case: its withdrawal, and the records that it excludes.

Facts and decisions of the steps.

Neither stops the review: no provision that was seen says what a withdrawal does to it (`law.consent.UNSETTLED`), and a
marked record stays in the file, with its mark.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import ConsentExclusionMarked, ConsentWithdrawn
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import Attachment, Input, OfficeInput, Provided, SystemValue
from imr.case.receipts import HowKnown, known_from, receipt
from imr.case.sources import FactSource
from imr.case.state import OPEN_OR_DECIDED, SINCE_RECEIPT, Case
from imr.case.step import step
from imr.case.steps.records import RECORDS
from imr.case.steps.withholding import something_sent
from imr.law import consent as law
from imr.law.consent import Consent
from imr.law.roles import EMPLOYEE_SIDE, STAFF
from imr.law.rule import Finding
from imr.law.terms import Role


def consent_of(case: Case, application: Application | None) -> Consent:
    """Give the consent of a case as it is now.

    If the application was received before scope, end and exclusions were asked, the application itself says whether a
    consent was given; without it that is not known.
    """
    filing, withdrawal = case.filing, case.consent_withdrawal
    if filing is not None and filing.consent is not None:
        held = filing.consent
    elif application is not None:
        held = Consent(given=application.records_consent, signed_on=application.signed_on, asked=False)
    else:
        held = Consent(asked=False)
    if withdrawal is None:
        return held
    return replace(held, given=True, withdrawn_on=withdrawal.on)  # a consent that was withdrawn had been given


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent:
    """The withdrawal of the consent: its day, who withdrew it, and for paper the signed page."""

    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    withdrawn_on: Annotated[date, OfficeInput("Day on which the withdrawal came")]
    withdrawn_by: Annotated[Role, OfficeInput("Who withdrew it", system=SystemValue.ROLE)]
    receipt: HowKnown = None
    signed_page: Annotated[
        str,
        Attachment(
            "Signed page",
            DocumentType.CONSENT_WITHDRAWAL,
            "The page by which it was withdrawn, with its signature.",
            by=(Role.INTAKE,),
        ),
    ] = ""


def may_withdraw(case: Case) -> tuple[Finding, ...]:
    """Require a consent that was given and was not withdrawn before."""
    consent = filing_of(case).consent
    given = consent is None or consent.given
    return (
        finding(
            "consent is in force",
            bool(given) and case.consent_withdrawal is None,
            "the consent was withdrawn before"
            if case.consent_withdrawal is not None
            else "the application gives no consent to the release of records: there is none to withdraw",
            *law.GIVEN.under,
        ),
    )


@step(
    title="Withdraw the consent to the release of records",
    roles=(*EMPLOYEE_SIDE, Role.INTAKE),
    stages=SINCE_RECEIPT,
    under=(*law.GIVEN.under, law.UNSETTLED),
    ready=may_withdraw,
    drastic=True,
)
def withdraw_consent(case: Case, context: StepContext, facts: WithdrawConsent) -> ConsentWithdrawn:
    """Withdraw the consent of the employee's side: their own act on the site, or a signed page that intake files."""
    on_the_site = context.actor.role in EMPLOYEE_SIDE
    require(
        matches_stored("application", facts.application, filing_of(case).application, *law.GIVEN.under),
        finding(
            "consent was given",
            facts.application.records_consent,
            "the application gives no consent to the release of records: there is none to withdraw",
            *law.GIVEN.under,
        ),
        finding(
            "the employee's side withdraws the consent",
            facts.withdrawn_by in EMPLOYEE_SIDE and (not on_the_site or facts.withdrawn_by is context.actor.role),
            "only the employee or the attorney withdraws the consent: say which of them did",
            *law.GIVEN.under,
        ),
        finding(
            "withdrawal on paper is signed",
            on_the_site or bool(facts.signed_page),
            "file the signed page by which the consent was withdrawn",
            *law.GIVEN.under,
        ),
        *receipt(
            facts.withdrawn_on,
            context,
            facts.receipt,
            *law.GIVEN.under,
            dated=None if on_the_site else facts.application.signed_on,
        ),
    )
    return ConsentWithdrawn(
        withdrawn_on=facts.withdrawn_on,
        withdrawn_by=facts.withdrawn_by,
        known_from=known_from(facts.receipt),
        signed_page=facts.signed_page,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkConsentExclusion:
    """A record that a person looked at, and whether the consent excludes it."""

    file: Annotated[str, Input("Document", "As it was sent: all of it is marked, or none.")]
    left_out: Annotated[
        bool,
        Input(
            "The consent leaves this document out",
            "The document stays in the file and is shown with this mark. Leave this empty to remove the mark.",
        ),
    ] = False


@step(
    title="Mark a record that the consent leaves out, or remove the mark",
    roles=STAFF,
    stages=OPEN_OR_DECIDED,
    under=law.EXCLUSIONS.under,
    ready=something_sent,
)
def mark_consent_exclusion(case: Case, context: StepContext, facts: MarkConsentExclusion) -> ConsentExclusionMarked:
    """Mark a record as left out of the consent, after a person looked at it, or remove the mark."""
    sent = {received.record.digest for received in case.records}
    require(finding("record is in the case file", facts.file in sent, "choose a record of this case file", RECORDS))
    return ConsentExclusionMarked(file=facts.file, left_out=facts.left_out)
