"""Where each fact of a step comes from. The site makes its forms from these marks.

A fact is marked in its annotation: `filed_on: Annotated[date, Asked("Day of filing")]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that the person who takes the step states."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that comes with the step. The fact is the SHA-256 of its bytes; the document is kept by that."""

    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that the system has and brings itself: nobody types it.

    `source` is `application`, `draft`, `letter`, `public`, `panel`, `organization`, `session` or `records`.
    """

    source: str
    title: str = ""


Mark = Asked | Filed | Kept


def marks(facts: type) -> Mapping[str, tuple[Any, Mark]]:
    """Each fact of a step: its name, its type, and where it comes from."""
    hints = get_type_hints(facts, include_extras=True)
    return {field.name: (hints[field.name].__origin__, hints[field.name].__metadata__[0]) for field in fields(facts)}
