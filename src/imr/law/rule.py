"""What every rule of law here is made of: a citation, how well it is known, dated versions, and a finding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any, Generic, TypeVar

from imr.errors import NotInForce

T = TypeVar("T")


class Known(Enum):
    """How well a provision is known to this project."""

    TEXT = "seen in the text of the law"
    PART = "the opening of the section was seen, the rest was not"
    SECONDARY = "seen in a secondary source only"
    MEMORY = "from memory, not verified"
    INFERENCE = "an inference or arithmetic from other rules"

    @property
    def verified(self) -> bool:
        """True where the text of the law was seen, or follows from text that was."""
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


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a rule holds for given facts: the answer, the reason as a template with named values, the citation.

    `because` is a format string over `values`, so that the sentence can be shown, translated and tested apart.
    """

    rule: str
    holds: bool
    because: str
    under: tuple[Citation, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.holds

    @property
    def reason(self) -> str:
        """The reason in plain words, without the citation."""
        return self.because.format(**self.values)

    @property
    def verified(self) -> bool:
        """False where any provision that it rests on was not seen in the text of the law."""
        return all(citation.known.verified for citation in self.under)

    def __str__(self) -> str:
        cited = "; ".join(str(citation) for citation in self.under)
        unseen = "" if self.verified else ", not verified"
        return f"{self.reason} ({cited}{unseen})" if cited else self.reason


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """The text of a rule from a day on: its value, or the reason why the value is not known."""

    since: date
    value: T | None
    under: Citation
    unknown: str = ""


class Dated(Generic[T]):
    """A value that amendments change: one version a line, each from the day on which it governs.

    `governs` says which day picks the version (injury, service, receipt, decision): that is law too.
    """

    __slots__ = ("governs", "name", "versions")

    def __init__(self, name: str, governs: str, *versions: Version[T]) -> None:
        if not versions:
            raise ValueError(f"{name}: a rule needs a version")
        if any(a.since >= b.since for a, b in pairwise(versions)):
            raise ValueError(f"{name}: versions must stand in the order of their days")
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
        value = self.version(day).value
        assert value is not None  # noqa: S101 - a version without a value names why, and has raised
        return value
