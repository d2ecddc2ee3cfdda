"""The fast reader and the plain one agree, on every published letter and on letters that were treated like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.determinations import determinations, extracted
from tests.factories.plain_reader import read_plainly
from tests.factories.published_letters import EXTRACTORS, texts

from imr.determination import read
from imr.determination.template import OF_2014
from imr.determination.writer import write


def bare(text: str) -> str:
    """Without white space and hyphens: whether a word broken behind its hyphen is one is not what is judged here."""
    return "".join(text.split()).replace("-", "")


def assert_they_agree(text: str) -> None:
    fast, plain = read(text).determination, read_plainly(text)
    assert fast.case_number == plain.case_number
    assert (fast.review_type and fast.review_type.value) == plain.review_type
    days = (fast.injured_on, fast.ur_decided_on, fast.received_on, fast.assigned_on, fast.decided_on)
    assert tuple(day for day in days if day is not None) == plain.days
    assert (fast.organization, fast.licensure, fast.specialty) == (plain.organization, plain.licensure, plain.specialty)
    assert bare(fast.summary) == bare(plain.summary)
    assert len(fast.issues) == len(plain.issues)
    for one, other in zip(fast.issues, plain.issues, strict=True):
        assert one.decision.value == other.decision
        for field in ("heading", "administrator_basis", "reviewer_basis", "rationale"):
            assert bare(getattr(one, field)) == bare(getattr(other, field))


@pytest.mark.letters
@pytest.mark.parametrize("source", ["pdf", *EXTRACTORS])
def test_on_every_published_letter(letters_folder, source):
    for text in texts(letters_folder, source).values():
        assert_they_agree(text)


@given(determinations(published=True), st.data())
def test_on_invented_letters_as_extractors_give_them(determination, data):
    assert_they_agree(data.draw(extracted(write(determination, OF_2014))))
