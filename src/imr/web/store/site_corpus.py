"""The corpus of this site, for its pages, its API, the reviewer's draft and the collection of published letters.

The corpus is a folder that `imr corpus build` made, named by the setting `CORPUS`. It holds published letters only, so that
nothing here requires a person to sign in.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq
from django.conf import settings
from django.http import Http404

from imr import spreadsheets
from imr.checks import Concern, Evidence, Severity
from imr.checks.model import concern_id
from imr.corpus import publication_status
from imr.corpus.fields import DIMENSIONS, FIELDS
from imr.corpus.model import SimilarCases
from imr.corpus.search import Search
from imr.corpus.similar_cases import find_similar
from imr.corpus.statistics import Statistics
from imr.determination.model import Determination, Issue
from imr.errors import ImrError, SetupError
from imr.guidelines.treatments import classify
from imr.web.store.cases import current_publication_status, deciders

#: The facets by which hits are counted, beside the list.
COUNTED = ("decision", "category", "drug_class", "body_part", "guideline", "specialty", "year")
#: Issues on a page of hits, and the last page that is given: deeper pages are slow for every search engine, and nobody reads
#: them.
LINES = 20
FURTHEST = 50
#: The formats in which rates can be downloaded, with their media types.
FORMS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@lru_cache(maxsize=1)
def _searched(corpus: Path, _made: float) -> Search:
    return Search(corpus)


@lru_cache(maxsize=1)
def _counted(corpus: Path, _made: float, _withdrawn: float) -> Statistics:
    return count(corpus)


def count(corpus: Path) -> Statistics:
    """Return the counts of a corpus of this site, without what would count the decisions of one reviewer, or of two."""
    return Statistics(corpus, reviewers=deciders())


def _corpus() -> tuple[Path, float, float]:
    """Return the folder of the corpus of this site, when it was built, and when its withdrawn determinations were written.

    Search and statistics are opened again where these times have changed.

    The determinations that this site set aside or withdrew since are written to the corpus first, so that this answer respects
    them.
    """
    corpus = Path(settings.CORPUS)
    made = corpus / "corpus.json"
    if not made.exists():
        raise Http404("this site has no corpus yet")
    try:
        publication_status.write(corpus, current_publication_status())
    except OSError as error:
        raise SetupError(
            "the folder of the corpus cannot be written to, so that withdrawn determinations would be shown"
        ) from error
    status = corpus / publication_status.FILE
    return corpus, made.stat().st_mtime, status.stat().st_mtime if status.exists() else 0.0


def search_corpus() -> Search:
    """Return the corpus for searching. Raises Http404 where this site has none."""
    corpus, made, _ = _corpus()
    return _searched(corpus, made)


def statistics_corpus() -> Statistics:
    """Return the corpus for counting. Raises Http404 where this site has none."""
    return _counted(*_corpus())


def require_dimension(by: str) -> Statistics:
    """Return the corpus for counting by the dimension `by`. Raises Http404 where there is no such dimension."""
    if by not in DIMENSIONS:
        raise Http404("there is no such dimension")
    return statistics_corpus()


def query(words: str, chosen: Iterable[tuple[str, str]]) -> str:
    """Combine the words of a search and the fields that were chosen beside them into one query."""
    parts = [words.strip()]
    parts += [
        f"{name}:{value}" if value.isalnum() else f'{name}:"{value.replace(chr(34), "")}"'
        for name, value in chosen
        if name in FIELDS
    ]
    return " ".join(filter(None, parts))


def download(by: str, form: str) -> bytes:
    """Return the rates by one dimension as CSV or Parquet."""
    found = require_dimension(by).table(by)
    if form == "csv":
        rows = (tuple(row.values()) for row in found.to_pylist())
        return spreadsheets.encoded(spreadsheets.write(found.column_names, rows))
    sink = io.BytesIO()
    pq.write_table(found, sink)
    return sink.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftComparison:
    """A treatment of a draft, and how the nearest cases were decided."""

    number: int
    issue: Issue
    found: SimilarCases
    alike: bool

    @property
    def against(self) -> str:
        """Return the clear majority that the draft decides against; empty where it does not, or where there is none.

        Where most of the nearest cases are of another category there is no majority: such cases are near, and not alike.
        """
        majority = self.found.majority if self.alike else ""
        return majority if majority and majority != self.issue.decision.value else ""


def compare_draft(draft: Determination, number: str) -> tuple[DraftComparison, ...]:
    """Return the similar cases of each treatment of a draft, except this case itself; empty where this site has no corpus."""
    try:
        search = search_corpus()
        return tuple(_compare_issue(search, n, issue, draft.summary, number) for n, issue in enumerate(draft.issues, 1))
    except (Http404, ImrError):
        return ()


def _compare_issue(search: Search, n: int, issue: Issue, circumstances: str, number: str) -> DraftComparison:
    found = find_similar(search, issue.treatment, circumstances, but=[number])
    category = classify(issue.treatment, issue.heading).category
    same = sum(hit.category == category for hit in found.hits if hit.set_aside_on is None)
    return DraftComparison(number=n, issue=issue, found=found, alike=2 * same > found.decided)


def concerns(draft: Determination, number: str) -> tuple[Concern, ...]:
    """Return, for each treatment that is decided against a clear majority of similar cases, the question why."""
    return tuple(_concern(one) for one in compare_draft(draft, number) if one.against)


def _concern(one: DraftComparison) -> Concern:
    found, decision = one.found, one.issue.decision.value
    nearest = [hit for hit in found.hits if hit.decision == one.against and hit.set_aside_on is None][:3]
    count = found.overturned if one.against == "overturned" else found.decided - found.overturned
    return Concern(
        id=concern_id("like-cases", one.issue.heading, decision, one.against),
        check="like-cases",
        severity=Severity.ASK,
        says=f"Of the {found.decided} decided treatments nearest to this one, {count} were {one.against}; this draft says {decision}.",
        do="Say in a sentence what sets this case apart, or look at the decision again. Published determinations are no precedent.",
        sentence=one.issue.heading,
        issue=one.number,
        evidence=tuple(Evidence(f"{hit.case_number or hit.letter}, {hit.decision}", hit.treatment) for hit in nearest),
    )
