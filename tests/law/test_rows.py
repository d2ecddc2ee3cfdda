"""Every rule is held to its rows, and has at least one on each side of its line."""

from collections import defaultdict

import pytest
from tests.factories.law_rows import NOTHING, Row, ask, rows

from imr.errors import NotInForce
from imr.law.register import ENTRIES
from imr.plain import to_plain


@pytest.mark.parametrize("row", rows(), ids=str)
def test_the_law_answers_as_the_row_says(row: Row) -> None:
    if row.refused:
        with pytest.raises(NotInForce):
            ask(row)
        return
    answer = ask(row)
    assert answer.holds == row.holds, answer
    if row.gives is not NOTHING:
        assert answer.value == to_plain(row.gives)
    if row.due is not None:
        assert answer.due == row.due


def test_every_rule_has_a_row_on_each_side_of_its_line() -> None:
    sides = defaultdict(set)
    for row in rows():
        sides[row.rule].add(row.holds)
    bare = [entry.rule.id for entry in ENTRIES if sides[entry.rule.id] != {True, False}]
    assert not bare, f"these rules lack a row on a side of their line: {', '.join(bare)}"
    assert set(sides) == {entry.rule.id for entry in ENTRIES}
