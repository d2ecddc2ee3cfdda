"""Corrections of the index of a case file: what a document is, where one ends and the next begins.

Each correction is a step of the case (`correct-document`), as is undoing one. Pages are shown as numbered in the case file; the
step takes the page numbers of the file that was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from imr.case.file import CorrectionAction
from imr.case.steps.corrections import StatedDocument
from imr.errors import ImrError
from imr.law.terms import RecordKind
from imr.records.corrections import CorrectedDocument
from imr.records.model import Document
from imr.web import actions
from imr.web.access import CorrectionLine
from imr.web.platform.formatting import choice_label
from imr.web.portals.base.case_portal import CasePortal
from imr.web.portals.base.form_keys import form_key, new_key
from imr.web.portals.case_file.case_file_view import CaseFileView

STEP = "correct-document"
_KINDS = [(kind.name, choice_label(kind)) for kind in RecordKind]


def _kind(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=_KINDS, coerce=lambda name: RecordKind[name])


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RetypeForm(forms.Form):
    """What a document is: kind, date of service, title, author, facility."""

    use_required_attribute = False
    record = _kind("Kind of document")
    dated_on = _day("Date of service")
    title = forms.CharField(label="Title", required=False, max_length=200)
    author = forms.CharField(label="Author", required=False, max_length=200)
    facility = forms.CharField(label="Facility", required=False, max_length=200)


class SplitForm(forms.Form):
    """Where in a document another one begins, and what that one is."""

    use_required_attribute = False
    at = forms.IntegerField(label="The next document begins on page")
    record = _kind("Kind of the document that begins there")
    dated_on = _day("Its date of service")


class DocumentFields(TypedDict, total=False):
    """What a correction may say of a document beside its pages."""

    record: RecordKind
    dated_on: date | None
    title: str
    author: str
    facility: str


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A document of the case file, the digest of its file, and how many pages of the case file come before that file."""

    document: Document
    digest: str
    before: int

    def stated(self, first: int, last: int, **changes: Unpack[DocumentFields]) -> StatedDocument:
        """Return a correction for these pages, numbered as in the case file; what is not given stays the same."""
        now = self.document
        unchanged: DocumentFields = {
            "record": now.kind, "dated_on": now.dated_on, "title": now.title, "author": now.author or "",
            "facility": now.facility or "",
        }  # fmt: skip
        return StatedDocument(first=first - self.before, last=last - self.before, **(unchanged | changes))


def may_correct(portal: CasePortal, file: CaseFileView) -> bool:
    """Return whether this person may correct the index now."""
    roles = set(portal.info.roles)
    return any(step.name == STEP and set(step.roles) & roles for step in file.index.offers)


def correct(
    request: HttpRequest, place: DocumentPlace, file: CaseFileView, context: Mapping[str, object]
) -> HttpResponse:
    """Show the page on which a document is renamed, split, or merged with its neighbor, and on which corrections are undone."""
    if not context["may_correct"]:
        raise Http404
    document = place.document
    neighbours = _neighbours(place, file)
    asked = request.POST.get("do", "")
    retype = RetypeForm(request.POST if asked == "retype" else None, initial=_initial(document), prefix="retype")
    split = SplitForm(
        request.POST if asked == "split" else None,
        initial={"at": request.GET.get("at") or document.first + 1, "record": document.kind.name},
        prefix="split",
    )
    problem: ImrError | None = None
    if request.method == "POST":
        try:
            facts = _facts(asked, place, neighbours, retype, split)
            if facts is not None:
                done = actions.perform_once(
                    STEP,
                    request.user,
                    file.case_access.number,
                    {"file": place.digest, **facts},
                    key=form_key(request),
                    seen=_seen(request),
                )
                again = " You sent this before; it was taken once." if done.repeated else ""
                messages.success(
                    request, f"Corrected. It is in the history of the case, and can be undone below.{again}"
                )
                return redirect(request.path)
        except ImrError as error:
            problem = error
    return render(
        request,
        "imr/file/correct.html",
        {
            **context,
            "document": document,
            "place": place,
            "retype": retype,
            "split": split if document.last > document.first else None,
            "neighbours": neighbours,
            "problem": problem,
            "history": _history(file.index.history, place),
            "seen": file.index.events,
            "key": new_key(),
        },
        status=409 if problem else 200,
    )


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 7 else None


def _initial(document: Document) -> dict[str, object]:
    return {
        "record": document.kind.name,
        "dated_on": document.dated_on,
        "title": document.title,
        "author": document.author,
        "facility": document.facility,
    }


def _neighbours(place: DocumentPlace, file: CaseFileView) -> dict[str, Document]:
    """Return the documents of the same file before and after this one."""
    found = {}
    for one in file.built.documents:
        if file.source(one.first)[0] == place.digest:
            if one.last == place.document.first - 1:
                found["before"] = one
            elif one.first == place.document.last + 1:
                found["after"] = one
    return found


def _facts(
    asked: str,
    place: DocumentPlace,
    neighbours: dict[str, Document],
    retype: RetypeForm,
    split: SplitForm,
) -> dict[str, object] | None:
    """Return the facts of the step; None where a form has to be corrected first."""
    document = place.document
    if asked == "retype" and retype.is_valid():
        one = place.stated(document.first, document.last, **retype.cleaned_data)
        return {"action": CorrectionAction.RETYPE, "documents": (one,)}
    if asked == "split" and split.is_valid():
        fields = dict(split.cleaned_data)
        at = fields.pop("at")
        if not document.first < at <= document.last:
            split.add_error("at", f"Choose a page from {document.first + 1} to {document.last}.")
            return None
        parts = (
            place.stated(document.first, at - 1),
            place.stated(at, document.last, **fields, title="", author="", facility=""),
        )
        return {"action": CorrectionAction.SPLIT, "documents": parts}
    if asked in neighbours:
        first, second = sorted((document, neighbours[asked]), key=lambda one: one.first)
        joined = DocumentPlace(first, place.digest, place.before).stated(first.first, second.last)
        return {"action": CorrectionAction.MERGE, "documents": (joined,)}
    if asked.startswith("undo-") and asked[5:].isdecimal():
        return {"action": CorrectionAction.UNDO, "undoes": int(asked[5:])}
    return None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction for a reader, its pages numbered as in the case file."""

    line: CorrectionLine
    documents: tuple[tuple[int, int, CorrectedDocument], ...]


def _history(lines: Sequence[CorrectionLine], place: DocumentPlace) -> list[CorrectionRow]:
    """Return the corrections of one file, the latest first."""
    return [
        CorrectionRow(line, tuple((one.first + place.before, one.last + place.before, one) for one in line.documents))
        for line in reversed(lines)
        if line.file == place.digest
    ]
