"""The Parquet of a corpus as tables of DuckDB, in which a case counts once."""

from pathlib import Path

import duckdb

from imr.corpus.publication_status import publication_status
from imr.corpus.tables import TABLES
from imr.errors import SetupError


def require_corpus(corpus: Path) -> None:
    """Raise SetupError where a folder holds no corpus."""
    if not (corpus / "corpus.json").is_file():
        raise SetupError(f"{corpus} holds no corpus; build one with `imr corpus build`")


def connect(corpus: Path) -> duckdb.DuckDBPyConnection:
    """A database with a view `all_NAME` of each table, `set_aside`, and `once`: of each case the one letter that stands for it.

    `set_aside` holds the cases whose determination is no longer in force; what was withdrawn is not in `once`.
    Where a corpus holds the same case twice (as PDF and as text, say), the first by path stands for it.
    """
    require_corpus(corpus)
    db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    for name in TABLES:
        db.execute(f"CREATE VIEW all_{name} AS SELECT * FROM {_files(corpus, name, '*')}")  # noqa: S608 - names are ours, paths quoted
    known = publication_status(corpus)
    for name, cases in (("set_aside", known.set_aside), ("withdrawn", known.withdrawn)):
        db.execute(f"CREATE TABLE {name} (case_number VARCHAR)")
        if cases:
            db.executemany(f"INSERT INTO {name} VALUES (?)", [(case,) for case in cases])  # noqa: S608 - names are ours
    db.execute(
        "CREATE TABLE once AS SELECT min(letter) AS letter FROM all_letters ANTI JOIN withdrawn USING (case_number)"
        " GROUP BY coalesce(case_number, letter)"
    )
    return db


def issues(corpus: Path, part: str = "*") -> str:
    """The query for the issues of a corpus, or of one part of it: each case once, with its letter and what was cited.

    All rows of a letter stand in parts of the same number.
    """
    return (
        "SELECT i.*, l.case_number, l.year, l.specialty, l.licensure, l.review_type, l.summary,"  # noqa: S608 - paths of the caller's, quoted
        f" coalesce(c.guidelines, []) AS guidelines FROM {_files(corpus, 'issues', part)} i"
        f" JOIN {_files(corpus, 'letters', part)} l USING (letter) SEMI JOIN once USING (letter) LEFT JOIN ("
        " SELECT letter, issue, list_sort(list_distinct(list(CASE WHEN title = '' THEN source ELSE source || ': ' || title END)))"
        f" AS guidelines FROM {_files(corpus, 'citations', part)} WHERE side = 'reviewer' GROUP BY letter, issue) c"
        " USING (letter, issue)"
    )


def _files(corpus: Path, table: str, part: str) -> str:
    files = str(corpus / table / f"part-{part}.parquet").replace("'", "''")
    return f"read_parquet('{files}')"
