"""What people corrected in the index of a file, over whatever a reading of it found.

A correction states which pages of a file are one document, and what it is. It is laid over the documents of the reading, the
later over the earlier; pages of which nobody said anything stay as they were read. So a file that is read anew, by another
engine or another rule, keeps every correction.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from imr.law.terms import RecordKind
from imr.records.index import Understood
from imr.records.model import Document, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Pages of one file, counted from 1, that a person stated to be one document."""

    file: str
    first: int
    last: int
    kind: RecordKind
    dated_on: date | None = None
    author: str | None = None
    facility: str | None = None
    title: str = ""


def applied(found: Understood, stated: Sequence[Stated]) -> Understood:
    """What is understood of one file, with what was stated of it in the order in which it was said.

    A fact goes with its page to the document that the page belongs to now; one that has its day from its document has the
    day of that document.
    """
    if not stated:
        return found
    pieces = list(found.documents)
    for one in stated:
        last = min(one.last, found.pages)
        if one.first <= last:
            pieces = sorted((*_around(pieces, one.first, last), _document(one, last)), key=lambda piece: piece.first)
    documents = tuple(replace(piece, id=f"d{number}") for number, piece in enumerate(pieces, 1))
    return replace(found, documents=documents, facts=tuple(_moved(found, documents)))


def _around(pieces: Iterable[Document], first: int, last: int) -> Iterable[Document]:
    """What is left of documents before and behind some pages: the same documents, shorter."""
    for piece in pieces:
        if piece.first < first:
            yield replace(piece, last=min(piece.last, first - 1))
        if piece.last > last:
            yield replace(piece, first=max(piece.first, last + 1))


def _document(one: Stated, last: int) -> Document:
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


def _moved(found: Understood, documents: Sequence[Document]) -> Iterable[Fact]:
    days = {document.id: document.dated_on for document in found.documents}
    firsts = [document.first for document in documents]
    for fact in found.facts:
        document = documents[bisect_right(firsts, fact.page) - 1]
        of_its_document = fact.dated_on == days[fact.document]
        yield replace(fact, document=document.id, dated_on=document.dated_on if of_its_document else fact.dated_on)
