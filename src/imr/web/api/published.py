"""The corpus over the API: search, like cases, statistics and downloads, for everybody, in the query language of the page."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from imr.corpus.fields import DIMENSIONS, FIELDS
from imr.corpus.letter import letter
from imr.corpus.model import DecidedLetter, Rate, SearchResults, SimilarCases, StageDuration, Totals
from imr.corpus.similar_cases import find_similar
from imr.web import access
from imr.web.store import site_corpus

router = Router(auth=None, tags=["corpus"])

Dimension = Enum("Dimension", {name: name for name in DIMENSIONS})  # type: ignore[misc]  # one of what can be counted by
Field = Enum("Field", {name: name for name in FIELDS})  # type: ignore[misc]  # one of what a query may name
Form = Enum("Form", {name: name for name in site_corpus.FORMS})  # type: ignore[misc]  # how rates can be had
_HOW = (
    'Words must all occur; `"not medically necessary"` is a phrase; `drug_class:opioids`, `year:[2015 TO 2017]` name a field; AND, OR, '
    f"NOT and brackets join them. Fields: {', '.join(FIELDS)}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsOut:
    """What the corpus holds in all, the days that each stage took, and why inputs gave no determination."""

    totals: Totals
    stages: tuple[StageDuration, ...]
    unread: tuple[tuple[str, int], ...]
    dimensions: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesOut:
    """Rates of overturning by one dimension.

    Cells of fewer issues than `withheld_below` are withheld, and beside them those that would give them away.
    """

    by: str
    withheld_below: int
    rates: tuple[Rate, ...]


@router.get(
    "/search",
    response=SearchResults,
    summary="Search the decided issues of all published determinations",
    description=_HOW,
)
def search(
    request: HttpRequest,  # noqa: ARG001 - ninja's signature
    q: str = "",
    page: Annotated[int, Query(ge=1, le=site_corpus.FURTHEST)] = 1,
    counts: Annotated[list[Field], Query()] = [Field[name] for name in site_corpus.COUNTED],  # noqa: B006 - ninja copies it
) -> SearchResults:
    """Search decided issues: twenty a page, best first, with counts by field and the parts of the query not understood."""
    return site_corpus.search_corpus().find(
        q,
        limit=site_corpus.LINES,
        offset=(page - 1) * site_corpus.LINES,
        counts=tuple(dict.fromkeys(str(field.value) for field in counts)),
    )


@router.get("/like", response=SimilarCases, summary="How the disputes most like one treatment were decided")
def like_cases(
    request: HttpRequest,  # noqa: ARG001 - ninja's signature
    treatment: Annotated[str, Query(min_length=1, max_length=2_000)],
    circumstances: Annotated[str, Query(max_length=20_000)] = "",
    nearest: Annotated[int, Query(ge=1, le=100)] = 30,
) -> SimilarCases:
    """Give the nearest decided issues: how they were decided, with a 95 % interval, and the words of either outcome."""
    return find_similar(site_corpus.search_corpus(), treatment, circumstances, nearest=nearest)


@router.get("/letters/{number}", response=DecidedLetter, summary="One published determination, whole")
def one_letter(request: HttpRequest, number: str) -> DecidedLetter:  # noqa: ARG001 - ninja's signature
    """Give a letter: its header, and each disputed treatment with its decision, guidelines and reasons."""
    found = letter(site_corpus.search_corpus(), number)
    if found is None:
        access.published_line(number)  # raises what remains of one that was withdrawn
        raise Http404("no determination of this collection has that number")
    return found


@router.get("/statistics", response=StatisticsOut, summary="What the corpus holds")
def statistics(request: HttpRequest) -> StatisticsOut:  # noqa: ARG001 - ninja's signature
    """Give the totals of the corpus, the days that each stage took, and why files gave no determination, with counts."""
    counted = site_corpus.statistics_corpus()
    return StatisticsOut(
        totals=counted.totals(),
        stages=counted.stages(),
        unread=counted.unread(),
        dimensions={name: title for name, (_, title) in DIMENSIONS.items()},
    )


@router.get(
    "/statistics/{by}",
    response=RatesOut,
    summary="How often UR decisions were overturned, by one dimension",
    url_name="rates-json",
)
def rates(request: HttpRequest, by: Dimension) -> RatesOut:  # noqa: ARG001 - ninja's signature
    """Give the rates by one dimension, each with its denominator and its 95 % interval (Wilson)."""
    counted = site_corpus.statistics_corpus()
    return RatesOut(by=by.value, withheld_below=counted.smallest, rates=counted.rates(by.value))


@router.get(
    "/statistics/{by}/{form}",
    summary="The same rates as a file",
    url_name="rates",
    openapi_extra={"responses": {200: {"content": {kind: {} for kind in site_corpus.FORMS.values()}}}},
)
def rates_as_file(request: HttpRequest, by: Dimension, form: Form) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Send the rates by one dimension as a file of CSV or Parquet."""
    name = f"rates-by-{by.value}.{form.value}"
    return HttpResponse(
        site_corpus.download(by.value, form.value),
        content_type=site_corpus.FORMS[form.value],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
