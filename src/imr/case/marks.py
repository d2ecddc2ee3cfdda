"""Where each fact of a step comes from. The site makes its forms from these marks.

A fact is marked in its annotation: `filed_on: Annotated[date, Input("Day of filing")]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_type_hints

from imr.case.context import StepContext

#: How far the moment that a program states for its own step may lie from the step.
SAME_MOMENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that the person who takes the step states."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class AssessedInput(Input):
    """A fact that a decision may turn on: while nobody has looked, it has no answer, and where it matters it needs one."""


class SystemValue(Enum):
    """What the system records in place of a fact that a party may not state."""

    MOMENT = "the moment of the step"
    DAY = "the day of the step"
    ROLE = "the role in which the step is taken"
    NOTHING = "nothing: only the office states it"


@dataclass(frozen=True, slots=True)
class OfficeInput(Input):
    """A fact that the office states of what came to it, such as the day of a receipt.

    Of a party's own step the system records it itself, and takes nothing else from the party.
    """

    system: SystemValue = SystemValue.DAY

    def system_value(self, context: StepContext) -> Any:
        """What the system records of a party's own step."""
        match self.system:
            case SystemValue.MOMENT:
                return context.at
            case SystemValue.DAY:
                return context.on
            case SystemValue.ROLE:
                return context.actor.role
        return None

    def matches_system(self, stated: object, context: StepContext) -> bool:
        """Whether a party states no more than what the system records anyway; a moment counts to five minutes."""
        if self.system is SystemValue.MOMENT:
            return (
                isinstance(stated, datetime) and stated.tzinfo is not None and abs(context.at - stated) <= SAME_MOMENT
            )
        return bool(stated == self.system_value(context))


@dataclass(frozen=True, slots=True)
class ConfirmedPaths(Input):
    """Values that whoever takes the step confirms as they are written, by their paths: a form asks beside each of them."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that comes with the step. The fact is the SHA-256 of its bytes; the document is kept by that."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Provided:
    """A value that the system has and brings itself: nobody types it.

    `source` says what it is, such as `application`, `panel` or `index of the case file`.
    """

    source: str
    title: str = ""


Mark = Input | Attachment | Provided


def office_inputs(facts: type) -> tuple[str, ...]:
    """The facts of a step that are not a party's to state."""
    return tuple(name for name, (_, mark) in marks(facts).items() if isinstance(mark, OfficeInput))


def marks(facts: type) -> Mapping[str, tuple[Any, Mark]]:
    """Each fact of a step: its name, its type, and where it comes from."""
    hints = get_type_hints(facts, include_extras=True)
    return {field.name: (hints[field.name].__origin__, hints[field.name].__metadata__[0]) for field in fields(facts)}
