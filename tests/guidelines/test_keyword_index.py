"""Marks of words: a text in which a pattern finds something has the pattern's mark, whatever its letters."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr.guidelines import anatomy, doses, keyword_index, treatment_kinds
from imr.guidelines.body_part_list import PART_WORDS
from imr.guidelines.keyword_index import KeywordIndex, alternatives, mark, marks

NAMES = [
    *((anatomy.REGIONS, name) for row in PART_WORDS if row.regions for name in alternatives(row.pattern)),
    *((anatomy.REGIONS, name) for name in (r"c\d{1,2}-\d", r"t\d{1,2}", r"l\d{1,2}/s1", "s1")),
    *((treatment_kinds.KINDS, name) for _, words in treatment_kinds._KINDS for name in alternatives(words)),
]


@pytest.mark.parametrize(("needed", "name"), NAMES, ids=[name for _, name in NAMES])
def test_every_way_to_write_a_name_has_the_mark_of_its_kind(needed: int, name: str) -> None:
    without_lookahead = re.sub(r"\(\?!.*\)$", "", name)

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(st.from_regex(re.compile(without_lookahead, re.ASCII), fullmatch=True))
    def has_it(written: str) -> None:
        assert marks(f"He had {written}, twice.") & needed
        assert marks(written.upper()) & needed

    has_it()


def test_drugs_have_their_mark_also_beside_figures_and_odd_letters() -> None:
    for words in ("Norco 10mg", "norco10mg", "Viagra\u212a 5", "tylenol/codeine"):
        assert bool(doses.drugs(words)) is bool(marks(words) & doses.DRUGS)
    assert not marks("norcos") & doses.DRUGS


def test_letters_that_a_pattern_without_regard_to_case_takes_for_plain_ones_count_as_them() -> None:
    stress = mark(r"^stress$")
    for words in ("stress", "STRESS", "\u017ftress", "stre\u017f\u017f"):
        assert re.search("stress", words, re.IGNORECASE)
        assert marks(words) & stress
    assert marks("\u212anee") & anatomy.REGIONS


def test_a_mark_is_the_same_for_the_same_words_and_another_with_regard_to_case() -> None:
    assert mark("^invented$") == mark("^invented$") != mark("^invented$", cased=True)
    assert marks("Invented") & mark("^invented$")
    assert not marks("Invented") & mark("^invented$", cased=True)


def test_a_name_of_the_first_kind_that_fits_is_found() -> None:
    words = KeywordIndex([("long", r"low(?:er)? back"), ("short", "back")])
    assert [found for found, _, _ in words.find("Lower back, and back.")] == ["long", "short"]
    assert marks("backs and lower") & words.mark


def test_a_vocabulary_that_grows_too_large_is_begun_again(monkeypatch):
    monkeypatch.setattr(keyword_index, "_MOST_WORDS", 2)
    words = keyword_index._Vocabulary()
    for word in ("knee", "hip", "ankle"):
        words[word]
    assert set(words) == {"ankle"}
