"""What the portals have in common: a list of work, the page of a case, the page of a step, a document.

A portal is a `Portal` with its own words, its own groups of the list, and its own pages for the steps that need more than a
form. Buttons come from `CaseAccess.offers`, so a page offers nothing that the server would refuse.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header

from imr.case import plausible
from imr.case.marks import office_inputs
from imr.case.state import Stage
from imr.case.steps import STEPS, Step
from imr.errors import ImrError, Refused
from imr.law.days import Deadline
from imr.law.roles import EMPLOYEE_SIDE, EVERY_CASE, PARTIES
from imr.law.terms import Role
from imr.law.time_limits import ical
from imr.web import access, actions
from imr.web.access import CaseAccess, CaseView, DocumentLine
from imr.web.platform import clock, error_messages
from imr.web.platform.authentication import SecondFactorExpired
from imr.web.platform.formatting import describe, to_initial
from imr.web.platform.storage import StorageUnreachable
from imr.web.portals.base import session_ended
from imr.web.portals.base.concerns import FIELD
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.base.letters import letter_pdf
from imr.web.portals.base.registry import portal_info
from imr.web.portals.base.stage_texts import primary_step, stage_label, stage_text, station
from imr.web.portals.case_file import consent, correct_index, document_view, tus_views, withhold_record
from imr.web.portals.case_file.views import CaseFilePages
from imr.web.store.documents import JSON

View = Callable[..., HttpResponse]
#: A number of events, as a page sends it back.
_NUMBER = re.compile("[0-9]{1,6}")
#: Lines of a work list on a page.
LINES = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """Lines of a work list that belong together."""

    title: str
    lines: Sequence[Any]
    empty: str = ""


def deadline_of(view: CaseView) -> Deadline | None:
    """Return the deadline, with its reasoning, that the case's next due date comes from."""
    if view.due is None:
        return None
    return next((each for each in view.deadlines if each.title == view.due.title), None)


def safe(response: HttpResponse) -> HttpResponse:
    """Keep a page with health information out of every cache."""
    response["Cache-Control"] = "no-store, private"
    return response


def papers(opened: CaseAccess) -> list[DocumentLine]:
    """Return the documents that this person may open and read as files; values have pages of their own."""
    return [line for line in access.documents(opened) if line.media_type != JSON]


class Portal:
    """The pages of one audience."""

    name: ClassVar[str]
    #: The heading of the list, and a sentence below it.
    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    #: The name of a step in this portal, where its own title speaks to others.
    words: ClassVar[Mapping[str, str]] = {}
    case_template: ClassVar[str] = "imr/case/case.html"
    work_template: ClassVar[str] = "imr/case/work.html"

    def __init__(self) -> None:
        self.info = portal_info(self.name)
        self.file_pages = CaseFilePages(self)

    # What a portal overrides

    def queues(self, lines: Sequence[Any]) -> Iterable[Queue]:
        """Return the lines of the list in their groups: open cases, the next deadline first, then those that ended."""
        now = [line for line in lines if not is_over(line)]
        yield Queue("Open", now, "No case of yours is open.")
        yield Queue("Finished", [line for line in lines if is_over(line)])

    def more(self, view: CaseView) -> Mapping[str, Any]:  # noqa: ARG002 - for portals to use
        """Return what this portal shows on the page of a case beyond what all show."""
        return {}

    def special(self) -> Mapping[str, View]:
        """Return the steps that have a page of their own, by name."""
        return {}

    def form(self, step: Step, view: CaseView, request: HttpRequest, leave_out: Sequence[str] = ()) -> FactsForm:
        """Return the form of a step that needs nothing but its facts; days begin with today, other fields with the present answer."""
        sent = request.method == "POST"
        initial: dict[str, object] = {
            name: clock.today() for name in ("on", "received_on", "answered_on", "filed_on", "withdrawn_on")
        }
        if step.name == "answer-information" and view.application is not None:
            initial |= to_initial(consent.to_be_signed_again(view.case, view.application), "application-")
        return FactsForm(
            step.facts,
            request.POST if sent else None,
            request.FILES if sent else None,
            initial=initial,
            leave_out=(*_not_asked_of(set(view.roles), step), *leave_out),
            role=next((role for role in view.roles if role in step.roles), None),
        )

    # The pages

    def urls(self) -> list[URLPattern]:
        """Return the URL patterns of the portal that belong to no single case; those of a case are in `portals.cases`."""
        return [path("", self._guarded(self.work), name="work"), *self.extra_urls()]

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

    def case_page(self, name: str, place: Mapping[str, Any]) -> View | None:
        """Return the page of a case of that name; None where this portal has none, or the step is not one of its roles'."""
        step = STEPS.get(place["name"]) if name == "step" else None
        if step is not None and not set(step.roles) & set(self.info.roles):
            return None
        return self.case_pages().get(name)

    def _guarded(self, view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not set(access.roles(request.user)) & set(self.info.roles):
                raise PermissionDenied
            return safe(view(request, **kwargs))

        return cast("View", login_required(checked))

    def work(self, request: HttpRequest) -> HttpResponse:
        """Show the list of cases, the next deadline first."""
        lines = [line for line in access.cases(request.user) if set(line.roles) & set(self.info.roles)]
        queues = []
        for number, queue in enumerate(self.queues(lines)):
            page = Paginator(list(queue.lines), LINES).get_page(request.GET.get(f"page{number}"))
            queues.append((queue, page, f"page{number}"))
        context = {
            "portal": self,
            "portal_info": self.info,
            "queues": queues,
            "quiet": [queue for queue, page, _ in queues if queue.empty and not page.object_list],
            "lines": lines,
            **self.around(request, lines),
        }
        return render(request, self.work_template, context)

    def around(self, request: HttpRequest, lines: Sequence[Any]) -> Mapping[str, Any]:  # noqa: ARG002 - for portals to use
        """Return what this portal shows beside its list."""
        return {}

    def crumbs(self, number: str = "", title: str = "") -> list[tuple[str, str]]:
        """Return the breadcrumbs of a page."""
        trail = [(self.title, reverse(f"{self.name}:work"))]
        if number:
            trail.append((number, reverse("cases:case", kwargs={"number": number}) if title else ""))
        return [*trail, (title, "")] if title else trail

    def case_view(self, opened: CaseAccess) -> CaseView:
        """Return the case with only the offers of this portal's roles. Http404 where this portal may not show it."""
        view = access.case(opened)
        if not set(view.roles) & set(self.info.roles):
            raise Http404
        offers = tuple(self._called(step) for step in view.offers if set(step.roles) & set(self.info.roles))
        return replace(view, offers=offers)

    def _called(self, step: Step) -> Step:
        return replace(step, title=self.words.get(step.name, step.title))

    def context(self, view: CaseView) -> dict[str, Any]:
        """Return what every page of a case shows: its stage, its next step, its deadline."""
        case = view.case
        roles = tuple(role for role in view.roles if role in self.info.roles)
        first = primary_step(view.offers, case.stage, roles)
        # the consent is withdrawn where it is shown
        rest = [step for step in view.offers if step is not first and step.name != consent.WITHDRAW]
        return {
            "portal": self,
            "portal_info": self.info,
            "view": view,
            "case": case,
            "number": view.number,
            "stage": case.stage,
            "stands": stage_label(case.stage, roles),
            "standing": stage_text(case, served=not view.not_started),
            "stations": station(case.stage.name),
            "first": first,
            "others": [step for step in rest if not step.drastic],
            "grave": [step for step in rest if step.drastic],
            "deadline": deadline_of(view),
            "mine": view.due is not None and view.due.role in roles,
            **self.consented(view),
        }

    def consented(self, view: CaseView) -> dict[str, Any]:
        """Return the consent to the release of records, and whether the viewer decides on the case or may withdraw it."""
        return {
            "consent": consent.shown(view.case, view.application),
            "decides": bool(set(view.roles) & set(self.info.roles) & set(EVERY_CASE)),
            "may_withdraw_consent": any(step.name == consent.WITHDRAW for step in view.offers),
        }

    def case(self, request: HttpRequest, opened: CaseAccess) -> HttpResponse:
        """Show the page of a case: the next step and its deadline, then everything else."""
        view = self.case_view(opened)
        context = self.context(view) | {
            "crumbs": self.crumbs(opened.number),
            "timeline": access.timeline(view.access),
            "documents": papers(view.access),
            "has_file": access.has_file(view.access),
            "alike": access.alike(view.access),
            "letters": access.letters(view.access),
            "sees_all": not set(view.roles) & set(PARTIES),
            "may_record": any(step.name == "record-service" for step in view.offers),
            **self.more(view),
        }
        return render(request, self.case_template, context)

    def application(self, request: HttpRequest, opened: CaseAccess) -> HttpResponse:
        """Show the application, answer by answer."""
        view = self.case_view(opened)
        filed = access.application(view.access)
        groups, written = list(describe(filed)), plausible.slips(filed, clock.today())
        trail = [*self.crumbs(opened.number, "Application")]
        amended = access.amendments(view.access)
        context: dict[str, Any] = {"groups": groups, "written": written, "amended": amended, **self.consented(view)}
        context |= {
            "number": opened.number,
            "crumbs": trail,
            "portal_info": self.info,
            "has_receipt": "receipt" in self.case_pages(),
        }
        return render(request, "imr/case/application.html", context)

    def document(self, _request: HttpRequest, opened: CaseAccess, digest: str) -> HttpResponse:
        """Send a document unchanged, for download; the view is logged."""
        found = access.document(opened, digest)
        return HttpResponse(
            found.data,
            content_type=found.media_type,
            headers={
                "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def viewed(self, request: HttpRequest, opened: CaseAccess, digest: str) -> HttpResponse:
        """Show a document page by page."""
        return document_view.page(self, request, opened, digest)

    def picture(self, _request: HttpRequest, opened: CaseAccess, digest: str, at: int) -> HttpResponse:
        """Send the image of a page."""
        return document_view.picture(opened, digest, at)

    def letter(self, _request: HttpRequest, opened: CaseAccess) -> HttpResponse:
        """Send the determination as a PDF, to those who may have it."""
        found = access.determination(opened)
        if found is None:
            raise Http404
        return HttpResponse(
            letter_pdf(found),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{opened.number}-determination.pdf"'},
        )

    def calendar(self, _request: HttpRequest, opened: CaseAccess) -> HttpResponse:
        """Send the time limits of a case as an iCalendar file."""
        view = self.case_view(opened)
        return HttpResponse(
            ical(
                view.deadlines, opened.number, clock.now(), tuple((one.title, one.because) for one in view.not_started)
            ),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{opened.number}-deadlines.ics"'},
        )

    def step(self, request: HttpRequest, opened: CaseAccess, name: str) -> HttpResponse:
        """Show the page of a step: what it asks, under which law; take the step when the form is sent."""
        step = STEPS.get(name)
        if step is None or not set(step.roles) & set(self.info.roles):
            raise Http404
        step = self._called(step)
        view = self.case_view(opened)
        if name == correct_index.STEP:
            return self.file_pages.index(request, opened)  # it is taken on the page of the document
        one_of_its_own = _OF_EVERY_PORTAL.get(name)
        if one_of_its_own is not None:
            return one_of_its_own(self, request, view, step)
        special = self.special().get(name)
        if special is not None:
            return special(request, view, step)
        form = self.form(step, view, request)
        if request.method == "POST" and "send" in request.POST and form.is_valid():
            return self.take(request, view, step, form.values(), form=form)
        return self.show(request, view, step, form=form)

    def show(self, request: HttpRequest, view: CaseView, step: Step, **more: Any) -> HttpResponse:
        """Show a step's page, with the error where there was one."""
        offered = any(offer.name == step.name for offer in view.offers)
        context = {
            **self.context(view),
            "crumbs": self.crumbs(view.number, step.title),
            "held_back": () if offered else view.access.held_back(step.name),
            "step": step,
            "grave_step": step.drastic,
            "offered": offered,
            **more,
        }
        template = more.get("template", "imr/case/step.html")
        return render(request, template, context, status=more.get("status", 200))

    def take(
        self, request: HttpRequest, view: CaseView, step: Step, facts: Mapping[str, Any], **more: Any
    ) -> HttpResponse:
        """Take a step and go to the case; where it is refused, show the step again with the reasons."""
        seen = request.POST.get("seen", "")
        try:
            done = actions.perform_once(
                step.name,
                request.user,
                view.number,
                seen=int(seen) if _NUMBER.fullmatch(seen) else view.events,
                **facts,
            )
        except SecondFactorExpired:
            if any(name.startswith(FIELD) and str(text).strip() for name, text in request.POST.items()):
                return session_ended.second_factor_page(request)
            here = request.get_full_path()
            messages.info(request, "Confirm with your second factor, then sign again.")
            return redirect(f"{reverse('mfa_reauthenticate')}?next={here}")
        except Refused as refusal:
            return self.show(request, self.case_view(view.access.reopen()), step, refusal=refusal, status=409, **more)
        except ImrError as error:
            status = 503 if isinstance(error, StorageUnreachable) else 400
            said = ImrError(error_messages.message(error, request.user))
            return self.show(request, self.case_view(view.access.reopen()), step, refusal=said, status=status, **more)
        for name, reason in done.left_out:
            named = reason if reason.startswith(name) else f"{name}: {reason}"
            messages.warning(request, f"Rejected: {named.rstrip('.')}. The rest was accepted.")
        messages.success(request, f"Done: {step.title}.")
        return redirect("cases:case", number=view.number)


#: Steps that have the same page of their own in every portal.
_OF_EVERY_PORTAL: Mapping[str, View] = {
    withhold_record.STEP: withhold_record.withhold,
    consent.WITHDRAW: consent.withdraw,
    consent.MARK: consent.mark,
}


def _not_asked_of(roles: set[Role], step: Step) -> tuple[str, ...]:
    """Return the facts of a step that these people may not state: the office's, and of an application all but the employee's."""
    if not roles & set(PARTIES):
        return ()
    of_paper = ("signed_page",) if roles & set(EMPLOYEE_SIDE) else ("signed_page", "application")
    return (*office_inputs(step.facts), *of_paper)


def is_over(line: Any) -> bool:
    """Return whether nothing more happens in the case, or its determination is published."""
    stage = line.stage if isinstance(line.stage, Stage) else Stage[line.stage]
    return stage.ended or stage is Stage.PUBLISHED


def by_role(lines: Sequence[Any], *roles: Role) -> list[Any]:
    """Return the lines whose next deadline is one of these roles'."""
    return [line for line in lines if line.due is not None and line.due.role in roles]
