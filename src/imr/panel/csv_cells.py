"""One cell of a CSV file: a value as text that a person reads, and back, by the annotation of its field.

`from_cell(hint, to_cell(value)) == value` for texts without white space at their ends, numbers, days, yes and no,
members of an enum, lists of texts, and None.
"""

import re
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from imr.errors import ImrError
from imr.plain import from_plain, to_plain

#: The cell of an empty list, if an empty cell would mean the default of the field.
_EMPTY = "-"
_ITEM = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)
_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


def to_cell(value: object) -> str:
    """Give a value as the text of a cell: list items separated by semicolons, yes and no for booleans, days as 2015-02-27."""
    plain = to_plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list):
        items = [re.sub(r"([;\\])", r"\\\1", str(item)) for item in plain]
        return "; ".join("\\-" if item == _EMPTY else item for item in items) or _EMPTY
    return str(plain)


def from_cell(hint: Any, cell: str) -> Any:
    """Give the value of a cell, by the annotation of its field. Raises ImrError that says what is expected."""
    cell = cell.strip()
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = (option for option in typing.get_args(hint) if option is not type(None))
    if typing.get_origin(hint) is tuple:
        return () if cell == _EMPTY else tuple(re.sub(r"\\(.)", r"\1", i.strip()) for i in _ITEM.findall(cell))
    if hint is bool:
        if cell.casefold() not in _YES:
            raise ImrError(f"yes or no is expected, not {cell!r}")
        return _YES[cell.casefold()]
    if hint in (int, float):
        return _number(hint, cell)
    if hint is date:
        return _day(cell)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member(hint, cell)
    return cell


def _number(kind: type, cell: str) -> Any:
    try:
        return kind(cell)
    except ValueError:
        raise ImrError(f"a {'whole ' if kind is int else ''}number is expected, not {cell!r}") from None


def _day(cell: str) -> date:
    try:
        return from_plain(date, cell)
    except ImrError:
        raise ImrError(f"a day such as 2015-02-27 is expected, not {cell!r}") from None


def _member(kind: type[Enum], cell: str) -> Enum:
    named: Mapping[str, Enum] = {str(member.value).casefold(): member for member in kind}
    if cell.casefold() not in named:
        raise ImrError(f"one of {', '.join(str(member.value) for member in kind)} is expected, not {cell!r}")
    return named[cell.casefold()]
