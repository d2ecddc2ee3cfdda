"""The rows of `deadlines.tsv` and `doubtful.tsv`, each asked through `imr law ask`: what the texts answer, counted apart."""

from datetime import date, datetime

import pytest
from tests.factories.law_answers import answered, ask, rows


@pytest.mark.parametrize("row", rows("deadlines.tsv"), ids=lambda row: row["id"])
def test_the_law_answers_as_the_texts_do(row: dict[str, str]) -> None:
    answer = ask(row)
    expected = datetime.fromisoformat(row["answer"]) if row["asks"] == "last instant" else row["answer"]
    assert answered(row, answer) == expected, (row["why"], answer)


@pytest.mark.parametrize("row", rows("doubtful.tsv"), ids=lambda row: row["id"])
def test_an_answer_that_the_texts_leave_open_is_not_verified(row: dict[str, str]) -> None:
    answer = ask(row)
    assert answer["verified"] is False, answer
    assert answered(row, answer) is not None


def test_the_tables_are_whole() -> None:
    assert len(rows("deadlines.tsv")) == 165
    assert len(rows("doubtful.tsv")) == 16
    assert all(date.fromisoformat(row["answer"]) for row in rows("deadlines.tsv") if row["asks"] == "last day")
