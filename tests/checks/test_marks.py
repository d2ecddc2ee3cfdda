"""A pattern of the checks is tried only where its mark stands: whatever the pattern matches has the mark."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr.checks import absence, consistency, draft, history, language, privacy, record, request, text
from imr.guidelines import citation_mentions
from imr.guidelines.keyword_index import marks
from imr.records import dates

PAIRS = [
    ("claims of absence", absence._HINT, absence.HINTS),
    ("counts", text._COUNTED, text.COUNTED),
    ("numbers of counts", text._COUNT, text.NUMBERED),
    ("courses", text._COURSE, text.COURSES),
    ("numbers of courses", text._COURSE, text.NUMBERED),
    ("dates in figures", dates._FIGURES, text.DATED),
    ("dates with months", dates._NAMED, text.DATED),
    ("years", history._DATED, history._YEAR),
    ("what a guideline says", request._CAUTION, request._CAUTIONS),
    ("the injury", request._INJURY, request._INJURED),
    ("the UR decision", request._DENIAL, request._DENIED),
    ("age", consistency._AGE, consistency._OLD),
    ("sex beside age", consistency._SEX, consistency._OLD),
    ("him", consistency._HE, consistency._HIS),
    ("her", consistency._SHE, consistency._HERS),
    ("unquantified", re.compile(r"\bunquantified\b"), consistency._UNKNOWN),
    ("lists of treatment", history._LISTED, history._OF_CARE),
    ("plans", history._OF_THE_PLAN, history._PLANNED),
    ("no records", record._NO_RECORDS, record._OF_RECORDS),
    ("a denial of records", record._NO_RECORDS, record._DENIES),
    ("abbreviations", language._SHORT, language._SHORTS),
    ("citations", citation_mentions._ANCHOR, draft._CITES | draft._LABEL),
    ("age in public", privacy._AGE, privacy._OLD),
    ("sex in public", privacy._SEX, privacy._OF_A_SEX),
    ("titles", re.compile(r"\b(?:Dr|Mr|Ms|Mrs)\.|xxx|XXX"), privacy._TITLES_OR_CROSSES),
    ("names", privacy._NAME, privacy._TITLED | privacy._OF_KIN),
    ("bodies", privacy._ORGANIZATION, privacy._OF_A_BODY),
    *((what, pattern, needed) for what, needed, _, pattern in privacy._NUMBERS if needed),
]


@pytest.mark.parametrize(("pattern", "needed"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
def test_what_a_pattern_matches_has_its_mark(pattern: re.Pattern[str], needed: int) -> None:
    numbered = any(pattern is one[3] for one in privacy._NUMBERS)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(st.from_regex(pattern, alphabet=st.characters(codec="latin-1")))
    def has_it(words: str) -> None:
        for match in pattern.finditer(words):
            # A number needs all of its marks, other patterns one of theirs.
            assert marks(words) & needed == needed if numbered else marks(words) & needed, match.group()

    has_it()


@pytest.mark.parametrize("letter", ["\u017f", "\u212a", "\u0130", "\u0131"])
def test_odd_letters_hide_no_finding_of_a_pattern_without_regard_to_case(letter: str) -> None:
    plain = {"\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i"}[letter]
    for words in ("a man is six", "sustained an injury", "the guidelines say", "risk"):
        written = words.replace(plain, letter)
        for _, pattern, needed in PAIRS:
            if pattern.search(written):
                assert marks(written) & needed


def test_a_long_number_close_behind_its_word_is_looked_at() -> None:
    for words in (
        "claim no. 12345-6",
        "medical record numbers : # ab-123456",
        "patient id\u00a01234567",
        "case 2015-0001",
    ):
        assert privacy._NUMBERS[4][3].search(words)
        assert privacy._numbers_close(text.Sentence(words))
    far = "on 12-10-2015 the claim was denied, and so were all that came behind it until 3-3-2016"
    assert not privacy._numbers_close(text.Sentence(far))
