"""Counting of days as the law counts them, and the deadlines that result.

The first day is not counted, the last is (CCP 12). Service otherwise than in person adds days (CCP 1013; 8 CCR 10605).
Where the last day is a Saturday, a Sunday, a judicial holiday or a day on which the public office is closed, it moves
to the next open day, once, after everything was added (CCP 12a, 12b). Hours run from the minute and never move.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache

from imr.errors import NotInForce
from imr.law.holidays import FIRST, LAST, Calendar, Closed, closed, why_closed
from imr.law.rule import PACIFIC, Citation, Known, Rule, Subject, civil_procedure, labor_code, regulation, spell
from imr.law.terms import Place, Role, Service

__all__ = [
    "Calendar",
    "Count",
    "Deadline",
    "Extension",
    "Unit",
    "add",
    "count",
    "is_closed",
    "months_after",
    "shift",
    "why_closed",
]

#: Hours are hours in California: a time without a zone is Pacific.


class Unit(Enum):
    """The unit in which a time limit is counted."""

    CALENDAR = "calendar days"
    BUSINESS = "normal business days"
    COURT = "court days"
    HOURS = "hours"


def in_words(amount: int, unit: Unit) -> str:
    """Give an amount with its unit in words: 1 normal business day, 30 calendar days."""
    return f"{amount} {unit.value[:-1] if amount == 1 else unit.value}"


@dataclass(frozen=True, slots=True)
class Extension:
    """The time that the means of service adds to a time limit, with its citation; `note` says what was not known."""

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
    asks="From 2020 a normal business day is not a Saturday, a Sunday, an official state holiday or a holiday that CalHR "
    "lists. Before 2020 the words had the meaning of Civil Code 9, and whether a Saturday counted was litigated; here "
    "Monday to Friday less the state holidays is counted, and the answer is marked as not verified.",
    under=(labor_code("4600.4(b)"),),
)
#: Before 2020 no definition was seen; it is counted Monday to Friday less state holidays, and marked so.
_BUSINESS_BEFORE_2020 = Citation("Civil Code", "9", Known.SECONDARY, "whether a Saturday counted was disputed")
BUSINESS_DAY_DEFINED = date(2020, 1, 1)

SERVICE_EXTENSION = Rule(
    id="app-time-mail-extension",
    title="What service by mail adds to the time to act",
    subject=Subject.DAYS,
    asks="Mail within California adds 5 calendar days, to or from elsewhere in the United States 10, to or from abroad 20, "
    "through the address confidentiality program 12. Express delivery and agreed fax add 2 court days, and so does "
    "electronic service. In person nothing is added.",
    under=(civil_procedure("1013(a)"), civil_procedure("1013(c)-(e)")),
)
#: Calendar days that mail adds, by where the paper was mailed from and to.
MAIL_DAYS = {Place.CALIFORNIA: 5, Place.UNITED_STATES: 10, Place.ABROAD: 20, Place.SAFE_AT_HOME: 12}
_MAIL = civil_procedure("1013(a)", note="applied to the application for IMR in Avila v. UC Irvine (WCAB panel 2015)")
_EXPRESS = civil_procedure("1013(c), (e)")
_ELECTRONIC = civil_procedure("1010.6", Known.MEMORY, "the two court days of electronic service were not seen in text")

APPEALS_BOARD_EXTENSION = Rule(
    id="day-wcab-extension",
    title="What service adds to the time to file with the appeals board",
    subject=Subject.DAYS,
    asks="Service by mail, fax or e-mail adds 5 calendar days in California, 10 elsewhere in the United States, 20 abroad.",
    under=(regulation("10605"),),
)


@cache
def service_extension(service: Service | None, place: Place = Place.CALIFORNIA) -> Extension:
    """Give the time that service adds under CCP 1013. If the means of service is not known, it adds nothing and says so."""
    match service:
        case Service.MAIL:
            return Extension(MAIL_DAYS[place], Unit.CALENDAR, _MAIL, f"Served by mail ({place.value})")
        case Service.EXPRESS | Service.FAX:
            return Extension(2, Unit.COURT, _EXPRESS, f"Served by {service.value}")
        case Service.ELECTRONIC:
            return Extension(2, Unit.COURT, _ELECTRONIC, "Served electronically")
        case Service.PERSONAL:
            return Extension(0, Unit.CALENDAR, None, "Served in person")
    return Extension(0, Unit.CALENDAR, None, "How it was served is not known: counted as in person, the shortest")


def appeals_board_extension(service: Service | None, place: Place = Place.CALIFORNIA) -> Extension:
    """Give the time that service adds to filing with the appeals board (8 CCR 10605; Matute)."""
    if service in (None, Service.PERSONAL):
        return service_extension(service, place)
    if place is Place.SAFE_AT_HOME:
        return Extension(12, Unit.CALENDAR, _MAIL, f"Served by {service.value} ({place.value})")
    words = f"Served by {service.value} ({place.value})"
    return Extension(MAIL_DAYS[place], Unit.CALENDAR, APPEALS_BOARD_EXTENSION.under[0], words)


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later (or earlier), or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def is_closed(day: date, calendar: Calendar) -> bool:
    """Say whether `calendar` is closed on `day`. Raises NotInForce outside the years whose closed days are known."""
    _known(day.toordinal())
    return day.toordinal() in closed(calendar)


_FIRST, _LAST = FIRST.toordinal(), LAST.toordinal()


def _known(ordinal: int) -> None:
    if not _FIRST <= ordinal <= _LAST:
        raise NotInForce(
            f"the closed days are known for {FIRST.year} to {LAST.year} only, and this count leaves those years; "
            "check the dates"
        )


_CALENDAR_OF = {Unit.BUSINESS: Calendar.BUSINESS, Unit.COURT: Calendar.JUDICIAL}


def shift(day: date, amount: int, unit: Unit) -> date:
    """Give the day that is `amount` days of `unit` after `day`, or before it if negative. A closed last day does not move."""
    return date.fromordinal(_shifted(day.toordinal(), amount, unit))


def _shifted(ordinal: int, amount: int, unit: Unit) -> int:
    if unit is Unit.CALENDAR:
        return ordinal + amount
    shut = closed(_CALENDAR_OF[unit])
    step = 1 if amount > 0 else -1
    _known(ordinal)
    while amount:
        ordinal += step
        if ordinal not in shut:
            amount -= step
    _known(ordinal)
    return ordinal


@cache
def _no_last_day(business: bool) -> frozenset[int]:
    """The days on which no period ends. A period of business days also ends on none that is not a business day."""
    shut = closed(Calendar.JUDICIAL) | closed(Calendar.DIVISION)
    return shut | closed(Calendar.BUSINESS) if business else shut


def _rolled(ordinal: int, business: bool) -> int:
    shut = _no_last_day(business)
    while ordinal in shut:
        ordinal += 1
    _known(ordinal)
    return ordinal


@dataclass(frozen=True, slots=True)
class Count:
    """A count of days or hours from `start`: where it landed, and where it ends after it moved past closed days."""

    start: date
    amount: int
    unit: Unit
    extension: Extension | None
    landed: date
    due: date

    @property
    def rolled(self) -> bool:
        """True if the last day moved."""
        return self.landed != self.due

    def passed_over(self) -> tuple[date, ...]:
        """Give the closed weekdays that the count did not count, or moved past."""
        days: list[date] = []
        calendars = (Calendar.JUDICIAL, Calendar.DIVISION)
        day = self.start + timedelta(days=1)
        while self.unit is not Unit.HOURS and day <= self.due:
            if day.weekday() < 5 and self._skipped(day, calendars):
                days.append(day)
            day += timedelta(days=1)
        return tuple(days)

    def _skipped(self, day: date, calendars: tuple[Calendar, ...]) -> bool:
        if day >= self.landed:
            return day < self.due and any(is_closed(day, calendar) for calendar in calendars)
        return self.unit in _CALENDAR_OF and is_closed(day, _CALENDAR_OF[self.unit])

    def sentences(self) -> tuple[str, ...]:
        """Say the count step by step: what was added, what was passed over, whether the last day moved."""
        if self.unit is Unit.HOURS:
            return (f"{self.amount} hours from then end on {spell(self.due)}; hours do not move for a closed day.",)
        told = [f"Counted, the first day left out: {in_words(self.amount, self.unit)}."]
        if self.extension is not None:
            added = in_words(self.extension.amount, self.extension.unit) if self.extension.amount else "nothing"
            cited = f" ({self.extension.under})" if self.extension.under else ""
            told.append(f"{self.extension.words}: {added} added{cited}.")
        told.extend(f"{spell(day)}, is passed over: {_closing(day, self.unit).because}." for day in self.passed_over())
        if self.rolled:
            told.append(
                f"The last day would be {spell(self.landed)}, which is closed ({_closing(self.landed, self.unit).because}); "
                f"it moves once, to the next open day (CCP 12a)."
            )
        else:
            told.append(f"The last day is {spell(self.landed)}, which is open: nothing moves.")
        return tuple(told)

    def under(self) -> tuple[Citation, ...]:
        """Give the provisions that the count itself rests on, beyond the rule: service, closed days, what a business day is."""
        cited: dict[Citation, None] = {}
        if self.extension is not None and self.extension.under is not None:
            cited[self.extension.under] = None
        if self.unit is Unit.BUSINESS:
            cited[BUSINESS_DAY.under[0] if self.start >= BUSINESS_DAY_DEFINED else _BUSINESS_BEFORE_2020] = None
        if self.rolled:
            cited[DAY_COUNT.under[1]] = None
        cited.update((_closing(day, self.unit).under, None) for day in self.passed_over())
        return tuple(cited)


def _calendars(unit: Unit) -> tuple[Calendar, ...]:
    first = _CALENDAR_OF.get(unit)
    rest = (Calendar.JUDICIAL, Calendar.DIVISION)
    return rest if first is None or first in rest else (first, *rest)


def _closing(day: date, unit: Unit) -> Closed:
    """Give why a day was not counted, or could not be the last one."""
    return next(why for calendar in _calendars(unit) if (why := why_closed(day, calendar)) is not None)


def count(start: date, amount: int, unit: Unit, extension: Extension | None = None) -> Count:
    """Count `amount` of `unit` from `start`, add what service adds, and move a closed last day once.

    Hours need the time: a date alone is counted from its first minute, the earliest that it can have been. A time
    without a zone is Pacific. Raises NotInForce where the count leaves the years whose closed days are known.
    """
    if unit is Unit.HOURS:
        due = _hours_after(start, amount)
        return Count(start, amount, unit, None, due, due)
    if isinstance(start, datetime):
        start = start.astimezone(PACIFIC).date() if start.tzinfo else start.date()
    ordinal = _shifted(start.toordinal(), amount, unit)
    if extension is not None and extension.amount:
        ordinal = _shifted(ordinal, extension.amount, extension.unit)
    rolled = _rolled(ordinal, unit is Unit.BUSINESS)
    landed = date.fromordinal(ordinal)
    return Count(start, amount, unit, extension, landed, landed if rolled == ordinal else date.fromordinal(rolled))


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


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline for an act, and how it comes about: a rule, the event that starts it, the count.

    `start` and `due` are days, or times where the law counts hours. `because` holds what else the reader must know.
    `met_by` names the dates of a case (`CaseDates`), each of which meets it.
    """

    rule: str
    title: str
    start_event: str
    start: date
    due: date
    who: Role
    under: tuple[Citation, ...]
    since: date
    counted: Count
    because: tuple[str, ...] = ()
    met_by: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        """The role that must act, in words: the coordinator acts for the review organization."""
        return "review organization" if self.who is Role.COORDINATOR else self.who.value

    @property
    def reasoning(self) -> tuple[str, ...]:
        """Explain the deadline, one sentence a step: rule and version, start, count, service, result."""
        cited = "; ".join(str(citation) for citation in self.under)
        told = [
            f"Rule {self.rule}: {self.title} ({cited}; this version governs from {spell(self.since)}).",
            f"It starts with {self.start_event}, on {spell(self.start)}.",
            *self.counted.sentences(),
            *self.because,
            f"Due {spell(self.due)}, by the {self.by}.",
        ]
        told.extend(
            f"Not verified: {citation}, {citation.known.value}{'; ' + citation.note if citation.note else ''}."
            for citation in (*self.under, *self.counted.under())
            if not citation.known.verified
        )
        return tuple(told)

    @property
    def verified(self) -> bool:
        """False if a provision that the answer rests on was not seen in the text of the law."""
        return all(citation.known.verified for citation in (*self.under, *self.counted.under()))

    def days_left(self, on: date) -> int:
        """Give the calendar days from `on` to the due day; negative if it has passed."""
        return (
            date(self.due.year, self.due.month, self.due.day).toordinal() - date(on.year, on.month, on.day).toordinal()
        )
