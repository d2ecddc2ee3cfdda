"""Phrases of words that stand everywhere, answered without reading every place of each.

An index finds "the request is not medically necessary" by going through all places of its words, which in this field is nearly
every letter. So runs of common words are entries of their own, in the field `phrase`. A run is indexed where all of it but the
last word is frequent: then a phrase either is an entry as a whole, however long it is, or begins with an entry that few issues
have, so that going through the places of its words in those alone is quick. A phrase with a rarer word goes the usual way
and is quick by it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

#: The fields of the index: with the runs, and with all words. An entry of a run is the number of the frequent run that it goes
#: on from and its last word, joined so: 3f_necessary. A thousand entries an issue are to be short.
FIELD, WORDS = "phrase", "text"
#: A word is common where at least this share of the issues has it; a run is frequent where this share has it.
COMMON, FREQUENT = 0.01, 0.07
#: No sentence of this field is longer, and a phrase that is has few places.
LONGEST = 60
_JOINT = "_"
_WORD = re.compile(r"[^\W_]+")
#: A phrase that names no field of its own, and asks for no slop; or words that are joined into one.
_PHRASE = re.compile(
    r'"[^"]*"[~*^]|(?<![\w:])"([^"]+)"|[\w:]"[^"]*"|\[[^\]]*\]|(?<![\w:^.])([^\W\d_]+(?:[-/][^\W\d_]+)+)'
)


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that are common in these texts, each the whole of an issue."""
    number, counts = 0, Counter[str]()
    for text in texts:
        number += 1
        counts.update(set(_words(text)))
    return frozenset(word for word, count in counts.items() if count >= COMMON * number)


def frequent_runs(issues: Sequence[Sequence[str]], common: frozenset[str]) -> tuple[str, ...]:
    """The runs of common words, of one word and more, that are frequent in issues, each given as its texts."""
    texts = [(number, _words(text)) for number, issue in enumerate(issues) for text in issue]
    starts = [list(range(len(words))) for _, words in texts]
    found: list[str] = []
    for length in range(1, LONGEST):
        seen: dict[str, set[int]] = {}
        for (number, words), places in zip(texts, starts, strict=True):
            for at in places:
                if at + length <= len(words) and words[at + length - 1] in common:
                    seen.setdefault(_JOINT.join(words[at : at + length]), set()).add(number)
        level = {run for run, has in seen.items() if len(has) >= max(2, FREQUENT * len(issues))}
        if not level:
            break
        found += sorted(level)
        # A run is frequent only where the run without its last word is.
        starts = [
            [at for at in places if _JOINT.join(words[at : at + length]) in level]
            for (_, words), places in zip(texts, starts, strict=True)
        ]
    return tuple(found)


@dataclass(slots=True)
class _Node:
    """A frequent run by its number and its entry, and the frequent runs that go on from it by their next word."""

    number: str
    entry: str
    after: dict[str, "_Node"] = field(default_factory=dict)


class Phrases:
    """The runs of common words in texts, and queries that ask for them."""

    def __init__(self, common: Iterable[str], frequent: Iterable[str]) -> None:
        self.common = frozenset(common)
        self.frequent = tuple(frequent)
        self._first: dict[str, _Node] = {}
        number = {run: f"{at:x}" for at, run in enumerate(self.frequent)}
        for run in sorted(self.frequent, key=len):
            nodes, entry = self._first, ""
            *before, last = run.split(_JOINT)
            for word in before:
                nodes, entry = nodes[word].after, f"{nodes[word].number}{_JOINT}{last}"
            nodes[last] = _Node(number[run], entry)
        self.runs = lru_cache(maxsize=1_024)(self._runs)

    def _runs(self, text: str) -> str:
        """The entries of every run in a text that is indexed, with spaces between."""
        words = _words(text)
        found: list[str] = []
        for start, word in enumerate(words):
            node = self._first.get(word)
            at = start + 1
            while node is not None and at < len(words):
                follows = node.after.get(words[at])
                if follows is not None:
                    found.append(follows.entry)
                elif words[at] in self.common:
                    found.append(f"{node.number}{_JOINT}{words[at]}")
                node = follows
                at += 1
        return " ".join(found)

    def _run(self, words: Sequence[str]) -> tuple[int, str]:
        """How many words the longest run has that is indexed and begins these words, and its entry; 0 where none does."""
        node = self._first.get(words[0])
        length, entry = 0, ""
        while node is not None and length + 1 < len(words):
            length += 1
            entry = f"{node.number}{_JOINT}{words[length]}"
            node = node.after.get(words[length])
        return (length + 1, entry) if entry else (0, "")

    def rewritten(self, query: str, short: str, boost: float) -> str:
        """The same query, in which a phrase of common words is sought as runs.

        The text of the field `short` is not among the runs: there a phrase is sought as it is, and weighs `boost`.
        """
        return _PHRASE.sub(lambda match: self._one(match, short, boost), query)

    def _one(self, match: re.Match[str], short: str, boost: float) -> str:
        words = _words(match[1] or match[2] or "")
        if len(words) < 2 or not self.common.issuperset(words):
            return match[0]
        phrase = " ".join(words)
        runs, start, whole = [], 0, False
        while start < len(words) - 1:
            length, entry = self._run(words[start:])
            if length:
                runs.append(f"{FIELD}:{entry}")
                whole = length == len(words)
            start += max(1, length - 1)  # the next run begins with the last word of this one
        if not runs:
            return match[0]
        if not whole:  # its runs might stand apart
            runs.append(f'{WORDS}:"{phrase}"')
        asked = runs[0] if whole else f"({' AND '.join(runs)})"
        return f'({asked} OR {short}:"{phrase}"^{boost})'


def loosened(query: str) -> str:
    """The same query, in which each phrase without a field of its own is words in any order."""
    return _PHRASE.sub(lambda match: f"({' '.join(_words(match[1]))})" if match[1] else match[0], query)


def _words(text: str) -> list[str]:
    """The words of a text as the index takes them: letters and digits, in small letters."""
    return _WORD.findall(text.lower())
