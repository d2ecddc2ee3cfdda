"""The requesting physician: the disputes over their requests, supporting records, the determination."""

from collections.abc import Mapping
from typing import ClassVar

from imr.web import access
from imr.web.access import CaseView
from imr.web.portals.case_pages.portal import Portal, View
from imr.web.portals.case_pages.send_records import send_records

app_name = "physician"


class PhysicianPortal(Portal):
    """What was requested, what was decided, and what the physician may add."""

    name: ClassVar[str] = "physician"
    title: ClassVar[str] = "Reviews of my requests"
    lead: ClassVar[str] = "You may send records and reasons that support your request until the case file is closed."
    words: ClassVar[Mapping[str, str]] = {
        "receive-records": "Send supporting documents",
        "report-ending": "Withdraw the request for treatment",
    }
    case_template: ClassVar[str] = "imr/claims/case.html"

    def step_pages(self) -> Mapping[str, View]:
        """Return the page for sending records."""
        return {"receive-records": lambda request, view, step: send_records(self, request, view, step)}

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return what was decided, where this person may know it."""
        return {"determination": access.determination(view.access) if view.case.dates.determination_issued_on else None}


PORTAL = PhysicianPortal()
urlpatterns = PORTAL.urls()
