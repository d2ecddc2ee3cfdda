"""Phrases of words that stand everywhere, answered without reading every place of each.

An index finds "not medically necessary" by going through all places of its three words, which in this field is nearly every
letter. So runs of two and three common words are indexed as words of their own, in the field `phrase`: as many entries as
there are such runs, and a phrase of them is one entry. A phrase with a rarer word goes the usual way and is quick by it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

#: The field of the index that holds the runs, each with its words joined so: not_medically_necessary.
FIELD = "phrase"
#: A word is common where at least this share of the documents has it.
COMMON = 0.01
_JOINT = "_"
_LONGEST = 3
_WORD = re.compile(r"[^\W_]+")
#: A phrase that names no field of its own, and asks for no slop.
_PHRASE = re.compile(r'(?<![\w:])"([^"]+)"(?![~*^])')


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that at least `COMMON` of these texts have."""
    number, counts = 0, Counter[str]()
    for text in texts:
        number += 1
        counts.update(set(_words(text)))
    return frozenset(word for word, count in counts.items() if count >= COMMON * number)


class Phrases:
    """The runs of common words in texts, and queries that ask for them."""

    def __init__(self, common: frozenset[str]) -> None:
        self.common = common
        self.runs = lru_cache(maxsize=1_024)(self._runs)

    def _runs(self, text: str) -> str:
        """Every run of two and of three common words in a text, as words between spaces."""
        found: list[str] = []
        common = self.common
        before = pair = ""
        for word in _words(text):
            if word not in common:
                before = pair = ""
                continue
            if before:
                if pair:
                    found.append(f"{pair}{_JOINT}{word}")
                pair = f"{before}{_JOINT}{word}"
                found.append(pair)
            before = word
        return " ".join(found)

    def rewritten(self, query: str, short: str, boost: float) -> str:
        """The same query, in which a phrase of common words is sought as runs.

        The text of the field `short` is not among the runs: there a phrase is sought as it is, and weighs `boost`.
        """
        return _PHRASE.sub(lambda match: self._one(match, short, boost), query)

    def _one(self, match: re.Match[str], short: str, boost: float) -> str:
        words = _words(match[1])
        if len(words) < 2 or not self.common.issuperset(words):
            return match[0]
        phrase = " ".join(words)
        runs = [_JOINT.join(words[n : n + _LONGEST]) for n in range(max(1, len(words) - _LONGEST + 1))]
        asked = " AND ".join(f"{FIELD}:{run}" for run in runs)
        if len(words) > _LONGEST:  # its runs might stand apart
            asked = f'({asked} AND "{phrase}")'
        return f'({asked} OR {short}:"{phrase}"^{boost})'


def _words(text: str) -> list[str]:
    """The words of a text as the index takes them: letters and digits, in small letters."""
    return _WORD.findall(text.lower())
