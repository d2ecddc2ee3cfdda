"""The step that decides eligibility: screens the application, what is otherwise known of it, and the history by the law."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.events import FoundEligible, FoundIneligible
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import AssessedInput, Input, Provided, marks
from imr.case.sources import FactSource
from imr.case.state import Case, Stage
from imr.case.step import step
from imr.case.steps.consent import consent_of
from imr.case.steps.intake import MORE_INFORMATION, PACE
from imr.case.steps.service import owed
from imr.law import eligibility as law
from imr.law.consent import TERMS, Consent, ConsentState, ConsentTerms, state
from imr.law.consent import findings as consent_findings
from imr.law.rule import Finding, Known, labor_code, regulation
from imr.law.terms import Filer, ReviewType, Role, Service, UrOutcome
from imr.law.time_limits import APPLICATION, APPLICATION_FORMULARY, more_information, running, timely

ELIGIBILITY = labor_code("4610.5(k)")
CERTIFIED = regulation("9792.10.1(c)", Known.MEMORY)
FACTORS = regulation("9792.10.3(a)", Known.PART)
#: The message of a finding that rests on something that nobody looked at, with the titles of the questions.
NOT_LOOKED_AT = "not looked at: {title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEligibility:
    """The facts that decide eligibility besides the application itself. The step judges them; nobody states the answer.

    No fact has an answer before somebody looked: None means not looked at, and stops the decision if it matters.
    """

    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    ur_outcome: Annotated[UrOutcome | None, AssessedInput("What UR decided", "as its decision says")] = None
    on_necessity: Annotated[bool | None, AssessedInput("The UR decision rests on medical necessity")] = None
    earlier_application: Annotated[
        bool | None, AssessedInput("An earlier application is about the same decision on the same treatment")
    ] = None
    reviewed_before: Annotated[
        tuple[int, ...], Input("Treatments already under review", "their numbers in the application, counted from 1")
    ] = ()
    reviewed_in: Annotated[str, Input("Case in which they are reviewed")] = ""
    earlier_denial: Annotated[
        bool | None, AssessedInput("The same treatment was denied before", "and UR made no new decision since")
    ] = None
    earlier_denial_on: Annotated[
        date | None, AssessedInput("Day of that earlier denial", "where it was denied before")
    ] = None
    facts_changed: Annotated[
        bool | None,
        AssessedInput("A change in the material facts since then is documented", "where it was denied before"),
    ] = None
    administrator_agrees: Annotated[
        bool | None, AssessedInput("The claims administrator agrees to the review", "although it disputes liability")
    ] = None
    liability_resolved_on: Annotated[date | None, Input("Notice that the liability dispute is resolved, served on")] = (
        None
    )
    liability_service: Annotated[Service | None, Input("How that notice was served")] = None
    form_supplied: Annotated[bool | None, AssessedInput("Form, envelope and notices came with the UR decision")] = None
    form_supplied_on: Annotated[date | None, Input("Otherwise the day on which they came")] = None
    emergency: Annotated[bool | None, AssessedInput("Emergency treatment under an imminent and serious threat")] = None
    certified: Annotated[
        bool | None,
        AssessedInput(
            "Imminent and serious threat is certified", "by the treating physician, or by the Administrative Director"
        ),
    ] = None
    goes_on: Annotated[
        bool | None,
        AssessedInput(
            "The review goes on although the consent to the release of records was withdrawn, or is past its day",
            "No provision was seen that settles it: decide with counsel.",
        ),
    ] = None
    consent_terms: Annotated[ConsentTerms, Provided(FactSource.CONSENT_TERMS)] = TERMS
    in_dispute: Annotated[
        bool | None,
        AssessedInput("The treatment is still in dispute", "not authorized, settled, awarded or withdrawn since"),
    ] = None
    dispute_ended_on: Annotated[date | None, AssessedInput("Otherwise the day on which the dispute ended")] = None


def missing(application: Application, consent: Consent | None = None) -> tuple[str, ...]:
    """Give the required fields of the form that are empty. `consent` is the case's, which counts as given even if withdrawn."""
    asked = {
        "name of the employee": application.employee.name,
        "name of the employer": application.employer,
        "claim number": application.claim_number,
        "name of the requesting physician": application.physician.name,
        "claims administrator": application.administrator.company,
        "primary diagnosis": application.diagnosis,
        "consent to the release of records": "given" if (consent or application.consent).given else "",
    }
    return tuple(field for field, value in asked.items() if not value.strip())


@dataclass(frozen=True, slots=True)
class EligibilityQuestion:
    """A fact that a finding rests on and the application does not state.

    `within` says in which cases it can matter, whatever the other answers, and `matters` whether the other answers
    leave it open. `beside` are facts that belong to its answer.
    """

    fact: str
    rules: tuple[str, ...]
    matters: Callable[[DecideEligibility], bool] = lambda _: True
    within: Callable[[Case, DecideEligibility, date], bool] = lambda *_: True
    beside: tuple[str, ...] = ()


def _consent_is_over(case: Case, facts: DecideEligibility, on: date) -> bool:
    stands = state(consent_of(case, facts.application), on, facts.consent_terms)
    return stands in (ConsentState.WITHDRAWN, ConsentState.PAST)


#: The questions that somebody has to look at before eligibility is decided, in the order of the form.
QUESTIONS = (
    EligibilityQuestion("ur_outcome", (law.NECESSITY.id, law.NOT_CONDITIONAL.id)),
    EligibilityQuestion("on_necessity", (law.NECESSITY.id,)),
    EligibilityQuestion("earlier_application", (law.NOT_A_DUPLICATE.id,), lambda facts: not facts.reviewed_before),
    EligibilityQuestion("earlier_denial", (law.NEW_DECISION.id,)),
    EligibilityQuestion("earlier_denial_on", (law.NEW_DECISION.id,), lambda facts: facts.earlier_denial is True),
    EligibilityQuestion("facts_changed", (law.NEW_DECISION.id,), lambda facts: facts.earlier_denial is True),
    EligibilityQuestion(
        "administrator_agrees",
        (law.NOT_DEFERRED.id,),
        lambda facts: facts.liability_resolved_on is None,
        within=lambda case, *_: filing_of(case).liability_disputed,
        beside=("liability_resolved_on", "liability_service"),
    ),
    EligibilityQuestion("form_supplied", (APPLICATION.id, APPLICATION_FORMULARY.id)),
    EligibilityQuestion(
        "emergency",
        (law.WHO.id,),
        within=lambda _, facts, _on: facts.application.filed_by is Filer.EMERGENCY_PROVIDER,
    ),
    EligibilityQuestion(
        "certified",
        ("expedited review is grounded",),
        within=lambda case, facts, _: case.review_type is ReviewType.EXPEDITED and not facts.application.ur_expedited,
    ),
    EligibilityQuestion("goes_on", (), within=_consent_is_over),
    EligibilityQuestion("in_dispute", (law.STILL_IN_DISPUTE.id,)),
    EligibilityQuestion("dispute_ended_on", (law.STILL_IN_DISPUTE.id,), lambda facts: facts.in_dispute is False),
)


def unanswered(case: Case, facts: DecideEligibility, on: date) -> tuple[EligibilityQuestion, ...]:
    """Give the questions that matter in this case on a day and that nobody has answered."""
    return tuple(
        one
        for one in QUESTIONS
        if getattr(facts, one.fact) is None and one.within(case, facts, on) and one.matters(facts)
    )


def cannot_matter(case: Case, facts: DecideEligibility, on: date) -> tuple[str, ...]:
    """Give the facts that cannot matter in this case on a day, whatever the other answers: nobody is asked for them."""
    return tuple(fact for one in QUESTIONS if not one.within(case, facts, on) for fact in (one.fact, *one.beside))


def not_looked_at(case: Case, facts: DecideEligibility, on: date) -> tuple[Finding, ...]:
    """Give a finding against the decision for each question that nobody has answered, and for incomplete answers."""
    titles = _titles()
    named = bool(facts.reviewed_before)
    return (
        *(
            finding("everything was looked at", False, NOT_LOOKED_AT, FACTORS, title=titles[one.fact])
            for one in unanswered(case, facts, on)
        ),
        finding(
            "treatments under review are named",
            facts.earlier_application is None or facts.earlier_application is named,
            "an earlier application is about the same decision: number the treatments that it is about"
            if facts.earlier_application
            else "treatments are named as under review already: say that an earlier application is about them",
            FACTORS,
        ),
    )


def looked_at(facts: DecideEligibility) -> tuple[str, ...]:
    """Give the questions that somebody answered, by the name of the fact, as the event keeps them."""
    return tuple(one.fact for one in QUESTIONS if getattr(facts, one.fact) is not None)


def screened(case: Case, facts: DecideEligibility, on: date) -> tuple[Finding, ...]:
    """Give every finding for and against eligibility, as of a day.

    A finding that rests on something that nobody looked at does not hold, and says so.
    """
    filing, form = filing_of(case), facts.application
    consent = consent_of(case, form)
    all_reviewed = len(set(facts.reviewed_before)) == filing.treatments
    findings = law.screen(
        replace(
            case.dates,
            form_supplied=facts.form_supplied is not False,
            form_supplied_on=facts.form_supplied_on,
            liability_resolution_served_on=facts.liability_resolved_on,
            liability_resolution_service=facts.liability_service,
            dispute_ended_on=(facts.dispute_ended_on or on) if facts.in_dispute is False else None,
        ),
        law.EligibilityFacts(
            ur_outcome=facts.ur_outcome or UrOutcome.DENIED,
            on_necessity=facts.on_necessity is not False,
            filed_by=form.filed_by,
            signed_on=form.signed_on,
            designated_on=None if form.designee is None else form.designee.designated_on,
            emergency=facts.emergency is True,
            ur_decision_attached=bool(filing.ur_decision),
            missing=missing(form, consent),
            administrator_agrees=facts.administrator_agrees is True,
            duplicate_of=(facts.reviewed_in or "another case") if all_reviewed else "",
            earlier_denial_on=facts.earlier_denial_on if facts.earlier_denial else None,
            facts_changed=facts.facts_changed is True,
        ),
        on,
    )
    findings += _consented(consent, facts, on)
    titles, unseen = _titles(), dict[str, list[str]]()
    for one in unanswered(case, facts, on):
        for rule in one.rules:
            unseen.setdefault(rule, []).append(titles[one.fact])
    return tuple(
        replace(
            each, holds=False, looked_at=False, because=NOT_LOOKED_AT, values={"title": "; ".join(unseen[each.rule])}
        )
        if each.rule in unseen
        else each
        for each in findings
    )


def _consented(consent: Consent, facts: DecideEligibility, on: date) -> tuple[Finding, ...]:
    """Find whether a consent that was given is in force; if it is over, what a person decided. A consent not given is missing.

    A consent without a day of signature is a reason of its own, and is not counted twice.
    """
    told = consent_findings(consent, on, facts.consent_terms) if consent.given else ()
    return tuple(each if each.holds else _decided(each, facts.goes_on) for each in told if each.looked_at)


def _decided(over: Finding, goes_on: bool | None) -> Finding:
    """Give the finding that a consent is over, with a person's decision about it."""
    if goes_on is None:
        return replace(over, looked_at=False, because=f"not looked at: {over.because}")
    said = "it goes on" if goes_on else "it does not go on"
    return replace(over, holds=goes_on, because=f"{over.because}; a person decided that {said}")


def _titles() -> dict[str, str]:
    """Give the title of each fact in the form."""
    return {name: mark.title for name, (_, mark) in marks(DecideEligibility).items()}


def failing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Give the findings that do not hold."""
    return tuple(finding for finding in findings if not finding.holds)


def may_be_expedited(case: Case, form: Application, certified: bool | None) -> Finding:
    """Find whether an expedited review rests on an expedited UR decision or a certified threat; otherwise it is a standard one."""
    return finding(
        "expedited review is grounded",
        case.review_type is not ReviewType.EXPEDITED or form.ur_expedited or bool(certified),
        "utilization review was not expedited and no threat is certified: the review is a standard one",
        CERTIFIED,
        PACE,
    )


@step(
    title="Decide eligibility",
    roles=(Role.INTAKE, Role.DIVISION),
    stages=(Stage.RECEIVED, Stage.INFORMATION_ASKED),
    under=(ELIGIBILITY, FACTORS),
    leads_to=(Stage.ELIGIBLE, Stage.INELIGIBLE),
    advances=True,
)
def decide_eligibility(case: Case, context: StepContext, facts: DecideEligibility) -> FoundEligible | FoundIneligible:
    """Decide eligibility from the facts, with every reason, for and against."""
    filing = filing_of(case)
    require(
        matches_stored("application", facts.application, filing.application, FACTORS),
        finding(
            "treatments are those of the application",
            set(facts.reviewed_before) <= set(range(1, filing.treatments + 1)),
            "give the numbers of the treatments in the application, from 1 to {count}",
            FACTORS,
            count=filing.treatments,
        ),
    )
    require(*_answers_are_in(case, context))
    require(*not_looked_at(case, facts, context.on))
    findings = screened(case, facts, context.on)
    against = failing(findings)
    if against:
        return FoundIneligible(
            reasons=tuple(finding.rule for finding in against),
            looked_at=looked_at(facts),
            on=context.on,
            recipients=owed(case),
            tracked=True,
        )
    return FoundEligible(
        rules=tuple(finding.rule for finding in findings),
        looked_at=looked_at(facts),
        excluded=tuple(sorted(set(facts.reviewed_before))),
        as_standard=not may_be_expedited(case, facts.application, facts.certified).holds,
        liability_resolved_on=facts.liability_resolved_on,
        liability_service=facts.liability_service,
        form_supplied=facts.form_supplied is not False,
        form_supplied_on=facts.form_supplied_on,
        on=context.on,
    )


def _answers_are_in(case: Case, context: StepContext) -> tuple[Finding, ...]:
    """Require, after a request for information, that the answer is in or the time for it has passed."""
    if case.stage is not Stage.INFORMATION_ASKED:
        return ()
    deadlines = running(more_information, case.dates)
    if not deadlines:
        return (
            finding(
                "time to answer ran out",
                False,
                "information was asked for, and it is not known that the request reached everybody who was asked: record its "
                "service, or wait for the answer",
                MORE_INFORMATION,
            ),
        )
    return (
        finding(
            "time to answer ran out",
            not any(timely(deadline, context.on).holds for deadline in deadlines),
            "information was asked for: wait for the answer, or for the end of the time to answer",
            MORE_INFORMATION,
        ),
    )
