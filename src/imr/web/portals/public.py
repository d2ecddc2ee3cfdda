"""Pages for everybody: how a review works, time limits counted with their reasons, published determinations."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import get_type_hints

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from imr.case.marks import Input
from imr.determination.data import to_data
from imr.errors import Damaged, NotInForce
from imr.law.dates import CaseDates
from imr.law.terms import Outcome
from imr.law.time_limits import contradictions, due, ical, not_running
from imr.web import access
from imr.web.actions import panel
from imr.web.platform import clock
from imr.web.portals.base.fields import Kind, field_of
from imr.web.portals.base.forms import Group
from imr.web.portals.base.letters import letter_pdf
from imr.web.portals.base.registry import start_of

app_name = "public"

#: Published determinations on a page of the list.
LINES = 25
#: Published determinations in the feed, the latest ones; every withdrawal is in it.
FED = 200
#: Published determinations whose words are cached for searching; a version of one never changes.
HELD = 20_000

#: The dates that people are asked for: by the field of `CaseDates`, its label, and a hint.
_ASKED: dict[str, dict[str, tuple[str, str]]] = {
    "The dispute": {
        "track": ("Kind of review", "Formulary: the dispute is about a drug of the formulary, from 2018."),
        "injured_on": ("Date of injury", ""),
        "rfa_received_on": ("Request for authorization received by the claims administrator", ""),
    },
    "The UR decision": {
        "ur_decided_on": ("UR decision made on", ""),
        "ur_served_on": ("UR decision served on", "The date of mailing or delivery, not the day on which you read it."),
        "ur_service": ("How the UR decision was served", ""),
        "ur_place": ("Where it was mailed from and to", "This changes the days that mail adds."),
        "liability_disputed": ("The claims administrator also disputes that it is liable", ""),
        "liability_resolution_served_on": ("Notice that the dispute of liability is resolved, served on", ""),
    },
    "The review": {
        "application_received_on": ("Application received on", ""),
        "information_requested_on": ("Request for more information received on", ""),
        "found_eligible_on": ("Found eligible on", ""),
        "notice_sent_on": ("Notice of assignment sent on", ""),
        "notice_service": ("How the notice of assignment was sent", ""),
        "records_complete_on": ("All records received on", ""),
        "extension_approved_on": ("More time approved on", ""),
    },
    "The determination": {
        "determination_mailed_on": ("Determination mailed on", ""),
        "determination_service": ("How the determination was served", ""),
        "determination_received_on": ("Determination received by the claims administrator on", ""),
        "overturned": ("The determination overturned at least one UR decision", ""),
        "treatment_given": ("The treatment had already been given", ""),
    },
}


class DatesForm(forms.Form):
    """The dates of a case, each optional."""

    lists = ()

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        hints = get_type_hints(CaseDates)
        for asked in _ASKED.values():
            for name, (title, help_text) in asked.items():
                self.fields[name] = self._field(hints[name], Input(title, help_text))

    @staticmethod
    def _field(kind: Kind, asked: Input) -> forms.Field:
        if kind == bool | None:
            return forms.TypedChoiceField(
                label=asked.title,
                help_text=asked.help,
                required=False,
                choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")],
                coerce=lambda answer: answer == "yes",
                empty_value=None,
                widget=forms.Select,
            )
        field = field_of(kind, asked, needed=False)
        if isinstance(field, forms.ChoiceField):
            field.widget = forms.Select(choices=list(field.choices))  # type: ignore[arg-type]  # drawn from an enum
        return field

    def groups(self) -> list[Group]:
        """Return the fields in the order in which things happen."""
        return [Group(title, "", tuple(self[name] for name in asked)) for title, asked in _ASKED.items()]

    def dates(self) -> CaseDates:
        """Return the dates that were given. Only after `is_valid()`."""
        answers = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return replace(CaseDates(notice_service=None, determination_service=None), **answers)


def home(request: HttpRequest) -> HttpResponse:
    """Show the first page."""
    return render(request, "imr/public/home.html")


def start(request: HttpRequest) -> HttpResponse:
    """Send a person who signed in on the sign-in page to their own list."""
    return redirect(start_of(request.user))


def about(request: HttpRequest) -> HttpResponse:
    """Show how a review works, in plain words."""
    return render(request, "imr/public/about.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the site keeps of people, why, and who sees it."""
    return render(
        request, "imr/public/privacy.html", {"organization": settings.ORGANIZATION, "contact": settings.CONTACT}
    )


def espanol(request: HttpRequest) -> HttpResponse:
    """Show how a review works, in Spanish."""
    return render(request, "imr/public/espanol.html")


def deadlines(request: HttpRequest) -> HttpResponse:
    """Show every deadline that given dates start, each with how it was counted. Nothing of it is stored."""
    asked = "count" in request.GET
    form = DatesForm(request.GET if asked else None)
    context: dict[str, object] = {"form": form, "asked": False, "query": request.GET.urlencode()}
    if asked and form.is_valid():
        dates = form.dates()
        try:
            context |= {
                "asked": True,
                "deadlines": due(dates),
                "stopped": not_running(dates),
                "contradictions": contradictions(dates),
            }
        except NotInForce as unknown:
            form.add_error(None, str(unknown))
    return render(request, "imr/public/deadlines.html", context)


def calendar(request: HttpRequest) -> HttpResponse:
    """Send the same deadlines as an iCalendar file."""
    form = DatesForm(request.GET)
    if not form.is_valid():
        return deadlines(request)
    text = ical(due(form.dates()), "Independent Medical Review", clock.now())
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="imr-deadlines.ics"'},
    )


@lru_cache(maxsize=HELD)
def _words(number: str, version: int) -> str:  # noqa: ARG001 - another version has other words
    """Return all text of a published determination, case-folded for searching."""
    found = access.public_determination(number)
    issues = (f"{i.heading} {i.administrator_basis} {i.reviewer_basis} {i.rationale}" for i in found.issues)
    return " ".join((number, found.specialty, found.summary, *issues)).casefold()


def _found(q: str, outcome: str, year: str) -> Iterator[access.PublishedLine]:
    words = q.casefold().split()
    for line in access.published():
        if outcome and str(getattr(line.outcome, "value", line.outcome)) != outcome:
            continue
        if year and str(line.published_on.year) != year:
            continue
        if words and not all(word in _searched(line) for word in words):
            continue
        yield line


def _searched(line: access.PublishedLine) -> str:
    """Return the text by which a line is searched: its whole letter, or its number alone where the letter is missing or damaged."""
    try:
        return _words(line.number, line.version)
    except Damaged:
        return line.number.casefold()


def _treatments(number: str) -> list[str] | None:
    """Return what a published determination decides on; None where its letter is missing or damaged."""
    try:
        return [issue.treatment for issue in access.public_determination(number).issues]
    except Damaged:
        return None


def determinations(request: HttpRequest) -> HttpResponse:
    """Show the published determinations, newest first, by words, decision and year."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "outcome", "year")}
    found = sorted(_found(**asked), key=lambda line: (line.published_on, line.number), reverse=True)
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    listed = [(line, _treatments(line.number)) for line in page]
    context = {
        **asked,
        "page": page,
        "listed": listed,
        "query": f"{query.urlencode()}&" if query else "",
        "outcomes": [outcome.value for outcome in Outcome],
        "years": sorted({line.published_on.year for line in access.published()}, reverse=True),
    }
    return render(request, "imr/public/determinations.html", context)


def determination(request: HttpRequest, number: str) -> HttpResponse:
    """Show one published determination."""
    line, found = access.published_line(number), access.public_determination(number)
    trail = [("Published determinations", reverse("public:determinations")), (number, "")]
    context = {"determination": found, "number": number, "outcome": found.outcome.value, "crumbs": trail, "line": line}
    context["sealed"] = panel.root(number)
    return render(request, "imr/public/determination.html", context)


def as_data(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """Send one published determination as JSON."""
    line, found = access.published_line(number), to_data(access.public_determination(number))
    found["set_aside_on"] = line.set_aside_on
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})


def as_pdf(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """Send one published determination as a PDF."""
    line = access.published_line(number)
    return HttpResponse(
        letter_pdf(access.public_determination(number), set_aside_on=line.set_aside_on),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{number}.pdf"'},
    )


def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """Tell search engines what they may read: nothing, or published determinations alone where the organization allows it."""
    allowed = ["Allow: /determinations/", "Allow: /corpus/letters/"] if settings.PUBLISHED_INDEXED else []
    return HttpResponse("\n".join(["User-agent: *", *allowed, "Disallow: /", ""]), content_type="text/plain")


def feed(request: HttpRequest) -> HttpResponse:
    """Send what was published, set aside and withdrawn, for programs that keep a copy: an Atom feed (RFC 4287, 6721)."""
    lines = access.published()
    withdrawn = access.current_publication_status().withdrawn
    days = [line.set_aside_on or line.published_on for line in lines] + list(withdrawn.values())
    context = {"lines": lines[:FED], "withdrawn": withdrawn, "updated": max(days, default=None), "site": settings.SITE}
    return render(request, "imr/public/feed.xml", context, content_type="application/atom+xml")


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("determinations/feed.xml", feed, name="feed"),
    path("determinations/", determinations, name="determinations"),
    path("determinations/<str:number>/", determination, name="determination"),
    path("determinations/<str:number>.json", as_data, name="json"),
    path("determinations/<str:number>.pdf", as_pdf, name="pdf"),
    path("", home, name="home"),
    path("start/", start, name="start"),
    path("how-a-review-works/", about, name="about"),
    path("privacy/", privacy, name="privacy"),
    path("es/", espanol, name="espanol"),
    path("time-limits/", deadlines, name="deadlines"),
    path("time-limits/calendar.ics", calendar, name="calendar"),
]
