"""Finds the words of the template in a text: exactly, or closely enough for a scanned letter.

Both are bounded: a word is searched once, forwards, and the search for similar words starts from words that match
exactly, so that no text, however long or strange, takes more than a few passes.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from imr.determination.template import FixedWords

#: The least similarity of a damaged passage to the words of the form, 0 to 1.
ALIKE = 0.8
#: The number of characters in which similar words are searched; a scanned letter has ten pages, not fifty.
WITHIN = 60_000

_TOKEN = re.compile(r"\S+")
_MARKS = "\"'.,:;|()[]*_-"


@cache
def pattern(wording: str) -> re.Pattern[str]:
    """Give the pattern of `wording` with any white space between its words, space before a colon, and optional hyphens.

    `#` in the wording matches a number.
    """
    source = r"\s+".join(re.escape(word) for word in wording.split())
    source = source.replace(r"\-", r"-?\s*").replace("/", r"/\s*").replace(r"\#", r"(\d{1,4})")
    if source.endswith(":"):
        source = source[:-1] + r"\s*:"
    return re.compile(source)


def find(words: FixedWords, text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Return the span of the first wording found between `start` and `stop`, or None."""
    best = None
    for wording in words.wordings:
        match = pattern(wording).search(text, start, stop if best is None else best[0])
        if match is not None:
            best = match.span()
    return best


def find_alike(words: FixedWords, text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Return the span of the words most similar to one of the wordings, as scanners damage letters; None if none are."""
    best, place = ALIKE, None
    for likeness, span in _candidates(words, text, start, min(stop, start + WITHIN)):
        if likeness > best:
            best, place = likeness, span
    return place


def _candidates(words: FixedWords, text: str, start: int, stop: int) -> Iterator[tuple[float, tuple[int, int]]]:
    tokens = [(m.start(), m.end(), m.group().strip(_MARKS)) for m in _TOKEN.finditer(text, start, stop)]
    for wording in words.wordings:
        wanted = [word.strip(_MARKS) for word in wording.split()]
        at: dict[str, list[int]] = {word: [] for word in wanted}
        for number, (_, _, token) in enumerate(tokens):
            if token in at:
                at[token].append(number)
        # Compare a passage only if at least one of its words is undamaged and in its place.
        firsts = {n - i for i, word in enumerate(wanted) for n in at[word] if 0 <= n - i <= len(tokens) - len(wanted)}
        whole = " ".join(wanted)
        for first in sorted(firsts):
            seen = tokens[first : first + len(wanted)]
            matcher = SequenceMatcher(None, " ".join(token for _, _, token in seen), whole, autojunk=False)
            if matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE:
                yield matcher.ratio(), (seen[0][0], seen[-1][1])
