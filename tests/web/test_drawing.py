"""The pictures of pages: who waits is served first, a document has a child of its own, and nothing stays behind."""

import threading
import time
from contextlib import nullcontext

import pytest

from imr.errors import Damaged, Unreadable
from imr.web.case_files import page_images

#: Seconds to wait for a thread, on a machine that does much else.
PATIENCE = 120
DOCUMENTS = [f"{n:064x}" for n in range(4)]


class Pencil:
    """A child that draws when the test lets it, and falls over on pages that it is told of."""

    made: list["Pencil"]
    begun: list[int]

    def __init__(self, module):
        assert module == "images"
        self.closed, self.path = False, None
        type(self).made.append(self)

    def open(self, task, path, **bounds):
        assert (task, self.path, set(bounds)) == ("render_pages", None, {"limits", "width"})
        self.path = path
        return {"pages": 40}, b""

    def ask(self, *, page):
        type(self).begun.append(page)
        type(self).drawing.set()
        assert type(self).go.wait(PATIENCE)
        if page in type(self).fatal:
            raise Unreadable("this page is broken")
        if page in type(self).fatal_once:
            type(self).fatal_once.remove(page)
            raise Unreadable("this file breaks the limits")
        return {"page": page}, b"picture %d" % page

    def close(self):
        self.closed = True


@pytest.fixture
def pencil(monkeypatch, settings, tmp_path):
    settings.PAGES = tmp_path
    Pencil.made, Pencil.begun, Pencil.fatal, Pencil.fatal_once = [], [], set(), set()
    Pencil.drawing, Pencil.go = threading.Event(), threading.Event()
    Pencil.go.set()
    monkeypatch.setattr(page_images, "SandboxedProcess", Pencil)
    monkeypatch.setattr(page_images, "document_as_file", lambda digest: nullcontext(tmp_path / digest))
    yield Pencil
    Pencil.go.set()
    page_images.close_workers()
    assert all(one.closed for one in Pencil.made)


def asked_for(digest, page):
    """A reader in a thread of their own, who waits for a page; and what they got."""
    got = []
    reader = threading.Thread(target=lambda: got.append(page_images.page_image(digest, page)))
    reader.start()
    return reader, got


def wait_for(found):
    until = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_who_waits_for_a_page_waits_behind_one_neighbour_at_most(pencil):
    pencil.go.clear()
    page_images.prefetch(DOCUMENTS[0], 5, 40)
    assert pencil.drawing.wait(PATIENCE)  # page 5 is being drawn, and its neighbours come next
    reader, got = asked_for(DOCUMENTS[0], 30)
    wait_for(lambda: page_images._workers[DOCUMENTS[0]].waited_for)
    pencil.go.set()
    reader.join(PATIENCE)
    assert got == [b"picture 30"]
    assert pencil.begun[:2] == [5, 30]


def test_the_neighbours_of_the_page_looked_at_last_are_drawn_first_and_the_nearest_before_the_others(pencil):
    pencil.go.clear()
    page_images.prefetch(DOCUMENTS[0], 5, 40)
    assert pencil.drawing.wait(PATIENCE)
    page_images.prefetch(DOCUMENTS[0], 21, 22)
    pencil.go.set()
    wait_for(lambda: len(pencil.begun) >= 5)
    assert pencil.begun[:5] == [5, 21, 22, 20, 19]


def test_a_document_has_a_child_of_its_own_and_the_next_one_finds_a_child_ready(pencil):
    assert page_images.page_image(DOCUMENTS[0], 1) == b"picture 1"
    assert page_images.page_image(DOCUMENTS[1], 1) == b"picture 1"
    assert page_images.page_image(DOCUMENTS[0], 2) == b"picture 2"
    opened = [one.path.name for one in pencil.made if one.path]
    assert opened == DOCUMENTS[:2]
    assert len(pencil.made) <= 3  # one is ready for the next document


def test_a_drawn_page_is_kept_and_not_drawn_again(pencil):
    page_images.page_image(DOCUMENTS[0], 7)
    page_images.close_workers()
    assert page_images.page_image(DOCUMENTS[0], 7) == b"picture 7"
    assert pencil.begun == [7]


def test_what_the_pages_before_used_up_costs_a_page_nothing_but_a_page_that_is_broken_is_said_to_be(pencil):
    pencil.fatal_once, pencil.fatal = {2}, {3}
    assert page_images.page_image(DOCUMENTS[0], 1) == b"picture 1"
    assert page_images.page_image(DOCUMENTS[0], 2) == b"picture 2"
    with pytest.raises(Unreadable, match="broken"):
        page_images.page_image(DOCUMENTS[0], 3)
    assert page_images.page_image(DOCUMENTS[0], 4) == b"picture 4"
    with pytest.raises(Unreadable, match="no such page"):
        page_images.page_image(DOCUMENTS[0], 41)


def test_a_document_that_is_gone_is_told_to_everybody_who_waits(pencil, monkeypatch):
    def gone(digest):
        raise Damaged("document 000 is not in the storage")

    monkeypatch.setattr(page_images, "document_as_file", gone)
    with pytest.raises(Damaged, match="storage"):
        page_images.page_image(DOCUMENTS[0], 1)
    assert DOCUMENTS[0] not in page_images._workers


def test_desks_are_cleared_when_idle_and_the_oldest_where_there_are_many(pencil, monkeypatch):
    monkeypatch.setattr(page_images, "DESKS", 2)
    first = page_images._workers
    for digest in DOCUMENTS[:3]:
        page_images.page_image(digest, 1)
    assert list(first) == DOCUMENTS[1:3]
    monkeypatch.setattr(page_images, "IDLE", 0.01)
    page_images.page_image(DOCUMENTS[3], 1)
    desk = page_images._workers.get(DOCUMENTS[3])
    if desk:
        desk.thread.join(PATIENCE)
    assert DOCUMENTS[3] not in page_images._workers
