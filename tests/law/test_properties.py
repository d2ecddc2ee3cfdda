"""What is true of every date: a deadline is no closed day, more time for service never shortens, versions leave no gap."""

import ast
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import imr.law
from imr.law.days import Calendar, Unit, add, appeals_board_extension, is_closed, months_after, service_extension, shift
from imr.law.register import ENTRIES
from imr.law.terms import Place, Service, Track
from imr.law.time_limits import CaseDates, due, not_running

DAYS = st.dates(date(2013, 1, 1), date(2034, 12, 31))
BUSINESS_OR_COURT = st.sampled_from((Unit.BUSINESS, Unit.COURT))
CALENDARS = {Unit.BUSINESS: Calendar.BUSINESS, Unit.COURT: Calendar.JUDICIAL}
SERVICES = st.sampled_from((None, *Service))
MAYBE = st.none() | DAYS
#: Times without a zone: the law reads them as Pacific.
TIMES = st.datetimes(datetime.fromisoformat("2013-01-01"), datetime.fromisoformat("2034-01-01"))

CASES = st.builds(
    CaseDates,
    track=st.sampled_from(Track),
    injured_on=MAYBE,
    ur_decided_on=MAYBE,
    ur_served_on=MAYBE,
    ur_service=SERVICES,
    ur_place=st.sampled_from(Place),
    form_supplied=st.booleans(),
    form_supplied_on=MAYBE,
    liability_disputed=st.booleans(),
    liability_resolution_served_on=MAYBE,
    information_requested_on=MAYBE,
    found_eligible_on=MAYBE,
    notice_sent_on=MAYBE,
    notice_service=SERVICES,
    notice_received_at=st.none() | TIMES,
    records_complete_on=MAYBE,
    converted_on=MAYBE,
    extension_approved_on=MAYBE,
    determination_mailed_on=MAYBE,
    determination_service=SERVICES,
    determination_place=st.sampled_from(Place),
    determination_received_on=MAYBE,
    overturned=st.none() | st.booleans(),
    treatment_given=st.none() | st.booleans(),
    appealed_on=MAYBE,
    dispute_ended_on=MAYBE,
    administrator_changed_on=MAYBE,
)


@given(CASES)
def test_no_deadline_in_days_is_a_closed_day(case: CaseDates) -> None:
    for deadline in due(case):
        if deadline.counted.unit is not Unit.HOURS:
            assert not is_closed(deadline.due, Calendar.JUDICIAL)
            assert not is_closed(deadline.due, Calendar.DIVISION)
            if deadline.counted.unit is Unit.BUSINESS:
                assert not is_closed(deadline.due, Calendar.BUSINESS)


@given(CASES)
def test_every_deadline_explains_itself_and_is_after_its_start(case: CaseDates) -> None:
    for deadline in due(case):
        assert deadline.due > deadline.start
        assert deadline.reasoning[0].startswith(f"Rule {deadline.rule}")
        assert (not deadline.verified) == any(sentence.startswith("Not verified") for sentence in deadline.reasoning)
        assert deadline.under
    for finding in not_running(case):
        assert not finding.holds
        assert str(finding)


@given(CASES)
def test_deadlines_come_in_the_order_of_their_days(case: CaseDates) -> None:
    days = [(d.due.year, d.due.month, d.due.day) for d in due(case)]
    assert days == sorted(days)


@given(DAYS, st.integers(1, 60), st.sampled_from((Unit.CALENDAR, Unit.BUSINESS)))
def test_more_time_for_service_never_shortens(start: date, amount: int, unit: Unit) -> None:
    in_person = add(start, amount, unit)
    for service, place in product(Service, Place):
        assert add(start, amount, unit, service_extension(service, place)) >= in_person
        assert add(start, amount, unit, appeals_board_extension(service, place)) >= in_person
    by_mail = [
        add(start, amount, unit, service_extension(Service.MAIL, place))
        for place in (Place.CALIFORNIA, Place.UNITED_STATES, Place.SAFE_AT_HOME, Place.ABROAD)
    ]
    assert by_mail == sorted(by_mail)


@given(DAYS, st.integers(1, 40), st.sampled_from((Unit.CALENDAR, Unit.BUSINESS, Unit.COURT)))
def test_a_longer_limit_never_ends_sooner_and_a_later_start_neither(start: date, amount: int, unit: Unit) -> None:
    assert add(start, amount + 1, unit) >= add(start, amount, unit)
    assert add(start + timedelta(days=1), amount, unit) >= add(start, amount, unit)


@given(DAYS, st.integers(1, 60), BUSINESS_OR_COURT)
def test_counting_forward_then_back_returns(start: date, amount: int, unit: Unit) -> None:
    while is_closed(start, CALENDARS[unit]):
        start += timedelta(days=1)
    assert shift(shift(start, amount, unit), -amount, unit) == start
    assert shift(shift(start, amount, Unit.CALENDAR), -amount, Unit.CALENDAR) == start


@given(TIMES, st.integers(1, 96))
def test_hours_are_hours_over_the_change_of_the_clocks(start: datetime, hours: int) -> None:
    from imr.law.rule import PACIFIC

    ends = add(start, hours, Unit.HOURS)
    assert isinstance(ends, datetime)
    aware = add(start.replace(tzinfo=PACIFIC), hours, Unit.HOURS)
    assert isinstance(aware, datetime)
    assert aware.timestamp() - start.replace(tzinfo=PACIFIC).timestamp() == hours * 3600
    assert aware.replace(tzinfo=None) == ends


@given(DAYS, st.integers(-60, 60))
def test_months_keep_to_the_month(day: date, months: int) -> None:
    moved = months_after(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_versions_neither_overlap_nor_leave_a_gap() -> None:
    for entry in ENTRIES:
        for number in entry.rule.numbers:
            versions = tuple(number)
            assert versions[0].since == entry.rule.since or entry.rule.id in (
                "rec-ca-documents",
                "fee-amount",
                "rec-penalty",
            )
            for earlier, later in pairwise(versions):
                # One governs until the day before the next: there is no day between them, and none that both claim.
                assert earlier.since < later.since
            for version in versions:
                assert (version.value is None) == bool(version.unknown), f"{number.name}: unknown, and why"
                assert version.under.section


def test_the_law_reads_no_clock_and_draws_no_lot() -> None:
    banned = {"today", "now", "utcnow", "time_ns", "random", "getrandbits", "urandom"}
    for file in Path(imr.law.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = (
                called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
            )
            assert name not in banned, f"{file.name}:{node.lineno}"
