"""Pages of a PDF: words with their boxes, and images. The only module that uses the library that reads PDFs (PDFium).

Boxes are in points from the top left corner of the page as shown, whatever its rotation or crop box. Code that reads an
untrusted file runs in `records.sandbox`, which limits it.
"""

import ctypes
import math
import re
from array import array
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from imr.errors import Unreadable
from imr.records.model import PageWords
from imr.records.reading_order import places, set_as_text

#: An image of a page: rows of pixels, gray (two dimensions) or red, green, blue (three).
Image = npt.NDArray[np.uint8]

#: The largest PDF that is read as a letter, in bytes.
LARGEST = 128 * 1024 * 1024

#: Where a PDF may begin: readers allow some bytes before the header, and mail gateways add them.
_MARK_WITHIN = 1024

#: A word; the library gives a hyphen that ends a line as the noncharacter U+FFFE.
_WORD = re.compile(r"[^\s\x00-\x1f\x7f\ufffe\uffff]+\ufffe?")


def _plainly(function: Any, *arguments: Any) -> Any:
    """Bind a library function to plain addresses and numbers, so that five hundred calls a page create no objects."""
    return ctypes.PYFUNCTYPE(ctypes.c_int, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_loose_box = _plainly(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_lacks_letter = _plainly(raw.FPDFText_HasUnicodeMapError, ctypes.c_void_p, ctypes.c_int)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the of and to in is a for with on was at by no patient date name he she or be as this that not are from has had medical "
        "report treatment pain left right",
    )
)
_PLAIN_WORD = re.compile(r"\b[a-z]{2,}\b")
_STRANGE = re.compile(r"[\ue000-\uf8ff\ufffd]")
_VOWEL = re.compile(r"[aeiouy]")
_FEW_WORDS = 30


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text layer of a page. `trusted` is false if there is none, or if it cannot be what the page shows."""

    text: str
    words: PageWords
    width: float
    height: float
    rotation: int
    trusted: bool


class Pdf:
    """An open PDF. Pages count from 0. Raises Unreadable if the file is not a PDF, or is encrypted or broken.

    A page with fields or notes is read and rendered from a copy in which they are page content (`records.pdf_forms`).
    """

    def __init__(self, data: bytes | Path) -> None:
        self._source = data
        self._drawn: Any = None
        self._in_copy: dict[int, int] = {}
        self._values: dict[int, tuple[tuple[str, str], ...]] = {}
        try:
            self._pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
                raise Unreadable("this PDF is locked with a password; remove the password and send it again") from error
            raise Unreadable(
                "this PDF is broken; save it again from the program that made it, or send the text"
            ) from error
        except FileNotFoundError as error:
            raise Unreadable(f"there is no file {data!s}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn is not None:
            self._drawn.close()
        self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def layer(self, number: int) -> TextLayer:
        """Give the words of a page from its text layer, in reading order."""
        page = self._page(number)
        try:
            return _layer(page, self._typed_before(number))
        finally:
            page.close()

    def hidden(self, number: int, text: str) -> tuple[str, ...]:
        """Give the fields of a page whose value is not in its `text`, each as a sentence.

        A page may not show everything that is in it.
        """
        values = self._values.get(number, ())
        shown = "".join(text.split()) if values else ""
        return tuple(
            f"the field \u201c{name}\u201d of page {number + 1} holds \u201c{value}\u201d, which the page does not show"
            for name, value in values
            if "".join(value.split()) not in shown
        )

    def is_text_alone(self, number: int) -> bool:
        """Say whether a page shows nothing but text: no picture, line, shading, form, field or note."""
        page = self._pdf[number]
        try:
            kinds = (thing.type for thing in page.get_objects(max_depth=1))
            return all(kind == raw.FPDF_PAGEOBJ_TEXT for kind in kinds) and not _has_notes(page)
        finally:
            page.close()

    def text(self, number: int) -> str:
        """Give the text of a page in the order in which the file draws it."""
        return _drawn_text(self._page(number)).replace("\ufffe", "-").replace("\r\n", "\n").replace("\r", "\n")

    def size(self, number: int) -> tuple[float, float]:
        """Give the width and height of a page as shown, in points."""
        page = self._page(number)
        try:
            width, height = page.get_size()
            return float(width), float(height)
        finally:
            page.close()

    def image(self, number: int, dpi: float, *, grey: bool = True, most: int = 40_000_000) -> Image:
        """Render the page at `dpi` dots per inch, or coarser if it would have more than `most` pixels."""
        page = self._page(number)
        try:
            width, height = page.get_size()
            scale = min(dpi / 72, (most / max(1.0, width * height)) ** 0.5)
            bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=True)
            shown = bitmap.to_numpy()
            if shown.ndim == 3:
                shown = shown[:, :, 0] if grey else shown[:, :, :3]
            return np.ascontiguousarray(shown)
        finally:
            page.close()

    def _page(self, number: int) -> Any:
        try:
            if number in self._in_copy:
                return self._drawn[self._in_copy[number]]
            page = self._pdf[number]
            if self._drawn is not None or not _has_notes(page):
                return page
            page.close()
            self._draw_notes()
            return self._page(number)
        except pdfium.PdfiumError as error:
            raise Unreadable(
                f"page {number + 1} of this PDF is broken; save it again from the program that made it, or send the text"
            ) from error

    def _draw_notes(self) -> None:
        """Make the copy of the pages that have fields or notes."""
        from imr.records import pdf_forms  # most letters and reports need none of it

        copy = pdf_forms.flattened_copy(self._source)
        self._drawn = pdfium.PdfDocument(copy.data)
        self._in_copy = {number: place for place, number in enumerate(copy.pages)}
        self._values = copy.values

    def _typed_before(self, number: int) -> int | None:
        """Count the words that a page has under its fields and notes; None if it has none of these."""
        if number not in self._in_copy:
            return None
        return len(_drawn_text(self._pdf[number]).split())


def page_texts(data: bytes) -> tuple[str, ...]:
    """Give the text layer of a PDF, one string a page, in the order in which the file draws it; lines end with a line feed.

    A hyphen at the end of a line is kept. Raises Unreadable if `data` is not a PDF, is encrypted, is broken, is larger
    than LARGEST, or has no text on any page.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"this file has {len(data):,} bytes and the limit is {LARGEST:,}; split it and send the parts")
    if b"%PDF-" not in data[:_MARK_WITHIN]:
        raise Unreadable("this is not a PDF; send the letter as a PDF or as plain text")
    with Pdf(data) as pdf:
        texts = tuple(pdf.text(number) for number in range(len(pdf)))
    if not any(text.strip() for text in texts):
        raise Unreadable("this PDF has no text layer (it is a picture of pages); run OCR on it and send the result")
    return texts


def words_off_page(data: bytes) -> list[tuple[int, str]]:
    """Give the words of a PDF that are not wholly on their page, each with the number of the page, from 1."""
    found = []
    with Pdf(data) as pdf:
        for number in range(len(pdf)):
            layer = pdf.layer(number)
            found += [
                (number + 1, word.text)
                for word in layer.words
                if min(word.box.left, word.box.top) < -1
                or word.box.right > layer.width + 1
                or word.box.bottom > layer.height + 1
            ]
    return found


def _drawn_text(page: Any) -> str:
    """Give the text of a page as the file draws it; closes the page."""
    try:
        textpage = page.get_textpage()
        text: str = textpage.get_text_range()
        textpage.close()
    finally:
        page.close()
    return text


def _has_notes(page: Any) -> bool:
    """Say whether a page has something over its content: a field, a note, a stamp. Links show nothing."""
    for number in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
            return True
    return False


def _layer(page: Any, typed_before: int | None = None) -> TextLayer:
    """Give the words of a page. `typed_before` is the number of words that come before those of fields and notes."""
    width, height = page.get_size()
    rotation = page.get_rotation()
    textpage = page.get_textpage()
    try:
        text, spans, chars = _raw_words(textpage)
        if not spans:
            return TextLayer(
                "", PageWords("", array("I"), array("I"), array("f")), width, height, rotation, trusted=False
            )
        boxes = _boxes(textpage, chars, page.get_bbox(), rotation)
        quarters = _quarters(textpage, chars, rotation)
        mapped = _has_unicode(textpage, chars)
    finally:
        textpage.close()
    body, words = set_as_text(text, spans, boxes, quarters, turned=rotation != 0 or typed_before is not None)
    own = len(words) if typed_before is None else min(typed_before, len(words))
    trusted = mapped and _is_language(body) and not (own < _FEW_WORDS and _is_picture(page, width, height))
    return TextLayer(body, words, width, height, rotation, trusted)


def _raw_words(textpage: Any) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """Give the text of a page, the span of each word in it, and the first and last-plus-one character of each word on the page."""
    count = textpage.count_chars()
    text = textpage.get_text_range() if count > 0 else ""
    spans = [found.span() for found in _WORD.finditer(text)]
    if len(text) == count:
        return text, spans, spans
    index = raw.FPDFText_GetCharIndexFromTextIndex
    if text.isascii() or max(text) < "\U00010000":
        return text, spans, [(max(0, index(textpage, a)), max(0, index(textpage, b - 1)) + 1) for a, b in spans]
    # The library counts characters outside the basic plane twice; take each character by itself.
    letters = [chr(raw.FPDFText_GetUnicode(textpage, n) or 32) for n in range(count)]
    text = "".join(letters)
    spans = [found.span() for found in _WORD.finditer(text)]
    return text, spans, spans


def _boxes(
    textpage: Any, chars: list[tuple[int, int]], bounds: tuple[float, float, float, float], rotation: int
) -> npt.NDArray[np.float32]:
    """Give the left, top, right and bottom edges of the words on the page as shown, from their first and last characters."""
    # Two corners of the first character and two of the last, in the page's own space, where up is more.
    corners = np.zeros((len(chars), 8), np.float32)
    asked = (places(chars) - np.array((0, 1), np.uint32)).ravel().tolist()
    handle, into = ctypes.cast(textpage.raw, ctypes.c_void_p).value, corners.ctypes.data
    deque(map(_loose_box, repeat(handle), asked, range(into, into + 16 * len(asked), 16)), maxlen=0)
    ax, ay, bx, by, cx, cy, dx, dy = corners.T.copy()
    x0, x1 = np.minimum(np.minimum(ax, bx), np.minimum(cx, dx)), np.maximum(np.maximum(ax, bx), np.maximum(cx, dx))
    y0, y1 = np.minimum(np.minimum(ay, by), np.minimum(cy, dy)), np.maximum(np.maximum(ay, by), np.maximum(cy, dy))
    left, bottom, right, top = bounds
    shown = {
        0: (x0 - left, top - y1, x1 - left, top - y0),
        90: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        180: (right - x1, y0 - bottom, right - x0, y1 - bottom),
        270: (top - y1, right - x1, top - y0, right - x0),
    }[rotation]
    return np.array(shown, np.float32)


def _quarters(textpage: Any, chars: list[tuple[int, int]], rotation: int) -> int:
    """Give the quarter turns clockwise by which the lines of the page are rotated as shown, from a sample of nine words."""
    sample = [first for first, _ in chars[:: len(chars) // 9 + 1]]
    angles = sorted(raw.FPDFText_GetCharAngle(textpage, first) for first in sample)
    middle: float = angles[len(angles) // 2]
    return round(rotation / 90 + middle / (math.pi / 2)) % 4


def _has_unicode(textpage: Any, chars: list[tuple[int, int]]) -> bool:
    """Say whether the fonts of a page name the character of each glyph, from a sample of forty words."""
    sample = [first for first, _ in chars[:: max(1, len(chars) // 40)]]
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    return list(map(_lacks_letter, repeat(handle), sample)).count(1) <= 0.2 * len(sample)


def _is_language(text: str) -> bool:
    """Say whether a text can be what a page shows: letters, digits and common words rather than signs of a lost encoding."""
    sample = text[:1500]
    if not sample.isascii() and len(_STRANGE.findall(sample)) > 0.1 * len(sample):
        return False
    low = sample.lower()
    if not _COMMON.isdisjoint(low.split()):
        return True
    words = _PLAIN_WORD.findall(low)
    letters = "".join(words)
    return len(words) < 40 or 0.28 <= len(_VOWEL.findall(letters)) / len(letters) <= 0.55


def _is_picture(page: Any, width: float, height: float) -> bool:
    """Say whether images fill more than half of the page: a scan with a stamp or a banner over it."""
    area = 0.0
    for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        area += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(area > 0.5 * width * height)
