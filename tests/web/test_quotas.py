"""What one account may send: applications and bytes within a day, refused files kept apart, and pages of plain text."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import story

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import actions
from imr.web.actions.quotas import insist_within_quota
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


def test_a_quota_of_applications_stops_no_step_of_a_case_and_an_amendment_begins_none(people, settings):
    number = apply(people).case
    settings.DAILY_APPLICATIONS = 1
    actions.perform("receive-records", people["employee"], number, {"records": (story.upload("one"),)})
    row = DocumentRow.objects.get(case=number, paper="application")
    for digest in ("a" * 64, "b" * 64):  # the application as amended
        DocumentRow.objects.create(
            case=number, digest=digest, paper=row.paper, kind=row.kind, title=row.title, media_type=row.media_type,
            size=1, sender=row.sender, sent_by=people["employee"], at=clock.now(),
        )  # fmt: skip
    settings.DAILY_APPLICATIONS = 2
    apply(people)
    with pytest.raises(Refused, match="2 applications within a day"):
        apply(people)


def test_a_quota_of_bytes_stops_no_step_without_a_file(people, settings):
    number = apply(people).case
    settings.DAILY_BYTES = 1
    with pytest.raises(Refused, match="MB of documents"):
        actions.perform("withdraw-application", people["employee"], number, {"letter": story.upload("I withdraw it.")})
    written = replace(story.upload("I withdraw it."), words="I withdraw it.")
    actions.perform("withdraw-application", people["employee"], number, {"letter": written})
    assert EventRow.objects.get(case=number, number=2).kind == "application-withdrawn"


@pytest.mark.parametrize(("quota", "most"), [("DAILY_APPLICATIONS", 1), ("DAILY_BYTES", 10)])
def test_a_quota_counts_again_under_a_lock_of_the_person_what_came_meanwhile(
    people, settings, monkeypatch, quota, most
):
    if quota == "DAILY_APPLICATIONS":
        apply(people)
    before = EventRow.objects.count()
    setattr(settings, quota, most)

    def passed_at_first(*known, taken=False):  # as where another request of the person is not committed yet
        if taken:
            insist_within_quota(*known, taken=True)

    monkeypatch.setattr(import_module("imr.web.actions.perform"), "insist_within_quota", passed_at_first)
    with CaptureQueriesContext(connection) as asked, pytest.raises(Refused, match="within a day, which is the most"):
        apply(people)
    assert EventRow.objects.count() == before
    (locked,) = [at for at, query in enumerate(asked) if f"'quota {people['employee'].pk}'" in query["sql"]]
    assert all("advisory" not in query["sql"] for query in asked.captured_queries[locked + 1 :])


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
        (("a" + "\u0301" * 1_000).encode(), "more than 6 accents on one letter"),
        (b"a\n" * 5_000_001, "10 MB of text, and at most 10 MB"),
    ],
)
def test_plain_text_has_a_most_of_pages_lines_and_bytes(text, words):
    with pytest.raises(UploadRejected, match=words):
        inspect(Upload(name="notes.txt", data=text))


def test_plain_text_at_its_most_is_taken():
    assert inspect(Upload(name="notes.txt", data=b"\n" * 120_000)).media_type == documents.TEXT
    assert inspect(Upload(name="notes.txt", data=b"a" * 20_000)).size == 20_000
