"""The second OCR pass, for pages of numbers and poor scans.

The only module that uses the second engine (RapidOCR, on ONNX Runtime).

It reads numbers that Tesseract drops or misreads, and takes five to ten times as long, so it reads only pages that need
it. Its models come with its package; nothing is downloaded.
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from imr.records import images
from imr.records.ocr_layout import OcrLine, OcrWord
from imr.records.pdf import Image

#: The name of the engine in a page's `engine`.
ENGINE = "RapidOCR"

#: The longer side of a page in pixels for the engine: it finds as many numbers as in finer images, in half the memory.
_SIDE = 1280
#: The height in pixels of the part of a page that is read at one time: the engine's memory grows with it.
_PART = 320

#: Options of glibc's mallopt (malloc.h), and the size in bytes from which freed memory goes back to the system.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 1 << 20


class SecondEngine:
    """The second OCR engine. It uses one thread, and reads a part of the page and one line at a time, within its child's memory."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        _give_back()

        self._read: Any = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Global.max_side_len": _SIDE,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def lines(self, image: Image) -> list[OcrLine]:
        """Read the lines of a gray image that is upright and straight."""
        scale = max(1.0, max(image.shape) / _SIDE)
        small = images.shrink(image, round(image.shape[1] / scale)) if scale > 1 else image
        scale = image.shape[1] / small.shape[1]
        found: list[OcrLine] = []
        for top, bottom in page_strips(small):
            read = self._read(np.stack((small[top:bottom],) * 3, axis=-1), return_word_box=True)
            cells = [tuple(_words(cell, scale, top)) for cell in read.word_results] if read.boxes is not None else []
            found += [OcrLine.of(0, cell) for cell in cells if cell]
        return found


def page_strips(image: Image) -> list[tuple[int, int]]:
    """Split a page into parts, between lines, where there is least ink; give the first row and the row after the last of each."""
    high = image.shape[0]
    ink = (image < float(np.percentile(image, 90)) - 60).sum(axis=1)
    cuts = [0]
    while high - cuts[-1] > 1.25 * _PART:
        first = cuts[-1] + 3 * _PART // 4
        near = ink[first : cuts[-1] + _PART + _PART // 4]
        emptiest = np.flatnonzero(near == near.min())
        cuts.append(first + int(emptiest[len(emptiest) // 2]))
    return list(pairwise([*cuts, high]))


def _give_back() -> None:
    """Make the C library return freed memory between the engine's layers to the system at once, if it can (glibc)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)


def _words(cell: Any, scale: float, top: int) -> Iterator[OcrWord]:
    """Yield the words of a line, in pixels of the whole image."""
    for word, confidence, corners in cell:
        text = "".join(unicodedata.normalize("NFKC", word).split())
        if text:
            xs, ys = [scale * float(x) for x, _ in corners], [scale * (float(y) + top) for _, y in corners]
            yield text, min(xs), min(ys), max(xs), max(ys), round(100 * max(0.0, min(1.0, float(confidence))))
