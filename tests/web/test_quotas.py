"""What one account may send: applications and bytes within a day, refused files kept apart, and pages of plain text."""

from datetime import timedelta

import pytest
from tests.factories import story

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import actions
from imr.web.models import DocumentRow, EventRow, QuarantineRow
from imr.web.platform import clock
from imr.web.store import documents, quarantine
from imr.web.store.documents import Upload, UploadRejected, inspect


@pytest.fixture
def people(db):
    return story.cast()


def apply(people, who="employee", **more):
    given = {"application": story.application(), "ur_decision": story.upload("the decision"), **more}
    return actions.perform("receive-application", people[who], None, given)


def test_an_account_begins_so_many_applications_a_day_and_the_office_any_number(people, settings):
    settings.DAILY_APPLICATIONS = 2
    apply(people)
    apply(people)
    with pytest.raises(Refused, match="2 applications within a day, which is the most"):
        apply(people)
    assert EventRow.objects.count() == 2
    apply(people, "other employee")
    for _ in range(3):
        apply(people, "intake", received_at=clock.now())
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        apply(people)


def test_an_account_sends_so_many_bytes_a_day(people, settings):
    number = story.to(Stage.ASSIGNED, people)
    actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("one"),)})
    settings.DAILY_BYTES = 100
    with pytest.raises(Refused, match="MB of documents within a day, which is the most"):
        actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("two"),)})
    assert DocumentRow.objects.filter(case=number, paper="record", sent_by=people["adjuster"]).count() == 1
    actions.perform(
        "receive-records",
        people["coordinator"],
        number,
        {
            "records": (story.upload("two"),),
            "sender": Role.CLAIMS_ADMINISTRATOR,
            "received_on": clock.today(),
        },
    )


def test_refused_files_of_one_person_have_a_most_in_bytes(people, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST_BYTES", 10)
    for text in (b"123456", b"1234567", b"1234"):
        quarantine.store("", "a.doc", text, "no document", Role.EMPLOYEE, people["employee"])
    assert sorted(QuarantineRow.objects.values_list("size", flat=True)) == [4, 6]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\n" * 120_001, "2,001 pages of text, and at most 2,000"),
        (b"a" * 20_001, "a line of 20,001 characters, and at most 20,000"),
        (b"a\n" * 5_000_001, "10 MB of text, and at most 10 MB"),
    ],
)
def test_plain_text_has_a_most_of_pages_lines_and_bytes(text, words):
    with pytest.raises(UploadRejected, match=words):
        inspect(Upload(name="notes.txt", data=text))


def test_plain_text_at_its_most_is_taken():
    assert inspect(Upload(name="notes.txt", data=b"\n" * 120_000)).media_type == documents.TEXT
    assert inspect(Upload(name="notes.txt", data=b"a" * 20_000)).size == 20_000
