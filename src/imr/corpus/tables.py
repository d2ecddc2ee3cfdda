"""The schemas of a corpus's tables, and how a letter becomes rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from imr.determination import Issue, Reading
from imr.guidelines import citation
from imr.guidelines.treatments import classify

_WORDS = pa.list_(pa.string())

#: One row for each letter that was read. `letter` is its path within the folder; the tables join on it.
LETTERS = pa.schema(
    [
        ("letter", pa.string()),
        ("digest", pa.string()),
        ("case_number", pa.string()),
        ("layout", pa.string()),
        ("review_type", pa.string()),
        ("injured_on", pa.date32()),
        ("ur_decided_on", pa.date32()),
        ("received_on", pa.date32()),
        ("assigned_on", pa.date32()),
        ("decided_on", pa.date32()),
        ("year", pa.int16()),
        ("licensure", _WORDS),
        ("specialty", pa.string()),
        ("issues", pa.int16()),
        ("outcome", pa.string()),
        ("summary", pa.string()),
        ("problems", _WORDS),
        ("unread_share", pa.float32()),
    ]
)

#: One row for each disputed treatment. `rests_on` holds the words of the heading that decided its category.
ISSUES = pa.schema(
    [
        ("letter", pa.string()),
        ("issue", pa.int16()),
        ("heading", pa.string()),
        ("treatment", pa.string()),
        ("original_request", pa.string()),
        ("authorized", pa.string()),
        ("decision", pa.string()),
        ("category", pa.string()),
        ("subcategory", pa.string()),
        ("drug_class", pa.string()),
        ("body_parts", _WORDS),
        ("icd10", _WORDS),
        ("procedures", _WORDS),
        ("rests_on", pa.string()),
        ("administrator_basis", pa.string()),
        ("reviewer_basis", pa.string()),
        ("rationale", pa.string()),
    ]
)

#: One row for each guideline that a basis line cites. `side` is administrator or reviewer.
CITATIONS = pa.schema(
    [
        ("letter", pa.string()),
        ("issue", pa.int16()),
        ("side", pa.string()),
        ("source", pa.string()),
        ("title", pa.string()),
        ("year", pa.int16()),
        ("sections", _WORDS),
        ("pages", _WORDS),
    ]
)

#: One row for each finding of the checks that need only the letter.
FINDINGS = pa.schema(
    [
        ("letter", pa.string()),
        ("issue", pa.int16()),
        ("check", pa.string()),
        ("severity", pa.string()),
        ("sentence", pa.string()),
        ("says", pa.string()),
    ]
)

#: One row for each file that gave no determination, with the reason.
UNREAD = pa.schema(
    [
        ("letter", pa.string()),
        ("digest", pa.string()),
        ("layout", pa.string()),
        ("reason", pa.string()),
        ("unread_share", pa.float32()),
    ]
)

TABLES: Mapping[str, pa.Schema] = {
    "letters": LETTERS,
    "issues": ISSUES,
    "citations": CITATIONS,
    "findings": FINDINGS,
    "unread": UNREAD,
}


@dataclass(slots=True)
class Rows:
    """Collects the rows that one part of the corpus adds to each table. Digests are SHA-256 of the input file."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def refuse(self, letter: str, digest: str, reason: str, layout: str | None = None, unread: float = 1.0) -> None:
        """Add a file that gave no determination."""
        self.rows["unread"].append(
            {"letter": letter, "digest": digest, "layout": layout, "reason": reason, "unread_share": unread}
        )

    def read(self, letter: str, digest: str, reading: Reading, findings: Iterable[Mapping[str, Any]] = ()) -> None:
        """Add what was read from one letter, or the reason why nothing was."""
        found = reading.determination
        if found is None:
            reason = "; ".join(reading.problems) or "no determination was found"
            self.refuse(letter, digest, reason, reading.layout, reading.unread_share)
            return
        self.add(
            {
                "letter": letter,
                "digest": digest,
                "case_number": found.case_number,
                "layout": reading.layout,
                "review_type": found.review_type.value if found.review_type else None,
                "injured_on": found.injured_on,
                "ur_decided_on": found.ur_decided_on,
                "received_on": found.received_on,
                "assigned_on": found.assigned_on,
                "decided_on": found.decided_on,
                "year": found.decided_on.year if found.decided_on else None,
                "licensure": found.licensure,
                "specialty": found.specialty,
                "outcome": found.outcome.value,
                "summary": found.summary,
                "problems": reading.problems,
                "unread_share": reading.unread_share,
            },
            found.issues,
        )
        self.rows["findings"].extend({"letter": letter, **finding} for finding in findings)

    def add(self, letter: dict[str, Any], issues: Sequence[Issue]) -> None:
        """Add the row of a letter, and the rows of its issues and citations."""
        self.rows["letters"].append(letter | {"issues": len(issues)})
        for number, issue in enumerate(issues, 1):
            self.rows["issues"].append(_issue(letter["letter"], number, issue))
            for side, basis in (("administrator", issue.administrator_basis), ("reviewer", issue.reviewer_basis)):
                self.rows["citations"].extend(_citations(letter["letter"], number, side, basis))

    def tables(self) -> dict[str, pa.Table]:
        """Give the rows as Arrow tables."""
        return {name: pa.Table.from_pylist(self.rows[name], schema=schema) for name, schema in TABLES.items()}


def _issue(letter: str, number: int, issue: Issue) -> dict[str, Any]:
    asked = classify(issue.treatment, issue.heading)
    return {
        "letter": letter,
        "issue": number,
        "heading": issue.heading,
        "treatment": issue.treatment,
        "original_request": issue.original_request,
        "authorized": issue.authorized,
        "decision": issue.decision.value,
        "category": asked.category,
        "subcategory": asked.subcategory,
        "drug_class": asked.drug_class or None,
        "body_parts": [part.value for part in asked.body_parts],
        "icd10": asked.icd10,
        "procedures": asked.procedures,
        "rests_on": asked.words,
        "administrator_basis": issue.administrator_basis,
        "reviewer_basis": issue.reviewer_basis,
        "rationale": issue.rationale,
    }


def _citations(letter: str, number: int, side: str, basis: str) -> Iterable[dict[str, Any]]:
    for cited in citation.read_basis(basis).citations:
        yield {
            "letter": letter,
            "issue": number,
            "side": side,
            "source": cited.source.value,
            "title": cited.chapter or (f"chapter {cited.number}" if cited.number else ""),
            "year": cited.year,
            "sections": cited.sections,
            "pages": [str(pages) for pages in cited.pages],
        }
