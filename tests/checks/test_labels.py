"""The findings on the 74 sample letters, labelled by hand: none without a label, and at most one in ten is wrong."""

import csv
from pathlib import Path

import pytest

from imr.checks import Context, run
from imr.determination import read
from tools.checks_document import kappa

LABELS = Path(__file__).parent / "labels.csv"


def labelled() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_at_most_one_finding_in_ten_is_wrong() -> None:
    rows = labelled()
    assert len({(row["case"], row["id"]) for row in rows}) == len(rows)
    assert {row["label"] for row in rows} == {"right", "wrong"}
    for kept in (rows, [row for row in rows if row["kind"] == "finding"]):
        assert sum(row["label"] == "wrong" for row in kept) * 10 <= len(kept)


@pytest.mark.letters
def test_every_finding_on_the_sample_letters_has_been_read_and_labelled(letters_folder: Path) -> None:
    """A change of a check that finds something else here has it read by hand, and its label written."""
    known = {(row["case"], row["id"]) for row in labelled()}
    found = set()
    for file in sorted((letters_folder / "text" / "pdftotext").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        letter = read(text).determination
        assert letter is not None
        found |= {(letter.case_number, concern.id) for concern in run(letter, None, Context(text=text, public=True))}
    assert found == known


def test_what_was_read_twice_and_whole_is_counted_as_it_stands() -> None:
    folder = LABELS.parent
    with (folder / "second_reading.csv").open(encoding="utf-8") as file:
        twice = list(csv.DictReader(file))
    assert len(twice) == 94
    assert {row[who] for row in twice for who in ("first", "second")} == {"right", "wrong"}
    assert kappa(twice) == pytest.approx(0.324, abs=0.001)
    same = [{"first": label, "second": label} for label in ("right", "right", "wrong")]
    assert kappa(same) == 1.0
    with (folder / "read_whole.csv").open(encoding="utf-8") as file:
        whole = list(csv.DictReader(file))
    assert len({row["case"] for row in whole}) >= 25
    assert all(row["check"] for row in whole if row["now"] == "yes")


def test_what_a_reader_of_whole_letters_noted_as_found_is_among_the_findings() -> None:
    with (LABELS.parent / "read_whole.csv").open(encoding="utf-8") as file:
        noted = {(row["case"], row["check"]) for row in csv.DictReader(file) if row["now"] == "yes"}
    assert noted <= {(row["case"], row["check"]) for row in labelled()}
