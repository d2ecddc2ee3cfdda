"""The body as the letters, the records and the chapters of the guidelines name it: regions, sides, spine levels.

The regions are those by which the guidelines are divided into chapters, so that a region either has a chapter or has
none. A word that spans several regions ("upper extremity", "back") stands for all of them.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from imr.guidelines.keyword_index import KeywordIndex


class BodyPart(Enum):
    """A region of the body that a chapter of a guideline is about."""

    HEAD = "head"
    EYE = "eye"
    NECK = "neck"
    UPPER_BACK = "upper back"
    LOW_BACK = "low back"
    CHEST = "chest"
    ABDOMEN = "abdomen and groin"
    SHOULDER = "shoulder"
    ELBOW = "elbow"
    HAND = "forearm, wrist and hand"
    HIP = "hip and pelvis"
    KNEE = "knee"
    ANKLE = "ankle and foot"
    LUNGS = "lungs"
    MIND = "mind"


class Side(Enum):
    """Which side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both sides"


ARM = frozenset({BodyPart.SHOULDER, BodyPart.ELBOW, BodyPart.HAND})
LEG = frozenset({BodyPart.HIP, BodyPart.KNEE, BodyPart.ANKLE})
SPINE = frozenset({BodyPart.NECK, BodyPart.UPPER_BACK, BodyPart.LOW_BACK})

#: Words of the field for each region, as regular expressions; longer words stand before shorter ones in the search.
_WORDS: tuple[tuple[frozenset[BodyPart], str], ...] = (
    (ARM, r"upper extremit(?:y|ies)|upper limbs?|arms?|lue|rue|bue"),
    (LEG, r"lower extremit(?:y|ies)|lower limbs?|legs?|lle|rle|ble"),
    (
        frozenset({BodyPart.NECK, BodyPart.UPPER_BACK}),
        r"neck and upper back|neck & upper back|cervicothoracic(?: spine)?|trapezi(?:us|i)",
    ),
    (
        frozenset({BodyPart.UPPER_BACK, BodyPart.LOW_BACK}),
        r"thoracolumbar(?: spine)?|back(?! to\b| at (?:\w+ ){0,2}(?:work|school|baseline)\b)",
    ),
    (SPINE, r"spine|spinal"),
    (
        frozenset({BodyPart.HEAD}),
        r"heads?|headaches?|cephalgia|migraines?|skull|brain|concussions?|post-?concuss\w+|cranial|jaws?|temporomandibular|tmj|tmd|face|facial|nasal(?! spray)|dental|teeth|tooth",
    ),
    (frozenset({BodyPart.EYE}), r"eyes?|ocular|vision|visual|eyelids?|corneal?"),
    (frozenset({BodyPart.NECK}), r"neck|cervical(?: spine)?|c-spine|c/s|cervicalgia|paracervical|atlanto\w+"),
    (
        frozenset({BodyPart.UPPER_BACK}),
        r"upper back|mid(?:dle)?[ -]?back|thoracic(?: spine)?|t-spine|t/s|interscapular|parascapular",
    ),
    (
        frozenset({BodyPart.LOW_BACK}),
        r"low(?:er)? backs?|lumbar(?: spine)?|l-spine|l/s|ls spine|lso|lesi|lumbosacral(?: spine)?|lumbago|lbp|sacral|sacrum|sacroiliac|si joints?|coccyx|coccygeal|tailbone|sciatica",
    ),
    (frozenset({BodyPart.CHEST}), r"chest|ribs?|sternum|sternal|costochondr\w+"),
    (frozenset({BodyPart.ABDOMEN}), r"abdom(?:en|inal)|hernias?|inguinal|groin"),
    (
        frozenset({BodyPart.SHOULDER}),
        r"shoulders?|rotator cuff|glenohumeral|acromioclavicular|ac joint|subacromial|supraspinatus|infraspinatus|subscapularis|deltoids?|acromi(?:on|oplasty)|clavic(?:le|ular)|humer(?:us|al)",
    ),
    (frozenset({BodyPart.ELBOW}), r"elbows?|epicondyl\w+|cubital|olecranon"),
    (
        frozenset({BodyPart.HAND}),
        r"forearms?|wrists?|hands?|fingers?|thumbs?|carpal|ctr|cts|distal radi(?:us|al)|metacarpals?|metacarpophalangeal|tfcc|triangular (?:fibro)?cartilage|de ?quervain'?s?|scaphoid|phalan(?:x|ges)",
    ),
    (
        frozenset({BodyPart.HIP}),
        r"hips?|th[ar]|pelvis|pelvic|femoroacetabular|acetabul\w+|trochanter(?:ic)?|buttocks?|gluteal|piriformis",
    ),
    (
        frozenset({BodyPart.KNEE}),
        r"knees?|tk[ar]|patell(?:a|ar)|patellofemoral|menisc(?:us|i|al)|meniscectomy|acl|popliteal",
    ),
    (
        frozenset({BodyPart.ANKLE}),
        r"ankles?|foot|feet|toes?|heels?|plantar|achilles|metatarsals?|bunion\w*|hallux|calcane\w+|talus",
    ),
    (frozenset({BodyPart.LUNGS}), r"lungs?|pulmonary|asthma|respiratory"),
    (frozenset({BodyPart.MIND}), r"psych\w*|depress(?:ion|ive)|anxiety|ptsd|mental(?:ly)?|cognitive|emotional|stress"),
)
_REGIONS: KeywordIndex[frozenset[BodyPart] | None] = KeywordIndex(
    [
        (
            None,
            "|".join(
                rf"{first}(?:\s?[-/]\s?(?:[ctls]?\d{{1,2}}))*"
                for first in (r"c\d{1,2}", r"t\d{1,2}", r"l\d{1,2}", "s1")
            ),
        ),
        *_WORDS,
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
    """Every region of the body that the text names, in its order, with the side named just before it."""
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
    """All regions that the text names."""
    return frozenset().union(*(mention.parts for mention in mentions(text)))


def sides(text: str) -> frozenset[Side]:
    """All sides that the text names."""
    return frozenset(side for side, _, _ in _SIDES.find(text))


def spine_levels(text: str) -> tuple[str, ...]:
    """The spine levels that the text names, in a settled form such as L4-L5, each once, in their order."""
    return tuple(dict.fromkeys(mention.level for mention in mentions(text) if mention.level))


def settled_level(words: str) -> str:
    """A spine level in one form (L4-5 and L4/5 become L4-L5), or nothing where no such vertebra exists."""
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
    """The side named before a region, with at most three words and no full stop between."""
    for begin, end, side in reversed(found):
        if begin < start:
            between = text[end:start]
            return (
                side if len(between) < 40 and len(between.split()) <= 3 and not re.search(r"[.;:]", between) else None
            )
    return None
