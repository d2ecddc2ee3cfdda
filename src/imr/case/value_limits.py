"""The limits of the values that a person states with a step: every text, list and number of its facts, whoever sends them.

The limit of a text is in the mark of its fact (`case.marks.Input.limit`). A value without marks of its own, such as a draft,
has the limits of a paper. `case.decide` asks before the decision of the step, so that form, API and import have one limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import get_type_hints

from imr.case.findings import finding
from imr.case.marks import Input, marks
from imr.case.text_limits import PAPER
from imr.law.rule import Finding, Known, practice

#: The largest number: the database holds no larger one.
LARGEST = 2_147_483_647
_LIMITS = practice("limits of values", Known.INFERENCE)
_UNMARKED = Input("", text=PAPER, most=2_000)


def findings(facts: object) -> tuple[Finding, ...]:
    """Give a finding for each value that a person states in the facts of a step and that is beyond its limit."""
    kind: type = type(facts)
    return tuple(
        finding("a value has its limit", False, "{title}: {why}", _LIMITS, title=title, why=why)
        for name, (_, mark) in marks(kind).items()
        if isinstance(mark, Input)
        for title, why in problems(getattr(facts, name), mark)
    )


def problems(value: object, mark: Input, title: str = "") -> Iterator[tuple[str, str]]:
    """Give each value beyond its limit, by its title, with what to do."""
    title = title or mark.title
    if isinstance(value, Enum | bool):
        return
    if isinstance(value, str):
        if why := mark.limit.problem(value):
            yield title, why
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            yield title, f"the number is too large: at most {LARGEST:,} is possible"
    elif isinstance(value, Mapping):
        yield from problems((*value.keys(), *value.values()), mark, title)
    elif isinstance(value, list | tuple | set | frozenset):
        if len(value) > mark.most:
            yield title, f"{len(value):,} were given, and at most {mark.most:,} are possible"
            return
        for number, one in enumerate(value, 1):
            yield from problems(one, mark, f"{title} {number}")
    elif is_dataclass(value) and not isinstance(value, type):
        for name, inner in _inputs(type(value)):
            yield from problems(getattr(value, name), inner, f"{title}, {inner.title or name}")


@cache
def _inputs(cls: type) -> tuple[tuple[str, Input], ...]:
    """Give the fields of a value with their marks; those without one have the limits of a paper."""
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for field in fields(cls):
        metadata = getattr(hints[field.name], "__metadata__", ())
        mark = next((one for one in metadata if isinstance(one, Input)), _UNMARKED)
        found.append((field.name, mark))
    return tuple(found)
