"""CSV that no spreadsheet takes for formulas, with the right letters, and read back as it was."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr import spreadsheets

HARMFUL = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    '=HYPERLINK("http://example.org","x")',
]


@pytest.mark.parametrize("cell", HARMFUL)
def test_no_cell_is_a_formula(cell):
    text = spreadsheets.write(["a", cell], [[cell, "plain"]])
    for _, row in _raw(text):
        assert not any(each.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) for each in row)
    assert list(spreadsheets.read(text))[1][1] == [cell, "plain"]


def _raw(text):
    import csv
    import io

    return enumerate(csv.reader(io.StringIO(text, newline="")))


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert spreadsheets.write(["a", "b", "c"], [[-1, 0.5, None]]).splitlines()[1] == "-1,0.5,"


def test_excel_knows_the_letters_by_the_mark_before_them():
    data = spreadsheets.encoded(spreadsheets.write(["name"], [["Núñez"], ["Đặng"]]))
    assert data.startswith(codecs.BOM_UTF8)
    assert [row for _, row in spreadsheets.read(data.decode("utf-8"))] == [["name"], ["Núñez"], ["Đặng"]]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
    )
)
def test_what_is_written_is_read(rows):
    assert [row for _, row in spreadsheets.read(spreadsheets.write(["x", "y"], rows))][1:] == rows


def test_it_is_the_only_module_that_writes_csv():
    from pathlib import Path

    sources = Path(spreadsheets.__file__).parent.rglob("*.py")
    writers = {
        path.name
        for path in sources
        if any(word in path.read_text("utf-8") for word in ("csv.writer", "DictWriter", "write_csv"))
    }
    assert writers == {"spreadsheets.py"}
