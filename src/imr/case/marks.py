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
from imr.case.text_limits import LINE, REASON, TextLimit
from imr.law.roles import PARTIES
from imr.law.terms import Role

#: The most entries of a list whose mark says nothing else.
MOST_ENTRIES = 500
#: How far the moment that a program states for its step may differ from the moment of the step.
SAME_MOMENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that the person who takes the step states.

    `multiline` asks for a text of several lines. `kept_as` is the kind of document as which the value is kept. `by` narrows
    the roles of the step to those that may state it; empty means all of them. `text` is the limit of a text, and `most` the
    most entries of a list (`case.value_limits`).
    """

    title: str
    help: str = ""
    multiline: bool = False
    kept_as: DocumentType | None = None
    by: tuple[Role, ...] = ()
    text: TextLimit | None = None
    most: int = MOST_ENTRIES

    @property
    def limit(self) -> TextLimit:
        """The limit of a text: its own, else a line, or a reason of several lines."""
        return self.text or (REASON if self.multiline else LINE)


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
    `by` narrows the roles of the step to those that may send it; empty means all of them.
    """

    title: str
    kept_as: DocumentType
    help: str = ""
    can_be_written: bool = False
    by: tuple[Role, ...] = ()


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


def is_stated_by(mark: Mark, role: Role) -> bool:
    """Say whether a role may state a fact with this mark. What the system supplies, a person may at most choose."""
    match mark:
        case OfficeInput():
            return role not in PARTIES
        case Input(by=by) | Attachment(by=by):
            return not by or role in by
        case Provided(chosen=chosen):
            return chosen
    return True


def facts_stated_by(facts: type, role: Role) -> frozenset[str]:
    """Give the facts of a step that a role may state. Forms, API and `actions.perform` all follow this."""
    return frozenset(name for name, (_, mark) in marks(facts).items() if is_stated_by(mark, role))


def facts_not_stated_by(facts: type, role: Role | None) -> tuple[str, ...]:
    """Give the facts of a step that a form leaves out for a role; all of them for None, who is nobody that may take it."""
    stated = facts_stated_by(facts, role) if role is not None else frozenset()
    return tuple(name for name in marks(facts) if name not in stated)


@cache
def marks(facts: type) -> Mapping[str, tuple[Any, Mark]]:
    """Give each fact of a step by name: its type, and its mark. Cached by step: resolving annotations is slow."""
    hints = get_type_hints(facts, include_extras=True)
    found = {field.name: (hints[field.name].__origin__, hints[field.name].__metadata__[0]) for field in fields(facts)}
    return MappingProxyType(found)
