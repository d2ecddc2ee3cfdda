"""The claims administrator: duties and their deadlines, records, authorization, the determination and what it requires."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from imr.law.terms import Role
from imr.web import access
from imr.web.access import CaseView
from imr.web.portals.case_pages.portal import Portal, View
from imr.web.portals.case_pages.send_records import send_records
from imr.web.portals.case_pages.work_list import Queue, due_from, is_over

app_name = "claims"


class ClaimsPortal(Portal):
    """Work by deadline: what the claims administrator owes comes first."""

    name: ClassVar[str] = "claims"
    title: ClassVar[str] = "Claims under review"
    lead: ClassVar[str] = "What you owe comes first, the nearest deadline on top."
    words: ClassVar[Mapping[str, str]] = {
        "receive-records": "Send records",
        "report-ending": "Authorize the treatment, or report that the dispute is over",
    }
    case_template: ClassVar[str] = "imr/claims/case.html"

    def queues(self, lines: Sequence[access.CaseLine]) -> Iterable[Queue]:
        """Return what is owed, what waits for others, what is over."""
        owed = due_from(lines, Role.CLAIMS_ADMINISTRATOR)
        yield Queue("You owe", owed, "Nothing is due from you.")
        yield Queue("Waiting for others", [line for line in lines if line not in owed and not is_over(line)])
        yield Queue("Finished", [line for line in lines if line not in owed and is_over(line)])

    def step_pages(self) -> Mapping[str, View]:
        """Return the page for sending records."""
        return {"receive-records": lambda request, view, step: send_records(self, request, view, step)}

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return what was decided, where this person may know it."""
        return {"determination": access.determination(view.access) if view.case.dates.determination_issued_on else None}


PORTAL = ClaimsPortal()
urlpatterns = PORTAL.urls()
