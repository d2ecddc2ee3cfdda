"""A phrase is found wherever a person would say that it stands, and its boxes hold it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.errors import ImrError
from imr.records import index, search
from imr.records.model import TextSource

PAGE = """CHIEF COMPLAINT: Neck pain with numb-
ness of the left arm.
He completed six visits of physical
therapy, with no im-
provement. He noted no side effects."""


def test_a_phrase_is_found_across_lines_and_hyphens():
    file = index.from_texts(["nothing here", PAGE])
    (hit,) = search(file, "physical therapy")
    assert hit.page == 2
    assert len(hit.boxes) == 2
    (hit,) = search(file, "No improvement")
    assert hit.words == "no im-\nprovement"


def test_only_whole_words_count():
    file = index.from_texts([PAGE])
    assert search(file, "not") == ()
    assert len(search(file, "no")) == 2


def test_ocr_confusions_are_forgiven_on_pages_that_ocr_read_and_nowhere_else():
    typed = index.from_texts(["lbuprofen 8OO mg for pain in the arrn"])
    read = dataclasses.replace(typed, pages=[dataclasses.replace(typed.pages[0], source=TextSource.OCR)])
    assert search(typed, "ibuprofen 800 mg") == ()
    assert len(search(read, "ibuprofen 800 mg")) == 1
    assert len(search(read, "arm")) == 1


def test_nothing_to_search_for_says_so():
    with pytest.raises(ImrError, match="give a word"):
        search(index.from_texts([PAGE]), " -- ")


@given(
    st.lists(
        st.text(st.characters(codec="ascii", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e"), max_size=300), max_size=4
    )
)
def test_every_word_of_a_page_is_found_where_it_stands(texts):
    file = index.from_texts(texts)
    for page in file.pages:
        assert [word.text for word in page.words] == page.text.split()
        for word in page.words[:3]:
            if word.text.isalnum():
                assert any(hit.page == page.number and word.box in hit.boxes for hit in search(file, word.text))
