"""Measures the classification of treatments against labels by people.

A figure is a prediction only if no rule was adjusted on the headings, and if the labels were given before a rule was
tried.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from imr.errors import ImrError
from imr.guidelines.treatments import classify

#: The labels of a heading. Body parts are separated by semicolons.
LABELS = ("category", "subcategory", "drug_class", "body_parts")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A heading that the rules classify differently from its label: which label, its value, the rules' value."""

    heading: str
    label: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The results: the number of headings, how many the rules classify right by each label and by all, and the disagreements."""

    headings: int
    right: Mapping[str, int]
    all_right: int
    disagreements: tuple[Disagreement, ...]


def agreement(file: Path) -> Agreement:
    """Compare the rules with a CSV with the columns heading, category, subcategory, drug_class and body_parts."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in ("heading", *LABELS) if name not in (reader.fieldnames or ())]
        if missing:
            raise ImrError(
                f"{file.name} has no column headed {', '.join(missing)}; it needs heading, {', '.join(LABELS)}"
            )
        rows = list(reader)
    if not rows:
        raise ImrError(f"{file.name} contains no heading")
    right = dict.fromkeys(LABELS, 0)
    all_right = 0
    disagreements = []
    for row in rows:
        wanted = {name: _sorted(row[name] or "") for name in LABELS}
        asked = classify(row["heading"])
        found = {
            "category": asked.category,
            "subcategory": asked.subcategory,
            "drug_class": asked.drug_class or "",
            "body_parts": _sorted(";".join(part.value for part in asked.body_parts)),
        }
        wrong = [name for name in LABELS if found[name] != wanted[name]]
        all_right += not wrong
        for name in LABELS:
            right[name] += name not in wrong
        disagreements += [Disagreement(row["heading"], name, wanted[name], found[name]) for name in wrong]
    return Agreement(headings=len(rows), right=right, all_right=all_right, disagreements=tuple(disagreements))


def _sorted(parts: str) -> str:
    return ";".join(sorted(filter(None, (part.strip() for part in parts.split(";")))))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path) -> None:
    """Compare the classification of treatments with labels: a CSV of heading, category, subcategory, drug_class, body_parts."""
    found = agreement(file)
    for name in LABELS:
        click.echo(
            f"{found.right[name]:>5} of {found.headings} right by {name} ({found.right[name] / found.headings:.0%})"
        )
    click.echo(f"{found.all_right:>5} of {found.headings} right by all four ({found.all_right / found.headings:.0%})")
    for one in found.disagreements:
        click.echo(f"{one.heading}: {one.label} is {one.found or 'none'}, labeled {one.wanted or 'none'}")


if __name__ == "__main__":
    main()
