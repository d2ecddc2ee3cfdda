"""A case file as a value: files, pages, words with their boxes, documents, dated facts, each with its place."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import overload

from imr.law.terms import RecordKind
from imr.plain import stored_as


class TextSource(Enum):
    """The source of a page's text."""

    TEXT_LAYER = "text layer"
    OCR = "OCR"
    BLANK = "blank page"
    NONE = "no text could be read"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points, from the top left corner of the page as shown."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its place, and the confidence of its reading (0 to 100; a text layer is 100)."""

    text: str
    box: Box
    confidence: float = 100.0


class PageWords(Sequence[Word]):
    """The words of a page in reading order, stored as numbers beside the page's text: a page of 500 words takes 15 kB.

    `starts` and `ends` are offsets in the page's text, four numbers of `edges` a word are its box, and `confidences` is
    a byte a word (0 to 100), or empty if all are 100. A `Word` is made on demand.
    """

    __slots__ = ("confidences", "edges", "ends", "starts", "text")

    def __init__(
        self, text: str, starts: "array[int]", ends: "array[int]", edges: "array[float]", confidences: bytes = b""
    ) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends
        self.edges = edges
        self.confidences = confidences

    @classmethod
    def placed(cls, words: Sequence[Word], *, text: str | None = None) -> "PageWords":
        """Pack words at their places in `text`, or in a text with one space between words."""
        whole = " ".join(word.text for word in words) if text is None else text
        starts, ends, edges = array("I"), array("I"), array("f")
        at = 0
        for word in words:
            start = whole.index(word.text, at)
            at = start + len(word.text)
            starts.append(start)
            ends.append(at)
            edges.extend((word.box.left, word.box.top, word.box.right, word.box.bottom))
        return cls(whole, starts, ends, edges, bytes(round(word.confidence) for word in words))

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> Word: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, place: int | slice) -> Word | tuple[Word, ...]:
        if isinstance(place, slice):
            return tuple(self[n] for n in range(*place.indices(len(self))))
        if place < 0:
            place += len(self)
        text = self.text[self.starts[place] : self.ends[place]]
        return Word(text, self.box(place, place), float(self.confidences[place]) if self.confidences else 100.0)

    def __iter__(self) -> Iterator[Word]:
        return (self[n] for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other))  # noqa: B905 - same length

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Words({len(self)} of {self.text[:40]!r})"

    def box(self, first: int, last: int) -> Box:
        """Give the smallest box around the words from `first` to `last`, both counted from 0."""
        edges = self.edges
        span = range(first * 4, last * 4 + 4, 4)
        return Box(
            min(edges[n] for n in span),
            min(edges[n + 1] for n in span),
            max(edges[n + 2] for n in span),
            max(edges[n + 3] for n in span),
        )

    def within(self, start: int, end: int) -> range:
        """Give the words that are, whole or in part, between two offsets of the page's text."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the case file. `number` counts through the whole case file from 1; `source_page` within its own file.

    `engine` names the OCR engine that read the page; empty if none did. `image_hash` is a perceptual hash of 256 bits,
    similar for two scans of one paper; 0 if the page was not rendered.
    """

    number: int
    file: str
    source_page: int
    width: float
    height: float
    words: Sequence[Word] = ()
    text: str = ""
    source: TextSource = TextSource.TEXT_LAYER
    confidence: float = 100.0
    engine: str = ""
    image_hash: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Consecutive pages that are one document. `confidence` is 0 to 1; `first` and `last` are page numbers of the case file."""

    id: str
    kind: RecordKind
    first: int
    last: int
    dated_on: date | None = None
    author: str | None = None
    facility: str | None = None
    title: str = ""
    confidence: float = field(default=1.0, metadata=stored_as("sure"))
    duplicate_of: str | None = None


class FactKind(Enum):
    """The subject of a fact of the record."""

    INJURED_ON = "date of injury"
    BORN_ON = "date of birth"
    DIAGNOSIS = "diagnosis"
    MEDICATION = "medication"
    VISITS = "visits completed"
    PROCEDURE = "procedure"
    TEST_RESULT = "test result"
    BODY_PART = "body part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact in the record, with the words that state it and their place.

    `value` is the fact in a normal form (an ISO date, "ibuprofen 800 mg", "left shoulder"); `words` are exactly the
    characters in the box on the page.
    """

    kind: FactKind
    value: str
    document: str
    page: int
    box: Box
    words: str
    dated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """The complete case file of one case, as read. `repeated` maps each page that repeats an earlier page to that page."""

    pages: Sequence[Page] = ()
    documents: tuple[Document, ...] = ()
    facts: tuple[Fact, ...] = ()
    repeated: Mapping[int, int] = field(default_factory=dict)

    def document_on(self, page: int) -> Document | None:
        """Give the document that a page of the case file belongs to."""
        return next((d for d in self.documents if d.first <= page <= d.last), None)
