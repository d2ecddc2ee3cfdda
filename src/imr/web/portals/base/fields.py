"""The form field that asks for one fact, chosen by the type of its value and its mark (`case.marks`)."""

from dataclasses import MISSING, Field
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import TypedDict, Union, Unpack, get_args, get_origin

from django import forms
from django.core.files.uploadedfile import UploadedFile

from imr.case.marks import AssessedInput, Attachment, Input, Mark
from imr.case.receipts import HOW_KNOWN, Receipt
from imr.case.text_limits import PAPER, REASON, TextLimit, composed
from imr.web.actions.inputs import unseen_removed
from imr.web.platform.formatting import choice_label
from imr.web.portals.base.local_time import MomentField

#: Few enough choices to show them all at once.
RADIOS = 6
#: The choice of a question that nobody answered yet.
_UNSEEN = "Not checked"


#: The type of a fact, as its annotation has it.
Kind = type | UnionType


class _Words(TypedDict):
    label: str
    help_text: str


class _TextOptions(_Words):
    required: bool
    strip: bool
    widget: forms.Widget


class _Days(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once; the value is a list of uploads."""

    widget = _Files

    def clean(self, data: object, initial: object = None) -> "list[UploadedFile[bytes]]":
        """Check each file separately."""
        single = super().clean
        if isinstance(data, list | tuple):
            return [single(item, initial) for item in data]
        kept = single(data, initial)
        return [kept] if kept else []


class NumbersField(forms.CharField):
    """Whole numbers, separated by commas or spaces."""

    def clean(self, value: object) -> tuple[int, ...]:
        """Return the numbers as a tuple."""
        text = super().clean(value)
        try:
            return tuple(int(part) for part in text.replace(",", " ").split())
        except ValueError:
            raise forms.ValidationError("Enter whole numbers with commas between them, such as 1, 3.") from None


class TextField(forms.CharField):
    """A text within its limit (`case.text_limits`), in the composed form of Unicode."""

    def __init__(self, limit: TextLimit, **more: Unpack[_TextOptions]) -> None:
        super().__init__(max_length=limit.longest, **more)
        self.limit = limit

    def to_python(self, value: object) -> str | None:
        """Return the text in the composed form, in which it is counted and stored. Refuse what would take long to compose."""
        text = super().to_python(value)
        if text is None:
            return None
        try:
            return composed(text, 4 * self.limit.longest)
        except ValueError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None

    def validate(self, value: str | None) -> None:
        """Refuse a character that this text may not have. The length is refused by the maximum of the field."""
        super().validate(value)
        text = (value or "")[: self.limit.longest]
        if why := self.limit.problem(unseen_removed(text)):
            raise forms.ValidationError(f"{why[:1].upper()}{why[1:]}.")


def without_none(kind: Kind) -> tuple[Kind, bool]:
    """Return the type without None, and whether None was among its members."""
    if get_origin(kind) in (Union, UnionType):
        inner = [part for part in get_args(kind) if part is not NoneType]
        return inner[0], True
    return kind, False


def has_no_default(field: Field[object]) -> bool:
    """Return whether a fact has to be given."""
    return field.default is MISSING and field.default_factory is MISSING


def _choices(kind: type[Enum]) -> list[tuple[str, str]]:
    return [(member.name, choice_label(member)) for member in kind]


def _enum_field(kind: type[Enum], needed: bool, none: str, **labels: Unpack[_Words]) -> forms.Field:
    listed = _choices(kind)
    if not needed:
        listed = [("", none), *listed]
    shown = forms.RadioSelect if len(listed) <= RADIOS else forms.Select
    return forms.TypedChoiceField(
        choices=listed, coerce=lambda name: kind[name], empty_value=None, required=needed, widget=shown, **labels
    )


def _text_field(mark: Mark, needed: bool, **labels: Unpack[_Words]) -> forms.Field:
    multiline = isinstance(mark, Input) and mark.multiline
    widget = forms.Textarea(attrs={"rows": 5}) if multiline else forms.TextInput()
    limit = mark.limit if isinstance(mark, Input) else REASON
    return TextField(limit, required=needed, strip=True, widget=widget, **labels)


def written_paper(title: str) -> forms.Field:
    """Return the field in which a document is written instead of being sent as a file."""
    return TextField(
        PAPER,
        label=f"{title}: write it here",
        help_text="Or choose a file below. What you write is filed as the document itself.",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def known_from() -> forms.Field:
    """Return the field for how the office knows a day of receipt that lies before today."""
    return field_of(Receipt | None, Input(HOW_KNOWN, "If it came before today."), False)


def field_of(kind: Kind, mark: Mark, needed: bool, *, settled: bool = False) -> forms.Field:
    """Return the field that asks for a fact of this type; `settled` where it starts with an answer."""
    kind, optional = without_none(kind)
    needed = needed and not optional
    labels: _Words = {"label": mark.title, "help_text": getattr(mark, "help", "")}
    if isinstance(mark, Attachment):
        several = get_origin(kind) is tuple
        return FilesField(required=needed, **labels) if several else forms.FileField(required=needed, **labels)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if isinstance(inner, type) and issubclass(inner, Enum):
            return forms.TypedMultipleChoiceField(
                choices=_choices(inner),
                coerce=lambda chosen: inner[chosen],
                empty_value=[],
                required=needed,
                widget=forms.CheckboxSelectMultiple,
                **labels,
            )
        if inner is int:
            return NumbersField(required=needed, **labels)
        return forms.CharField(required=needed, widget=forms.Textarea(attrs={"rows": 3}), **labels)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_field(
            kind, needed or settled, _UNSEEN if isinstance(mark, AssessedInput) else "Not given", **labels
        )
    if kind is bool and optional:
        return forms.TypedChoiceField(
            choices=[("", _UNSEEN), ("yes", "Yes"), ("no", "No")],
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "row"}),
            **labels,
        )
    if kind is bool:
        return forms.BooleanField(required=False, **labels)
    if kind is datetime:
        return MomentField(required=needed, **labels)
    if kind is date:
        return forms.DateField(required=needed, widget=_Days, **labels)
    if kind is int:
        return forms.IntegerField(required=needed, **labels)
    return _text_field(mark, needed, **labels)
