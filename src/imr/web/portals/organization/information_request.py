"""The request for more information: the letter is generated here from the questions."""

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest, HttpResponse

from imr.case.marks import Input
from imr.case.notices import information_request
from imr.case.steps import Step
from imr.law.terms import Role, Service
from imr.web import access
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.organization import office
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.base.letters import notice_pdf, stood_in
from imr.web.portals.case_pages.portal import Portal
from imr.web.store.documents import Upload

_PAGE = "imr/imro/questions.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The questions, and who has to answer them."""

    of: Annotated[
        tuple[Role, ...],
        Input("Whom to ask", "The employee, the attorney, the claims administrator or the requesting physician."),
    ]
    questions: Annotated[
        tuple[str, ...],
        Input("Questions", "One on each line. The letter numbers them, and gives the deadline for the answer."),
    ]
    service: Annotated[
        Service,
        Input(
            "How the request is sent",
            "By the most efficient means. Recipients whom the site does not reach this way get it on paper.",
        ),
    ] = Service.ELECTRONIC


def ask(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Show the request for information as a preview, or send it."""
    sent = request.method == "POST"
    form = FactsForm(Questions, request.POST if sent else None)
    context = {"form": form, "stood_in": stood_in(view.application)}
    if not (sent and form.is_valid()):
        return portal.render_step(request, view, step, context, template=_PAGE)
    facts = form.values()
    stated = facts.pop("questions")
    questions = [str(one) for one in stated] if isinstance(stated, tuple) else []
    application = access.application(view.access)
    drawn = notice_pdf(information_request(view.case, application, questions, clock.today(), office()))
    if "look" in request.POST:
        return HttpResponse(drawn, content_type="application/pdf")
    letter = Upload(name="request for information.pdf", data=drawn)
    return portal.perform_step(request, view, step, {**facts, "letter": letter}, context, template=_PAGE)
