"""The Division: every case, what is late, the chain of events of a case and its proof."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from imr.case.chain import to_lines, verify
from imr.case.state import Stage
from imr.errors import Damaged
from imr.law.terms import Outcome, Role
from imr.web import access
from imr.web.access import CaseAccess, CaseView
from imr.web.platform.formatting import days_until
from imr.web.portals.case_pages.eligibility import eligibility
from imr.web.portals.case_pages.portal import Portal, View
from imr.web.portals.case_pages.publish import publish
from imr.web.portals.case_pages.signature import signature_file, signature_page
from imr.web.portals.case_pages.work_list import Queue, is_over

app_name = "dwc"


class DivisionPortal(Portal):
    """Oversight: numbers, late cases, all cases, and the proof of each history."""

    name: ClassVar[str] = "dwc"
    title: ClassVar[str] = "Oversight"
    lead: ClassVar[str] = "A late determination stays valid (CHP v. WCAB, 2016); lateness is shown, never hidden."
    list_template: ClassVar[str] = "imr/dwc/work.html"
    case_template: ClassVar[str] = "imr/dwc/case.html"

    def queues(self, lines: Sequence[access.CaseLine]) -> Iterable[Queue]:
        """Return what is late, what waits for the Division, every other case."""
        late = [line for line in lines if line.due is not None and days_until(line.due.at) < 0]
        mine = [line for line in lines if line.stage in (Stage.RECEIVED, Stage.INFORMATION_ASKED) and line not in late]
        yield Queue("Late", late, "Nothing is late.")
        yield Queue("Eligibility to decide", mine, "No application is waiting.")
        rest = [line for line in lines if line not in late and line not in mine]
        yield Queue("Open", [line for line in rest if not is_over(line)], "No other case is open.")
        yield Queue("Ineligible", [line for line in rest if line.stage is Stage.INELIGIBLE])
        yield Queue("Finished", [line for line in rest if is_over(line) and line.stage is not Stage.INELIGIBLE])

    def extra_list_context(self, request: HttpRequest, lines: Sequence[access.CaseLine]) -> Mapping[str, object]:  # noqa: ARG002 - the shape of the hook
        """Return the numbers of the oversight."""
        determined = [line for line in lines if line.outcome is not None]
        set_aside = sum(line.stage is Stage.REVERSED for line in determined)  # counted separately, and in no share
        outcomes = Counter(line.outcome for line in determined if line.stage is not Stage.REVERSED)
        decided = sum(outcomes.values())
        stages = Counter(line.stage for line in lines)
        return {
            "figures": (
                ("Cases", len(lines), ""),
                ("Open", sum(not is_over(line) for line in lines), ""),
                ("Late", sum(line.due is not None and days_until(line.due.at) < 0 for line in lines), "late"),
                ("Decided", decided, ""),
                ("Set aside on appeal", set_aside, ""),
            ),
            "outcomes": [
                (outcome.value, outcomes[outcome], round(100 * outcomes[outcome] / decided) if decided else 0)
                for outcome in Outcome
            ],
            "stages": [(stage.value, stages[stage]) for stage in Stage if stages[stage]],
        }

    def step_pages(self) -> Mapping[str, View]:
        """Return the pages for eligibility and publication."""
        return {
            "decide-eligibility": lambda request, view, step: eligibility(self, request, view, step),
            "publish-determination": lambda request, view, step: publish(self, request, view, step),
        }

    def case_pages(self) -> dict[str, View]:
        """Return the chain of events as a file, and the signature of the determination."""
        return {
            **super().case_pages(),
            "chain": self.chain,
            "signature": partial(signature_page, self),
            "signature-file": signature_file,
        }

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return the chain of events and whether it verifies; what was decided."""
        events = access.events(view.access)
        try:
            verify(events)
            damage = ""
        except Damaged as error:
            damage = str(error)
        return {
            "chain": events,
            "damage": damage,
            "determination": access.determination(view.access) if view.case.dates.determination_issued_on else None,
            "is_division": Role.DIVISION in view.roles,
        }

    def chain(self, _request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Send the events of a case as outsiders may have them, one a line."""
        return HttpResponse(
            to_lines(access.events(case_access)),
            content_type="application/x-ndjson",
            headers={"Content-Disposition": f'attachment; filename="{case_access.number}-events.jsonl"'},
        )


PORTAL = DivisionPortal()
urlpatterns = PORTAL.urls()
