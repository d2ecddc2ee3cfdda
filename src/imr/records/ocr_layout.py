"""Layout of OCR: the lines of words that an engine found on a page image, put in the order in which a person reads them."""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imr.records.model import PageWords

_WIDE_GAP = 1.5
_GAP = "   "

#: A word with its left, top, right and bottom edge in pixels of the image, and its confidence, 0 to 100.
OcrWord = tuple[str, float, float, float, float, int]


@dataclass(frozen=True, slots=True)
class OcrText:
    """The text that OCR read on a page: words with boxes in points, their mean confidence (0 to 100), and the page's image hash."""

    text: str
    words: PageWords
    confidence: float
    engine: str
    image_hash: int = 0


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line of words as an engine found it, with the block of print that it belongs to."""

    block: int
    words: Sequence[OcrWord]
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, block: int, words: Sequence[OcrWord]) -> "OcrLine":
        """Make the line of these words."""
        _, lefts, tops, rights, bottoms, _ = zip(*words, strict=True)
        return cls(block, words, min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class PageRotation:
    """The rotation of a page before it was read: quarter turns counterclockwise, then degrees about its middle."""

    wide: int
    high: int
    dpi: float
    quarter: int = 0
    angle: float = 0.0

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Convert a box of the rotated image to points of the page as it was."""
        corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
        wide, high = self.wide, self.high
        if self.angle:
            # The image was turned counterclockwise about its middle; with rows downward, this turn undoes it.
            cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
            mx, my = wide / 2, high / 2
            corners = [(mx + (x - mx) * cos - (y - my) * sin, my + (x - mx) * sin + (y - my) * cos) for x, y in corners]
        if self.quarter == 1:
            corners = [(high - y, x) for x, y in corners]
        elif self.quarter == 2:
            corners = [(wide - x, high - y) for x, y in corners]
        elif self.quarter == 3:
            corners = [(y, wide - x) for x, y in corners]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        scale = 72 / self.dpi
        return min(xs) * scale, min(ys) * scale, max(xs) * scale, max(ys) * scale


def lay_out(lines: Sequence[OcrLine], turned: PageRotation, engine: str) -> OcrText:
    """Lay the lines out as the text of a page: a table's cells in one row, columns of prose one below the other."""
    parts: list[str] = []
    starts, ends, edges = array("I"), array("I"), array("f")
    confidences = bytearray()
    at = 0
    bottom = 0.0
    for row in _in_rows(lines):
        between = "" if not parts else "\n\n" if row[0].top - bottom > 0.9 * (row[0].bottom - row[0].top) else "\n"
        right = 0.0
        for line in row:
            wide = _WIDE_GAP if line is row[0] else _WIDE_GAP / 3  # the engine itself separated the cells of a row
            for word, left, top, word_right, word_bottom, confidence in line.words:
                if right:
                    between = _GAP if left - right > wide * max(word_bottom - top, 1) else " "
                wide = _WIDE_GAP
                parts += (between, word)
                starts.append(at + len(between))
                at += len(between) + len(word)
                ends.append(at)
                edges.extend(turned.box(left, top, word_right, word_bottom))
                confidences.append(confidence)
                right = word_right
        bottom = max(line.bottom for line in row)
    text = "".join(parts)
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    return OcrText(text, PageWords(text, starts, ends, edges, bytes(confidences)), round(mean, 1), engine)


def _in_rows(lines: Sequence[OcrLine]) -> list[list[OcrLine]]:
    if has_columns(lines):
        return [[line] for line in lines]
    rows: list[list[OcrLine]] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom) / 2):
        if rows and all(_beside(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _beside(one: OcrLine, other: OcrLine) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = one.left >= other.right or other.left >= one.right
    return apart and shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def has_columns(lines: Iterable[OcrLine]) -> bool:
    """Say whether two blocks of prose are side by side."""
    blocks: dict[int, list[OcrLine]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line)
    prose = [
        OcrLine(block, (), min(one.left for one in own), own[0].top, max(one.right for one in own), own[-1].bottom)
        for block, own in blocks.items()
        if len(own) >= 5 and sum(len(line.words) for line in own) >= 5 * len(own)
    ]
    return any(_beside(a, b) for n, a in enumerate(prose) for b in prose[n + 1 :])
