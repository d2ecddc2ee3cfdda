"""Images as files: scans sent as TIFF, JPEG or PNG, and pages for the viewer. The only module that knows the image library."""

import io
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
_BROKEN = "this image is broken; scan or save it anew and send that"
#: A scan that does not say its resolution is taken for US letter paper.
_LETTER_INCHES = 8.5
#: By how much red, green and blue of a point differ where it has a colour.
_COLOUR = 8
#: Files are bounded where they are taken in (`safety`); a child that draws is bounded by its memory.
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
    """How many pages an image file has. Raises Unreadable where one is broken or larger than any scan is."""
    try:
        with _open(path) as picture:
            if picture.format == "JPEG" and image_headers.jpeg(path.read_bytes()).is_heavy:
                raise Unreadable("this image is packed in more passes than any scan has; save it anew and send that")
            pages = int(getattr(picture, "n_frames", 1))
            if pages > most_pages:
                raise Unreadable(
                    f"this image has {pages:,} pages and the most that are taken is {most_pages:,}; split it"
                )
            for number in range(pages):
                picture.seek(number)
                wide, high = picture.size
                tile = getattr(picture, "tag_v2", {})
                wide, high = max(wide, int(tile.get(322, 0))), max(high, int(tile.get(323, 0)))
                if wide * high > most_pixels:
                    raise Unreadable(
                        f"this image has {wide * high:,} points, more than any scan has; scan it at 300 dpi"
                    )
            return pages
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Unreadable(_BROKEN) from error


def read_page(path: Path, number: int, *, grey: bool = True) -> tuple[Image, float]:
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


def rotate(image: Image, degrees: float) -> Image:
    """The image turned against the clock, on white, in its own size."""
    return np.asarray(Pillow.fromarray(image).rotate(degrees, resample=Pillow.Resampling.BILINEAR, fillcolor=255))


def shrink(image: Image, width: int) -> Image:
    """The image in a smaller width, its shape kept."""
    high = max(1, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(Pillow.fromarray(image).resize((width, high), Pillow.Resampling.BOX))


def image_hash(image: Image) -> int:
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


def encode(image: Image, *, form: str = "JPEG", quality: int = 80) -> bytes:
    """The image as bytes of a picture."""
    out = io.BytesIO()
    Pillow.fromarray(image).save(out, form, **({"compress_level": 3} if form == "PNG" else {"quality": quality}))
    return out.getvalue()


def encode_for_browser(image: Image) -> bytes:
    """The image as a picture that a browser shows, made in a few milliseconds; `media_type` says what it is.

    What is typed or drawn on white goes as PNG, which keeps every point; a scan or a photograph as JPEG. WebP makes of either nearly the same size, and takes four to sixty times as long.
    """
    if image.ndim == 3 and not _is_coloured(image):
        image = image[:, :, 1]
    on_white = np.count_nonzero(image == 255) > 0.5 * image.size
    return encode(image, form="PNG" if on_white else "JPEG")


def _is_coloured(image: Image) -> bool:
    red, green, blue = image[:, :, 0], image[:, :, 1], image[:, :, 2]
    return bool((np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue) > _COLOUR).any())


def media_type(picture: bytes) -> str:
    """What a browser calls a picture that `shown` made."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def render_pages(
    path: Path, *, questions: Iterable[Mapping[str, int]], width: int
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """How many pages a file has; then for each question its `page`, counted from 1, as an image of `width` points of a screen.

    A task of a confined child (`sandbox.Child`) that stays with its file.
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
