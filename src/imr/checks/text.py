"""Sentences of a draft and what stands in them: dates, counts with what they count, words of doubt and of denial."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from imr.guidelines.words import lower
from imr.records.dates import dates

_END = re.compile(r"[.!?][\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
#: What stands before a full stop that ends no sentence.
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Dr|Mr|Ms|Mrs|No|vs|e\.g|i\.e|et al|pg|ed|approx)$")
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
_COURSE = re.compile(
    rf"\b(?:(?P<low>{_N})\s?(?:-|–|to|or)\s?)?(?P<times>{_N})\s?(?:x\s?|times?\s)?\s?"
    rf"(?:(?:(?:per|a|every|each|/)\s?(?:week|wk)|weekly)\s?(?:for|x|times)?\s?(?P<weeks>{_N})\s?(?:weeks?|wks?)"
    rf"|(?:(?<=x)|(?<=x\s)|(?<=times\s))(?P<bare>{_N}))\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a draft: its words, the field it stands in (summary, rationale, heading), the issue, its place there."""

    words: str
    field: str
    issue: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Count:
    """A number of something: from low to high, the unit in the singular, the words, and where they stand."""

    low: int
    high: int
    unit: str
    words: str
    start: int
    end: int


@lru_cache(maxsize=2048)
def split(text: str) -> tuple[str, ...]:
    """The sentences of a text, white space folded; a full stop of an abbreviation does not end one."""
    text = " ".join(text.split())
    found, start = [], 0
    for match in _END.finditer(text):
        if _ABBREVIATED.search(text, max(0, match.start() - 10), match.start()):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    if rest := text[start:].strip():
        found.append(rest)
    return tuple(found)


@lru_cache(maxsize=4096)
def counts(text: str) -> tuple[Count, ...]:
    """Every number of sessions, visits, treatments, injections, weeks, months or days."""
    found, words = [], lower(text)
    if not _COUNTED.search(words):
        return ()
    for match in _COUNT.finditer(words):
        low = number(match["low"] or match["low2"] or match["low3"] or match["low4"])
        high = number(match["high"]) if match["high"] else low
        unit = (match["unit"] or match["unit2"] or match["unit3"] or "visits").rstrip("s")
        start, end = match.span()
        found.append(Count(low, max(low, high), unit, text[start:end], start, end))
    return tuple(found)


@lru_cache(maxsize=1024)
def course(text: str) -> Count | None:
    """The number of visits that "three times a week for two weeks" comes to."""
    match = _COURSE.search(lower(text))
    if match is None:
        return None
    weeks, times = number(match["weeks"] or match["bare"]), number(match["times"])
    low = number(match["low"]) if match["low"] else times
    start, end = match.span()
    return Count(low * weeks, times * weeks, "visit", text[start:end], start, end)


def number(words: str) -> int:
    """A number in figures or words."""
    return _NUMBERS[words.lower()] if words.lower() in _NUMBERS else int(words)


@lru_cache(maxsize=4096)
def days(text: str) -> tuple[tuple[int, int, date], ...]:
    """Every date that a text names, with its place; a date that a line end cut in two is one date."""
    if not _DIGIT.search(text):
        return ()
    return tuple(dates(_CUT.sub(lambda match: match.group().rstrip(), text)))


def folded(text: str) -> str:
    """A text for comparing: lower case, white space as one space."""
    return " ".join(text.lower().split())


def around(words: str, at: int) -> str:
    """The sentence of a text that holds a place."""
    before, sentences = " ".join(words[:at].split()), split(words)
    length = 0
    for sentence in sentences:
        length += len(sentence) + 1
        if length > len(before):
            return sentence
    return sentences[-1] if sentences else ""
