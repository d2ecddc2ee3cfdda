"""Limits on the size of an uploaded file and of its contents."""

from dataclasses import dataclass

#: The advice to the sender of a PDF that is refused.
NEW_PDF = "print it to a new PDF and send that"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The largest file, page, image or archive that is accepted."""

    file_bytes: int = 2 * 1024**3
    pages: int = 20_000
    objects: int = 3_000_000
    page_points: float = 14_400.0  # 200 inches, the most that the PDF standard allows
    image_pixels: int = 300_000_000  # two meters square at 200 dpi
    stream_bytes: int = 512 * 1024**2
    #: Forms and patterns that one page draws, each counted every time it is drawn.
    drawn: int = 100_000
    zip_members: int = 2_000
    zip_bytes: int = 4 * 1024**3
    zip_ratio: int = 200
