"""The Parquet tables of a corpus in DuckDB, with each case counted once."""

from pathlib import Path

import duckdb

from imr.corpus.publication_status import publication_status
from imr.corpus.tables import TABLES
from imr.errors import SetupError


def require_corpus(corpus: Path) -> None:
    """Raise SetupError if the folder holds no corpus."""
    if not (corpus / "corpus.json").is_file():
        raise SetupError(f"{corpus} holds no corpus; build one with `imr corpus build`")


def connect(corpus: Path) -> duckdb.DuckDBPyConnection:
    """Open a database with a view `all_NAME` for each table, and the tables `set_aside`, `withdrawn` and `once`.

    `once` names one letter for each case that was not withdrawn. Where a corpus holds a case twice (for example as PDF and as
    text), it is the first by path. `set_aside` holds the cases whose determination is no longer in force.
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
    """Give the SQL query for the issues of a corpus or of one part: each case once, with its letter and the guidelines cited.

    All rows of a letter are in parts of the same number.
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
