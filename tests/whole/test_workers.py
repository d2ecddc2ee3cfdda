"""Real workers, killed in the middle of their work: no file is lost, no event is there twice, and others take it up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from benchmarks import casefile_generator
from django.conf import settings as site
from django.core.cache import cache
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import story

from imr.case.chain import verify
from imr.law.records import Duty
from imr.law.terms import RecordKind, Role
from imr.records import index
from imr.web import access, actions
from imr.web.case_files import derived_files, ingestion
from imr.web.models import DocumentRow, EventRow
from imr.web.platform import clock
from imr.web.store import cases, job_queue
from imr.web.store.documents import Upload, load

pytestmark = pytest.mark.django_db(transaction=True)

#: How long after a worker has taken a job it is killed, in seconds: at its start, in its middle, towards its end.
MOMENTS = (0.0, 0.4, 1.2)


@pytest.fixture
def case(settings, tmp_path):
    settings.PAGES = tmp_path / "pages"
    ingestion.casefile.cache_clear()
    ProcrastinateJob.objects.all()._raw_delete("default")
    people = story.cast()
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    files = tuple(
        Upload(
            name=f"{n}.pdf",
            kind=RecordKind.PROGRESS_REPORT,
            data=casefile_generator.draw(
                [["PROGRESS NOTE", f"Date of service: 03/0{n}/2015", f"Page {page} of file {n}.", *["Words."] * 40]
                 for page in range(1, 121)]
            ),
        )
        for n in (1, 2, 3)
    )  # fmt: skip
    facts = {"records": files, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()}
    actions.perform("receive-records", people["adjuster"], number, facts)
    actions.perform("complete-records", people["coordinator"], number, {"missing": (Duty.NEW_ISSUES,)})
    yield people, number
    # What the killed left outside of the tables that are emptied between tests: how far they were, and their jobs.
    cache.clear()
    ProcrastinateJob.objects.all()._raw_delete("default")


def worker():
    """A worker process of its own, on the test's database, documents and pages."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "site_settings",
        "PYTHONPATH": str(Path(__file__).parents[1] / "web"),
        "IMR_TEST_DATABASE": connection.settings_dict["NAME"],
        "IMR_TEST_DOCUMENTS": str(site.STORAGES["default"]["OPTIONS"]["location"]),
        "IMR_PAGES": str(site.PAGES),
    }
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--queues", "records", "--concurrency", "1"]
    return subprocess.Popen(command, env=env, start_new_session=True, stderr=subprocess.DEVNULL)


def kill(one):
    os.killpg(one.pid, signal.SIGKILL)
    one.wait(20)


def wait_for(found, seconds=600.0):
    begun = time.monotonic()
    while not (value := found()):
        assert time.monotonic() - begun < seconds, "the workers did nothing"
        time.sleep(0.02)
    return value


def doing():
    return list(ProcrastinateJob.objects.filter(status="doing").values_list("id", flat=True))


@pytest.mark.long
def test_workers_killed_at_any_moment_lose_no_file_and_repeat_no_event(case):
    people, number = case
    digests = [line.digest for line in access.file(access.open_case(people["coordinator"], number))]
    killed = []
    for moment in MOMENTS:
        workers = [worker(), worker()]
        try:
            wait_for(doing)
            time.sleep(moment)
            killed += doing()
        finally:
            for one in workers:
                kill(one)
        assert verify(cases.chain(number)) is None
        job_queue.requeue(silent=0.0)
        assert doing() == [], "what the dead were doing waits for the living"
    assert killed, "somebody was killed at work"
    workers = [worker(), worker()]
    try:
        wait_for(lambda: all(derived_files.path_of(digest, ingestion.OUTCOME).exists() for digest in digests))
        wait_for(lambda: not doing())
        actions.run_maintenance()
        wait_for(lambda: EventRow.objects.filter(case=number, kind="case-file-bound").exists())
        wait_for(lambda: not ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists())
    finally:
        for one in workers:
            kill(one)
    assert EventRow.objects.filter(case=number, kind="case-file-bound").count() == 1
    verify(cases.chain(number))
    assert not ProcrastinateJob.objects.filter(status="failed").exists()
    for row in DocumentRow.objects.filter(case=number, digest__in=digests):
        assert load(row.digest), "every document is there as it came"
        assert ingestion.ingestion_state(row.digest).pages == row.pages
    built = ingestion.casefile(tuple(digests))
    assert [page.number for page in built.pages] == list(range(1, len(built.pages) + 1))
    undisturbed = []
    for digest in digests:
        with ingestion.document_as_file(digest) as path:
            undisturbed.append(index.read(path, name=digest).pages)
    assert index.casefile(undisturbed).documents == built.documents


def test_the_work_of_the_living_is_left_to_them(case):
    one = worker()
    try:
        (job, *_) = wait_for(doing)
        assert job_queue.requeue() == 0
        wait_for(lambda: ProcrastinateJob.objects.get(id=job).status == "succeeded")
    finally:
        kill(one)


@pytest.mark.long
def test_a_job_that_waits_already_is_not_put_twice(case):
    one = worker()
    try:
        wait_for(doing)
    finally:
        kill(one)
    for job in doing():  # none where it was done with this one and had not taken the next
        taken = ProcrastinateJob.objects.get(id=job)
        ingestion.enqueue(taken.args["digest"], "application/pdf")
        assert job_queue.requeue(silent=0.0) == 1
        waiting = ProcrastinateJob.objects.filter(queueing_lock=taken.queueing_lock, status="todo")
        assert waiting.count() == 1
    assert doing() == []
