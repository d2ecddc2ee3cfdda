"""The service of letters: the letters to print over all cases, and the page on which a service is recorded."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from imr.case.steps import Step
from imr.case.steps.service import RecordService
from imr.errors import Refused
from imr.law.terms import Place, Service
from imr.web import access
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.formatting import role
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.case_pages.portal import Portal

_PAGE = "imr/imro/serve.html"
#: Letters on a page of the list.
LINES = 25


def record(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Record how a letter went out: chosen from the letters of the case, the last one by default."""
    lines = access.letters(view.access)
    sent = request.method == "POST"
    letter = _chosen(lines, (request.POST if sent else request.GET).get("letter", ""))
    if letter is None:
        return portal.render_step(request, view, step)  # it says why the step is not possible
    form = _form(request, letter)
    context = {"form": form, "letter": letter, "letters": lines}
    if not (sent and "send" in request.POST and form.is_valid()):
        return portal.render_step(request, view, step, context, template=_PAGE)
    back = request.POST.get("back") == "letters"
    chosen = form.cleaned_data["recipients"]
    done = [copy.role for copy in letter.copies if copy.served_on is not None and copy.role in chosen]
    if back and done:  # the list was open while another person recorded it
        refusal = Refused(
            f"Somebody recorded meanwhile how it went to: {', '.join(map(role, done))}. Check what is recorded."
        )
        return portal.render_step(request, view, step, context | {"refusal": refusal}, template=_PAGE, status=409)
    facts = {**form.values(), "letter": letter.number}
    response = portal.perform_step(request, view, step, facts, context, template=_PAGE)
    return redirect(f"{portal.name}:letters") if back and response.status_code == 302 else response


def _chosen(lines: tuple[access.LetterLine, ...], number: str) -> access.LetterLine | None:
    listed = [line for line in lines if line.copies]
    if not number:
        return listed[0] if listed else None
    found = [line for line in listed if str(line.number) == number]
    if not found:
        raise Http404
    return found[0]


def _form(request: HttpRequest, letter: access.LetterLine) -> FactsForm:
    sent = request.method == "POST"
    unserved = [copy.role.name for copy in letter.copies if copy.served_on is None]
    form = FactsForm(
        RecordService,
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"on": clock.today(), "recipients": unserved},
        leave_out=("letter",),
    )
    recipients = form.fields["recipients"]
    assert isinstance(recipients, forms.MultipleChoiceField)  # noqa: S101 - a tuple of roles is asked so
    recipients.choices = [
        (copy.role.name, f"{role(copy.role)}: {copy.name}" if copy.name else role(copy.role)) for copy in letter.copies
    ]
    return form


def letters(portal: Portal, request: HttpRequest) -> HttpResponse:
    """Show the letters that have to be printed and sent, with a form for each to record that."""
    found = access.letters_to_print(request.user)
    page = Paginator(found, LINES).get_page(request.GET.get("letters"))
    access.log_list(request.user, "letters to print", {line.case for line in page.object_list})
    return render(
        request,
        "imr/imro/letters.html",
        {
            "portal_info": portal.info,
            "crumbs": portal.crumbs(title=_("Letters to print")),
            "page": page,
            "today": clock.today(),
            "ways": (Service.MAIL, *(way for way in Service if way is not Service.MAIL)),
            "places": list(Place),
        },
    )
