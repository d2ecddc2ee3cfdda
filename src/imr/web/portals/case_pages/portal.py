"""What the portals have in common: a list of work, the page of a case, the page of a step, a document.

A portal is a `Portal` with its own words, its own groups of the list, and its own pages for the steps that need more than a
form. Buttons come from `CaseAccess.offers`, so a page offers nothing that the server would refuse.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import ClassVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from imr.case import plausible
from imr.case.steps import STEPS, Step
from imr.errors import ImrError, Refused
from imr.law.days import Deadline
from imr.law.roles import EVERY_CASE, PARTIES
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.access import CaseAccess, CaseLine, CaseView, DocumentLine
from imr.web.platform import clock, error_messages
from imr.web.platform.authentication import SecondFactorExpired
from imr.web.platform.formatting import describe
from imr.web.platform.storage import StorageUnreachable
from imr.web.portals.base import session_ended
from imr.web.portals.base.concerns import FIELD
from imr.web.portals.base.form_keys import form_key, new_key
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.base.registry import portal_info
from imr.web.portals.base.stage_texts import primary_step, stage_label, stage_text, station
from imr.web.portals.case_file import consent, correct_index, document_view, tus_views, withhold_record
from imr.web.portals.case_file.views import CaseFilePages
from imr.web.portals.case_pages import downloads, remand
from imr.web.portals.case_pages.step_form import step_form
from imr.web.portals.case_pages.work_list import Queue, is_over
from imr.web.store.documents import JSON

View = Callable[..., HttpResponse]
#: The page of a step that needs nothing but its form.
STEP_TEMPLATE = "imr/case/step.html"
#: A number of events, as a page sends it back.
_NUMBER = re.compile("[0-9]{1,6}")
#: Lines of a work list on a page.
LINES = 50


def deadline_of(view: CaseView) -> Deadline | None:
    """Return the deadline, with its reasoning, that the case's next due date comes from."""
    if view.due is None:
        return None
    return next((each for each in view.deadlines if each.title == view.due.title), None)


def safe(response: HttpResponse) -> HttpResponse:
    """Keep a page with health information out of every cache."""
    response["Cache-Control"] = "no-store, private"
    return response


def papers(case_access: CaseAccess) -> list[DocumentLine]:
    """Return the documents that this person may open and read as files; values have pages of their own."""
    return [line for line in access.documents(case_access) if line.media_type != JSON]


class Portal:
    """The pages of one audience."""

    name: ClassVar[str]
    #: The heading of the list, and a sentence below it.
    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    #: The name of a step in this portal, where its own title speaks to others.
    words: ClassVar[Mapping[str, str]] = {}
    case_template: ClassVar[str] = "imr/case/case.html"
    list_template: ClassVar[str] = "imr/case/work.html"

    def __init__(self) -> None:
        self.info = portal_info(self.name)
        self.file_pages = CaseFilePages(self)

    # What a portal overrides

    def queues(self, lines: Sequence[CaseLine]) -> Iterable[Queue]:
        """Return the lines of the list in their groups: open cases, the next deadline first, then those that ended."""
        now = [line for line in lines if not is_over(line)]
        yield Queue("Open", now, "No case of yours is open.")
        yield Queue("Finished", [line for line in lines if is_over(line)])

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:  # noqa: ARG002 - for portals to use
        """Return what this portal shows on the page of a case beyond what all portals show."""
        return {}

    def step_pages(self) -> Mapping[str, View]:
        """Return the steps that have a page of their own, by name."""
        return {}

    def form(self, step: Step, view: CaseView, request: HttpRequest, leave_out: Sequence[str] = ()) -> FactsForm:
        """Return the form of a step, without the facts in `leave_out`."""
        return step_form(step, view, request, leave_out)

    # The pages

    def urls(self) -> list[URLPattern]:
        """Return the URL patterns of the portal that belong to no single case; those of a case are in `portals.cases`."""
        return [path("", self._guarded(self.case_list), name="case-list"), *self.extra_urls()]

    def extra_urls(self) -> list[URLPattern]:
        """Return URL patterns that only this portal has."""
        return []

    def case_pages(self) -> dict[str, View]:
        """Return the pages of a case in this portal, by their names among the addresses of a case."""
        return {
            "case": self.case,
            "application": self.application,
            "letter": self.letter,
            "calendar": self.calendar,
            "document": self.document,
            "viewed": self.viewed,
            "picture": self.picture,
            "step": self.step,
            **self.file_pages.pages(),
            **tus_views.PAGES,
        }

    def case_page(self, name: str, arguments: Mapping[str, object]) -> View | None:
        """Return the page of a case of that name; None where this portal has none, or the step is not one of its roles'."""
        step = STEPS.get(str(arguments["name"])) if name == "step" else None
        if step is not None and not set(step.roles) & set(self.info.roles):
            return None
        return self.case_pages().get(name)

    def _guarded(self, view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, **kwargs: object) -> HttpResponse:
            if not set(access.roles(request.user)) & set(self.info.roles):
                raise PermissionDenied
            return safe(view(request, **kwargs))

        return cast("View", login_required(checked))

    def case_list(self, request: HttpRequest) -> HttpResponse:
        """Show the list of cases, the next deadline first."""
        lines = [line for line in access.cases(request.user) if set(line.roles) & set(self.info.roles)]
        queues = []
        for number, queue in enumerate(self.queues(lines)):
            page = Paginator(list(queue.lines), LINES).get_page(request.GET.get(f"page{number}"))
            queues.append((queue, page, f"page{number}"))
        named = [line.number for _, page, _ in queues for line in page.object_list if line.employee]
        if named:
            access.log_list(request.user, "cases", named, role=self.info.roles[0].value)
        context = {
            "portal": self,
            "portal_info": self.info,
            "queues": queues,
            "quiet": [queue for queue, page, _ in queues if queue.empty and not page.object_list],
            "lines": lines,
            **self.extra_list_context(request, lines),
        }
        return render(request, self.list_template, context)

    def extra_list_context(self, request: HttpRequest, lines: Sequence[CaseLine]) -> Mapping[str, object]:  # noqa: ARG002 - for portals to use
        """Return what this portal shows beside its list."""
        return {}

    def crumbs(self, number: str = "", title: str = "") -> list[tuple[str, str]]:
        """Return the breadcrumbs of a page."""
        trail = [(self.title, reverse(f"{self.name}:case-list"))]
        if number:
            trail.append((number, reverse("cases:case", kwargs={"number": number}) if title else ""))
        return [*trail, (title, "")] if title else trail

    def case_view(self, case_access: CaseAccess) -> CaseView:
        """Return the case with only the offers of this portal's roles. Http404 where this portal may not show it."""
        view = access.case(case_access)
        if not set(view.roles) & set(self.info.roles):
            raise Http404
        offers = tuple(self._called(step) for step in view.offers if set(step.roles) & set(self.info.roles))
        return replace(view, offers=offers)

    def _called(self, step: Step) -> Step:
        return replace(step, title=self.words.get(step.name, step.title))

    def context(self, view: CaseView) -> dict[str, object]:
        """Return what every page of a case shows: its stage, its next step, its deadline."""
        case = view.case
        roles = tuple(role for role in view.roles if role in self.info.roles)
        first, rest = self.offered_steps(view, roles)
        return {
            "portal": self,
            "portal_info": self.info,
            "view": view,
            "case": case,
            "number": view.number,
            "stage": case.stage,
            "stands": stage_label(case.stage, roles),
            "standing": stage_text(case, roles, served=not view.not_started),
            "stations": station(case.stage.name),
            "first": first,
            "others": [step for step in rest if not step.drastic],
            "grave": [step for step in rest if step.drastic],
            "deadline": deadline_of(view),
            "mine": view.due is not None and view.due.role in roles,
            "may_remand": remand.is_offered(case, roles),
            **self.consented(view),
        }

    def offered_steps(self, view: CaseView, roles: tuple[Role, ...]) -> tuple[Step | None, list[Step]]:
        """Return the step that comes next for these roles, if any, and the others; a consent is withdrawn where it is shown."""
        first = primary_step(view.offers, view.case.stage, roles)
        return first, [step for step in view.offers if step is not first and step.name != consent.WITHDRAW]

    def consented(self, view: CaseView) -> dict[str, object]:
        """Return the consent to the release of records, and whether the viewer decides on the case or may withdraw it."""
        return {
            "consent": consent.shown(view.case, view.application),
            "decides": bool(set(view.roles) & set(self.info.roles) & set(EVERY_CASE)),
            "may_withdraw_consent": any(step.name == consent.WITHDRAW for step in view.offers),
        }

    def case(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show the page of a case: the next step and its deadline, then everything else."""
        view = self.case_view(case_access)
        context = self.context(view) | {
            "crumbs": self.crumbs(case_access.number),
            "timeline": access.timeline(view.access),
            "documents": papers(view.access),
            "has_file": access.has_file(view.access),
            "alike": access.alike(view.access),
            "letters": access.letters(view.access),
            "sees_all": not set(view.roles) & set(PARTIES),
            "may_record": any(step.name == "record-service" for step in view.offers),
            **self.extra_case_context(view),
        }
        return render(request, self.case_template, context)

    def application(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show the application, answer by answer."""
        view = self.case_view(case_access)
        filed = access.application(view.access)
        groups, written = list(describe(filed)), plausible.slips(filed, clock.today())
        trail = [*self.crumbs(case_access.number, "Application")]
        amended = access.amendments(view.access)
        context: dict[str, object] = {"groups": groups, "written": written, "amended": amended, **self.consented(view)}
        context |= {
            "number": case_access.number,
            "crumbs": trail,
            "portal_info": self.info,
            "has_receipt": "receipt" in self.case_pages(),
        }
        return render(request, "imr/case/application.html", context)

    def document(self, _request: HttpRequest, case_access: CaseAccess, digest: str) -> HttpResponse:
        """Send a document unchanged, for download; the view is logged."""
        return downloads.document(case_access, digest)

    def viewed(self, request: HttpRequest, case_access: CaseAccess, digest: str) -> HttpResponse:
        """Show a document page by page."""
        return document_view.page(self, request, case_access, digest)

    def picture(self, _request: HttpRequest, case_access: CaseAccess, digest: str, at: int) -> HttpResponse:
        """Send the image of a page."""
        return document_view.picture(case_access, digest, at)

    def letter(self, _request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Send the determination as a PDF, to those who may have it."""
        return downloads.determination(case_access)

    def calendar(self, _request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Send the time limits of a case as an iCalendar file."""
        return downloads.calendar(self.case_view(case_access))

    def step(self, request: HttpRequest, case_access: CaseAccess, name: str) -> HttpResponse:
        """Show the page of a step: what it asks, under which law; take the step when the form is sent."""
        step = STEPS.get(name)
        if step is None or not set(step.roles) & set(self.info.roles):
            raise Http404
        step = self._called(step)
        view = self.case_view(case_access)
        if name == correct_index.STEP:
            return self.file_pages.index(request, case_access)  # it is taken on the page of the document
        if (common_page := _STEP_PAGES_OF_EVERY_PORTAL.get(name)) is not None:
            return common_page(self, request, view, step)
        if (page := self.step_pages().get(name)) is not None:
            return page(request, view, step)
        form = self.form(step, view, request)
        if request.method == "POST" and "send" in request.POST and form.is_valid():
            return self.perform_step(request, view, step, form.values(), {"form": form})
        return self.render_step(request, view, step, {"form": form})

    def render_step(
        self,
        request: HttpRequest,
        view: CaseView,
        step: Step,
        context: Mapping[str, object] | None = None,
        *,
        template: str = STEP_TEMPLATE,
        status: int = 200,
    ) -> HttpResponse:
        """Render the page of a step; `context` is what its template shows beyond what all do: a form, a refusal."""
        offered = any(offer.name == step.name for offer in view.offers)
        shown = {
            **self.context(view),
            "crumbs": self.crumbs(view.number, step.title),
            "held_back": () if offered else view.access.held_back(step.name),
            "step": step,
            "grave_step": step.drastic,
            "key": new_key(),
            "offered": offered,
            **(context or {}),
        }
        return render(request, template, shown, status=status)

    def perform_step(
        self,
        request: HttpRequest,
        view: CaseView,
        step: Step,
        facts: Mapping[str, object],
        context: Mapping[str, object] | None = None,
        *,
        template: str = STEP_TEMPLATE,
        version: int | None = None,
        begins: bool = False,
    ) -> HttpResponse:
        """Perform a step and redirect to the case; where it is refused, render the step again with the reasons.

        A step that `begins` another case redirects to that case.
        """
        seen = request.POST.get("seen", "")
        refusal: ImrError
        try:
            done = actions.perform_once(
                step.name,
                request.user,
                None if begins else view.number,
                facts,
                key=form_key(request),
                seen=None if begins else int(seen) if _NUMBER.fullmatch(seen) else view.events,
                version=version,
            )
        except SecondFactorExpired:
            if any(name.startswith(FIELD) and str(text).strip() for name, text in request.POST.items()):
                return session_ended.second_factor_page(request)
            here = request.get_full_path()
            messages.info(request, "Confirm with your second factor, then sign again.")
            return redirect(f"{reverse('mfa_reauthenticate')}?next={here}")
        except Refused as error:
            refusal, status = error, 409
        except ImrError as error:
            refusal = ImrError(error_messages.message(error, request.user))
            status = 503 if isinstance(error, StorageUnreachable) else 400
        else:
            return self._performed(request, step, done)
        view = self.case_view(view.access.reopen())
        context = {**(context or {}), "refusal": refusal}
        return self.render_step(request, view, step, context, template=template, status=status)

    def _performed(self, request: HttpRequest, step: Step, done: actions.Performed) -> HttpResponse:
        """Redirect to the case after a step, with what was rejected of the files that came with it."""
        for name, reason in done.left_out:
            named = reason if reason.startswith(name) else f"{name}: {reason}"
            messages.warning(request, f"Rejected: {named.rstrip('.')}. The rest was accepted.")
        again = " You sent this before; it was taken once." if done.repeated else ""
        messages.success(request, f"Done: {step.title}.{again}")
        return redirect("cases:case", number=done.recorded.case)


#: Steps that have the same page of their own in every portal.
_STEP_PAGES_OF_EVERY_PORTAL: Mapping[str, View] = {
    withhold_record.STEP: withhold_record.withhold,
    consent.WITHDRAW: consent.withdraw,
    consent.MARK: consent.mark,
    remand.STEP: remand.remand,
}
