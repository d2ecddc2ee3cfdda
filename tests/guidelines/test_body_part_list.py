"""One list of body parts: every region has words, and no second list anywhere in the product."""

import re
from pathlib import Path

import pytest

from imr.guidelines.anatomy import body_parts
from imr.guidelines.body_part_list import PART_WORDS, BodyPart
from imr.guidelines.keyword_index import alternatives
from imr.records.facts import _BODY

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "imr"
NAMES = {"shoulder", "elbow", "wrist", "knee", "hip", "ankle", "neck", "hand", "foot", "cervical", "lumbar"}
#: Body parts by name where the names are no list of parts: titles of chapters, treatments, invented cases.
NO_LISTS = {
    "guidelines/chapter_titles.py",
    "guidelines/chapter_topics.py",
    "guidelines/register.py",
    "guidelines/treatments.py",
    "examples/clinic.py",
    "panel/simulation/people.py",
}


def test_every_region_has_words():
    assert {part for row in PART_WORDS for part in row.regions} == set(BodyPart)


def test_a_part_named_alone_names_its_region():
    for row in PART_WORDS:
        for words in alternatives(row.alone) if row.alone else ():
            assert body_parts(words.replace("(?:er)?", "er")) == row.regions, words


@pytest.mark.parametrize("words", ["left ear", "right and left hands", "lower back", "lumbar spine", "bilateral feet"])
def test_a_record_names_a_part_with_its_side_or_alone(words):
    assert _BODY.fullmatch(words)


@pytest.mark.parametrize("words", ["hand", "left spine", "lumbar", "spine"])
def test_half_a_name_is_no_part_of_a_record(words):
    assert not _BODY.fullmatch(words)


def test_no_other_module_lists_body_parts():
    listing = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if len(NAMES.intersection(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))) > 5
    }
    assert listing == {"guidelines/body_part_list.py", *NO_LISTS}
