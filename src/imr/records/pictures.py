"""Images as files: scans sent as TIFF, JPEG or PNG, and pages for the viewer. The only module that knows the image library."""

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from imr.errors import Unreadable
from imr.records.pdf import Image

_FORMATS = ("TIFF", "JPEG", "PNG")
_BROKEN = "this image is broken; scan or save it anew and send that"
#: A scan that does not say its resolution is taken for US letter paper.
_LETTER_INCHES = 8.5


def _open(path: Path) -> Any:
    Pillow.MAX_IMAGE_PIXELS = None  # bounded here, with a message of our own
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Pillow.open(path, formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable(_BROKEN) from error


def count(path: Path, *, most_pixels: int, most_pages: int) -> int:
    """How many pages an image file has. Raises Unreadable where one is broken or larger than any scan is."""
    try:
        with _open(path) as picture:
            pages = int(getattr(picture, "n_frames", 1))
            if pages > most_pages:
                raise Unreadable(
                    f"this image has {pages:,} pages and the most that are taken is {most_pages:,}; split it"
                )
            for number in range(pages):
                picture.seek(number)
                wide, high = picture.size
                if wide * high > most_pixels:
                    raise Unreadable(
                        f"this image has {wide * high:,} points, more than any scan has; scan it at 300 dpi"
                    )
            return pages
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Unreadable(_BROKEN) from error


def page(path: Path, number: int, *, grey: bool = True) -> tuple[Image, float]:
    """A page of an image file, counted from 0, the way up that the file says, and its dots an inch."""
    try:
        with _open(path) as picture, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.seek(number)
            dpi = float(picture.info.get("dpi", (0, 0))[0] or 0)
            turned = _upright(picture)
            pixels = np.asarray(turned.convert("L" if grey else "RGB"))
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, ZeroDivisionError) as error:
        raise Unreadable(_BROKEN) from error
    return pixels, dpi if 50 <= dpi <= 1200 else max(50.0, min(pixels.shape[:2]) / _LETTER_INCHES)


def _upright(picture: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture) or picture


def turn(image: Image, degrees: float) -> Image:
    """The image turned against the clock, on white, in its own size."""
    return np.asarray(Pillow.fromarray(image).rotate(degrees, resample=Pillow.Resampling.BILINEAR, fillcolor=255))


def shrink(image: Image, width: int) -> Image:
    """The image in a smaller width, its shape kept."""
    high = max(1, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(Pillow.fromarray(image).resize((width, high), Pillow.Resampling.BOX))


def look(image: Image) -> int:
    """How a straightened page looks, as 256 points of more or less ink than at their left: near for two scans of one paper.

    Only what is printed counts, from its outermost ink, so that it does not matter where on the glass the paper lay.
    """
    small = shrink(image, 400) if image.shape[1] > 400 else image
    ink = np.clip(float(np.percentile(small, 90)) - 40 - small.astype(np.float32), 0, None)
    high, wide = ink.shape
    inner = ink[high // 40 : high - high // 40, wide // 40 : wide - wide // 40]
    down, across = inner.sum(axis=1).cumsum(), inner.sum(axis=0).cumsum()
    if not down.size or down[-1] <= 0:
        return 0
    top, bottom = np.searchsorted(down, (0.005 * down[-1], 0.995 * down[-1]))
    left, right = np.searchsorted(across, (0.005 * across[-1], 0.995 * across[-1]))
    printed = np.ascontiguousarray(inner[top : bottom + 1, left : right + 1])
    grid = np.asarray(Pillow.fromarray(printed).resize((17, 16), Pillow.Resampling.BOX))
    return int.from_bytes(np.packbits(grid[:, 1:] > grid[:, :-1]).tobytes(), "big")


def encode(image: Image, *, form: str = "WEBP", quality: int = 80) -> bytes:
    """The image as bytes that a browser shows."""
    out = io.BytesIO()
    Pillow.fromarray(image).save(out, form, quality=quality, **({"method": 0} if form == "WEBP" else {}))
    return out.getvalue()
