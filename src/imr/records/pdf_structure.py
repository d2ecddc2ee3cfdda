"""Opens the structure of a PDF (qpdf, by pikepdf) within limits of memory and nesting."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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
