"""What tests keep and use again is what was there the first time: the rows of the story, and what a child said of a file."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories import kept_rows, story

from imr.case.chain import verify
from imr.case.state import Stage
from imr.errors import Unreadable
from imr.records import sandbox
from imr.web.models import EventRow, ReviewerRow
from imr.web.store import cases


def test_rows_are_written_again_as_the_steps_left_them(db):
    def play():
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            number = story.to(Stage.ASSIGNED, story.cast())
            statements = len(asked)
            assert verify(cases.chain(number)) is None
            rows = kept_rows._rows()
            transaction.set_rollback(True)
        return number, rows, statements

    first, again = play(), play()
    assert first[:2] == again[:2]
    assert again[2] <= 10
    assert not EventRow.objects.exists()


def test_a_child_is_asked_once_about_the_same_bytes_and_what_it_said_is_said_again(tmp_path, kept_readings):
    good, broken = tmp_path / "good", tmp_path / "broken"
    good.write_bytes(story.typed("Kept once."))
    broken.write_bytes(b"%PDF-1.7 broken")

    def pages():
        return list(sandbox.run_task("everything", good, most=0))

    def refusal():
        with pytest.raises(Unreadable) as refused:
            list(sandbox.run_task("inspect", broken))
        return str(refused.value)

    first = pages(), refusal()
    count = len(kept_readings)
    pages()[0][0].clear()
    assert (pages(), refusal()) == first
    assert "Kept once." in first[0][1][0]["text"]
    assert len(kept_readings) == count
    good.write_bytes(story.typed("Something else."))
    assert pages() != first[0]


def test_what_was_changed_before_gets_the_steps(db):
    with transaction.atomic():
        usual = story.to(Stage.RECEIVED, story.cast())
        transaction.set_rollback(True)
    people = story.cast()
    ReviewerRow.objects.update(capacity=3)
    assert story.to(Stage.RECEIVED, people) != usual, "a case of its own has a number of its own"
    assert set(ReviewerRow.objects.values_list("capacity", flat=True)) == {3}
