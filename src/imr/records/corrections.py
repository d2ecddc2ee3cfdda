"""What people corrected in the index of a file, over whatever a reading of it found.

A correction states which pages of a file are one document, and what it is. It is laid over the documents of the reading, the
later over the earlier; pages of which nobody said anything stay as they were read. So a file that is read anew, by another
engine or another rule, keeps every correction. What follows from a kind follows from the kind that was stated: facts that only
some kinds of document say are looked for again on the pages of a document that was given another kind.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from imr.law.terms import RecordKind
from imr.records import facts
from imr.records.index import FileContents, document_of
from imr.records.model import Document, Fact, Page
from imr.records.segment import PageRun, page_features


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDocument:
    """Pages of one file, counted from 1, that a person stated to be one document.

    Without a title, they stated the pages and the kind; day, author, facility and title are then those that a reading finds there,
    a day that they gave before one that is read.
    """

    file: str
    first: int
    last: int
    kind: RecordKind
    dated_on: date | None = None
    author: str | None = None
    facility: str | None = None
    title: str = ""


def apply_corrections(found: FileContents, stated: Sequence[StatedDocument], pages: Sequence[Page]) -> FileContents:
    """What is understood of one file, whose pages are `pages`, with what was stated of it in the order in which it was said.

    A fact goes with its page to the document that the page belongs to now; one that has its day from its document has the
    day of that document. Pages are read from their shelf only where a statement asks for it.
    """
    if not stated:
        return found

    @cache
    def page(number: int) -> Page:
        return pages[number - 1]

    pieces = list(found.documents)
    for one in stated:
        last = min(one.last, found.pages)
        if one.first <= last:
            document = _document(one, last, page)
            pieces = sorted((*_around(pieces, one.first, last), document), key=lambda piece: piece.first)
    documents = tuple(replace(piece, id=f"d{number}") for number, piece in enumerate(pieces, 1))
    return replace(found, documents=documents, facts=tuple(_said(found, documents, page)))


def _around(pieces: Iterable[Document], first: int, last: int) -> Iterable[Document]:
    """What is left of documents before and behind some pages: the same documents, shorter."""
    for piece in pieces:
        if piece.first < first:
            yield replace(piece, last=min(piece.last, first - 1))
        if piece.last > last:
            yield replace(piece, first=max(piece.first, last + 1))


def _document(one: StatedDocument, last: int, page: Callable[[int], Page]) -> Document:
    if not one.title:
        seen = page_features(page(one.first))
        read = document_of(PageRun(one.first, last, 1.0, seen.title, seen.title_words), page)
        return replace(
            read,
            kind=one.kind,
            dated_on=one.dated_on or read.dated_on,
            author=one.author or read.author,
            facility=one.facility or read.facility,
            confidence=1.0,
        )
    return Document(
        id="",
        kind=one.kind,
        first=one.first,
        last=last,
        dated_on=one.dated_on,
        author=one.author or None,
        facility=one.facility or None,
        title=one.title,
    )


def _said(found: FileContents, documents: Sequence[Document], page: Callable[[int], Page]) -> Iterator[Fact]:
    """The facts in the order of their pages: those of a page whose document has another kind now are looked for again."""
    kept: dict[int, list[Fact]] = {}
    for fact in found.facts:
        kept.setdefault(fact.page, []).append(fact)
    days = {document.id: document.dated_on for document in found.documents}
    firsts = [document.first for document in found.documents]
    for document in documents:
        for number in range(document.first, document.last + 1):
            if found.documents[bisect_right(firsts, number) - 1].kind is not document.kind:
                yield from facts.assign_documents(facts.on_page(page(number)), (document,))
                continue
            for fact in kept.get(number, ()):
                of_its_document = fact.dated_on == days[fact.document]
                yield replace(
                    fact, document=document.id, dated_on=document.dated_on if of_its_document else fact.dated_on
                )
