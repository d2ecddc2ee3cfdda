"""What service adds to a time limit, months, and the deadline that results from a count.

Service otherwise than in person adds days (CCP 1013; 8 CCR 10605). `imr.law.counting` counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

from imr.law.counting import (
    BUSINESS_DAY,
    DAY_COUNT,
    Count,
    Extension,
    Unit,
    add,
    count,
    in_words,
    is_closed,
    shift,
)
from imr.law.holidays import Calendar, why_closed
from imr.law.rule import Citation, Known, Rule, Subject, civil_procedure, regulation, spell
from imr.law.terms import Place, Role, Service

__all__ = [
    "BUSINESS_DAY",
    "DAY_COUNT",
    "Calendar",
    "Count",
    "Deadline",
    "Extension",
    "Unit",
    "add",
    "count",
    "in_words",
    "is_closed",
    "months_after",
    "shift",
    "why_closed",
]

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


@cache
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


@dataclass(frozen=True)
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

    @cached_property
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

    @cached_property
    def verified(self) -> bool:
        """False if a provision that the answer rests on was not seen in the text of the law."""
        return all(citation.known.verified for citation in (*self.under, *self.counted.under()))

    def days_left(self, on: date) -> int:
        """Give the calendar days from `on` to the due day; negative if it has passed."""
        return (
            date(self.due.year, self.due.month, self.due.day).toordinal() - date(on.year, on.month, on.day).toordinal()
        )
