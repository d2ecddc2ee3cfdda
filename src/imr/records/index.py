"""From uploaded files to the case file: pages, documents, facts, each with its place."""

import textwrap
from array import array
from collections.abc import Callable, Sequence

from imr.records import segment
from imr.records.describe import describe
from imr.records.model import CaseFile, Document, Page, Words

#: The page that a plain text is set on: US letter in points, with margins of an inch and lines of 12 points.
_WIDTH, _HEIGHT, _MARGIN, _LINE, _LETTER = 612.0, 792.0, 72.0, 12.0, 5.2


def from_texts(texts: Sequence[str], *, file: str = "text") -> CaseFile:
    """The case file whose pages hold these texts, an item a page, as if they had been typed.

    Documents and facts are found as in any file. Made for what has no PDF: tests, drafts, texts of another extractor.
    """
    pages = [_typed(text, number, file) for number, text in enumerate(texts, 1)]
    return of_pages(pages)


def of_pages(pages: Sequence[Page]) -> CaseFile:
    """The case file that these pages make, in their order."""
    documents = documents_of(segment.starts([segment.look(page) for page in pages]), lambda number: pages[number - 1])
    return CaseFile(pages=pages, documents=documents)


def documents_of(runs: Sequence[segment.Run], page: Callable[[int], Page]) -> tuple[Document, ...]:
    """The documents of these runs of pages; `page` gives a page by its number."""
    return tuple(
        describe(run, [page(n) for n in sorted({run.first, min(run.first + 1, run.last), run.last})], number)
        for number, run in enumerate(runs, 1)
    )


def _typed(text: str, number: int, file: str) -> Page:
    """A page as a typewriter would set it: long lines folded, a box for each word where it would stand."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 90) or [""])]
    body = "\n".join(lines)
    starts, ends, edges = array("I"), array("I"), array("f")
    at = 0
    for row, line in enumerate(lines):
        column = 0
        top = _MARGIN + row * _LINE
        for word in line.split():
            column = line.index(word, column)
            starts.append(at + column)
            ends.append(at + column + len(word))
            left = _MARGIN + column * _LETTER
            edges.extend((left, top, left + len(word) * _LETTER, top + _LINE - 2))
            column += len(word)
        at += len(line) + 1
    height = max(_HEIGHT, 2 * _MARGIN + len(lines) * _LINE)
    return Page(
        number=number, file=file, source_page=number, width=_WIDTH, height=height, words=Words(body, starts, ends, edges), text=body
    )  # fmt: skip
