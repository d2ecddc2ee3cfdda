"""Pairs of a determination and its letter, invented. They change by `make goldens` only, and the change is reviewed."""

import json
from pathlib import Path

import pytest

from imr.determination import from_data, read, to_data, write
from imr.determination.template import OF_2014, PRESENT

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
EDITIONS = {"present": PRESENT, "of-2014": OF_2014}
NAMES = ("one-upheld", "mixed-with-partial-approvals", "no-header")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_letter_is_the_golden_one_and_reads_back(name, edition):
    data = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    text = (GOLDEN / f"{name}.{edition}.txt").read_text(encoding="utf-8")
    determination = from_data(data)
    assert write(determination, EDITIONS[edition]) == text
    found = to_data(read(text).determination)
    assert found == {**data, "documents": data["documents"] if edition == "present" else []}
