"""The register of reviewers as CSV: the round trip, and rows that do not fit."""

import csv
import io
from datetime import date
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.panel import member, panels

from imr.errors import ImrError
from imr.law.reviewers import Degree
from imr.panel.csv_cells import from_cell, to_cell
from imr.panel.roster_csv import COLUMNS, read_roster, write_roster


@examples(150)
@given(panels())
def test_reading_what_was_written_gives_the_same(panel):
    sheet = read_roster(write_roster(panel))
    assert sheet.problems == ()
    assert sheet.members == panel
    assert sheet.whole() == panel
    assert write_roster(sheet.members) == write_roster(panel)


class Colour(Enum):
    RED = "deep red"


@given(
    st.one_of(
        st.tuples(st.just(str), st.text().map(str.strip)),
        st.tuples(st.just(bool), st.booleans()),
        st.tuples(st.just(int), st.integers()),
        st.tuples(st.just(float), st.floats(allow_nan=False)),
        st.tuples(st.just(date), st.dates()),
        st.tuples(st.just(Colour), st.sampled_from(Colour)),
        st.tuples(st.just(tuple[str, ...]), st.lists(st.text(min_size=1).filter(lambda t: t == t.strip())).map(tuple)),
        st.tuples(st.just(date | None), st.dates()),
    )
)
def test_a_cell_holds_its_value(typed):
    hint, value = typed
    assert from_cell(hint, to_cell(value)) == value


def test_nothing_is_an_empty_cell():
    assert to_cell(None) == ""


@pytest.mark.parametrize(
    ("hint", "cell", "expected"),
    [
        (bool, "perhaps", "yes or no"),
        (int, "1.5", "a whole number"),
        (float, "many", "a number"),
        (date, "27/2/2015", "a day such as 2015-02-27"),
        (Degree, "B.A.", "one of M.D., D.O."),
    ],
)
def test_a_cell_that_does_not_fit_says_what_is_expected(hint, cell, expected):
    with pytest.raises(ImrError, match=expected.replace(".", r"\.")):
        from_cell(hint, cell)


def changed(row: int, **cells) -> str:
    """The sheet of one reviewer with some cells of a row changed. The header is row 1."""
    rows = list(csv.DictReader(io.StringIO(write_roster([member()]))))
    rows[row - 2] |= cells
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# Rows of the sheet of one reviewer: 2 reviewer, 3 licence, 4 board, 5 practice.
@pytest.mark.parametrize(
    ("row", "cells", "message"),
    [
        (2, {"npi": "1234567890"}, "row 2, column npi: '1234567890' is not a National Provider Identifier"),
        (2, {"name": ""}, "row 2, column name: this value is required"),
        (2, {"capacity": "a few"}, "row 2, column capacity: a whole number is expected"),
        (2, {"is_qme": "maybe"}, "row 2, column is_qme: yes or no"),
        (2, {"discipline": "clean"}, "row 2, column discipline: leave it empty"),
        (2, {"discipline": "found"}, "row 2, column discipline: write found if there are rows"),
        (2, {"state": "CA"}, "row 2, column state: a row of the kind reviewer has no value in this column"),
        (3, {"until": "31.1.2016"}, "row 3, column until: a day such as"),
        (3, {"degree": "B.A."}, "row 3, column degree: one of M.D."),
        (3, {"hours_a_week": "3"}, "row 3, column hours_a_week: a row of the kind licence has no value in this column"),
        (3, {"verified_on": ""}, "row 3, column verified_on: give both the source and the day"),
        (3, {"verified_source": ""}, "row 3, column verified_source: give both the source and the day"),
        (
            4,
            {"fact": "diploma"},
            "row 4, column fact: 'diploma' is not a kind of fact; the kinds are reviewer, licence",
        ),
        (4, {"reviewer": " "}, "row 4, column reviewer: the number of a reviewer is expected"),
        (4, {"fact": "reviewer"}, "row 4, column reviewer: R1 has a row of this kind already"),
        (5, {"reviewer": "R9"}, "row 5, column reviewer: R9 has facts, but no fitting row"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_column_and_nothing_is_taken(row, cells, message):
    sheet = read_roster(changed(row, **cells))
    assert message in str(sheet.problems[0])
    with pytest.raises(ImrError, match="nothing was imported from the file"):
        sheet.whole()


def test_every_problem_is_told_and_the_row_is_kept():
    sheet = read_roster(changed(3, until="never", number="A77").replace("2013-01-01", "soon"))
    assert [(p.row, p.column) for p in sheet.problems] == [(2, "trained_on"), (3, "until")]
    assert "A77" in sheet.problems[1].text


def test_unknown_missing_and_doubled_columns():
    assert [str(p) for p in read_roster("who,fact,fact\n").problems][:2] == [
        "row 1, column fact: this column is given more than once",
        "row 1, column reviewer: this column is missing: add it",
    ]
    assert (
        "there is no such column; the columns are reviewer, fact"
        in read_roster("reviewer,fact,favourite\n").problems[0].message
    )
    assert [p.column for p in read_roster("").problems] == ["fact", "reviewer"]


def test_a_row_of_another_length_and_a_file_that_is_no_csv():
    assert "2 cells are expected, not 3" in str(read_roster("reviewer,fact\nR1,licence,x\n").problems[0])
    assert "this is not CSV" in str(read_roster('reviewer,fact\nR1,"licence\n').problems[0])


def test_a_file_as_spreadsheets_write_it():
    text = "\ufeff" + write_roster([member()]) + "\r\n" + "," * (len(COLUMNS) - 1) + "\r\n"
    assert read_roster(text).members == (member(),)
