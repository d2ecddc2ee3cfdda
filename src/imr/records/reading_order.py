"""The text of a text layer in the order in which a person reads it, from the places of its words on the page.

Lines that OCR found on an image are put in order by `records.ocr_layout`.
"""

from array import array
from itertools import chain

import numpy as np
import numpy.typing as npt

from imr.records.model import PageWords

#: How often the order of columns of text goes back up a page.
_CLIMBS = 3
#: The text between two words: on one line, across a wide gap, on two lines, in two paragraphs, in one word drawn in parts.
_BETWEEN = (" ", "   ", "\n", "\n\n", "")
_BETWEEN_LENGTHS = np.array([len(gap) for gap in _BETWEEN], np.uint32)


def places(spans: list[tuple[int, int]]) -> npt.NDArray[np.uint32]:
    """Give the first and the last-plus-one offset of each span, a row a span."""
    return np.fromiter(chain.from_iterable(spans), np.uint32, 2 * len(spans)).reshape(-1, 2)


def set_as_text(
    text: str, spans: list[tuple[int, int]], boxes: npt.NDArray[np.float32], quarters: int, *, turned: bool
) -> tuple[str, PageWords]:
    """Set the words as text: a space between words, three for a wide gap between cells of a row, a line feed for a line."""
    words = [text[start:end] for start, end in spans]
    if "\ufffe" in text:
        words = [word.replace("\ufffe", "-") for word in words]
    begin, end = places(spans).T
    lengths, joined = end - begin, begin[1:] == end[:-1]
    read = _as_read(boxes, quarters)
    order = _reading_order(read, climbs=0 if turned else _CLIMBS)
    if order is not None:
        words = [words[n] for n in order.tolist()]
        boxes, read, lengths = boxes[:, order], read[:, order], lengths[order]
        joined = np.zeros(len(spans) - 1, bool)
    left, top, right, bottom = read
    high = np.maximum(bottom - top, 1.0)
    # A new line begins when a word is lower or higher by more than half a line, or jumps back to the left.
    middle = (top + bottom) / 2
    breaks = np.abs(middle[1:] - middle[:-1]) > 0.5 * np.minimum(high[:-1], high[1:])
    breaks |= left[1:] < left[:-1] - 2
    kinds = (left[1:] - right[:-1] > 1.5 * high[:-1]).astype(np.intp)  # a wide gap
    kinds[breaks] = 2
    kinds[breaks & (top[1:] - bottom[:-1] > 0.9 * high[:-1])] = 3
    kinds[joined & ~breaks] = 4
    parts = [""] * (2 * len(words) - 1)
    parts[::2] = words
    parts[1::2] = [_BETWEEN[kind] for kind in kinds.tolist()]
    starts = np.zeros(len(words), np.uint32)
    np.cumsum(lengths[:-1] + _BETWEEN_LENGTHS[kinds], out=starts[1:])
    body = "".join(parts)
    return body, PageWords(
        body, array("I", starts.tobytes()), array("I", (starts + lengths).tobytes()), array("f", boxes.T.tobytes())
    )  # fmt: skip


def _as_read(boxes: npt.NDArray[np.float32], quarters: int) -> npt.NDArray[np.float32]:
    """Rotate the boxes so that the lines of the page run from left to right."""
    left, top, right, bottom = boxes
    turned = (
        (left, top, right, bottom),
        (top, -right, bottom, -left),
        (-right, -bottom, -left, -top),
        (-bottom, left, -top, right),
    )
    return np.array(turned[quarters]) if quarters else boxes


def _reading_order(boxes: npt.NDArray[np.float32], climbs: int) -> npt.NDArray[np.intp] | None:
    """Give the order in which a person reads these words; None if the file already gives them so.

    The file's own order is kept unless it goes back up the page more often than columns of text would. On a rotated
    page the library itself mixes neighboring lines, so that any step back up counts.
    """
    left, top, _, bottom = boxes
    high = float((bottom - top).mean()) or 1.0
    down = top[1:] - top[:-1]
    if int(np.count_nonzero(down < -0.8 * high)) <= climbs:
        level = np.abs(down) < 0.3 * high
        if not (level & (left[1:] < left[:-1] - 2)).any():
            return None
        # Cells of one row were drawn from right to left; each row is put in order, and the rows stay.
        lines = np.concatenate(([0], np.cumsum(~level)))
        cells: npt.NDArray[np.intp] = np.lexsort((left, lines))
        return cells
    middle = (top + bottom) / 2
    falling = np.argsort(middle, kind="stable")
    rows = np.empty(len(middle), np.int64)
    rows[falling] = np.concatenate(([0], np.cumsum(np.diff(middle[falling]) > 0.4 * high)))
    order: npt.NDArray[np.intp] = np.lexsort((left, rows))
    return order
