"""The physician reviewer: assignments, attestation, the case file, the draft treatment by treatment, the signature."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path

from imr.case.state import Stage
from imr.case.steps import Step
from imr.determination.model import Determination
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.access import CaseAccess, CaseView, Outdated, WorkingCopy
from imr.web.platform import clock
from imr.web.portals.base import session_ended
from imr.web.portals.base.concerns import answers_from, offers, shown
from imr.web.portals.base.forms import Group
from imr.web.portals.base.letters import letter_pdf, stood_in
from imr.web.portals.case_pages.portal import Portal, View, papers
from imr.web.portals.case_pages.work_list import Queue, is_over
from imr.web.portals.reviewer import evidence_search
from imr.web.portals.reviewer.documents_reviewed import listed
from imr.web.portals.reviewer.draft_form import DraftForm, begun, conflict, decided, disputed, numbered, saved_words
from imr.web.portals.reviewer.signing_key import host_of, signing_key_page
from imr.web.store.site_corpus import compare_draft

app_name = "reviewer"
_CONFIRM = "imr/reviewer/confirm.html"
#: The buttons that add an offered paragraph to the reasons: the prefix of the treatment's number.
TAKEN = "take-"


class AttestationForm(forms.Form):
    """The reviewer's attestation about each party by name."""

    use_required_attribute = False
    lists = ()

    def __init__(self, names: Sequence[tuple[str, str]], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["unaffiliated"] = forms.MultipleChoiceField(
            label="I have no professional, familial or financial affiliation with",
            help_text="Check each name. If you have a tie to any of them, decline the case instead.",
            choices=names,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Attest for each party, or decline the case."},
        )
        self.fields["competent"] = forms.BooleanField(
            label="I am knowledgeable in the condition and in the disputed treatment",
            required=False,
        )

    def groups(self) -> list[Group]:
        """Return the two parts of the attestation."""
        return [Group("", "", (self["unaffiliated"], self["competent"]))]

    def facts(self) -> dict[str, object]:
        """Return the facts of the step. Only after `is_valid()`."""
        return {
            "unaffiliated": tuple(self.cleaned_data["unaffiliated"]),
            "competent": self.cleaned_data["competent"],
        }


class ReviewerPortal(Portal):
    """What waits for the reviewer, the nearest deadline first."""

    name: ClassVar[str] = "reviewer"
    title: ClassVar[str] = "My assignments"
    lead: ClassVar[str] = (
        "Your name is confidential to the review organization. The letters give only your qualifications."
    )
    case_template: ClassVar[str] = "imr/reviewer/case.html"
    list_template: ClassVar[str] = "imr/reviewer/work.html"

    def queues(self, lines: Sequence[access.CaseLine]) -> Iterable[Queue]:
        """Return what waits for attestation, for a draft, for a signature; then the rest."""
        groups = (
            ("To attest", (Stage.REVIEWER_ASSIGNED,), ""),
            ("To review", (Stage.UNDER_REVIEW,), "No case is waiting for your review."),
            ("To sign", (Stage.PASSED,), ""),
        )
        shown: set[Stage] = set()
        for title, stages, empty in groups:
            shown |= set(stages)
            yield Queue(title, [line for line in lines if line.stage in stages], empty)
        yield Queue("With others", [line for line in lines if line.stage not in shown and not is_over(line)])
        yield Queue("Finished", [line for line in lines if is_over(line)])

    def extra_urls(self) -> list[URLPattern]:
        """Return the address of the reviewer's own signing keys."""
        return [path("signing-key/", self._guarded(partial(signing_key_page, self)), name="signing-key")]

    def extra_list_context(self, request: HttpRequest, lines: Sequence[access.CaseLine]) -> Mapping[str, object]:  # noqa: ARG002 - the shape of the hook
        """Return whether the reviewer can sign."""
        return {"signs": any(key.may_sign(clock.now()) for key in access.own_signing_keys(request.user))}

    def step_pages(self) -> Mapping[str, View]:
        """Return the pages on which the reviewer attests, submits and signs."""
        return {
            "attest-independence": self.attest,
            "submit-draft": self.confirm,
            "sign-determination": self.confirm,
        }

    def case_pages(self) -> dict[str, View]:
        """Return the pages on which the draft is written and saved, and their parts."""
        return {
            **super().case_pages(),
            "preview": self.preview,
            "draft": self.draft,
            "saved": self.saved,
            "checks": self.checks,
            "evidence": self.evidence,
            "like": self.like,
        }

    def attest(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the attestation about each party by name."""
        application = access.application(view.access)
        names = [(party.name, f"{party.name} ({party.kind.value})") for party in application.parties()]
        form = AttestationForm(names, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self.perform_step(request, view, step, form.facts(), {"form": form})
        return self.render_step(request, view, step, {"form": form})

    def offered_steps(self, view: CaseView, roles: tuple[Role, ...]) -> tuple[Step | None, list[Step]]:
        """Return the step that comes next and the others; a draft is written before it is submitted."""
        first, others = super().offered_steps(view, roles)
        if first is not None and first.name == "submit-draft":
            return replace(first, name="draft", title="Write the draft"), [first, *others]
        return first, others

    def drafted(self, view: CaseView) -> tuple[DraftForm, WorkingCopy]:
        """Return the form of the draft as it is saved, and its working copy. Http404 where no draft is being written."""
        if not self.may_draft(view):
            raise Http404
        copy, application = access.working_draft(view.access), access.application(view.access)
        documents = listed(view.access)
        content = copy.content
        if content is None:
            kept = access.documents(view.access)
            returned_at = next((line.at for line in kept if line.digest == view.case.draft), None)
            draft = access.draft(view.access)
            content = begun(view.case, application, documents, draft, self._qualified(view.access), returned_at)
        return DraftForm(view.case, application, documents, settings.ORGANIZATION, content), copy

    def extra_case_context(self, view: CaseView) -> Mapping[str, object]:
        """Return whether the saved draft makes a letter: it does once it decides a treatment."""
        copy = access.working_copy(view.access.viewer, access.DRAFT, view.number) if self.may_draft(view) else None
        if copy is None or copy.content is None or view.application is None:
            return {"makes_a_letter": bool(view.case.draft)}
        return {"makes_a_letter": bool(decided(copy.content, len(disputed(view.case, view.application.treatments))))}

    def may_draft(self, view: CaseView) -> bool:
        """Return whether the draft is being written now."""
        return any(step.name == "submit-draft" for step in view.offers)

    def _qualified(self, case_access: access.CaseAccess) -> dict[str, str]:
        reviewer = access.reviewer(case_access)
        if reviewer is None:
            return {}
        stated = access.qualifications_to_state(reviewer, case_access.case)
        return {"specialty": stated.specialty, "licensure": ", ".join(stated.states)}

    def draft(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show the draft beside the file; save it when it is sent."""
        view = self.case_view(case_access)
        if not self.may_draft(view):
            return self._not_drafted(request, view)
        form, copy = self.drafted(view)
        if request.method != "POST":
            return self._writing(request, view, form, copy)
        mine, version = self._sent(form, copy, request.POST)
        try:
            actions.save_draft(request.user, case_access.number, mine, version)
        except Outdated as error:
            saved = error.saved.content or form.content
            return self._writing(
                request, view, form.over(mine), copy, conflict(form, mine, saved, error.saved, version)
            )
        messages.success(request, "The draft is saved.")
        if "look" in request.POST:
            return redirect("cases:step", number=case_access.number, name="submit-draft")
        return redirect("cases:draft", number=case_access.number)

    def _sent(self, form: DraftForm, copy: WorkingCopy, sent: QueryDict) -> tuple[dict[str, str | list[str]], int]:
        """Return what a page sent, the version that it began from, and what it adds: a paragraph, or another version."""
        mine, version = form.typed(sent), numbered(sent.get("version"))
        if "merge" in sent and numbered(sent.get("other")) == copy.version:
            mine, version = form.merged(mine, form.content, sent), copy.version
        if any(name.startswith(TAKEN) for name in sent):
            written = form.over(mine)
            for offer in offers(written.draft()):
                if f"{TAKEN}{(number := written.decided[offer.issue - 1])}" in sent:
                    mine[f"rationale_{number}"] = f"{str(mine[f'rationale_{number}']).rstrip()} {offer.paragraph}"
        return mine, version

    def _writing(
        self,
        request: HttpRequest,
        view: CaseView,
        form: DraftForm,
        copy: WorkingCopy,
        conflict: Mapping[str, object] | None = None,
    ) -> HttpResponse:
        context = {
            **self.context(view),
            "crumbs": self.crumbs(view.number, "Draft"),
            "form": form,
            "version": conflict["version"] if conflict else copy.version,
            "saved": saved_words(copy),
            "conflict": conflict,
            "browser_key": access.browser_key(request.user),
            "browser_name": access.browser_name(request.user, access.DRAFT, view.number),
            "documents": papers(view.access),
            "searched": evidence_search.asked(form),
        }
        return render(request, "imr/reviewer/draft.html", context, status=409 if conflict else 200)

    def _not_drafted(self, request: HttpRequest, view: CaseView) -> HttpResponse:
        """Show that no draft is being written; what was sent is shown, so that it can be copied."""
        context = {
            **self.context(view),
            "crumbs": self.crumbs(view.number, "Draft"),
            "typed": session_ended.typed(request),
        }
        return render(request, "imr/reviewer/not_drafted.html", context, status=409 if request.POST else 200)

    def saved(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Save the draft while it is written, for the script of its page, which also asks for the state of the case."""
        view = self.case_view(case_access)
        here = {
            "name": access.browser_name(request.user, access.DRAFT, case_access.number),
            "token": get_token(request),
        }
        if not self.may_draft(view):
            return JsonResponse({**here, "problem": f"the case is at “{view.case.stage.value}” now"}, status=409)
        form, copy = self.drafted(view)
        if request.method == "POST":
            mine, version = self._sent(form, copy, request.POST)
            try:
                copy = actions.save_draft(request.user, case_access.number, mine, version)
            except Outdated as error:
                found = conflict(form, mine, error.saved.content or form.content, error.saved, version)
                part = render_to_string("imr/parts/conflict.html", {"conflict": found}, request)
                return JsonResponse({**here, "conflict": part}, status=409)
            except Refused as error:
                return JsonResponse({**here, "problem": str(error)}, status=409)
        return JsonResponse({**here, "version": copy.version, "saved": saved_words(copy)})

    def confirm(self, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
        """Show the letter once more before it goes to the quality review, or is signed."""
        signing = step.name == "sign-determination"
        sent = request.POST if request.method == "POST" else None
        copy, drafted = None, None
        if not signing and self.may_draft(view):
            form, copy = self.drafted(view)
            drafted = form.draft()
        standing = access.answers(view.access)
        concerns = shown(access.concerns(view.access, drafted), standing, view.number, sent)
        determination = drafted or access.draft(view.access)
        context = {
            "determination": determination,
            "stood_in": stood_in(determination),
            "came_late": access.came_late(view.access) if signing else (),
            "undecided": () if drafted is None else form.undecided,
            "version": copy.version if copy else 0,
            "concerns": concerns,
            "answering": True,
            "open_count": sum(one.open for one in concerns),
            "signing": signing,
            "asked": access.signature_request(view.access, determination) if signing and determination else None,
            "host": host_of(request),
            "signs_from": access.signs_from(request.user) if signing else None,
        }
        if sent is None or "send" not in sent:
            return self.render_step(request, view, step, context, template=_CONFIRM)
        if signing and not sent.get("seen", "").isdecimal():
            refusal = Refused("the page does not say which draft you saw: look at it again, then sign")
            return self.render_step(request, view, step, context | {"refusal": refusal}, template=_CONFIRM, status=409)
        answers = answers_from(sent)
        facts: dict[str, object] = {"answers": answers} if answers.given else {}
        version = None
        if signing:
            facts["signature"] = sent.get("signature", "")
        if drafted is not None:
            facts["draft"], version = drafted, numbered(sent.get("version"))
        return self.perform_step(request, view, step, facts, context, template=_CONFIRM, version=version)

    def _as_written(self, request: HttpRequest, view: CaseView) -> tuple[Determination | None, list[int]]:
        """The draft as it is being written where a form comes with the request, else as it is saved; what it decides."""
        if not self.may_draft(view):
            draft = access.draft(view.access)
            return draft, list(range(1, len(draft.issues) + 1)) if draft else []
        try:
            form, _ = self.drafted(view)
        except Refused:
            moved = self.case_view(view.access.reopen())
            if self.may_draft(moved):
                raise
            return self._as_written(request, moved)  # it was submitted between the two queries
        if request.method == "POST":
            form = form.over(form.typed(request.POST))
        return form.draft(), form.decided

    def checks(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show what the checks find in the draft: the content of a form that comes along, else the saved one."""
        view = self.case_view(case_access)
        draft, decided = self._as_written(request, view)
        concerns, standing = access.concerns(view.access, draft), access.answers(view.access)
        whole = not request.headers.get("HX-Request")
        context = {
            **self.context(view),
            "concerns": shown(concerns, standing, case_access.number),
            "offers": [replace(offer, issue=decided[offer.issue - 1]) for offer in offers(draft)],
            "beside": not whole,
            "crumbs": self.crumbs(case_access.number, "Checks"),
        }
        return render(request, "imr/reviewer/checks.html" if whole else "imr/parts/concerns.html", context)

    def evidence(self, request: HttpRequest, case_access: CaseAccess, treatment: int) -> HttpResponse:
        """Show the search for evidence on one treatment, step by step."""
        return evidence_search.page(self, request, case_access, treatment)

    def like(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show how the cases most similar to each treatment were decided, for the content of a form that comes along."""
        view = self.case_view(case_access)
        draft, _ = self._as_written(request, view)
        whole = not request.headers.get("HX-Request")
        context = {
            **self.context(view),
            "likes": compare_draft(draft, case_access.number) if draft is not None else (),
            "crumbs": self.crumbs(case_access.number, "Similar cases"),
        }
        return render(request, "imr/reviewer/like.html" if whole else "imr/parts/likes.html", context)

    def preview(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Send the letter that the draft makes, as PDF; once it passed, the very letter that is signed today."""
        view = self.case_view(case_access)
        draft, _ = self._as_written(request, view)
        if draft is None:
            raise Http404
        if not draft.issues:
            moved = self.case_view(case_access.reopen())
            draft = draft if self.may_draft(moved) else access.draft(moved.access)  # submitted between the two queries
        if draft is None or not draft.issues:
            raise Refused("there is no letter yet: decide at least one treatment, save the draft, and open it again")
        if view.case.stage is Stage.PASSED:
            draft = replace(draft, decided_on=clock.today())
        return HttpResponse(letter_pdf(draft), content_type="application/pdf")


PORTAL = ReviewerPortal()
urlpatterns = PORTAL.urls()
