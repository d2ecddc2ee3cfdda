"""The consent to the release of records as the site shows it, its withdrawal, and the marks of records that it leaves out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse

from imr.case.application import Application, ConsentLimits
from imr.case.state import OPEN, Case, Stage
from imr.case.step import Step
from imr.case.steps.consent import consent_of
from imr.law.consent import Consent, ConsentScope, ConsentState, covers, findings, last_day, state
from imr.law.roles import EMPLOYEE_SIDE
from imr.law.rule import Finding
from imr.web.access import CaseView
from imr.web.platform import clock
from imr.web.platform.formatting import choice_label, only_day, role
from imr.web.platform.organization import consent_terms
from imr.web.portals.base.case_portal import CasePortal
from imr.web.portals.case_file import withhold_record

WITHDRAW = "withdraw-consent"
MARK = "mark-consent-exclusion"
_WITHDRAW_PAGE = "imr/case/withdraw_consent.html"
_MARK_PAGE = "imr/file/consent_exclusion.html"
UNVERIFIED = "a setting of the review organization, not verified in the text of the law"
_BEFORE = "Recorded before it was asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConsent:
    """A consent for a page: its state, its facts, and whether it is over while the review continues.

    Each fact has its name, its words, and whether it rests on a provision that was not seen.
    """

    state: ConsentState
    facts: tuple[tuple[str, str, bool], ...] = ()
    over: bool = False
    because: str = ""

    @property
    def tag(self) -> str:
        """Return the class that colors its state."""
        return {ConsentState.GIVEN: "good", ConsentState.NOT_LOOKED_AT: "soon"}.get(self.state, "late")

    @property
    def unverified(self) -> bool:
        """Return whether a fact rests on a provision that was not seen."""
        return any(unseen for _, _, unseen in self.facts)


def shown_consent(consent: Consent, stage: Stage) -> ShownConsent:
    """Return the state of a consent today, without its words."""
    today, terms = clock.today(), consent_terms()
    stands = state(consent, today, terms)
    against = next((finding for finding in findings(consent, today, terms) if not finding.holds), None)
    return ShownConsent(
        state=stands,
        over=stands in (ConsentState.WITHDRAWN, ConsentState.PAST) and stage in OPEN,  # what is decided cannot stop
        because="" if against is None else against.reason,
    )


def shown(case: Case, application: Application | None) -> ShownConsent | None:
    """Return the consent of a case for those who may see its application; None where there is none to see."""
    if application is None:
        return None
    consent = consent_of(case, application)
    facts = tuple(_facts(consent, application, case)) if consent.given else ()
    return replace(shown_consent(consent, case.stage), facts=facts)


def to_be_signed_again(case: Case, application: Application) -> Application:
    """Return the application as the initial data of a form: a consent that was withdrawn is given again only by a checkbox of its own."""
    if case.consent_withdrawal is None:
        return application
    return replace(application, records_consent=False, consent_limits=None)


def as_filed(application: Application, case: Case) -> tuple[str, list[tuple[str, str]]]:
    """Return the effect of an application's consent, for its receipt; `case` is the case as it began."""
    consent = consent_of(case, application)
    facts = _facts(consent, application, case) if consent.given else (("Consent", "Not given", False),)
    return "What the consent covers", [
        (name, f"{words} ({UNVERIFIED})" if unseen else words) for name, words, unseen in facts
    ]


def _facts(consent: Consent, application: Application, case: Case) -> Iterator[tuple[str, str, bool]]:
    """Return what a consent says, fact by fact."""
    terms, limits = consent_terms(), application.consent_limits or ConsentLimits()
    yield "Signed", only_day(consent.signed_on) or "No day of signature", False
    if consent.scope is ConsentScope.NAMED:
        yield "Which records", f"Only these: {limits.only_records}", False
    else:
        yield "Which records", "Those that the form names" if consent.asked else _BEFORE, False
    if limits.left_out_records:
        yield "Left out by the employee", limits.left_out_records, False
    elif not consent.asked:
        yield "Left out by the employee", _BEFORE, False
    if terms.without_hiv:
        yield "Left out by the form", "Tests for HIV", True
    last = last_day(consent, terms)
    if last is None:
        yield "Lasts until", "Not known" if terms.months else "No end is named", bool(terms.months)
    elif last == consent.ends_on:
        yield "Lasts until", f"{only_day(last)}, the day that the employee named", False
    else:
        yield "Lasts until", f"{only_day(last)}, {terms.months} months after the signature", True
    if (gone := case.consent_withdrawal) is not None:
        yield "Withdrawn", f"{only_day(gone.on)}, by the {role(gone.by).lower()}", False


def withdraw(portal: CasePortal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Withdraw the consent: one plain form, after what this does and what it does not do."""
    form = portal.form(step, view, request)
    if "signed_page" in form.fields:  # on paper, which the office enters
        form.fields["signed_page"].required = True
        by = cast("forms.ChoiceField", form.fields["withdrawn_by"])
        by.choices = [(one.name, choice_label(one)) for one in EMPLOYEE_SIDE]
    if request.method == "POST" and "send" in request.POST and form.is_valid():
        return portal.perform_step(request, view, step, form.values(), {"form": form}, template=_WITHDRAW_PAGE)
    return portal.render_step(request, view, step, {"form": form}, template=_WITHDRAW_PAGE)


def mark(portal: CasePortal, request: HttpRequest, view: CaseView, step: Step) -> HttpResponse:
    """Choose a record and mark it as left out by the consent, or remove the mark."""
    about: tuple[Finding, ...] = (covers(hiv=True, named=False, terms=consent_terms()),)
    return withhold_record.choose(portal, request, view, step, about, _MARK_PAGE)
