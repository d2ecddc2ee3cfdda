"""The header table, whose labels and values extractors give in any order.

Down a column or along a row, labels and values are in the same order: if they are equally many, the first value belongs
to the first label. If not, only a value right after its label is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from imr.determination.fields import NOT_STATED, FieldKind
from imr.determination.model import IN_ORDER
from imr.determination.template import FixedWords, HeaderTable
from imr.determination.template_matching import find_alike, pattern

#: The most characters from the first label of a header table to its end.
WITHIN = 2_000

_STANDING = (FieldKind.DATE, FieldKind.REVIEW_TYPE, FieldKind.CASE_NUMBER)
#: The characters that scanners make of the rules of a table.
_RULES = " \t\r\n\f|_[]:.-"


class HeaderToken(NamedTuple):
    """A label (`row` gives which), the rest of a label broken by its value (`row` -1), or a value (`kind`)."""

    start: int
    end: int
    row: int
    kind: FieldKind | None


@dataclass(slots=True)
class Header:
    """The table as read: the value of each row, and the places of labels and values."""

    values: dict[str, Any]
    labels: list[tuple[int, int]]
    blanks: list[tuple[int, int, str]]
    problems: list[str]


@cache
def _marks(fields: HeaderTable) -> re.Pattern[str]:
    whole, broken, rest = (
        [],
        [],
        [f"(?P<r{len(fields.rows) + n}>{pattern(head).pattern})" for n, head in enumerate(fields.heads)],
    )
    for row, (label, _) in enumerate(fields.rows):
        wording = label.wordings[0]
        whole.append(f"(?P<l{row}>{pattern(wording).pattern})")
        if "\n" in wording:
            first, last = wording.split("\n")
            broken.append(rf"(?P<b{row}>\b{pattern(first).pattern}\b)")
            rest.append(rf"(?P<r{row}>\b{pattern(last).pattern})")
    values = [f"(?P<v{n}>{_bare(kind)})" for n, kind in enumerate(_STANDING)]
    return re.compile("|".join([*whole, *broken, *rest, f"(?P<n>{pattern(NOT_STATED).pattern})", *values]))


def _bare(kind: FieldKind) -> str:
    return re.sub(r"\((?!\?)", "(?:", kind.shape.pattern)


def read_header(fields: HeaderTable, text: str, start: int, stop: int) -> Header:
    """Read the table between `start` and `stop`."""
    header = Header({}, [], [], [])
    marks = _with_damaged_labels(fields, text, list(_scan(fields, text, start, stop)))
    if not marks:
        header.problems.append("the header table is missing")
        return header
    header.labels = [(mark.start, mark.end) for mark in marks if mark.kind is None]
    bound = _bind(fields, text, marks)
    if _scrambled(fields, text, marks, bound):
        header.problems.append(
            "the cells of the header table are scattered, so the days cannot be assigned to their labels"
        )
        bound = {row: mark for row, mark in bound.items() if mark.kind is not FieldKind.DATE}
    for row, (label, blank) in enumerate(fields.rows):
        name = " ".join(label.wordings[0].split()).rstrip(":")
        mark = bound.get(row)
        if mark is None:
            header.problems.append(f"the header table has no {name} that is surely its own")
            continue
        header.blanks.append((mark.start, mark.end, blank.field))
        printed = text[mark.start : mark.end]
        value = None if mark.kind is FieldKind.TEXT else blank.kind.read(printed)
        if value is None and mark.kind is not FieldKind.TEXT:
            header.problems.append(f"the header table: {name} is {printed}, which is not a calendar date")
        header.values[blank.field] = value
    return header


def _scrambled(fields: HeaderTable, text: str, marks: list[HeaderToken], bound: dict[int, HeaderToken]) -> bool:
    """Say whether the days are out of order, and not after their labels either."""
    days = {
        fields.rows[row][1].field: FieldKind.DATE.read(text[mark.start : mark.end])
        for row, mark in bound.items()
        if mark.kind is FieldKind.DATE
    }
    known = [days[field] for _, field in IN_ORDER if days.get(field) is not None]
    if known == sorted(known):
        return False
    behind = {value for label, value in pairwise(marks) if label.row in bound and bound[label.row] == value}
    return not behind.issuperset(mark for mark in bound.values() if mark.kind is FieldKind.DATE)


def _scan(fields: HeaderTable, text: str, start: int, stop: int) -> Iterator[HeaderToken]:
    end = stop
    begun = False
    for match in _marks(fields).finditer(text, start, stop):
        group = match.lastgroup or ""
        if not begun:
            if group[0] not in "lbr":
                continue  # a number of the letterhead
            begun, end = True, match.start() + WITHIN
        if match.start() > end:
            return
        row = int(group[1:]) if group[0] in "lb" else -1
        kind = FieldKind.TEXT if group == "n" else _STANDING[int(group[1:])] if group[0] == "v" else None
        yield HeaderToken(match.start(), match.end(), row, kind)


def _with_damaged_labels(fields: HeaderTable, text: str, marks: list[HeaderToken]) -> list[HeaderToken]:
    """Give `marks` with the labels that a scan damaged but that are still recognizable."""
    known = {mark.row for mark in marks}
    if not marks or known.issuperset(range(len(fields.rows))):
        return marks
    start, stop = marks[0].start, marks[-1].end
    rest = text[start:stop]
    for mark in marks:  # a known token is not a damaged label
        rest = rest[: mark.start - start] + "\0" * (mark.end - mark.start) + rest[mark.end - start :]
    for row in sorted(set(range(len(fields.rows))) - known):
        wording = " ".join(fields.rows[row][0].wordings[0].split())
        span = find_alike(FixedWords((wording,)), rest, 0, len(rest))
        if span is not None:
            marks.append(HeaderToken(start + span[0], start + span[1], row, None))
    return sorted(marks)


def _bind(fields: HeaderTable, text: str, marks: list[HeaderToken]) -> dict[int, HeaderToken]:
    """Give the value of each row."""
    kinds = [blank.kind for _, blank in fields.rows]
    labels = [mark for mark in marks if mark.row >= 0]
    values = [mark for mark in marks if mark.kind is not None]
    if len(labels) == len(values):
        pairs = list(zip(labels, values, strict=True))
        if all(value.kind in (kinds[label.row], FieldKind.TEXT) for label, value in pairs):
            return {label.row: value for label, value in pairs}
    bound: dict[int, HeaderToken] = {}
    for kind in _STANDING:
        bound.update(_bind_kind(kind, kinds, text, marks))
    return bound


def _bind_kind(kind: FieldKind, kinds: list[FieldKind], text: str, marks: list[HeaderToken]) -> dict[int, HeaderToken]:
    labels = [mark for mark in marks if mark.row >= 0 and kinds[mark.row] is kind]
    values = [mark for mark in marks if mark.kind is kind]
    if len(labels) == len(values) and not any(mark.kind is FieldKind.TEXT for mark in marks):
        return {label.row: value for label, value in zip(labels, values, strict=True)}
    beside = {
        label.row: value
        for label, value in pairwise(marks)
        if label in labels and value.kind in (kind, FieldKind.TEXT) and not text[label.end : value.start].strip(_RULES)
    }
    # If one date follows no label, the others may be misplaced too.
    return beside if kind is not FieldKind.DATE or set(values) <= set(beside.values()) else {}
