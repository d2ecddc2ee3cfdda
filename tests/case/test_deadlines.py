"""Deadlines of a case: each is open until a date of the case meets it, and that date is named by the rule."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.factories.world import FORM, World

from imr.case.context import CALIFORNIA
from imr.case.deadlines import moment, next_due, open_deadlines
from imr.case.filed_application import FiledApplication
from imr.case.state import Stage
from imr.law.dates import CaseDates
from imr.law.days import Deadline, Unit, appeals_board_extension, count
from imr.law.limit import TimeLimit, is_met, limit_rule
from imr.law.register import ENTRIES
from imr.law.rule import Subject, Version
from imr.law.terms import Place, ReviewType, Role, Service, Track
from imr.law.time_limits import DETERMINATION

LIMITS = {entry.rule.id: entry.rule for entry in ENTRIES if isinstance(entry.rule, TimeLimit)}


def open_rules(world: World) -> set[str]:
    return {deadline.rule for deadline in open_deadlines(world.case)}


def stories() -> tuple[World, ...]:
    """Histories that together start every time limit that the case knows."""
    asked = World().through("receive-application", "ask-information", "answer-information")
    expedited = World(form=replace(FORM, review_type=ReviewType.EXPEDITED, ur_expedited=True)).until(Stage.PUBLISHED)
    later = replace(
        FORM,
        formulary=True,
        **{
            name: getattr(FORM, name) + timedelta(days=4 * 365)
            for name in ("ur_decided_on", "ur_served_on", "signed_on")
        },
    )
    formulary = World(form=later, at=World().at + timedelta(days=4 * 365)).until(Stage.RECORDS_COMPLETE)
    extended = World().until(Stage.UNDER_REVIEW)
    extended.do("extend-time")
    extended.until(Stage.PUBLISHED).through("report-implementation")
    appealed = World().until(Stage.PUBLISHED).through("receive-appeal")
    ended = (
        World(form=later, at=World().at + timedelta(days=4 * 365))
        .until(Stage.ASSIGNED)
        .through("report-ending", "answer-ending", "terminate-review")
    )
    given = tuple(replace(treatment, given=True) for treatment in FORM.treatments)
    paid = World(form=replace(FORM, treatments=given)).until(Stage.ISSUED).through("report-implementation")
    return asked, expedited, formulary, extended, appealed, ended, paid


def test_every_deadline_that_a_history_starts_is_met_by_a_date_that_a_history_sets() -> None:
    started: set[str] = set()
    set_by_events: set[str] = set()
    for world in stories():
        for length in range(1, len(world.chain) + 1):
            case = World(chain=world.chain[:length]).case
            started |= {deadline.rule for deadline in case.deadlines()}
            set_by_events |= {name for name in CaseDates.__dataclass_fields__ if getattr(case.dates, name) is not None}
    assert set(started) >= {"app-time-standard", "elig-more-information", "assign-notice", "rec-elec", "imr-terminate"}
    assert set(started) >= {"det-time-standard", "det-time-extension", "impl-authorize", "impl-pay", "appeal-time"}
    assert {rule for rule in started if not set(LIMITS[rule].met_by) & set_by_events} == set()


def test_every_time_limit_of_the_law_names_dates_of_a_case() -> None:
    assert len(LIMITS) == 19
    assert {fact for limit in LIMITS.values() for fact in limit.met_by} <= set(CaseDates.__dataclass_fields__)


@pytest.mark.parametrize("met_by", [(), ("done_on",)])
def test_a_time_limit_that_nothing_meets_is_refused(met_by: tuple[str, ...]) -> None:
    version = DETERMINATION.numbers[0].versions[0]
    assert isinstance(version, Version)
    with pytest.raises(ValueError, match="name fields of CaseDates"):
        limit_rule("new-limit", "New limit", Subject.RECORDS, "It asks.", "its start", version, met_by=met_by)
    with pytest.raises(TypeError, match="met_by"):
        limit_rule("new-limit", "New limit", Subject.RECORDS, "It asks.", "its start", version)  # type: ignore[call-arg]


def test_the_name_of_a_rule_decides_nothing() -> None:
    """A deadline of any name is open until its date is there, and met from then on."""
    (deadline,) = (found for found in World().until(Stage.ASSIGNED).case.deadlines() if found.rule == "rec-elec")
    named = replace(deadline, rule="anything-at-all", met_by=("implemented_on",))
    assert isinstance(named, Deadline)
    assert not is_met(named, CaseDates(records_complete_on=date(2015, 3, 1)))
    assert is_met(named, CaseDates(implemented_on=date(2015, 3, 1)))


def test_each_deadline_closes_when_its_date_is_there() -> None:
    world = World().through("receive-application")
    assert open_rules(world) == set()
    world.through("decide-eligibility")
    assert open_rules(world) == {"assign-notice"}
    world.through("assign-organization")
    assert open_rules(world) == {"rec-elec"}
    world.through("receive-records", "complete-records")
    assert open_rules(world) == {"det-time-standard"}
    world.until(Stage.SIGNED)
    assert open_rules(world) == {"det-time-standard"}
    world.through("issue-determination")
    assert open_rules(world) == {"impl-authorize", "appeal-time"}
    world.through("report-implementation")
    assert open_rules(world) == {"appeal-time"}
    world.through("receive-appeal")
    assert open_rules(world) == set()


def test_the_time_for_an_appeal_comes_last_and_is_waited_for_by_nobody() -> None:
    world = World().until(Stage.ISSUED)
    assert open_deadlines(world.case)[0].rule == "impl-authorize"
    waits = next_due(world.case)
    assert waits is not None
    assert (waits.rule, waits.who) == ("impl-authorize", Role.CLAIMS_ADMINISTRATOR)
    assert next_due(world.through("report-implementation").case) is None


def test_an_ended_case_waits_for_nothing() -> None:
    world = World().until(Stage.ASSIGNED)
    assert next_due(world.case) is not None
    world.do("withdraw-application")
    assert world.case.deadlines()
    assert open_deadlines(world.case) == ()


def test_information_asked_again_is_waited_for_again() -> None:
    world = World().through("receive-application", "ask-information")
    assert open_rules(world) == {"elig-more-information"}
    world.through("answer-information")
    assert open_rules(world) == set()
    world.through("ask-information")
    assert open_rules(world) == {"elig-more-information"}


def test_a_converted_review_stays_expedited_whatever_the_application_asks_for() -> None:
    filed = FiledApplication.of(FORM)
    before = CaseDates(track=Track.EXPEDITED, converted_on=date(2015, 3, 1))
    assert filed.dates(before).track is Track.EXPEDITED
    assert filed.dates(CaseDates()).track is Track.STANDARD


def test_a_deadline_ends_with_its_day_in_california_or_at_its_hour() -> None:
    assert moment(date(2015, 3, 2)) == datetime(2015, 3, 2, 23, 59, 59, tzinfo=CALIFORNIA)
    assert moment(datetime(2015, 3, 2, 9)) == datetime(2015, 3, 2, 9, tzinfo=CALIFORNIA)  # noqa: DTZ001
    known = datetime(2015, 3, 2, 9, tzinfo=CALIFORNIA)
    assert moment(known) is known


def test_the_duty_to_implement_runs_again_once_an_appeal_failed() -> None:
    world = World(overturn=True).until(Stage.PUBLISHED)
    assert {"impl-authorize", "impl-pay"} & open_rules(world)
    world.wait(3).do("receive-appeal")
    assert not {"impl-authorize", "impl-pay"} & open_rules(world)
    world.wait(60).do("affirm-determination")
    (duty,) = (one for one in open_deadlines(world.case) if one.rule == "impl-authorize")
    assert duty.due == count(world.today, 5, Unit.BUSINESS).due
    assert (duty.start_event, duty.start) == ("the end of the appeal", world.today)
    world.do("report-implementation")
    assert "impl-authorize" not in open_rules(world)


def test_a_finding_of_ineligibility_can_be_appealed_from_its_service_on_the_employee() -> None:
    world = World()
    world.do("receive-application")
    world.do("decide-eligibility", on_necessity=False)
    assert [one.rule for one in world.case.deadlines()] == ["app-time-standard"]
    world.wait(2).do("record-service", service=Service.MAIL, on=world.today, received_at=None)
    (right,) = (one for one in world.case.deadlines() if one.rule == "appeal-time")
    assert right.who is Role.EMPLOYEE
    assert (
        right.due == count(world.today, 30, Unit.CALENDAR, appeals_board_extension(Service.MAIL, Place.CALIFORNIA)).due
    )
    assert open_deadlines(world.case) == ()
