"""A second reading of pages of figures and of poor scans. The only module that knows the second engine (RapidOCR, on ONNX Runtime).

It reads figures that Tesseract drops or mistakes, and takes five to ten times as long, so it is asked only for pages that need
it. Its models come with its package; nothing is fetched.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np

from imr.records.lines import Found, Line
from imr.records.pdf import Image

#: What the engine is called where a page says who read it.
ENGINE = "RapidOCR"

#: The longer side of a page in points, as the engine sees it: it finds as many figures as in finer pictures, in half the memory.
_SIDE = 1280


class Engine:
    """The second reader. One thread, one line at a time, so that it stays within the memory of its child."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._read: Any = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Global.max_side_len": _SIDE,
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def lines(self, image: Image) -> list[Line]:
        """The lines of a grey picture that stands upright and straight."""
        found = self._read(np.stack((image,) * 3, axis=-1), return_word_box=True)
        cells = [tuple(_words(cell)) for cell in found.word_results or ()]
        return [Line.of(0, cell) for cell in cells if cell]


def _words(cell: Any) -> Iterator[Found]:
    for word, sure, corners in cell:
        text = "".join(unicodedata.normalize("NFKC", word).split())
        if text:
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            yield text, min(xs), min(ys), max(xs), max(ys), round(100 * max(0.0, min(1.0, float(sure))))
