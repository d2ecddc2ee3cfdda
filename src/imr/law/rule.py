"""The parts of every rule of law: a citation, how well it is known, dated versions, and a finding.

A rule is a `Rule` (its text in plain words, its citations, its dated numbers) beside the function that applies it; the
function returns a `Finding`. `imr.law.register` lists every rule with its function, for people to read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from imr.errors import NotInForce

T = TypeVar("T")


class Known(Enum):
    """The quality of this project's knowledge of a provision."""

    TEXT = "seen in the text of the law"
    PART = "the opening of the section was seen, the rest was not"
    SECONDARY = "seen in a secondary source only"
    MEMORY = "from memory, not verified"
    INFERENCE = "an inference or arithmetic from other rules"

    @property
    def verified(self) -> bool:
        """True if the text of the law was seen, or the answer follows from text that was."""
        return self in (Known.TEXT, Known.INFERENCE)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the law, such as Labor Code section 4610.5(h)(1)(B), and how well it is known."""

    source: str
    section: str
    known: Known = Known.TEXT
    note: str = ""

    def __str__(self) -> str:
        return f"{self.source} {self.section}".strip()

    @property
    def read_on(self) -> date | None:
        """The date of the consolidated text in which the provision was last read; None if that date is not recorded."""
        return _READ_ON.get(self.source) if self.known is Known.TEXT else None


#: The Legislature's consolidated text that was read, by its date. The copies of regulations that were read have no date.
_READ_ON = {"Labor Code": date(2026, 4, 7), "CCP": date(2026, 4, 7)}


def labor_code(section: str, known: Known = Known.TEXT, note: str = "") -> Citation:
    """Cite the California Labor Code."""
    return Citation("Labor Code", section, known, note)


def regulation(section: str, known: Known = Known.TEXT, note: str = "") -> Citation:
    """Cite title 8 of the California Code of Regulations."""
    return Citation("8 CCR", section, known, note)


def civil_procedure(section: str, known: Known = Known.TEXT, note: str = "") -> Citation:
    """Cite the California Code of Civil Procedure."""
    return Citation("CCP", section, known, note)


def government_code(section: str, known: Known = Known.TEXT, note: str = "") -> Citation:
    """Cite the California Government Code."""
    return Citation("Gov. Code", section, known, note)


def case_law(name: str, known: Known = Known.SECONDARY, note: str = "") -> Citation:
    """Cite a decision of a court or of the appeals board."""
    return Citation(name, "", known, note)


def practice(what: str, known: Known = Known.MEMORY, note: str = "") -> Citation:
    """Cite a criterion of the program, or a rule of the house, that no provision states."""
    return Citation(what, "", known, note)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


#: The zone of the law's hours: a time without a zone is in it.
PACIFIC = ZoneInfo("America/Los_Angeles")


@lru_cache(maxsize=16_384)
def _spelled(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def spell(day: date, *, weekday: bool = True) -> str:
    """Spell a day, such as Friday, February 6, 2015; a time as well, such as Friday, February 6, 2015, 4:05 PM PST.

    A time is given in California's zone, and one without a zone is taken to be in it.
    """
    if not isinstance(day, datetime):
        spelled = _spelled(day)
        return spelled if weekday else spelled.partition(", ")[2]
    day = day.astimezone(PACIFIC) if day.tzinfo else day.replace(tzinfo=PACIFIC)
    hour = f", {day.hour % 12 or 12}:{day:%M} {'AM' if day.hour < 12 else 'PM'} {day.tzname()}"
    named = f"{_DAYS[day.weekday()]}, " if weekday else ""
    return f"{named}{_MONTHS[day.month - 1]} {day.day}, {day.year}{hour}"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer whether a rule holds for given facts: the reason as a template with named values, and the citation.

    `because` is a format string over `values`, so that the sentence can be shown, translated and tested apart. A
    finding that rests on something that nobody looked at does not hold, and is not `looked_at`.
    """

    rule: str
    holds: bool
    because: str
    under: tuple[Citation, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    looked_at: bool = True

    def __bool__(self) -> bool:
        return self.holds

    @property
    def reason(self) -> str:
        """The reason in plain words, without the citation."""
        return self.because.format(**self.values)

    @property
    def verified(self) -> bool:
        """False if any provision that it rests on was not seen in the text of the law."""
        return all(citation.known.verified for citation in self.under)

    @property
    def said(self) -> str:
        """The reason with its citations as a letter to the parties says it, without the mark of what was not seen in text."""
        cited = "; ".join(str(citation) for citation in self.under)
        return f"{self.reason} ({cited})" if cited else self.reason

    def __str__(self) -> str:
        cited = "; ".join(str(citation) for citation in self.under)
        unseen = "" if self.verified else ", not verified"
        return f"{self.reason} ({cited}{unseen})" if cited else self.reason


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """The value of a rule from a day on, or the reason why the value is not known."""

    since: date
    value: T | None
    under: Citation
    unknown: str = ""

    @property
    def known_value(self) -> T:
        """The value. A version without one gives the reason in `unknown`, and `Dated` has raised for it."""
        assert self.value is not None  # noqa: S101 - as above
        return self.value


class Dated(Generic[T]):
    """A value that amendments change: one version per amendment, each from the day on which it governs.

    `governs` says which day picks the version (injury, service, receipt, decision): that is law too.
    """

    __slots__ = ("governs", "name", "versions")

    def __init__(self, name: str, governs: str, *versions: Version[T]) -> None:
        if not versions:
            raise ValueError(f"{name}: a rule needs a version")
        if any(a.since >= b.since for a, b in pairwise(versions)):
            raise ValueError(f"{name}: versions must be in the order of their days")
        self.name = name
        self.governs = governs
        self.versions: Sequence[Version[T]] = versions

    def __iter__(self) -> Iterator[Version[T]]:
        return iter(self.versions)

    def version(self, day: date) -> Version[T]:
        """Give the version in force on `day`. Raises NotInForce before the first, and where its value is not known."""
        for version in reversed(self.versions):
            if version.since <= day:
                if version.unknown:
                    raise NotInForce(f"{self.name} is not known for {day.isoformat()}: {version.unknown}")
                return version
        first = self.versions[0]
        raise NotInForce(
            f"{self.name} begins on {first.since.isoformat()} ({first.under}); {day.isoformat()} is before"
        )

    def on(self, day: date) -> T:
        """Give the value in force on `day`. Raises NotInForce as `version` does."""
        return self.version(day).known_value


#: IMR exists for injuries from this day on, and for decisions communicated from July 1, 2013 on (LC 4610.5(a)).
IMR_BEGAN = date(2013, 1, 1)


class Subject(Enum):
    """The subject of a rule, by which `docs/law.md` groups them."""

    DAYS = "Counting days"
    UTILIZATION_REVIEW = "Utilization review"
    APPLICATION = "Application and eligibility"
    ASSIGNMENT = "Assignment"
    RECORDS = "Records"
    REVIEWERS = "Reviewers and their independence"
    EVIDENCE = "Evidence and the treatment schedule"
    DETERMINATION = "Determination"
    AFTERWARDS = "What follows a determination"
    APPEAL = "Appeal"
    FEES = "Fees"
    DISCLOSURE = "Who may see what"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A provision: its text in our own words, its citations, the days on which it governs, its dated numbers.

    `docs/law.md` shows the days on which it governs; `also` are its other names. A number that is a setting, because no
    text of it was seen, has a citation that says so.
    """

    id: str
    title: str
    subject: Subject
    asks: str
    under: tuple[Citation, ...]
    since: date = IMR_BEGAN
    until: date | None = None
    numbers: tuple[Dated[Any], ...] = ()
    also: tuple[str, ...] = ()

    def governs(self, day: date) -> bool:
        """Say whether the rule is in force on `day`; `until` is the first day on which it no longer is."""
        return self.since <= day and (self.until is None or day < self.until)

    def finds(self, holds: bool, because: str, under: tuple[Citation, ...] | None = None, **values: Any) -> Finding:
        """Give the finding of this rule, under its own citations or those of the version that governed."""
        return Finding(self.id, holds, because, self.under if under is None else under, values)

    @property
    def verified(self) -> bool:
        """False if any provision that it rests on was not seen in the text of the law."""
        return all(citation.known.verified for citation in self.under)
