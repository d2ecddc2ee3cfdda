"""Conversion between values and JSON-ready data, for the whole project.

`to_plain` converts dataclasses, enums, dates, times, tuples and mappings to JSON types; `from_plain` converts back, by
the annotations of the class. `from_plain(type(v), to_plain(v)) == v` for every value made of these. `canonical` gives
the one line of JSON that digests are computed from.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union

from imr.errors import ImrError

T = TypeVar("T")

_LINE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
#: The metadata of a field that was added to a class after its values were stored by digest: while it is None it stays out of
#: the plain form, so that an older value keeps its digest. `field(default=None, metadata=ADDED)`.
ADDED = types.MappingProxyType({"added": True})


def stored_as(name: str) -> types.MappingProxyType[str, str]:
    """Metadata of a renamed field: its plain form keeps the older `name`, so that stored data stays readable."""
    return types.MappingProxyType({"stored_as": name})


_AS_IT_IS = frozenset((type(None), bool, str, int, float))


@cache
def _named(cls: type) -> tuple[tuple[str, str], ...] | None:
    """Give the fields of a dataclass, each with its name in the plain form, cached by class; None for other types."""
    if not dataclasses.is_dataclass(cls):
        return None
    return tuple((field.name, _stored_name(field)) for field in dataclasses.fields(cls))


def _stored_name(field: "dataclasses.Field[Any]") -> str:
    return str(field.metadata.get("stored_as", field.name))


@cache
def _added(cls: type) -> tuple[str, ...]:
    """Give the fields that stay out of the plain form while they are None."""
    return tuple(field.name for field in dataclasses.fields(cls) if field.metadata.get("added"))


def to_plain(value: object) -> Any:
    """Give `value` as dict, list, str, int, float, bool or None."""
    kind: type = type(value)
    if kind in _AS_IT_IS:
        return value
    names = _named(kind)
    if names is not None:
        left_out = [name for name in _added(kind) if getattr(value, name) is None]
        return {stored: to_plain(getattr(value, name)) for name, stored in names if name not in left_out}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((to_plain(item) for item in value), key=repr)
    raise TypeError(f"{type(value).__name__} has no plain form")


def canonical(value: object) -> str:
    """Give `value` as one line of JSON, the same for the same value: keys sorted, no space, no ASCII escapes."""
    return _LINE.encode(to_plain(value))


def from_plain(cls: type[T], data: object) -> T:
    """Give the value of type `cls` whose plain form is `data`.

    Raises ImrError with the path of the field if the data does not fit, or has a field that `cls` does not know.
    """
    return typing.cast("T", _convert(cls, data, cls.__name__))


@cache
def _fields(cls: type) -> Mapping[str, tuple[str, Any, bool]]:
    """Give the fields of a dataclass by their names in the plain form: the name in the class, the type, whether it is required."""
    hints = typing.get_type_hints(cls)
    return {
        _stored_name(field): (
            field.name,
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
        if field.init
    }


def _convert(kind: Any, data: object, path: str) -> object:
    if kind is Any or kind is object:
        return data
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _convert_union(kind, data, path)
    if origin in (tuple, list, set, frozenset):
        return _convert_sequence(kind, origin, data, path)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _convert_mapping(kind, data, path)
    if dataclasses.is_dataclass(kind):
        return _convert_dataclass(typing.cast("type", kind), data, path)
    return _convert_scalar(kind, data, path)


def _convert_union(kind: Any, data: object, path: str) -> object:
    options = typing.get_args(kind)
    if data is None and type(None) in options:
        return None
    options = tuple(option for option in options if option is not type(None))
    for option in options[:-1]:
        try:
            return _convert(option, data, path)
        except ImrError:
            continue
    return _convert(options[-1], data, path)


def _convert_sequence(kind: Any, origin: Any, data: object, path: str) -> object:
    if not isinstance(data, list | tuple):
        raise ImrError(f"{path}: a list is expected, not {data!r}")
    inner = typing.get_args(kind)
    if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
        if len(inner) != len(data):
            raise ImrError(f"{path}: {len(inner)} values are expected, not {len(data)}")
        return tuple(_convert(k, item, f"{path}[{n}]") for n, (k, item) in enumerate(zip(inner, data, strict=True)))
    return origin(_convert(inner[0], item, f"{path}[{n}]") for n, item in enumerate(data))


def _convert_mapping(kind: Any, data: object, path: str) -> object:
    if not isinstance(data, Mapping):
        raise ImrError(f"{path}: an object is expected, not {data!r}")
    key_kind, item_kind = typing.get_args(kind)
    return {_convert(key_kind, key, path): _convert(item_kind, item, f"{path}.{key}") for key, item in data.items()}


def _convert_dataclass(cls: type, data: object, path: str) -> object:
    if isinstance(data, cls):
        return data
    if not isinstance(data, Mapping):
        raise ImrError(f"{path}: an object is expected, not {data!r}")
    fields = _fields(cls)
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise ImrError(f"{path}: no field is called {', '.join(unknown)}; there are {', '.join(fields)}")
    missing = [name for name, (_, _, required) in fields.items() if required and name not in data]
    if missing:
        raise ImrError(f"{path}: {', '.join(missing)} must be given")
    converted = {
        name: (fields[name][0], _convert(fields[name][1], item, f"{path}.{name}")) for name, item in data.items()
    }
    return cls(**dict(converted.values()))


def _convert_scalar(kind: Any, data: object, path: str) -> object:
    if (
        isinstance(data, kind)
        and not (isinstance(data, bool) and kind is not bool)
        and not (kind is date and isinstance(data, datetime))
    ):
        return data
    try:
        if issubclass(kind, Enum):
            return kind(data)
        if issubclass(kind, date | time):
            return kind.fromisoformat(data)
        if kind is Decimal and isinstance(data, str | int):
            return Decimal(data)
        if kind is float and isinstance(data, int) and not isinstance(data, bool):
            return float(data)
    except (ValueError, TypeError, ArithmeticError):
        pass
    allowed = f"; one of {', '.join(str(m.value) for m in kind)}" if issubclass(kind, Enum) else ""
    raise ImrError(f"{path}: {kind.__name__} is expected, not {data!r}{allowed}")
