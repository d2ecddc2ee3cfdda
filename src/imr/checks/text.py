"""Splits a draft into sentences and finds what is in them: dates, counts, body parts, treatments, drugs.

Letters repeat their sentences, and each check reads every one. So equal sentences are one object, and what is found in it
is computed once (`once_per_sentence`), and only where it has a word without which nothing can be found (`guidelines.keyword_index.mark`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce, wraps
from operator import or_
from typing import Any, TypeVar

from imr.guidelines import anatomy
from imr.guidelines.anatomy import BodyMention
from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.doses import DRUGS, DrugMention, drugs
from imr.guidelines.keyword_index import lower, mark, marks
from imr.guidelines.treatment_kinds import KINDS, TreatmentMention, treatments
from imr.records.dates import dates

Result = TypeVar("Result")
#: What may be found in a sentence without any word in particular. Every sentence has a mark: one that no word gives.
ANY = -1
_TEXT = mark("^$")
#: A sentence that begins with a figure may go on from the one before, whose full stop was that of an abbreviation.
BEGINS_WITH_FIGURE = mark("^ $")

#: The end of a sentence, where no abbreviation is before the full stop.
_END = re.compile(
    r"[.!?](?<!\b[A-Z].)(?<!\b(?:Dr|Mr|Ms|No|vs|pg|ed).)(?<!\b(?:Mrs|e\.g|i\.e).)(?<!\bet al.)(?<!\bapprox.)"
    r"[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])"
)
_DIGIT = re.compile(r"\d")
_CUT = re.compile(r"\d[/-]\s+(?=\d)")

_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"twenty-four": 24, "thirty": 30, "twice": 2, "once": 1}
#: Numbers as words, for patterns.
NUMBER_WORDS = tuple(sorted(_NUMBERS, key=len, reverse=True))
_N = rf"(?:\d{{1,3}}(?!\d|[./]\d|\s?%|\s?m(?:g|l|m|cg)\b)|{'|'.join(NUMBER_WORDS)})"
_UNIT = r"(?:sessions?|visits?|treatments?|injections?|weeks?|months?|days?)"
_BETWEEN = r"(?:\s?\(\d{1,3}\))?(?:\s+(?!(?:and|or|to|of|for|with|in|on|per|a|an|the)\b)[a-z/-]+){0,4}?"
_COUNT = re.compile(
    rf"\b(?P<low>{_N})(?:\s?(?:-|–|to|or)\s?(?P<high>{_N}))?{_BETWEEN}\s+(?P<unit>{_UNIT})\b"
    rf"|\b(?P<unit2>{_UNIT})\s?(?:#|x|:)\s?(?P<low2>\d{{1,3}})\b|\b(?P<unit3>sessions?|visits?),?\s+(?P<low3>\d{{1,3}})\b"
    r"|\b(?P<unit4>therapy|acupuncture|chiropractic|manipulation|massage)\s?x\s?(?P<low4>\d{1,2})\b(?!\s?(?:x|/|-|per|a|times|weeks?|wks?|months?)\b)"
)
_COUNTED = re.compile(r"session|visit|treatment|injection|week|month|day|\bx ?\d")
COUNTED = mark(r"session|visit|treatment|injection|week|month|day|^x(?:\d|$)")
COURSES = mark(rf"week|wk|times|(?:^|\d|{'|'.join(NUMBER_WORDS)})x")
#: A count and a course hold a number.
NUMBERED = mark(rf"\d|^(?:{'|'.join(NUMBER_WORDS)})")
_COURSE = re.compile(
    rf"\b(?:(?P<low>{_N})\s?(?:-|–|to|or)\s?)?(?P<times>{_N})\s?(?:x\s?|times?\s)?\s?"
    rf"(?:(?:(?:per|a|every|each|/)\s?(?:week|wk)|weekly)\s?(?:for|x|times)?\s?(?P<weeks>{_N})\s?(?:weeks?|wks?)"
    rf"|(?:(?<=x)|(?<=x\s)|(?<=times\s))(?P<bare>{_N}))\b"
)


class Sentence:
    """A sentence of a draft: its words, their marks, and cached findings."""

    __slots__ = ("facts", "lower", "marks", "words")

    def __init__(self, words: str) -> None:
        self.words = words
        self.lower = lower(words)
        self.marks = marks(words) | (BEGINS_WITH_FIGURE if words[:1].isdigit() else _TEXT)
        self.facts: dict[object, Any] = {}


#: The sentences of this process, each once: a corpus has the same ones over and over.
_sentence = lru_cache(maxsize=4096)(Sentence)
_UNKNOWN = object()


def once_per_sentence(
    mark: int, otherwise: Any
) -> Callable[[Callable[[Sentence], Result]], Callable[[Sentence], Result]]:
    """Cache a function's result for each sentence; a sentence without one of these marks gives `otherwise`."""

    def kept(find: Callable[[Sentence], Result]) -> Callable[[Sentence], Result]:
        @wraps(find)
        def found(sentence: Sentence) -> Any:
            if not sentence.marks & mark:
                return otherwise
            known = sentence.facts.get(find, _UNKNOWN)
            if known is _UNKNOWN:
                known = sentence.facts[find] = find(sentence)
            return known

        return found

    return kept


class DraftText:
    """A text of a draft, such as a rationale: its words, its sentences in their order, and the marks of them all.

    `folded` is True where single spaces separate its words. Then a pattern that does not match across the end of a sentence
    finds the same in the sentences as in the whole text.
    """

    __slots__ = ("folded", "marks", "sentences", "words")

    def __init__(self, words: str) -> None:
        self.words = words
        self.folded, self.sentences = _sentences(words)
        self.marks = reduce(or_, [sentence.marks for sentence in self.sentences], 0)

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.sentences)

    def with_mark(self, mark: int) -> tuple[Sentence, ...]:
        """Give the sentences that have one of these marks."""
        return tuple([s for s in self.sentences if s.marks & mark]) if self.marks & mark else ()

    def search(self, pattern: re.Pattern[str], mark: int) -> re.Match[str] | None:
        """Give the first match of a pattern that does not match across the end of a sentence; none without one of these marks."""
        if not self.marks & mark:
            return None
        if not self.folded:
            return pattern.search(self.words)
        found = (pattern.search(sentence.words) for sentence in self.sentences if sentence.marks & mark)
        return next((match for match in found if match is not None), None)


@dataclass(frozen=True, slots=True)
class CountMention:
    """A number of something: from low to high, the unit in the singular, the words, and where they are."""

    low: int
    high: int
    unit: str
    words: str
    start: int
    end: int


@lru_cache(maxsize=2048)
def _sentences(text: str) -> tuple[bool, tuple[Sentence, ...]]:
    """Say whether a text is folded, and give its sentences."""
    # What is printable has no white space but single spaces, where it has no two of them.
    plain = text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "
    folded = text if plain else " ".join(text.split())
    found, start = [], 0
    for match in _END.finditer(folded):
        end = match.end()
        found.append(_sentence(folded[start:end].strip()))
        start = end
    if rest := folded[start:].strip():
        found.append(_sentence(rest))
    return folded == text, tuple(found)


def split(text: str) -> tuple[str, ...]:
    """Give the sentences of a text, white space folded; a full stop of an abbreviation does not end one."""
    return tuple(sentence.words for sentence in _sentences(text)[1])


@lru_cache(maxsize=4096)
def counts(text: str) -> tuple[CountMention, ...]:
    """Give every number of sessions, visits, treatments, injections, weeks, months or days."""
    found, words = [], lower(text)
    if not _COUNTED.search(words):
        return ()
    for match in _COUNT.finditer(words):
        low = number(match["low"] or match["low2"] or match["low3"] or match["low4"])
        high = number(match["high"]) if match["high"] else low
        unit = (match["unit"] or match["unit2"] or match["unit3"] or "visits").rstrip("s")
        start, end = match.span()
        found.append(CountMention(low, max(low, high), unit, text[start:end], start, end))
    return tuple(found)


@lru_cache(maxsize=1024)
def course(text: str) -> CountMention | None:
    """Give the number of visits that "three times a week for two weeks" comes to."""
    match = _COURSE.search(lower(text))
    if match is None:
        return None
    weeks, times = number(match["weeks"] or match["bare"]), number(match["times"])
    low = number(match["low"]) if match["low"] else times
    start, end = match.span()
    return CountMention(low * weeks, times * weeks, "visit", text[start:end], start, end)


def number(words: str) -> int:
    """Read a number in figures or words."""
    return _NUMBERS[words.lower()] if words.lower() in _NUMBERS else int(words)


#: The year of a date, also where its month is written against it.
DATED = mark(r"^(?:\d\d){1,2}$|[a-z](?:19|20)\d\d$")


def days(text: str) -> tuple[tuple[int, int, date], ...]:
    """Give every date that a text names, with its place; a date that a line end cut in two is one date."""
    if not _DIGIT.search(text):
        return ()
    if "/ " in text or "- " in text or not text.isprintable():
        text = _CUT.sub(lambda match: match.group().rstrip(), text)
    return tuple(dates(text))


def folded(text: str) -> str:
    """Fold a text for comparing: lower case, white space as one space."""
    return " ".join(text.lower().split())


@once_per_sentence(DATED, ())
def days_of(sentence: Sentence) -> tuple[tuple[int, int, date], ...]:
    """Give every date that a sentence names, with its place."""
    return days(sentence.words)


@once_per_sentence(anatomy.REGIONS, ())
def body(sentence: Sentence) -> tuple[BodyMention, ...]:
    """Give every region of the body that a sentence names."""
    return anatomy.mentions(sentence.words)


@once_per_sentence(anatomy.REGIONS, frozenset())
def parts(sentence: Sentence) -> frozenset[BodyPart]:
    """Give all regions of the body that a sentence names."""
    return frozenset().union(*(mention.parts for mention in body(sentence)))


@once_per_sentence(KINDS, ())
def treated(sentence: Sentence) -> tuple[TreatmentMention, ...]:
    """Give every kind of treatment that a sentence names."""
    return treatments(sentence.words)


@once_per_sentence(KINDS, frozenset())
def kinds(sentence: Sentence) -> frozenset[str]:
    """Give all kinds of treatment that a sentence names."""
    return frozenset([mention.kind for mention in treated(sentence)])


@once_per_sentence(DRUGS, ())
def medicines(sentence: Sentence) -> tuple[DrugMention, ...]:
    """Give every drug that a sentence names."""
    return drugs(sentence.words)


def around(words: str, at: int) -> str:
    """Give the sentence of a text that holds a place."""
    before, sentences = " ".join(words[:at].split()), split(words)
    length = 0
    for sentence in sentences:
        length += len(sentence) + 1
        if length > len(before):
            return sentence
    return sentences[-1] if sentences else ""
