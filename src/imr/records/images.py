"""Reads and writes image files: scans (TIFF, JPEG, PNG) and page images for the viewer. The only module that uses Pillow."""

import io
import mmap
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from imr.errors import Unreadable
from imr.records import image_headers
from imr.records.pdf import Image, Pdf

_FORMATS = ("TIFF", "JPEG", "PNG")
_BROKEN = "this image is broken; scan it or save it again and send that"
#: The assumed width of a scan that does not state its resolution: US letter paper.
_LETTER_INCHES = 8.5
#: How much red, green and blue of a pixel differ at least if it has a color.
_COLOUR = 8
#: The parts of EXIF that hold texts of their own: the camera's, the place's.
_EXIF_PLACES = (0x8769, 0x8825)
#: `safety` limits files at upload; a child process that renders is limited by its memory.
_MOST = 1 << 40


def _open(path: Path) -> Any:
    Pillow.MAX_IMAGE_PIXELS = None  # bounded here, with a message of our own
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Pillow.open(path, formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable(_BROKEN) from error


def page_count(path: Path, *, most_pixels: int, most_pages: int) -> int:
    """Count the pages of an image file. Raises Unreadable if one is broken or larger than any scan is."""
    try:
        with _open(path) as picture:
            if picture.format == "JPEG" and image_headers.jpeg(path.read_bytes()).is_heavy:
                raise Unreadable("this image has more passes than any scan has; save it again and send that")
            # Counted before the decoder counts them: it reads each directory, which takes seconds for 20,000.
            pages = 1
            if picture.format == "TIFF":
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    pages = image_headers.tiff_pages(data)
            if pages <= most_pages:
                pages = int(getattr(picture, "n_frames", 1))
            if pages > most_pages:
                raise Unreadable(f"this image has {pages:,} pages and the limit is {most_pages:,}; split it")
            for number in range(pages):
                picture.seek(number)
                wide, high = picture.size
                tile = getattr(picture, "tag_v2", {})
                wide, high = max(wide, int(tile.get(322, 0))), max(high, int(tile.get(323, 0)))
                if wide * high > most_pixels:
                    raise Unreadable(
                        f"this image has {wide * high:,} pixels, more than any scan has; scan it at 300 dpi"
                    )
            return pages
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Unreadable(_BROKEN) from error


def read_page(path: Path, number: int, *, grey: bool = True) -> tuple[Image, float]:
    """Read a page of an image file, counted from 0, upright as the file says, and give its resolution in dots per inch."""
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


def texts_beside_pages(path: Path) -> Iterator[str]:
    """Yield every text that an image file has beside its pictures: author, software, comments, the XMP packet."""
    try:
        with _open(path) as picture:
            for number in range(int(getattr(picture, "n_frames", 1))):
                picture.seek(number)
                exif = picture.getexif()
                inner = [value for place in _EXIF_PLACES for value in exif.get_ifd(place).values()]
                for value in (*picture.info.values(), *exif.values(), *inner):
                    if isinstance(value, bytes):
                        yield value.decode("utf-16-le" if value[1:2] == b"\0" else "utf-8", "replace")
                    elif isinstance(value, str):
                        yield value
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Unreadable(_BROKEN) from error


def _upright(picture: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture) or picture


def rotate(image: Image, degrees: float) -> Image:
    """Rotate an image counterclockwise on white, keeping its size."""
    return np.asarray(Pillow.fromarray(image).rotate(degrees, resample=Pillow.Resampling.BILINEAR, fillcolor=255))


def shrink(image: Image, width: int) -> Image:
    """Scale an image down to a width in pixels, keeping its proportions."""
    high = max(1, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(Pillow.fromarray(image).resize((width, high), Pillow.Resampling.BOX))


def image_hash(image: Image) -> int:
    """Give a perceptual hash of a straightened page in 256 bits, similar for two scans of one paper; 0 for a page without ink.

    Each bit says whether a cell has more ink than the one to its left. The page is cropped to its ink first, so that
    the position of the paper on the scanner does not matter.
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


def encode(image: Image, *, form: str = "JPEG", quality: int = 80) -> bytes:
    """Encode an image as the bytes of an image file."""
    out = io.BytesIO()
    Pillow.fromarray(image).save(out, form, **({"compress_level": 3} if form == "PNG" else {"quality": quality}))
    return out.getvalue()


def encode_for_browser(image: Image) -> bytes:
    """Encode an image for a browser in a few milliseconds; `media_type` gives its type.

    Type or drawing on white becomes PNG, which keeps every pixel; a scan or a photograph becomes JPEG. WebP gives
    nearly the same size for either, and takes four to sixty times as long.
    """
    if image.ndim == 3 and not _is_coloured(image):
        image = image[:, :, 1]
    on_white = np.count_nonzero(image == 255) > 0.5 * image.size
    return encode(image, form="PNG" if on_white else "JPEG")


def _is_coloured(image: Image) -> bool:
    red, green, blue = image[:, :, 0], image[:, :, 1], image[:, :, 2]
    return bool((np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue) > _COLOUR).any())


def media_type(picture: bytes) -> str:
    """Give the media type of an image that `encode_for_browser` made."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def render_pages(
    path: Path, *, questions: Iterable[Mapping[str, int]], width: int
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the number of pages of a file, then for each question its `page`, counted from 1, as an image of `width` pixels.

    A task of a `sandbox.SandboxedProcess`.
    """
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if not is_pdf:
        yield {"pages": page_count(path, most_pixels=_MOST, most_pages=_MOST)}, b""
        for asked in questions:
            image, _ = read_page(path, asked["page"] - 1, grey=False)
            yield {"page": asked["page"]}, encode_for_browser(shrink(image, width) if image.shape[1] > width else image)
        return
    with Pdf(path) as pdf:
        yield {"pages": len(pdf)}, b""
        for asked in questions:
            wide, _ = pdf.size(asked["page"] - 1)
            yield (
                {"page": asked["page"]},
                encode_for_browser(pdf.image(asked["page"] - 1, 72 * width / wide, grey=False)),
            )
