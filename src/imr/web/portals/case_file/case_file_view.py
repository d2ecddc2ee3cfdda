"""The case file that a person may open: its pages and documents by their places, their addresses, and the text layer of a page.

A place in the file is a document's digest and its own page number, so that a link stays right when more documents come. No page
is read to find another one: a file of a thousand pages opens as fast as one of ten.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import overload
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from imr.casing import capitalize_first
from imr.records import text_search
from imr.records.model import Box, CaseFile, Document, Page
from imr.web import access
from imr.web.access import CaseAccess, DocumentLine
from imr.web.case_files import ingestion
from imr.web.platform.formatting import only_day

#: The orders of an index.
ORDERS = ("place", "date", "kind", "author")


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document as it was sent, and how far its reading is."""

    line: DocumentLine
    reading: ingestion.IngestionState


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of these documents, which are the same pages for the same digests."""

    digests: tuple[str, ...]
    pages: Sequence[Page] = field(compare=False)


class Hits(Sequence[text_search.PhraseHit]):
    """The places of a phrase. It stores the number of hits on each page; a hit is found again when it is asked for."""

    def __init__(self, pages: Sequence[Page], phrase: str) -> None:
        self._pages, self._phrase = pages, phrase
        self._counts = Counter(hit.page for hit in text_search.hits(pages, phrase))
        #: The pages with a hit, in their order.
        self.pages = sorted(self._counts)
        self._ends = list(accumulate(self._counts[page] for page in self.pages))

    def on(self, page: int) -> tuple[text_search.PhraseHit, ...]:
        """Return the hits on a page."""
        return tuple(text_search.hits([self._pages[page - 1]], self._phrase)) if page in self._counts else ()

    def before(self, page: int) -> int | None:
        """Return the nearest page before this one with a hit."""
        at = bisect_left(self.pages, page)
        return self.pages[at - 1] if at else None

    def after(self, page: int) -> int | None:
        """Return the nearest page after this one with a hit."""
        at = bisect_right(self.pages, page)
        return self.pages[at] if at < len(self.pages) else None

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> text_search.PhraseHit: ...
    @overload
    def __getitem__(self, place: slice) -> list[text_search.PhraseHit]: ...
    def __getitem__(self, place: int | slice) -> text_search.PhraseHit | list[text_search.PhraseHit]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        start, stop, _ = place.indices(len(self))
        first = bisect_right(self._ends, start)
        found: list[text_search.PhraseHit] = []
        skipped = start - (self._ends[first - 1] if first else 0)
        for page in self.pages[first:]:
            if len(found) >= skipped + stop - start:
                break
            found += self.on(page)
        return found[skipped : skipped + stop - start]


@lru_cache(maxsize=64)
def _found(pages: _Pages, phrase: str) -> Hits:
    return Hits(pages.pages, phrase)


@dataclass(frozen=True)
class CaseFileView:
    """The case file of one case as this person may open it. `base` is the address of its index."""

    base: str
    case_access: CaseAccess
    sent: tuple[SentDocument, ...]
    digests: tuple[str, ...]
    built: CaseFile
    index: access.FileIndex

    @classmethod
    def of(cls, case_access: CaseAccess) -> "CaseFileView":
        """Return the documents as sent, and the case file of those that are read, with corrections. The view is logged."""
        index = access.file_index(case_access)
        states = ingestion.states(line.digest for line in index.lines)
        sent = tuple(SentDocument(line, states[line.digest]) for line in index.lines)
        digests = tuple(one.line.digest for one in sent if one.reading.done and not one.reading.problem)
        base = reverse("cases:file", kwargs={"number": case_access.number})
        return cls(base, case_access, sent, digests, ingestion.casefile(digests, index.stated), index)

    def found(self, phrase: str) -> Hits:
        """Return the places of a phrase in the whole file, searched for once. Raises ImrError on an empty phrase."""
        return _found(_Pages(self.digests, self.built.pages), phrase)

    @cached_property
    def _twins(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for page, before in self.built.repeated.items():
            found.setdefault(before, [before]).append(page)
        return found

    def twins(self, page: int) -> list[tuple[int, str]]:
        """Return where else in the file the same page is, each with its address."""
        same = self._twins.get(self.built.repeated.get(page, page), [])
        return [(one, self.href(one)) for one in sorted(same) if one != page]

    def repeated(self, document: Document) -> list[tuple[int, int]]:
        """Return the pages of a document that are in the file before it, each with that page."""
        repeated = self.built.repeated
        return [(page, repeated[page]) for page in range(document.first, document.last + 1) if page in repeated]

    @property
    def waiting(self) -> list[SentDocument]:
        """Return what is not read yet."""
        return [one for one in self.sent if not one.reading.done]

    @cached_property
    def _starts(self) -> list[int]:
        """Return how many pages come before each file."""
        return [0, *accumulate(ingestion.ingestion_state(digest).pages for digest in self.digests)]

    def place(self, digest: str, page: int) -> int:
        """Return the number in the case file, from 1, of a page of a document. Http404 where it is not in it."""
        for at, one in enumerate(self.digests):
            if one == digest and 1 <= page <= self._starts[at + 1] - self._starts[at]:
                return self._starts[at] + page
        raise Http404

    def source(self, number: int) -> tuple[str, int]:
        """Return the document as sent, and its page, for a page of the case file."""
        at = bisect_right(self._starts, number - 1) - 1
        return self.digests[at], number - self._starts[at]

    def is_left_out(self, number: int) -> bool:
        """Return whether a person marked the document of a page as left out by the consent, for those who may see that."""
        return bool(self._left_out) and self.source(number)[0] in self._left_out

    @cached_property
    def _left_out(self) -> frozenset[str]:
        return frozenset(one.line.digest for one in self.sent if one.line.outside_consent)

    def href(self, number: int, q: str = "", *, ending: str = "") -> str:
        """Return the address of a page of the case file."""
        digest, page = self.source(number)
        query = f"?{urlencode({'q': q})}" if q else ""
        return f"{self.base}{digest}/{page}/{ending}{query}"

    def documents(self, order: str = "place", kind: str = "") -> Sequence[Document]:
        """Return the documents in an order, of one kind where one is named."""
        found = [one for one in self.built.documents if not kind or one.kind.value == kind]
        if order == "date":
            found.sort(key=lambda one: (one.dated_on is None, one.dated_on or 0, one.first))
        elif order == "kind":
            found.sort(key=lambda one: (one.kind.value, one.first))
        elif order == "author":
            found.sort(key=lambda one: (one.author is None, one.author or "", one.first))
        return found

    def aside(self, order: str, here: Document | None, q: str) -> SafeString:
        """Render the index at the side of a page: a line for each document, repeated ones once.

        Made here and not by a template: a file of a thousand pages has hundreds of lines on each page.
        """
        lines = []
        for one in self.documents(order):
            if one.duplicate_of and one is not here:
                continue
            digest, page = self.source(one.first)
            query = escape("?" + urlencode({"q": q, "by": order} if q else {"by": order}))
            now = ' aria-current="true"' if one is here else ""
            details = [only_day(one.dated_on) if one.dated_on else "", one.author if order == "author" else ""]
            text = escape(", ".join([*filter(None, details), f"p. {one.first}"]))
            kind = capitalize_first(one.kind.value)
            lines.append(
                f'<li><a href="{self.base}{digest}/{page}/{query}"{now}>{escape(kind)}</a> <small>{text}</small></li>'
            )
        return mark_safe("".join(lines))  # noqa: S308 - every text in it is escaped above


def drawn(page: Page, marked: Iterable[Box]) -> SafeString:
    """Render the hits and words of a page as an SVG layer over its image; each word ends in a space, so that copying gives words."""
    hits = [
        f'<rect class="hit-box" x="{box.left:.1f}" y="{box.top:.1f}" width="{box.right - box.left:.1f}" '
        f'height="{box.bottom - box.top:.1f}" rx="1"/>'
        for box in marked
    ]
    words = []
    for word in page.words:
        box = word.box
        width, height = max(1.0, box.right - box.left), max(1.0, box.bottom - box.top)
        words.append(
            f'<text x="{box.left:.1f}" y="{box.bottom - 0.22 * height:.1f}" font-size="{height:.1f}" '
            f'textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs">{escape(word.text)} </text>'
        )
    return mark_safe("".join([*hits, *words]))  # noqa: S308 - the words are escaped, all else is numbers
