"""The tasks that a sandboxed process can run on a file; each yields frames. Called by name from `records.sandbox`."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from imr.plain import from_plain, to_plain
from imr.records import page_codec, safety
from imr.records.model import Document, Page, TextSource
from imr.records.safety import FileType
from imr.records.sandbox import Frame

#: Bytes in one piece of a result that may be larger than a frame.
PIECE = 8 * 1024 * 1024
#: The modules that a task uses beside this one, which are loaded before the child is confined.
LIBRARIES = {
    "bundle": ("bundle_pdf",),
    "everything": ("images", "ocr", "pdf", "pdf_structure"),
    "layers": ("pdf",),
    "scans": ("images", "ocr", "pdf"),
    "text": ("pdf",),
    "unscripted": ("pdf_forms",),
}


def inspect(path: Path) -> Iterator[Frame]:
    """Inspect the file (`safety.inspect`)."""
    yield to_plain(safety.inspect(path)), b""


def layers(path: Path, *, name: str) -> Iterator[Frame]:
    """Yield the inspection of the file, then each page with the words of its text layer.

    A page without a text layer, or with one that is not trusted, has TextSource.NONE and needs OCR.
    """
    found = safety.inspect(path)
    yield to_plain(found), b""
    if found.type is FileType.PDF:
        from imr.records.pdf import Pdf

        with Pdf(path) as pdf:
            for number in range(len(pdf)):
                layer = pdf.layer(number)
                hidden = pdf.hidden(number, layer.text)
                yield page_codec.page_to_frame(
                    Page(
                        number=number + 1,
                        file=name,
                        source_page=number + 1,
                        width=layer.width,
                        height=layer.height,
                        words=layer.words,
                        text=layer.text,
                        source=TextSource.TEXT_LAYER if layer.trusted else TextSource.NONE,
                        confidence=100.0 if layer.trusted else 0.0,
                    )
                )
                if hidden:
                    yield {"remarks": hidden}, b""
    elif found.type is not FileType.ZIP:
        from imr.records import images

        for number in range(found.pages):
            pixels, dpi = images.read_page(path, number)
            high, wide = pixels.shape[:2]
            yield page_codec.page_to_frame(
                Page(
                    number=number + 1,
                    file=name,
                    source_page=number + 1,
                    width=wide * 72 / dpi,
                    height=high * 72 / dpi,
                    source=TextSource.NONE,
                    confidence=0.0,
                )
            )


def everything(path: Path, *, most: int) -> Iterator[Frame]:
    """Yield every text of the file: what is beside its pages, then each page with whether all that it shows was read.

    A page that shows more than text is read by OCR too; of more than `most` such pages the others count as not read.
    """
    from imr.records import images, ocr
    from imr.records.pdf import Pdf
    from imr.records.pdf_structure import texts_beside_pages

    is_pdf = _type(path) is FileType.PDF
    beside = texts_beside_pages(path.read_bytes()) if is_pdf else images.texts_beside_pages(path)
    yield {"beside": list(dict.fromkeys(beside))}, b""
    with ExitStack() as held:
        reader = held.enter_context(ocr.OcrReader()) if ocr.language_data() else None
        pdf = held.enter_context(Pdf(path)) if is_pdf else None
        for number in range(len(pdf) if pdf else safety.inspect(path).pages):
            layer = pdf.layer(number) if pdf else None
            text = f"{pdf.text(number)}\n{layer.text}" if pdf and layer else ""
            is_read = bool(pdf and layer and layer.trusted and pdf.is_text_alone(number))
            if not is_read and reader and most:
                most -= 1
                image, dpi = (pdf.image(number, ocr.DPI), ocr.DPI) if pdf else images.read_page(path, number)
                seen = reader.read(image, dpi, again=False)
                is_read = seen is not None and bool(len(seen.words)) and seen.confidence >= ocr.LEGIBLE
                text = f"{text}\n{seen.text}" if seen else text
            yield {"text": text, "whole": is_read}, b""


def unscripted(path: Path) -> Iterator[Frame]:
    """Yield, in pieces, a copy of a PDF form without its scripts."""
    from imr.records import pdf_forms

    yield from _in_pieces(pdf_forms.unscripted(path), {})


def text(path: Path, *, page: int) -> Iterator[Frame]:
    """Yield the text layer of one page of a PDF, counted from 1; nothing if there is no such page."""
    from imr.records.pdf import Pdf

    with Pdf(path) as pdf:
        if page <= len(pdf):
            yield {"text": pdf.text(page - 1)}, b""


def _type(path: Path) -> FileType | None:
    with path.open("rb") as file:
        return safety.file_type(file.read(1024))


def scans(path: Path, *, name: str, numbers: list[int], again: bool = True) -> Iterator[Frame]:
    """Yield these pages, counted from 1, read by OCR; with `again`, the second engine reads poor scans and pages of numbers."""
    from imr.records import images, ocr
    from imr.records.pdf import Pdf

    kind = _type(path)
    with ocr.OcrReader() as reader:
        pdf = Pdf(path) if kind is FileType.PDF else None
        for number in numbers:
            image, dpi = (pdf.image(number - 1, ocr.DPI), ocr.DPI) if pdf else images.read_page(path, number - 1)
            reading = reader.read(image, dpi, again=again)
            high, wide = image.shape
            page = Page(number=number, file=name, source_page=number, width=wide * 72 / dpi, height=high * 72 / dpi)
            if reading is None:
                yield page_codec.page_to_frame(replace(page, source=TextSource.BLANK))
            elif not len(reading.words):
                yield page_codec.page_to_frame(
                    replace(page, source=TextSource.NONE, confidence=0.0, image_hash=reading.image_hash)
                )
            else:
                yield page_codec.page_to_frame(
                    replace(
                        page,
                        words=reading.words,
                        text=reading.text,
                        source=TextSource.OCR,
                        confidence=reading.confidence,
                        engine=reading.engine,
                        image_hash=reading.image_hash,
                    )
                )


def bundle(path: Path, *, also: list[str], documents: list[dict[str, object]], case: str) -> Iterator[Frame]:
    """Yield, in pieces, one PDF of these files; `path` is the first of them."""
    from imr.records import bundle_pdf as binding

    out = io.BytesIO()
    settled = [from_plain(Document, document) for document in documents]
    index_pages = binding.write([Path(one) for one in also] or [path], settled, case, out)
    yield from _in_pieces(out.getbuffer(), {"index_pages": index_pages})


def _in_pieces(data: bytes | memoryview, head: dict[str, Any]) -> Iterator[Frame]:
    """Split data that may be larger than a frame into frames with the same head."""
    for start in range(0, len(data), PIECE):
        yield head, bytes(data[start : start + PIECE])
