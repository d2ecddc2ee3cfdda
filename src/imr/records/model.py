"""A case file as a value: files, pages, words with their boxes, documents, dated facts, each with its place."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.terms import RecordKind


class TextSource(Enum):
    """Where the text of a page came from."""

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
    """A word, where it stands, and how sure its reading is (0 to 100; a text layer is 100)."""

    text: str
    box: Box
    confidence: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the case file. `number` counts through the whole file from 1; `source_page` within its own file."""

    number: int
    file: str
    source_page: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    text: str = ""
    source: TextSource = TextSource.TEXT_LAYER
    confidence: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Consecutive pages that are one document. `sure` is 0 to 1; `first` and `last` are page numbers of the case file."""

    id: str
    kind: RecordKind
    first: int
    last: int
    dated_on: date | None = None
    author: str | None = None
    facility: str | None = None
    title: str = ""
    sure: float = 1.0
    duplicate_of: str | None = None


class FactKind(Enum):
    """What a fact of the record is about."""

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
    """Something that the record says, with the words that say it and where they stand.

    `value` is the fact in a settled form (an ISO date, "ibuprofen 800 mg", "left shoulder"); `words` stands letter by
    letter in the box on the page.
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
    """The complete case file of one case, as read."""

    pages: tuple[Page, ...] = ()
    documents: tuple[Document, ...] = ()
    facts: tuple[Fact, ...] = ()

    def document_on(self, page: int) -> Document | None:
        """The document that a page of the case file belongs to."""
        return next((d for d in self.documents if d.first <= page <= d.last), None)
