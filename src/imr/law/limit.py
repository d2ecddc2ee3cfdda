"""The parts of a time limit of IMR: a rule with its versions and the dates that meet it, and the deadline counted from an event."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache

from imr.law.dates import CaseDates, day_of, minute_of
from imr.law.days import Deadline, Extension, Unit, count
from imr.law.holidays import NO_CLOSINGS, Closings
from imr.law.rule import Citation, Dated, Finding, Rule, Subject, Version, case_law, spell
from imr.law.terms import Role

SB_863, FINAL_REGULATIONS = date(2013, 1, 1), date(2014, 2, 12)
SB_1160, FORMULARY = date(2017, 1, 1), date(2018, 1, 1)
#: Amended regulations whose text was not seen: the older text is assumed to continue, and is marked.
AMENDED_REGULATIONS = date(2026, 4, 1)
UNSEEN = "amended from April 1, 2026; the new text was not seen, the old one is assumed to continue"

Amount = tuple[int, Unit]
"""An amount and its unit."""


_UNITS = {
    Unit.CALENDAR: "day",
    Unit.BUSINESS: "working day",
    Unit.COURT: "court day",
    Unit.HOURS: "hour",
}
_SPANISH = {
    Unit.CALENDAR: ("día", "días"),
    Unit.BUSINESS: ("día hábil", "días hábiles"),
    Unit.COURT: ("día judicial", "días judiciales"),
    Unit.HOURS: ("hora", "horas"),
}
_BELOW_TEN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_prose(amount: int, unit: Unit, *, spelled: bool = False) -> str:
    """Give an amount of time in the words of letters and pages: 30 days, 5 working days.

    `spelled` writes a number below ten as a word.
    """
    number = _BELOW_TEN[amount] if spelled and amount < len(_BELOW_TEN) else str(amount)
    return f"{number} {_UNITS[unit]}{'' if amount == 1 else 's'}"


def in_spanish(amount: int, unit: Unit) -> str:
    """Give so much time as a page in Spanish says it: 30 días, 5 días hábiles."""
    return f"{amount} {_SPANISH[unit][amount != 1]}"


_FACTS = frozenset(field.name for field in fields(CaseDates))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeLimit(Rule):
    """A rule that gives somebody a time to act. `met_by` names the dates of a case, each of which meets it."""

    met_by: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = set(self.met_by) - _FACTS
        if unknown or not self.met_by:
            said = f"{', '.join(sorted(unknown))} is not a date of a case" if unknown else "no date of a case meets it"
            raise ValueError(f"{self.id}: {said}; name fields of CaseDates")


def limit_rule(
    name: str,
    title: str,
    subject: Subject,
    asks: str,
    governs: str,
    *versions: Version[Amount],
    met_by: tuple[str, ...],
    also: str = "",
) -> TimeLimit:
    """Make the rule of a time limit from its versions, oldest first.

    `governs` says which day picks the version, `met_by` which dates of a case meet the limit. Raises ValueError for a limit
    that nothing meets.
    """
    cited = tuple(dict.fromkeys(version.under for version in versions if not version.unknown))
    numbers: Dated[Amount] = Dated(f"the time limit of {name}", governs, *versions)
    return TimeLimit(
        id=name,
        title=title,
        subject=subject,
        asks=asks,
        under=cited,
        since=versions[0].since,
        numbers=(numbers,),
        also=(also,) if also else (),
        met_by=met_by,
    )


def counted_deadline(
    rule: TimeLimit,
    event: str,
    start: date,
    who: Role,
    extension: Extension | None = None,
    because: tuple[str, ...] = (),
    more: tuple[Citation, ...] = (),
    *,
    closings: Closings = NO_CLOSINGS,
) -> Deadline:
    """Count a deadline from the event that starts it, by the version of that day. Raises NotInForce where none is known.

    The same question is counted and explained once: the last 4,096 answers are kept.
    """
    if isinstance(start, datetime):  # two zones may name one instant, and each keeps its own
        return _count_deadline(rule, event, start, who, extension, because, more, closings)
    return _known_deadline(rule, event, start, who, extension, because, more, closings)


def _count_deadline(
    rule: TimeLimit,
    event: str,
    start: date,
    who: Role,
    extension: Extension | None,
    because: tuple[str, ...],
    more: tuple[Citation, ...],
    closings: Closings,
) -> Deadline:
    version = rule.numbers[0].version(start if type(start) is date else day_of(start))
    amount, unit = version.known_value
    counted = count(start, amount, unit, extension, closings=closings)
    began = counted.start
    under = (version.under, *more)
    return Deadline(
        rule.id, rule.title, event, began, counted.due, who, under, version.since, counted, because, rule.met_by
    )


_known_deadline = lru_cache(maxsize=4096)(_count_deadline)


def is_met(deadline: Deadline, dates: CaseDates) -> bool:
    """Say whether the act that a deadline asks for has happened, in time or not."""
    return any(getattr(dates, fact) is not None for fact in deadline.met_by)


LATE_IS_VALID = case_law("CHP v. WCAB (Margaris) (2016)", note="the limit is directory")


def timely(deadline: Deadline, done: date) -> Finding:
    """Say whether something done on a day (or at a time) was in time. A late determination is still valid and binding."""
    on_time = (
        minute_of(done) <= minute_of(deadline.due)
        if deadline.counted.unit is Unit.HOURS
        else day_of(done) <= deadline.due
    )
    late = "" if on_time else f", {-deadline.days_left(day_of(done))} days late"
    valid = "determination_issued_on" in deadline.met_by and not on_time
    return Finding(
        deadline.rule,
        on_time,
        "{title}: due {due}, done {done}{late}" + ("; it is valid and binding all the same" if valid else ""),
        (*deadline.under, *deadline.counted.under(), *((LATE_IS_VALID,) if valid else ())),
        {"title": deadline.title, "due": spell(deadline.due), "done": spell(done), "late": late},
    )
