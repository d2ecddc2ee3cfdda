"""Opens the structure of a PDF (qpdf, by pikepdf) within limits of memory and nesting, and gives the texts beside its pages."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pikepdf

from imr.records.file_limits import FileLimits

#: The errors that the library raises on a broken PDF.
PDF_ERRORS = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, OverflowError)


@contextmanager
def open_pdf(source: bytes | Path, bounds: FileLimits | None = None) -> Iterator[pikepdf.Pdf]:
    """Open a PDF with the limits of its library set; `get_warnings` of the PDF lists repairs."""
    most = (bounds or FileLimits()).stream_bytes
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=200,
        parser_max_nesting=200,
        max_stream_filters=5,
        flate_max_memory=most,
        run_length_max_memory=most,
        png_max_memory=most,
        tiff_max_memory=most,
        dct_max_memory=most,
    )
    file = source if isinstance(source, Path) else io.BytesIO(source)
    mode = pikepdf.AccessMode.mmap if isinstance(source, Path) else pikepdf.AccessMode.default
    with warnings.catch_warnings(), pikepdf.open(file, access_mode=mode, suppress_warnings=True) as pdf:
        warnings.simplefilter("ignore")
        yield pdf


#: A file has this many earlier versions inside it at most that are looked at; each save that only adds leaves one.
_MOST_VERSIONS = 20
#: The deepest nesting of values that is followed.
_DEEPEST = 50


def texts_beside_pages(data: bytes) -> Iterator[str]:
    """Yield every text of a PDF that is no page's content: properties, outlines, notes, names of files, and the XMP packet.

    The earlier versions that saving left in the file are read too, with the streams of their pages.
    """
    with open_pdf(data) as pdf:
        yield from _texts(pdf, pages=False)
    for end in earlier_versions(data):
        with suppress(*PDF_ERRORS), open_pdf(data[:end]) as pdf:
            yield from _texts(pdf, pages=True)


def earlier_versions(data: bytes) -> list[int]:
    """Give where earlier versions of a PDF end in it, the last ones first."""
    ends = [match.end() for match in re.finditer(rb"%%EOF", data)]
    return ends[-2::-1][:_MOST_VERSIONS]


def _texts(pdf: pikepdf.Pdf, *, pages: bool) -> Iterator[str]:
    yield from _strings(pdf.trailer)
    for thing in pdf.objects:
        yield from _strings(thing)
        if isinstance(thing, pikepdf.Stream) and (_is_of_page(thing) if pages else thing.get("/Type") == "/Metadata"):
            with suppress(*PDF_ERRORS):
                yield thing.read_bytes().decode("utf-8", "replace")


def _is_of_page(stream: pikepdf.Stream) -> bool:
    """Say whether a stream may be the content of a page or a text about it: no picture, no font, no table of the file itself."""
    kinds = ("/Image", "/ObjStm", "/XRef", "/Type1C", "/CIDFontType0C", "/OpenType")
    return str(stream.get("/Subtype", stream.get("/Type", ""))) not in kinds and "/Length1" not in stream


def _strings(thing: object, depth: int = 0) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array) and depth < _DEEPEST:
        values = thing if isinstance(thing, pikepdf.Array) else [value for _, value in thing.items()]
        for value in values:
            # An indirect object is among the objects of the file, and is looked at there.
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _strings(value, depth + 1)
