"""Publication of a determination: a person checks every replacement in the public version, each distinct one once, and confirms."""

from django.http import HttpRequest, HttpResponse

from imr.case.steps import Step
from imr.determination import Choices
from imr.errors import Refused
from imr.web import access
from imr.web.access import CaseView
from imr.web.portals.case_pages.portal import Portal


def publish(portal: Portal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Show the replacements with the words around them, the resulting public version, and the person's choices."""
    template = {"template": "imr/case/publish.html"}
    if not any(offer.name == step.name for offer in view.offers):
        return portal.show(request, view, step, **template)
    said = request.POST
    choices = Choices(
        stay=tuple(dict.fromkeys(word.strip() for word in said.getlist("stay") if word.strip())),
        go=tuple(dict.fromkeys(line.strip() for line in said.get("go", "").splitlines() if line.strip())),
    )
    found = access.to_publish(view.access, choices)
    more = {**template, "found": found, "go": "\n".join(choices.go), "determination": found.public}
    if request.method != "POST" or "send" not in said:
        return portal.show(request, view, step, **more)
    if "looked" not in said or said.get("confirmed") != found.confirmed:
        changed = "your choices changed the public version: check it again, mark that you checked it, and publish"
        wrong = Refused(changed if "looked" in said else "check each replacement, and mark that you did")
        return portal.show(request, view, step, refusal=wrong, status=409, **more)
    facts = {"stay": choices.stay, "go": choices.go, "confirmed": found.confirmed}
    return portal.take(request, view, step, facts, **more)
