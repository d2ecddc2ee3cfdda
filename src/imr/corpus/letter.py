"""Reads one letter of a corpus: its header, and each disputed treatment with its decision, bases and rationale."""

from dataclasses import fields
from operator import attrgetter
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from imr.corpus.model import DecidedIssue, DecidedLetter
from imr.corpus.search import Search


def letter(search: Search, case_number: str) -> DecidedLetter | None:
    """Give the letter of a case, read from the one part of the tables that holds it; None where the corpus has no such case."""
    place = search.place(case_number)
    if place is None:
        return None
    name, part = place

    def rows(table: str, cls: Any) -> list[dict[str, Any]]:
        file = pq.ParquetFile(search.corpus / table / f"part-{part}.parquet")
        wanted = [field.name for field in fields(cls) if field.name in file.schema_arrow.names]
        found = file.read(columns=list({*wanted, "letter"}), use_threads=False)
        found = found.filter(pc.equal(found["letter"], name)).select(wanted)
        return [
            {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
            for row in found.to_pylist()
        ]

    head = rows("letters", DecidedLetter)[0]
    issues = sorted((DecidedIssue(**row) for row in rows("issues", DecidedIssue)), key=attrgetter("issue"))
    return DecidedLetter(**head | {"issues": tuple(issues), "set_aside_on": search.set_aside_on(head["case_number"])})
