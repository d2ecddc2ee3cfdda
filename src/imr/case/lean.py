"""A fast reader of events whose plain form is written exactly as the chain writes it.

The chain leaves out every field that has its default. `lean_reader` reads such a form of a class field by field and refuses
everything else with ValueError, KeyError or TypeError; the caller then asks `plain.from_plain`, which knows every form and
says what is wrong.
"""

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache, partial
from typing import Any, Union

#: Gives the value of a plain form, or raises ValueError, KeyError or TypeError if it is not written as the chain writes it.
Reader = Callable[[Any], Any]


_SAME = {str: "str", int: "int", bool: "bool"}


@cache
def lean_reader(cls: Any) -> Reader:
    """Give the reader of a dataclass whose fields with their defaults are left out.

    It is written as source and compiled, as `dataclasses` does: a chain has thousands of values, and a loop over their
    fields takes half as long again.
    """
    names: dict[str, Any] = {"cls": cls, "TypeError": TypeError}
    lines = ["def read(data):", " if type(data) is not dict: raise TypeError", " left = len(data)"]
    hints, own = typing.get_type_hints(cls), [one for one in fields(cls) if not one.metadata.get("stored_as")]
    for number, one in enumerate(own):
        kind = hints[one.name]
        names[f"read{number}"], names[f"default{number}"] = _reader(kind), one.default
        lean = one.default is not MISSING
        lines.append(f" value{number} = default{number}" if lean else f" left -= 1; value{number} = data[{one.name!r}]")
        inside = "  " if lean else " "
        if lean:
            lines.append(f" if {one.name!r} in data:")
            lines.append(f"{inside}left -= 1; value{number} = data[{one.name!r}]")
        if kind in _SAME:
            lines.append(f"{inside}if type(value{number}) is not {_SAME[kind]}: raise TypeError")
        elif isinstance(kind, type) and issubclass(kind, Enum):
            names[f"read{number}"] = {member.value: member for member in kind}
            lines.append(f"{inside}if type(value{number}) is not str: raise TypeError")
            lines.append(f"{inside}value{number} = read{number}[value{number}]")
        elif kind is date:
            names[f"read{number}"] = _read_date
            lines.append(f"{inside}value{number} = read{number}(value{number})")
        else:
            lines.append(f"{inside}value{number} = read{number}(value{number})")
        if lean:
            lines.append(f"{inside}if value{number} == default{number}: raise TypeError")
    lines.append(" if left: raise TypeError")
    lines.append(f" return cls({', '.join(f'{one.name}=value{number}' for number, one in enumerate(own))})")
    exec("\n".join(lines), names)  # noqa: S102 - of the names of our own fields alone
    return typing.cast("Reader", names["read"])


@cache
def _reader(kind: Any) -> Reader:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType) and len(inner) == 2 and type(None) in inner:
        (other,) = (option for option in inner if option is not type(None))
        return partial(_read_optional, _reader(other))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return partial(_read_tuple, _reader(inner[0]))
    if not isinstance(kind, type):
        return partial(_refuse, kind)
    if kind in _SAME:
        return partial(_read_same, kind)
    if kind is date or kind is datetime:
        return _read_date if kind is date else _read_time
    if issubclass(kind, Enum):
        return partial(_read_member, {member.value: member for member in kind})
    return lean_reader(kind) if is_dataclass(kind) else partial(_refuse, kind)


def _refuse(kind: Any, data: Any) -> Any:
    raise TypeError(f"{kind}: {data!r}")


def _read_same(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        raise TypeError(kind.__name__)
    return data


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


def _read_member(members: dict[str, Enum], data: str) -> Enum:
    if type(data) is not str:
        raise TypeError(repr(data))
    return members[data]


def _read_optional(inner: Reader, data: Any) -> Any:
    return None if data is None else inner(data)


def _read_tuple(inner: Reader, data: Any) -> tuple[Any, ...]:
    if type(data) is not list:
        raise TypeError(repr(data))
    return tuple([inner(item) for item in data])
