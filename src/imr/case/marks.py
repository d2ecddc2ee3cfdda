"""Where each fact of a step comes from. The site makes its forms from these marks.

A fact is marked in its annotation: `filed_on: Annotated[date, Asked("Day of filing")]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_type_hints

from imr.case.context import Act

#: How far the moment that a program states for its own step may lie from the step.
SAME_MOMENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that the person who takes the step states."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Weighed(Asked):
    """A fact that a decision may turn on: while nobody has looked, it has no answer, and where it matters it needs one."""


class Recorded(Enum):
    """What the system records in place of a fact that a party may not state."""

    MOMENT = "the moment of the step"
    DAY = "the day of the step"
    ROLE = "the role in which the step is taken"
    NOTHING = "nothing: only the office states it"


@dataclass(frozen=True, slots=True)
class Noted(Asked):
    """A fact that the office states of what came to it, such as the day of a receipt.

    Of a party's own step the system records it itself, and takes nothing else from the party.
    """

    recorded: Recorded = Recorded.DAY

    def by_the_system(self, act: Act) -> Any:
        """What the system records of a party's own step."""
        match self.recorded:
            case Recorded.MOMENT:
                return act.at
            case Recorded.DAY:
                return act.on
            case Recorded.ROLE:
                return act.by.role
        return None

    def is_what_happened(self, stated: object, act: Act) -> bool:
        """Whether a party states no more than what the system records anyway; a moment counts to five minutes."""
        if self.recorded is Recorded.MOMENT:
            return isinstance(stated, datetime) and stated.tzinfo is not None and abs(act.at - stated) <= SAME_MOMENT
        return bool(stated == self.by_the_system(act))


@dataclass(frozen=True, slots=True)
class Confirmed(Asked):
    """Values that whoever takes the step confirms as they are written, by their paths: a form asks beside each of them."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that comes with the step. The fact is the SHA-256 of its bytes; the document is kept by that."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that the system has and brings itself: nobody types it.

    `source` says what it is, such as `application`, `panel` or `index of the case file`.
    """

    source: str
    title: str = ""


Mark = Asked | Filed | Kept


def noted(facts: type) -> tuple[str, ...]:
    """The facts of a step that are not a party's to state."""
    return tuple(name for name, (_, mark) in marks(facts).items() if isinstance(mark, Noted))


def marks(facts: type) -> Mapping[str, tuple[Any, Mark]]:
    """Each fact of a step: its name, its type, and where it comes from."""
    hints = get_type_hints(facts, include_extras=True)
    return {field.name: (hints[field.name].__origin__, hints[field.name].__metadata__[0]) for field in fields(facts)}
