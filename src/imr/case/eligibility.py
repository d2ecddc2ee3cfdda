"""Eligibility as the step puts it to the law: the application, what is known beside it, and the history of the case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from imr.case.application import Application
from imr.case.facts import marks
from imr.case.state import Case
from imr.case.step import filing_of, found
from imr.law import eligibility as law
from imr.law.rule import Finding, Known, regulation
from imr.law.terms import Filer, ReviewType, Track, UrOutcome
from imr.law.time_limits import APPLICATION, APPLICATION_FORMULARY

if TYPE_CHECKING:
    from imr.case.intake import DecideEligibility

FACTORS = regulation("9792.10.3(a)", Known.PART)
#: What a finding says that rests on something that nobody looked at: the titles of what is asked.
NOT_LOOKED_AT = "not looked at: {title}"


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


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that a finding rests on and the application does not say. `matters` says in which cases it is asked."""

    fact: str
    rules: tuple[str, ...]
    matters: Callable[[Case, "DecideEligibility"], bool]


def _always(case: Case, facts: "DecideEligibility") -> bool:  # noqa: ARG001 - the shape of every question
    return True


def _liability_is_open(case: Case, facts: "DecideEligibility") -> bool:
    return filing_of(case).liability_disputed and facts.liability_resolved_on is None


#: What somebody has to look at before eligibility is decided, in the order of the form.
QUESTIONS = (
    Question("ur_outcome", (law.NECESSITY.id, law.NOT_CONDITIONAL.id), _always),
    Question("on_necessity", (law.NECESSITY.id,), _always),
    Question("earlier_application", (law.NOT_A_DUPLICATE.id,), lambda _, facts: not facts.reviewed_before),
    Question("earlier_denial", (law.NEW_DECISION.id,), _always),
    Question("earlier_denial_on", (law.NEW_DECISION.id,), lambda _, facts: facts.earlier_denial is True),
    Question("facts_changed", (law.NEW_DECISION.id,), lambda _, facts: facts.earlier_denial is True),
    Question("administrator_agrees", (law.NOT_DEFERRED.id,), _liability_is_open),
    Question("form_supplied", (APPLICATION.id, APPLICATION_FORMULARY.id), _always),
    Question("emergency", (law.WHO.id,), lambda _, facts: facts.application.filed_by is Filer.EMERGENCY_PROVIDER),
    Question(
        "certified",
        ("expedited review is grounded",),
        lambda case, facts: case.review_type is ReviewType.EXPEDITED and not facts.application.ur_expedited,
    ),
    Question("in_dispute", (law.STILL_IN_DISPUTE.id,), _always),
    Question("dispute_ended_on", (law.STILL_IN_DISPUTE.id,), lambda _, facts: facts.in_dispute is False),
)


def unanswered(case: Case, facts: "DecideEligibility") -> tuple[Question, ...]:
    """The questions that matter in this case and that nobody has answered."""
    return tuple(one for one in QUESTIONS if getattr(facts, one.fact) is None and one.matters(case, facts))


def not_looked_at(case: Case, facts: "DecideEligibility") -> tuple[Finding, ...]:
    """A finding against the decision for each question that nobody has answered, and for answers without their rest."""
    titles = _titles(facts)
    named = bool(facts.reviewed_before)
    return (
        *(
            found("everything was looked at", False, NOT_LOOKED_AT, FACTORS, title=titles[one.fact])
            for one in unanswered(case, facts)
        ),
        found(
            "treatments under review are named",
            facts.earlier_application is None or facts.earlier_application is named,
            "an earlier application is about the same decision: number the treatments that it is about"
            if facts.earlier_application
            else "treatments are named as under review already: say that an earlier application is about them",
            FACTORS,
        ),
    )


def looked_at(facts: "DecideEligibility") -> tuple[str, ...]:
    """The questions that somebody answered, by the name of the fact: what the event keeps."""
    return tuple(one.fact for one in QUESTIONS if getattr(facts, one.fact) is not None)


def screened(case: Case, facts: "DecideEligibility", on: date) -> tuple[Finding, ...]:
    """Every finding for and against eligibility, as of a day.

    A finding that rests on something that nobody looked at does not hold, and says so.
    """
    filing, form, dates = filing_of(case), facts.application, case.dates()
    all_reviewed = len(set(facts.reviewed_before)) == filing.treatments
    received = dates.application_received_on
    assert received is not None  # noqa: S101 - whatever has an application has its day
    findings = law.screen(
        law.Filing(
            injured_on=filing.injured_on,
            ur_decided_on=filing.ur_decided_on,
            received_on=received,
            ur_served_on=filing.ur_served_on,
            ur_service=filing.ur_service,
            ur_place=filing.ur_place,
            ur_outcome=facts.ur_outcome or UrOutcome.DENIED,
            on_necessity=facts.on_necessity is not False,
            track=case.track or Track.STANDARD,
            filed_by=form.filed_by,
            signed_on=form.signed_on,
            designated_on=None if form.designee is None else form.designee.designated_on,
            emergency=facts.emergency is True,
            ur_decision_attached=bool(filing.ur_decision),
            missing=missing(form),
            form_supplied=facts.form_supplied is not False,
            form_supplied_on=facts.form_supplied_on,
            liability_disputed=filing.liability_disputed,
            liability_resolution_served_on=facts.liability_resolved_on,
            liability_resolution_service=facts.liability_service,
            administrator_agrees=facts.administrator_agrees is True,
            duplicate_of=(facts.reviewed_in or "another case") if all_reviewed else "",
            earlier_denial_on=facts.earlier_denial_on if facts.earlier_denial else None,
            facts_changed=facts.facts_changed is True,
            dispute_ended_on=(facts.dispute_ended_on or on) if facts.in_dispute is False else None,
        ),
        on,
    )
    titles, unseen = _titles(facts), dict[str, list[str]]()
    for one in unanswered(case, facts):
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


def _titles(facts: "DecideEligibility") -> dict[str, str]:
    """What each fact is called where it is asked."""
    return {name: mark.title for name, (_, mark) in marks(type(facts)).items()}


def failing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that stand against it."""
    return tuple(finding for finding in findings if not finding.holds)
