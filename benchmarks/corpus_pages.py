"""The public pages and the API over a corpus, over real HTTP: time from the request to the last byte, as for a browser.

A site of its own, with its own database, in a folder of its own. "First" is the first request after the start of the
site; the figures are of the requests after it.
"""

import re
import statistics as stats
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus_search import p95
from benchmarks.live_site import ask, serving

PORT = 8107
ROUNDS = 20
#: Name and address of each page; {case} is the number of a letter that a search found.
PAGES = (
    ("search, nothing asked: counts by seven fields of all", "/corpus/"),
    ("search, a word", "/corpus/?q=acupuncture"),
    ("search, a phrase of most letters", "/corpus/?q=%22not+medically+necessary%22"),
    ("search, a phrase of seven words", "/corpus/?q=%22therefore+the+request+is+not+medically+necessary%22"),
    ("search, the fiftieth page", "/corpus/?q=guideline&page=50"),
    ("search, nothing found", "/corpus/?q=zebra"),
    ("a letter", "/corpus/letters/{case}/"),
    ("statistics by category", "/corpus/statistics/"),
    ("statistics by guideline", "/corpus/statistics/?by=guideline"),
    ("chart", "/corpus/statistics/category.svg"),
    ("like cases", "/corpus/like/?treatment=MRI+of+the+lumbar+spine&circumstances=low+back+pain+after+a+fall"),
    ("CSV", "/api/corpus/statistics/subcategory/csv"),
    ("Parquet", "/api/corpus/statistics/subcategory/parquet"),
    ("API: search", "/api/corpus/search?q=acupuncture"),
    ("API: totals", "/api/corpus/statistics"),
    ("API: rates", "/api/corpus/statistics/category"),
    ("API: like cases", "/api/corpus/like?treatment=MRI+of+the+lumbar+spine"),
)


def look(corpus: Path) -> dict[str, float]:
    """Request every page; print and return milliseconds."""
    figures = {}
    with _site(corpus):
        # The first page includes the time to open the corpus.
        found = re.search(r"/corpus/letters/([^/]+)/", ask(PORT, "/corpus/?q=acupuncture").decode())
        assert found, "a hit leads to its letter"
        for name, address in PAGES:
            path = address.format(case=found[1])
            times = []
            for _ in range(ROUNDS + 1):
                began = time.perf_counter()
                size = len(ask(PORT, path))
                times.append((time.perf_counter() - began) * 1e3)
            first, later = times[0], times[1:]
            figures[f"page, {name}, ms"] = median = stats.median(later)
            print(
                f"page: {name:54} median {median:7.1f} ms, 95 of 100 within {p95(later):7.1f} ms, first {first:7.1f} ms, {size / 1e3:7.1f} kB",
                flush=True,
            )
    return figures


@contextmanager
def _site(corpus: Path) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="imr-pages-") as home:
        Path(home).chmod(0o755)  # the embedded database runs as a user of its own
        with serving(PORT, IMR_HOME=home, IMR_SITE=f"http://127.0.0.1:{PORT}", IMR_CORPUS=str(corpus.resolve())):
            yield
