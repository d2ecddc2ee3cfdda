"""The field for a day and hour in California: it asks about an hour that comes twice in autumn, and refuses one that does not exist."""

from collections.abc import Mapping
from datetime import date, datetime

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from imr.case.context import CALIFORNIA

#: Which of the two hours is meant, as the value carries it after the time.
_WHICH = {"first": "the first time, daylight saving time (PDT)", "second": "the second time, standard time (PST)"}
_MARK = "~"


def comes_twice(moment: datetime) -> bool:
    """Return whether the clock of California shows this time twice. `moment` has no zone."""
    first, second = (moment.replace(tzinfo=CALIFORNIA, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and second < first


def never_comes(moment: datetime) -> bool:
    """Return whether the clock of California skips this time. `moment` has no zone."""
    first, second = (moment.replace(tzinfo=CALIFORNIA, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and second > first


class MomentInput(forms.DateTimeInput):
    """A day and hour; where that hour comes twice, with the question which one."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def value_from_datadict(
        self, data: Mapping[str, str], files: "MultiValueDict[str, UploadedFile[bytes]]", name: str
    ) -> str | None:
        """Return the time as it was typed, with the choice between the two hours after it."""
        typed: str | None = super().value_from_datadict(data, files, name)
        which = data.get(f"{name}-which", "")
        return f"{typed}{_MARK}{which}" if typed and which in _WHICH else typed

    def render(
        self, name: str, value: object, attrs: dict[str, object] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Render the field, and below it the choice where there is one."""
        typed, _, which = value.partition(_MARK) if isinstance(value, str) else (value, "", "")
        box = super().render(name, typed, attrs, renderer)
        moment = _typed(typed) if isinstance(typed, str) else None
        if moment is None or not comes_twice(moment):
            return box
        choices = format_html_join(
            "",
            '<label class="choice"><input type="radio" name="{}" value="{}"{}> {}</label>',
            (
                (f"{name}-which", one, SafeString(" checked") if one == which else "", words)
                for one, words in _WHICH.items()
            ),
        )
        return format_html(
            '{}<div class="choices" role="radiogroup" aria-label="Which of the two hours">{}</div>', box, choices
        )


def _typed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


class MomentField(forms.DateTimeField):
    """A time in California, with its zone."""

    widget = MomentInput

    def to_python(self, value: object) -> datetime | None:
        """Parse the time; ask where there are two, and refuse one that does not exist."""
        if not isinstance(value, str):
            return super().to_python(value if isinstance(value, date) else None)
        typed, _, which = value.strip().partition(_MARK)
        moment = _typed(typed)
        if moment is None or datetime.fromisoformat(typed).tzinfo is not None:
            return super().to_python(typed)
        if never_comes(moment):
            raise forms.ValidationError(
                "The clock was set forward over this hour, so it does not exist. Check the hour.", code="never"
            )
        if comes_twice(moment) and which not in _WHICH:
            raise forms.ValidationError(
                "The clock was set back, so this hour came twice. Choose which one it was.", code="twice"
            )
        return moment.replace(tzinfo=CALIFORNIA, fold=int(which == "second"))
