"""Steps from the application to the notice of assignment: their facts and decisions.

`eligibility` decides whether an application is eligible, and `termination` ends a review early.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from imr.case import plausible
from imr.case.application import Application, ConsentLimits
from imr.case.context import CALIFORNIA, StepContext
from imr.case.digests import digest
from imr.case.document_types import DocumentType
from imr.case.events import (
    ApplicationReceived,
    ConvertedToExpedited,
    InformationAnswered,
    InformationAsked,
    OrganizationAssigned,
)
from imr.case.filed_application import FiledApplication
from imr.case.findings import filing_of, finding, require
from imr.case.letters import LetterKind
from imr.case.marks import Attachment, Input, OfficeInput, SystemValue
from imr.case.receipts import HowKnown, known_from, receipt
from imr.case.state import WITH_ORGANIZATION, Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.roles import EMPLOYEE_SIDE, PARTIES, STAFF
from imr.law.rule import Finding, Known, labor_code, regulation
from imr.law.terms import ReviewType, Role, Service

APPLICATION = regulation("9792.10.1(b)(1)", Known.PART)
FORM = regulation("9792.10.2", Known.SECONDARY)
MORE_INFORMATION = regulation("9792.10.3(b)")
NOTICE = regulation("9792.10.4(b)", Known.PART)
EXPEDITE = regulation("9792.10.4(c)")
PACE = labor_code("4610.6(d)(1)(C)")

#: The most treatments of one application; the law names no number. More are refused; none is dropped.
MOST_TREATMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveApplication:
    """The facts of the receipt of an application."""

    application: Annotated[
        Application, Input("Application for independent medical review", kept_as=DocumentType.APPLICATION)
    ]
    ur_decision: Annotated[
        str, Attachment("UR decision", DocumentType.UR_DECISION, "the written decision that the application disputes")
    ] = ""
    received_at: Annotated[datetime, OfficeInput("Day and hour of receipt", system=SystemValue.MOMENT)]
    receipt: HowKnown = None
    as_written: plausible.AsWritten = ()


def sound(application: Application, on: date) -> tuple[Finding, ...]:
    """Find whether an application is consistent. This is not about eligibility, only about slips."""

    def slip(rule: str, holds: bool, because: str) -> Finding:
        return finding(rule, holds, because, FORM)

    a = application
    served, signed = a.ur_served_on, a.signed_on
    limits = a.consent_limits or ConsentLimits()
    return (
        slip("employee is named", bool(a.employee.last_name.strip()), "give the employee's last name"),
        slip("claim has its number", bool(a.claim_number.strip()), "give the claim number"),
        slip(
            "a treatment is disputed",
            bool(a.treatments) and all(treatment.description.strip() for treatment in a.treatments),
            "name each treatment that the UR decision modified or denied, at least one",
        ),
        slip(
            "no treatment is left out",
            len(a.treatments) <= MOST_TREATMENTS,
            f"an application has at most {MOST_TREATMENTS} treatments: send the others in another application",
        ),
        slip(
            "injury comes before the UR decision",
            a.injured_on <= a.ur_decided_on,
            "the UR decision cannot be older than the injury: check both dates",
        ),
        slip(
            "UR decision comes before its service",
            served is None or served >= a.ur_decided_on,
            "the UR decision cannot have been served before it was made: check both dates",
        ),
        slip(
            "dates are not in the future",
            all(day <= on for day in (a.injured_on, a.ur_decided_on, served, signed) if day is not None),
            "a date lies in the future: check the dates of injury, UR decision, service and signature",
        ),
        slip(
            "signature names who signed",
            signed is None or a.filed_by is not None,
            "the application is signed: say who signed",
        ),
        slip(
            "limits belong to a consent",
            a.records_consent or limits == ConsentLimits(),
            "limits of the consent are named without the consent itself: tick the consent too, or leave them empty",
        ),
        slip(
            "consent ends after its signature",
            limits.ends_on is None or signed is None or signed <= limits.ends_on,
            "the consent cannot end before it is signed: check both dates",
        ),
    )


@step(
    title="Receive the application",
    roles=(*EMPLOYEE_SIDE, Role.INTAKE),
    stages=(Stage.NEW,),
    under=(APPLICATION,),
    leads_to=(Stage.RECEIVED,),
    advances=True,
)
def receive_application(case: Case, context: StepContext, facts: ReceiveApplication) -> ApplicationReceived:
    """Receive an application as it is; another step decides whether it is eligible."""
    require(
        finding(
            "receipt has its zone",
            facts.received_at.tzinfo is not None,
            "the hour of receipt has no zone: write it such as 2026-11-27T17:00:00-08:00",
            APPLICATION,
        )
    )
    received_on = facts.received_at.astimezone(CALIFORNIA).date()
    form = facts.application
    days = (form.ur_decided_on, form.ur_served_on, form.signed_on)
    dated = max((day for day in days if day is not None and day <= context.on), default=None)
    require(
        *sound(facts.application, context.on),
        *plausible.findings(facts.application, context, facts.as_written),
        finding(
            "receipt is not in the future",
            facts.received_at <= context.at or received_on > context.on,
            "the receipt lies in the future",
            APPLICATION,
        ),
        *receipt(received_on, context, facts.receipt, APPLICATION, dated=dated),
        finding(
            "UR decision is attached as the application says",
            facts.application.ur_decision_attached == bool(facts.ur_decision),
            "the application and its attachments differ on whether the UR decision is attached: add it, or correct the form",
            APPLICATION,
        ),
    )
    return ApplicationReceived(
        filing=FiledApplication.of(facts.application, facts.ur_decision),
        received_at=facts.received_at,
        known_from=known_from(facts.receipt),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskInformation:
    """The parties that are asked for more information, and the letter to them."""

    of: Annotated[tuple[Role, ...], Input("Whom to ask")]
    letter: Annotated[str, Attachment("Request for information", DocumentType.REQUEST, can_be_written=True)]
    service: Annotated[Service, Input("How the request is sent", "by the most efficient means")] = Service.ELECTRONIC


@step(
    title="Ask for more information",
    roles=(Role.INTAKE, Role.DIVISION),
    stages=(Stage.RECEIVED,),
    under=(MORE_INFORMATION,),
    leads_to=(Stage.INFORMATION_ASKED,),
)
def ask_information(case: Case, context: StepContext, facts: AskInformation) -> InformationAsked:
    """Ask for more information before eligibility is decided. The time to answer runs once everybody asked has the request."""
    require(
        finding(
            "parties are asked",
            bool(facts.of) and set(facts.of) <= set(PARTIES),
            "name at least one of employee, employee attorney, claims administrator and requesting physician",
            MORE_INFORMATION,
        ),
        finding(
            "request was written", bool(facts.letter), "file the letter that asks for the information", MORE_INFORMATION
        ),
    )
    return InformationAsked(of=facts.of, letter=facts.letter, service=facts.service, on=context.on, tracked=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInformation:
    """The answer, and the application if the answer adds to it or corrects it.

    Only a party that was asked answers. Only the employee's side amends an application, and signs it again: on the site
    by its own act, on paper by a signed page.
    """

    application: Annotated[
        Application | None,
        Input(
            "Application, with what the answer adds or corrects",
            kept_as=DocumentType.APPLICATION,
            by=(*EMPLOYEE_SIDE, Role.INTAKE),
        ),
    ] = None
    ur_decision: Annotated[str, Attachment("UR decision, where it was missing", DocumentType.UR_DECISION)] = ""
    answer: Annotated[str, Attachment("Answer", DocumentType.ANSWER, can_be_written=True)]
    answered_on: Annotated[date, OfficeInput("Day on which the answer came")]
    receipt: HowKnown = None
    answered_by: Annotated[Role, OfficeInput("Who answered", system=SystemValue.ROLE)]
    signed_page: Annotated[
        str,
        Attachment(
            "Page that the employee's side signed again",
            DocumentType.APPLICATION,
            "where paper amends the application",
            by=(Role.INTAKE,),
        ),
    ] = ""
    as_written: plausible.AsWritten = ()


def may_answer(case: Case) -> tuple[Role, ...]:
    """Give the roles that were asked or represent one that was, and the office, which enters paper."""
    asked = set(case.asked_of)
    if asked & set(EMPLOYEE_SIDE):
        asked |= set(EMPLOYEE_SIDE)
    return (*(role for role in PARTIES if role in asked), Role.INTAKE)


@step(
    title="Answer the request for information",
    roles=(*PARTIES, Role.INTAKE),
    stages=(Stage.INFORMATION_ASKED,),
    under=(MORE_INFORMATION,),
    leads_to=(Stage.RECEIVED,),
    open_to=may_answer,
    advances=True,
)
def answer_information(case: Case, context: StepContext, facts: AnswerInformation) -> InformationAnswered:
    """Record the answer of a party that was asked. It may amend the application; eligibility is then decided again."""
    before, form, asked = filing_of(case), facts.application, case.letter_of(LetterKind.INFORMATION)
    require(
        *(() if form is None else (*sound(form, context.on), *plausible.findings(form, context, facts.as_written))),
        *_may_answer(case, context, facts),
        *(() if form is None else _may_amend(before, context, facts, form)),
        finding("answer was filed", bool(facts.answer), "file the answer", MORE_INFORMATION),
        *receipt(
            facts.answered_on, context, facts.receipt, MORE_INFORMATION, dated=None if asked is None else asked.on
        ),
    )
    attached = facts.ur_decision or before.ur_decision
    filing = replace(before, ur_decision=attached) if form is None else FiledApplication.of(form, attached)
    return InformationAnswered(
        filing=filing,
        answer=facts.answer,
        answered_on=facts.answered_on,
        by=facts.answered_by,
        known_from=known_from(facts.receipt),
        amended=filing.application != before.application,
        signed_page=facts.signed_page,
    )


def _may_answer(case: Case, context: StepContext, facts: AnswerInformation) -> tuple[Finding, ...]:
    return (
        finding(
            "who answers was asked",
            facts.answered_by in PARTIES and facts.answered_by in may_answer(case),
            "this was asked of the {asked}: the {role} was not asked",
            MORE_INFORMATION,
            asked=", ".join(role.value for role in case.asked_of),
            role=facts.answered_by.value,
        ),
        finding(
            "a party answers for itself",
            context.actor.role not in PARTIES or context.actor.role is facts.answered_by,
            "you can answer as the {role} only",
            MORE_INFORMATION,
            role=context.actor.role.value,
        ),
    )


def _may_amend(
    before: FiledApplication, context: StepContext, facts: AnswerInformation, form: Application
) -> tuple[Finding, ...]:
    """Require that only the employee's side changes the application, and signs the changes."""
    if digest(form) == before.application:
        return ()
    on_the_site = context.actor.role in EMPLOYEE_SIDE
    signed = form.signed_on == context.on if on_the_site else bool(facts.signed_page and form.signed_on)
    return (
        finding(
            "the employee's side amends the application",
            facts.answered_by in EMPLOYEE_SIDE,
            "only the employee or the attorney changes the application: leave it as it is, and write the answer",
            APPLICATION,
        ),
        finding(
            "amended application is signed again",
            signed,
            "you change the application: sign it again, with today's date"
            if on_the_site
            else "the application is changed: file the page on which the employee's side signed it again",
            APPLICATION,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOrganization:
    """The notice of assignment, and its means of service for those whom it reaches."""

    notice: Annotated[str, Attachment("Notice of assignment and request for information", DocumentType.NOTICE)]
    service: Annotated[
        Service, Input("How the notice is sent", "Recipients whom the site does not reach this way get it on paper.")
    ] = Service.ELECTRONIC


@step(
    title="Take the case and make the notice of assignment",
    roles=STAFF,
    stages=(Stage.ELIGIBLE,),
    under=(NOTICE,),
    leads_to=(Stage.ASSIGNED,),
    advances=True,
)
def assign_organization(case: Case, context: StepContext, facts: AssignOrganization) -> OrganizationAssigned:
    """Take the case for the review organization. The time for the records starts when the notice is served."""
    require(finding("notice was written", bool(facts.notice), "make the notice of assignment first", NOTICE))
    return OrganizationAssigned(
        notice=facts.notice, recipients=owed(case), service=facts.service, on=context.on, at=context.at, tracked=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertToExpedited:
    """The treating physician's certification."""

    certification: Annotated[
        str,
        Attachment("Certification of an imminent and serious threat", DocumentType.CERTIFICATION, "with its documents"),
    ]


def can_be_expedited(case: Case) -> tuple[Finding, ...]:
    """Require a standard review of treatment that has not been given yet."""
    given = case.filing is not None and case.filing.given == case.filing.treatments
    return (
        finding(
            "review is a standard one",
            case.review_type is ReviewType.STANDARD,
            "the review is an expedited one already",
            EXPEDITE,
        ),
        finding(
            "treatment was not given yet",
            not given,
            "every disputed treatment has already been given: an expedited review is not possible",
            PACE,
        ),
    )


@step(
    title="Go on as an expedited review",
    roles=STAFF,
    stages=WITH_ORGANIZATION,
    under=(EXPEDITE,),
    ready=can_be_expedited,
)
def convert_to_expedited(case: Case, context: StepContext, facts: ConvertToExpedited) -> ConvertedToExpedited:
    """Turn a standard review into an expedited one on a written certification with its documents."""
    require(finding("threat is certified in writing", bool(facts.certification), "file the certification", EXPEDITE))
    return ConvertedToExpedited(certification=facts.certification, at=context.at)
