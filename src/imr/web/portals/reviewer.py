"""The physician reviewer: assignments, attestation, the case file, the draft treatment by treatment, the signature."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from imr.case.state import Stage
from imr.case.steps import Step
from imr.errors import ImrError
from imr.web import access, actions
from imr.web.collection import beside
from imr.web.forms import Group
from imr.web.portals import evidence
from imr.web.portals.answering import given, offers, shown, with_offer
from imr.web.portals.drafting import DraftForm
from imr.web.portals.letters import letter_pdf
from imr.web.portals.listing import listed
from imr.web.portals.pages import Portal, Queue, View, is_over, papers

app_name = "reviewer"


class AttestationForm(forms.Form):
    """The reviewer's word against each party by name."""

    use_required_attribute = False
    lists = ()

    def __init__(self, names: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["unaffiliated"] = forms.MultipleChoiceField(
            label="I have no professional, familial or financial affiliation with",
            help_text="Tick each name. If you have a tie to any of them, decline the case instead.",
            choices=names,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Attest for each party, or decline the case."},
        )
        self.fields["competent"] = forms.BooleanField(
            label="I am knowledgeable in the condition and in the disputed treatment",
            required=False,
        )

    def groups(self) -> list[Group]:
        """The two parts of the attestation."""
        return [Group("", "", (self["unaffiliated"], self["competent"]))]

    def facts(self) -> dict[str, Any]:
        """The facts of the step. Only after `is_valid()`."""
        return {
            "unaffiliated": tuple(self.cleaned_data["unaffiliated"]),
            "competent": self.cleaned_data["competent"],
        }


class ReviewerPortal(Portal):
    """What waits for the reviewer, the nearest deadline first."""

    name: ClassVar[str] = "reviewer"
    title: ClassVar[str] = "My assignments"
    lead: ClassVar[str] = "Your name stays with the review organization. The letters give your qualifications alone."
    words: ClassVar[Mapping[str, str]] = {"save-draft": "Write the draft"}
    case_template: ClassVar[str] = "imr/reviewer/case.html"

    def queues(self, lines: Sequence[Any]) -> Iterable[Queue]:
        """What is to be attested, drafted, signed; then the rest."""
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

    def special(self) -> Mapping[str, View]:
        """The pages where the reviewer attests, writes and signs."""
        return {
            "attest-independence": self.attest,
            "save-draft": self.draft,
            "submit-draft": self.confirm,
            "sign-determination": self.confirm,
        }

    def extra_urls(self) -> list[URLPattern]:
        """The letter that the draft makes."""
        return [
            path("<str:number>/letter.pdf", self._guarded(self.preview), name="preview"),
            path("<str:number>/saved/", self._guarded(self.autosave), name="autosave"),
            path("<str:number>/checks/", self._guarded(self.checks), name="checks"),
            path("<str:number>/evidence/<int:treatment>/", self._guarded(self.evidence), name="evidence"),
            path("<str:number>/like/", self._guarded(self.like), name="like"),
        ]

    def attest(self, request: HttpRequest, view: Any, step: Step) -> HttpResponse:
        """The attestation against each party by name."""
        application = access.application(request.user, view.number)
        names = [(party.name, f"{party.name} ({party.kind.value})") for party in application.parties()]
        form = AttestationForm(names, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self.take(request, view, step, form.facts(), form=form)
        return self.show(request, view, step, form=form)

    def _draft_form(self, request: HttpRequest, view: Any) -> DraftForm:
        reviewer = access.reviewer(request.user, view.number)
        qualified = {}
        if reviewer is not None:
            qualified = {
                "specialty": ", ".join(reviewer.specialties),
                "licensure": ", ".join(licence.state for licence in reviewer.licences),
            }
        kept = access.documents(request.user, view.number)
        return DraftForm(
            view.case,
            access.application(request.user, view.number),
            listed(request.user, view.number),
            access.draft(request.user, view.number),
            qualified,
            settings.ORGANIZATION,
            request.POST if request.method == "POST" else None,
            saved_at=next((line.at for line in kept if line.digest == view.case.draft), None),
        )

    def draft(self, request: HttpRequest, view: Any, step: Step) -> HttpResponse:
        """The draft beside the file."""
        form = self._draft_form(request, view)
        more = {
            "form": form,
            "documents": papers(request, view.number),
            "searched": evidence.asked(view.case, form.application.treatments, access.draft(request.user, view.number)),
            "template": "imr/reviewer/draft.html",
        }
        if request.method == "POST" and form.is_valid():
            return self.take(request, view, step, {"draft": with_offer(form.draft(), request.POST)}, **more)
        return self.show(request, view, step, **more)

    def autosave(self, request: HttpRequest, number: str) -> HttpResponse:
        """Save the draft while it is written, and say whether it was kept."""
        view = self._mine(request, number)
        form = self._draft_form(request, view)
        problem, events = "", view.events
        if request.method != "POST":
            raise Http404
        if form.is_valid():
            try:
                recorded = actions.perform("save-draft", request.user, number, seen=view.events, draft=form.draft())
                events = recorded.number
            except ImrError as error:
                problem = str(error)
        else:
            problem = "; ".join(str(error) for errors in form.errors.values() for error in errors)
        return render(request, "imr/reviewer/saved.html", {"problem": problem, "events": events})

    def confirm(self, request: HttpRequest, view: Any, step: Step) -> HttpResponse:
        """The letter once more before it goes to the quality review, or is signed."""
        sent = request.POST if request.method == "POST" else None
        standing = access.answers(request.user, view.number)
        concerns = shown(access.concerns(request.user, view.number), standing, view.number, self.name, sent)
        more = {
            "determination": access.draft(request.user, view.number),
            "concerns": concerns,
            "answering": True,
            "open_count": sum(one.open for one in concerns),
            "template": "imr/reviewer/confirm.html",
            "signing": step.name == "sign-determination",
        }
        if sent is not None and "send" in sent:
            answers = given(sent)
            return self.take(request, view, step, {"answers": answers} if answers.given else {}, **more)
        return self.show(request, view, step, **more)

    def checks(self, request: HttpRequest, number: str) -> HttpResponse:
        """What the checks find in the draft, as it is being written where a form comes with the request."""
        view = self._mine(request, number)
        drafted = None
        if request.method == "POST":
            form = self._draft_form(request, view)
            drafted = form.draft() if form.is_valid() else None
        concerns, standing = access.concerns(request.user, number, drafted), access.answers(request.user, number)
        found = shown(concerns, standing, number, self.name)
        open_offers = offers(drafted or access.draft(request.user, number))
        whole = not request.headers.get("HX-Request")
        template = "imr/reviewer/checks.html" if whole else "imr/parts/concerns.html"
        return render(
            request,
            template,
            {
                **self.context(view),
                "concerns": found,
                "offers": open_offers,
                "beside": not whole,
                "crumbs": self.crumbs(number, "Checks"),
            },
        )

    def evidence(self, request: HttpRequest, number: str, treatment: int) -> HttpResponse:
        """The search for evidence on one treatment, step by step."""
        return evidence.page(self, request, number, treatment)

    def like(self, request: HttpRequest, number: str) -> HttpResponse:
        """How the cases most like each treatment were decided, as the draft is being written where a form comes along."""
        view = self._mine(request, number)
        drafted = access.draft(request.user, number)
        if request.method == "POST":
            form = self._draft_form(request, view)
            drafted = form.draft() if form.is_valid() else drafted
        whole = not request.headers.get("HX-Request")
        context = {
            **self.context(view),
            "likes": beside(drafted, number) if drafted is not None else (),
            "crumbs": self.crumbs(number, "Like cases"),
        }
        return render(request, "imr/reviewer/like.html" if whole else "imr/parts/likes.html", context)

    def preview(self, request: HttpRequest, number: str) -> HttpResponse:
        """The letter that the draft makes, as PDF."""
        self._mine(request, number)
        draft = access.draft(request.user, number)
        if draft is None:
            raise Http404
        return HttpResponse(letter_pdf(draft), content_type="application/pdf")


urlpatterns = ReviewerPortal().urls()
