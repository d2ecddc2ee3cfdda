"""The letters of the steps: each cites its law, says what to do and by when, and can be set as PDF."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories.world import FORM, World

from imr.case.context import StepContext
from imr.case.endings import Ending
from imr.case.notices import Office, assignment, ended, ineligibility, information_request, issue
from imr.case.scenario import ELIGIBLE_ANSWERS
from imr.case.state import Stage
from imr.case.steps.eligibility import DecideEligibility, screened
from imr.determination import pdf, plain
from imr.examples import OFFICE, attorney
from imr.law.terms import ReviewType, Role, Service


def context(world: World) -> StepContext:
    return StepContext(actor=world.actor(Role.COORDINATOR), at=world.at)


def test_a_notice_of_ineligibility_gives_every_reason_and_the_way_out():
    form = replace(FORM, ur_decision_attached=False, signed_on=None, filed_by=None)
    world = World(form=form)
    world.do("receive-application", ur_decision="")
    findings = screened(world.case, DecideEligibility(application=form, **ELIGIBLE_ANSWERS), world.today)
    case = world.do("decide-eligibility")
    text = plain(ineligibility(case, form, findings, world.today, OFFICE))
    assert "Not signed by the employee" in text
    assert "The UR decision is not attached" in text
    assert "9792.10.1(b)(1)" in text
    assert "8 CCR 10957.1" in text
    assert "not verified" not in text, "a party is not asked to weigh what the staff has not seen"
    assert form.claim_number in text
    assert len(case.reasons) == text.count("• ") - 3


def test_a_request_for_information_says_until_when():
    world = World().through("receive-application")
    text = plain(information_request(world.case, FORM, ("Who signed the form?",), date(2015, 2, 20), OFFICE))
    assert "1. Who signed the form?" in text
    assert "Friday, February 27, 2015" in text
    assert "9792.10.3(b)" in text


@pytest.mark.parametrize(
    ("service", "due"),
    [(Service.ELECTRONIC, "Thursday, March 5, 2015"), (Service.MAIL, "Monday, March 9, 2015")],
)
def test_a_notice_of_assignment_says_what_is_owed_and_until_when(service, due):
    world = World(form=replace(FORM, attorney=attorney(3))).until(Stage.ELIGIBLE)
    text = plain(assignment(world.case, world.form, context(world), service, OFFICE))
    assert due in text
    assert OFFICE.name in text
    assert world.form.attorney.firm in text
    for treatment in FORM.treatments:
        assert treatment.description in text
    assert "Friday, February 6, 2015" in text
    assert "physicians' reports" in text
    assert "500 dollars a day" in text


def test_a_notice_says_how_it_is_sent_to_each_and_how_its_days_are_counted():
    world = World().until(Stage.ELIGIBLE)
    on_paper = (Role.EMPLOYEE, Role.REQUESTING_PHYSICIAN)
    text = " ".join(
        plain(assignment(world.case, FORM, context(world), Service.ELECTRONIC, OFFICE, on_paper=on_paper)).split()
    )
    assert "Sent to the employee on paper" in text
    assert "Sent to the claims administrator electronically, by an e-mail that it can be read on our site" in text
    assert "Served" not in text
    assert "as if this letter was sent to the claims administrator on Saturday, February 21, 2015" in text
    mailed = plain(assignment(world.case, FORM, context(world), Service.MAIL, OFFICE))
    assert "Sent to the claims administrator mail" in " ".join(mailed.split())


def test_an_expedited_notice_gives_a_day():
    world = World(form=replace(FORM, review_type=ReviewType.EXPEDITED, ur_expedited=True)).until(Stage.ELIGIBLE)
    text = plain(assignment(world.case, world.form, context(world), Service.ELECTRONIC, OFFICE))
    assert "an expedited review" in text
    assert "Sunday, February 22, 2015" in text


def test_what_was_left_out_is_not_named_as_disputed():
    world = World().through("receive-application")
    case = world.do("decide-eligibility", earlier_application=True, reviewed_before=(2,))
    text = plain(
        assignment(replace(case, filing=replace(case.filing, rfa_on=None)), FORM, context(world), Service.MAIL, OFFICE)
    )
    assert FORM.treatments[0].description in text
    assert FORM.treatments[1].description not in text
    assert "not given" in text


@pytest.mark.parametrize("ending", Ending)
def test_an_end_says_why(ending):
    world = World().until(Stage.ASSIGNED).wait(800)
    by = Role.REQUESTING_PHYSICIAN if ending is Ending.PHYSICIAN_WITHDREW else Role.CLAIMS_ADMINISTRATOR
    world.do("report-ending", by, because=ending)
    case = world.through("answer-ending").do("terminate-review")
    text = plain(ended(case, FORM, world.today, OFFICE))
    assert "No determination will be made" in text
    assert "9792.10.6(a)" in text


def test_a_withdrawal_is_confirmed():
    world = World().until(Stage.ASSIGNED)
    case = world.do("withdraw-application")
    assert "withdrew the application" in plain(ended(case, FORM, world.today, Office(name="Office")))


@pytest.mark.parametrize("service", [Service.MAIL, Service.ELECTRONIC])
def test_the_cover_of_a_determination_says_what_follows(service):
    world = World().until(Stage.ISSUED)
    text = plain(issue(world.case, FORM, date(2015, 3, 2), service, OFFICE))
    assert "1 of 2 disputed treatments found medically necessary" in text
    assert "Monday, March 9, 2015" in text
    assert ("receipt of this letter" in text) is (service is Service.MAIL)
    assert text.count("4610.6(h)") == 1, "the law is cited once"
    assert "five grounds" in text


def test_a_letter_offers_to_be_written_to_where_it_says_how_and_names_an_attorney_without_a_firm():
    form = replace(FORM, attorney=replace(attorney(1), last_name="Made-up", firm=""))
    world = World(form=form).until(Stage.ISSUED)
    office = Office(name="Office", lines=("1 Invented Way",), contact="555-0100")
    reached = " ".join(plain(issue(world.case, form, date(2015, 3, 2), Service.MAIL, office)).split())
    assert "write to us with the case number (Office; 1 Invented Way; 555-0100), or ask an Information" in reached
    silent = plain(issue(world.case, form, date(2015, 3, 2), Service.MAIL, Office(name="Office")))
    assert "write to us" not in silent
    assert "ask an Information and Assistance officer" in silent
    assert "Made-up (employee attorney)" in reached


def test_the_cover_of_an_upheld_determination_asks_nothing():
    world = World(overturn=False).until(Stage.ISSUED)
    text = plain(issue(world.case, FORM, date(2015, 3, 2), Service.MAIL, OFFICE))
    assert "The UR decision stands" in text
    assert "must authorize" not in text


def test_liability_in_dispute_leaves_no_day_to_implement():
    form = replace(FORM, liability_disputed=True)
    world = World(form=form).through("receive-application")
    world.do("decide-eligibility", administrator_agrees=True)
    world.until(Stage.ISSUED)
    text = plain(issue(world.case, form, date(2015, 3, 2), Service.MAIL, OFFICE))
    assert "must authorize or pay" in text
    assert "Authorization of the treatment" not in text


def test_a_notice_is_a_pdf_the_same_each_time():
    world = World().until(Stage.ELIGIBLE)
    letter = assignment(world.case, FORM, context(world), Service.MAIL, OFFICE)
    assert pdf.render(letter) == pdf.render(letter)
    assert pdf.render(letter).startswith(b"%PDF")


def test_a_penalty_that_is_not_known_is_not_guessed():
    world = World().until(Stage.ELIGIBLE).wait(365 * 12)
    text = plain(assignment(world.case, FORM, context(world), Service.MAIL, OFFICE))
    assert "Late records can cost a penalty" in text
    assert "dollars a day" not in text
