"""What a chapter is about, in one word: the same for every way in which letters print its title."""

import re
from functools import lru_cache

#: Topic by topic: the words by which a title is known. The first that is found decides.
_TOPICS: tuple[tuple[str, str], ...] = (
    ("postsurgical", r"post[ -]?surgical"),
    ("acupuncture", r"acupuncture"),
    ("opioids", r"opioid"),
    ("formulary", r"formulary"),
    ("carpal tunnel", r"carpal tunnel"),
    ("stress", r"stress|mental|psych"),
    ("neck", r"neck|cervical"),
    ("low back", r"low(?:er)?\s+back|lumbar"),
    ("shoulder", r"shoulder"),
    ("elbow", r"elbow"),
    ("hand", r"hand|wrist|forearm"),
    ("hip", r"hips?\b|pelvis|groin"),
    ("knee", r"knee"),
    ("ankle", r"ankle|foot"),
    ("eye", r"\beye"),
    ("head", r"\bhead"),
    ("hernia", r"hernia"),
    ("asthma", r"asthma"),
    ("lung", r"lung|pulmonary"),
    ("burns", r"burns"),
    ("diabetes", r"diabetes"),
    ("infection", r"infectious"),
    ("fitness", r"fitness for duty"),
    ("chronic pain", r"\bpain\b"),
    ("general", r"general approach|initial (?:approach|care)|cornerstone|prevention"),
)
_SEARCH = tuple((topic, re.compile(words, re.IGNORECASE)) for topic, words in _TOPICS)
#: The chapters of the ACOEM book, 2nd edition, by number.
_NUMBERS = {
    1: "general", 2: "general", 3: "general", 5: "general", 6: "chronic pain", 8: "neck", 9: "shoulder", 10: "elbow",
    11: "hand", 12: "low back", 13: "knee", 14: "ankle", 15: "stress", 16: "eye",
}  # fmt: skip


@lru_cache(maxsize=1024)
def topic(title: str, number: int | None = None) -> str:
    """Give the topic of a chapter by its title, or by its number in the ACOEM book where no title is given; else nothing."""
    for name, words in _SEARCH:
        if words.search(title):
            return name
    return _NUMBERS.get(number or 0, "")
