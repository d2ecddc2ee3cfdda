"""The search for evidence on a treatment, step by step in the order of the law, saved in the draft itself.

Each step is chosen or set aside with a reason. What is relied on becomes the basis line of the draft, the steps become the
first sentences of its reasons; both are parsed again, so that the search continues where it was.
"""

from dataclasses import dataclass
from typing import Protocol

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from imr.case.application import DisputedTreatment
from imr.errors import ImrError
from imr.guidelines import (
    EVIDENCE_LEVELS,
    EvidenceSearch,
    Guideline,
    GuidelineCitation,
    SearchStep,
    SetAsideReason,
    assess_citation,
    body_parts,
    phase_on,
    read_basis,
    write_basis,
)
from imr.guidelines.chapter_titles import split_sections
from imr.law.rule import Finding
from imr.web import actions
from imr.web.access import CaseAccess, CaseView, Outdated, WorkingCopy
from imr.web.platform import clock
from imr.web.portals.base.case_portal import CasePortal
from imr.web.portals.reviewer.draft_form import DraftForm, heading, numbered
from imr.web.store import custom_guidelines


class AsideForm(forms.Form):
    """The form for why a step gives nothing to rely on."""

    use_required_attribute = False
    why = forms.ChoiceField(label="Why", choices=[(aside.name, aside.value.capitalize()) for aside in SetAsideReason])
    reason = forms.CharField(
        label="The reason in words", help_text="What was searched, and what it does not say.", max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReliedForm(forms.Form):
    """The form for what the open step relies on: chapters of the register, or a citation in words; a study with its level."""

    use_required_attribute = False
    other = forms.CharField(
        label="Another, in words", required=False, max_length=600,
        help_text="As the letter cites it: organization, year, chapter and section; of a study the lead author, title, year, journal and pages.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    level = forms.ChoiceField(
        label="Level of evidence",
        required=False,
        choices=[("", "Choose"), *((level, level) for level in EVIDENCE_LEVELS)],
    )

    def __init__(self, step: SearchStep | None, data: QueryDict | None = None) -> None:
        super().__init__(data)
        if step is not SearchStep.STUDIES:
            del self.fields["level"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A chapter that the open step may rely on, and its status on this day."""

    guideline: Guideline
    findings: tuple[Finding, ...]
    own: bool

    @property
    def good(self) -> bool:
        """Return whether nothing speaks against it."""
        return all(self.findings)


@dataclass(frozen=True, slots=True)
class Asked:
    """A treatment whose evidence is searched: its number on the draft page, and what the draft says of it."""

    number: int
    treatment: DisputedTreatment
    basis: str
    rationale: str

    @property
    def heading(self) -> str:
        """Return its heading in the letter."""
        return heading(self.treatment)


def asked(form: DraftForm) -> list[Asked]:
    """Return each treatment in dispute with what the draft says of it."""
    return [
        Asked(number, treatment, form.text(f"reviewer_basis_{number}"), form.text(f"rationale_{number}"))
        for number, treatment in enumerate(form.disputed, 1)
    ]


class DraftPortal(CasePortal, Protocol):
    """The portal in which a draft is written."""

    def drafted(self, view: CaseView) -> tuple[DraftForm, WorkingCopy]:
        """Return the form of the draft as it is saved, and its working copy. Http404 where no draft is being written."""


def page(portal: DraftPortal, request: HttpRequest, case_access: CaseAccess, treatment: int) -> HttpResponse:
    """Show the search for one treatment: the steps so far, and the open one."""
    view = portal.case_view(case_access)
    form, copy = portal.drafted(view)
    every = asked(form)
    if not 1 <= treatment <= len(every):
        raise Http404
    one = every[treatment - 1]
    search = _search(one, form)
    problem, status = "", 200
    if request.method == "POST":
        try:
            content = form.content | _written(one, _taken(search, request.POST))
            actions.save_draft(request.user, case_access.number, content, numbered(request.POST.get("version")))
        except Outdated:
            problem = "The draft was changed in another window since this page was made. Check the draft, then send this once more."
            status = 409
        except ImrError as error:
            problem, status = str(error), 409
        else:
            return redirect(reverse("cases:evidence", kwargs={"number": case_access.number, "treatment": treatment}))
    register = custom_guidelines.register()
    basis = read_basis(one.basis)
    phase = phase_on(view.case.filing.injured_on, search.on) if view.case.filing else None
    sent = request.POST if request.method == "POST" else None
    return render(
        request,
        "imr/reviewer/evidence.html",
        {
            **portal.context(view),
            "crumbs": portal.crumbs(case_access.number, "Search for evidence"),
            "one": one,
            "others": [other for other in every if other is not one],
            "search": search,
            "open_step": search.next_step,
            "offered": [
                Offered(g, assess_citation(g.citation(), search.on, search.parts, phase, register).findings, _is_own(g))
                for g in sorted(search.offers(register), key=lambda g: (not g.parts, g.id))
            ],
            "relied_form": ReliedForm(search.next_step, sent if sent and sent.get("do") == "rely" else None),
            "aside_form": AsideForm(sent if sent and sent.get("do") == "aside" else None),
            "cited": [(c, assess_citation(c, search.on, search.parts, phase, register).findings) for c in basis.citations],
            "unread": basis.unread,
            "version": copy.version,
            "problem": problem,
        },
        status=status,
    )  # fmt: skip


def _is_own(guideline: Guideline) -> bool:
    return any(guideline is one for _, one in custom_guidelines.loaded().guidelines)


def _search(one: Asked, form: DraftForm) -> EvidenceSearch:
    """Return the search as the draft holds it, about the parts of the body that the heading names, else the summary."""
    parts = body_parts(one.heading) or body_parts(form.text("summary"))
    return EvidenceSearch.resumed(clock.today(), parts, read_basis(one.basis), one.rationale)


def _taken(search: EvidenceSearch, sent: QueryDict) -> EvidenceSearch:
    """Return the search with the step that was sent. Raises ImrError with what is missing."""
    match sent.get("do"):
        case "restart":
            return EvidenceSearch(search.on, search.parts)
        case "aside":
            form = AsideForm(sent)
            if not form.is_valid():
                raise ImrError("Say why this step is set aside, in words.")
            return search.set_aside(SetAsideReason[form.cleaned_data["why"]], form.cleaned_data["reason"])
        case _:
            return search.relied(*_citations(search, sent), level=sent.get("level", ""))


def _citations(search: EvidenceSearch, sent: QueryDict) -> list[GuidelineCitation]:
    offers = {guideline.id: guideline for guideline in search.offers(custom_guidelines.register())}
    found = []
    for name in sent.getlist("chapter"):
        if name not in offers:
            raise ImrError("That chapter is not available in this step: reload the page.")
        sections = split_sections(sent.get(f"sections-{name}", "").strip())
        try:
            found.append(offers[name].citation(sections, sent.get(f"pages-{name}", "").strip()))
        except ValueError as error:
            raise ImrError("Pages are numbers, such as 46-47, 60.") from error
    words = " ".join(sent.get("other", "").split()).rstrip(".")
    if words:
        prefix = (
            "Decision based on MTUS" if search.next_step is SearchStep.MTUS else "Decision based on Non-MTUS Citation"
        )
        found += read_basis(f"{prefix} {words.removeprefix('MTUS ')}.").citations
    if not found:
        raise ImrError("Choose a chapter, or write what you rely on, or set this step aside.")
    return found


def _written(one: Asked, search: EvidenceSearch) -> dict[str, str]:
    """Write the steps of the search as the first sentences of the reasons, and what is relied on as the basis line."""
    basis = one.basis
    if search.next_step is None:
        basis = write_basis(search.basis())
    elif not search.taken:
        basis = ""
    return {f"rationale_{one.number}": search.with_account(one.rationale), f"reviewer_basis_{one.number}": basis}
