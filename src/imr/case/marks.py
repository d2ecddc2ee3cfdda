"""Marks on the facts of a step that say where each comes from. Forms, API and `docs/workflow.md` are made from them.

The mark is in the annotation of the fact: `filed_on: Annotated[date, Input("Day of filing")]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, get_type_hints

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.sources import FactSource

#: How far the moment that a program states for its step may differ from the moment of the step.
SAME_MOMENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that the person who takes the step states.

    `multiline` asks for a text of several lines. `kept_as` is the kind of document as which the value is kept.
    """

    title: str
    help: str = ""
    multiline: bool = False
    kept_as: DocumentType | None = None


@dataclass(frozen=True, slots=True)
class AssessedInput(Input):
    """A fact that a decision may depend on. It has no answer until somebody has looked, and needs one if it matters."""


class SystemValue(Enum):
    """A value that the system records instead of a fact that a party may not state."""

    MOMENT = "the moment of the step"
    DAY = "the day of the step"
    ROLE = "the role in which the step is taken"
    NOTHING = "nothing: only the office states it"


@dataclass(frozen=True, slots=True)
class OfficeInput(Input):
    """A fact that the office states about what it received, such as the day of a receipt.

    In a step of a party the system records it and accepts no other value.
    """

    system: SystemValue = SystemValue.DAY

    def system_value(self, context: StepContext) -> Any:
        """Give the value that the system records in a party's step."""
        match self.system:
            case SystemValue.MOMENT:
                return context.at
            case SystemValue.DAY:
                return context.on
            case SystemValue.ROLE:
                return context.actor.role
        return None

    def matches_system(self, stated: object, context: StepContext) -> bool:
        """Say whether a party's value equals the one that the system records; a moment may differ by five minutes."""
        if self.system is SystemValue.MOMENT:
            return (
                isinstance(stated, datetime) and stated.tzinfo is not None and abs(context.at - stated) <= SAME_MOMENT
            )
        return bool(stated == self.system_value(context))


@dataclass(frozen=True, slots=True)
class ConfirmedPaths(Input):
    """The paths of values that the person confirms as written. A form asks next to each of these values."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that comes with the step. The fact is the SHA-256 of its bytes.

    `kept_as` decides who may read the document. `can_be_written` lets a person write it in the form instead of sending a file.
    """

    title: str
    kept_as: DocumentType
    help: str = ""
    can_be_written: bool = False


@dataclass(frozen=True, slots=True)
class RecordUploads:
    """Records that come with the step, each with its kind and date, also out of a ZIP file."""

    title: str = "Documents"
    kept_as: DocumentType = DocumentType.RECORD


@dataclass(frozen=True, slots=True)
class Provided:
    """A fact that the system supplies from a source. `chosen` means that a person names which one, by its id or number."""

    source: FactSource
    title: str = ""
    chosen: bool = False


Mark = Input | Attachment | RecordUploads | Provided


def office_inputs(facts: type) -> tuple[str, ...]:
    """Give the facts of a step that a party may not state."""
    return tuple(name for name, (_, mark) in marks(facts).items() if isinstance(mark, OfficeInput))


@cache
def marks(facts: type) -> Mapping[str, tuple[Any, Mark]]:
    """Give each fact of a step by name: its type, and its mark. Cached by step: resolving annotations is slow."""
    hints = get_type_hints(facts, include_extras=True)
    found = {field.name: (hints[field.name].__origin__, hints[field.name].__metadata__[0]) for field in fields(facts)}
    return MappingProxyType(found)
