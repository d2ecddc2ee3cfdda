"""Reads the size of compressed images from their headers, so that decompression bombs are refused before decoding."""

import mmap
import struct
from dataclasses import dataclass

#: The most decoder passes times pixels, which take several seconds. A scan has up to 14 passes.
MOST_WORK = 5_000_000_000
MOST_PASSES = 1_000

_SCAN = b"\xff\xda"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_CODESTREAM = b"\xff\x4f\xff\x51"


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The number of pixels of an image, and the number of passes that its decoder makes over them."""

    pixels: int
    passes: int = 1

    @property
    def is_heavy(self) -> bool:
        """True if decoding the image would take longer than any scan does."""
        return self.passes > MOST_PASSES or self.passes * self.pixels > MOST_WORK


def jpeg(data: bytes) -> ImageHeader:
    """Read the header of a JPEG: the largest frame before its first scan, and its scans. No pixels if it has no frame."""
    pixels, at = 0, data.find(b"\xff\xd8") + 2
    while 0 < (at := data.find(b"\xff", at)) < len(data) - 9:
        kind = data[at + 1]
        if kind == 0xDA:
            break
        if kind in _FRAMES:
            high, wide = struct.unpack_from(">HH", data, at + 5)
            pixels = max(pixels, high * wide)
        # A byte that is not a marker, and a marker without data, have no length after them.
        alone = kind in _ALONE or kind in (0x00, 0xFF)
        at += 1 if alone else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    # In compressed data 0xFF is followed only by 0x00 or a restart: this pair begins a scan wherever it occurs.
    return ImageHeader(pixels, max(1, data.count(_SCAN)))


def tiff_pages(data: bytes | mmap.mmap) -> int:
    """Count the pages of a TIFF by following its directories, each counted once; none if it is not a whole TIFF."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\x00", b"\x00+")
    first, offset, count, entry = (8, "Q", "Q", 20) if big else (4, "I", "H", 12)
    read, seen, at = struct.Struct(order + offset), set[int](), first
    try:
        (directory,) = read.unpack_from(data, at)
        while directory and directory not in seen:
            (entries,) = struct.unpack_from(order + count, data, directory)
            seen.add(directory)
            (directory,) = read.unpack_from(data, directory + struct.calcsize(order + count) + entry * entries)
    except struct.error:  # it ends in the middle: its decoder says what is wrong
        pass
    return len(seen)


def jpeg2000(data: bytes) -> ImageHeader:
    """Read the header of a JPEG 2000 image from its codestream. No pixels if it has none."""
    at = data.find(_CODESTREAM)
    if not 0 <= at <= len(data) - 24:
        return ImageHeader(0)
    wide, high = struct.unpack_from(">II", data, at + 8)
    return ImageHeader(wide * high)
