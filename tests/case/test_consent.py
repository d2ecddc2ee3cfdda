"""The consent to the release of records has a life: scope, end, exclusions, withdrawal; nothing stops by itself, and older histories go on."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.world import FORM, PAPER, World, refusal, rules

from imr.case.application import Application, ConsentLimits
from imr.case.chain import from_lines, public_view, replay, to_lines, verify
from imr.case.context import Actor, StepContext
from imr.case.decide import offered_steps
from imr.case.digests import digest
from imr.case.events import ApplicationReceived
from imr.case.notices import assignment
from imr.case.receipts import Receipt
from imr.case.scenario import ELIGIBLE_ANSWERS
from imr.case.state import Case, Stage
from imr.case.steps.consent import consent_of
from imr.case.steps.eligibility import DecideEligibility, cannot_matter, failing, screened
from imr.determination import plain
from imr.examples import OFFICE, seed_case
from imr.law.consent import Consent, ConsentScope, ConsentState, ConsentTerms, state
from imr.law.terms import Role, Service
from imr.plain import canonical, from_plain

#: The digest of the first invented application in the version of this project that asked one tick alone.
OLDER = "9911fedcb6dfed6e17f754c1671535090510abecb92c010750bca6eae1a018b5"
LIMITS = ConsentLimits(
    only_records="the neck, not the knee", left_out_records="what the psychologist wrote", ends_on=date(2015, 8, 1)
)
LIMITED = replace(FORM, consent_limits=LIMITS)


def older(world: World) -> World:
    """The same history as it was recorded before scope, end and exclusions were asked."""
    event = world.chain[0].event
    assert isinstance(event, ApplicationReceived)
    world.chain[0] = replace(world.chain[0], event=replace(event, filing=replace(event.filing, consent=None)))
    return world


# What the application gives


def test_a_case_knows_the_limits_of_a_consent_and_never_their_words():
    world = World(form=LIMITED).through("receive-application")
    assert world.case.filing.consent == Consent(
        given=True, signed_on=FORM.signed_on, scope=ConsentScope.NAMED, excludes=True, ends_on=date(2015, 8, 1)
    )
    assert "knee" not in to_lines(world.chain)
    assert "psychologist" not in to_lines(world.chain)


def test_a_consent_without_limits_is_as_the_form_says():
    world = World().through("receive-application")
    assert consent_of(world.case, FORM) == Consent(given=True, signed_on=FORM.signed_on)


def test_an_application_of_before_keeps_its_digest():
    kept = seed_case().application
    assert "consent_limits" not in canonical(kept)
    assert digest(kept) == digest(from_plain(Application, json.loads(canonical(kept)))) == OLDER
    assert from_plain(Application, json.loads(canonical(LIMITED))) == LIMITED


def test_an_older_history_says_that_its_limits_were_not_asked():
    world = older(World().through("receive-application"))
    assert consent_of(world.case, FORM) == Consent(given=True, signed_on=FORM.signed_on, asked=False)
    assert consent_of(world.case, None) == Consent(asked=False)
    facts = DecideEligibility(application=FORM, **ELIGIBLE_ANSWERS)
    said = next(each for each in screened(world.case, facts, world.today) if each.rule == "rec-consent")
    assert said.holds
    assert "recorded before it was asked" in said.reason


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"records_consent": False, "consent_limits": LIMITS}, "limits belong to a consent"),
        ({"consent_limits": ConsentLimits(ends_on=date(2015, 2, 1))}, "consent ends after its signature"),
    ],
)
def test_limits_that_cannot_be_are_refused(changes, rule):
    form = replace(FORM, **changes)
    assert rules(refusal(World(form=form), "receive-application", application=form)) == {rule}


def test_a_consent_without_a_day_of_signature_may_name_its_end():
    form = replace(LIMITED, signed_on=None, filed_by=None)
    world = World(form=form).through("receive-application")
    assert consent_of(world.case, form).signed_on is None


# Withdrawal


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.INTAKE])
def test_the_employees_side_withdraws_and_nothing_stops(role):
    world = World().until(Stage.RECORDS_COMPLETE)
    case = world.do("withdraw-consent", role)
    assert case.stage is Stage.RECORDS_COMPLETE
    assert case.consent_withdrawal.on == world.today
    assert case.consent_withdrawal.by is (Role.EMPLOYEE if role is Role.INTAKE else role)
    assert case.consent_withdrawal.signed_page == (PAPER if role is Role.INTAKE else "")
    assert state(consent_of(case, FORM), world.today) is ConsentState.WITHDRAWN
    assert case.records, "what was received stays"
    assert world.wait(1).until(Stage.PUBLISHED).case.stage is Stage.PUBLISHED
    verify(world.chain)


def test_a_withdrawal_on_paper_has_its_day_its_page_and_what_is_known_of_it():
    world = World().until(Stage.ASSIGNED)
    day = world.today - timedelta(days=1)
    case = world.do("withdraw-consent", Role.INTAKE, withdrawn_on=day, receipt=Receipt.STAMP)
    assert (case.consent_withdrawal.on, case.consent_withdrawal.signed_page) == (day, PAPER)
    assert world.chain[-1].event.known_from == "date stamp of the mail room"


@pytest.mark.parametrize(
    ("role", "changes", "rule"),
    [
        (Role.INTAKE, {"signed_page": ""}, "withdrawal on paper is signed"),
        (
            Role.INTAKE,
            {"withdrawn_by": Role.CLAIMS_ADMINISTRATOR},
            "the employee's side withdraws the consent",
        ),
        (Role.EMPLOYEE, {"withdrawn_by": Role.EMPLOYEE_ATTORNEY}, "the employee's side withdraws the consent"),
        (Role.INTAKE, {"withdrawn_on": date(2016, 1, 1)}, "receipt is not in the future"),
        (Role.INTAKE, {"withdrawn_on": date(2015, 2, 23)}, "receipt before today is known from something"),
        (
            Role.INTAKE,
            {"withdrawn_on": date(2015, 2, 1), "receipt": Receipt.FAX},
            "receipt is not before the document",
        ),
        (Role.INTAKE, {"application": LIMITED}, "application is the one on file"),
        (Role.CLAIMS_ADMINISTRATOR, {}, "role may take the step"),
        (Role.COORDINATOR, {}, "role may take the step"),
    ],
)
def test_a_withdrawal_that_is_not_the_employees_is_refused(role, changes, rule):
    world = World().through("receive-application").wait(5)
    assert rules(refusal(world, "withdraw-consent", role, **changes)) == {rule}


def test_there_is_one_withdrawal_and_none_where_nothing_was_given():
    world = World().through("receive-application")
    assert "withdraw-consent" in {step.name for step in offered_steps(world.case, world.actor(Role.EMPLOYEE))}
    world.do("withdraw-consent")
    assert "withdraw-consent" not in {step.name for step in offered_steps(world.case, world.actor(Role.EMPLOYEE))}
    assert rules(refusal(world, "withdraw-consent")) == {"consent is in force"}
    bare = World(form=replace(FORM, records_consent=False)).through("receive-application")
    assert rules(refusal(bare, "withdraw-consent")) == {"consent is in force"}
    assert rules(refusal(older(bare), "withdraw-consent")) == {"consent was given"}


def test_an_older_history_can_be_withdrawn_from():
    world = older(World().through("receive-application"))
    case = world.do("withdraw-consent")
    assert consent_of(case, None) == Consent(given=True, withdrawn_on=world.today, asked=False)


def test_a_new_case_after_a_reversal_does_not_give_back_what_was_withdrawn():
    world = World().until(Stage.PUBLISHED)
    world.do("withdraw-consent")
    world.through("receive-appeal", "reverse-determination")
    remand = World(number="CM15-0030000", earlier=world.case, at=world.at).through("open-remand")
    assert remand.case.consent_withdrawal == world.case.consent_withdrawal


# Given again


def asked(form: Application = FORM) -> World:
    world = World(form=form).through("receive-application")
    world.do("withdraw-consent")
    return world.through("ask-information")


def test_a_consent_is_given_again_by_an_application_signed_again():
    world = asked()
    again = replace(FORM, signed_on=world.today, diagnosis="another")
    case = world.do("answer-information", Role.EMPLOYEE, application=again)
    assert case.consent_withdrawal is None
    assert consent_of(case, again) == Consent(given=True, signed_on=world.today)


@pytest.mark.parametrize("signed_on", [date(2015, 2, 18), None])
def test_a_paper_of_before_the_withdrawal_does_not_give_it_again(signed_on):
    world = asked()
    form = replace(FORM, signed_on=signed_on or FORM.signed_on, diagnosis="another")
    case = world.do("answer-information", Role.INTAKE, application=form)
    assert case.consent_withdrawal is not None


def test_an_answer_that_changes_nothing_does_not_give_it_again():
    world = asked()
    assert world.do("answer-information", Role.EMPLOYEE, application=None).consent_withdrawal is not None


def test_an_application_signed_again_without_the_consent_leaves_it_withdrawn_and_is_complete():
    world = asked()
    world.form = replace(FORM, signed_on=world.today, records_consent=False)
    case = world.do("answer-information", Role.EMPLOYEE)
    assert case.consent_withdrawal is not None
    assert state(consent_of(case, world.form), world.today) is ConsentState.WITHDRAWN
    assert world.do("decide-eligibility", goes_on=True).stage is Stage.ELIGIBLE


# Eligibility


def test_a_person_decides_what_a_withdrawal_comes_to_and_nothing_else_does():
    world = World().through("receive-application")
    world.do("withdraw-consent")
    refused = refusal(world, "decide-eligibility", goes_on=None)
    assert rules(refused) == {"everything was looked at"}
    assert "although the consent" in str(refused)
    facts = DecideEligibility(application=FORM, **ELIGIBLE_ANSWERS)
    (against,) = failing(screened(world.case, facts, world.today))
    assert (against.rule, against.looked_at, against.verified) == ("rec-consent-withdrawal", False, False)
    assert against.reason.startswith("not looked at: the employee's side withdrew the consent")
    kept = world.case, list(world.chain)
    assert world.do("decide-eligibility", goes_on=True).stage is Stage.ELIGIBLE
    assert "goes_on" in world.chain[-1].event.looked_at
    world.chain[:] = kept[1]
    case = world.do("decide-eligibility", goes_on=False)
    assert (case.stage, case.reasons) == (Stage.INELIGIBLE, ("rec-consent-withdrawal",))


def test_a_consent_past_its_day_is_asked_about_and_a_setting_says_when_that_is():
    world = World(form=LIMITED).through("receive-application")
    world.wait(365)
    assert rules(refusal(world, "decide-eligibility", goes_on=None)) == {"everything was looked at"}
    facts = DecideEligibility(application=LIMITED, **ELIGIBLE_ANSWERS)
    assert "rec-consent-term" in {each.rule for each in failing(screened(world.case, facts, world.today))}
    unlimited = World().through("receive-application")
    on = FORM.signed_on + timedelta(days=400)
    for months, against in ((12, {"rec-consent-term"}), (24, set()), (0, set())):
        facts = DecideEligibility(application=FORM, consent_terms=ConsentTerms(months=months), **ELIGIBLE_ANSWERS)
        found = failing(screened(unlimited.case, facts, on))
        assert {each.rule for each in found if each.rule.startswith("rec-consent")} == against


def test_a_consent_that_is_not_given_or_not_signed_is_one_reason_and_not_two():
    bare = World(form=replace(FORM, records_consent=False)).through("receive-application")
    assert bare.do("decide-eligibility", goes_on=None).reasons == ("elig-factors",)
    unsigned = World(form=replace(FORM, signed_on=None)).through("receive-application")
    reasons = unsigned.do("decide-eligibility", goes_on=None).reasons
    assert "app-signed" in reasons
    assert not [rule for rule in reasons if rule.startswith("rec-consent")]


def test_nobody_is_asked_about_a_consent_that_is_in_force():
    world = World().through("receive-application")
    facts = DecideEligibility(application=FORM, **ELIGIBLE_ANSWERS)
    assert "goes_on" in cannot_matter(world.case, facts, world.today)
    world.do("withdraw-consent")
    assert "goes_on" not in cannot_matter(world.case, facts, world.today)


# Records that the consent leaves out


def test_a_record_is_marked_by_a_person_stays_in_the_file_and_is_sealed_outside():
    world = World().until(Stage.RECORDS_COMPLETE)
    file, *_ = (received.record.digest for received in world.case.records)
    for _ in range(2):
        case = world.do("mark-consent-exclusion", Role.COORDINATOR, file=file, left_out=True)
    assert case.outside_consent == (file,)
    assert file in case.file
    shown = from_lines(to_lines(map(public_view, world.chain)))
    verify(shown)
    assert file not in replay(shown).outside_consent
    assert world.do("mark-consent-exclusion", Role.INTAKE, file=file, left_out=False).outside_consent == ()


def test_nobody_marks_what_was_not_sent_and_no_party_marks():
    world = World().until(Stage.RECORDS_COMPLETE)
    assert rules(refusal(world, "mark-consent-exclusion", Role.COORDINATOR, file="f" * 64)) == {
        "record is in the case file"
    }
    for role in (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR, Role.REVIEWER):
        assert "role may take the step" in rules(refusal(world, "mark-consent-exclusion", role))
    bare = World().until(Stage.ASSIGNED)
    assert "mark-consent-exclusion" not in {
        step.name for step in offered_steps(bare.case, bare.actor(Role.COORDINATOR))
    }


# The notice of assignment


@pytest.mark.parametrize(
    ("form", "withdrawn", "says"),
    [
        (FORM, False, "Given"),
        (LIMITED, False, "Given, within the limits that the application names"),
        (FORM, True, "The employee's side withdrew the consent on"),
    ],
)
def test_the_notice_says_where_the_consent_stands_and_not_what_it_leaves_out(form, withdrawn, says):
    world = World(form=form).until(Stage.ELIGIBLE)
    if withdrawn:
        world.do("withdraw-consent")
    context = StepContext(actor=Actor(role=Role.COORDINATOR, id="office"), at=datetime(2015, 3, 2, 18, tzinfo=UTC))
    text = plain(assignment(world.case, form, context, Service.ELECTRONIC, OFFICE))
    assert says in " ".join(text.split())
    assert "psychologist" not in text


def test_a_case_of_nothing_has_no_consent():
    assert consent_of(Case(number="CM15-0000001"), None).given is None
