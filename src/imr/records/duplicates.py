"""Finds duplicate documents and pages: the same pages sent again, or two scans of the same paper.

A page's sketch is made from its words, so that two readings of one paper mostly agree although OCR read each slightly
differently; for a scan it also has a hash of its image. The image alone proves nothing, because two visits on one form
look alike: half of the words, a date and the numbers must be the same too. Duplicates are kept, and shown once.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from imr.plain import stored_as
from imr.records.dates import dates
from imr.records.model import Document, Page, TextSource

#: Two pages are the same paper if this share of their sketches agrees. Two notes on one form by one author agree in far less:
#: the sketch has every run of three words, so that one changed word changes three of its parts.
ALIKE = 0.6
#: Two scans are also the same paper if at most so many of the 256 bits of their image hashes differ (different papers differ in 94 in the
#: median), and this share of their longer words and of their numbers agrees, and a date: poor OCR leaves no more.
NEAR, NEAR_WORDS, NEAR_FIGURES = 64, 0.5, 0.8
#: A page with too few words for a sketch is the same if its image hash is this near, and other pages of its document agree.
_VERY_NEAR = 12
#: A single page repeats another if this share agrees and it has at least so many runs of words.
_SAME_PAGE, _FEWEST_RUNS = 0.8, 24
#: How many of the smallest hashes a sketch keeps, and how many of them are looked up.
_KEPT, _LOOKED_UP = 64, 16
_FEWEST_WORDS, _FEWEST_FIGURES = 12, 3
_FIGURES = re.compile(r"\d+(?:[.,/:-]\d+)*")
_KEEP = bytes(c if chr(c).isalnum() else 32 for c in bytes(range(256)).lower())


Sample = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The data by which a page is recognized: a sample of its runs of words, and its numbers.

    For a scan also a sample of its longer words, the dates on it, and its image hash.
    """

    runs: tuple[int, ...] = ()
    figures: tuple[int, ...] = ()
    words: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    image_hash: int = field(default=0, metadata=stored_as("look"))
    blank: bool = False


def sketch(page: Page) -> Sketch:
    """Make the sketch of a page. A sample is the smallest hashes of the words, which similar texts share."""
    figures = tuple(sorted({zlib.crc32(figure.encode()) for figure in _FIGURES.findall(page.text)}))
    words = page.text.encode("ascii", "ignore").translate(_KEEP).split()
    runs: Sample = ()
    if len(words) >= _FEWEST_WORDS:
        runs = _sample(map(b" ".join, zip(words, words[1:], words[2:], strict=False)))
    if not page.image_hash:
        return Sketch(runs, figures, blank=page.source is TextSource.BLANK)
    days = tuple(sorted({day.toordinal() for _, _, day in dates(page.text)}))
    return Sketch(runs, figures, _sample(word for word in words if len(word) > 3), days, page.image_hash)


def _sample(words: Iterable[bytes]) -> Sample:
    return tuple(sorted(set(map(zlib.crc32, words)))[:_KEPT])


def sketch_similarity(one: Sample, other: Sample) -> float:
    """Estimate from two samples the share of the texts that agrees, 0 to 1."""
    if not one or not other:
        return 0.0
    smallest = sorted({*one, *other})[:_KEPT]
    return len({*one} & {*other} & {*smallest}) / len(smallest)


def hash_distance(one: Sketch, other: Sketch) -> int:
    """Count the bits, of 256, in which the image hashes of two scans differ; 256 if one has no hash."""
    return (one.image_hash ^ other.image_hash).bit_count() if one.image_hash and other.image_hash else 256


def _other_day(one: Sketch, other: Sketch) -> bool:
    """Say whether each names a date that the other does not; for two texts, which lose nothing in reading, any number."""
    if one.image_hash and other.image_hash:
        return _each_has_its_own(one.days, other.days)
    return not (one.image_hash or other.image_hash) and _each_has_its_own(one.figures, other.figures)


def _each_has_its_own(one: Sample, other: Sample) -> bool:
    return bool({*one} - {*other}) and bool({*other} - {*one})


def _contradict(one: Sketch, other: Sketch) -> bool:
    """Say whether two pages have different dates or different numbers."""
    fewer = min(len(one.figures), len(other.figures))
    return _other_day(one, other) or len({*one.figures} & {*other.figures}) < NEAR_FIGURES * fewer


def _one_paper(one: Sketch, other: Sketch) -> bool:
    """Say whether two pages are the same paper, by their words, or by their images and the words that OCR read."""
    if sketch_similarity(one.runs, other.runs) >= ALIKE:
        return not _other_day(one, other)
    return (
        hash_distance(one, other) <= NEAR
        and sketch_similarity(one.words, other.words) >= NEAR_WORDS
        and not {*one.days}.isdisjoint(other.days)
        and min(len(one.figures), len(other.figures)) >= _FEWEST_FIGURES
        and not _contradict(one, other)
    )


def _says_too_little(one: Sketch, other: Sketch) -> bool:
    """Say whether two pages look the same and have too few words to tell: a drawing, a photograph, the back of a form."""
    return not (one.runs and other.runs) and hash_distance(one, other) <= _VERY_NEAR and not _contradict(one, other)


def mark_duplicates(documents: Sequence[Document], sketches: Sequence[Sketch]) -> tuple[Document, ...]:
    """Mark each document that repeats an earlier one. `sketches` are those of the pages, in order."""
    by_words: dict[int, list[int]] = defaultdict(list)
    hashed: list[int] = []
    marked: list[Document] = []
    for document in documents:
        pages = _written(document, sketches)
        first = pages[0] if pages else Sketch()
        candidates = {place for part in first.runs[:_LOOKED_UP] for place in by_words.get(part, ())}
        candidates |= {n for n in hashed if hash_distance(first, _written(marked[n], sketches)[0]) <= NEAR}
        original = next(
            (marked[place] for place in sorted(candidates) if _same(marked[place], document, sketches)), None
        )
        for part in first.runs[:_LOOKED_UP]:
            by_words[part].append(len(marked))
        if first.image_hash:
            hashed.append(len(marked))
        marked.append(replace(document, duplicate_of=(original.duplicate_of or original.id) if original else None))
    return tuple(marked)


def _written(document: Document, sketches: Sequence[Sketch]) -> list[Sketch]:
    """Give the sketches of a document's pages without blank ones, which some scanners keep and others drop."""
    return [one for one in sketches[document.first - 1 : document.last] if not one.blank]


def _same(one: Document, other: Document, sketches: Sequence[Sketch]) -> bool:
    """Say whether two documents are the same paper.

    Equally many written pages, all alike, at least one by its words, and no other date.
    """
    if one.dated_on and other.dated_on and one.dated_on != other.dated_on:
        return False
    mine, theirs = _written(one, sketches), _written(other, sketches)
    if len(mine) != len(theirs):
        return False
    pairs = list(zip(mine, theirs, strict=True))
    papers = [_one_paper(a, b) for a, b in pairs]
    return any(papers) and all(paper or _says_too_little(a, b) for paper, (a, b) in zip(papers, pairs, strict=True))


def repeated_pages(documents: Iterable[Document], sketches: Sequence[Sketch]) -> Mapping[int, int]:
    """Map each single page that repeats an earlier page to that page, in documents that are not duplicates as a whole."""
    by_words: dict[int, list[int]] = defaultdict(list)
    again: dict[int, int] = {}
    for document in documents:
        for number in range(document.first, document.last + 1) if not document.duplicate_of else ():
            this = sketches[number - 1]
            if len(this.runs) < _FEWEST_RUNS:
                continue
            candidates = {place for part in this.runs[:_LOOKED_UP] for place in by_words.get(part, ())}
            before = next((n for n in sorted(candidates) if _same_page(sketches[n - 1], this)), None)
            if before is not None:
                again[number] = before
            else:
                for part in this.runs[:_LOOKED_UP]:
                    by_words[part].append(number)
    return again


def _same_page(one: Sketch, other: Sketch) -> bool:
    """Say whether two pages are the same: nearly all words agree and, if both came as text, every number."""
    if one.image_hash or other.image_hash:
        return sketch_similarity(one.runs, other.runs) >= _SAME_PAGE and not _contradict(one, other)
    return one.figures == other.figures and sketch_similarity(one.runs, other.runs) >= _SAME_PAGE
