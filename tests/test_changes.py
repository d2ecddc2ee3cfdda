"""The table of `CONTRIBUTING.md`: its paths exist, and each row has a stored change in exactly its files."""

import pytest

from tools.changes import PATCHES, ROOT, ScratchCopy, rows, try_row

ROWS = rows()


def test_the_table_has_fifteen_rows_and_each_its_stored_change():
    assert len(ROWS) >= 15
    assert {row.name for row in ROWS} == {path.stem for path in PATCHES.glob("*.patch")}
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_path_of_a_row_exists_and_its_change_is_in_these_files(row):
    assert [path for path in (*row.opens, *row.others, *row.tests) if not (ROOT / path).exists()] == []
    assert any("test_" in path for path in row.tests)
    assert row.differences({*row.files(), *row.made()}) == []


@pytest.mark.long
def test_each_row_is_true():
    with ScratchCopy() as copy:
        for row in ROWS:
            try_row(row, copy)
