"""The published letters with what a person would find in them, read in place."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from imr.records.pdf import page_texts

EXTRACTORS = ("pdftotext", "layout", "raw", "mupdf", "pypdf", "pdfminer")


@dataclass(frozen=True)
class GoldIssue:
    heading: str
    decision: str
    partial: bool
    administrator_basis: str | None
    reviewer_basis: str | None


@dataclass(frozen=True)
class Gold:
    case_number: str
    review_type: str
    injured_on: date
    ur_decided_on: date
    received_on: date
    assigned_on: date
    decided_on: date
    licensure: tuple[str, ...]
    specialty: str
    outcome: str
    issues: tuple[GoldIssue, ...]


def folded(text: str) -> str:
    """White space folded, and without hyphens, which some extractors swallow."""
    return " ".join(text.split()).replace("-", "")


def gold(folder: Path) -> dict[str, Gold]:
    bases: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for row in _rows(folder / "citations.csv"):
        bases[row["case"]][row["issue"], row["side"]] = row["text"]
    issues: dict[str, list[GoldIssue]] = defaultdict(list)
    for row in _rows(folder / "issues.csv"):
        basis = bases[row["case"]]
        issues[row["case"]].append(
            GoldIssue(
                heading=row["heading"],
                decision=row["decision"].lower(),
                partial=bool(row["ur_partial"]),
                administrator_basis=basis.get((row["n"], "claims_administrator")),
                reviewer_basis=basis.get((row["n"], "maximus")),
            )
        )
    return {
        row["case"]: Gold(
            case_number=row["case"],
            review_type=row["priority"].lower(),
            injured_on=_day(row["date_of_injury"]),
            ur_decided_on=_day(row["ur_denial_date"]),
            received_on=_day(row["application_received"]),
            assigned_on=_day(row["date_assigned"]),
            decided_on=_day(row["decision_date"]),
            licensure=tuple(part.strip() for part in row["licensure"].split(",")),
            specialty=row["specialty"],
            outcome=row["outcome"].lower().replace("mixed", "partially overturned"),
            issues=tuple(issues[row["case"]]),
        )
        for row in _rows(folder / "letters.csv")
    }


def texts(folder: Path, source: str) -> dict[str, str]:
    """The letters as `source` gives them: "pdf" for our own extraction, else a folder of texts."""
    if source == "pdf":
        return {path.stem: "\f".join(page_texts(path.read_bytes())) for path in sorted((folder / "pdf").glob("*.pdf"))}
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "text" / source).glob("*.txt"))}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone
