"""Imports other open data of external medical review into the corpus's own tables, where a user has the files.

Two exports are known by their headings: the table of Independent Medical Review determinations that California's
Department of Managed Health Care publishes, and the export of New York's external appeal decisions. Their headings are
from memory and from public code that reads them, not from a current file: where a heading is missing, the import says
which, and takes nothing. They review health plans, not workers' compensation: their rows are told apart by `layout`.
"""

import csv
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from imr.corpus.build import TABLES_VERSION
from imr.corpus.files import write_json
from imr.corpus.tables import Rows
from imr.determination import Decision, Issue
from imr.errors import ImrError


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An export that can be brought in: for each of our fields the headings that it has had."""

    name: str
    layout: str
    headings: Mapping[str, tuple[str, ...]]


SOURCES: Mapping[str, Source] = {
    "dmhc": Source(
        name="California Department of Managed Health Care, IMR determinations",
        layout="DMHC open data",
        headings={
            "case": ("Reference ID", "ReferenceID"),
            "year": ("Report Year", "ReportYear"),
            "decision": ("Determination",),
            "treatment": ("Treatment Sub Category", "TreatmentSubCategory"),
            "asked": ("Treatment Category", "TreatmentCategory"),
            "diagnosis": ("Diagnosis Sub Category", "DiagnosisSubCategory"),
            "findings": ("Findings",),
            "kind": ("Type",),
        },
    ),
    "ny": Source(
        name="New York State Department of Financial Services, external appeals",
        layout="New York external appeals",
        headings={
            "case": ("Case Number", "Case #", "ID"),
            "year": ("Year", "Decision Year"),
            "decision": ("Appeal Decision", "Decision", "Determination"),
            "treatment": ("Treatment", "Coverage Type"),
            "asked": ("Denial Reason", "Denial"),
            "diagnosis": ("Diagnosis",),
            "findings": ("Summary", "Rationale", "Decision Summary"),
            "kind": ("Expedited", "Appeal Type"),
        },
    ),
}
_WORD = re.compile(r"[^a-z0-9]+")


def bring_in(kind: str, file: Path, out: Path) -> Mapping[str, int]:
    """Bring an export into a new corpus at `out`; give the rows by table. Rows that cannot be read are in `unread`."""
    source = SOURCES.get(kind)
    if source is None:
        raise ImrError(f"there is no import {kind}; there are {', '.join(SOURCES)}")
    if out.exists() and any(out.iterdir()):
        raise ImrError(f"{out} is not empty; name a new folder")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = _columns(source, reader.fieldnames or ())
        rows = Rows()
        for line, record in enumerate(reader, 2):
            _add(
                rows,
                source,
                {ours: (record.get(theirs) or "").strip() for ours, theirs in columns.items()},
                f"{file.name}:{line}",
            )
    for name, table in rows.tables().items():
        (out / name).mkdir(parents=True)
        pq.write_table(table, out / name / "part-00000.parquet", compression="zstd")
    counts = {name: len(found) for name, found in rows.rows.items()}
    inputs = counts["letters"] + counts["unread"]
    write_json(out / "corpus.json", {"form": TABLES_VERSION, "inputs": inputs, "parts": 1, "rows": counts})
    return counts


def _columns(source: Source, present: Sequence[str]) -> dict[str, str]:
    """Give the file's heading for each of our fields."""
    by_letters = {_WORD.sub("", heading.lower()): heading for heading in present}
    columns = {}
    for field, headings in source.headings.items():
        found = next((by_letters[key] for h in headings if (key := _WORD.sub("", h.lower())) in by_letters), None)
        if found is None:
            raise ImrError(f"this is not the export of {source.name}: no column is headed {' or '.join(headings)}")
        columns[field] = found
    return columns


def _add(rows: Rows, source: Source, record: Mapping[str, str], place: str) -> None:
    word = record["decision"].lower()
    # "Overturned in Part" overturns; anything but these two words was not decided.
    decision = next((d for d in Decision if word.startswith(d.value)), None)
    year = record["year"]
    if decision is None or not record["case"] or not (year.isdigit() and len(year) == 4):
        reason = f"no decision, case or year could be read: {record['decision']!r}, {record['case']!r}, {year!r}"
        rows.refuse(place, "", reason, source.layout)
        return
    issue = Issue(
        heading=": ".join(filter(None, (record["asked"], record["treatment"]))),
        treatment=record["treatment"] or record["asked"],
        decision=decision,
        administrator_basis="",
        reviewer_basis="",
        rationale=record["findings"],
    )
    rows.add(
        {
            "letter": place,
            "digest": hashlib.sha256("\0".join(record.values()).encode()).hexdigest(),
            "case_number": record["case"],
            "layout": source.layout,
            "review_type": "expedited" if "expedited" in record["kind"].lower() else "standard",
            "year": int(year),
            "licensure": [],
            "specialty": "",
            "outcome": "partially overturned" if "part" in word else decision.value,
            "summary": record["diagnosis"],
            "problems": [],
            "unread_share": 0.0,
        },
        (issue,),
    )
