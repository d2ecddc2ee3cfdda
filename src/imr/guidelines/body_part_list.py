"""The one list of body parts: the regions by which guidelines are divided into chapters, and the words that name them.

Facts only. `anatomy` finds regions, sides and levels in a text by it; `records.facts` offers the parts that a record names.
"""

from dataclasses import dataclass
from enum import Enum


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


ARM = frozenset({BodyPart.SHOULDER, BodyPart.ELBOW, BodyPart.HAND})
LEG = frozenset({BodyPart.HIP, BodyPart.KNEE, BodyPart.ANKLE})
SPINE = frozenset({BodyPart.NECK, BodyPart.UPPER_BACK, BodyPart.LOW_BACK})


@dataclass(frozen=True, slots=True)
class PartWords:
    """The words that name regions, as regular expressions in small letters; a longer word is before its beginning.

    A word of `sided` names a part of a record where its side is said with it, one of `alone` by itself. `alone` repeats words
    of the others; all of `sided` and `words` name the regions in a text. The regions are none where no chapter is about them.
    """

    regions: frozenset[BodyPart]
    words: str = ""
    sided: str = ""
    alone: str = ""

    @property
    def pattern(self) -> str:
        """Every word that names the regions."""
        return "|".join(filter(None, (self.sided, self.words)))


def _one(part: BodyPart, words: str = "", sided: str = "", alone: str = "") -> PartWords:
    return PartWords(frozenset({part}), words, sided, alone)


#: In the order in which a place is asked what it names.
PART_WORDS = (
    PartWords(ARM, r"upper limbs?|lue|rue|bue", sided=r"upper extremit(?:y|ies)|arms?"),
    PartWords(LEG, r"lower limbs?|lle|rle|ble", sided=r"lower extremit(?:y|ies)|legs?"),
    PartWords(
        frozenset({BodyPart.NECK, BodyPart.UPPER_BACK}),
        r"neck and upper back|neck & upper back|cervicothoracic(?: spine)?|trapezi(?:us|i)",
    ),
    PartWords(
        frozenset({BodyPart.UPPER_BACK, BodyPart.LOW_BACK}),
        r"thoracolumbar(?: spine)?|back(?! to\b| at (?:\w+ ){0,2}(?:work|school|baseline)\b)",
    ),
    PartWords(SPINE, r"spine|spinal"),
    _one(
        BodyPart.HEAD,
        r"heads?|headaches?|cephalgia|migraines?|skull|brain|concussions?|post-?concuss\w+|cranial|jaws?|temporomandibular|tmj|tmd|"
        r"face|facial|nasal(?! spray)|dental|teeth|tooth",
    ),
    _one(BodyPart.EYE, r"ocular|vision|visual|eyelids?|corneal?", sided=r"eyes?"),
    PartWords(frozenset(), sided=r"ears?"),
    _one(
        BodyPart.NECK,
        r"neck|cervical(?: spine)?|c-spine|c/s|cervicalgia|paracervical|atlanto\w+",
        alone=r"neck|cervical spine",
    ),
    _one(
        BodyPart.UPPER_BACK,
        r"upper back|mid(?:dle)?[ -]?back|thoracic(?: spine)?|t-spine|t/s|interscapular|parascapular",
        alone=r"thoracic spine",
    ),
    _one(
        BodyPart.LOW_BACK,
        r"low(?:er)? backs?|lumbar(?: spine)?|l-spine|l/s|ls spine|lso|lesi|lumbosacral(?: spine)?|lumbago|lbp|sacral|sacrum|"
        r"sacroiliac|si joints?|coccyx|coccygeal|tailbone|sciatica",
        alone=r"low(?:er)? back|lumbar spine|lumbosacral spine",
    ),
    _one(BodyPart.CHEST, r"chest|ribs?|sternum|sternal|costochondr\w+"),
    _one(BodyPart.ABDOMEN, r"abdom(?:en|inal)|hernias?|inguinal|groin"),
    _one(
        BodyPart.SHOULDER,
        r"rotator cuff|glenohumeral|acromioclavicular|ac joint|subacromial|supraspinatus|infraspinatus|subscapularis|deltoids?|"
        r"acromi(?:on|oplasty)|clavic(?:le|ular)|humer(?:us|al)",
        sided=r"shoulders?",
    ),
    _one(BodyPart.ELBOW, r"epicondyl\w+|cubital|olecranon", sided=r"elbows?"),
    _one(
        BodyPart.HAND,
        r"carpal|ctr|cts|distal radi(?:us|al)|metacarpals?|metacarpophalangeal|tfcc|triangular (?:fibro)?cartilage|"
        r"de ?quervain'?s?|scaphoid|phalan(?:x|ges)",
        sided=r"forearms?|wrists?|hands?|fingers?|thumbs?",
    ),
    _one(
        BodyPart.HIP,
        r"th[ar]|pelvis|pelvic|femoroacetabular|acetabul\w+|trochanter(?:ic)?|buttocks?|gluteal|piriformis",
        sided=r"hips?",
    ),
    _one(
        BodyPart.KNEE,
        r"tk[ar]|patell(?:a|ar)|patellofemoral|menisc(?:us|i|al)|meniscectomy|acl|popliteal",
        sided=r"knees?",
    ),
    _one(
        BodyPart.ANKLE,
        r"plantar|achilles|metatarsals?|bunion\w*|hallux|calcane\w+|talus",
        sided=r"ankles?|foot|feet|toes?|heels?",
    ),
    _one(BodyPart.LUNGS, r"lungs?|pulmonary|asthma|respiratory"),
    _one(BodyPart.MIND, r"psych\w*|depress(?:ion|ive)|anxiety|ptsd|mental(?:ly)?|cognitive|emotional|stress"),
)
