"""Applies people's corrections of the index of a file to what was read from it.

A correction states which pages of a file are one document, and its kind. Corrections are applied in order, later ones
over earlier ones; other pages stay as they were read. A file that is read again, by another engine or other rules,
keeps every correction. Facts that depend on the kind of document are searched again on the pages of a document whose
kind was corrected.
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
class CorrectedDocument:
    """Pages of one file, counted from 1, that a person stated to be one document.

    Without a title, only the pages and the kind are certain: date, author and facility that the person left out, and the title,
    are then taken from the pages.
    """

    file: str
    first: int
    last: int
    kind: RecordKind
    dated_on: date | None = None
    author: str | None = None
    facility: str | None = None
    title: str = ""


def apply_corrections(found: FileContents, stated: Sequence[CorrectedDocument], pages: Sequence[Page]) -> FileContents:
    """Apply corrections, in order, to the contents of one file, whose pages are `pages`.

    A fact moves with its page to the document that the page now belongs to; a fact that took its date from its document takes the
    date of the new one. Pages are loaded only where a correction needs them.
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
    """Yield the parts of documents before and after some pages."""
    for piece in pieces:
        if piece.first < first:
            yield replace(piece, last=min(piece.last, first - 1))
        if piece.last > last:
            yield replace(piece, first=max(piece.first, last + 1))


def _document(one: CorrectedDocument, last: int, page: Callable[[int], Page]) -> Document:
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
    """Yield the facts in page order, searched again on pages whose document has another kind now."""
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
