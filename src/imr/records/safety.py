"""Inspection of an uploaded file, before anything reads its content: its type, and whether it may be read.

A refusal names the problem and what the sender can do. The file itself is stored as it came, and never opened in a
browser. Called through `records.sandbox`, since inspecting a hostile file is dangerous too. Uses the library of PDF
structure (qpdf, by pikepdf), as only `records.pdf_complexity`, `pdf_forms`, `typesetting` and `bundle_pdf` also do.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pikepdf

from imr.errors import Unreadable
from imr.records import image_headers, pdf_complexity
from imr.records.file_limits import NEW_PDF, FileLimits
from imr.records.pdf_structure import PDF_ERRORS, open_pdf


class FileType(Enum):
    """The type of a file by its content, whatever its name."""

    PDF = "PDF"
    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"
    ZIP = "ZIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The result of an inspection. `remarks` are defects that do not stop the file from being read, for intake."""

    type: FileType
    size: int
    pages: int
    remarks: tuple[str, ...] = ()
    #: True for a form that contains programs or commands. They are left out of every copy that is read or downloaded (`pdf_forms`).
    scripted: bool = False


_HEADS = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"II*\x00", FileType.TIFF),
    (b"MM\x00*", FileType.TIFF),
    (b"II+\x00", FileType.TIFF),
    (b"MM\x00+", FileType.TIFF),
    (b"PK\x03\x04", FileType.ZIP),
)
_ACTIVE_ACTIONS = {
    "/JavaScript": "a program (JavaScript)",
    "/Launch": "a command that starts another program",
    "/ImportData": "a command that loads data from elsewhere",
    "/SubmitForm": "a command that sends data elsewhere",
    "/GoToE": "a link into a file inside it",
    "/GoToR": "a link that opens another file",
    "/Rendition": "a film or a sound",
    "/Sound": "a sound",
    "/Movie": "a film",
    "/RichMediaExecute": "a film or a program",
}
#: Keys that a form for filling in on a screen uses, and shows everything without.
_OF_FORMS = {"/JavaScript", "/SubmitForm", "/JS", "/XFA"}
_ACTIVE_KEYS = {"/JS": "a program (JavaScript)", "/XFA": "a form that only its own program can show (XFA)"}
_ACTIVE_SUBTYPES = {
    "/FileAttachment": "another file",
    "/RichMedia": "a film or a program",
    "/Screen": "a film",
    "/3D": "a film",
    "/Sound": "a sound",
    "/Movie": "a film",
}
#: Bytes before a PDF that make it something else too: a page for a browser, a program, a script.
_SOMETHING_ELSE = re.compile(
    rb"^\s*(?:MZ|\x7fELF|#!|GIF8|\xca\xfe\xba\xbe|Rar!|7z\xbc\xaf)|<\s*[!?/]?\s*(?:doctype|html|head|body|script|svg|iframe|xml|php)",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\s*(?:java|vb)script\s*:", re.IGNORECASE)
_DEEPEST = 60
#: The compression methods of ZIP members that are accepted: others take as much memory as the member chooses.
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def file_type(head: bytes) -> FileType | None:
    """Give the type of a file, by its first 1,024 bytes; None if it is unknown."""
    for mark, kind in _HEADS:
        if head.startswith(mark):
            return kind
    return FileType.PDF if b"%PDF-" in head[:1024] else None


def inspect(path: Path, bounds: FileLimits | None = None) -> Inspection:
    """Inspect a file. Raises Unreadable, with what to do, if it may not be read."""
    limit = bounds or FileLimits()
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
    if not size:
        raise Unreadable("this file is empty; send it again")
    if size > limit.file_bytes:
        raise Unreadable(f"this file has {size:,} bytes and the limit is {limit.file_bytes:,}; split it")
    kind = file_type(head)
    if kind is None:
        raise Unreadable(
            "this is not a PDF, TIFF, JPEG, PNG or ZIP file, whatever its name; send the records as one of these"
        )
    if kind is FileType.ZIP:
        return _inspect_zip(path, size, limit)
    _refuse_two_at_once(path, head, kind)
    if kind is FileType.PDF:
        return _inspect_pdf(path, size, limit)
    from imr.records import images

    return Inspection(
        type=kind, size=size, pages=images.page_count(path, most_pixels=limit.image_pixels, most_pages=limit.pages)
    )


def _refuse_two_at_once(path: Path, head: bytes, kind: FileType) -> None:
    """Raise Unreadable if a file is also of another type, which another program would see in it."""
    before = head[: max(0, head.find(b"%PDF-"))]
    if kind is not FileType.PDF and b"%PDF-" in head:
        other = "a PDF"
    elif kind is FileType.PDF and _SOMETHING_ELSE.search(before):
        other = "a program or a page for a browser"
    elif zipfile.is_zipfile(path):
        other = "a ZIP file"
    else:
        return
    raise Unreadable(f"this file is a {kind.value} and {other} at once; {NEW_PDF}")


def _inspect_zip(path: Path, size: int, limit: FileLimits) -> Inspection:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("this ZIP file is broken; make it again and send that") from error
    if len(members) > limit.zip_members:
        raise Unreadable(f"this ZIP file holds {len(members):,} files and the limit is {limit.zip_members:,}; split it")
    total = sum(member.file_size for member in members)
    if total > limit.zip_bytes or total > limit.zip_ratio * max(size, 100_000):
        raise Unreadable(f"this ZIP file unpacks to {total:,} bytes, more than is accepted; send the files one by one")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("this ZIP file is locked with a password; pack it without one and send that")
    if any(member.compress_type not in _PACKED for member in members):
        raise Unreadable(
            "this ZIP file is packed in a way that few programs know; pack it again with the usual method (deflate)"
        )
    if not members:
        raise Unreadable("this ZIP file is empty; pack the records and send it again")
    return Inspection(type=FileType.ZIP, size=size, pages=len(members))


def _inspect_pdf(path: Path, size: int, limit: FileLimits) -> Inspection:
    try:
        with open_pdf(path, limit) as pdf:
            return _look_through(pdf, size, limit)
    except pikepdf.PasswordError as error:
        raise Unreadable("this PDF is locked with a password; remove the password and send it again") from error
    except PDF_ERRORS as error:
        raise Unreadable(f"this PDF is broken; {NEW_PDF}") from error


def _look_through(pdf: pikepdf.Pdf, size: int, limit: FileLimits) -> Inspection:
    count = len(pdf.objects)
    if count > limit.objects:
        raise Unreadable(f"this PDF is made of {count:,} objects, more than any case file needs; {NEW_PDF}")
    pages = len(pdf.pages)
    if pages > limit.pages:
        raise Unreadable(f"this PDF has {pages:,} pages and the limit is {limit.pages:,}; split it and send the parts")
    if not pages:
        raise Unreadable("this PDF has no pages; send the records again")
    allowed = _OF_FORMS if _is_form(pdf) else set()
    repaired, left_out = _look_at_objects(pdf, limit, allowed)
    for number, page in enumerate(pdf.pages, 1):
        width, height = _page_size(page)
        if not (1 <= width <= limit.page_points and 1 <= height <= limit.page_points):
            raise Unreadable(
                f"page {number} of this PDF is {width / 72:.0f} by {height / 72:.0f} inches, which no paper is; {NEW_PDF}"
            )
    remarks = (
        ["its structure is damaged and was repaired: pages may be missing"] if pdf.get_warnings() or repaired else []
    )
    if pdf.is_encrypted:
        remarks.append("it is encrypted, with a password that is empty")
    if left_out:
        remarks.append(
            f"it is a form that holds {' and '.join(sorted(left_out))}: left out of the copy that is read and given out"
        )
    if size < 60 * pages:
        raise Unreadable(f"this PDF claims {pages:,} pages in {size:,} bytes; {NEW_PDF}")
    return Inspection(type=FileType.PDF, size=size, pages=pages, remarks=tuple(remarks), scripted=bool(left_out))


def _is_form(pdf: pikepdf.Pdf) -> bool:
    """Say whether a PDF has fields of its own, which show what was filled in whatever programs or second form it contains."""
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    return isinstance(fields, pikepdf.Array) and len(fields) > 0 and not pdf.Root.get("/NeedsRendering", False)


def _look_at_objects(pdf: pikepdf.Pdf, limit: FileLimits, allowed: set[str]) -> tuple[bool, set[str]]:
    """Check every object; give whether the file was repaired, and what it does that is `allowed`.

    Raises Unreadable if an object does anything else.
    """
    nests = False
    left_out: set[str] = set()
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
            _refuse_active(thing, limit, allowed, left_out)
            nests = nests or pdf_complexity.may_nest(thing)
    repaired = bool(pdf.get_warnings())
    if repaired:  # then a length may be wrong, so that streams skipped as short are checked by their bytes
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                _refuse_bomb(thing, limit, packed=len(thing.read_raw_bytes()))
    if nests and pdf_complexity.heaviest(pdf) > limit.drawn:
        raise Unreadable(f"this PDF draws the same thing in itself over and over; {NEW_PDF}")
    return repaired, left_out


def _page_size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.cropbox.as_list() if edge is not None)
    return abs(right - left), abs(top - bottom)


def _refuse_active(thing: Any, limit: FileLimits, allowed: set[str], left_out: set[str], depth: int = 0) -> None:
    """Raise Unreadable if this object, or one inside it, does something or is absurd."""
    if depth > _DEEPEST:
        raise Unreadable(f"this PDF is nested deeper than any page needs; {NEW_PDF}")
    for key, value in _items(thing):
        name, does = (str(value), _ACTIVE_ACTIONS) if key == "/S" else (key, _ACTIVE_KEYS)
        if name in does and (value or name != "/XFA"):
            if name not in allowed:
                raise Unreadable(f"this PDF holds {does[name]}; {NEW_PDF}")
            left_out.add(does[name])
        if key == "/Subtype" and str(value) in _ACTIVE_SUBTYPES:
            raise Unreadable(f"this PDF holds {_ACTIVE_SUBTYPES[str(value)]}; {NEW_PDF}")
        if key == "/URI" and isinstance(value, pikepdf.String) and _PROGRAM.match(str(value)):
            raise Unreadable(f"this PDF holds {_ACTIVE_KEYS['/JS']}; {NEW_PDF}")
        if key == "/EmbeddedFiles" or (key == "/EF" and isinstance(value, pikepdf.Dictionary)):
            raise Unreadable(
                f"this PDF carries another file inside it; take it out and send it by itself, or {NEW_PDF}"
            )
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _refuse_active(value, limit, allowed, left_out, depth + 1)
    if isinstance(thing, pikepdf.Stream):
        _refuse_bomb(thing, limit)


def _items(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, pikepdf.Array):
        for value in thing:
            yield "", value
        return
    for key in thing.keys():  # noqa: SIM118 - a PDF dictionary is not a mapping
        yield key, thing.get(key)


_DECODED = {"/DCTDecode": image_headers.jpeg, "/JPXDecode": image_headers.jpeg2000}
_CHEAP = {*_DECODED, "/CCITTFaxDecode", "/JBIG2Decode"}


def _refuse_bomb(stream: pikepdf.Stream, limit: FileLimits, packed: int | None = None) -> None:
    """Raise Unreadable if a stream unpacks to more than any page needs.

    `packed` is its length if the declared one is not trusted.
    """
    if stream.get("/Subtype") == "/Image":
        _refuse_vast(int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)), limit)
    filters = stream.get("/Filter")
    chain = (
        [str(name) for name in filters]
        if isinstance(filters, pikepdf.Array)
        else [str(filters)]
        if filters is not None
        else []
    )
    if len(chain) > 5:
        raise Unreadable(f"this PDF is packed {len(chain)} times over; {NEW_PDF}")
    packed = int(stream.get("/Length", 0)) if packed is None else packed
    # Data packed once by deflate grows by a factor of a thousand at most; only long or doubly packed streams can be bombs.
    unpacking = [name for name in chain if name not in _CHEAP]
    if unpacking and packed * 1032 ** len(unpacking) > limit.stream_bytes:
        try:
            stream.read_bytes()
        except (pikepdf.PdfError, MemoryError) as error:
            raise Unreadable(f"this PDF unpacks to more than any page needs, or is broken; {NEW_PDF}") from error
    if chain and chain[-1] in _DECODED:
        head = _DECODED[chain[-1]](_without_deflate(stream.read_raw_bytes(), chain[:-1], limit))
        _refuse_vast(head.pixels, limit)
        if head.is_heavy:
            raise Unreadable(f"this PDF holds an image in {head.passes:,} passes, more than any scan has; {NEW_PDF}")


def _refuse_vast(pixels: int, limit: FileLimits) -> None:
    if pixels > limit.image_pixels:
        raise Unreadable(f"this PDF holds an image of {pixels:,} pixels, more than any scan has; {NEW_PDF}")


def _without_deflate(data: bytes, chain: list[str], limit: FileLimits) -> bytes:
    """Give the bytes of an image in its own format; empty if they are packed in another format around it, or broken."""
    for name in chain:
        if name != "/FlateDecode":
            return b""
        try:
            data = zlib.decompressobj().decompress(data, limit.stream_bytes)
        except zlib.error:
            return b""
    return data
