"""Steps about one record that was sent: the page on which it is chosen, and withholding a mental health record."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from imr.case.step import Step
from imr.law.disclosure import Thing, may_see
from imr.law.rule import Finding
from imr.law.terms import Role
from imr.web import access
from imr.web.access import CaseView, DocumentLine
from imr.web.platform.formatting import capitalized, only_day

STEP = "withhold-record"
_PAGE = "imr/file/withhold.html"


def withhold(portal: Any, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Choose a record and withhold it, or release it again."""
    rule = may_see(Role.EMPLOYEE, Thing.MENTAL_HEALTH_RECORD, mental_health_withheld=settings.MENTAL_HEALTH_WITHHELD)
    return choose(portal, request, view, step, (rule,), _PAGE)


def choose(
    portal: Any, request: HttpRequest, view: CaseView, step: Step, about: tuple[Finding, ...], template: str
) -> HttpResponse:
    """Show the page of a step about one record, chosen from those that were sent; `about` is the law that it shows."""
    sent = {received.record.digest for received in view.case.records}
    lines = [line for line in access.file(view.access) if line.digest in sent]
    form = portal.form(step, view, request)
    form.fields["file"] = forms.ChoiceField(
        label=form.fields["file"].label,
        help_text=form.fields["file"].help_text,
        choices=[(line.digest, _told(line)) for line in lines],
        error_messages={"required": "Choose a document."},
    )
    more = {"form": form, "findings": about, "template": template}
    if request.method == "POST" and "send" in request.POST and form.is_valid():
        answer: HttpResponse = portal.take(request, view, step, form.values(), **more)
        return answer
    shown: HttpResponse = portal.show(request, view, step, **more)
    return shown


def _told(line: DocumentLine) -> str:
    pages = f"{line.pages} page{'s' if line.pages != 1 else ''}" if line.pages else ""
    parts = (
        capitalized(line.kind),
        pages,
        f"sent by the {line.sender.value} on {only_day(line.at)}",
        "withheld now" * line.withheld,
        "marked as left out by the consent" * line.outside_consent,
    )
    return ", ".join(filter(None, parts))
