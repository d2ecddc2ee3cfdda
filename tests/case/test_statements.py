"""Who may state what: what only the office or the system knows, what a party may change, and what nobody looked at."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.world import FORM, START, World, refusal, rules

from imr.case.application import ConsentLimits
from imr.case.decide import offered_steps
from imr.case.marks import marks
from imr.case.receipts import Receipt
from imr.case.scenario import ELIGIBLE_ANSWERS
from imr.case.state import Stage
from imr.case.steps.eligibility import NOT_LOOKED_AT, QUESTIONS, DecideEligibility, screened
from imr.law.terms import Filer, ReviewType, Role


@pytest.mark.parametrize("fact", [question.fact for question in QUESTIONS])
def test_what_nobody_looked_at_stops_the_decision_where_it_matters(fact):
    form = replace(FORM, liability_disputed=True, filed_by=Filer.EMERGENCY_PROVIDER, review_type=ReviewType.EXPEDITED)
    form = replace(form, consent_limits=ConsentLimits(ends_on=form.signed_on))
    world = World(form=form).through("receive-application")
    said = {
        "earlier_denial": True,
        "earlier_denial_on": date(2014, 12, 1),
        "facts_changed": True,
        "in_dispute": False,
        "dispute_ended_on": date(2015, 2, 1),
    }
    rests_on = {"earlier_denial_on": "earlier_denial", "facts_changed": "earlier_denial"}
    refused = refusal(world, "decide-eligibility", **{**said, fact: None})
    assert rules(refused) == {"everything was looked at"}
    assert [finding.values["title"] for finding in refused.findings] == [marks(DecideEligibility)[fact][1].title], (
        rests_on
    )
    weighed = screened(
        world.case, DecideEligibility(application=form, **{**ELIGIBLE_ANSWERS, **said, fact: None}), world.today
    )
    rests = {rule for question in QUESTIONS if question.fact == fact for rule in question.rules}
    unseen = {finding.rule for finding in weighed if finding.because == NOT_LOOKED_AT}
    assert unseen <= rests
    asked = marks(DecideEligibility)[fact][1].title
    assert all(finding.reason == f"not looked at: {asked}" for finding in weighed if finding.rule in unseen)
    assert bool(unseen) is (fact not in ("certified", "form_supplied", "goes_on")), (
        "pace apart, while liability is disputed no time runs, and a consent that is over says so itself"
    )


def test_nothing_of_eligibility_is_answered_beforehand():
    bare = DecideEligibility(application=FORM)
    assert [question.fact for question in QUESTIONS if getattr(bare, question.fact) is not None] == []
    world = World().through("receive-application")
    asked = {
        finding.values["title"]
        for finding in refusal(world, "decide-eligibility", **dict.fromkeys(ELIGIBLE_ANSWERS)).findings
    }
    assert asked == {
        "What UR decided",
        "The UR decision rests on medical necessity",
        "An earlier application is about the same decision on the same treatment",
        "The same treatment was denied before",
        "Form, envelope and notices came with the UR decision",
        "The treatment is still in dispute",
    }


def test_a_decision_keeps_what_was_looked_at():
    world = World().through("receive-application", "decide-eligibility")
    assert "form_supplied" in world.chain[-1].event.looked_at
    unsigned = World(form=replace(FORM, signed_on=None)).through("receive-application")
    unsigned.do("decide-eligibility")
    assert "form_supplied" in unsigned.chain[-1].event.looked_at


@pytest.mark.parametrize(
    ("step", "changes", "rule"),
    [
        (
            "receive-application",
            {"received_at": START - timedelta(days=1)},
            "receipt before today is known from something",
        ),
        (
            "receive-application",
            {"received_at": datetime(2015, 2, 12, 18, tzinfo=UTC), "receipt": Receipt.STAMP},
            "receipt is not before the document",
        ),
        ("receive-application", {"received_at": START + timedelta(minutes=1)}, "receipt is not in the future"),
        ("receive-records", {"received_on": date(2015, 2, 20)}, "receipt before today is known from something"),
    ],
)
def test_a_receipt_that_the_office_states_has_its_bounds(step, changes, rule):
    world = World()
    if step == "receive-records":
        world.until(Stage.ASSIGNED)
    assert rules(refusal(world, step, Role.INTAKE, **changes)) == {rule}


def test_a_receipt_on_a_later_day_is_one_fault():
    later = START + timedelta(days=3)
    findings = refusal(World(), "receive-application", Role.INTAKE, received_at=later, receipt=Receipt.FAX).findings
    assert [finding.reason for finding in findings] == ["the receipt lies in the future"]


def test_a_receipt_before_today_is_taken_with_what_it_is_known_from():
    world = World()
    case = world.do("receive-application", Role.INTAKE, received_at=START - timedelta(days=2), receipt=Receipt.FAX)
    assert case.dates.application_received_on == date(2015, 2, 17)
    assert world.chain[-1].event.known_from == "header of the fax"


def test_a_record_cannot_be_dated_after_it_came():
    world = World().until(Stage.ASSIGNED)
    record = replace(world.record_batch()[0], dated_on=date(2016, 1, 1))
    assert rules(refusal(world, "receive-records", records=(record,))) == {"receipt is not before the document"}


def test_only_who_was_asked_answers():
    world = World().through("receive-application")
    world.do("ask-information", of=(Role.REQUESTING_PHYSICIAN,))
    for role in (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.CLAIMS_ADMINISTRATOR):
        assert "answer-information" not in {step.name for step in offered_steps(world.case, world.actor(role))}
        assert rules(refusal(world, "answer-information", role)) == {"case is open to the role"}
    assert "answer-information" in {s.name for s in offered_steps(world.case, world.actor(Role.REQUESTING_PHYSICIAN))}
    assert rules(refusal(world, "answer-information", Role.INTAKE)) == {"who answers was asked"}
    answered = world.do("answer-information", Role.INTAKE, answered_by=Role.REQUESTING_PHYSICIAN, application=None)
    assert answered.stage is Stage.RECEIVED


def test_an_application_is_changed_by_the_employees_side_alone_and_signed_again():
    world = World().through("receive-application")
    everybody = (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR)
    world.do("ask-information", of=everybody)
    changed = replace(FORM, employer="Another Invented Employer")
    signed_again = "amended application is signed again"
    theirs = "the employee's side amends the application"
    taken = refusal(world, "answer-information", Role.CLAIMS_ADMINISTRATOR, application=changed)
    assert theirs in rules(taken)
    assert rules(refusal(world, "answer-information", Role.EMPLOYEE, application=changed)) == {signed_again}
    on_paper = {"application": changed, "signed_page": ""}
    assert rules(refusal(world, "answer-information", Role.INTAKE, **on_paper)) == {signed_again}
    entered = {"application": changed, "answered_by": Role.CLAIMS_ADMINISTRATOR}
    assert rules(refusal(world, "answer-information", Role.INTAKE, **entered)) == {theirs}
    world.do("answer-information", Role.EMPLOYEE, application=replace(changed, signed_on=world.today))
    event = world.chain[-1].event
    assert (event.amended, event.by, event.signed_page) == (True, Role.EMPLOYEE, "")


def test_a_settled_identity_as_outsiders_have_it_tells_nothing_to_the_case():
    from imr.case.events import IdentitySettled

    sealed = IdentitySettled(
        reviewer="sealed:a", doubt="sealed:b", identity="sealed:c", reason="sealed:d", on=START.date()
    )
    case = World().case
    assert sealed.apply(case) == case
