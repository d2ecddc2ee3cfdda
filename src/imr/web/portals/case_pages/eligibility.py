"""The page on which eligibility is checked before it is decided: every reason for and against, with its law."""

from django.http import HttpRequest, HttpResponse

from imr.case.steps import Step
from imr.case.steps.eligibility import cannot_matter, failing, screened
from imr.web import access
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.organization import consent_terms
from imr.web.portals.case_pages.portal import Portal

_PAGE = "imr/imro/eligibility.html"


def eligibility(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Show the page on which eligibility is decided; checking again shows the result of changed answers."""
    today = clock.today()
    kept = {"application": view.application, "consent_terms": consent_terms()}
    beside = () if view.application is None else cannot_matter(view.case, step.facts(**kept), today)
    form = portal.form(step, view, request, leave_out=beside)
    valid = request.method == "POST" and form.is_valid()
    findings = None
    if view.application is not None and any(offer.name == step.name for offer in view.offers):
        stated = form.values() if valid else {}
        findings = screened(view.case, step.facts(**kept, **stated), today)
    against = failing(findings or ())
    unseen = [finding for finding in against if not finding.looked_at]
    context: dict[str, object] = {
        "form": form,
        "findings": findings,
        "against": against,
        "unseen": unseen,
        "alike": access.alike(view.access),
    }
    if valid and "send" in request.POST:
        return portal.perform_step(request, view, step, form.values(), context, template=_PAGE)
    return portal.render_step(request, view, step, context, template=_PAGE)
