"""The form of a step that needs nothing but its facts."""

from collections.abc import Sequence

from django.http import HttpRequest

from imr.case.marks import facts_not_stated_by
from imr.case.steps import Step
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
    role = next((role for role in view.roles if role in step.roles), None)
    return FactsForm(
        step.facts,
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=initial,
        leave_out=(*facts_not_stated_by(step.facts, role), *leave_out),
        role=role,
    )
