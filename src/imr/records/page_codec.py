"""Pages as bytes: between the sandboxed child and its parent, and in the page store.

A frame is two lengths, a line of JSON, and the numbers of its words in memory order. Nothing in a frame is executed or
unpickled, so that a child which a hostile file has taken over can only send wrong pages.
"""

import json
import struct
import zlib
from array import array
from typing import Any, BinaryIO, Protocol

from imr.errors import Damaged
from imr.records.model import Page, PageWords, TextSource

_LENGTHS = struct.Struct("<II")
#: The largest frame that is accepted: an image of a page, or a page of a million words.
LARGEST_FRAME = 256 * 1024 * 1024
_HASH_BITS = (1 << 256) - 1


class BytesSink(Protocol):
    """What takes bytes one after the other."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


class BytesSource(Protocol):
    """Bytes that are read from any place."""

    def __getitem__(self, part: slice, /) -> bytes: ...


def write_frame(out: BytesSink, head: dict[str, Any], blob: bytes = b"") -> tuple[int, int]:
    """Write a frame; give its length in bytes and its checksum."""
    line = json.dumps(head, separators=(",", ":")).encode()
    out.write(_LENGTHS.pack(len(line), len(blob)))
    out.write(line)
    out.write(blob)
    return _LENGTHS.size + len(line) + len(blob), zlib.crc32(blob, zlib.crc32(line))


def read_frame(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read the next frame, or None at the end. Raises Damaged if it breaks off."""
    lengths = source.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise Damaged("a page breaks off in the middle; read the file again")
    line_length, blob_length = _LENGTHS.unpack(lengths)
    if line_length + blob_length > LARGEST_FRAME:
        raise Damaged("a page is larger than any page can be; read the file again")
    line, blob = source.read(line_length), source.read(blob_length)
    if len(line) < line_length or len(blob) < blob_length:
        raise Damaged("a page breaks off in the middle; read the file again")
    return _head(line), blob


def frame_at(source: BytesSource, start: int, checksum: int | None = None) -> tuple[dict[str, Any], bytes]:
    """Read the frame at an offset of a file that `write_frame` wrote. Raises Damaged if its checksum differs."""
    try:
        line_length, blob_length = _LENGTHS.unpack(source[start : start + _LENGTHS.size])
    except struct.error as error:
        raise Damaged("a page breaks off in the middle; read the file again") from error
    begin = start + _LENGTHS.size
    end = begin + line_length
    line, blob = source[begin:end], source[end : end + blob_length]
    if checksum is not None and zlib.crc32(blob, zlib.crc32(line)) != checksum:
        raise Damaged("a page differs from the one that was stored; read the file again")
    return _head(line), blob


def _head(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
    except ValueError:
        raise Damaged("a page is in no known format; read the file again") from None
    if not isinstance(head, dict):
        raise Damaged("a page is in no known format; read the file again")
    return head


def page_to_frame(page: Page) -> tuple[dict[str, Any], bytes]:
    """Give the two parts of the frame of a page."""
    words = page.words if isinstance(page.words, PageWords) else PageWords.placed(page.words)
    head = {
        "number": page.number,
        "file": page.file,
        "source_page": page.source_page,
        "width": page.width,
        "height": page.height,
        "text": page.text,
        "source": page.source.value,
        "confidence": page.confidence,
        "engine": page.engine,
        "look": page.image_hash,
        "words": len(words),
    }
    blob = words.starts.tobytes() + words.ends.tobytes() + words.edges.tobytes() + words.confidences
    return head, blob


def page_from_frame(head: dict[str, Any], blob: bytes) -> Page:
    """Give the page of a frame. Raises Damaged if the numbers do not fit the text."""
    try:
        count, text = int(head["words"]), str(head["text"])
        starts, ends, edges = array("I", blob[: 4 * count]), array("I", blob[4 * count : 8 * count]), array("f")
        edges.frombytes(blob[8 * count : 24 * count])
        confidences = blob[24 * count :]
        if len(edges) != 4 * count or len(confidences) not in (0, count) or (count and max(ends) > len(text)):
            raise Damaged("the words of a page do not fit its text; read the file again", int(head["number"]))
        return Page(
            number=int(head["number"]),
            file=str(head["file"]),
            source_page=int(head["source_page"]),
            width=float(head["width"]),
            height=float(head["height"]),
            words=PageWords(text, starts, ends, edges, confidences),
            text=text,
            source=TextSource(head["source"]),
            confidence=float(head["confidence"]),
            engine=str(head.get("engine", "")),  # pages stored before there was a second engine have neither
            image_hash=int(head.get("look", 0)) & _HASH_BITS,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged("a page is in no known format; read the file again") from error
