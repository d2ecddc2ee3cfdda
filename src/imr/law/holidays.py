"""The days on which California is closed.

State and judicial holidays, and closed offices of the Division, each from its first year.

A holiday is a function that gives its day in a year and, for each calendar, the years in which that calendar lists it,
with the citation. `closed(calendar)` gives the days of `FIRST` to `LAST`, computed once. Outside these years the
functions raise `NotInForce`: the lunar holidays are a table, and later amendments are not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache, lru_cache
from types import MappingProxyType

from imr.errors import NotInForce
from imr.law.rule import Citation, Known, Rule, Subject, civil_procedure, government_code, labor_code, spell

#: The days between which the tables of this module are complete.
FIRST, LAST = date(2012, 1, 1), date(2035, 12, 31)


class Calendar(Enum):
    """A calendar of closed days."""

    #: Every holiday that the Government Code names, and weekends.
    STATE = "state holidays (Gov. Code 6700)"
    #: Days on which the courts are closed; the last day of a period moves past them (CCP 12a, 135).
    JUDICIAL = "judicial holidays (CCP 135)"
    #: Days on which the offices of the Division are closed (CCP 12b; not seen in text).
    DIVISION = "closed offices of the Division"
    #: Days that are not a normal business day: those that the Governor declares and those that CalHR lists (LC 4600.4(b)).
    BUSINESS = "days that are not normal business days (LC 4600.4(b))"


@dataclass(frozen=True, slots=True)
class Listed:
    """The first and last year in which a calendar lists a holiday, with the citation."""

    under: Citation
    since: int = FIRST.year
    until: int = LAST.year


class Moves(Enum):
    """The rule for a holiday that falls on a weekend."""

    STAYS = "stays"
    SUNDAY = "a Sunday gives the Monday after"
    SUNDAY_AND_SATURDAY = "a Sunday gives the Monday after, a Saturday the Friday before"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday: its name, its day in a year (None for a year without it), the calendars that list it."""

    name: str
    falls: Callable[[int], date | None]
    listed: Mapping[Calendar, Listed]
    moves: Moves = Moves.STAYS


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(n: int, weekday: int, month: int) -> Callable[[int], date]:
    def falls(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))

    return falls


def _last_monday_of_may(year: int) -> date:
    return date(year, 5, 31) - timedelta(days=date(year, 5, 31).weekday())


def _day_after_thanksgiving(year: int) -> date:
    return _nth(4, 3, 11)(year) + timedelta(days=1)


#: The second new moon after the winter solstice, as the almanacs give it (tests compare it with a lunar calendar).
_LUNAR_NEW_YEAR = MappingProxyType(
    {
        2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
        2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
    }
)  # fmt: skip
#: The fifteenth day of Kartik in the Hindu lunar calendar, as the almanacs give it (tests compare it with a library).
_DIWALI = MappingProxyType(
    {
        2026: (11, 8), 2027: (10, 29), 2028: (10, 17), 2029: (11, 5), 2030: (10, 26), 2031: (11, 14), 2032: (11, 2),
        2033: (10, 22), 2034: (11, 10), 2035: (10, 30),
    }
)  # fmt: skip


def _table(days: Mapping[int, tuple[int, int]]) -> Callable[[int], date | None]:
    return lambda year: date(year, *days[year]) if year in days else None


_STATE = Listed(government_code("6700"))
_COURTS = Listed(civil_procedure("135"))
_OFFICES = Listed(government_code("19853", Known.MEMORY, "the Division's own calendar of a year was not seen"))
#: The paid holidays of state employees, from memory. Before 2020 the same days under Civil Code 9.
_CALHR = Listed(labor_code("4600.4(b)", Known.MEMORY, "the list of CalHR was not seen"))


def _in(*listed: tuple[Calendar, Listed]) -> Mapping[Calendar, Listed]:
    return MappingProxyType(dict(listed))


def _since(year: int, act: str) -> Listed:
    return Listed(government_code("6700", Known.MEMORY, f"{act}: its first year is from memory"), since=year)


_ALL = _in(
    (Calendar.STATE, _STATE),
    (Calendar.JUDICIAL, _COURTS),
    (Calendar.DIVISION, _OFFICES),
    (Calendar.BUSINESS, _CALHR),
)
_STATE_AND_COURTS = _in((Calendar.STATE, _STATE), (Calendar.JUDICIAL, _COURTS))

#: Every holiday, in the order of the year.
HOLIDAYS = (
    Holiday("New Year's Day", _fixed(1, 1), _ALL, Moves.SUNDAY),
    Holiday("Martin Luther King Jr. Day", _nth(3, 0, 1), _ALL),
    Holiday("Lunar New Year", _table(_LUNAR_NEW_YEAR), _in((Calendar.STATE, _since(2023, "Stats. 2022, AB 2596")))),
    Holiday("Lincoln Day", _fixed(2, 12), _STATE_AND_COURTS, Moves.SUNDAY),
    Holiday("Presidents' Day", _nth(3, 0, 2), _ALL),
    Holiday("Cesar Chavez Day", _fixed(3, 31), _ALL, Moves.SUNDAY),
    Holiday("Genocide Remembrance Day", _fixed(4, 24), _in((Calendar.STATE, _since(2023, "Stats. 2022, AB 1801")))),
    Holiday("Memorial Day", _last_monday_of_may, _ALL),
    Holiday(
        "Juneteenth",
        _fixed(6, 19),
        _in(
            (Calendar.STATE, _since(2023, "Stats. 2022, AB 1655")),
            (
                Calendar.JUDICIAL,
                Listed(
                    civil_procedure("135", Known.MEMORY, "Stats. 2022, AB 1655: its first year is from memory"), 2023
                ),
            ),
        ),
    ),
    Holiday("Independence Day", _fixed(7, 4), _ALL, Moves.SUNDAY),
    Holiday("Labor Day", _nth(1, 0, 9), _ALL),
    Holiday("Admission Day", _fixed(9, 9), _in((Calendar.STATE, _STATE)), Moves.SUNDAY),
    Holiday(
        "Native American Day",
        _nth(4, 4, 9),
        _in(
            (Calendar.STATE, Listed(government_code("6700", note="in the code by early 2015"), 2015)),
            (Calendar.JUDICIAL, Listed(civil_procedure("135", note="Stats. 2021, chapter 283 (AB 855)"), 2022)),
        ),
    ),
    Holiday(
        "Columbus Day",
        _nth(2, 0, 10),
        _in(
            (Calendar.STATE, _STATE),
            (
                Calendar.JUDICIAL,
                Listed(
                    civil_procedure(
                        "135", note="until Stats. 2021, chapter 283 (AB 855) put Native American Day there"
                    ),
                    until=2021,
                ),
            ),
        ),
    ),
    Holiday("Diwali", _table(_DIWALI), _in((Calendar.STATE, _since(2026, "Stats. 2025, AB 268")))),
    Holiday("Veterans Day", _fixed(11, 11), _ALL, Moves.SUNDAY_AND_SATURDAY),
    Holiday("Thanksgiving Day", _nth(4, 3, 11), _ALL),
    Holiday(
        "the day after Thanksgiving",
        _day_after_thanksgiving,
        _in((Calendar.JUDICIAL, _COURTS), (Calendar.DIVISION, _OFFICES), (Calendar.BUSINESS, _CALHR)),
    ),
    Holiday("Christmas Day", _fixed(12, 25), _ALL, Moves.SUNDAY),
)

RULE = Rule(
    id="day-holidays",
    title="The days on which California is closed",
    subject=Subject.DAYS,
    asks="State holidays by the Government Code, judicial holidays by the Code of Civil Procedure, closed offices of the "
    "Division (from memory), each from its year. A holiday on a Sunday is observed on Monday; Veterans Day on a Saturday, on Friday.",
    under=(government_code("6700"), government_code("6701"), civil_procedure("135")),
)
#: Weekdays on which it is not settled whether the courts were closed. Each counts as open, and the answer says so.
UNSURE: Mapping[date, Citation] = MappingProxyType(
    {
        date(2015, 9, 25): civil_procedure("135", Known.MEMORY, "whether the courts kept Native American Day in 2015"),
        date(2022, 6, 20): civil_procedure("135", Known.MEMORY, "whether the courts kept Juneteenth before 2023"),
    }
)
_MONDAY_AFTER = "6701"
#: Courts observe a holiday on a Saturday on another day that the Judicial Council names; it has been the Friday before.
_JUDICIAL_COUNCIL = civil_procedure(
    "135", Known.MEMORY, "the Judicial Council's day for a holiday that falls on a weekend"
)


@dataclass(frozen=True, slots=True)
class Closed:
    """The reason why a day is closed, with its citation."""

    because: str
    under: Citation


_SATURDAY = Closed("Saturday", civil_procedure("12a"))
_SUNDAY = Closed("Sunday", government_code("6700"))


def _observed(holiday: Holiday, day: date, calendar: Calendar, listed: Listed) -> tuple[date, Closed] | None:
    """The weekday on which a holiday that falls on a weekend is observed; None if it is not."""
    courts = calendar is Calendar.JUDICIAL
    because = f"{holiday.name}, observed for {spell(day)}"
    if day.weekday() == 6 and (courts or holiday.moves is not Moves.STAYS):
        under = _JUDICIAL_COUNCIL if courts else Citation("Gov. Code", _MONDAY_AFTER, listed.under.known)
        return day + timedelta(days=1), Closed(because, under)
    if day.weekday() == 5 and (courts or holiday.moves is Moves.SUNDAY_AND_SATURDAY):
        under = _JUDICIAL_COUNCIL if courts else Citation("Gov. Code", _MONDAY_AFTER, listed.under.known)
        return day - timedelta(days=1), Closed(because, under)
    return None


@cache
def holidays(calendar: Calendar) -> Mapping[date, Closed]:
    """Every weekday from `FIRST` to `LAST` on which `calendar` is closed, with the reason. Weekends are left out."""
    days: dict[date, Closed] = {}
    for holiday in HOLIDAYS:
        listed = holiday.listed.get(calendar)
        if listed is None:
            continue
        # New Year's Day of the next year may be observed on December 31.
        for year in range(listed.since, min(listed.until, LAST.year) + 2):
            day = holiday.falls(year)
            if day is None or (year > listed.until and listed.until < LAST.year):
                continue
            if day.weekday() < 5:
                days.setdefault(day, Closed(holiday.name, listed.under))
            elif (kept := _observed(holiday, day, calendar, listed)) is not None:
                days.setdefault(*kept)
    return MappingProxyType({day: days[day] for day in sorted(days) if FIRST <= day <= LAST})


@dataclass(frozen=True, slots=True)
class Closings:
    """What a site knows of closed days beyond the tables: a setting.

    `offices` are days on which the public office was closed all day: a last day moves past them (CCP 12b). `declared` are
    days that the Governor declared official state holidays: no business days. `listed` holds the list of CalHR of a year
    as the office read it; it takes the place of the list from memory for that year.
    """

    offices: frozenset[date] = frozenset()
    declared: frozenset[date] = frozenset()
    listed: tuple[tuple[int, frozenset[date]], ...] = ()


NO_CLOSINGS = Closings()
_OFFICE_CLOSED = Closed("the office was closed all day", civil_procedure("12b"))
_DECLARED = Closed("declared an official state holiday", labor_code("4600.4(b)"))
_ON_THE_LIST = Closed("a holiday on the list of CalHR", labor_code("4600.4(b)", note="as the office read the list"))


@lru_cache(maxsize=256)
def closed_weekdays(calendar: Calendar, closings: Closings = NO_CLOSINGS) -> Mapping[date, Closed]:
    """Every weekday from `FIRST` to `LAST` on which `calendar` is closed, with what the site adds to the tables."""
    days = dict(holidays(calendar))
    if calendar is Calendar.DIVISION:
        days.update((day, _OFFICE_CLOSED) for day in closings.offices)
    if calendar is Calendar.BUSINESS:
        years = {year for year, _ in closings.listed}
        days = {day: why for day, why in days.items() if day.year not in years}
        days.update((day, _ON_THE_LIST) for _, listed in closings.listed for day in listed)
        days.update((day, _DECLARED) for day in closings.declared)
    return MappingProxyType({day: days[day] for day in sorted(days) if FIRST <= day <= LAST and day.weekday() < 5})


@lru_cache(maxsize=256)
def closed(calendar: Calendar, closings: Closings = NO_CLOSINGS) -> frozenset[int]:
    """The ordinals of every closed day from `FIRST` to `LAST`, weekends included."""
    weekends = {n for n in range(FIRST.toordinal(), LAST.toordinal() + 1) if (n - 1) % 7 > 4}
    return frozenset(weekends | {day.toordinal() for day in closed_weekdays(calendar, closings)})


@lru_cache(maxsize=64)
def working_holidays(closings: Closings = NO_CLOSINGS) -> Mapping[date, Citation]:
    """Holidays of the Government Code that are business days all the same: the list from memory leaves them out.

    A year whose list was read is settled and has none.
    """
    read = {year for year, _ in closings.listed}
    business = closed_weekdays(Calendar.BUSINESS, closings)
    return MappingProxyType(
        {
            day: labor_code("4600.4(b)", Known.MEMORY, f"that {why.because} is not on the list of CalHR")
            for day, why in holidays(Calendar.STATE).items()
            if day not in business and day.year not in read
        }
    )


def why_closed(day: date, calendar: Calendar, closings: Closings = NO_CLOSINGS) -> Closed | None:
    """Give why `calendar` is closed on `day`, or None if it is open. Raises NotInForce outside the known years."""
    if not FIRST <= day <= LAST:
        raise NotInForce(f"the closed days of {day.year} are not known; the table holds {FIRST.year} to {LAST.year}")
    if day.weekday() > 4:
        return _SATURDAY if day.weekday() == 5 else _SUNDAY
    return closed_weekdays(calendar, closings).get(day)
