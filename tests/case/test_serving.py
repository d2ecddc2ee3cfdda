"""A letter is served on nobody by being made: each recipient has a service of its own, and the law's clocks start from these."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.factories.world import FORM, PAPER, World, refusal, rules

from imr.case.chain import from_record, public_view, replay, to_record, verify
from imr.case.clocks import not_started
from imr.case.duties import documents_owed
from imr.case.events import DeterminationIssued, InformationAsked, LetterServed, OrganizationAssigned
from imr.case.letters import KnownBy, LetterKind
from imr.case.state import Stage
from imr.case.steps.service import MessageSent
from imr.case.timeliness import findings
from imr.law.terms import Place, ReviewType, Role, Service

PARTIES = (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
OFFICE = Role.COORDINATOR


def running(world: World) -> set[str]:
    return {deadline.rule for deadline in world.case.deadlines()}


def waiting(world: World) -> dict[str, tuple[Role, ...]]:
    return {clock.title: clock.roles for clock in not_started(world.case)}


def assigned(**form) -> World:
    world = World(form=replace(FORM, **form)).until(Stage.ELIGIBLE)
    world.do("assign-organization")
    return world


def test_the_notice_serves_nobody_and_starts_no_clock():
    world = assigned()
    letter = world.case.letter_of(LetterKind.ASSIGNMENT)
    assert letter.tracked
    assert letter.unserved == PARTIES
    assert "rec-elec" not in running(world)
    assert waiting(world) == {"Records of the claims administrator": (Role.CLAIMS_ADMINISTRATOR,)}
    (clock,) = not_started(world.case)
    assert clock.because == "not served yet: the notice of assignment has not reached the claims administrator"
    world.wait(90)
    assert not [finding for finding in findings(world.case, world.today) if not finding.holds]
    assert rules(refusal(world, "note-records-overdue")) == {"time for the records ran out"}
    assert documents_owed(world.case, world.today) == ()


def test_the_clock_for_the_records_starts_with_the_service_on_whom_it_binds():
    world = assigned().wait(5)
    world.do("record-service", OFFICE, recipients=(Role.EMPLOYEE,))
    assert "rec-mail" not in running(world)
    world.do("record-service", OFFICE, recipients=(Role.CLAIMS_ADMINISTRATOR,), service=Service.MAIL, received_at=None)
    (limit,) = (limit for limit in world.case.deadlines() if limit.rule == "rec-mail")
    assert limit.start == world.today
    assert waiting(world) == {}
    assert world.case.letters[-1].unserved == (Role.REQUESTING_PHYSICIAN,)


def test_a_message_that_went_out_serves_electronically_at_its_hour():
    world = assigned().wait(1)
    told = world.at - timedelta(hours=2)
    letter = world.case.letters[-1].number
    world.do("note-service", sent=MessageSent(letter=letter, recipients=(Role.CLAIMS_ADMINISTRATOR,), at=told))
    event = world.chain[-1].event
    assert isinstance(event, LetterServed)
    assert (event.known, event.service, event.received_at) == (KnownBy.MESSAGE, Service.ELECTRONIC, told)
    assert "rec-elec" in running(world)
    again = MessageSent(letter=letter, recipients=(Role.CLAIMS_ADMINISTRATOR,), at=world.at)
    assert rules(refusal(world, "note-service", sent=again)) == {"message was not noted yet"}
    later = MessageSent(letter=letter, recipients=(Role.EMPLOYEE,), at=world.at + timedelta(hours=1))
    assert rules(refusal(world, "note-service", sent=later)) == {"message has gone out"}


def test_the_first_service_counts_and_the_office_corrects_its_own():
    world = assigned().wait(6)
    who = (Role.CLAIMS_ADMINISTRATOR,)
    world.do("record-service", OFFICE, recipients=who, service=Service.MAIL, on=world.today, received_at=None)
    assert world.case.dates.notice_sent_on == world.today
    corrected = world.today - timedelta(days=2)
    world.do("record-service", OFFICE, recipients=who, service=Service.MAIL, on=corrected, received_at=None)
    assert world.case.dates.notice_sent_on == corrected
    letter = world.case.letters[-1].number
    told = world.at - timedelta(days=4)
    world.do("note-service", sent=MessageSent(letter=letter, recipients=who, at=told))
    assert world.case.dates.notice_service is Service.ELECTRONIC
    world.do("record-service", OFFICE, recipients=who, service=Service.MAIL, on=corrected, received_at=None)
    assert world.case.dates.notice_service is Service.ELECTRONIC


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"recipients": ()}, "recipients are those of the letter"),
        ({"recipients": (Role.DIVISION,)}, "recipients are those of the letter"),
        ({"on": date(2015, 2, 20)}, "service follows the letter"),
        ({"on": date(2016, 2, 20)}, "service follows the letter"),
        ({"letter": 2}, "letter is one of the case"),
        ({"received_at": datetime(2015, 3, 1, 9)}, "receipt has its zone"),  # noqa: DTZ001 - that is the fault
        ({"received_at": World().at}, "receipt follows the service"),
        ({"received_at": World().at + timedelta(days=99)}, "receipt follows the service"),
    ],
)
def test_a_service_has_its_bounds(changes, rule):
    world = assigned().wait(3)
    assert rules(refusal(world, "record-service", OFFICE, **changes)) == {rule}


def test_only_the_office_records_and_only_where_a_letter_was_made():
    world = World().until(Stage.ELIGIBLE)
    assert rules(refusal(world, "ask-records", Role.COORDINATOR))  # no case to ask in yet
    assert rules(refusal(world, "record-service", OFFICE)) == {"a letter was made"}
    for step in ("record-service", "note-service"):
        from imr.case.decide import blocking_findings

        role = OFFICE if step == "record-service" else Role.CLOCK
        assert {finding.rule for finding in blocking_findings(step, world.case, world.actor(role))} == {
            "a letter was made" if role is OFFICE else "a letter waits for its service"
        }
    world = assigned()
    assert "role may take the step" in rules(refusal(world, "record-service", Role.CLAIMS_ADMINISTRATOR))
    assert "role may take the step" in rules(refusal(world, "record-service", Role.DIVISION))


def test_the_hours_of_an_expedited_review_run_from_the_receipt():
    world = assigned(review_type=ReviewType.EXPEDITED, ur_expedited=True)
    who = (Role.CLAIMS_ADMINISTRATOR,)
    assert rules(refusal(world, "record-service", OFFICE, recipients=who, service=Service.FAX, received_at=None)) == {
        "hour of receipt is known where hours count"
    }
    world.do("record-service", OFFICE, recipients=(Role.EMPLOYEE,), service=Service.FAX, received_at=None)
    world.do("record-service", OFFICE, recipients=who, service=Service.MAIL, received_at=None)
    assert "rec-exp" not in running(world)
    (clock,) = not_started(world.case)
    assert "served on the claims administrator by mail on" in clock.because
    assert "when it was received is not known" in clock.because
    world.do("record-service", OFFICE, recipients=who, service=Service.MAIL)
    assert "rec-exp" in running(world)


def test_the_determination_serves_nobody_and_each_clock_waits_for_its_own_recipient():
    world = World().until(Stage.SIGNED)
    world.do("issue-determination", service=Service.MAIL)
    assert not {"appeal-time", "impl-authorize"} & running(world)
    assert waiting(world) == {
        "Petition appealing the determination": (Role.EMPLOYEE,),
        "Authorization of the treatment": (Role.CLAIMS_ADMINISTRATOR,),
    }
    world.wait(4).do(
        "record-service",
        OFFICE,
        recipients=(Role.EMPLOYEE,),
        service=Service.MAIL,
        place=Place.ABROAD,
        received_at=None,
    )
    dates = world.case.dates
    assert (dates.determination_mailed_on, dates.determination_place) == (world.today, Place.ABROAD)
    assert dates.determination_received_on is None
    world.do("record-service", OFFICE, recipients=(Role.CLAIMS_ADMINISTRATOR,), service=Service.MAIL, received_at=None)
    (clock,) = not_started(world.case)
    assert clock.title == "Authorization of the treatment"
    assert "when it was received is not known" in clock.because
    world.do("record-service", OFFICE, recipients=(Role.CLAIMS_ADMINISTRATOR,), service=Service.PERSONAL)
    assert world.case.dates.determination_received_on == world.today
    assert waiting(world) == {}


def test_service_on_the_attorney_is_service_on_the_employee():
    from imr.examples import attorney

    world = World(form=replace(FORM, attorney=attorney(1))).until(Stage.SIGNED)
    world.do("issue-determination")
    world.do("record-service", OFFICE, recipients=(Role.EMPLOYEE_ATTORNEY,))
    assert "appeal-time" in running(world)
    assert "Petition appealing the determination" not in waiting(world)


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        (2, {"Payment for the treatment"}),
        (1, {"Payment for the treatment", "Authorization of the treatment"}),
    ],
)
def test_what_is_to_be_done_waits_by_its_own_name(given, titles):
    treatments = tuple(replace(treatment, given=place < given) for place, treatment in enumerate(FORM.treatments))
    world = World(form=replace(FORM, treatments=treatments)).until(Stage.SIGNED)
    world.do("issue-determination")
    world.do("record-service", OFFICE, recipients=(Role.EMPLOYEE,))
    assert set(waiting(world)) == titles


def test_nothing_waits_where_nothing_is_to_be_done_or_an_appeal_was_received():
    world = World(overturn=False).until(Stage.SIGNED)
    world.do("issue-determination")
    assert set(waiting(world)) == {"Petition appealing the determination"}
    world.do("receive-appeal")
    assert waiting(world) == {}


def test_a_request_runs_once_it_has_reached_everybody_who_was_asked():
    world = World().through("receive-application")
    world.do("ask-information", of=(Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR))
    assert set(waiting(world)) == {"Answer to the Division's request for information"}
    world.do("record-service", OFFICE, recipients=(Role.EMPLOYEE,))
    assert waiting(world) == {"Answer to the Division's request for information": (Role.CLAIMS_ADMINISTRATOR,)}
    world.wait(30)
    assert rules(refusal(world, "decide-eligibility")) == {"time to answer ran out"}
    world.do("record-service", OFFICE, recipients=(Role.CLAIMS_ADMINISTRATOR,), service=Service.MAIL, received_at=None)
    (clock,) = not_started(world.case)
    assert "when it was received is not known" in clock.because
    assert rules(refusal(world, "decide-eligibility")) == {"time to answer ran out"}
    world.do("record-service", OFFICE, recipients=(Role.CLAIMS_ADMINISTRATOR,), service=Service.MAIL)
    assert waiting(world) == {}
    assert world.case.dates.information_requested_on == world.today


@pytest.mark.parametrize(
    ("stage", "step", "kind"),
    [
        (Stage.ASSIGNED, "withdraw-application", LetterKind.ENDED),
        (Stage.ASSIGNED, "report-ending", LetterKind.ENDING_REPORT),
        (Stage.UNDER_REVIEW, "ask-records", LetterKind.RECORDS),
    ],
)
def test_every_letter_to_the_parties_has_a_copy_for_each_and_is_served_after_the_end_too(stage, step, kind):
    world = World().until(stage)
    world.do(step)
    letter = world.case.letters[-1]
    assert (letter.kind, letter.unserved) == (kind, PARTIES)
    world.do("record-service", OFFICE)
    assert world.case.letters[-1].unserved == ()


def test_the_notice_of_ineligibility_goes_to_every_party():
    world = World(form=replace(FORM, signed_on=None)).through("receive-application")
    world.do("decide-eligibility")
    assert world.case.letters[-1].kind is LetterKind.INELIGIBILITY
    assert world.case.letters[-1].unserved == PARTIES


# Histories from before services were recorded


def stored(world: World, step: str, **changes) -> dict:
    """The event of a step as it was stored before: without the field, and with what it had then."""
    world.do(step)
    item = world.chain[-1]
    form = to_record(item)
    assert form["data"].pop("tracked") is True
    form["data"] |= changes
    return form


def replayed(world: World, form: dict):
    world.chain[-1] = from_record(form)
    return world.case


def test_an_older_notice_is_replayed_with_its_clocks_as_they_were():
    world = World().until(Stage.ELIGIBLE)
    case = replayed(world, stored(world, "assign-organization"))
    assert isinstance(world.chain[-1].event, OrganizationAssigned)
    dates = case.dates
    assert (dates.notice_sent_on, dates.notice_service) == (world.today, Service.ELECTRONIC)
    assert "rec-elec" in running(world)
    assert not_started(case) == ()
    letter = case.letters[-1]
    assert not letter.tracked
    assert {copy.served.known for copy in letter.copies} == {KnownBy.STEP}
    assert KnownBy.STEP.value == "recorded, not confirmed"


def test_an_older_notice_of_an_expedited_review_runs_from_its_own_hour():
    world = World(form=replace(FORM, review_type=ReviewType.EXPEDITED, ur_expedited=True)).until(Stage.ELIGIBLE)
    case = replayed(world, stored(world, "assign-organization"))
    assert case.dates.notice_received_at == world.at


def test_an_older_determination_is_replayed_with_its_clocks_as_they_were():
    world = World().until(Stage.SIGNED)
    case = replayed(world, stored(world, "issue-determination"))
    assert isinstance(world.chain[-1].event, DeterminationIssued)
    dates = case.dates
    assert dates.determination_mailed_on == dates.determination_received_on == world.today
    assert {"appeal-time", "impl-authorize"} <= running(world)
    confirmed = world.today + timedelta(days=2)
    world.wait(3).do("record-service", OFFICE, on=confirmed, service=Service.MAIL, received_at=None)
    assert world.case.dates.determination_mailed_on == confirmed  # what is confirmed counts from then on


def test_an_older_request_is_replayed_with_the_day_on_which_it_was_said_to_have_come():
    world = World().through("receive-application")
    form = stored(world, "ask-information", received_on=world.today.isoformat())
    del form["data"]["on"], form["data"]["service"]
    case = replayed(world, form)
    assert isinstance(world.chain[-1].event, InformationAsked)
    assert case.dates.information_requested_on == case.letters[-1].on == world.today
    assert "elig-more-information" in running(world)


def test_an_older_end_has_no_recipients_to_serve():
    world = World().until(Stage.ASSIGNED)
    form = stored(world, "withdraw-application")
    del form["data"]["recipients"]
    case = replayed(world, form)
    assert case.letters[-1].copies == ()
    changes = {"letter": case.events, "recipients": (Role.EMPLOYEE,)}
    assert rules(refusal(world, "record-service", OFFICE, **changes)) == {"recipients are those of the letter"}


def test_a_stored_history_of_before_proves_itself():
    world = World().until(Stage.ELIGIBLE)
    world.do("assign-organization")
    shown = [public_view(item) for item in world.chain]
    verify(shown)
    assert replay(shown).letters == world.case.letters
    assert PAPER  # the notice itself stays a digest
