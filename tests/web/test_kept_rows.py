"""The story's rows that are written again are those that its steps left, and what was changed before gets the steps."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories import kept_rows, story

from imr.case.chain import verify
from imr.case.state import Stage
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


def test_what_was_changed_before_gets_the_steps(db):
    with transaction.atomic():
        usual = story.to(Stage.RECEIVED, story.cast())
        transaction.set_rollback(True)
    people = story.cast()
    ReviewerRow.objects.update(capacity=3)
    assert story.to(Stage.RECEIVED, people) != usual, "a case of its own has a number of its own"
    assert set(ReviewerRow.objects.values_list("capacity", flat=True)) == {3}
