"""The result of reading a text: the determination, and the text in pieces of words of the form, blanks, and unread text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from typing import NamedTuple

from imr.determination.model import Determination

Span = tuple[int, int]


class Piece(NamedTuple):
    """A part of the text. `what` is "words", "blank" or "unread"; `field` names the blank."""

    start: int
    end: int
    what: str
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The result of reading a text: a determination or None, its problems, and the unread text.

    `layout` names the edition, also if it is recognized and not read. `placed` are the words and blanks as they were
    found, in any order, `feet` the page footers, which may be within a blank.
    """

    text: str
    determination: Determination | None
    problems: tuple[str, ...]
    layout: str | None
    placed: tuple[Piece, ...] = ()
    feet: tuple[Piece, ...] = ()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The text from start to end: words, blanks, and unread text. Computed on first use."""
        return tuple(_around(_end_to_end(self._without_feet, self.placed), self.feet))

    @cached_property
    def _without_feet(self) -> str:
        text = self.text
        for foot in self.feet:
            text = text[: foot.start] + " " * (foot.end - foot.start) + text[foot.end :]
        return text

    @property
    def unread(self) -> tuple[str, ...]:
        """The parts of the text that belong to no words and no blank of the form."""
        return tuple(self.text[p.start : p.end].strip() for p in self.pieces if p.what == "unread")

    @property
    def unread_share(self) -> float:
        """The share of the text, in characters, that was not read: 0 to 1."""
        text = self._without_feet
        left = [text[start:stop] for start, stop in _gaps(text, self.placed)]
        # As in nearly every letter: its pieces are not computed for this.
        if not "".join(left).strip() or not any(map(_is_unread, left)):
            return 0.0
        return sum(p.end - p.start for p in self.pieces if p.what == "unread") / len(self.text)


def _end_to_end(text: str, placed: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the placed pieces and the gaps between them. White space between two pieces counts as words."""
    between = (
        Piece(start, stop, "unread" if _is_unread(text[start:stop]) else "words") for start, stop in _gaps(text, placed)
    )
    yield from merge(between, sorted(placed))


def _gaps(text: str, placed: Sequence[Piece]) -> Iterator[Span]:
    """Yield the gaps between the placed pieces."""
    place = 0
    for piece in sorted(placed):
        if place < piece.start:
            yield place, piece.start
        place = piece.end
    if place < len(text):
        yield place, len(text)


def _is_unread(left: str) -> bool:
    return bool(left.strip().strip("•"))


def _around(pieces: Iterator[Piece], feet: Sequence[Piece]) -> Iterator[Piece]:
    """Yield `pieces`; one that runs over the end of a page is split, with the footer of the page between its parts."""
    if not feet:
        yield from pieces
        return
    for piece in pieces:
        place = piece.start
        for foot in feet:
            if piece.start <= foot.start < piece.end:
                yield from (piece._replace(start=place, end=foot.start), foot)
                place = foot.end
        yield piece._replace(start=place)
