"""Forms of the site: one for each step, made from the marks of the step's facts (`case.marks`), in plain words.

An `Input` becomes a field, a value made of others becomes a group of fields, a list of values becomes rows; an `Attachment`
becomes an upload; a `Provided` fact is supplied by the system and is not asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from typing import TypeVar, get_args, get_origin

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from imr.case import plausible
from imr.case.application import Application
from imr.case.marks import AssessedInput, Attachment, ConfirmedPaths, Input, Mark, Provided, RecordUploads
from imr.casing import capitalize_first
from imr.errors import ImrError
from imr.law.terms import Role
from imr.web.platform import clock
from imr.web.platform.formatting import format_value, marked_fields
from imr.web.portals.base.fields import Kind, field_of, has_no_default, without_none, written_paper
from imr.web.store.documents import Upload

#: Rows of a list of values that a form shows at first, and at most. A longer list is refused by name, never cut.
ROWS, MOST_ROWS = 1, 500
#: The checkboxes by which values are kept as they are written.
AS_WRITTEN = "as_written"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are shown together under a title."""

    title: str
    help: str
    fields: tuple[forms.BoundField, ...]
    row: bool = False
    optional: bool = False


T = TypeVar("T")


def assembled(cls: Callable[..., T], values: Mapping[str, object]) -> T:
    """Make a value of its fields, as a form gave them."""
    return cls(**values)


class FactsForm(forms.Form):
    """A form that asks for the facts of a step, or for any value whose fields are marked."""

    #: Checkboxes and choices fall back on their first value, so that nothing unanswered is taken for an answer.
    use_required_attribute = False

    def __init__(
        self,
        facts: type,
        data: Mapping[str, object] | None = None,
        files: MultiValueDict[str, "UploadedFile[bytes]"] | None = None,
        *,
        initial: Mapping[str, object] | None = None,
        only: Sequence[str] | None = None,
        leave_out: Sequence[str] = (),
        prefix: str = "",
        role: Role | None = None,
        beside: Mapping[str, object] | None = None,
    ) -> None:
        """`role` is who fills it in; `beside` holds what other pages of an application know."""
        super().__init__(data, files, initial=dict(initial or {}))
        self.facts = facts
        self.role = role
        self.beside = beside or {}
        self.start = prefix
        self._untouched: dict[str, object] = {}
        self._groups: list[tuple[str, str, list[str], bool, bool]] = []
        self._asked = {
            field.name
            for field, _, mark in marked_fields(facts)
            if not isinstance(mark, Provided | RecordUploads | ConfirmedPaths)
            and (only is None or field.name in only)
            and field.name not in leave_out
        }
        self._fill(facts, prefix, self._group(), needed=True, top=True)

    def _group(self, title: str = "", help_text: str = "", *, row: bool = False, optional: bool = False) -> list[str]:
        """Begin a group; return the list that its fields go into."""
        names: list[str] = []
        self._groups.append((title, help_text, names, row, optional))
        return names

    def _fill(self, cls: type, prefix: str, names: list[str], *, needed: bool, top: bool = False) -> None:
        """Add the fields of a value. Values within it get groups of their own on the first level of the page only."""
        for field, kind, mark in marked_fields(cls):
            if isinstance(mark, Provided | RecordUploads | ConfirmedPaths) or (top and field.name not in self._asked):
                continue
            name = f"{prefix}{field.name}"
            bare, optional = without_none(kind)
            inside = get_args(bare)[0] if get_origin(bare) is tuple else None
            if isinstance(mark, Input) and is_dataclass(bare) and isinstance(bare, type):
                still = needed and not optional and has_no_default(field)
                into = self._group(mark.title, mark.help, optional=not still) if top else names
                self._fill(bare, f"{name}-", into, needed=still)
                names = self._group() if top else names
            elif isinstance(mark, Input) and is_dataclass(inside) and isinstance(inside, type):
                for number in range(self.rows(name)):
                    into = self._group(f"{mark.title}: {number + 1}", mark.help, row=True)
                    self._fill(inside, f"{name}-{number}-", into, needed=needed and number == 0)
                names = self._group()
            else:
                self._add(name, field, kind, mark, names, needed=needed)

    def _add(self, name: str, field: Field[object], kind: Kind, mark: Mark, names: list[str], *, needed: bool) -> None:
        written = isinstance(mark, Attachment) and mark.can_be_written
        # A fact that may decide the outcome, and a document that can come in one of two ways, are not called optional.
        expected = isinstance(mark, AssessedInput) or (written and has_no_default(field))
        if written:
            self.fields[f"{name}-text"] = typed = written_paper(mark.title)
            typed.expected = expected  # type: ignore[attr-defined]
            names.append(f"{name}-text")
        asked = needed and has_no_default(field) and not written
        settled = isinstance(field.default, Enum)
        made = field_of(kind, mark, asked, settled=settled)
        made.expected = expected  # type: ignore[attr-defined]
        self.fields[name] = made
        names.append(name)
        if field.default not in (MISSING, None, "", ()):
            self._untouched[name] = field.default.name if isinstance(field.default, Enum) else field.default
            self.initial.setdefault(name, self._untouched[name])

    def rows(self, name: str) -> int:
        """Return how many rows of a list are shown: as many as were sent or exist, and one more on request."""
        held: Mapping[str, object] = self.data if self.is_bound else self.initial
        count = ROWS
        while count < MOST_ROWS and any(key.startswith(f"{name}-{count}-") for key in held):
            count += 1
        return min(count + (f"add-{name}" in self.data), MOST_ROWS)

    @property
    def lists(self) -> tuple[tuple[str, str], ...]:
        """Return the lists of the form that can get one more row: name and title."""
        return tuple(
            (f"{self.start}{field.name}", mark.title)
            for field, kind, mark in marked_fields(self.facts)
            if field.name in self._asked and get_origin(kind) is tuple and is_dataclass(get_args(kind)[0])
        )

    def groups(self) -> Iterator[Group]:
        """Return the fields in the order of the page."""
        for title, help_text, names, row, optional in self._groups:
            if names:
                yield Group(title, help_text, tuple(self[name] for name in names), row, optional)

    def answers(self) -> Iterator[tuple[str, str]]:
        """Return the answers with their questions, without empty rows and groups. Only after `is_valid()`."""
        for group in self.groups():
            answered = {bound: self.cleaned_data.get(bound.name) for bound in group.fields}
            answered = {bound: value for bound, value in answered.items() if value not in (None, "", (), [], False)}
            touched = any(
                getattr(value, "name", value) != self._untouched.get(bound.name) for bound, value in answered.items()
            )
            if touched or not (group.row or group.optional):
                for bound, value in answered.items():
                    yield (f"{group.title}: {bound.label}" if group.row else str(bound.label)), format_value(value)

    def values(self) -> dict[str, object]:
        """Return the facts that were given, by name; uploads unchanged. Only after `is_valid()`."""
        values = {
            field.name: self._value(f"{self.start}{field.name}", kind, field)
            for field, kind, _ in marked_fields(self.facts)
            if field.name in self._asked
        }
        confirmed = (field.name for field, _, mark in marked_fields(self.facts) if isinstance(mark, ConfirmedPaths))
        return values | {name: self.as_written for name in confirmed if self.as_written}

    @property
    def as_written(self) -> tuple[str, ...]:
        """Return the values that were confirmed as they are written, by their paths."""
        held = self.data.getlist(AS_WRITTEN) if isinstance(self.data, QueryDict) else self.data.get(AS_WRITTEN, ())
        return tuple(held)

    def _value(self, name: str, kind: Kind, field: Field[object]) -> object:
        bare, optional = without_none(kind)
        if is_dataclass(bare) and isinstance(bare, type):
            empty = (optional or not has_no_default(field)) and not self._anything(f"{name}-")
            return None if empty else self._made(bare, f"{name}-")
        inside = get_args(bare)[0] if get_origin(bare) is tuple else None
        if inside is not None and is_dataclass(inside) and isinstance(inside, type):
            prefixes = (f"{name}-{number}-" for number in range(self.rows(name)))
            return tuple(self._made(inside, prefix) for prefix in prefixes if self._anything(prefix))
        value = self.cleaned_data.get(name)
        typed = self.cleaned_data.get(f"{name}-text")
        if value is None and typed:
            return Upload(name=f"{field.name}.txt", data=f"{typed}\n".encode())
        if get_origin(bare) is tuple and inside is str and isinstance(value, str):
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        if get_origin(bare) is tuple and isinstance(value, list):
            return tuple(value)
        return self._default(value, field)

    @staticmethod
    def _default(value: object, field: Field[object]) -> object:
        if value is None and field.default is not MISSING:
            return field.default
        return value

    def _made(self, cls: type, prefix: str) -> object:
        return cls(**{f.name: self._value(f"{prefix}{f.name}", kind, f) for f, kind, _ in marked_fields(cls)})

    def _anything(self, prefix: str) -> bool:
        """Return whether the person filled in anything of this group beyond its initial values."""
        values = (
            (key, value) for key, value in self.cleaned_data.items() if key.startswith(prefix) and key in self.fields
        )
        return any(
            value not in (None, "", (), [], False) and getattr(value, "name", value) != self._untouched.get(key)
            for key, value in values
        )

    def clean(self) -> dict[str, object]:
        """Require the rest of a group that was begun, and report refused values as errors."""
        cleaned = super().clean() or {}
        for name, title in self.lists:
            if any(key.startswith(f"{name}-{MOST_ROWS}-") for key in self.data):
                self.add_error(
                    None,
                    f"{title}: at most {MOST_ROWS} can be entered here, and more were sent. Remove some, then send it again.",
                )
        self._complete(self.facts, self.start, top=True)
        if not self.errors:
            try:
                values = self.values()
            except ImrError as error:
                self.add_error(None, str(error))
            else:
                self._ask_about(values)
        return cleaned

    def _ask_about(self, values: Mapping[str, object]) -> None:
        """Add an error for each impossible value of an application; where it may be kept as it is written, with a checkbox."""
        if self.facts is Application:
            prefix, answers = self.start, {**self.beside, **values}
        else:
            name = next((name for name, value in values.items() if isinstance(value, Application)), None)
            if name is None:
                return
            prefix = f"{self.start}{name}-"
            answers = {field.name: getattr(values[name], field.name) for field in fields(Application)}
        for slip in plausible.slips(answers, clock.today()):
            paths = [path for path in (slip.path, slip.beside) if path]
            names = (f"{prefix}{path.replace('.', '-')}" for path in paths)
            place = next((name for name in names if name in self.fields), None)
            if place is None:
                continue
            may = self.role is None or plausible.may_confirm(slip, self.role)
            if may:
                self.fields[place].as_written = (slip.path, slip.path in self.as_written)  # type: ignore[attr-defined]
            if not may or slip.path not in self.as_written:
                self.add_error(place, capitalize_first(slip.because))

    def _complete(self, cls: type, prefix: str, *, top: bool = False) -> None:
        for field, kind, mark in marked_fields(cls):
            if isinstance(mark, Provided | RecordUploads | ConfirmedPaths) or (top and field.name not in self._asked):
                continue
            name = f"{prefix}{field.name}"
            bare, _ = without_none(kind)
            inside = get_args(bare)[0] if get_origin(bare) is tuple else None
            if is_dataclass(bare) and isinstance(bare, type) and self._anything(f"{name}-"):
                self._complete(bare, f"{name}-")
            elif inside is not None and is_dataclass(inside) and isinstance(inside, type):
                for number in range(self.rows(name)):
                    if self._anything(f"{name}-{number}-"):
                        self._complete(inside, f"{name}-{number}-")
            elif f"{name}-text" in self.fields:
                if has_no_default(field) and not (self.cleaned_data.get(name) or self.cleaned_data.get(f"{name}-text")):
                    self.add_error(f"{name}-text", "Write it here, or choose a file.")
            elif self._lacks(name, field, kind):
                self.add_error(
                    name, "The other answers of this group need this one too: fill it in, or leave the group empty."
                )

    def _lacks(self, name: str, field: Field[object], kind: Kind) -> bool:
        """Return whether a required field of a group that was begun is empty."""
        bare, optional = without_none(kind)
        asked = name in self.fields and has_no_default(field) and not optional and bare is not bool
        return asked and self.cleaned_data.get(name) in (None, "") and name not in self.errors
