"""Regions, sides and levels of the body, as the field writes them."""

import pytest

from imr.guidelines.anatomy import Side, body_parts, mentions, settled_level, sides, spine_levels
from imr.guidelines.body_part_list import ARM, BodyPart


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("neck and left upper extremity", {BodyPart.NECK} | ARM),
        ("C-spine x-ray", {BodyPart.NECK}),
        ("low back pain", {BodyPart.LOW_BACK}),
        ("upper back", {BodyPart.UPPER_BACK}),
        ("Right L5-S1 epidural steroid injection", {BodyPart.LOW_BACK}),
        ("MRI of the right wrist and hand", {BodyPart.HAND}),
        ("rotator cuff repair", {BodyPart.SHOULDER}),
        ("Norco 7.5-325mg #112", set()),
        ("vitamin C3PO, C99 and L9", set()),
    ],
)
def test_words_name_regions(text: str, parts: set[BodyPart]) -> None:
    assert body_parts(text) == parts


def test_a_side_belongs_to_the_region_that_follows_it() -> None:
    found = mentions("Pain in the left shoulder; right knee MRI. The bilateral wrists. No side for the hip")
    assert [(m.words, m.side) for m in found] == [
        ("shoulder", Side.LEFT), ("knee", Side.RIGHT), ("wrists", Side.BOTH), ("hip", None),
    ]  # fmt: skip
    assert sides("left and right") == {Side.BOTH}
    assert sides("LT. knee") == {Side.LEFT}


@pytest.mark.parametrize(
    ("words", "settled"),
    [
        ("L4-5", "L4-L5"),
        ("L5-S1", "L5-S1"),
        ("c5/6", "C5-C6"),
        ("L5-1", "L5-S1"),
        ("T12", "T12"),
        ("C9", ""),
        ("no", ""),
    ],
)
def test_a_level_has_one_form(words: str, settled: str) -> None:
    assert settled_level(words) == settled


def test_levels_stand_once_in_their_order() -> None:
    assert spine_levels("Facet joint injections L4-5, L5-S1, and again L4-L5") == ("L4-L5", "L5-S1")
