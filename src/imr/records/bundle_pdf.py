"""Builds the complete case file as one PDF: a cover index, bookmarks, page labels, and a stamp on every page.

The reviewer receives this file, and its digest goes into the event. The same files give the same bytes. The stored
originals are never changed: their pages are copied, and the stamp is on the copy, upright whatever the rotation of the
page. `write` runs in a sandboxed process, which `build` starts.
"""

import hashlib
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

from imr.casing import capitalize_first
from imr.law.terms import RecordKind
from imr.plain import to_plain
from imr.records import images, pdf_forms, safety, sandbox
from imr.records.file_limits import FileLimits
from imr.records.model import Document
from imr.records.safety import FileType

_LETTER = (612, 792)
_ROWS = 42


@dataclass(frozen=True, slots=True)
class BundlePdf:
    """A case file as one PDF: its bytes, their SHA-256, and the number of index pages before page 1 of the case file."""

    pdf: bytes
    digest: str
    index_pages: int


def build(files: Sequence[Path], documents: Sequence[Document], *, case: str) -> BundlePdf:
    """Build one PDF of these files in a sandboxed process. Raises Unreadable if a file cannot be copied.

    `documents` are those of the case file that `index.build` made of the same files in the same order.
    """
    parts: list[bytes] = []
    index_pages = 0
    limits = sandbox.ProcessLimits(memory=6 * 1024**3, seconds=1800, silence=600)
    for head, blob in sandbox.run_task(
        "bundle",
        files[0],
        limits=limits,
        also=[str(path.resolve()) for path in files],
        documents=[to_plain(document) for document in documents],
        case=case,
    ):
        index_pages = int(head["index_pages"])
        parts.append(blob)
    pdf = b"".join(parts)
    return BundlePdf(pdf, hashlib.sha256(pdf).hexdigest(), index_pages)


def write(files: Sequence[Path], documents: Sequence[Document], case: str, out: Any) -> int:
    """Write the PDF to `out`, in this process; give the number of index pages."""
    made = pikepdf.new()
    for path in files:
        _append(made, path)
    total = len(made.pages)
    fonts = {Name.ImrText: _font(made, "Helvetica"), Name.ImrBold: _font(made, "Helvetica-Bold")}
    for number, page in enumerate(made.pages, 1):
        _stamp(page, f"{case}   page {number} of {total}", fonts)
    index = _index(made, documents, case, total, fonts)
    with made.open_outline() as outline:
        outline.root.append(OutlineItem("Index", 0))
        outline.root.extend(OutlineItem(_line(document), index + document.first - 1) for document in documents)
    made.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), index, Dictionary(S=Name.D)]))
    made.Root.Lang = "en-US"
    made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    made.Root.PageMode = Name.UseOutlines
    made.docinfo["/Title"] = f"Case file {case}"
    made.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return index


def _append(made: pikepdf.Pdf, path: Path) -> None:
    with path.open("rb") as file:
        kind = safety.file_type(file.read(1024))
    if kind is FileType.PDF:
        with pdf_forms.open_form(path) as source:
            pdf_forms.flatten(source)
            made.pages.extend(source.pages)
        return
    if kind is None:
        _append_text(made, path.read_text("utf-8", "replace"))
        return
    limits = FileLimits()
    for number in range(images.page_count(path, most_pixels=limits.image_pixels, most_pages=limits.pages)):
        pixels, dpi = images.read_page(path, number, grey=False)
        high, wide = pixels.shape[:2]
        picture = made.make_stream(
            images.encode(pixels, form="JPEG", quality=88),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=wide,
            Height=high,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        size = (wide * 72 / dpi, high * 72 / dpi)
        made.add_blank_page(page_size=size)
        made.pages[-1].Resources = Dictionary(XObject=Dictionary(Im=picture))
        made.pages[-1].Contents = made.make_stream(b"q %.3f 0 0 %.3f 0 0 cm /Im Do Q" % size)


def _append_text(made: pikepdf.Pdf, text: str) -> None:
    """Append a plain text, with the page breaks of `typed_pages`."""
    font = _font(made, "Courier")
    for page_text in typed_pages(text):
        lines = [part for line in page_text.split("\n") for part in (textwrap.wrap(line, 90) or [""])]
        step = min(11.5, 690 / max(1, len(lines)))
        content = [
            b"BT /F %.2f Tf 54 %.2f Td (%s) Tj ET" % (min(9, step), 740 - n * step, _escaped(line))
            for n, line in enumerate(lines)
        ]
        made.add_blank_page(page_size=_LETTER)
        made.pages[-1].Resources = Dictionary(Font=Dictionary(F=font))
        made.pages[-1].Contents = made.make_stream(b"\n".join(content))


def typed_pages(text: str) -> list[str]:
    """Split a plain text into pages of sixty lines."""
    lines = text.splitlines()
    return ["\n".join(lines[n : n + 60]) for n in range(0, len(lines), 60)] or [""]


def _font(made: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding)
    )


def _stamp(page: pikepdf.Page, words: str, fonts: dict[pikepdf.Name, pikepdf.Object]) -> None:
    """Write words at the foot of the page as shown."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox.as_list())
    turned = int(page.get("/Rotate", 0)) % 360
    wide = right - left if turned in (0, 180) else top - bottom
    along, up = max(4.0, wide / 2 - 1.9 * len(words)), 10.0
    place = {
        0: (1, 0, 0, 1, left + along, bottom + up),
        90: (0, 1, -1, 0, right - up, bottom + along),
        180: (-1, 0, 0, -1, right - along, top - up),
        270: (0, -1, 1, 0, left + up, top - along),
    }.get(turned, (1, 0, 0, 1, left + along, bottom + up))
    if "/Resources" in page.obj:
        # Pages may share their resources; a copy of the two levels that change keeps the stamp to this page.
        page.Resources = Dictionary({**{key: page.Resources[key] for key in page.Resources.keys()}})  # noqa: SIM118 - no mapping
        if "/Font" in page.Resources:
            page.Resources.Font = Dictionary({**{key: page.Resources.Font[key] for key in page.Resources.Font.keys()}})  # noqa: SIM118
    page.add_resource(fonts[Name.ImrText], Name.Font, Name.ImrText)
    page.contents_add(b"q", prepend=True)
    matrix = b" ".join(b"%.2f" % number for number in place)
    page.contents_add(b"Q q BT /ImrText 7.5 Tf 0 g %s Tm (%s) Tj ET Q" % (matrix, _escaped(words)))


def _index(
    made: pikepdf.Pdf, documents: Sequence[Document], case: str, total: int, fonts: dict[pikepdf.Name, pikepdf.Object]
) -> int:
    """Insert the cover index before the first page, each row a link; give its number of pages."""
    pages = max(1, -(-len(documents) // _ROWS))
    targets = [made.pages[document.first - 1].obj for document in documents]
    for number in range(pages):
        rows = documents[number * _ROWS : (number + 1) * _ROWS]
        content = [_text("ImrBold", 15, 54, 740, f"Case file {case}")]
        content.append(
            _text(
                "ImrText",
                9,
                54,
                722,
                f"{len(documents)} documents on {total} pages. Index, page {number + 1} of {pages}.",
            )
        )
        columns = (("No.", 54), ("Document", 82), ("Date", 300), ("Author", 362), ("Pages", 510))
        content += [_text("ImrBold", 9, x, 700, heading) for heading, x in columns]
        content.append(b"0.5 w 54 695 m 558 695 l S")
        links = Array()
        for row, document in enumerate(rows):
            y = 682 - row * 15
            cells = (
                str(number * _ROWS + row + 1),
                _named(document) + (" (again)" if document.duplicate_of else ""),
                document.dated_on.isoformat() if document.dated_on else "not dated",
                (document.author or document.facility or "")[:30],
                f"{document.first}" if document.first == document.last else f"{document.first}-{document.last}",
            )
            content += [_text("ImrText", 9, x, y, cell) for cell, (_, x) in zip(cells, columns, strict=True)]
            links.append(
                made.make_indirect(
                    Dictionary(
                        Type=Name.Annot,
                        Subtype=Name.Link,
                        Rect=Array([54, y - 3, 558, y + 11]),
                        Border=Array([0, 0, 0]),
                        Dest=Array([targets[number * _ROWS + row], Name.Fit]),
                        Contents=f"Go to page {document.first}",
                    )
                )
            )
        made.add_blank_page(page_size=_LETTER)
        page = made.pages[-1]
        page.Resources = Dictionary(Font=Dictionary({str(name): font for name, font in fonts.items()}))
        page.Contents = made.make_stream(b"\n".join(content))
        page.Annots = links
    added = [made.pages[-pages + n] for n in range(pages)]
    for n, page in enumerate(added):
        made.pages.insert(n, page)
    del made.pages[-pages:]
    return pages


def _named(document: Document) -> str:
    """Give the name of a document's kind, or its own title if the kind is OTHER."""
    name = document.title[:44] if document.kind is RecordKind.OTHER and document.title else document.kind.value
    return capitalize_first(name)


def _line(document: Document) -> str:
    day = document.dated_on.isoformat() if document.dated_on else "not dated"
    return f"{day} {_named(document)}" + (f", {document.author}" if document.author else "")


def _escaped(words: str) -> bytes:
    return words.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _text(font: str, size: int, x: float, y: float, words: str) -> bytes:
    return b"BT /%s %d Tf %.1f %.1f Td (%s) Tj ET" % (font.encode(), size, x, y, _escaped(words))
