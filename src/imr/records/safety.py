"""What an uploaded file is and whether it may be read: looked at before anything reads its content.

A refusal names what is wrong and what the sender can do. The file itself is kept as it came, and never opened in a browser.
Called through `records.confined`, since looking at a hostile file is dangerous too. With `records.weights` and `records.assemble`
the only module that knows the library of PDF structure (qpdf, by pikepdf).
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pikepdf

from imr.errors import Unreadable
from imr.records import heads, weights


class FileType(Enum):
    """What a file is by its content, whatever its name says."""

    PDF = "PDF"
    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"
    ZIP = "ZIP"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest of everything that is taken in."""

    file_bytes: int = 2 * 1024**3
    pages: int = 20_000
    objects: int = 3_000_000
    page_points: float = 14_400.0  # 200 inches, the most that the PDF standard allows
    image_pixels: int = 300_000_000  # two metres square at 200 dpi
    stream_bytes: int = 512 * 1024**2
    drawn: int = (
        100_000  # forms and patterns that one page draws, those within others counted as often as they are drawn
    )
    zip_members: int = 2_000
    zip_bytes: int = 4 * 1024**3
    zip_ratio: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file is. `remarks` are defects that do not stop it from being read, for the intake to know."""

    type: FileType
    size: int
    pages: int
    remarks: tuple[str, ...] = ()


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
_ACTIVE_KEYS = {"/JS": "a program (JavaScript)", "/XFA": "a form that only its own program can show (XFA)"}
_ACTIVE_SUBTYPES = {
    "/FileAttachment": "another file",
    "/RichMedia": "a film or a program",
    "/Screen": "a film",
    "/3D": "a film",
    "/Sound": "a sound",
    "/Movie": "a film",
}
#: What stands before a PDF and makes of it something else too: a page for a browser, a program, a script.
_SOMETHING_ELSE = re.compile(
    rb"^\s*(?:MZ|\x7fELF|#!|GIF8|\xca\xfe\xba\xbe|Rar!|7z\xbc\xaf)|<\s*[!?/]?\s*(?:doctype|html|head|body|script|svg|iframe|xml|php)",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\s*(?:java|vb)script\s*:", re.IGNORECASE)
_NEW_PDF = "print it to a new PDF and send that"
_DEEPEST = 60
#: How members of a ZIP may be packed: others take memory that the member chooses.
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def file_type(head: bytes) -> FileType | None:
    """What a file is, by its first 1,024 bytes."""
    for mark, kind in _HEADS:
        if head.startswith(mark):
            return kind
    return FileType.PDF if b"%PDF-" in head[:1024] else None


def inspect(path: Path, bounds: Bounds | None = None) -> Inspection:
    """What a file is. Raises Unreadable, with what to do, where it may not be read."""
    limit = bounds or Bounds()
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
    if not size:
        raise Unreadable("this file is empty; send it again")
    if size > limit.file_bytes:
        raise Unreadable(
            f"this file has {size:,} bytes and the largest that is taken has {limit.file_bytes:,}; split it"
        )
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
    from imr.records import pictures

    return Inspection(
        type=kind, size=size, pages=pictures.count(path, most_pixels=limit.image_pixels, most_pages=limit.pages)
    )


def _refuse_two_at_once(path: Path, head: bytes, kind: FileType) -> None:
    """Raise Unreadable where a file is something else too, which another program would see in it."""
    before = head[: max(0, head.find(b"%PDF-"))]
    if kind is not FileType.PDF and b"%PDF-" in head:
        other = "a PDF"
    elif kind is FileType.PDF and _SOMETHING_ELSE.search(before):
        other = "a program or a page for a browser"
    elif zipfile.is_zipfile(path):
        other = "a ZIP file"
    else:
        return
    raise Unreadable(f"this file is a {kind.value} and {other} at once; {_NEW_PDF}")


def _inspect_zip(path: Path, size: int, limit: Bounds) -> Inspection:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("this ZIP file is broken; make it again and send that") from error
    if len(members) > limit.zip_members:
        raise Unreadable(
            f"this ZIP file holds {len(members):,} files and the most that are taken is {limit.zip_members:,}; split it"
        )
    total = sum(member.file_size for member in members)
    if total > limit.zip_bytes or total > limit.zip_ratio * max(size, 100_000):
        raise Unreadable(f"this ZIP file unpacks to {total:,} bytes, more than is taken; send the files one by one")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("this ZIP file is locked with a password; pack it without one and send that")
    if any(member.compress_type not in _PACKED for member in members):
        raise Unreadable(
            "this ZIP file is packed in a way that few programs know; pack it anew in the usual way (deflate)"
        )
    if not members:
        raise Unreadable("this ZIP file is empty; pack the records and send it again")
    return Inspection(type=FileType.ZIP, size=size, pages=len(members))


def _inspect_pdf(path: Path, size: int, limit: Bounds) -> Inspection:
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=200,
        parser_max_nesting=200,
        max_stream_filters=5,
        flate_max_memory=limit.stream_bytes,
        run_length_max_memory=limit.stream_bytes,
        png_max_memory=limit.stream_bytes,
        tiff_max_memory=limit.stream_bytes,
        dct_max_memory=limit.stream_bytes,
    )
    try:
        with (
            warnings.catch_warnings(),
            pikepdf.open(path, access_mode=pikepdf.AccessMode.mmap, suppress_warnings=True) as pdf,
        ):
            warnings.simplefilter("ignore")
            return _look_through(pdf, size, limit)
    except pikepdf.PasswordError as error:
        raise Unreadable("this PDF is locked with a password; remove the password and send it again") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError, RuntimeError, OverflowError) as error:
        raise Unreadable(f"this PDF is broken; {_NEW_PDF}") from error


def _look_through(pdf: pikepdf.Pdf, size: int, limit: Bounds) -> Inspection:
    count = len(pdf.objects)
    if count > limit.objects:
        raise Unreadable(f"this PDF is made of {count:,} objects, more than any case file needs; {_NEW_PDF}")
    pages = len(pdf.pages)
    if pages > limit.pages:
        raise Unreadable(
            f"this PDF has {pages:,} pages and the most that are taken is {limit.pages:,}; split it and send the parts"
        )
    if not pages:
        raise Unreadable("this PDF has no pages; send the records again")
    repaired = _look_at_objects(pdf, limit)
    for number, page in enumerate(pdf.pages, 1):
        width, height = _page_size(page)
        if not (1 <= width <= limit.page_points and 1 <= height <= limit.page_points):
            raise Unreadable(
                f"page {number} of this PDF is {width / 72:.0f} by {height / 72:.0f} inches, which no paper is; {_NEW_PDF}"
            )
    remarks = (
        ["its structure is damaged and was repaired: pages may be missing"] if pdf.get_warnings() or repaired else []
    )
    if pdf.is_encrypted:
        remarks.append("it is encrypted, with a password that is empty")
    if size < 60 * pages:
        raise Unreadable(f"this PDF claims {pages:,} pages in {size:,} bytes; {_NEW_PDF}")
    return Inspection(type=FileType.PDF, size=size, pages=pages, remarks=tuple(remarks))


def _look_at_objects(pdf: pikepdf.Pdf, limit: Bounds) -> bool:
    """Whether the file was damaged and repaired. Raises Unreadable where an object of it does something or is absurd."""
    nests = False
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
            _refuse_active(thing, limit)
            nests = nests or weights.may_nest(thing)
    repaired = bool(pdf.get_warnings())
    if repaired:  # then a length may lie, and what was passed over as short is looked at by its bytes
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                _refuse_bomb(thing, limit, packed=len(thing.read_raw_bytes()))
    if nests and weights.heaviest(pdf) > limit.drawn:
        raise Unreadable(f"this PDF draws the same thing in itself over and over; {_NEW_PDF}")
    return repaired


def _page_size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.cropbox.as_list() if edge is not None)
    return abs(right - left), abs(top - bottom)


def _refuse_active(thing: Any, limit: Bounds, depth: int = 0) -> None:
    """Raise Unreadable where this object, or one written inside it, does something or is absurd."""
    if depth > _DEEPEST:
        raise Unreadable(f"this PDF is nested deeper than any page needs; {_NEW_PDF}")
    for key, value in _items(thing):
        if key in _ACTIVE_KEYS and not (key == "/XFA" and not value):
            raise Unreadable(f"this PDF holds {_ACTIVE_KEYS[key]}; {_NEW_PDF}")
        if key == "/S" and str(value) in _ACTIVE_ACTIONS:
            raise Unreadable(f"this PDF holds {_ACTIVE_ACTIONS[str(value)]}; {_NEW_PDF}")
        if key == "/Subtype" and str(value) in _ACTIVE_SUBTYPES:
            raise Unreadable(f"this PDF holds {_ACTIVE_SUBTYPES[str(value)]}; {_NEW_PDF}")
        if key == "/URI" and isinstance(value, pikepdf.String) and _PROGRAM.match(str(value)):
            raise Unreadable(f"this PDF holds {_ACTIVE_KEYS['/JS']}; {_NEW_PDF}")
        if key == "/EmbeddedFiles" or (key == "/EF" and isinstance(value, pikepdf.Dictionary)):
            raise Unreadable(
                f"this PDF carries another file inside it; take it out and send it by itself, or {_NEW_PDF}"
            )
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _refuse_active(value, limit, depth + 1)
    if isinstance(thing, pikepdf.Stream):
        _refuse_bomb(thing, limit)


def _items(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, pikepdf.Array):
        for value in thing:
            yield "", value
        return
    for key in thing.keys():  # noqa: SIM118 - a PDF dictionary is no mapping
        yield key, thing.get(key)


_DECODED = {"/DCTDecode": heads.jpeg, "/JPXDecode": heads.jpeg2000}
_CHEAP = {*_DECODED, "/CCITTFaxDecode", "/JBIG2Decode"}


def _refuse_bomb(stream: pikepdf.Stream, limit: Bounds, packed: int | None = None) -> None:
    """Raise Unreadable where a stream unpacks to more than any page needs; `packed` is its length where its own word is not taken."""
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
        raise Unreadable(f"this PDF is packed {len(chain)} times over; {_NEW_PDF}")
    packed = int(stream.get("/Length", 0)) if packed is None else packed
    # What is packed once by deflate grows by a thousand at most; only long or doubly packed streams can be bombs.
    unpacking = [name for name in chain if name not in _CHEAP]
    if unpacking and packed * 1032 ** len(unpacking) > limit.stream_bytes:
        try:
            stream.read_bytes()
        except (pikepdf.PdfError, MemoryError) as error:
            raise Unreadable(f"this PDF unpacks to more than any page needs, or is broken; {_NEW_PDF}") from error
    if chain and chain[-1] in _DECODED:
        head = _DECODED[chain[-1]](_without_deflate(stream.read_raw_bytes(), chain[:-1], limit))
        _refuse_vast(head.pixels, limit)
        if head.is_heavy:
            raise Unreadable(f"this PDF holds an image in {head.passes:,} passes, more than any scan has; {_NEW_PDF}")


def _refuse_vast(pixels: int, limit: Bounds) -> None:
    if pixels > limit.image_pixels:
        raise Unreadable(f"this PDF holds an image of {pixels:,} points, more than any scan has; {_NEW_PDF}")


def _without_deflate(data: bytes, chain: list[str], limit: Bounds) -> bytes:
    """The bytes of an image in its own format; nothing where they are packed in another way around it, or broken."""
    for name in chain:
        if name != "/FlateDecode":
            return b""
        try:
            data = zlib.decompressobj().decompress(data, limit.stream_bytes)
        except zlib.error:
            return b""
    return data
