"""The case file in a browser: its index, its pages, its corrections, each looked at whole and by keyboard."""

import os

import pytest
from benchmarks import casefile_generator
from playwright.sync_api import expect
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import story

from imr.case.state import Stage
from imr.law.terms import RecordKind, Role
from imr.web import access, actions
from imr.web.case_files import ingestion
from imr.web.platform import clock
from imr.web.store.documents import Upload

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
        ingestion.read_document(**job.args)


@pytest.fixture
def filed(people, settings, tmp_path):
    settings.PAGES = tmp_path / "pages"
    ingestion.casefile.cache_clear()
    ProcrastinateJob.objects.all()._raw_delete("default")
    number = story.to(Stage.ASSIGNED, people)
    actions.perform(
        "receive-records",
        people["adjuster"],
        number,
        {
            "records": (
                Upload(name="a.pdf", data=casefile_generator.draw([NOTE, SCAN, SCAN]), kind=RecordKind.PROGRESS_REPORT),
            ),
            "sender": Role.CLAIMS_ADMINISTRATOR,
            "received_on": clock.today(),
        },
    )
    read_all()
    return number


def digest_of(people, number):
    return next(line.digest for line in access.file(access.open_case(people["coordinator"], number)) if line.pages == 3)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_index_is_corrected_by_keyboard_and_without_script(visit, people, filed, script):
    visitor = visit("coordinator", looking=script, script=script)
    page = visitor.page
    page.goto(f"/cases/{filed}/file/")
    visitor.look()
    shot(page, "index")
    visitor.follow(page.get_by_role("link", name="Correct the document on page 2"), key="Enter")
    page.get_by_role("heading", name="Correct the index").wait_for()
    visitor.look()
    visitor.follow(page.get_by_role("button", name="Merge with the one after"), key="Enter")
    page.get_by_text("Corrected.").wait_for()
    page.get_by_label("Author").fill("Invented Reader, MD")
    visitor.follow(page.get_by_label("Author"), key="Enter")
    page.get_by_text("Corrected.").wait_for()
    visitor.look()
    shot(page, "correct")
    visitor.follow(page.get_by_role("button", name="Undo correction").first, key="Enter")
    page.get_by_text("undone", exact=True).wait_for()
    assert [one.stands for one in access.file_index(access.open_case(people["coordinator"], filed)).history] == [
        True,
        False,
        False,
    ]


def test_the_file_is_read_and_searched_with_the_keyboard_alone(visit, people, filed):
    visitor = visit("adjuster")
    page = visitor.page
    digest = digest_of(people, filed)
    page.goto(f"/cases/{filed}/file/")
    visitor.look("file-index")
    page.goto(f"/cases/{filed}/file/{digest}/2/")
    page.keyboard.press("/")
    page.keyboard.type("ibuprofen 800 mg")
    page.keyboard.press("Enter")
    page.get_by_text("1 place, 0 on this page").wait_for()
    page.keyboard.press("p")
    page.get_by_text("1 place, 1 on this page").wait_for()
    page.wait_for_function("document.querySelector('image').getBBox().width > 0")
    page.wait_for_load_state("networkidle")
    visitor.look("viewer")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{digest}/2/?q=*")
    page.goto(f"/cases/{filed}/file/chronology/")
    visitor.look("chronology")


def test_files_are_sent_as_they_are_chosen_and_go_on_where_the_connection_broke(visit, people, settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"
    number = story.to(Stage.ASSIGNED, people)
    visitor = visit("adjuster")
    page = visitor.page
    page.goto(f"/cases/{number}/receive-records/")
    large = casefile_generator.draw([NOTE]) + b"\n%" + os.urandom(6_000_000).replace(b"\n", b" ")
    broke = []

    def unplug(route):
        """Let the second piece of the large file break off once."""
        if route.request.method == "PATCH" and route.request.headers.get("upload-offset") != "0" and not broke:
            broke.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/**", unplug)
    first = page.locator("#id_files_1")
    first.set_input_files(
        [
            {"name": "large.pdf", "mimeType": "application/pdf", "buffer": large},
            {"name": "small.pdf", "mimeType": "application/pdf", "buffer": casefile_generator.draw([SCAN])},
        ]
    )
    page.get_by_text("received completely").nth(1).wait_for()
    assert broke, "the connection broke, and the upload went on by itself"
    visitor.stopped.clear()  # the browser tells of the broken connection
    visitor.look()
    shot(page, "uploads")
    page.get_by_role("checkbox", name="large.pdf").uncheck()
    page.reload()
    expect(page.get_by_role("checkbox", name="large.pdf"), "what arrived completely is there").to_be_checked()
    page.get_by_label("Kind of document").first.select_option("PROGRESS_REPORT")
    visitor.follow(page.get_by_role("button", name="Send records"))
    page.get_by_text("Done: Send records").wait_for()
    sizes = {line.size for line in access.file(access.open_case(people["adjuster"], number))}
    assert len(large) in sizes
    assert not [*(tmp_path / "uploads").iterdir()]


def test_a_file_that_broke_off_goes_on_after_a_reload_when_it_is_chosen_again(visit, people, settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"
    number = story.to(Stage.ASSIGNED, people)
    visitor = visit("adjuster", looking=False)
    page = visitor.page
    page.goto(f"/cases/{number}/receive-records/")
    path = tmp_path / "large.pdf"
    path.write_bytes(casefile_generator.draw([NOTE]) + b"\n%" + b"x" * 6_000_000)
    page.route("**/uploads/*/", lambda route: route.abort() if _is_later(route.request) else route.continue_())
    page.locator("#id_files_1").set_input_files(path)
    page.get_by_text("4.2 MB / 6.0 MB").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"/cases/{number}/")
    page.unroute("**/uploads/*/")
    page.goto(f"/cases/{number}/receive-records/")
    page.get_by_text("have not arrived completely").wait_for()
    offsets = []
    page.on(
        "request", lambda sent: offsets.append(sent.headers.get("upload-offset")) if sent.method == "PATCH" else None
    )
    page.locator("#id_files_1").set_input_files(path)
    page.get_by_text("received completely").wait_for()
    assert offsets == [str(4 * 1024 * 1024)], "only what was missing is sent"


def _is_later(request):
    return request.method == "PATCH" and request.headers.get("upload-offset") != "0"
