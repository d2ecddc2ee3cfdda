"""The pages of a case, at one address for everybody who may see it.

What an address shows follows the roles in which a person sees that case: the first portal of the registry that is for one of
them and has that page. For everybody else it does not exist.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from imr.web import access
from imr.web.portals import claims, dwc, employee, physician
from imr.web.portals.base.registry import PORTAL_INFO
from imr.web.portals.case_pages.portal import Portal, View, safe
from imr.web.portals.organization import portal as organization
from imr.web.portals.reviewer import portal as reviewer

app_name = "cases"

#: Where each page of a case is, below the number of the case. A step comes last: its pattern matches the name of any page.
ROUTES = {
    "case": "",
    "application": "application/",
    "receipt": "receipt/",
    "receipt-pdf": "receipt.pdf",
    "letter": "letter/",
    "calendar": "deadlines.ics",
    "chain": "events.jsonl",
    "signature": "signature/",
    "signature-file": "signature.json",
    "document": "documents/<str:digest>/",
    "viewed": "documents/<str:digest>/pages/",
    "picture": "documents/<str:digest>/pages/<int:at>/",
    "file": "file/",
    "chronology": "file/chronology/",
    "completeness": "file/completeness/",
    "whole": "file/whole.pdf",
    "page": "file/<str:digest>/<int:page>/",
    "page-image": "file/<str:digest>/<int:page>/image/",
    "note": "file/<str:digest>/<int:page>/notes/",
    "correct": "file/<str:digest>/<int:page>/correct/",
    "uploads": "uploads/",
    "upload": "uploads/<uuid:upload>/",
    "draft": "draft/",
    "saved": "draft/saved/",
    "preview": "draft/letter.pdf",
    "checks": "checks/",
    "evidence": "evidence/<int:treatment>/",
    "like": "like/",
    "step": "<slug:name>/",
}

#: The portals in the order of the registry.
PORTALS: tuple[Portal, ...] = tuple(
    sorted(
        (module.PORTAL for module in (employee, claims, physician, organization, reviewer, dwc)),
        key=lambda portal: PORTAL_INFO.index(portal.info),
    )
)


def _page(name: str) -> View:
    """Return the view of the page of that name, in the portal for the viewer's roles."""

    def shown(request: HttpRequest, number: str, **arguments: object) -> HttpResponse:
        case_access = access.open_case(request.user, number)
        for portal in PORTALS:
            page = portal.case_page(name, arguments) if set(case_access.roles) & set(portal.info.roles) else None
            if page is not None:
                with case_access.logged_together():
                    return safe(page(request, case_access, **arguments))
        raise Http404

    shown.__name__ = name
    return login_required(shown)


urlpatterns = [path(f"<str:number>/{route}", _page(name), name=name) for name, route in ROUTES.items()]
