"""Who is who: every pair of `pairs.tsv`, in both orders, and what holds of any two texts."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imr.identity import NameMatch, compare, folded, folding, index_keys, lookup_keys

RIGHT = {"same": NameMatch.SAME, "may": NameMatch.MAY_BE_THE_SAME, "different": NameMatch.DIFFERENT}
PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
#: Words of which names are made that come close to each other.
WORDS = st.sampled_from(
    "Minh Đặng Dang Jean-Luc de la Cruz Delacruz O'Brien O Brien Jr. Sr. III M.D. MD J. R. JR Bob Robert Van Le Do Müller Mueller "
    "Group Grp St. Saint Valley Spine Inc. LLC 7 12 王小明 Иван & of Smith , , ( ) d/b/a".split()
)
NAMES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join) | st.text(max_size=30)


@pytest.mark.parametrize(("kind", "one", "other", "right"), PAIRS, ids=lambda value: value[:30])
def test_each_pair_has_its_answer_and_a_reason(kind: str, one: str, other: str, right: str) -> None:
    for found in (compare(one, other), compare(other, one)):
        assert found.answer is RIGHT[right], found.because
        assert found.because


@given(NAMES, NAMES)
def test_an_answer_is_mutual_and_whatever_may_be_one_is_found_by_its_keys(one: str, other: str) -> None:
    found = compare(one, other)
    assert found == compare(other, one)
    if found:
        assert index_keys(one) & lookup_keys(other)
        assert index_keys(other) & lookup_keys(one)


@given(NAMES)
@example("d/b/a")
@example("Jean Aka")
@example("fka")
def test_a_name_is_the_same_as_itself_in_any_case(text: str) -> None:
    if any(c.isalnum() for c in folded(text)):
        assert compare(text, text).answer is NameMatch.SAME


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "\x00", "é" * 3000, "a b " * 400, ", , ,", "Jr.", "M.D.", "de la", "(", '"']
)
def test_no_text_is_too_strange_or_too_long_to_be_compared(text: str) -> None:
    assert compare(text, "Jane Doe").answer is NameMatch.DIFFERENT


def test_a_name_in_characters_is_compared_with_an_initial_and_with_nothing() -> None:
    assert compare("王小明", "X. Wang").answer is NameMatch.MAY_BE_THE_SAME
    assert compare("王小明", "Q. Wang").answer is NameMatch.DIFFERENT
    assert compare("王小明", "Dr.").answer is NameMatch.DIFFERENT


def test_characters_without_a_known_last_name_are_compared_by_their_sound() -> None:
    for one in ("龘明", "龘"):
        assert compare(one, one).answer is NameMatch.SAME
        assert compare(one, "Jane Smith").answer is NameMatch.DIFFERENT


@pytest.mark.parametrize("mark", ["\u0301", "\u0f73", "\uff9e"])
def test_a_tower_of_marks_is_folded_at_once(mark):
    """Its marks would be sorted in quadratic time: half a million take a quarter of an hour."""
    tower = "Jos\u00e9 " + "a" + f"\u0316{mark}" * 250_000 + " Mu\u00f1oz"
    assert folding.folded(tower).startswith("jose a")
    assert folding.as_two(tower).endswith(" munoz")
    short = "Jos\u00e9 " + "a" + "\u0301" * 40 + " Mu\u00f1oz"
    assert folding.plain(short) == "jose a munoz"
