"""The review organization: intake, coordination and quality, each with its queue by deadline."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from imr.case.context import Actor, StepContext
from imr.case.notices import assignment
from imr.case.state import Stage
from imr.case.steps import Step
from imr.case.steps.service import owed
from imr.errors import Refused
from imr.law.disclosure import Thing, readers
from imr.law.reviewers import Identity
from imr.law.roles import PARTIES, STAFF
from imr.law.terms import Role
from imr.web import access
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.organization import consent_terms, office
from imr.web.portals.application import receipt, wizard
from imr.web.portals.base.concerns import shown
from imr.web.portals.base.forms import FactsForm
from imr.web.portals.base.letters import notice_pdf, stood_in
from imr.web.portals.case_pages.eligibility import eligibility
from imr.web.portals.case_pages.portal import Portal, View, papers
from imr.web.portals.case_pages.publish import publish
from imr.web.portals.case_pages.send_records import send_records
from imr.web.portals.case_pages.signature import signature_file, signature_page
from imr.web.portals.case_pages.work_list import Queue, is_over
from imr.web.portals.organization.information_request import ask
from imr.web.portals.organization.mail import mail
from imr.web.portals.organization.parties import parties
from imr.web.portals.organization.serve_letters import letters, record
from imr.web.store import custom_guidelines
from imr.web.store.documents import Upload

app_name = "imro"

#: Reviewers who are shown at once where one is chosen; the others open on request.
FIRST = 8
#: The stages that wait for each role of the organization.
_QUEUES: tuple[tuple[str, tuple[Role, ...], tuple[Stage, ...], str], ...] = (
    ("Eligibility to decide", (Role.INTAKE,), (Stage.RECEIVED, Stage.INFORMATION_ASKED), "No application is waiting."),
    ("Notices of assignment to make", (Role.COORDINATOR, Role.INTAKE), (Stage.ELIGIBLE,), "No notice is waiting."),
    ("Waiting for records", (Role.COORDINATOR,), (Stage.ASSIGNED,), "No case is waiting for records."),
    ("Choose a reviewer", (Role.COORDINATOR,), (Stage.RECORDS_COMPLETE,), "No case is waiting for a reviewer."),
    (
        "With a reviewer",
        (Role.COORDINATOR,),
        (Stage.REVIEWER_ASSIGNED, Stage.UNDER_REVIEW, Stage.PASSED),
        "No case is with a reviewer.",
    ),
    ("Drafts to check", (Role.QUALITY,), (Stage.QUALITY,), "No draft is waiting for its check."),
    ("Determinations to issue", (Role.COORDINATOR,), (Stage.SIGNED,), "No signed determination is waiting."),
    ("Determinations to publish", (Role.COORDINATOR,), (Stage.ISSUED,), "Nothing to publish."),
)


class SpecialtiesForm(forms.Form):
    """The specialties that the dispute requires, and who reviews it."""

    use_required_attribute = False
    specialties = forms.CharField(
        label="Specialties that the dispute requires",
        help_text="A reviewer needs one of them. Separate them with commas, then check again who is cleared.",
        required=False,
    )
    reviewer = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_specialties(self) -> tuple[str, ...]:
        """Return the specialties, one by one."""
        return tuple(part.strip() for part in self.cleaned_data["specialties"].split(",") if part.strip())


class OrganizationPortal(Portal):
    """Queues by deadline, and the pages on which the organization decides."""

    name: ClassVar[str] = "imro"
    title: ClassVar[str] = "Review organization"
    lead: ClassVar[str] = "Each queue has the nearest deadline on top."
    words: ClassVar[Mapping[str, str]] = {"withdraw-consent": "Enter the withdrawal of the consent"}
    case_template: ClassVar[str] = "imr/imro/case.html"
    list_template: ClassVar[str] = "imr/imro/work.html"

    def queues(self, lines: Sequence[access.CaseLine]) -> Iterable[Queue]:
        """Return one queue for each kind of task; those of other roles come last."""
        held = {role for line in lines for role in line.roles}
        for title, roles, stages, empty in _QUEUES:
            if held & set(roles) or not lines:
                yield Queue(title, [line for line in lines if line.stage in stages], empty)
        shown = {stage for _, roles, stages, _ in _QUEUES if held & set(roles) for stage in stages}
        yield Queue("Elsewhere", [line for line in lines if line.stage not in shown and not is_over(line)])
        yield Queue("Finished", [line for line in lines if is_over(line) and line.stage not in shown])

    def step_pages(self) -> Mapping[str, View]:
        """Return the steps with pages of their own."""
        return {
            "ask-information": lambda request, view, step: ask(self, request, view, step),
            "receive-records": lambda request, view, step: send_records(self, request, view, step),
            "assign-organization": self.notice,
            "decide-eligibility": lambda request, view, step: eligibility(self, request, view, step),
            "assign-reviewer": self.assignment,
            "settle-identity": self.identity,
            "record-service": lambda request, view, step: record(self, request, view, step),
            "publish-determination": lambda request, view, step: publish(self, request, view, step),
            "pass-draft": self.quality,
            "return-draft": self.quality,
        }

    def extra_urls(self) -> list[URLPattern]:
        """Return the addresses for applications on paper, and for what concerns every case."""
        return [
            path("apply/", self._guarded(wizard.view(lambda _: Role.INTAKE, self.name, self.title)), name="apply"),
            path("problems/", self._guarded(self.problems), name="problems"),
            path("guidelines/", self._guarded(self.guidelines), name="guidelines"),
            path("parties/", self._guarded(partial(parties, self)), name="parties"),
            path("letters/", self._guarded(partial(letters, self)), name="letters"),
            path("mail/", self._guarded(partial(mail, self)), name="mail"),
        ]

    def case_pages(self) -> dict[str, View]:
        """Return the pages of a case, with the receipt of the application and the signature of the determination."""
        signed: dict[str, View] = {"signature": partial(signature_page, self), "signature-file": signature_file}
        return {**super().case_pages(), **receipt.PAGES, **signed}

    def extra_list_context(self, request: HttpRequest, lines: Sequence[access.CaseLine]) -> Mapping[str, object]:  # noqa: ARG002 - the shape of the hook
        """Return whether this person may enter an application; for coordinators, own guidelines and mail that did not go out."""
        held = access.roles(request.user)
        coordinates, handles_papers = Role.COORDINATOR in held, bool(set(held) & set(STAFF))
        return {
            "may_enter": Role.INTAKE in held,
            "own_guidelines": custom_guidelines.loaded() if coordinates else None,
            "mail_in_trouble": access.mail_in_trouble(request.user) if coordinates else 0,
            "failing": access.failing(request.user),
            "keys_waiting": access.signing_keys_waiting(request.user) if coordinates else (),
            "closed": sorted(access.proposed_in(request.user)),
            "to_print": access.copies_to_print(request.user) if handles_papers else None,
            "parties_waiting": access.parties_waiting(request.user) if handles_papers else None,
        }

    def problems(self, request: HttpRequest) -> HttpResponse:
        """Show the background tasks that failed: since when, how often, and when they are tried again."""
        shown = {"portal_info": self.info, "portal": self, "crumbs": self.crumbs(title="Problems of the site")}
        return render(request, "imr/imro/problems.html", {**shown, "failures": access.failures(request.user)})

    def guidelines(self, request: HttpRequest) -> HttpResponse:
        """Show the organization's own guidelines as they were read, and the errors in files."""
        access.insist_any(request.user, (Role.COORDINATOR,))
        return render(
            request,
            "imr/imro/guidelines.html",
            {
                "portal_info": self.info,
                "portal": self,
                "crumbs": self.crumbs(title="Own guidelines"),
                "loaded": custom_guidelines.loaded(),
                "folder": settings.GUIDELINES,
                "today": clock.today(),
            },
        )

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return who reviews the case, for those who may know; what was decided."""
        roles = set(view.roles)
        known = roles & set(readers(Thing.REVIEWER_IDENTITY))
        determination = access.determination(view.access) if view.case.determination else None
        reaches = roles & set(STAFF)
        return {
            "parties": access.case_parties(view.access) if reaches else None,
            "party_roles": PARTIES,
            "reviewer": access.reviewer(view.access) if known and view.case.reviewer else None,
            "determination": determination,
            "stood_in": stood_in(view.application, determination),
        }

    def notice(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the generated notice of assignment; the only question is how it is served."""
        sent = request.method == "POST"
        form = FactsForm(step.facts, request.POST if sent else None, leave_out=("notice",))
        context, template = {"form": form, "stood_in": stood_in(view.application)}, "imr/imro/notice.html"
        if not (sent and form.is_valid()):
            return self.render_step(request, view, step, context, template=template)
        preview = StepContext(actor=Actor(role=Role.COORDINATOR, id="preview"), at=clock.now())
        application = access.application(view.access)
        service = form.cleaned_data["service"]
        on_paper = access.on_paper(view.access, owed(view.case), service)
        drawn = notice_pdf(assignment(view.case, application, preview, service, office(), consent_terms(), on_paper))
        if "look" in request.POST:
            return HttpResponse(drawn, content_type="application/pdf")
        facts = {**form.values(), "notice": Upload(name="notice of assignment.pdf", data=drawn)}
        return self.perform_step(request, view, step, facts, context, template=template)

    def assignment(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the reviewers in order, each with every finding of the screening."""
        data = request.POST if request.method == "POST" else request.GET
        form = SpecialtiesForm(data)
        form.is_valid()
        found = access.candidates(view.access, form.cleaned_data["specialties"])
        context = {
            "specialties": ", ".join(found.specialties),
            "candidates": found.candidates,
            "first": [candidate for candidate in found.candidates if candidate.available][:FIRST],
            "further": [candidate for candidate in found.candidates if candidate.available][FIRST:],
            "in_doubt": [candidate for candidate in found.candidates if candidate.in_doubt],
            "others": [c for c in found.candidates if not c.available and not c.in_doubt],
            "least": next((candidate.points for candidate in found.candidates if candidate.available), 0),
            "cleared_count": sum(candidate.cleared for candidate in found.candidates),
        }
        template = "imr/imro/assignment.html"
        chosen = request.POST.get("reviewer", "")
        if request.method == "POST" and chosen:
            facts: dict[str, object] = {"reviewer": chosen, "specialties": found.specialties}
            reason = request.POST.get("reason", "").strip()
            if reason:
                facts["reason"] = Upload.reason(reason)
            return self.perform_step(request, view, step, facts, context, template=template)
        return self.render_step(request, view, step, context, template=template)

    def identity(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the names that may belong to one person, side by side; the answer and how it was established are recorded."""
        found = access.doubts(view.access)
        context: dict[str, object] = {
            "unsettled": [one for one in found if one.at is None],
            "settled": [one for one in found if one.at is not None],
            "choices": [(one.name, one.value) for one in Identity],
        }
        template = "imr/imro/identity.html"
        if request.method != "POST":
            return self.render_step(request, view, step, context, template=template)
        reason, answer = request.POST.get("reason", "").strip(), request.POST.get("identity", "")
        if not reason or answer not in Identity.__members__:
            refusal = Refused("say whether they are the same, and write how it was established")
            context |= {"refusal": refusal, "data": request.POST}
            return self.render_step(request, view, step, context, template=template, status=422)
        facts = {
            "reviewer": request.POST.get("reviewer", ""),
            "doubt": request.POST.get("doubt", ""),
            "identity": Identity[answer],
            "reason": Upload.reason(reason),
        }
        return self.perform_step(request, view, step, facts, context, template=template)

    def quality(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the draft beside the file: pass it, or return it with what has to be corrected."""
        form = self.form(step, view, request)
        concerns, answers = access.concerns(view.access), access.answers(view.access)
        context = {
            "form": form,
            "determination": access.draft(view.access),
            "alike": access.alike(view.access),
            "documents": papers(view.access),
            "came_late": access.came_late(view.access),
            "concerns": shown(concerns, answers, view.number),
        }
        template = "imr/imro/quality.html"
        if request.method == "POST" and "send" in request.POST and form.is_valid():
            return self.perform_step(request, view, step, form.values(), context, template=template)
        return self.render_step(request, view, step, context, template=template)


PORTAL = OrganizationPortal()
urlpatterns = PORTAL.urls()
