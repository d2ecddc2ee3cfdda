"""Our closed days beside those of two well-kept libraries, 2013 to 2035: every difference is named, with its citation.

The libraries have the holidays of state employees: they differ from the Government Code, and hardly from business days.
"""

import warnings
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from imr.law.days import Calendar, Unit, add, is_closed
from imr.law.holidays import _DIWALI, _LUNAR_NEW_YEAR
from imr.law.holidays import holidays as closed_weekdays

FIRST, LAST = date(2013, 1, 1), date(2035, 12, 31)
YEARS = range(2013, 2036)


def weekdays() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


@pytest.fixture(scope="module")
def the_library() -> dict[date, str]:
    """California's public holidays as the package `holidays` has them."""
    import holidays

    return dict(holidays.country_holidays("US", subdiv="CA", years=YEARS))


@pytest.fixture(scope="module")
def other_library() -> set[date]:
    """California's holidays as the package `workalendar` has them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from workalendar.usa import California

        return {day for year in YEARS for day, _ in California().holidays(year)}


#: Why the state's table closes a weekday that `holidays` leaves open: the reason of our table, and what explains it.
ONLY_OURS = {
    "Lincoln Day": "Gov. Code 6700 keeps 12 February; the library dropped it with the paid holiday of state employees in 2009",
    "Admission Day": "Gov. Code 6700 keeps 9 September; it is no paid holiday of state employees",
    "Native American Day": "Gov. Code 6700 names the fourth Friday of September, which the library leaves out",
    "Columbus Day": "Gov. Code 6700 keeps the second Monday of October; the library ends it with 2008",
    "Lunar New Year": "Gov. Code 6700 since 2023; the library leaves it out",
    "Genocide Remembrance Day": "Gov. Code 6700 since 2023; the library leaves it out",
}
#: Why `holidays` closes a weekday that the state's table leaves open.
ONLY_THEIRS = {
    "Susan B. Anthony Day": "an observance of the Education Code, no holiday of Gov. Code 6700",
    "Day After Thanksgiving": "a holiday of the courts (CCP 135) and of state employees, not named by Gov. Code 6700",
    "Independence Day (observed)": "federal custom for a Saturday; Gov. Code 6701 moves only Veterans Day to the Friday before",
    "Christmas Day (observed)": "federal custom for a Saturday; Gov. Code 6701 moves only Veterans Day to the Friday before",
    "New Year's Day (observed)": "federal custom for a Saturday; Gov. Code 6701 moves only Veterans Day to the Friday before",
    "Juneteenth National Independence Day (observed)": "federal in 2021 and 2022, in Gov. Code 6700 since 2023; and Gov. "
    "Code 6701 moves the days that it names, of which Juneteenth is none",
}


def test_every_difference_from_the_library_is_explained(the_library: dict[date, str]) -> None:
    state = closed_weekdays(Calendar.STATE)
    unexplained = []
    for day in weekdays():
        ours, theirs = state.get(day), the_library.get(day)
        if ours and not theirs and ours.because.split(", observed for")[0] not in ONLY_OURS:
            unexplained.append((day, ours.because, None))
        if theirs and not ours and not any(name in ONLY_THEIRS for name in theirs.split("; ")):
            unexplained.append((day, None, theirs))
    assert not unexplained


def test_no_explanation_is_left_over(the_library: dict[date, str]) -> None:
    state = closed_weekdays(Calendar.STATE)
    ours = {
        state[day].because.split(", observed for")[0]
        for day in state
        if day not in the_library and FIRST <= day <= LAST
    }
    theirs = {
        name
        for day in weekdays()
        if day not in state and day in the_library
        for name in the_library[day].split("; ")
        if name in ONLY_THEIRS
    }
    assert ours == set(ONLY_OURS)
    assert theirs == set(ONLY_THEIRS)


#: Weekdays that are no business days and that a library of state employees' holidays leaves open: nothing is left over.
NOT_THEIRS = {"Cesar Chavez Day", "the day after Thanksgiving"}
#: Holidays of the library on which, as far as is remembered, state offices work: the list of CalHR leaves them out.
NOT_LISTED = {"Diwali", "Juneteenth National Independence Day"}


def test_state_offices_work_on_every_day_on_which_the_library_has_no_holiday(the_library: dict[date, str]) -> None:
    business = closed_weekdays(Calendar.BUSINESS)
    extra = {
        why.because.split(", observed for")[0]
        for day, why in business.items()
        if FIRST <= day <= LAST and day not in the_library
    }
    assert extra <= NOT_THEIRS
    more = {
        name
        for day, names in the_library.items()
        if day.weekday() < 5 and day not in business
        for name in names.split("; ")
    }
    assert more <= set(ONLY_THEIRS) | NOT_LISTED, more


#: The same beside `workalendar`, whose California keeps the holidays of state employees.
ONLY_OURS_BESIDE_THE_OTHER = {
    "Lincoln Day", "Admission Day", "Native American Day", "Columbus Day", "Lunar New Year", "Genocide Remembrance Day",
    "Juneteenth", "Diwali", "New Year's Day", "Independence Day", "Cesar Chavez Day", "Veterans Day", "Christmas Day",
}  # fmt: skip


def test_the_judicial_days_hold_every_holiday_of_the_other_library(other_library: set[date]) -> None:
    judicial = closed_weekdays(Calendar.JUDICIAL)
    missing = [day for day in sorted(other_library) if day.weekday() < 5 and day not in judicial and day >= FIRST]
    # Federal Juneteenth of 2021 and 2022 stood in no California code yet (CCP 135 since 2023).
    assert [day for day in missing if not (day.month == 6 and day.year in (2021, 2022))] == []


def test_what_the_courts_close_on_beyond_the_other_library_is_in_their_code(other_library: set[date]) -> None:
    judicial = closed_weekdays(Calendar.JUDICIAL)
    extra = {
        judicial[day].because.split(", observed for")[0]
        for day in judicial
        if FIRST <= day <= LAST and day not in other_library
    }
    assert extra <= ONLY_OURS_BESIDE_THE_OTHER, extra - ONLY_OURS_BESIDE_THE_OTHER


def test_lunar_new_year_is_that_of_a_lunar_calendar() -> None:
    import lunardate

    for year, (month, day) in _LUNAR_NEW_YEAR.items():
        assert lunardate.LunarDate(year, 1, 1).to_solar_date() == date(year, month, day)


def test_diwali_is_that_of_the_library() -> None:
    import holidays

    india = holidays.country_holidays("IN", years=YEARS)
    theirs = {day.year: (day.month, day.day) for day, name in india.items() if name == "Diwali"}
    assert {year: theirs[year] for year in _DIWALI} == dict(_DIWALI)


def test_business_days_are_counted_as_a_slow_plain_reader_counts_them() -> None:
    for offset in range(0, 8000, 7):
        start = FIRST + timedelta(days=offset)
        day, left = start, 5
        while left:
            day += timedelta(days=1)
            left -= not is_closed(day, Calendar.BUSINESS)
        while any(is_closed(day, calendar) for calendar in (Calendar.JUDICIAL, Calendar.DIVISION, Calendar.BUSINESS)):
            day += timedelta(days=1)
        assert add(start, 5, Unit.BUSINESS) == day
