"""Published determinations by the thousand: searched, counted and compared by anyone.

Where this site has no corpus, each page says how to make one. `/api/corpus/` gives the same as data.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from imr.charts import Bar, bars
from imr.corpus.fields import DIMENSIONS, FIELDS
from imr.corpus.letter import letter as letter_of
from imr.corpus.model import SearchHit, SearchResults
from imr.corpus.similar_cases import find_similar
from imr.web import access
from imr.web.store import site_corpus
from imr.web.store.site_corpus import COUNTED, FURTHEST, LINES

app_name = "corpus"

#: Bars of a chart; its table has every row.
DRAWN = 15


def _missing(request: HttpRequest) -> HttpResponse:
    return render(request, "imr/corpus/empty.html", {"corpus": settings.CORPUS}, status=404)


def _query(request: HttpRequest) -> str:
    """Return the words of the search box and the chosen fields as one query."""
    chosen = [(name, value) for name in FIELDS for value in request.GET.getlist(name)]
    return site_corpus.query(request.GET.get("q", ""), chosen)


def search(request: HttpRequest) -> HttpResponse:
    """Search the decided issues of all published determinations, with counts by field."""
    try:
        engine = site_corpus.search_corpus()
    except Http404:
        return _missing(request)
    query, number = _query(request), _page(request)
    found = engine.find(query, limit=LINES, offset=(number - 1) * LINES, counts=COUNTED)
    pages = Paginator(range(min(found.total, LINES * FURTHEST)), LINES)
    page = pages.get_page(number)
    if page.number != number:  # there are not so many: the last page
        found = engine.find(query, limit=LINES, offset=(page.number - 1) * LINES, counts=COUNTED)
    chosen = [(name, value) for name in FIELDS for value in request.GET.getlist(name)]
    again = request.GET.copy()
    again.pop("page", None)
    context = {
        "q": request.GET.get("q", ""),
        "found": found,
        "page": page,
        "hits": [(hit, marked(hit)) for hit in found.hits],
        "chosen": [(FIELDS[name], value, _without(request, name, value)) for name, value in chosen],
        "counts": _counts(request, found),
        "query": f"{again.urlencode()}&" if again else "",
        "furthest": found.total > LINES * FURTHEST,
    }
    return render(request, "imr/corpus/search.html", context)


def _page(request: HttpRequest) -> int:
    """Return the requested page of hits, between the first and the last that is given."""
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), FURTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def letter(request: HttpRequest, number: str) -> HttpResponse:
    """Show one whole determination."""
    try:
        found = letter_of(site_corpus.search_corpus(), number)
    except Http404:
        return _missing(request)
    if found is None:
        access.published_line(number)  # raises Withdrawn for one that was withdrawn
        raise Http404("no determination of this collection has that number")
    return render(request, "imr/corpus/letter.html", {"letter": found})


def _counts(request: HttpRequest, found: SearchResults) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Return each field with its values, their counts, and the address that narrows the search to one."""
    return [
        (
            FIELDS[name],
            [
                (value, count, _with(request, name, value))
                for value, count in values[:8]
                if value not in request.GET.getlist(name)
            ],
        )
        for name, values in found.counts.items()
        if values
    ]


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.appendlist(name, value)
    return f"?{query.urlencode()}"


def _without(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.setlist(name, [other for other in query.getlist(name) if other != value])
    return f"?{query.urlencode()}"


def marked(hit: SearchHit) -> SafeString:
    """Return the passage of a hit, with the matching words marked."""

    def pieces() -> Iterator[tuple[SafeString]]:
        at = 0
        for start, end in hit.marks:
            yield (conditional_escape(hit.passage[at:start]),)
            yield (SafeString(f"<mark>{conditional_escape(hit.passage[start:end])}</mark>"),)
            at = end
        yield (conditional_escape(hit.passage[at:]),)

    return format_html_join("", "{}", pieces())


def statistics(request: HttpRequest) -> HttpResponse:
    """Show how often UR decisions were overturned, by one dimension, with denominators and intervals."""
    try:
        counted = site_corpus.statistics_corpus()
    except Http404:
        return _missing(request)
    by = request.GET.get("by", "category")
    if by not in DIMENSIONS:
        raise Http404("there is no such dimension")
    rates = counted.rates(by)
    context = {
        "totals": counted.totals(),
        "stages": counted.stages(),
        "unread": counted.unread(),
        "by": by,
        "title": DIMENSIONS[by][1],
        "dimensions": [(name, words) for name, (_, words) in DIMENSIONS.items()],
        "rates": rates,
        "drawn": min(DRAWN, sum(rate.rate is not None for rate in rates)),
        "smallest": counted.smallest,
    }
    return render(request, "imr/corpus/statistics.html", context)


@lru_cache(maxsize=len(DIMENSIONS))
def _drawn(title: str, rows: tuple[Bar, ...]) -> bytes:
    """Return a chart, rendered once while its figures are the same."""
    return bars(title, rows)


def chart(request: HttpRequest, by: str) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """Send the largest rates of one dimension as a chart, with the 95 % interval of each."""
    counted = site_corpus.require_dimension(by)
    drawn = tuple(
        Bar(f"{rate.value} ({rate.issues:,})", rate.rate.share, rate.rate.low, rate.rate.high)
        for rate in counted.rates(by)
        if rate.rate is not None
    )[:DRAWN]
    title = f"Share of UR decisions overturned, by {DIMENSIONS[by][1].lower()}"
    return HttpResponse(_drawn(title, drawn), content_type="image/svg+xml")


def like_cases(request: HttpRequest) -> HttpResponse:
    """Show how the disputes most similar to one treatment were decided."""
    treatment = request.GET.get("treatment", "").strip()
    circumstances = request.GET.get("circumstances", "").strip()
    try:
        search_of = site_corpus.search_corpus()
    except Http404:
        return _missing(request)
    found = find_similar(search_of, treatment, circumstances) if treatment else None
    context = {"treatment": treatment, "circumstances": circumstances, "found": found}
    return render(request, "imr/corpus/like.html", context)


urlpatterns = [
    path("", search, name="search"),
    path("like/", like_cases, name="like"),
    path("letters/<str:number>/", letter, name="letter"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/<slug:by>.svg", chart, name="chart"),
]
