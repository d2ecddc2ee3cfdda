"""Publication of a determination: a person checks every replacement in the public version, each distinct one once, and confirms."""

from django.http import HttpRequest, HttpResponse

from imr.case.steps import Step
from imr.determination import Choices
from imr.errors import Refused
from imr.web import access
from imr.web.access import CaseView
from imr.web.portals.case_pages.portal import Portal

_PAGE = "imr/case/publish.html"


def publish(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Show the replacements with the words around them, the resulting public version, and the person's choices."""
    if not any(offer.name == step.name for offer in view.offers):
        return portal.render_step(request, view, step, template=_PAGE)
    data = request.POST
    choices = Choices(
        stay=tuple(dict.fromkeys(word.strip() for word in data.getlist("stay") if word.strip())),
        go=tuple(dict.fromkeys(line.strip() for line in data.get("go", "").splitlines() if line.strip())),
    )
    found = access.to_publish(view.access, choices)
    context = {"found": found, "go": "\n".join(choices.go), "determination": found.public}
    if request.method != "POST" or "send" not in data:
        return portal.render_step(request, view, step, context, template=_PAGE)
    if "looked" not in data or data.get("confirmed") != found.confirmed:
        changed = "your choices changed the public version: check it again, mark that you checked it, and publish"
        refusal = Refused(changed if "looked" in data else "check each replacement, and mark that you did")
        return portal.render_step(request, view, step, context | {"refusal": refusal}, template=_PAGE, status=409)
    facts = {"stay": choices.stay, "go": choices.go, "confirmed": found.confirmed}
    return portal.perform_step(request, view, step, facts, context, template=_PAGE)
