"""The words of the field sought in a text: many names at once, without regard to case.

Python's patterns without regard to case try every name at every place. Here the text is put into lower case once and the
names are sorted by their first letter, so that the first letter of a word rules out nearly all of them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")


@lru_cache(maxsize=4096)
def lower(text: str) -> str:
    """The text in lower case, letter by letter as long as before, so that places agree."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Words(Generic[Meaning]):
    """Meanings, each with the words that name it as a pattern in lower case; the first that fits a place counts.

    Every alternative of a pattern begins with a letter, so that those of one letter can stand together.
    """

    def __init__(self, named: Sequence[tuple[Meaning, str]]) -> None:
        by_letter: dict[str, list[str]] = {}
        for _, words in named:
            for name in alternatives(words):
                by_letter.setdefault(name[0], []).append(name[1:])
        assert all(letter.isalpha() for letter in by_letter), "every name begins with a letter"  # noqa: S101 - checked once
        names = (f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
        self._search = re.compile(rf"\b(?:{'|'.join(names)})\b")
        self._meanings = tuple((meaning, re.compile(words)) for meaning, words in named)
        self._known: dict[str, Meaning] = {}

    def find(self, text: str) -> Iterator[tuple[Meaning, int, int]]:
        """Every name in the text: what it means, and where it stands."""
        for match in self._search.finditer(lower(text)):
            words = match.group()
            if words not in self._known:
                self._known[words] = next(meaning for meaning, pattern in self._meanings if pattern.fullmatch(words))
            yield self._known[words], match.start(), match.end()


def alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, cut at bars outside of brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(pattern):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]
