"""Values as people read them, and as the initial values of a form: a value with marked fields becomes questions and answers."""

from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import get_type_hints

from django.utils import timezone
from django.utils.safestring import SafeString

from imr.case.marks import Mark
from imr.casing import capitalize_first
from imr.law.roles import ROLES
from imr.law.rule import spell
from imr.law.terms import Role
from imr.web.platform import clock


def role(value: Role | str) -> str:
    """Return the name of a role as people read it; never the name of a person."""
    return ROLES[value if isinstance(value, Role) else Role(value)].label


def capitalized(value: object) -> str:
    """Return a word of the field, or yes and no, with a capital letter."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return capitalize_first(str(value.value if isinstance(value, Enum) else value))


def day(value: date | datetime | None) -> str:
    """Format a day, with the hour where one is given: Tue, Mar 10, 2015, 2:05 PM PDT. An hour without a zone names none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{day(local.date())}, {hour(local)}"
    return f"{value:%a, %b} {value.day}, {value.year}"


def hour(value: datetime) -> str:
    """Format the hour of a moment in its own zone: 2:05 PM PDT."""
    return f"{value.hour % 12 or 12}:{value:%M %p %Z}".rstrip()


def long_date(value: date | datetime) -> str:
    """Format a day as prose has it, with the hour where one is given: March 10, 2015, 2:05 PM PDT."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{long_date(local.date())}, {hour(local)}"
    return spell(value, weekday=False)


def only_day(value: date | datetime | None) -> str:
    """Format a day without the hour."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return day(value)


def days_until(due: date | datetime, today: date | None = None) -> int:
    """Return the whole days from today to a deadline, negative after it."""
    today = today or clock.today()
    if isinstance(due, datetime):
        due = timezone.localtime(due).date() if timezone.is_aware(due) else due.date()
    return (due - today).days


def marked_fields(cls: type) -> Iterator[tuple[Field[object], type | UnionType, Mark]]:
    """Return the fields of a value that people are asked for, each with its type and its mark."""
    hints = get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        hint = hints[field.name]
        found = [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Mark)]
        if found:
            yield field, hint.__origin__, found[0]


def choice_label(choice: Enum) -> str:
    """Return a choice as people read it."""
    return capitalize_first(str(choice.value))


def format_value(value: object) -> str:
    """Format an answer."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Enum):
        return choice_label(value)
    if isinstance(value, date):
        return day(value)
    return ", ".join(map(format_value, value)) if isinstance(value, tuple) else str(value)


def describe(value: object, title: str = "General") -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Return the answers that make up a value, group by group, each with its question; empty answers are left out."""
    plain: list[tuple[str, str]] = []
    inner: list[tuple[str, object]] = []
    for field, _, mark in marked_fields(type(value)):
        held = getattr(value, field.name)
        if held in (None, "", ()):
            continue
        if is_dataclass(held):
            inner.append((mark.title, held))
        elif isinstance(held, tuple) and is_dataclass(held[0]):
            inner += [(f"{mark.title}: {number}", item) for number, item in enumerate(held, 1)]
        else:
            plain.append((mark.title, format_value(held)))
    if plain:
        yield title, plain
    for name, held in inner:
        yield from describe(held, name)


def difference(before: object, after: object) -> tuple[tuple[str, str, str], ...]:
    """Return each question whose answer differs between two values of a kind: the question, the answer before, the answer after."""
    old, new = _questions(before), _questions(after)
    asked = dict.fromkeys([*old, *new])
    return tuple((q, old.get(q, ""), new.get(q, "")) for q in asked if old.get(q) != new.get(q))


def _questions(value: object) -> dict[str, str]:
    return {f"{title}: {label}": answer for title, answers in describe(value) for label, answer in answers}


def to_initial(value: object, prefix: str = "") -> dict[str, object]:
    """Return the initial data of a `FactsForm` for `value`: what the form would give back as `values`."""
    found: dict[str, object] = {}
    if not is_dataclass(value) or isinstance(value, type):
        return found
    for field in fields(value):
        name, held = f"{prefix}{field.name}", getattr(value, field.name)
        if is_dataclass(held):
            found |= to_initial(held, f"{name}-")
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            for number, item in enumerate(held):
                found |= to_initial(item, f"{name}-{number}-")
        elif isinstance(held, tuple) and held and isinstance(held[0], Enum):
            found[name] = [item.name for item in held]
        elif isinstance(held, Enum):
            found[name] = held.name
        elif held is not None:
            found[name] = held
    return found
