"""The hits of a search as the viewer keeps them: the same, in the same order, as a search of the whole file finds."""

import pytest

from imr.errors import ImrError
from imr.records import index, text_search
from imr.web.portals.case_file.case_file_view import Hits

TEXTS = ["pain and pain", "nothing", "pain", "", "a pain, some pain and more pain", "none", "pain"]


@pytest.fixture
def file():
    return index.from_texts(TEXTS)


def test_they_are_what_a_search_finds_whole_and_in_every_part(file):
    hits, found = Hits(file.pages, "pain"), text_search.search(file, "pain")
    assert len(hits) == len(found) == 7
    assert tuple(hits) == found
    for first in range(8):
        for last in range(9):
            assert tuple(hits[first:last]) == found[first:last]
    assert hits[3] == found[3]


def test_they_know_the_pages_before_and_after(file):
    hits = Hits(file.pages, "pain")
    assert hits.pages == [1, 3, 5, 7]
    assert [hits.before(page) for page in (1, 2, 5, 7)] == [None, 1, 3, 5]
    assert [hits.after(page) for page in (1, 2, 5, 7)] == [3, 3, 7, None]
    assert len(hits.on(5)) == 3
    assert hits.on(2) == ()
    assert not Hits(file.pages, "absent")
    with pytest.raises(ImrError, match="nothing to search for"):
        Hits(file.pages, "...")
