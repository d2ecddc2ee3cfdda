"""What the pages of a case use of the portal that shows them; `case_pages.portal.Portal` has it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from django.http import HttpRequest, HttpResponse

from imr.case.steps import Step
from imr.web.access import CaseAccess, CaseView
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.base.registry import PortalInfo


class CasePortal(Protocol):
    """The portal that shows a page of a case: its words, and the page of a step."""

    name: ClassVar[str]
    info: PortalInfo

    def crumbs(self, number: str = "", title: str = "") -> list[tuple[str, str]]:
        """Return the breadcrumbs of a page."""

    def case_view(self, case_access: CaseAccess) -> CaseView:
        """Return the case with only the offers of this portal's roles. Http404 where this portal may not show it."""

    def context(self, view: CaseView) -> dict[str, object]:
        """Return what every page of a case shows: its stage, its next step, its deadline."""

    def form(self, step: Step, view: CaseView, request: HttpRequest, leave_out: Sequence[str] = ()) -> FactsForm:
        """Return the form of a step, without the facts in `leave_out`."""

    def render_step(
        self,
        request: HttpRequest,
        view: CaseView,
        step: Step,
        context: Mapping[str, object] | None = None,
        *,
        template: str = ...,
        status: int = ...,
    ) -> HttpResponse:
        """Render the page of a step; `context` is what its template shows beyond what all do."""

    def perform_step(
        self,
        request: HttpRequest,
        view: CaseView,
        step: Step,
        facts: Mapping[str, object],
        context: Mapping[str, object] | None = None,
        *,
        template: str = ...,
        version: int | None = None,
    ) -> HttpResponse:
        """Perform a step and redirect to the case; where it is refused, render the step again with the reasons."""
