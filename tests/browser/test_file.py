"""The case file in a browser: its index, its pages, its corrections, each looked at whole and by keyboard."""

import os

import pytest
import story
from benchmarks import packets
from procrastinate.contrib.django.models import ProcrastinateJob

from imr.case.state import Stage
from imr.law.terms import RecordKind, Role
from imr.web import access, actions, clock, reading
from imr.web.documents import Upload

pytestmark = pytest.mark.browser

NOTE = ["Sierra Vista Medical Group", "PROGRESS NOTE", "Date of service: 03/04/2015", "",
        "The patient has completed six visits of physical therapy and takes ibuprofen 800 mg.",
        "There is no numbness of the left hand, and the neck is less stiff than before."]  # fmt: skip
SCAN = ["MRI OF THE CERVICAL SPINE", "Date of exam: 11/03/2014", "", "IMPRESSION:", "1. Disc protrusion at C5-6."]


def shot(page, name):
    """Keep what is seen, where a folder for it is given."""
    if os.environ.get("IMR_LOOK"):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{os.environ['IMR_LOOK']}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1100, "height": 900})


def read_all():
    for job in ProcrastinateJob.objects.filter(status="todo", task_name="read-document"):
        reading.read_document(**job.args)


@pytest.fixture
def filed(people, settings, tmp_path):
    settings.PAGES = tmp_path / "pages"
    reading._outcome.cache_clear()
    reading.casefile.cache_clear()
    ProcrastinateJob.objects.all()._raw_delete("default")
    number = story.to(Stage.ASSIGNED, people)
    actions.perform(
        "receive-records",
        people["adjuster"],
        number,
        records=(Upload(name="a.pdf", data=packets.draw([NOTE, SCAN, SCAN]), kind=RecordKind.PROGRESS_REPORT),),
        sender=Role.CLAIMS_ADMINISTRATOR,
        received_on=clock.today(),
    )
    read_all()
    return number


def digest_of(people, number):
    return next(line.digest for line in access.file(people["coordinator"], number) if line.pages == 3)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_index_is_corrected_by_keyboard_and_without_script(visit, people, filed, script):
    visitor = visit("coordinator", looking=script, script=script)
    page = visitor.page
    page.goto(f"/imro/{filed}/file/")
    visitor.look()
    shot(page, "index")
    page.get_by_role("link", name="Correct the document on page 2").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Correct the index").wait_for()
    visitor.look()
    page.get_by_role("button", name="Merge with the one after").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Corrected.").wait_for()
    page.get_by_label("Author").fill("Invented Reader, MD")
    page.keyboard.press("Enter")
    page.get_by_text("Corrected.").wait_for()
    visitor.look()
    shot(page, "correct")
    page.get_by_role("button", name="Take correction").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("taken back", exact=True).wait_for()
    assert [one.stands for one in access.corrections(people["coordinator"], filed).history] == [True, False, False]
