"""OCR of page images. The only module that uses Tesseract (by tesserocr, in the process).

The page is straightened and read; if it reads badly, it is turned upright and read again. Boxes are given on the page
as it was. Pages of numbers, and pages with low confidence, are read once more by the engine of `records.second_ocr`.
The language data is Debian's package `tesseract-ocr`; `missing_language_data()` says what to install.
"""

import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from imr.records import images, second_ocr
from imr.records.ocr_layout import OcrLine, OcrText, OcrWord, PageRotation, has_columns, lay_out
from imr.records.pdf import Image

#: A page with less ink than this share of its pixels is blank: specks of dust and the shadow of a hole have less.
BLANK_INK = 0.0006
#: Below this mean confidence a page is turned and read again, because it may be sideways or upside down.
TURN_BELOW = 60.0

#: The resolution of a page for OCR, in dots per inch: a finer one takes half as long again and reads no better.
DPI = 200.0

_DATA = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_MOST_SKEW = 8.0
#: The name of the engine in a page's `engine`.
ENGINE = "Tesseract"
#: Below this mean confidence a page is read by the second engine too, and so is a page of which at least this share of words,
#: and this many, are numbers: in a table of results a wrong number is worse than a wrong word.
SURE_ENOUGH = 94.0
_OF_FIGURES, _FIGURES = 0.25, 20
#: Below this mean confidence a page does not count as read where nothing on it may be missed: handwriting, a drawing.
LEGIBLE = 75.0


def language_data() -> Path | None:
    """Give the folder of Tesseract's language data on this machine; None if there is none."""
    places = [os.environ["TESSDATA_PREFIX"]] if "TESSDATA_PREFIX" in os.environ else list(_DATA)
    return next((Path(place) for place in places if (Path(place) / "eng.traineddata").exists()), None)


def missing_language_data() -> str | None:
    """Say what to install so that scans can be read; None if nothing is missing."""
    if language_data():
        return None
    return "scans cannot be read on this machine: install Tesseract's language data (Debian: apt install tesseract-ocr)"


class OcrReader:
    """Reads page images; fast after the first. Not for use by two threads at once."""

    def __init__(self) -> None:
        import tesserocr

        self._api: Any = tesserocr.PyTessBaseAPI(path=f"{language_data()}/", lang="eng", psm=tesserocr.PSM.AUTO)
        self._second: second_ocr.SecondEngine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.End()

    def read(self, image: Image, dpi: float, *, again: bool = True) -> OcrText | None:
        """Read a gray image; None if the page is blank. With `again`, the second engine's reading is used if it is better."""
        if is_blank(image):
            return None
        best, turned, straight, lines = self._read_straight(image, dpi, 0)
        if best.confidence < TURN_BELOW:
            for quarter in (2, 1, 3):
                other = self._read_straight(image, dpi, quarter)
                if other[0].confidence > best.confidence + 10 and len(other[0].words) >= len(best.words) // 2:
                    best, turned, straight, lines = other
        if again and needs_second_engine(best) and not has_columns(lines):
            second = lay_out(self._engine().lines(straight), turned, second_ocr.ENGINE)
            if len(second.text.split()) and _letters(second) >= 0.9 * _letters(best):
                best = second
        return replace(best, image_hash=images.image_hash(straight))

    def _engine(self) -> "second_ocr.SecondEngine":
        if self._second is None:
            self._second = second_ocr.SecondEngine()
        return self._second

    def _read_straight(
        self, image: Image, dpi: float, quarter: int
    ) -> tuple[OcrText, PageRotation, Image, list[OcrLine]]:
        upright = np.ascontiguousarray(np.rot90(image, quarter)) if quarter else image
        angle = skew(upright)
        angle = angle if abs(angle) >= 0.15 else 0.0
        straight = images.rotate(upright, angle) if angle else upright
        high, wide = straight.shape
        self._api.SetImageBytes(straight.tobytes(), wide, high, 1, wide)
        self._api.SetSourceResolution(round(dpi))
        rows = [line.split("\t", 11) for line in self._api.GetTSVText(0).split("\n")]
        lines = _lines([row for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip()])
        turned = PageRotation(wide, high, dpi, quarter, angle)
        return lay_out(lines, turned, ENGINE), turned, straight, lines


def needs_second_engine(found: OcrText) -> bool:
    """Say whether a page is of the sort that Tesseract reads worse than the second engine."""
    if found.confidence < SURE_ENOUGH:
        return True
    of_figures = sum(any(letter.isdigit() for letter in word) for word in found.text.split())
    return of_figures >= max(_FIGURES, _OF_FIGURES * len(found.words))


def _letters(found: OcrText) -> int:
    return sum(letter.isalnum() for letter in found.text)


def _lines(rows: list[list[str]]) -> list[OcrLine]:
    """Give the lines of Tesseract's table of words, in its order."""
    grouped: dict[tuple[int, int, int], list[OcrWord]] = {}
    for row in rows:
        left, top, width, height = (int(figure) for figure in row[6:10])
        word = (row[11].strip(), left, top, left + width, top + height, max(0, min(100, round(float(row[10])))))
        grouped.setdefault((int(row[2]), int(row[3]), int(row[4])), []).append(word)
    return [OcrLine.of(place[0], words) for place, words in grouped.items()]


def is_blank(image: Image) -> bool:
    """Say whether a page has nothing on it to read. The outermost twentieth, where scanners cast shadows, is ignored."""
    small = images.shrink(image, 400) if image.shape[1] > 400 else image
    high, wide = small.shape
    inner = small[high // 20 : high - high // 20, wide // 20 : wide - wide // 20]
    paper = float(np.percentile(inner, 90))
    return float((inner < paper - 60).mean()) < BLANK_INK


def skew(image: Image) -> float:
    """Measure the skew of a page: the degrees of counterclockwise rotation that make its lines level.

    Tried on the rows of ink: when lines are level, rows are full or empty, so the sum of their squares is largest.
    """
    small = images.shrink(image, 800) if image.shape[1] > 800 else image
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
