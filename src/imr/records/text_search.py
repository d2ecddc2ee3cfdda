"""Search for words in a case file: every place, with its page and boxes.

A phrase is found across a line break, a hyphen, punctuation or lost white space, and on pages that OCR read also if it
took one letter for a similar one (`l` for `1`, `rn` for `m`). It is found as whole words: "not" is not in "noted".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from imr.errors import ImrError
from imr.records.model import Box, CaseFile, Page, PageWords, TextSource

#: Letters that OCR takes for each other; a search for one finds any of its row.
ALIKE = ("0oO", "1lI|!i", "5sS", "8B", "2zZ", "6bG")

_LIKE = {letter: "[" + re.escape(row) + "]" for row in ALIKE for letter in row}
_TOKEN = re.compile(r"[^\W_]+")
_BETWEEN_LETTERS = r"(?:[-\u00ad\u2010\u2011]\s*)?"
_BETWEEN_WORDS = r"[\W_]*"
_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A place where a phrase occurs: the words as they are there, a box a line, and the line of text around them."""

    page: int
    words: str
    boxes: tuple[Box, ...]
    context: str


@lru_cache(maxsize=256)
def pattern(phrase: str, *, misread: bool = False) -> re.Pattern[str]:
    """Give the pattern of a phrase; with `misread`, also as OCR may have read it."""
    tokens = _TOKEN.findall(phrase)
    if not tokens:
        raise ImrError("There is nothing to search for: give a word, a number or a phrase.")
    return re.compile(
        r"(?<![^\W_])" + _BETWEEN_WORDS.join(_spell(token, misread=misread) for token in tokens) + r"(?![^\W_])",
        re.IGNORECASE,
    )


def _spell(token: str, *, misread: bool) -> str:
    letters = []
    for letter in token:
        if misread and letter in "mM":
            letters.append("(?:m|rn)")
        else:
            letters.append(_LIKE.get(letter, re.escape(letter)) if misread else re.escape(letter))
    return _BETWEEN_LETTERS.join(letters)


def search(casefile: CaseFile, phrase: str) -> tuple[PhraseHit, ...]:
    """Give every place of the case file where `phrase` occurs, in the order of its pages. Raises ImrError on an empty phrase."""
    return tuple(hits(casefile.pages, phrase))


def hits(pages: Iterable[Page], phrase: str) -> Iterator[PhraseHit]:
    """Yield the places on these pages where `phrase` occurs, as they are found."""
    exact, misread = pattern(phrase), pattern(phrase, misread=True)
    for page in pages:
        for found in (misread if page.source is TextSource.OCR else exact).finditer(page.text):
            yield PhraseHit(
                page.number, found.group(), boxes(page.words, *found.span()), _context(page.text, *found.span())
            )


def boxes(words: Sequence[object], start: int, end: int) -> tuple[Box, ...]:
    """Give a box for each line of the words between two offsets of the text."""
    if not isinstance(words, PageWords):
        return ()
    lines: list[tuple[int, int]] = []
    for place in words.within(start, end):
        if lines and "\n" not in words.text[words.ends[lines[-1][1]] : words.starts[place]]:
            lines[-1] = (lines[-1][0], place)
        else:
            lines.append((place, place))
    return tuple(words.box(first, last) for first, last in lines)


def _context(text: str, start: int, end: int) -> str:
    """Give the words around a place, with none cut in two."""
    begin, stop = max(0, start - _CONTEXT), end + _CONTEXT
    left, right = text[begin:start], text[end:stop]
    if begin and not text[begin - 1].isspace():
        left = left.partition(" ")[2] if " " in left else left
    if stop < len(text) and not text[stop].isspace():
        right = right.rpartition(" ")[0] if " " in right else right
    return " ".join(f"{left}{text[start:end]}{right}".split())
