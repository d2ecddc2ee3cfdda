"""A fast reader of events whose plain form is written exactly as the chain writes it.

The chain leaves out every field that has its default. `lean_reader` reads such a form of a class field by field and refuses
everything else with ValueError, KeyError or TypeError; the caller then asks `plain.from_plain`, which knows every form and
says what is wrong.
"""

import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Union

#: Gives the value of a plain form, or raises ValueError, KeyError or TypeError if it is not written as the chain writes it.
Reader = Callable[[Any], Any]
_SAME = {str: "str", int: "int", bool: "bool"}


@cache
def lean_reader(cls: Any) -> Reader:
    """Give the reader of a dataclass whose fields with their defaults are left out.

    It is written as source and compiled, as `dataclasses` does: a loop over the fields of thousands of values takes half as
    long again.
    """
    names: dict[str, Any] = {"cls": cls}
    lines = ["if type(data) is not dict: raise TypeError", "left = len(data)"]
    hints, own = typing.get_type_hints(cls), [one for one in fields(cls) if not one.metadata.get("stored_as")]
    for number, one in enumerate(own):
        value, default = f"value{number}", f"default{number}"
        read = [f"left -= 1; {value} = data[{one.name!r}]", *_steps(hints[one.name], value, names)]
        if one.default is MISSING:
            lines += read
            continue
        names[default] = one.default
        read.append(f"if {value} == {default}: raise TypeError")
        lines += [f"{value} = {default}", f"if {one.name!r} in data:", *_indented(read)]
    given = ", ".join(f"{one.name}=value{number}" for number, one in enumerate(own))
    return _compiled([*lines, "if left: raise TypeError", f"return cls({given})"], names)


@cache
def _reader(kind: Any) -> Reader:
    """Give the reader of one value of a kind."""
    names: dict[str, Any] = {}
    return _compiled([*_steps(kind, "data", names), "return data"], names)


def _compiled(lines: list[str], names: dict[str, Any]) -> Reader:
    exec("\n".join(["def read(data):", *_indented(lines)]), names)  # noqa: S102 - of the names of our own fields alone
    return typing.cast("Reader", names["read"])


def _indented(lines: list[str]) -> Iterator[str]:
    return (f" {line}" for line in lines)


def _steps(kind: Any, value: str, names: dict[str, Any]) -> list[str]:
    """Give the statements that turn a plain value of a kind into the value, in the variable that holds it."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in _SAME:
        return [f"if type({value}) is not {_SAME[kind]}: raise TypeError"]
    if origin in (Union, types.UnionType) and len(inner) == 2 and type(None) in inner:
        (other,) = (option for option in inner if option is not type(None))
        return [f"if {value} is not None:", *_indented(_steps(other, value, names))]
    read = f"read_{value}_{len(names)}"
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        members = _members(inner[0])
        structured = is_dataclass(inner[0])
        names[read] = members or (lean_reader if structured else _reader)(inner[0])
        each = f"{read}[one]" if members else f"{read}(one)"
        return [f"if type({value}) is not list: raise TypeError", f"{value} = tuple([{each} for one in {value}])"]
    members = _members(kind)
    if members:
        names[read] = members
        return [f"{value} = {read}[{value}]"]
    structured = is_dataclass(kind)
    known = {date: _read_date, datetime: _read_time}.get(kind, _refuse)
    names[read] = lean_reader(kind) if structured else known
    return [f"{value} = {read}({value})"]


def _members(kind: Any) -> dict[str, Enum]:
    """Give the members of an enumeration by their values, which are texts. No other plain value equals one."""
    return {member.value: member for member in kind} if isinstance(kind, type) and issubclass(kind, Enum) else {}


def _refuse(data: Any) -> Any:
    raise TypeError(repr(data))


@lru_cache(maxsize=8192)
def _read_date(data: str) -> date:
    day = date.fromisoformat(data)
    if day.isoformat() != data:
        raise ValueError(data)
    return day


def _read_time(data: str) -> datetime:
    time = datetime.fromisoformat(data)
    if time.isoformat() != data:
        raise ValueError(data)
    return time
