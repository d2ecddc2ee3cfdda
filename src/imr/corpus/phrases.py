"""Fast search for phrases made of common words.

An index finds "the request is not medically necessary" by reading all positions of its words, which in this field is nearly
every letter. So runs of common words are terms of their own, in the field `phrase`. A run is indexed if all of it but the last
word is frequent: then a phrase is either a single term, however long it is, or begins with a term that few issues have, so that
reading the positions of its words in those issues alone is fast. A phrase with a rarer word is found the usual way, which is
fast because of that word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

#: The fields of the index: one with the runs, one with all words. The term for a run is the number of the frequent run that it
#: continues and its last word, joined like this: 3f_necessary. An issue has about a thousand terms, so they must be short.
FIELD, WORDS = "phrase", "text"
#: The share of issues that must have a word for it to be common, or a run for it to be frequent.
COMMON, FREQUENT = 0.01, 0.07
#: The fewest issues that have a frequent run: reading the positions of its words in fewer takes no time, and in a small corpus whole
#: paragraphs occur in several issues, each of whose runs would be a term.
FEWEST = 20
#: In words. No sentence of this field is longer, and a longer phrase has few positions.
LONGEST = 60
_JOINT = "_"
_WORD = re.compile(r"[^\W_]+")
#: A phrase that names no field and asks for no slop; or words joined by hyphens or slashes.
_PHRASE = re.compile(
    r'"[^"]*"[~*^]|(?<![\w:])"([^"]+)"|[\w:]"[^"]*"|\[[^\]]{0,300}\]|(?<![\w:^.])([^\W\d_]+(?:[-/][^\W\d_]+)+)'
)


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Give the words that are common in these texts, each the full text of one issue."""
    number, counts = 0, Counter[str]()
    for text in texts:
        number += 1
        counts.update(set(_words(text)))
    return frozenset(word for word, count in counts.items() if count >= COMMON * number)


def frequent_runs(issues: Sequence[Sequence[str]], common: frozenset[str]) -> tuple[str, ...]:
    """Give the runs of one or more common words that are frequent in these issues; each issue is a sequence of texts."""
    texts = [(number, _words(text)) for number, issue in enumerate(issues) for text in issue]
    starts = [list(range(len(words))) for _, words in texts]
    found: list[str] = []
    for length in range(1, LONGEST):
        seen: dict[str, set[int]] = {}
        for (number, words), places in zip(texts, starts, strict=True):
            for at in places:
                if at + length <= len(words) and words[at + length - 1] in common:
                    seen.setdefault(_JOINT.join(words[at : at + length]), set()).add(number)
        level = {run for run, has in seen.items() if len(has) >= max(FEWEST, FREQUENT * len(issues))}
        if not level:
            break
        found += sorted(level)
        # A run can be frequent only if the run without its last word is.
        starts = [
            [at for at in places if _JOINT.join(words[at : at + length]) in level]
            for (_, words), places in zip(texts, starts, strict=True)
        ]
    return tuple(found)


@dataclass(slots=True)
class _Node:
    """A frequent run: its number, its term, and the frequent runs that continue it, by their next word."""

    number: str
    entry: str
    after: dict[str, "_Node"] = field(default_factory=dict)


class Phrases:
    """Turns runs of common words in texts into terms, and rewrites queries to use them."""

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
        """Give the terms of every run in a text that is to be indexed, separated by spaces."""
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
        """Give the length in words of the longest indexed run that begins these words, and its term; 0 where none does."""
        node = self._first.get(words[0])
        length, entry = 0, ""
        while node is not None and length + 1 < len(words):
            length += 1
            entry = f"{node.number}{_JOINT}{words[length]}"
            node = node.after.get(words[length])
        return (length + 1, entry) if entry else (0, "")

    def rewritten(self, query: str, short: str, boost: float) -> str:
        """Give the same query, with each phrase of common words replaced by its terms.

        The text of the field `short` is not among the runs: there the phrase itself is searched for, with the weight `boost`.
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
            start += max(1, length - 1)  # consecutive runs share one word
        if not runs:
            return match[0]
        if not whole:  # the runs might be apart from each other in the text
            runs.append(f'{WORDS}:"{phrase}"')
        asked = runs[0] if whole else f"({' AND '.join(runs)})"
        return f'({asked} OR {short}:"{phrase}"^{boost})'


def loosened(query: str) -> str:
    """Give the same query, with each phrase that names no field replaced by its words in any order."""
    return _PHRASE.sub(lambda match: f"({' '.join(_words(match[1]))})" if match[1] else match[0], query)


def _words(text: str) -> list[str]:
    """Give the words of a text as the index splits them: letters and digits, in lower case."""
    return _WORD.findall(text.lower())
