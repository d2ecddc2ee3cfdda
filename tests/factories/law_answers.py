"""Rows that ask the law through `imr law ask`, and the form of its answers."""

import csv
import json
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner

from imr.cli.law import law_command
from imr.errors import NotInForce

FOLDER = Path(__file__).parents[1] / "law"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def ask(row: dict[str, str]) -> dict[str, object]:
    """Ask a row; a law that is not known for that day is the answer `unknown`."""
    facts = [part for fact in row["facts"].split("; ") for part in ("--form", fact)]
    done = CliRunner().invoke(law_command, ["ask", row["rule"], *facts, "--json"])
    if isinstance(done.exception, NotInForce):
        return {"value": "unknown", "verified": False}
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


#: The field of an answer by what a row asks.
FIELDS = {
    "last day": "due",
    "last instant": "due",
    "runs": "runs",
    "in time": "in_time",
    "holds": "holds",
    "day of receipt": "value",
    "track": "value",
    "dollars": "value",
    "decision": "value",
}


def answered(row: dict[str, str], answer: dict[str, object]) -> object:
    """Give the answer in the form of the row: a day, an instant, yes or no, a word."""
    value = answer[FIELDS[row["asks"]]]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if row["asks"] == "last instant" and value is not None:
        return datetime.fromisoformat(str(value))
    return value
