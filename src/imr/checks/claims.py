"""Finds claims of absence in a rationale: what a sentence says is not in the file, and the topics, drugs and treatments it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from imr.checks import text
from imr.checks.absence import HINTS, missing_words
from imr.checks.documented_topics import TOPICS, Topic
from imr.guidelines.anatomy import body_parts
from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.doses import drugs
from imr.guidelines.treatment_kinds import kinds

_NEGATED = re.compile(
    r"\b(?:no|not|without|denie[sd]|denying|negative for|never|none|nor|lack(?:s|ed|ing)?|absent|unremarkable|normal|intact|full)\b",
    re.IGNORECASE,
)
#: A claim that grants some care, or asks for a degree or a time, is not answered by that care or any such finding.
GRANTS = re.compile(
    r"\b(?:other than|beyond|besides|aside from|severe|progressive|exhaust\w+|for (?:at least )?\d+ (?:weeks?|months?)|\d+[- ](?:week|month)s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says that something is missing, the words of what is missing, and what they name."""

    sentence: text.Sentence
    missing: str
    matters: tuple[Topic, ...]
    drugs: frozenset[str]
    kinds: frozenset[str]
    parts: frozenset[BodyPart]


def claims(sentences: tuple[text.Sentence, ...]) -> Iterator[Claim]:
    """Give every claim of absence among these sentences."""
    for sentence in sentences:
        if sentence.marks & HINTS and (claim := _claim(sentence)) is not None:
            yield claim


@text.once_per_sentence(HINTS, None)
def _claim(sentence: text.Sentence) -> Claim | None:
    missing = missing_words(sentence)
    if not missing:
        return None
    matters = tuple(matter for matter in TOPICS if matter.named(missing))
    names = {matter.name for matter in matters}
    if "conservative" not in missing and {"functional improvement", "relief of pain"} & names:
        matters = tuple(matter for matter in matters if matter.name != "conservative care")
    named = frozenset(mention.drug for mention in drugs(missing))
    return Claim(sentence, missing, matters, named, kinds(missing), body_parts(missing))


def negated(words: str, start: int) -> bool:
    """Say whether the words just before a place deny what is named there."""
    before = re.split(r"[.;:]|\bbut\b|\bhowever\b", words[:start])[-1]
    return bool(_NEGATED.search(" ".join(before.split()[-7:])))


def denied(words: str) -> bool:
    """Say whether a sentence denies something anywhere."""
    return bool(_NEGATED.search(words))
