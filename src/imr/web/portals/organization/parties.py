"""Parties of cases: the proposals that intake accepts or refuses, and the parties to reach on paper."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.platform.formatting import capitalized
from imr.web.portals.case_pages.portal import Portal

#: Lines of one list on a page.
LINES = 50


def parties(portal: Portal, request: HttpRequest) -> HttpResponse:
    """Show the page of all cases, and handle its buttons; those on the page of a case lead back to it."""
    if request.method == "POST":
        number = request.POST.get("case", "")
        _settle(request, number)
        back = request.POST.get("back") == "case"
        return redirect("cases:case", number=number) if back else redirect(f"{portal.name}:parties")
    found = access.party_lists(request.user)
    waiting = Paginator(found.waiting, LINES).get_page(request.GET.get("waiting"))
    on_paper = Paginator(found.on_paper, LINES).get_page(request.GET.get("paper"))
    named = {line.case for line in waiting.object_list} | {line.case for line in on_paper.object_list}
    access.log_list(request.user, "parties", named)
    shown = {"portal_info": portal.info, "crumbs": portal.crumbs(title=_("Parties")), "may_settle": found.may_settle}
    return render(request, "imr/imro/parties.html", {**shown, "waiting": waiting, "on_paper": on_paper})


def _settle(request: HttpRequest, number: str) -> None:
    """Do what a button asks; a refusal is shown on the next page."""
    sent = request.POST
    chosen = sent.get("proposal", "")
    try:
        if sent.get("email", "").strip():
            role = next((role for role in PARTIES if role.name == sent.get("role")), Role.PUBLIC)
            messages.success(request, _invited(actions.name_party(request.user, number, role, sent["email"])))
        elif chosen.isdecimal() and len(chosen) < 19 and sent.get("answer") in ("accept", "refuse"):
            accepted = sent["answer"] == "accept"
            code = actions.settle_proposal(request.user, number, int(chosen), accepted=accepted)
            messages.success(request, _invited(code) if accepted else _("Refused: nobody was given the case."))
        elif chosen.isdecimal() and len(chosen) < 19 and sent.get("answer") == "again":
            messages.success(request, _invited(actions.invite_again(request.user, number, int(chosen))))
        else:
            messages.error(request, _("Nothing was chosen: write an e-mail address, or use one of the buttons."))
    except Refused as error:
        messages.error(request, f"{capitalized(str(error))}.")


def _invited(code: str) -> str:
    return _(
        "Invited by e-mail. Who was invited has the case once they have signed in and entered the code of the message, which is {code}: "
        "tell it to nobody but them, on paper or by telephone, where mail does not reach them."
    ).format(code=code)
