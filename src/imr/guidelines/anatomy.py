"""The body as letters, records and chapters of the guidelines name it: regions, sides, spine levels.

The regions and their words are those of `body_part_list`, so that a region either has a chapter or has none. A word that
spans several regions ("upper extremity", "back") means all of them.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from imr.guidelines.body_part_list import PART_WORDS, BodyPart
from imr.guidelines.keyword_index import KeywordIndex


class Side(Enum):
    """Which side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both sides"


_REGIONS: KeywordIndex[frozenset[BodyPart] | None] = KeywordIndex(
    [
        (
            None,
            "|".join(
                rf"{first}(?:\s?[-/]\s?(?:[ctls]?\d{{1,2}}))*"
                for first in (r"c\d{1,2}", r"t\d{1,2}", r"l\d{1,2}", "s1")
            ),
        ),
        *((row.regions, row.pattern) for row in PART_WORDS if row.regions),
    ]
)
_SIDES = KeywordIndex(
    [
        (Side.BOTH, r"bilateral(?:ly)?|both|right and left|left and right|left/right|right/left|b/l"),
        (Side.LEFT, r"left|lt\.?|left-sided"),
        (Side.RIGHT, r"right|rt\.?|right-sided"),
    ]
)
#: The mark of the words with which the name of a region can begin.
REGIONS = _REGIONS.mark
_LEVEL = re.compile(r"([CTLS])(\d{1,2})(?:\s?[-/]\s?([CTLS]?)(\d{1,2}))?", re.IGNORECASE)
_SPINES = {"C": BodyPart.NECK, "T": BodyPart.UPPER_BACK, "L": BodyPart.LOW_BACK, "S": BodyPart.LOW_BACK}
_LOWEST = {"C": 8, "T": 12, "L": 6, "S": 5}


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A place in a text that names a region of the body: the regions, the side said with it, and the spine level."""

    words: str
    start: int
    end: int
    parts: frozenset[BodyPart]
    side: Side | None = None
    level: str = ""


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[BodyMention, ...]:
    """Give every region of the body that the text names, in its order, with the side named just before it."""
    found = []
    sides = [(start, end, side) for side, start, end in _SIDES.find(text)]
    for parts, start, end in _REGIONS.find(text):
        words = text[start:end]
        if parts is not None:
            found.append(BodyMention(words, start, end, parts, _side_before(text, start, sides)))
        elif level := settled_level(words):
            found.append(BodyMention(words, start, end, frozenset({_SPINES[level[0]]}), None, level))
    return tuple(found)


def body_parts(text: str) -> frozenset[BodyPart]:
    """Give all regions that the text names."""
    return frozenset().union(*(mention.parts for mention in mentions(text)))


def sides(text: str) -> frozenset[Side]:
    """Give all sides that the text names."""
    return frozenset(side for side, _, _ in _SIDES.find(text))


def spine_levels(text: str) -> tuple[str, ...]:
    """Give the spine levels that the text names, in a settled form such as L4-L5, each once, in their order."""
    return tuple(dict.fromkeys(mention.level for mention in mentions(text) if mention.level))


def settled_level(words: str) -> str:
    """Give a spine level in one form (L4-5 and L4/5 become L4-L5), or nothing where no such vertebra exists."""
    match = _LEVEL.match(words)
    if match is None:
        return ""
    upper, number, lower, second = match.groups()
    upper = upper.upper()
    if not 1 <= int(number) <= _LOWEST[upper]:
        return ""
    if second is None:
        return f"{upper}{number}"
    lower = lower.upper() or (
        "S" if upper == "L" and int(second) == 1 else "T" if upper == "C" and int(second) == 1 else upper
    )
    return f"{upper}{number}-{lower}{second}"


def _side_before(text: str, start: int, found: list[tuple[int, int, Side]]) -> Side | None:
    """Give the side named before a region, with at most three words and no full stop between."""
    for begin, end, side in reversed(found):
        if begin < start:
            between = text[end:start]
            return (
                side if len(between) < 40 and len(between.split()) <= 3 and not re.search(r"[.;:]", between) else None
            )
    return None
