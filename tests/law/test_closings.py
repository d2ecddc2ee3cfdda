"""Closed days that are not settled, and those that a site adds: closed offices, declared holidays, the list that it read."""

from datetime import UTC, date, datetime

import pytest

from imr.law import counting
from imr.law.counting import Unit, count
from imr.law.days import service_extension
from imr.law.holidays import UNSURE, Calendar, Closings, closed_weekdays, why_closed
from imr.law.rule import PACIFIC, Known
from imr.law.terms import Service, Track
from imr.law.time_limits import CaseDates, due


def _doubts(counted):
    return [citation.note for citation in counted.under() if not citation.known.verified]


@pytest.mark.parametrize("unsure", UNSURE, ids=str)
def test_a_last_day_that_may_have_been_closed_is_open_and_not_verified(unsure):
    counted = count(date.fromordinal(unsure.toordinal() - 10), 10, Unit.CALENDAR)
    assert counted.due == unsure
    assert _doubts(counted) == [UNSURE[unsure].note]


def test_a_court_day_that_may_have_been_closed_is_counted_and_not_verified():
    counted = count(date(2022, 5, 19), 30, Unit.CALENDAR, service_extension(Service.EXPRESS))
    assert counted.landed == date(2022, 6, 21)
    assert _doubts(counted) == ["whether the courts kept Juneteenth before 2023"]


def test_closed_court_days_that_service_passes_over_are_said():
    counted = count(date(2026, 10, 10), 30, Unit.CALENDAR, service_extension(Service.FAX))
    assert counted.due == date(2026, 11, 12)
    assert counted.passed_over() == (date(2026, 11, 11),)


def test_a_business_day_that_the_government_code_calls_a_holiday_is_counted_and_not_verified():
    counted = count(date(2025, 6, 16), 5, Unit.BUSINESS)
    assert counted.due == date(2025, 6, 23)
    assert _doubts(counted) == ["that Juneteenth is not on the list of CalHR"]
    assert not _doubts(count(date(2025, 6, 2), 5, Unit.BUSINESS))


def test_a_last_business_day_that_is_a_judicial_holiday_moves_and_is_not_verified():
    counted = count(date(2027, 2, 5), 5, Unit.BUSINESS)
    assert counted.landed == date(2027, 2, 12)
    assert counted.due == date(2027, 2, 16)
    assert "whether it moves a last business day that is a judicial holiday" in _doubts(counted)
    assert "Friday, February 12, 2027, is passed over: Lincoln Day." in counted.sentences()


def test_an_office_that_was_closed_all_day_moves_a_last_day_and_no_other():
    closings = Closings(offices=frozenset((date(2024, 3, 6),)))
    assert count(date(2024, 2, 20), 15, Unit.CALENDAR).due == date(2024, 3, 6)
    moved = count(date(2024, 2, 20), 15, Unit.CALENDAR, closings=closings)
    assert moved.due == date(2024, 3, 7)
    assert any("the office was closed all day" in sentence for sentence in moved.sentences())
    assert any(str(citation) == "CCP 12b" for citation in moved.under())
    assert all(citation.known is Known.TEXT for citation in moved.under())
    assert count(date(2024, 3, 4), 3, Unit.COURT, closings=closings).due == date(2024, 3, 7)


def test_a_day_that_the_governor_declared_is_no_business_day():
    closings = Closings(declared=frozenset((date(2026, 5, 6),)))
    assert count(date(2026, 5, 4), 2, Unit.BUSINESS).due == date(2026, 5, 6)
    declared = count(date(2026, 5, 4), 2, Unit.BUSINESS, closings=closings)
    assert declared.due == date(2026, 5, 7)
    assert declared.passed_over() == (date(2026, 5, 6),)


def test_the_list_of_a_year_as_the_office_read_it_replaces_memory_for_that_year():
    without = closed_weekdays(Calendar.BUSINESS)
    listed = frozenset({day for day in without if day.year == 2025} | {date(2025, 6, 19)})
    closings = Closings(listed=((2025, listed),))
    read = count(date(2025, 6, 16), 5, Unit.BUSINESS, closings=closings)
    assert read.due == date(2025, 6, 24)
    assert not _doubts(read)
    assert any("a holiday on the list of CalHR" in sentence for sentence in read.sentences())
    assert _doubts(count(date(2026, 6, 15), 5, Unit.BUSINESS, closings=closings))


def test_hours_pass_over_nothing():
    counted = count(date(2025, 12, 24), 48, Unit.HOURS)
    assert counted.passed_over() == ()
    assert counted.under() == ()


def test_one_instant_in_two_zones_keeps_each_zone():
    pacific = datetime(2025, 3, 8, 15, 45, tzinfo=PACIFIC)
    for received in (pacific, pacific.astimezone(UTC)):
        (deadline,) = due(CaseDates(track=Track.EXPEDITED, notice_received_at=received))
        assert deadline.due.tzinfo is received.tzinfo


def test_an_explanation_spells_each_day_once_and_looks_at_closed_days_alone(monkeypatch):
    looked = []
    monkeypatch.setattr(counting, "why_closed", lambda *asked: looked.append(asked[0]) or why_closed(*asked))
    counted = count(date(2026, 10, 10), 30, Unit.CALENDAR, service_extension(Service.FAX))
    assert counted.sentences()
    assert counted.under()
    assert set(looked) == {date(2026, 11, 11)}, "32 days were counted, and one closed weekday was looked at"


def test_the_same_question_is_counted_and_explained_once():
    asked = CaseDates(ur_served_on=date(2025, 5, 5), ur_service=Service.MAIL)
    (first,), (second,) = due(asked), due(asked)
    assert first is second
    assert first.reasoning is second.reasoning
