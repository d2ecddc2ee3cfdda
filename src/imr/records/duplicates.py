"""Documents that came twice: the same pages again, or the same paper in two scans.

A page's sketch is drawn from its words, so that two readings of one paper agree in most of it although OCR read each a little
otherwise. What came twice is kept twice and shown once.
"""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from imr.records.model import Document, Page

#: Two pages are one paper where this share of their sketches agrees. Two notes on one form by one hand agree in far less:
#: the sketch is of three words in a row, so that one changed word changes three of its parts.
ALIKE = 0.6
#: How many of the smallest numbers a sketch keeps.
_KEPT = 64
_FEWEST_WORDS = 12

Sketch = tuple[int, ...]


def sketch(page: Page) -> Sketch:
    """The smallest numbers that the page's runs of three words give, in order: a sample that like texts share."""
    words = page.text.encode("ascii", "ignore").translate(_KEEP).split()
    if len(words) < _FEWEST_WORDS:
        return ()
    runs = set(map(zlib.crc32, map(b" ".join, zip(words, words[1:], words[2:], strict=False))))
    return tuple(sorted(runs)[:_KEPT])


_KEEP = bytes(c if chr(c).isalnum() else 32 for c in bytes(range(256)).lower())


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of two texts that agrees, judged by their sketches, 0 to 1."""
    if not one or not other:
        return 0.0
    smallest = sorted({*one, *other})[:_KEPT]
    return len({*one} & {*other} & {*smallest}) / len(smallest)


def mark(documents: Sequence[Document], sketches: Sequence[Sketch]) -> tuple[Document, ...]:
    """The documents, each that repeats an earlier one marked with it. `sketches` are those of the pages, in order."""
    holders: dict[int, list[int]] = defaultdict(list)
    marked: list[Document] = []
    for document in documents:
        first = sketches[document.first - 1]
        candidates = {place for part in first[:16] for place in holders.get(part, ())}
        original = next(
            (marked[place] for place in sorted(candidates) if _same(marked[place], document, sketches)), None
        )
        for part in first[:16]:
            holders[part].append(len(marked))
        marked.append(replace(document, duplicate_of=(original.duplicate_of or original.id) if original else None))
    return tuple(marked)


def _same(one: Document, other: Document, sketches: Sequence[Sketch]) -> bool:
    """Whether two documents are one paper: as many pages, each alike, and no other date."""
    if one.last - one.first != other.last - other.first or (
        one.dated_on and other.dated_on and one.dated_on != other.dated_on
    ):
        return False
    pairs = zip(range(one.first, one.last + 1), range(other.first, other.last + 1), strict=True)
    return all(likeness(sketches[a - 1], sketches[b - 1]) >= ALIKE for a, b in pairs)
