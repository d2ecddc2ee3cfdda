"""CSV for spreadsheets: no cell becomes a formula, and every character is right.

A text cell that a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets show as text;
`read` removes it. A file begins with a byte order mark, by which Excel recognizes UTF-8. The only module that writes
CSV.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

#: The signs that begin a formula; some programs take full-width signs for the plain ones. A cell that begins with an apostrophe gets another.
_FORMULA = re.compile("'*[ ]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV after a header. None is an empty cell; a number stays a number."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in (header, *rows))
    return out.getvalue()


def encoded(text: str) -> bytes:
    """Encode CSV as the bytes of a file."""
    return text.encode("utf-8-sig")


def read(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file, each with the number of its last line. Raises `csv.Error` if it is not CSV."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    for row in rows:
        yield rows.line_num, [_plain(cell) for cell in row]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
