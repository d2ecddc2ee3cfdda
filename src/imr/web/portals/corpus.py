"""Published determinations by the thousand: searched, counted and compared by anyone.

The corpus is a folder that `imr corpus build` made, named by the setting `CORPUS`. It holds published letters only, so
nothing here needs a person to sign in; where there is none, each page says how to make one.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from imr.charts import Bar, bars
from imr.corpus.indexing import FIELDS
from imr.corpus.like import LikeCases, like
from imr.corpus.search import Found, Hit, Search
from imr.corpus.statistics import DIMENSIONS, Statistics
from imr.errors import ImrError
from imr.plain import to_plain

app_name = "corpus"

#: Issues on a page of hits, and the last page that is given: nobody reads further, and every engine tires.
LINES = 20
FURTHEST = 50
#: What hits are counted by, beside the list.
COUNTED = ("decision", "category", "drug_class", "body_part", "guideline", "specialty", "year")
#: Bars of a chart; its table holds every row.
DRAWN = 15


class _Hits(Sequence[Hit]):
    """The hits of a query as Django's paginator asks for them, a page at a time."""

    def __init__(self, search: Search, query: str) -> None:
        self._search, self._query = search, query
        self.found = search.find(query, limit=LINES, counts=COUNTED)

    def __len__(self) -> int:
        return min(self.found.total, LINES * FURTHEST)

    def __getitem__(self, at: Any) -> Any:
        if at.start == 0:
            return self.found.hits
        return self._search.find(self._query, limit=LINES, offset=at.start, counts=()).hits


@cache
def _open(kind: type, corpus: Path, _made: float) -> Any:
    return kind(corpus)


def _opened(kind: type) -> Any:
    """The corpus of this site, opened for searching or counting; opened anew where it was built anew."""
    corpus = Path(settings.CORPUS)
    made = corpus / "corpus.json"
    if not made.exists():
        raise Http404("this site has no corpus yet")
    return _open(kind, corpus, made.stat().st_mtime)


def _missing(request: HttpRequest) -> HttpResponse:
    return render(request, "imr/corpus/empty.html", {"corpus": settings.CORPUS}, status=404)


def _query(request: HttpRequest) -> str:
    """The words of the search box, and the fields that were chosen beside it, as one query."""
    parts = [request.GET.get("q", "").strip()]
    parts += [
        f"{name}:{value}" if value.isalnum() else f'{name}:"{value.replace(chr(34), "")}"'
        for name in FIELDS
        for value in request.GET.getlist(name)
    ]
    return " ".join(filter(None, parts))


def search(request: HttpRequest) -> HttpResponse:
    """Search the decided issues of all published determinations, with counts by field."""
    try:
        hits = _Hits(_opened(Search), _query(request))
    except Http404:
        return _missing(request)
    page = Paginator(hits, LINES).get_page(request.GET.get("page"))
    chosen = [(name, value) for name in FIELDS for value in request.GET.getlist(name)]
    again = request.GET.copy()
    again.pop("page", None)
    context = {
        "q": request.GET.get("q", ""),
        "found": hits.found,
        "page": page,
        "hits": [(hit, marked(hit)) for hit in page.object_list],
        "chosen": [(FIELDS[name], value, _without(request, name, value)) for name, value in chosen],
        "counts": _counts(request, hits.found),
        "query": f"{again.urlencode()}&" if again else "",
        "furthest": hits.found.total > LINES * FURTHEST,
    }
    return render(request, "imr/corpus/search.html", context)


def _counts(request: HttpRequest, found: Found) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Each field with its values, their counts, and the address that narrows the search to one."""
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


def marked(hit: Hit) -> SafeString:
    """The passage of a hit, with the words that were meant marked."""

    def pieces() -> Iterator[tuple[SafeString]]:
        at = 0
        for start, end in hit.marks:
            yield (conditional_escape(hit.passage[at:start]),)
            yield (SafeString(f"<mark>{conditional_escape(hit.passage[start:end])}</mark>"),)
            at = end
        yield (conditional_escape(hit.passage[at:]),)

    return format_html_join("", "{}", pieces())


def search_as_data(request: HttpRequest) -> HttpResponse:
    """The same search as JSON: total, hits of one page, counts, and what of the query was not understood."""
    page = request.GET.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 4) or not 1 <= int(page) <= FURTHEST:
        return JsonResponse({"detail": f"page must be a number from 1 to {FURTHEST}"}, status=400)
    found = _opened(Search).find(_query(request), limit=LINES, offset=(int(page) - 1) * LINES, counts=COUNTED)
    return JsonResponse(to_plain(found), json_dumps_params={"ensure_ascii": False})


def statistics(request: HttpRequest) -> HttpResponse:
    """How often UR decisions were overturned, by one dimension, with denominators and intervals."""
    try:
        counted: Statistics = _opened(Statistics)
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


def chart(request: HttpRequest, by: str) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """The largest rates of one dimension as a chart, with the 95 % interval of each."""
    counted = _opened(Statistics)
    if by not in DIMENSIONS:
        raise Http404("there is no such dimension")
    drawn = [
        Bar(f"{rate.value} ({rate.issues:,})", rate.rate.share, rate.rate.low, rate.rate.high)
        for rate in counted.rates(by)
        if rate.rate is not None
    ][:DRAWN]
    title = f"Share of UR decisions overturned, by {DIMENSIONS[by][1].lower()}"
    return HttpResponse(bars(title, drawn), content_type="image/svg+xml")


def table(request: HttpRequest, by: str, form: str) -> HttpResponse:  # noqa: ARG001 - Django's shape of a view
    """The rates of one dimension as CSV, Parquet or JSON."""
    counted = _opened(Statistics)
    if by not in DIMENSIONS:
        raise Http404("there is no such dimension")
    found = counted.table(by)
    if form == "json":
        return JsonResponse({"by": by, "withheld_below": counted.smallest, "rates": found.to_pylist()})
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(found.column_names)
        writer.writerows(row.values() for row in found.to_pylist())
        body, kind = text.getvalue().encode(), "text/csv; charset=utf-8"
    else:
        sink = io.BytesIO()
        pq.write_table(found, sink)
        body, kind = sink.getvalue(), "application/vnd.apache.parquet"
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="rates-by-{by}.{form}"'}
    )


def like_cases(request: HttpRequest) -> HttpResponse:
    """How the disputes most like one treatment were decided."""
    treatment = request.GET.get("treatment", "").strip()
    circumstances = request.GET.get("circumstances", "").strip()
    try:
        search_of: Search = _opened(Search)
    except Http404:
        return _missing(request)
    found = like(search_of, treatment, circumstances) if treatment else None
    context = {"treatment": treatment, "circumstances": circumstances, "found": found}
    return render(request, "imr/corpus/like.html", context)


def near(treatment: str, circumstances: str, number: str) -> LikeCases | None:
    """The like cases of a disputed treatment but for this case itself, or None where this site has no corpus."""
    try:
        return like(_opened(Search), treatment, circumstances, but=[number])
    except (Http404, ImrError):
        return None


urlpatterns = [
    path("", search, name="search"),
    path("search.json", search_as_data, name="search-json"),
    path("like/", like_cases, name="like"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/<slug:by>.svg", chart, name="chart"),
    path("statistics/<slug:by>.csv", table, {"form": "csv"}, name="csv"),
    path("statistics/<slug:by>.parquet", table, {"form": "parquet"}, name="parquet"),
    path("statistics/<slug:by>.json", table, {"form": "json"}, name="json"),
]
