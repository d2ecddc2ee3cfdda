"""Phrases of words that stand everywhere, answered without reading every place of each.

An index finds "not medically necessary" by going through all places of its three words, which in this field is nearly every
letter. So runs of two and three common words are indexed as words of their own, in the field `phrase`, and of words that stand
nearly everywhere runs of four and five too: a phrase of them is one entry. A phrase with a rarer word goes the usual way and is
quick by it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

#: The field of the index that holds the runs, each with its words joined so: not_medically_necessary.
FIELD = "phrase"
#: A word is common where at least this share of the documents has it, and stands everywhere where this share has it.
COMMON, EVERYWHERE = 0.01, 0.2
_JOINT = "_"
#: The longest run that is indexed, of common words and of words that stand everywhere.
_LONG, _LONGEST = 3, 5
_WORD = re.compile(r"[^\W_]+")
#: A phrase that names no field of its own, and asks for no slop.
_PHRASE = re.compile(r'(?<![\w:])"([^"]+)"(?![~*^])')


def common_words(texts: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The words that are common in these texts, and of them those that stand everywhere."""
    number, counts = 0, Counter[str]()
    for text in texts:
        number += 1
        counts.update(set(_words(text)))
    common, everywhere = (
        frozenset(word for word, count in counts.items() if count >= share * number) for share in (COMMON, EVERYWHERE)
    )
    return common, everywhere


class Phrases:
    """The runs of common words in texts, and queries that ask for them."""

    def __init__(self, common: frozenset[str], everywhere: frozenset[str]) -> None:
        self.common = common
        self.everywhere = everywhere
        self.runs = lru_cache(maxsize=1_024)(self._runs)

    def _runs(self, text: str) -> str:
        """Every run of common words in a text that is indexed, as words between spaces."""
        found: list[str] = []
        add, common, everywhere = found.append, self.common, self.everywhere
        before = pair = three = four = ""  # the runs that end with the word before
        ubiquitous = 0
        for word in _words(text):
            if word not in common:
                before = pair = three = four = ""
                ubiquitous = 0
                continue
            ubiquitous = ubiquitous + 1 if word in everywhere else 0
            if ubiquitous > 4:
                add(f"{four}{_JOINT}{word}")
            four = f"{three}{_JOINT}{word}" if ubiquitous > 3 else ""
            three = f"{pair}{_JOINT}{word}" if pair else ""
            pair = f"{before}{_JOINT}{word}" if before else ""
            before = word
            if pair:
                add(pair)
                if three:
                    add(three)
                    if four:
                        add(four)
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
        longest = _LONGEST if self.everywhere.issuperset(words) else _LONG
        runs = [_JOINT.join(words[n : n + longest]) for n in range(max(1, len(words) - longest + 1))]
        asked = " AND ".join(f"{FIELD}:{run}" for run in runs)
        if len(words) > longest:  # its runs might stand apart
            asked = f'({asked} AND "{phrase}")'
        return f'({asked} OR {short}:"{phrase}"^{boost})'


def _words(text: str) -> list[str]:
    """The words of a text as the index takes them: letters and digits, in small letters."""
    return _WORD.findall(text.lower())
