"""Typesetting of the values of form fields as PDF content: lines that fit their field, in a font that every PDF reader has.

A character that the font lacks is shown as a frame, and is the right character in the text.
"""

from collections.abc import Iterator
from itertools import accumulate, groupby, takewhile

import pikepdf
from pikepdf import Array, Dictionary, Name

#: The widths of the characters of Helvetica from the space to the tilde, in thousandths. Other characters get one width, wider than most.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556),
    *(556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556),
    *(556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)  # fmt: skip
_OTHER, _FRAME = 667, 700
_SMALLEST, _LARGEST, _MARGIN = 3.0, 12.0, 2.0
#: Codes of the font of frames: one byte, of which 0 and the space stay unused.
_CODES = (*range(1, 10), *range(33, 256))


def without_glyph(text: str) -> str:
    """Give the characters of a text that the font lacks, each once."""
    return "".join(sorted({letter for letter in text if _plain(letter) is None and not letter.isspace()}))


class Pen:
    """Sets texts and marks for one PDF, whose fonts they share."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._framed: dict[str, int] = {}
        self._fonts: Dictionary | None = None

    def text(
        self,
        value: str,
        wide: float,
        high: float,
        *,
        size: float = 0.0,
        lines: bool = False,
        cells: int = 0,
        side: int = 0,
        turned: int = 0,
    ) -> pikepdf.Stream:
        """Set a text in a field: on `lines`, in so many `cells`, or on one line.

        At the left, in the middle or at the right (`side`).

        It is set in `size` points, or smaller so that it fits and nothing is cut off.
        """
        size, rows = _fitted(value, wide - 2 * _MARGIN, high, size, lines=lines)
        step = 1.15 * size
        first = high - _MARGIN - size if lines else (high - 0.7 * size) / 2
        parts = [b"/Tx BMC q BT 0 g"]
        for number, row in enumerate(rows):
            up = first - number * step
            if cells:
                cell = wide / cells
                places = [(n * cell + (cell - _width(letter, size)) / 2, letter) for n, letter in enumerate(row)]
            else:
                spare = wide - 2 * _MARGIN - _width(row, size)
                places = [(_MARGIN + spare * {1: 0.5, 2: 1.0}.get(side, 0.0), row)]
            parts += [part for left, words in places for part in self._shown(words, left, up, size)]
        parts.append(b"ET Q EMC")
        return self._stream(b"\n".join(parts), wide, high, turned)

    def cross(self, wide: float, high: float) -> pikepdf.Stream:
        """Draw the mark of a box that is chosen."""
        a, b, c, d = 0.2 * wide, 0.2 * high, 0.8 * wide, 0.8 * high
        drawn = b"q 0 G 1 w %.2f %.2f m %.2f %.2f l %.2f %.2f m %.2f %.2f l S Q" % (a, b, c, d, a, d, c, b)
        return self._stream(drawn, wide, high, 0)

    def _shown(self, words: str, left: float, up: float, size: float) -> Iterator[bytes]:
        yield b"1 0 0 1 %.2f %.2f Tm" % (left, up)
        for plain, run in groupby(words, key=lambda letter: _plain(letter) is not None):
            text = "".join(run)
            font, data = (b"/ImrText", text.encode("cp1252")) if plain else (b"/ImrFrame", self._codes(text))
            escaped = data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            escaped = escaped.replace(b"\r", b"\\r").replace(b"\n", b"\\n")
            yield b"%s %.2f Tf (%s) Tj" % (font, size, escaped)

    def _codes(self, text: str) -> bytes:
        known = self._framed
        codes = []
        for letter in text:
            if letter not in known and len(known) < len(_CODES):
                known[letter] = _CODES[len(known)]
                self._fonts = None  # the table of characters has grown
            codes.append(known.get(letter, _CODES[-1]))
        return bytes(codes)

    def _stream(self, content: bytes, wide: float, high: float, turned: int) -> pikepdf.Stream:
        if self._fonts is None:
            self._fonts = self._made()
        matrix = {90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0], 270: [0, -1, 1, 0, 0, 0]}.get(turned)
        made = self._pdf.make_stream(
            content,
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, wide, high]),
            Resources=Dictionary(Font=self._fonts),
        )
        if matrix:
            made.Matrix = Array(matrix)
        return made

    def _made(self) -> Dictionary:
        """Make the fonts: Helvetica, and one whose every glyph is a frame, with the character that it stands for."""
        pdf = self._pdf
        text = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        fonts = Dictionary(ImrText=pdf.make_indirect(text))
        if self._framed:
            frame = b"%d 0 d0 60 w 80 0 540 700 re S" % _FRAME
            codes = sorted(self._framed.values())
            lines = [
                b"<%02x> <%s>" % (code, letter.encode("utf-16-be").hex().encode())
                for letter, code in self._framed.items()
            ]
            blocks = [lines[n : n + 100] for n in range(0, len(lines), 100)]
            table = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(one), b"\n".join(one)) for one in blocks)
            unicode = pdf.make_stream(
                b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
                b"1 begincodespacerange <00> <ff> endcodespacerange\n" + table + b"endcmap end end"
            )
            names = Array([part for code in codes for part in (code, Name.Frame)])
            fonts.ImrFrame = pdf.make_indirect(
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type3,
                    FontBBox=Array([0, 0, _FRAME, 800]),
                    FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
                    CharProcs=Dictionary(Frame=pdf.make_stream(frame)),
                    Encoding=Dictionary(Type=Name.Encoding, Differences=names),
                    FirstChar=codes[0],
                    LastChar=codes[-1],
                    Widths=Array([_FRAME] * (codes[-1] - codes[0] + 1)),
                    ToUnicode=unicode,
                )
            )
        return fonts


def _fitted(value: str, wide: float, high: float, size: float, *, lines: bool) -> tuple[float, list[str]]:
    """Give the size in which a text fits its field, and its lines in that size."""
    shown = "".join(letter if letter.isprintable() or letter in "\r\n" else " " for letter in value)
    size = size or min(_LARGEST, max(_SMALLEST, 0.75 * high))
    while True:
        rows = list(_rows(shown, wide, size)) if lines else [" ".join(shown.split())]
        fits = len(rows) * 1.15 * size <= high if lines else _width(rows[0], size) <= wide
        if fits or size <= _SMALLEST:
            return size, rows
        size = max(_SMALLEST, 0.94 * size)


def _rows(text: str, wide: float, size: float) -> Iterator[str]:
    """Yield the lines of a text at a width; a word that is wider than its field is cut. Each character is measured once."""
    space = _thousandths(" ")
    for line in text.splitlines() or [""]:
        row, used = "", 0
        for word in line.split():
            widths = [_thousandths(letter) for letter in word]
            long = sum(widths)
            if row and _points(used + space + long, size) <= wide:
                row, used = f"{row} {word}", used + space + long
                continue
            if row:
                yield row
            start = 0
            while len(word) - start > 1 and _points(long, size) > wide:
                told = accumulate(widths[n] for n in range(start, len(word) - 1))
                fitting = sum(1 for _ in takewhile(lambda sofar: _points(sofar, size) <= wide, told))
                cut = start + max(1, fitting)
                yield word[start:cut]
                long -= sum(widths[start:cut])
                start = cut
            row, used = word[start:], long
        yield row


def _width(text: str, size: float) -> float:
    return _points(sum(map(_thousandths, text)), size)


def _points(thousandths: int, size: float) -> float:
    return thousandths * size / 1000


def _thousandths(letter: str) -> int:
    if " " <= letter <= "~":
        return _WIDTHS[ord(letter) - 32]
    return _FRAME if _plain(letter) is None else _OTHER


def _plain(letter: str) -> bytes | None:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return None
