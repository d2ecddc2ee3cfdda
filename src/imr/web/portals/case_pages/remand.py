"""The page on which a reversed case is opened again for another reviewer."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from imr.case.state import Case
from imr.case.steps import Step
from imr.case.steps.remand import may_be_remanded, open_remand
from imr.law.terms import Role
from imr.web.access import CaseView

if TYPE_CHECKING:
    from imr.web.portals.case_pages.portal import Portal

STEP = "open-remand"


def is_offered(case: Case, roles: Collection[Role]) -> bool:
    """Return whether one of these roles may open this case again."""
    return bool(set(roles) & set(open_remand.roles)) and all(finding.holds for finding in may_be_remanded(case))


def remand(portal: "Portal", request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Ask for the order and for what it found wrong; the new case is opened from the reversed one, whose number nobody types."""
    form = portal.form(step, view, request, leave_out=("earlier",))
    against = [finding for finding in may_be_remanded(view.case) if not finding.holds]
    context = {"form": form, "offered": is_offered(view.case, view.roles), "held_back": against}
    if request.method == "POST" and "send" in request.POST and form.is_valid():
        facts = {**form.values(), "earlier": view.number}
        return portal.perform_step(request, view, step, facts, context, begins=True)
    return portal.render_step(request, view, step, context)
