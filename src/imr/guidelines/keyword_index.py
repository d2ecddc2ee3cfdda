"""Finds the words of the field in a text: many names at once, without regard to case.

Python's patterns without regard to case try every name at every place. Here the text is put into lower case once and the
names are sorted by their first letter, so that the first letter of a word rules out nearly all of them.

Dozens of patterns look at each sentence of a letter, and hardly one of them can match there. So each says by `mark` of which
words a text that it matches must have one; `marks` looks each word of a text up once, for all patterns together, and a
pattern whose mark is not among them need not be tried.
"""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")


def lower(text: str) -> str:
    """Put a text into lower case, letter by letter as long as before, so that places agree."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


_WORD = re.compile(r"[A-Za-z0-9]+")
#: Letters that patterns without regard to case take for a plain one.
_TAKEN_FOR = str.maketrans({"\u017f": "s", "\u212a": "K", "\u0130": "I", "\u0131": "i"})
#: More words than this are numbers rather than a vocabulary: forget them all and start over.
_MOST_WORDS = 100_000


class _Vocabulary(dict[str, int]):
    """Every word that was seen, with its marks."""

    def __init__(self) -> None:
        self.patterns: dict[tuple[str, bool], re.Pattern[str]] = {}

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_WORDS:
            self.clear()
        lowered = word.lower()
        found = 0
        for place, ((_, cased), pattern) in enumerate(self.patterns.items()):
            if pattern.search(word if cased else lowered):
                found |= 1 << place
        self[word] = found
        return found


_VOCABULARY = _Vocabulary()


def mark(words: str, *, cased: bool = False) -> int:
    """Give the mark, one bit, of the words in which a pattern is found, anywhere in the word.

    A word is a run of letters and figures of ASCII, in lower case unless `cased`. Join marks with `|`.
    """
    patterns = _VOCABULARY.patterns
    if (words, cased) not in patterns:
        patterns[words, cased] = re.compile(words)
        _VOCABULARY.clear()
    return 1 << list(patterns).index((words, cased))


def marks(text: str) -> int:
    """Give the marks of all words of a text."""
    words = _WORD.findall(text)
    if not text.isascii():
        words += _WORD.findall(text.translate(_TAKEN_FOR))
    return reduce(or_, map(_VOCABULARY.__getitem__, words), 0)


class KeywordIndex(Generic[Meaning]):
    """Meanings, each with the words that name it as a pattern in lower case; the first that fits a place counts.

    Every alternative of a pattern begins with a letter, so that those of one letter can be grouped.
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
        #: The mark of the words that a name can begin with.
        self.mark = mark("|".join(sorted({_first_word(name) for _, words in named for name in alternatives(words)})))

    def find(self, text: str) -> Iterator[tuple[Meaning, int, int]]:
        """Give every name in the text: what it means, its start and its end."""
        for match in self._search.finditer(lower(text)):
            words = match.group()
            if words not in self._known:
                self._known[words] = next(meaning for meaning, pattern in self._meanings if pattern.fullmatch(words))
            yield self._known[words], match.start(), match.end()


def alternatives(pattern: str) -> Iterator[str]:
    """Give the alternatives of a pattern, cut at bars outside of brackets."""
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


#: What separates the words of a name, or lets its length vary over them.
_PARTED = re.compile(r"[ /'\\.-](?!d)")
_HEAD = re.compile(r"(?:[a-z0-9](?![?*{])|\\d(?:\{\d,\d\})?(?![?*]))+")
_APART = re.compile(r"(?:[ /-]|\[[- ]+\])(?P<or_one>\?(?P<letter>[a-z]))?")


def _first_word(name: str) -> str:
    """Give a pattern for the word with which a name begins."""
    if not _PARTED.search(name):
        return f"^(?:{name})$"
    head = _HEAD.match(name)
    assert head is not None  # noqa: S101 - a name begins with a fixed letter
    apart = _APART.match(name, head.end())
    if apart is None:
        return f"^{head.group()}"
    return f"^{head.group()}(?:$|{apart['letter']})" if apart["or_one"] else f"^{head.group()}$"
