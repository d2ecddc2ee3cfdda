"""A letter as a value: a sequence of blocks. The same value gives the text and the PDF.

Every paper that the system sends is a `Letter`: the determination and each notice. A block holds plain text, never
markup. `plain(letter)` gives it as text, and `pdf.render(letter)` as a tagged, archival PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section (level 1) or of a part of one (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, with a bold label before it if it has one. Blank lines separate paragraphs."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of labels and values, as at the head of a letter, with two column titles."""

    rows: tuple[tuple[str, str], ...]
    heads: tuple[str, ...] = ("About this case", "As recorded")


@dataclass(frozen=True, slots=True)
class Decided:
    """The heading of one disputed treatment, with its number and the decision after it."""

    count: str
    heading: str
    decision: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered or with bullets."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row and a `caption`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A notice that a reader in a hurry must not miss: set apart, with a heading of its own."""

    title: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The address that the letter goes to, one line an item."""

    lines: tuple[str, ...]


Block = Heading | Paragraph | Facts | Decided | Listing | Table | Note | PostalAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter. `sender` heads the first page; `reference` (a case number) is printed with the page number on every page.

    `dated_on` is the letter's own day: it dates the PDF, so that the same letter has the same bytes whenever it is
    made. `language` is an ISO 639 code.
    """

    title: str
    sender: str
    blocks: tuple[Block, ...]
    dated_on: date | None = None
    reference: str = ""
    language: str = "en"


#: The text at the foot of each page of the PDF; the reader recognizes the foot by it.
FOOTER = "Independent Medical Review · {reference} · Page {page} of {pages}"


def plain(letter: Letter) -> str:
    """Give the letter as text, from its sender to its last block."""
    return f"{letter.sender}\n{letter.title}\n\n{text_of(letter.blocks)}".lstrip("\n")


def text_of(blocks: Sequence[Block]) -> str:
    """Give the blocks as text: a line a paragraph, an empty line between blocks."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [text]
        case Paragraph(text, label):
            return [f"{label} {text}" if label else text]
        case Facts(rows):
            return [f"{label} {value}" for label, value in rows]
        case Decided(count, heading, decision):
            return [*([count] if count else []), f"{heading}: {decision}"]
        case Listing(items, numbered):
            return [f"{number}. {item}" if numbered else f"• {item}" for number, item in enumerate(items, 1)]
        case Table(columns, rows, caption):
            return [*([caption] if caption else []), " | ".join(columns), *(" | ".join(row) for row in rows)]
        case Note(title, text, items):
            return [title, *([text] if text else []), *(f"• {item}" for item in items)]
        case _:
            return list(block.lines)
