"""The page for sending documents of a case: several files at once, each row of one kind.

Files come with the form, or before it as resumable uploads (`actions.uploads`), which the page's script uses where it runs.
"""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict

from imr.case.steps import Step
from imr.law.roles import PARTIES
from imr.law.terms import RecordKind, Role
from imr.web.access import CaseView
from imr.web.actions import uploads as uploading
from imr.web.actions.uploads import ResumableUpload
from imr.web.platform import clock
from imr.web.platform.formatting import choice_label
from imr.web.portals.base.fields import FilesField, known_from
from imr.web.portals.base.forms import Group
from imr.web.portals.case_pages.portal import Portal
from imr.web.store.documents import Upload

_PAGE = "imr/case/records.html"
#: Rows of files on the page; each takes several files.
ROWS = 4
#: The label of a row's choice of kind.
ROW = ("files", "uploaded", "kind", "dated_on", "mental_health")
_KINDS = [("", "Choose the kind of document"), *((kind.name, choice_label(kind)) for kind in RecordKind)]


class _Uploaded(forms.MultipleChoiceField):
    """Files by the ids of their uploads; an id that is no file of the sender is ignored."""

    def validate(self, value: object) -> None:
        """Accept existing files: one that expired or was submitted elsewhere is left out of the step."""


def _label(one: ResumableUpload) -> str:
    label = f"{one.name} ({filesizeformat(one.size)})"
    return label if one.proven else f"{label}: tick it if your file has the SHA-256 {one.digest}"


class RecordsForm(forms.Form):
    """Rows of files, each row of one kind, and who sent them where somebody else did."""

    use_required_attribute = False
    lists = ()

    def __init__(
        self,
        roles: tuple[Role, ...],
        data: QueryDict | None = None,
        files: MultiValueDict[str, "UploadedFile[bytes]"] | None = None,
        *,
        on_the_way: Sequence[ResumableUpload] = (),
        complete_uploads: Callable[[Sequence[str]], Iterable[uploading.CompleteUpload]] = lambda _: (),
    ) -> None:
        super().__init__(data, files)
        self.on_the_way, self.complete_uploads = on_the_way, complete_uploads
        self.sender = next((role for role in roles if role in PARTIES), None)
        if self.sender is None:
            self.fields["sender"] = forms.TypedChoiceField(
                label="Who sent them",
                choices=[(role.name, choice_label(role)) for role in PARTIES],
                coerce=lambda name: Role[name],
                initial=Role.CLAIMS_ADMINISTRATOR.name,
                widget=forms.RadioSelect,
            )
            self.fields["received_on"] = forms.DateField(
                label="Day on which they were received",
                initial=clock.today,
                widget=forms.DateInput(attrs={"type": "date"}),
            )
            self.fields["receipt"] = known_from()
        for number in range(1, ROWS + 1):
            first = number == 1
            self.fields[f"files_{number}"] = FilesField(
                label="Files",
                help_text="PDF, TIFF, JPEG or PNG, or a ZIP of them; choose several at once, or drop them here."
                if first
                else "",
                required=False,
            )
            came = [(one.ticket, _label(one)) for one in on_the_way if one.whole]
            here = [one.ticket for one in on_the_way if one.whole and one.place == number]
            proven = [one.ticket for one in on_the_way if one.proven]
            self.fields[f"uploaded_{number}"] = _Uploaded(
                label="Files that have arrived completely",
                required=False,
                choices=came if data is not None else [choice for choice in came if choice[0] in here],
                initial=[ticket for ticket in here if ticket in proven],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label="Kind of document",
                choices=_KINDS,
                required=first,
                error_messages={
                    "required": "Say what kind of documents these are; those of another kind go into the next row."
                },
            )
            self.fields[f"dated_on_{number}"] = forms.DateField(
                label="Date of the document",
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}),
            )
            self.fields[f"mental_health_{number}"] = forms.BooleanField(
                label="Mental health record",
                help_text="It is then withheld from the employee and the attorney; its author may release it."
                if first
                else "",
                required=False,
            )

    def clean(self) -> dict[str, object]:
        """Require the kind of each row that has files."""
        cleaned = super().clean() or {}
        for number in range(1, ROWS + 1):
            came = cleaned.get(f"files_{number}") or cleaned.get(f"uploaded_{number}")
            if came and not cleaned.get(f"kind_{number}") and number > 1:
                self.add_error(f"kind_{number}", "Say what kind of document this is.")
            for ticket in cleaned.get(f"uploaded_{number}") or ():
                if wrong := self._unconfirmed(ticket):
                    self.add_error(f"uploaded_{number}", wrong)
            if not came and number == 1:
                self.add_error("files_1", "Choose at least one file.")
        return cleaned

    def _unconfirmed(self, ticket: str) -> str:
        """Return what the sender has to do about a file without their digest and confirmation; empty where nothing."""
        one = next((one for one in self.on_the_way if one.whole and one.id == ticket.partition(":")[0]), None)
        if one is None or one.proven or ticket == one.ticket:
            return ""
        return (
            f"{one.name} came without a digest from its sender. Here it has the SHA-256 {one.digest}: if your file has the same, "
            "tick it and send the form again; if not, send the file again."
        )

    def uploads(self) -> list[str]:
        """Return the tickets of the files that had come before the form. Only after `is_valid()`."""
        return [one for number in range(1, ROWS + 1) for one in self.cleaned_data.get(f"uploaded_{number}") or ()]

    def groups(self) -> list[Group]:
        """Return the rows in the order of the page."""
        rows = [
            Group(f"Documents {n}", "", tuple(self[name] for name in self._row(n)), row=True)
            for n in range(1, ROWS + 1)
        ]
        if self.sender is None:
            rows.insert(0, Group("", "", (self["sender"], self["received_on"], self["receipt"])))
        return rows

    def _row(self, number: int) -> list[str]:
        names = [f"{name}_{number}" for name in ROW]
        # Where no file has come, there is nothing to check.
        return [name for name in names if not name.startswith("uploaded") or self.fields[name].choices]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, object]:
        """Return the facts of the step. Only after `is_valid()`."""
        records = tuple(
            Upload.of(
                file,
                kind=RecordKind[self.cleaned_data[f"kind_{number}"]],
                dated_on=self.cleaned_data.get(f"dated_on_{number}"),
                mental_health=self.cleaned_data[f"mental_health_{number}"],
            )
            for number in range(1, ROWS + 1)
            for file in (
                *(self.cleaned_data.get(f"files_{number}") or ()),
                *self.complete_uploads(self.cleaned_data.get(f"uploaded_{number}") or ()),
            )
        )
        if self.sender is not None:
            return {"records": records}
        return {"records": records, **{name: self.cleaned_data[name] for name in ("sender", "received_on", "receipt")}}


def send_records(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Show the page on which documents are sent."""
    roles = tuple(role for role in view.roles if role in portal.info.roles)
    sent = request.method == "POST"
    form = RecordsForm(
        roles,
        request.POST if sent else None,
        request.FILES if sent else None,
        on_the_way=uploading.uploads_of(request.user, view.number),
        complete_uploads=lambda ids: uploading.complete_uploads(request.user, view.number, ids),
    )
    context = {
        "form": form,
        "unfinished": [one for one in form.on_the_way if not one.whole],
        "limit": settings.FILE_LIMIT // 1_000_000,
    }
    if not (sent and form.is_valid()):
        return portal.render_step(request, view, step, context, template=_PAGE)
    response = portal.perform_step(request, view, step, form.facts(), context, template=_PAGE)
    if response.status_code == HTTPStatus.FOUND:
        uploading.delete_submitted(request.user, view.number, form.uploads())
    return response
