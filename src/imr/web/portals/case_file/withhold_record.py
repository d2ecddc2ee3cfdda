"""Steps about one record that was sent: the page on which it is chosen, and withholding a mental health record."""

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
from imr.web.portals.base.case_portal import CasePortal

STEP = "withhold-record"
_PAGE = "imr/file/withhold.html"


def withhold(portal: CasePortal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Choose a record and withhold it, or release it again."""
    rule = may_see(Role.EMPLOYEE, Thing.MENTAL_HEALTH_RECORD, mental_health_withheld=settings.MENTAL_HEALTH_WITHHELD)
    return choose(portal, request, view, step, (rule,), _PAGE)


def choose(
    portal: CasePortal, request: HttpRequest, view: CaseView, step: Step, about: tuple[Finding, ...], template: str
) -> HttpResponse:
    """Show the page of a step about one record, chosen from those that were sent; `about` is the law that it shows."""
    sent = {received.record.digest for received in view.case.records}
    lines = [line for line in access.file(view.access) if line.digest in sent]
    form = portal.form(step, view, request)
    if (asked := form.fields.get("file")) is not None:  # a role that may not take the step is asked nothing
        form.fields["file"] = forms.ChoiceField(
            label=asked.label,
            help_text=asked.help_text,
            choices=[(line.digest, _label(line)) for line in lines],
            error_messages={"required": "Choose a document."},
        )
    context = {"form": form, "findings": about}
    if request.method == "POST" and "send" in request.POST and form.is_valid():
        return portal.perform_step(request, view, step, form.values(), context, template=template)
    return portal.render_step(request, view, step, context, template=template)


def _label(line: DocumentLine) -> str:
    pages = f"{line.pages} page{'s' if line.pages != 1 else ''}" if line.pages else ""
    parts = (
        capitalized(line.kind),
        pages,
        f"sent by the {line.sender.value} on {only_day(line.at)}",
        "withheld now" * line.withheld,
        "marked as left out by the consent" * line.outside_consent,
    )
    return ", ".join(filter(None, parts))
