"""The form of a step that needs nothing but its facts."""

from collections.abc import Sequence

from django.http import HttpRequest

from imr.case.marks import office_inputs
from imr.case.steps import Step
from imr.law.roles import EMPLOYEE_SIDE, PARTIES
from imr.law.terms import Role
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.formatting import to_initial
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.case_file import consent

#: The facts that are days of the step itself: today unless somebody says another.
_DAYS = ("on", "received_on", "answered_on", "filed_on", "withdrawn_on")


def step_form(step: Step, view: CaseView, request: HttpRequest, leave_out: Sequence[str] = ()) -> FactsForm:
    """Return the form of a step; days begin with today, other fields with the present answer."""
    sent = request.method == "POST"
    initial: dict[str, object] = {name: clock.today() for name in _DAYS}
    if step.name == "answer-information" and view.application is not None:
        initial |= to_initial(consent.to_be_signed_again(view.case, view.application), "application-")
    return FactsForm(
        step.facts,
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=initial,
        leave_out=(*_not_asked_of(set(view.roles), step), *leave_out),
        role=next((role for role in view.roles if role in step.roles), None),
    )


def _not_asked_of(roles: set[Role], step: Step) -> tuple[str, ...]:
    """Return the facts of a step that these people may not state: the office's, and of an application all but the employee's."""
    if not roles & set(PARTIES):
        return ()
    of_paper = ("signed_page",) if roles & set(EMPLOYEE_SIDE) else ("signed_page", "application")
    return (*office_inputs(step.facts), *of_paper)
