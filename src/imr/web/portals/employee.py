"""The employee, and the employee's attorney: apply, follow a case, send documents, withdraw."""

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpRequest
from django.urls import URLPattern, path

from imr.law.terms import Role
from imr.web import access
from imr.web.access import CaseView
from imr.web.portals.application import receipt, wizard
from imr.web.portals.case_pages.portal import Portal, View
from imr.web.portals.case_pages.send_records import send_records

app_name = "employee"


class EmployeePortal(Portal):
    """The stage of a case in plain words, and what the employee may do."""

    name: ClassVar[str] = "employee"
    title: ClassVar[str] = "My reviews"
    lead: ClassVar[str] = "Each review shows what happens next, and its deadline."
    words: ClassVar[Mapping[str, str]] = {"receive-records": "Send documents"}
    list_template: ClassVar[str] = "imr/employee/work.html"
    case_template: ClassVar[str] = "imr/employee/case.html"

    def step_pages(self) -> Mapping[str, View]:
        """Return the page for sending documents."""
        return {"receive-records": lambda request, view, step: send_records(self, request, view, step)}

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return what was decided, where this person may know it."""
        return {"determination": access.determination(view.access) if view.case.dates.determination_issued_on else None}

    def extra_urls(self) -> list[URLPattern]:
        """Return the address for applying."""
        return [path("apply/", self._guarded(wizard.view(self._role, self.name, self.title)), name="apply")]

    def case_pages(self) -> dict[str, View]:
        """Return the pages of a case, with the receipt of the application."""
        return {**super().case_pages(), **receipt.PAGES}

    @staticmethod
    def _role(request: HttpRequest) -> Role:
        roles = access.roles(request.user)
        return Role.EMPLOYEE if Role.EMPLOYEE in roles else Role.EMPLOYEE_ATTORNEY


PORTAL = EmployeePortal()
urlpatterns = PORTAL.urls()
