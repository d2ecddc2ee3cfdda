"""A second reading of pages of figures and of poor scans. The only module that knows the second engine (RapidOCR, on ONNX Runtime).

It reads figures that Tesseract drops or mistakes, and takes five to ten times as long, so it is asked only for pages that need
it. Its models come with its package; nothing is fetched.
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

#: What the engine is called where a page says who read it.
ENGINE = "RapidOCR"

#: The longer side of a page in points, as the engine sees it: it finds as many figures as in finer pictures, in half the memory.
_SIDE = 1280
#: How high a part of the page is, in the same points, that is read at one time: what the engine holds grows with it.
_PART = 320

#: Options of glibc's mallopt (malloc.h), and the bytes from which a piece of memory is given back when it is free.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 1 << 20


class SecondEngine:
    """The second reader. One thread, a part of the page and one line at a time, so that it stays within the memory of its child."""

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
        """The lines of a grey picture that stands upright and straight."""
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
    """The first row and the one behind the last of each part of a page, cut where the fewest points of ink stand, between lines."""
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
    """Let what the engine lays down between its layers go back to the system at once, where the C library can be told so (glibc)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)


def _words(cell: Any, scale: float, top: int) -> Iterator[OcrWord]:
    """The words of a line, in points of the whole picture."""
    for word, confidence, corners in cell:
        text = "".join(unicodedata.normalize("NFKC", word).split())
        if text:
            xs, ys = [scale * float(x) for x, _ in corners], [scale * (float(y) + top) for _, y in corners]
            yield text, min(xs), min(ys), max(xs), max(ys), round(100 * max(0.0, min(1.0, float(confidence))))
