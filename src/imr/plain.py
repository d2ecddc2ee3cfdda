"""Conversion between values and JSON-ready data, for the whole project.

`to_plain` converts dataclasses, enums, dates, times, tuples and mappings to JSON types; `from_plain` converts back, by
the annotations of the class. `from_plain(type(v), to_plain(v)) == v` for every value made of these. `canonical` gives
the one line of JSON that digests are computed from.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache, partial
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
        added = _added(kind)
        left_out = [name for name in added if getattr(value, name) is None] if added else ()
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


def canonical_text(plain: object) -> str:
    """Give a plain form, such as `to_plain` gives it, as the line that `canonical` writes."""
    return _LINE.encode(plain)


def from_plain(cls: type[T], data: object) -> T:
    """Give the value of type `cls` whose plain form is `data`.

    Raises ImrError with the path of the field if the data does not fit, or has a field that `cls` does not know.
    """
    return typing.cast("T", _convert(cls, data, cls.__name__))


#: Converts plain data to one type; the second argument is the path of the data, for errors.
_Converter = Callable[[object, str], object]


@cache
def _fields(cls: type) -> Mapping[str, tuple[str, _Converter]]:
    """Give the fields of a dataclass by their names in the plain form: the name in the class, and its converter."""
    hints = typing.get_type_hints(cls)
    return {
        _stored_name(field): (field.name, _converter(hints[field.name]))
        for field in dataclasses.fields(cls)
        if field.init
    }


@cache
def _required(cls: type) -> tuple[str, ...]:
    """Give the fields of a dataclass that have no default, by their names in the plain form."""
    return tuple(
        _stored_name(field)
        for field in dataclasses.fields(cls)
        if field.init and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )


def _convert(kind: Any, data: object, path: str) -> object:
    return _converter(kind)(data, path)


@cache
def _converter(kind: Any) -> _Converter:
    """Give the converter to a type. What an annotation means is found out once: reading a case converts thousands of values."""
    if kind is Any or kind is object:
        return _as_it_is
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return partial(_convert_union, *_options(kind))
    if origin in (tuple, list, set, frozenset):
        inner = typing.get_args(kind)
        if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
            return partial(_convert_tuple, tuple(map(_converter, inner)))
        return partial(_convert_sequence, origin, _converter(inner[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = map(_converter, typing.get_args(kind))
        return partial(_convert_mapping, key, item)
    return partial(_convert_dataclass if dataclasses.is_dataclass(kind) else _convert_scalar, kind)


def _as_it_is(data: object, _path: str) -> object:
    return data


def _options(kind: Any) -> tuple[bool, tuple[_Converter, ...]]:
    """Say whether a union has None, and give the converters to its other types."""
    options = typing.get_args(kind)
    return type(None) in options, tuple(_converter(option) for option in options if option is not type(None))


def _convert_union(optional: bool, options: tuple[_Converter, ...], data: object, path: str) -> object:
    if data is None and optional:
        return None
    for option in options[:-1]:
        try:
            return option(data, path)
        except ImrError:
            continue
    return options[-1](data, path)


def _list(data: object, path: str) -> list[object] | tuple[object, ...]:
    if not isinstance(data, list | tuple):
        raise ImrError(f"{path}: a list is expected, not {data!r}")
    return data


def _convert_tuple(inner: tuple[_Converter, ...], data: object, path: str) -> object:
    items = _list(data, path)
    if len(inner) != len(items):
        raise ImrError(f"{path}: {len(inner)} values are expected, not {len(items)}")
    return tuple(convert(item, f"{path}[{n}]") for n, (convert, item) in enumerate(zip(inner, items, strict=True)))


def _convert_sequence(origin: Any, inner: _Converter, data: object, path: str) -> object:
    return origin([inner(item, f"{path}[{n}]") for n, item in enumerate(_list(data, path))])


def _convert_mapping(key: _Converter, item: _Converter, data: object, path: str) -> object:
    if not isinstance(data, Mapping):
        raise ImrError(f"{path}: an object is expected, not {data!r}")
    return {key(name, path): item(value, f"{path}.{name}") for name, value in data.items()}


def _convert_dataclass(cls: type, data: object, path: str) -> object:
    if isinstance(data, cls):
        return data
    if not isinstance(data, dict | Mapping):
        raise ImrError(f"{path}: an object is expected, not {data!r}")
    fields = _fields(cls)
    if not data.keys() <= fields.keys():
        unknown = sorted(set(data) - set(fields))
        raise ImrError(f"{path}: no field is called {', '.join(unknown)}; there are {', '.join(fields)}")
    missing = [name for name in _required(cls) if name not in data]
    if missing:
        raise ImrError(f"{path}: {', '.join(missing)} must be given")
    converted = {}
    for name, item in data.items():
        own, convert = fields[name]
        converted[own] = convert(item, f"{path}.{name}")
    return cls(**converted)


def _convert_scalar(kind: Any, data: object, path: str) -> object:
    if type(data) is kind or (
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
