"""Counting of days and hours: where a count lands, which days it passes over, and what that rests on.

The first day is not counted, the last is (CCP 12). Where the last day is a Saturday, a Sunday, a judicial holiday or a day on
which the public office is closed, it moves to the next open day, once, after everything was added (CCP 12a, 12b). Hours run
from the minute and never move. `imr.law.days` has what service adds, and the deadline that results.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, cached_property, lru_cache

from imr.errors import NotInForce
from imr.law.holidays import (
    FIRST,
    LAST,
    NO_CLOSINGS,
    UNSURE,
    Calendar,
    Closed,
    Closings,
    closed,
    closed_weekdays,
    why_closed,
    working_holidays,
)
from imr.law.rule import PACIFIC, Citation, Known, Rule, Subject, case_law, civil_procedure, labor_code, spell


class Unit(Enum):
    """The unit in which a time limit is counted."""

    CALENDAR = "calendar days"
    BUSINESS = "normal business days"
    COURT = "court days"
    HOURS = "hours"


def in_words(amount: int, unit: Unit) -> str:
    """Give an amount with its unit in words: 1 normal business day, 30 calendar days."""
    return f"{amount} {unit.value[:-1] if amount == 1 else unit.value}"


@dataclass(frozen=True, slots=True, eq=False)
class Extension:
    """The time that the means of service adds to a time limit, with its citation. Each is made once, and is itself alone."""

    amount: int
    unit: Unit
    under: Citation | None
    words: str


DAY_COUNT = Rule(
    id="day-count",
    title="How days are counted",
    subject=Subject.DAYS,
    asks="The first day is left out and the last one counted. Where the last day is a Saturday, a Sunday, a judicial "
    "holiday, or a day on which the public office is closed all day, it moves to the next open day. Days are calendar "
    "days unless the law says business or working days.",
    under=(civil_procedure("12"), civil_procedure("12a"), civil_procedure("12b")),
)
BUSINESS_DAY = Rule(
    id="day-business",
    title="What a normal business day is",
    subject=Subject.DAYS,
    asks="From 2020 a normal business day is not a Saturday, a Sunday, a day that the Governor declares an official state "
    "holiday or a holiday that CalHR lists. Holidays of the Government Code on which state offices work are business days. "
    "The list of CalHR is from memory, and an answer that rests on it says so. Before 2020 no definition was seen; the same "
    "days are counted, since a Saturday was no working day (Pa'u v. CalFire, 2019), and the answer is marked as not verified.",
    under=(labor_code("4600.4(b)"),),
)
#: Before 2020 no definition was seen: a Saturday was no working day, and the holidays are those of the list.
_BUSINESS_BEFORE_2020 = case_law(
    "Pa'u v. CalFire (WCAB panel 2019)", note="a Saturday is no working day; which holidays were none was not seen"
)
BUSINESS_DAY_DEFINED = date(2020, 1, 1)
#: No text says whether CCP 12a moves a last business day on which the courts are closed and state offices work.
_BUSINESS_ON_A_COURT_HOLIDAY = civil_procedure(
    "12a", Known.MEMORY, "whether it moves a last business day that is a judicial holiday"
)

_FIRST, _LAST = FIRST.toordinal(), LAST.toordinal()
_CALENDAR_OF = {Unit.BUSINESS: Calendar.BUSINESS, Unit.COURT: Calendar.JUDICIAL}
#: The calendars that move a last day. A period of business days also ends on none that is not a business day.
_MOVE = (Calendar.JUDICIAL, Calendar.DIVISION)
_MOVE_BUSINESS = (Calendar.BUSINESS, *_MOVE)


def _known(ordinal: int) -> None:
    if not _FIRST <= ordinal <= _LAST:
        raise NotInForce(
            f"the closed days are known for {FIRST.year} to {LAST.year} only, and this count leaves those years; "
            "check the dates"
        )


def is_closed(day: date, calendar: Calendar) -> bool:
    """Say whether `calendar` is closed on `day`. Raises NotInForce outside the years whose closed days are known."""
    _known(day.toordinal())
    return day.toordinal() in closed(calendar)


def shift(day: date, amount: int, unit: Unit) -> date:
    """Give the day that is `amount` days of `unit` after `day`, or before it if negative. A closed last day does not move."""
    return date.fromordinal(_shifted(day.toordinal(), amount, unit, NO_CLOSINGS))


@cache
def _never_counted(unit: Unit) -> frozenset[int]:
    """The days that a count in this unit passes over, by the tables alone."""
    return closed(_CALENDAR_OF[unit])


@cache
def _never_last(unit: Unit) -> frozenset[int]:
    """The days on which no period in this unit ends, by the tables alone."""
    return _no_last_day(_calendars(unit), NO_CLOSINGS)


def _shifted(ordinal: int, amount: int, unit: Unit, closings: Closings) -> int:
    if unit is Unit.CALENDAR:
        return ordinal + amount
    shut = _never_counted(unit) if closings is NO_CLOSINGS else closed(_CALENDAR_OF[unit], closings)
    step = 1 if amount > 0 else -1
    _known(ordinal)
    while amount:
        ordinal += step
        if ordinal not in shut:
            amount -= step
    _known(ordinal)
    return ordinal


@lru_cache(maxsize=256)
def _no_last_day(calendars: tuple[Calendar, ...], closings: Closings) -> frozenset[int]:
    """The days on which no period ends that these calendars move."""
    return frozenset().union(*(closed(calendar, closings) for calendar in calendars))


@lru_cache(maxsize=256)
def _closed_weekdays(calendars: tuple[Calendar, ...], closings: Closings) -> tuple[int, ...]:
    days = {day.toordinal() for calendar in calendars for day in closed_weekdays(calendar, closings)}
    return tuple(sorted(days))


def _between(days: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    """The days from `first` to `last`, both included, of days in order."""
    return days[bisect_left(days, first) : bisect_left(days, last + 1)]


_UNSURE = tuple(sorted(day.toordinal() for day in UNSURE))


@lru_cache(maxsize=64)
def _working_holidays(closings: Closings) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in working_holidays(closings)))


@dataclass(frozen=True)
class Count:
    """A count of days or hours from `start`: where it landed, and where it ends after it moved past closed days.

    `closings` is what the site knows of closed days beyond the tables.
    """

    start: date
    amount: int
    unit: Unit
    extension: Extension | None
    landed: date
    due: date
    closings: Closings = NO_CLOSINGS

    @property
    def rolled(self) -> bool:
        """True if the last day moved."""
        return self.landed != self.due

    def _stretches(self) -> Iterator[tuple[int, int, Unit]]:
        """The first and last day of each stretch that was counted in working or court days, with its unit."""
        served = self.extension is not None and self.extension.unit is Unit.COURT
        counted = self.unit is Unit.BUSINESS or self.unit is Unit.COURT
        if not counted and not served:
            return
        start = self.start.toordinal()
        reached = _shifted(start, self.amount, self.unit, self.closings)
        if counted:
            yield start + 1, reached, self.unit
        if served:
            yield reached + 1, self.landed.toordinal(), Unit.COURT

    def passed_over(self) -> tuple[date, ...]:
        """Give the closed weekdays that the count did not count, or moved past."""
        return self._passed

    @cached_property
    def _passed(self) -> tuple[date, ...]:
        days: set[int] = set()
        for first, last, unit in self._stretches():
            days.update(_between(_closed_weekdays((_CALENDAR_OF[unit],), self.closings), first, last))
        if self.rolled:
            shut = _closed_weekdays(_calendars(self.unit), self.closings)
            days.update(_between(shut, self.landed.toordinal(), self.due.toordinal() - 1))
        return tuple(map(date.fromordinal, sorted(days)))

    def _closing(self, day: date) -> Closed:
        """Give why a day was not counted, or could not be the last one."""
        calendars = _calendars(self.unit)
        return next(why for calendar in calendars if (why := why_closed(day, calendar, self.closings)) is not None)

    def sentences(self) -> tuple[str, ...]:
        """Say the count step by step: what was added, what was passed over, whether the last day moved."""
        if self.unit is Unit.HOURS:
            return (f"{self.amount} hours from then end on {spell(self.due)}; hours do not move for a closed day.",)
        told = [f"Counted, the first day left out: {in_words(self.amount, self.unit)}."]
        if self.extension is not None:
            added = in_words(self.extension.amount, self.extension.unit) if self.extension.amount else "nothing"
            cited = f" ({self.extension.under})" if self.extension.under else ""
            told.append(f"{self.extension.words}: {added} added{cited}.")
        told.extend(f"{spell(day)}, is passed over: {self._closing(day).because}." for day in self.passed_over())
        if self.rolled:
            told.append(
                f"The last day would be {spell(self.landed)}, which is closed ({self._closing(self.landed).because}); "
                f"it moves once, to the next open day (CCP 12a)."
            )
        else:
            told.append(f"The last day is {spell(self.landed)}, which is open: nothing moves.")
        return tuple(told)

    def under(self) -> tuple[Citation, ...]:
        """Give the provisions that the count itself rests on, beyond the rule: service, closed days, what a business day is.

        A day of which it is not settled whether it is open makes the answer rest on memory, and is named.
        """
        if self.unit is Unit.HOURS:
            return ()
        cited: dict[Citation, None] = {}
        if self.extension is not None and self.extension.under is not None:
            cited[self.extension.under] = None
        if self.unit is Unit.BUSINESS:
            cited[BUSINESS_DAY.under[0] if self.start >= BUSINESS_DAY_DEFINED else _BUSINESS_BEFORE_2020] = None
        if self.rolled:
            cited[DAY_COUNT.under[1]] = None
        cited.update((self._closing(day).under, None) for day in self.passed_over())
        cited.update((doubt, None) for doubt in self._doubts())
        return tuple(cited)

    def _doubts(self) -> Iterator[Citation]:
        """What is not settled about a day that was counted as open, or about the move of the last day."""
        landed, due = self.landed.toordinal(), self.due.toordinal()
        unsure = set(_between(_UNSURE, due, due))
        for first, last, unit in self._stretches():
            if unit is Unit.COURT:
                unsure.update(_between(_UNSURE, first, last))
            else:
                works = working_holidays(self.closings)
                for day in _between(_working_holidays(self.closings), first, last):
                    yield works[date.fromordinal(day)]
        for day in sorted(unsure):
            yield UNSURE[date.fromordinal(day)]
        if self.unit is Unit.BUSINESS and landed != due and landed not in closed(Calendar.DIVISION, self.closings):
            yield _BUSINESS_ON_A_COURT_HOLIDAY


def _calendars(unit: Unit) -> tuple[Calendar, ...]:
    """The calendars that move a last day, counted in a unit."""
    return _MOVE_BUSINESS if unit is Unit.BUSINESS else _MOVE


def count(
    start: date, amount: int, unit: Unit, extension: Extension | None = None, *, closings: Closings = NO_CLOSINGS
) -> Count:
    """Count `amount` of `unit` from `start`, add what service adds, and move a closed last day once.

    Hours need the time: a date alone is counted from its first minute, the earliest that it can have been. A time
    without a zone is Pacific. Raises NotInForce where the count leaves the years whose closed days are known.
    """
    if unit is Unit.HOURS:
        due = _hours_after(start, amount)
        return Count(start, amount, unit, None, due, due)
    if isinstance(start, datetime):
        start = start.astimezone(PACIFIC).date() if start.tzinfo else start.date()
    ordinal = _shifted(start.toordinal(), amount, unit, closings)
    if extension is not None and extension.amount:
        ordinal = _shifted(ordinal, extension.amount, extension.unit, closings)
    rolled = ordinal
    shut = _never_last(unit) if closings is NO_CLOSINGS else _no_last_day(_calendars(unit), closings)
    while rolled in shut:
        rolled += 1
    _known(rolled)
    landed = date.fromordinal(ordinal)
    last = landed if rolled == ordinal else date.fromordinal(rolled)
    return Count(start, amount, unit, extension, landed, last, closings)


def _hours_after(start: date, hours: int) -> datetime:
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - Pacific, as the docstring of count says
    if start.tzinfo is None:
        aware = start.replace(tzinfo=PACIFIC).astimezone(UTC) + timedelta(hours=hours)
        return aware.astimezone(PACIFIC).replace(tzinfo=None)
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)


def add(start: date, amount: int, unit: Unit, extension: Extension | None = None) -> date:
    """Give the last day (or, for hours, the last minute) of `count`."""
    return count(start, amount, unit, extension).due
