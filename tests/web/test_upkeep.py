"""One bad thing stops nothing else: it is named for the office, and tried again with growing pauses."""

import os
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import story

from imr.case.state import Stage
from imr.errors import Damaged
from imr.web import access, accounts, actions
from imr.web.case_files import derived_files, ingestion
from imr.web.management import repeating
from imr.web.models import CaseRow, EventRow, FailureRow, PartyRow
from imr.web.platform import clock, encryption, storage
from imr.web.store import cases, documents, failures, notifications
from imr.web.store.failures import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db, settings, tmp_path):
    settings.PAGES = tmp_path / "pages"  # nothing of it has been read before
    cast = story.cast()
    for who in ("intake", "coordinator", "quality", "division", "reviewer"):
        accounts.give_second_factor(cast[who])
    return cast


def readings():
    return ProcrastinateJob.objects.filter(task_name="read-document", status="todo")


def lose(digest: str) -> None:
    """Take a document out of the storage, as a disk does."""
    storage.storage_of().delete(f"{digest[:2]}/{digest}")


def asked(people, claim: str) -> str:
    """A case that waits for records, with an application like no other."""
    number = story.receive(people, claim_number=claim)
    story.decide_eligibility(people["intake"], number)
    story.assign(people, number)
    return number


def overdue(number: str) -> bool:
    return EventRow.objects.filter(case=number, kind="records-overdue").exists()


def later(monkeypatch, **much):
    now = clock.now() + timedelta(**much)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def three(people, monkeypatch):
    """Three cases that wait for records; the application of the second is lost."""
    monkeypatch.setattr("imr.web.actions.maintenance.require_synchronized_clocks", lambda: None)  # time is played here
    numbers = [asked(people, claim) for claim in ("A-1", "A-2", "A-3")]
    lose(cases.replay(cases.chain(numbers[1])).filing.application)
    return numbers


def test_a_case_whose_document_is_gone_stops_no_other_case_and_no_mail(three, people, monkeypatch):
    first, bad, last = three
    later(monkeypatch, days=40)
    done = actions.run_maintenance()
    assert overdue(first)
    assert overdue(last)
    assert done["messages"]
    assert not overdue(bad)
    row = FailureRow.objects.get(task=Task.CLOCK.value)
    assert (row.subject, row.attempts, row.over_at) == (bad, 1, None)
    page = story.client(people["coordinator"]).get("/imro/problems/").content.decode()
    assert bad in page
    assert "is not in the storage" in page
    assert "2 background tasks of the site fail." in story.client(people["intake"]).get("/imro/").content.decode()


def test_it_is_tried_again_with_growing_pauses_until_it_succeeds(three, people, monkeypatch):
    _, bad, _ = three
    tries = []
    monkeypatch.setattr("imr.web.actions.maintenance.run_clock_steps", lambda number: tries.append(number) or ())
    monkeypatch.setattr("imr.web.actions.maintenance.record_service", lambda _: 0)
    failures.record_failure(Task.CLOCK, bad, Damaged("gone"))
    actions.run_maintenance()
    assert bad not in tries, "its pause is not over"
    pauses = []
    for _ in range(12):
        failures.record_failure(Task.CLOCK, bad, Damaged("gone"))
        pauses.append(FailureRow.objects.get().next_at - clock.now())
    assert all(sooner <= longer + timedelta(seconds=5) for sooner, longer in pairwise(pauses))
    assert pauses[0] > failures.FIRST
    assert pauses[-1] <= failures.LONGEST
    later(monkeypatch, hours=7)
    actions.run_maintenance()
    assert bad in tries
    assert FailureRow.objects.get().over_at is not None
    now, over = access.failures(people["coordinator"]).now, access.failures(people["coordinator"]).over
    assert (len(now), [line.case for line in over]) == (0, [bad])


def test_a_task_that_fails_stops_no_other_task(people, monkeypatch):
    monkeypatch.setattr("imr.web.actions.maintenance.require_synchronized_clocks", lambda: None)  # time is played here
    number = story.to(Stage.UNDER_REVIEW, people)
    ProcrastinateJob.objects.all()._raw_delete("default")
    send = notifications.send_pending
    monkeypatch.setattr(notifications, "send_pending", lambda: 1 / 0)
    actions.run_maintenance()
    row = FailureRow.objects.get()
    assert (row.task, row.problem, row.attempts) == (Task.MAIL.value, "ZeroDivisionError", 1)
    assert readings().count() == len(access.file(access.open_case(people["coordinator"], number)))
    later(monkeypatch, minutes=2)
    actions.run_maintenance()
    row = FailureRow.objects.get()
    assert (row.attempts, row.over_at) == (2, None)
    monkeypatch.setattr(notifications, "send_pending", send)
    later(monkeypatch, minutes=15)
    actions.run_maintenance()
    assert FailureRow.objects.get().over_at is not None


def test_rebuild_goes_on_past_a_damaged_case_and_names_it(three):
    first, bad, last = three
    CaseRow.objects.all().update(stage="RECEIVED")
    said = StringIO()
    with pytest.raises(CommandError, match="1 cases were not rebuilt") as caught:
        call_command("rebuild", stdout=StringIO(), stderr=said)
    assert caught.value.returncode == Damaged.exit_code
    assert said.getvalue().startswith(f"{bad}: document ")
    stages = dict(CaseRow.objects.values_list("number", "stage"))
    assert stages == {first: "ASSIGNED", bad: "RECEIVED", last: "ASSIGNED"}


def test_the_row_of_an_older_case_that_was_rebuilt_by_hand_fails_no_longer(people):
    number = asked(people, "A-1")
    PartyRow.objects.all().delete()  # as tables were before
    application = cases.replay(cases.chain(number)).filing.application
    data = documents.load(application)
    lose(application)
    actions.run_maintenance()
    assert FailureRow.objects.get(task=Task.ROWS.value).over_at is None
    documents.store_if_new(data)
    assert actions.rebuild().failed == {}
    actions.run_maintenance()
    assert FailureRow.objects.get(task=Task.ROWS.value).over_at is not None


def test_what_is_not_tried_any_more_because_its_case_has_ended_fails_no_longer(people):
    number = asked(people, "A-1")
    document = access.file(access.open_case(people["coordinator"], number))[0].digest
    failing = {(Task.READING.value, document), (Task.BINDING.value, number), (Task.CLOCK.value, number)}
    for task, subject in failing:
        failures.record_failure(Task(task), subject, "gone")
    actions.run_maintenance()
    assert set(FailureRow.objects.filter(over_at=None).values_list("task", "subject")) == failing
    CaseRow.objects.filter(number=number).update(stage="WITHDRAWN")
    actions.run_maintenance()
    assert failures.count() == 0


def test_only_the_review_organization_sees_what_fails(people):
    failures.record_failure(Task.PROCESS, "reading", "was killed by SIGKILL")
    for who in ("employee", "adjuster", "physician", "reviewer", "division"):
        assert story.client(people[who]).get("/imro/problems/").status_code in (403, 404), who
    page = story.client(people["quality"]).get("/imro/problems/").content.decode()
    assert "was killed by SIGKILL" in page


def test_a_document_that_waits_in_the_queue_is_not_put_there_again(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    ProcrastinateJob.objects.all()._raw_delete("default")
    actions.run_maintenance()
    waiting = set(readings().values_list("args__digest", flat=True))
    assert waiting == {line.digest for line in access.file(access.open_case(people["coordinator"], number))}
    last = ProcrastinateJob.objects.order_by("-id").first().id
    for _ in range(3):
        actions.run_maintenance()
    digest = waiting.pop()
    ingestion.enqueue(digest, "application/pdf")
    ProcrastinateJob.objects.all()._raw_delete("default")
    ingestion.enqueue(digest, "application/pdf")
    # A job that the queue refuses uses up a number, and is an error in the log of the database.
    assert readings().get().id == last + 1


def test_a_document_that_is_gone_is_named_and_read_when_it_is_back(people, monkeypatch):
    number = story.to(Stage.UNDER_REVIEW, people)
    digest = access.file(access.open_case(people["coordinator"], number))[0].digest
    kept = storage.storage_of().read(f"{digest[:2]}/{digest}")
    lose(digest)
    with pytest.raises(Damaged):
        ingestion.read_document(digest, "application/pdf")
    (line,) = access.failures(people["coordinator"]).now
    assert (line.subject, line.case) == (f"document {digest[:12]}", number)
    ProcrastinateJob.objects.all()._raw_delete("default")
    ingestion.enqueue(digest, "application/pdf")
    assert not readings().exists(), "its pause is not over"
    storage.storage_of().put(f"{digest[:2]}/{digest}", kept)
    later(monkeypatch, minutes=2)
    ingestion.enqueue(digest, "application/pdf")
    assert readings().count() == 1
    ingestion.read_document(digest, "application/pdf")
    assert not access.failures(people["coordinator"]).now


def test_a_damaged_page_of_what_was_read_is_noticed_and_the_document_is_read_again(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    digests = [line.digest for line in access.file(access.open_case(people["coordinator"], number))]
    for digest in digests:
        ingestion.read_document(digest, "application/pdf")
    bad = digests[-1]
    kept = derived_files.path_of(bad, ingestion.PAGES)
    whole = kept.read_bytes()
    for at in (encryption.HEADER - 1, encryption.HEADER + 40, len(whole) - 1):
        ProcrastinateJob.objects.all()._raw_delete("default")
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        os.utime(kept, ns=(at, at))
        file = story.client(people["coordinator"]).get(f"/cases/{number}/file/{bad}/1/")
        assert file.status_code == 503, at
        assert "is being read again" in file.content.decode()
        assert readings().get().args["digest"] == bad
        assert not ingestion.ingestion_state(bad).done
        assert story.client(people["coordinator"]).get(f"/cases/{number}/file/{digests[0]}/1/").status_code == 200
        ingestion.read_document(bad, "application/pdf")
        assert story.client(people["coordinator"]).get(f"/cases/{number}/file/{bad}/1/").status_code == 200
    outcome = derived_files.path_of(bad, ingestion.OUTCOME)
    derived_files.write(outcome, encryption.read(outcome).replace(b'"pages":1', b'"pages":9'))
    os.utime(outcome, ns=(1, 1))
    assert not ingestion.ingestion_state(bad).done, "what was understood of it has a checksum too"


class Enough(BaseException):
    """Ends a loop that would go on for ever."""


@pytest.mark.django_db(transaction=True)
def test_the_loop_says_whatever_a_round_raises_and_goes_on(monkeypatch, caplog):
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("threading.Event.wait", lambda _, pause: pauses.append(pause))
    pauses = []
    raised = iter([ValueError("of a person"), OperationalError("gone"), Damaged("a document is gone"), None, None])

    def once():
        if (error := next(raised, Enough())) is not None:
            raise error

    with pytest.raises(Enough):
        repeating.run_repeatedly("maintenance", once, 60)
    assert pauses == [60, 120, 240, 60, 60]
    assert "maintenance: a round failed (ValueError)" in caplog.text
    assert "the database cannot be reached (OperationalError)" in caplog.text
    assert "maintenance: a round failed (a document is gone)" in caplog.text
    row = FailureRow.objects.get()
    assert (row.task, row.subject, row.over_at is None) == ("round", "maintenance", False)
