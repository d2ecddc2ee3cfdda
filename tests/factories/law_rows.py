"""Reads the rows of tests/law/*.toml and asks the law each of them.

A row names a rule, says in a sentence what it is about, and gives facts by the names of the function's arguments, on top of
the `[base.<function>]` of its file. It expects `holds`; and where the law gives more than a yes or no, `gives` (a value) or
`due` (a last day; `done` is then the day of the act). `without` takes facts of the base away; `refused = true` says that the law of that day is not known.
"""

import tomllib
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from imr.law.days import Count, Deadline, Extension
from imr.law.fees import Fee
from imr.law.records import Owed
from imr.law.register import find
from imr.law.rule import Finding
from imr.law.time_limits import timely
from imr.plain import from_plain, to_plain

FOLDER = Path(__file__).parents[1] / "law"
NOTHING = object()


@dataclass(frozen=True)
class Row:
    """A row of one of the files: what is asked, and what is expected."""

    file: str
    rule: str
    says: str
    facts: Mapping[str, Any]
    holds: bool
    gives: Any = NOTHING
    due: date | None = None
    done: date | None = None
    refused: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}"


@dataclass(frozen=True)
class Answer:
    """What the law said to a row."""

    holds: bool
    value: Any = None
    due: date | None = None


@cache
def rows() -> tuple[Row, ...]:
    """Every row of every file."""
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        bases = content.get("base", {})
        for case in content["case"]:
            function = find(case["rule"]).function.__name__
            case.setdefault("holds", not case.get("refused"))
            facts = _merged(bases.get(function, {}), case.get("facts", {}))
            case["facts"] = _without(facts, case.pop("without", []))
            found.append(Row(file=file.name, **case))
    return tuple(found)


def _merged(base: Any, more: Any) -> Any:
    if isinstance(base, Mapping) and isinstance(more, Mapping):
        return {key: _merged(base.get(key), more[key]) if key in more else base[key] for key in {**base, **more}}
    return more


def _without(facts: Any, paths: list[str]) -> Any:
    """The facts less those that a row takes away, such as "facts.signed_on"."""
    for path in paths:
        first, _, rest = path.partition(".")
        kept = {key: value for key, value in facts.items() if key != first}
        facts = {**kept, first: _without(facts[first], [rest])} if rest else kept
    return facts


def ask(row: Row) -> Answer:
    """Ask the law a row."""
    entry = find(row.rule)
    return _read(row, entry.function(**_arguments(entry.function, row.facts)))


def _arguments(function: Callable[..., Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(function)
    assert set(facts) <= set(hints), (
        f"{function.__name__} takes {', '.join(hints)}, not {sorted(set(facts) - set(hints))}"
    )
    return {name: _converted(hints[name], value) for name, value in facts.items()}


def _converted(kind: Any, value: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Collection, Iterable, Sequence, frozenset, tuple):
        return (frozenset if origin is frozenset else tuple)(_converted(inner[0], item) for item in value)
    if origin is Mapping:
        return {_converted(inner[0], key): _converted(inner[1], item) for key, item in value.items()}
    if inner and type(None) in inner:
        return _converted(inner[0], value) if len(inner) == 2 else value
    if kind in (date, datetime, bool, int, float, str):
        return value
    assert is_dataclass(kind) or issubclass(kind, Enum), kind
    return from_plain(kind, value) if is_dataclass(kind) else kind(value)


def _read(row: Row, result: Any) -> Answer:
    parts = list(_parts(result))
    values = [to_plain(p) for p in parts if not isinstance(p, Finding | Deadline | Count | Owed)]
    value = values[0] if values else None
    found = [p for p in parts if isinstance(p, Finding) and p.rule == row.rule]
    if found:
        assert all(str(finding) for finding in found)
        return Answer(all(f.holds for f in found), value)
    limits = [p for p in parts if isinstance(p, Deadline) and p.rule == row.rule]
    if limits:
        assert row.done is not None, "a row about a time limit says when the act was done"
        return Answer(timely(limits[0], row.done).holds, value, limits[0].due)
    for part in parts:
        if isinstance(part, Count):
            return Answer(row.done is None or row.done <= part.due, None, part.due)
        if isinstance(part, Owed):
            late = any(isinstance(p, Owed) and p.days_late for p in parts)
            return Answer(not late, to_plain(part.reports_since))
        if isinstance(part, Extension):
            return Answer(part.amount > 0, part.amount)
        if isinstance(part, bool):
            return Answer(part)
    assert result == (), f"the law said nothing on {row.rule}: {result!r}"
    return Answer(True)


def _parts(result: Any) -> Iterator[Any]:
    if isinstance(result, Fee):
        yield from (result.dollars, result.finding)
    elif isinstance(result, tuple):
        for part in result:
            yield from _parts(part)
    else:
        yield result
