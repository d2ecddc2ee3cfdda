"""Reads the size of compressed images from their headers, without decoding, so that a decompression bomb is refused in time."""

import struct
from dataclasses import dataclass

#: Passes over a picture that its decoder makes, times its points: what takes several seconds. A scan has up to 14 passes.
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
        """Whether decoding the image would take longer than any scan does."""
        return self.passes > MOST_PASSES or self.passes * self.pixels > MOST_WORK


def jpeg(data: bytes) -> ImageHeader:
    """The head of a JPEG: the largest frame before its first scan, and its scans. No points where it has no frame."""
    pixels, at = 0, data.find(b"\xff\xd8") + 2
    while 0 < (at := data.find(b"\xff", at)) < len(data) - 9:
        kind = data[at + 1]
        if kind == 0xDA:
            break
        if kind in _FRAMES:
            high, wide = struct.unpack_from(">HH", data, at + 5)
            pixels = max(pixels, high * wide)
        # What is no marker, or stands alone, has no length behind it.
        alone = kind in _ALONE or kind in (0x00, 0xFF)
        at += 1 if alone else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    # In packed points 0xFF is followed by 0x00 or a restart alone: this pair begins a scan wherever it stands.
    return ImageHeader(pixels, max(1, data.count(_SCAN)))


def jpeg2000(data: bytes) -> ImageHeader:
    """The head of a JPEG 2000 picture, as its codestream says it. No points where it has none."""
    at = data.find(_CODESTREAM)
    if not 0 <= at <= len(data) - 24:
        return ImageHeader(0)
    wide, high = struct.unpack_from(">II", data, at + 8)
    return ImageHeader(wide * high)
