"""A case with records on file, read in this process as a worker reads them."""

import pytest
from benchmarks import casefile_generator
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import story

from imr.case.state import Stage
from imr.law.terms import RecordKind, Role
from imr.web import accounts, actions
from imr.web.actions import bundling
from imr.web.case_files import ingestion
from imr.web.platform import clock
from imr.web.store.documents import Upload

NOTE = ["Sierra Vista Medical Group", "PROGRESS NOTE", "Date of service: 03/04/2015", "",
        "The patient has completed six visits of physical therapy and takes ibuprofen 800 mg.",
        "There is no numbness of the left hand, and the neck is less stiff than before."]  # fmt: skip


SCAN = ["MRI OF THE CERVICAL SPINE", "Date of exam: 11/03/2014", "", "IMPRESSION:", "1. Disc protrusion at C5-6."]


@pytest.fixture
def fresh_pages(db, settings, tmp_path):
    """No page is read yet, and no job waits."""
    settings.PAGES = tmp_path / "pages"
    ingestion.casefile.cache_clear()
    forget_jobs()


def forget_jobs():
    ProcrastinateJob.objects.all()._raw_delete("default")


def jobs():
    return list(ProcrastinateJob.objects.filter(status="todo", task_name="read-document").order_by("id"))


def read_all():
    """What a worker does with the jobs that wait."""
    for job in jobs():
        ingestion.read_document(**job.args)


def send(people, number, *records):
    actions.perform(
        "receive-records",
        people["adjuster"],
        number,
        {"records": records, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()},
    )


@pytest.fixture
def filed(fresh_pages, people):
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    story.assign(people, number)
    send(
        people,
        number,
        Upload(name="a.pdf", data=casefile_generator.draw([NOTE, SCAN]), kind=RecordKind.PROGRESS_REPORT),
        Upload(name="b.txt", data=b"PHARMACY DISPENSING RECORD\nIbuprofen 800 mg qty 90\n", kind=RecordKind.PHARMACY),
    )
    return number


def signed_in(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def bundle_jobs():
    return list(ProcrastinateJob.objects.filter(status="todo", task_name="bind-case-file"))


def bind_all():
    for job in bundle_jobs():
        bundling.bind_case_file(**job.args)


@pytest.fixture
def reviewed(people, filed):
    """The case with its reviewer, every document read."""
    for stage, step in story.PATH:
        if stage in (Stage.RECORDS_COMPLETE, Stage.REVIEWER_ASSIGNED, Stage.UNDER_REVIEW):
            step(people, filed)
    accounts.give_second_factor(people["reviewer"])
    return filed
