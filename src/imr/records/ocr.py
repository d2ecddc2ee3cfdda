"""Words of a page that is a picture. The only module that knows Tesseract (by tesserocr, in the process).

The page is straightened, read, and where it reads badly turned upright and read again; boxes are given on the page as it was.
The language data is Debian's package `tesseract-ocr`. Where there is none, `missing()` says what to install.
"""

import math
import os
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from imr.records import pictures
from imr.records.model import Words
from imr.records.pdf import Image

#: A page with less ink than this share of its points is blank: specks of dust and the shadow of a hole are less.
BLANK_INK = 0.0006
#: Below this mean confidence a page is turned and read again, for it may lie on its side or head.
TURN_BELOW = 60.0

#: The dots an inch at which a page is drawn for reading: finer takes half as long again and reads no better.
DPI = 200.0

_DATA = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_MOST_SKEW = 8.0
_WIDE_GAP = 1.5
_GAP = "   "


@dataclass(frozen=True, slots=True)
class Reading:
    """What OCR read on a page: text, words with boxes in points, and the mean confidence of its words (0 to 100)."""

    text: str
    words: Words
    confidence: float


def language_data() -> Path | None:
    """Where the language data of Tesseract stands on this machine."""
    places = [os.environ["TESSDATA_PREFIX"]] if "TESSDATA_PREFIX" in os.environ else list(_DATA)
    return next((Path(place) for place in places if (Path(place) / "eng.traineddata").exists()), None)


def missing() -> str | None:
    """What to install so that scans can be read; None where nothing is missing."""
    if language_data():
        return None
    return "scans cannot be read on this machine: install Tesseract's language data (Debian: apt install tesseract-ocr)"


class Tesseract:
    """A reader of page images, ready after the first. Not for two threads at once."""

    def __init__(self) -> None:
        import tesserocr

        self._api: Any = tesserocr.PyTessBaseAPI(path=f"{language_data()}/", lang="eng", psm=tesserocr.PSM.AUTO)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.End()

    def read(self, image: Image, dpi: float) -> Reading | None:
        """The words of a grey image; None where the page is blank."""
        if is_blank(image):
            return None
        best = self._read_straight(image, dpi, 0)
        if best.confidence < TURN_BELOW:
            for quarter in (2, 1, 3):
                other = self._read_straight(image, dpi, quarter)
                if other.confidence > best.confidence + 10 and len(other.words) >= len(best.words) // 2:
                    best = other
        return best

    def _read_straight(self, image: Image, dpi: float, quarter: int) -> Reading:
        turned = np.ascontiguousarray(np.rot90(image, quarter)) if quarter else image
        angle = skew(turned)
        straight = pictures.turn(turned, angle) if abs(angle) >= 0.15 else turned
        high, wide = straight.shape
        self._api.SetImageBytes(straight.tobytes(), wide, high, 1, wide)
        self._api.SetSourceResolution(round(dpi))
        rows = [line.split("\t", 11) for line in self._api.GetTSVText(0).split("\n")]
        found = [row for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip()]
        return _reading(found, wide, high, angle if straight is not turned else 0.0, quarter, dpi)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as Tesseract found it: its block, its words with left, top, right, bottom in points of the image."""

    block: int
    words: list[tuple[str, int, int, int, int, int]]
    left: int
    top: int
    right: int
    bottom: int


def _lines(rows: list[list[str]]) -> list[_Line]:
    grouped: dict[tuple[int, int, int], list[tuple[str, int, int, int, int, int]]] = {}
    for row in rows:
        left, top, width, height = (int(figure) for figure in row[6:10])
        word = (row[11].strip(), left, top, left + width, top + height, max(0, min(100, round(float(row[10])))))
        grouped.setdefault((int(row[2]), int(row[3]), int(row[4])), []).append(word)
    return [
        _Line(
            place[0],
            words,
            min(word[1] for word in words),
            min(word[2] for word in words),
            max(word[3] for word in words),
            max(word[4] for word in words),
        )
        for place, words in grouped.items()
    ]


def _in_rows(lines: list[_Line]) -> list[list[_Line]]:
    """The lines as rows of the page. A table's cells stand in one row; columns of prose stay one below the other."""
    if _has_columns(lines):
        return [[line] for line in lines]
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom) / 2):
        if rows and all(_beside(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _beside(one: _Line, other: _Line) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = one.left >= other.right or other.left >= one.right
    return apart and shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _has_columns(lines: list[_Line]) -> bool:
    """Whether two blocks of prose stand side by side."""
    prose = []
    for block in {line.block for line in lines}:
        own = [line for line in lines if line.block == block]
        if len(own) >= 5 and sum(len(line.words) for line in own) >= 5 * len(own):
            prose.append(
                _Line(block, [], min(o.left for o in own), own[0].top, max(o.right for o in own), own[-1].bottom)
            )
    return any(_beside(a, b) for n, a in enumerate(prose) for b in prose[n + 1 :])


def _reading(rows: list[list[str]], wide: int, high: int, angle: float, quarter: int, dpi: float) -> Reading:
    """The rows of Tesseract's table of words as a reading, with boxes on the page as it was."""
    parts: list[str] = []
    starts, ends, edges = array("I"), array("I"), array("f")
    sureness = bytearray()
    at = 0
    bottom = 0
    for row in _in_rows(_lines(rows)):
        between = "" if not parts else "\n\n" if row[0].top - bottom > 0.9 * (row[0].bottom - row[0].top) else "\n"
        right = 0
        for word, left, top, word_right, word_bottom, sure in (word for line in row for word in line.words):
            if right:
                between = _GAP if left - right > _WIDE_GAP * max(word_bottom - top, 1) else " "
            parts += (between, word)
            starts.append(at + len(between))
            at += len(between) + len(word)
            ends.append(at)
            edges.extend(_unturned(left, top, word_right, word_bottom, wide, high, angle, quarter, 72 / dpi))
            sureness.append(sure)
            right = word_right
        bottom = max(line.bottom for line in row)
    text = "".join(parts)
    mean = sum(sureness) / len(sureness) if sureness else 0.0
    return Reading(text, Words(text, starts, ends, edges, bytes(sureness)), round(mean, 1))


def _unturned(
    left: float, top: float, right: float, bottom: float, wide: int, high: int, angle: float, quarter: int, scale: float
) -> tuple[float, float, float, float]:
    """A box of the straightened image, in points of the page as it was."""
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    if angle:
        # The image was turned against the clock about its middle; with rows downward, undoing it is this turn.
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        mx, my = wide / 2, high / 2
        corners = [(mx + (x - mx) * cos - (y - my) * sin, my + (x - mx) * sin + (y - my) * cos) for x, y in corners]
    if quarter == 1:  # rot90 once: shown (x, y) came from (high_before..): x = W - 1 - y', y = x'
        corners = [(high - y, x) for x, y in corners]
    elif quarter == 2:
        corners = [(wide - x, high - y) for x, y in corners]
    elif quarter == 3:
        corners = [(y, wide - x) for x, y in corners]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs) * scale, min(ys) * scale, max(xs) * scale, max(ys) * scale


def is_blank(image: Image) -> bool:
    """Whether a page has nothing on it that a person would read. The outermost twentieth, where scanners cast shadows, is left out."""
    small = pictures.shrink(image, 400) if image.shape[1] > 400 else image
    high, wide = small.shape
    inner = small[high // 20 : high - high // 20, wide // 20 : wide - wide // 20]
    paper = float(np.percentile(inner, 90))
    return float((inner < paper - 60).mean()) < BLANK_INK


def skew(image: Image) -> float:
    """By how many degrees against the clock the page must be turned for its lines to lie level.

    Tried on the rows of ink: where lines lie level, rows are full or empty, so the sum of their squares is largest.
    """
    small = pictures.shrink(image, 800) if image.shape[1] > 800 else image
    paper = float(np.percentile(small, 90))
    rows, columns = np.nonzero(small < paper - 60)
    if len(rows) < 200:
        return 0.0
    if len(rows) > 60_000:
        step = len(rows) // 60_000 + 1
        rows, columns = rows[::step], columns[::step]
    reach = small.shape[0] + small.shape[1]
    best = _steepest(rows, columns, np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5), reach)
    best = _steepest(rows, columns, np.arange(best - 0.4, best + 0.41, 0.1), reach)
    return 0.0 if abs(best) > _MOST_SKEW - 0.2 else round(float(best), 2)


def _steepest(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], angles: npt.NDArray[np.float64], reach: int
) -> float:
    def level(angle: float) -> float:
        shifted = (rows - columns * math.tan(math.radians(angle)) + reach).astype(np.int64)
        full = np.bincount(shifted).astype(np.float64)
        return float((full * full).sum())

    return max((float(angle) for angle in angles), key=level)
