"""From the application to the notice of assignment, and how a review ends early: the facts and decisions of the steps."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from imr.case.acts import Act
from imr.case.application import Application
from imr.case.eligibility import failing, screened
from imr.case.events import (
    ApplicationReceived,
    ConvertedToExpedited,
    Event,
    FoundEligible,
    FoundIneligible,
    InformationAnswered,
    InformationAsked,
    OrganizationAssigned,
)
from imr.case.facts import Asked, Filed, Kept
from imr.case.state import Case, Filing, Stage
from imr.case.step import filing_of, found, insist, on_file
from imr.law.rule import Finding, Known, labor_code, regulation
from imr.law.terms import ReviewType, Role, Service, UrOutcome
from imr.law.time_limits import timely

APPLICATION = regulation("9792.10.1(b)(1)", Known.PART)
FORM = regulation("9792.10.2", Known.SECONDARY)
MORE_INFORMATION = regulation("9792.10.3(b)")
ELIGIBILITY = labor_code("4610.5(k)")
FACTORS = regulation("9792.10.3(a)", Known.PART)
NOTICE = regulation("9792.10.4(b)", Known.PART)
EXPEDITE = regulation("9792.10.4(c)")
CERTIFIED = regulation("9792.10.1(c)", Known.MEMORY)
PACE = labor_code("4610.6(d)(1)(C)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveApplication:
    """What is known when an application comes in."""

    application: Annotated[Application, Asked("Application for independent medical review")]
    ur_decision: Annotated[str, Filed("UR decision", "the written decision that the application disputes")] = ""
    received_at: Annotated[datetime, Asked("Day and hour of receipt")]


def sound(application: Application, on: date) -> tuple[Finding, ...]:
    """Whether an application can be what it says: nothing here is about eligibility, only about slips of the pen."""

    def slip(rule: str, holds: bool, because: str) -> Finding:
        return found(rule, holds, because, FORM)

    a = application
    served, signed = a.ur_served_on, a.signed_on
    return (
        slip("employee is named", bool(a.employee.last_name.strip()), "give the employee's last name"),
        slip("claim has its number", bool(a.claim_number.strip()), "give the claim number"),
        slip(
            "a treatment is disputed",
            bool(a.treatments) and all(treatment.description.strip() for treatment in a.treatments),
            "name each treatment that the UR decision modified or denied, at least one",
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
    )


def receive_application(case: Case, act: Act, facts: ReceiveApplication) -> Event:
    """An application is received as it is; whether it is eligible is decided in a step of its own."""
    insist(
        *sound(facts.application, act.on),
        found(
            "receipt is not in the future", facts.received_at <= act.at, "the receipt lies in the future", APPLICATION
        ),
        found(
            "UR decision is attached as the application says",
            facts.application.ur_decision_attached == bool(facts.ur_decision),
            "the application and its attachments differ on whether the UR decision is attached: add it, or correct the form",
            APPLICATION,
        ),
    )
    return ApplicationReceived(filing=Filing.of(facts.application, facts.ur_decision), received_at=facts.received_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskInformation:
    """Whom more is asked of, and the letter that asks."""

    of: Annotated[tuple[Role, ...], Asked("Whom to ask")]
    letter: Annotated[str, Filed("Request for information")]
    received_on: Annotated[date, Asked("Day on which the request reached them", "by the most efficient means")]


def ask_information(case: Case, act: Act, facts: AskInformation) -> Event:
    """More information is asked before eligibility is decided."""
    parties = (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
    insist(
        found(
            "parties are asked",
            bool(facts.of) and set(facts.of) <= set(parties),
            "name at least one of employee, employee attorney, claims administrator and requesting physician",
            MORE_INFORMATION,
        ),
        found(
            "request was written", bool(facts.letter), "file the letter that asks for the information", MORE_INFORMATION
        ),
    )
    return InformationAsked(of=facts.of, letter=facts.letter, received_on=facts.received_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInformation:
    """The answer itself, and the application where the answer adds to it or corrects it."""

    application: Annotated[Application | None, Asked("Application, with what the answer adds or corrects")] = None
    ur_decision: Annotated[str, Filed("UR decision, where it was missing")] = ""
    answer: Annotated[str, Filed("Answer")]
    answered_on: Annotated[date, Asked("Day on which the answer came")]


def answer_information(case: Case, act: Act, facts: AnswerInformation) -> Event:
    """A party answers; the application may be amended, and eligibility is looked at anew."""
    before, form = filing_of(case), facts.application
    insist(
        *(() if form is None else sound(form, act.on)),
        found("answer was filed", bool(facts.answer), "file the answer", MORE_INFORMATION),
        found(
            "answer is not in the future",
            facts.answered_on <= act.on,
            "the answer lies in the future",
            MORE_INFORMATION,
        ),
    )
    attached = facts.ur_decision or before.ur_decision
    filing = replace(before, ur_decision=attached) if form is None else Filing.of(form, attached)
    return InformationAnswered(filing=filing, answer=facts.answer, answered_on=facts.answered_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEligibility:
    """What eligibility turns on beside the application itself. The step weighs it; nobody states the answer."""

    application: Annotated[Application, Kept("application")]
    ur_outcome: Annotated[UrOutcome, Asked("What UR decided", "as its decision says")] = UrOutcome.DENIED
    on_necessity: Annotated[bool, Asked("The UR decision rests on medical necessity")] = True
    reviewed_before: Annotated[
        tuple[int, ...], Asked("Treatments already under review", "their numbers in the application, counted from 1")
    ] = ()
    reviewed_in: Annotated[str, Asked("Case in which they are reviewed")] = ""
    earlier_denial_on: Annotated[
        date | None, Asked("Earlier denial of the same treatment", "where UR made no new decision since")
    ] = None
    facts_changed: Annotated[bool, Asked("A change in the material facts since then is documented")] = False
    administrator_agrees: Annotated[
        bool, Asked("The claims administrator agrees to the review", "although it disputes liability")
    ] = False
    liability_resolved_on: Annotated[date | None, Asked("Notice that the liability dispute is resolved, served on")] = (
        None
    )
    liability_service: Annotated[Service | None, Asked("How that notice was served")] = None
    form_supplied: Annotated[bool, Asked("Form, envelope and notices came with the UR decision")] = True
    form_supplied_on: Annotated[date | None, Asked("Otherwise the day on which they came")] = None
    emergency: Annotated[bool, Asked("Emergency treatment under an imminent and serious threat")] = False
    certified: Annotated[
        bool,
        Asked(
            "Imminent and serious threat is certified", "by the treating physician, or by the Administrative Director"
        ),
    ] = False


def may_be_expedited(case: Case, form: Application, certified: bool) -> Finding:
    """An expedited review rests on an expedited UR decision or on a certified threat; else it is a standard one."""
    return found(
        "expedited review is grounded",
        case.review_type is not ReviewType.EXPEDITED or form.ur_expedited or certified,
        "utilization review was not expedited and no threat is certified: the review is a standard one",
        CERTIFIED,
        PACE,
    )


def decide_eligibility(case: Case, act: Act, facts: DecideEligibility) -> Event:
    """Eligibility is computed from the facts: every reason is given, for and against."""
    filing = filing_of(case)
    insist(
        on_file("application", facts.application, filing.application, FACTORS),
        found(
            "treatments are those of the application",
            set(facts.reviewed_before) <= set(range(1, filing.treatments + 1)),
            "number the treatments as the application lists them, from 1 to {count}",
            FACTORS,
            count=filing.treatments,
        ),
    )
    insist(*_answers_are_in(case, act))
    findings = screened(case, facts, act.on)
    against = failing(findings)
    if against:
        return FoundIneligible(reasons=tuple(finding.rule for finding in against), on=act.on)
    return FoundEligible(
        rules=tuple(finding.rule for finding in findings),
        excluded=tuple(sorted(set(facts.reviewed_before))),
        as_standard=not may_be_expedited(case, facts.application, facts.certified).holds,
        liability_resolved_on=facts.liability_resolved_on,
        liability_service=facts.liability_service,
        form_supplied=facts.form_supplied,
        form_supplied_on=facts.form_supplied_on,
        on=act.on,
    )


def _answers_are_in(case: Case, act: Act) -> tuple[Finding, ...]:
    """Once information is asked for, eligibility waits for the answer, or for the end of the time to give it."""
    if case.stage is not Stage.INFORMATION_ASKED:
        return ()
    deadlines = [deadline for deadline in case.deadlines() if deadline.rule == "elig-more-information"]
    return (
        found(
            "time to answer ran out",
            not any(timely(deadline, act.on).holds for deadline in deadlines),
            "information was asked for: wait for the answer, or until the time to answer has run out",
            MORE_INFORMATION,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOrganization:
    """The notice of assignment, and how it went out."""

    notice: Annotated[str, Filed("Notice of assignment and request for information")]
    service: Annotated[Service, Asked("How the notice is served")] = Service.ELECTRONIC


def owed(case: Case, *others: Role) -> tuple[Role, ...]:
    """Everybody who must be told: the parties, the attorney where there is one, and `others`."""
    attorney = (Role.EMPLOYEE_ATTORNEY,) if filing_of(case).represented else ()
    return (*others, Role.EMPLOYEE, *attorney, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)


def assign_organization(case: Case, act: Act, facts: AssignOrganization) -> Event:
    """The review organization takes the case and tells everybody; the clock for the records starts."""
    insist(found("notice was written", bool(facts.notice), "make the notice of assignment first", NOTICE))
    return OrganizationAssigned(notice=facts.notice, recipients=owed(case), service=facts.service, on=act.on, at=act.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertToExpedited:
    """The treating physician's certification."""

    certification: Annotated[str, Filed("Certification of an imminent and serious threat", "with its documents")]


def can_be_expedited(case: Case) -> tuple[Finding, ...]:
    """A standard review of treatment not yet given can become an expedited one."""
    given = case.filing is not None and case.filing.given == case.filing.treatments
    return (
        found(
            "review is a standard one",
            case.review_type is ReviewType.STANDARD,
            "the review is an expedited one already",
            EXPEDITE,
        ),
        found(
            "treatment was not given yet",
            not given,
            "every disputed treatment was already given: nothing is left to hasten",
            PACE,
        ),
    )


def convert_to_expedited(case: Case, act: Act, facts: ConvertToExpedited) -> Event:
    """A written certification with its documents turns a standard review into an expedited one."""
    insist(found("threat is certified in writing", bool(facts.certification), "file the certification", EXPEDITE))
    return ConvertedToExpedited(certification=facts.certification, at=act.at)
