"""The pages of a case file on disk, each written once and read quickly on demand.

The memory of a case file does not grow with its pages, and the site opens page 900 without the 899 before it. The file
is a sequence of frames, then the offsets of the pages and their checksums, then the offset of that list. A store whose
writing was cut off has no such end and is refused as a whole; a page whose checksum differs is refused when it is read.
"""

import mmap
import struct
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, overload

from imr.errors import Damaged
from imr.records import page_codec
from imr.records.model import Page

#: A function that gets the damage of a page and gives the error to raise for it.
Refuse = Callable[[Damaged], Damaged]

_END = struct.Struct("<QI8s")
_MARK = b"imrpage2"
#: The end of a store that was written before pages had checksums.
_UNCHECKED = b"imrpages"


class PageStore(Sequence[Page]):
    """Pages in the order of their numbers from 1, read from disk on demand."""

    def __init__(
        self,
        path: Path,
        places: "array[int]",
        source: mmap.mmap | None,
        *,
        checksums: "array[int] | None" = None,
        damaged: Refuse | None = None,
        offset: int = 0,
    ) -> None:
        self.path = path
        self._places = places
        self._source = source
        self._checksums = checksums
        self._damaged = damaged
        self._offset = offset

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Page: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Page, ...]: ...
    def __getitem__(self, place: int | slice) -> Page | tuple[Page, ...]:
        if isinstance(place, slice):
            return tuple(self[n] for n in range(*place.indices(len(self))))
        start = self._places[place]
        assert self._source is not None  # noqa: S101 - a store without a source has no offsets
        checksum = self._checksums[place] if self._checksums is not None else None
        try:
            page = page_codec.page_from_frame(*page_codec.frame_at(self._source, start, checksum))
        except Damaged as error:
            raise (self._damaged(error) if self._damaged else error) from error
        return replace(page, number=page.number + self._offset) if self._offset else page

    def __iter__(self) -> Iterator[Page]:
        return (self[n] for n in range(len(self)))

    def after(self, pages: int) -> "PageStore":
        """Give the same pages, numbered after that many pages of other files."""
        return PageStore(
            self.path,
            self._places,
            self._source,
            checksums=self._checksums,
            damaged=self._damaged,
            offset=pages,
        )


class PageSequence(Sequence[Page]):
    """The pages of several stores, one after the other, as the pages of one case file."""

    def __init__(self, shelves: Sequence[Sequence[Page]]) -> None:
        self._shelves = shelves
        self._ends: list[int] = []
        for shelf in shelves:
            self._ends.append(len(shelf) + (self._ends[-1] if self._ends else 0))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Page: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Page, ...]: ...
    def __getitem__(self, place: int | slice) -> Page | tuple[Page, ...]:
        if isinstance(place, slice):
            return tuple(self[n] for n in range(*place.indices(len(self))))
        if place < 0:
            place += len(self)
        before = 0
        for shelf, end in zip(self._shelves, self._ends, strict=True):
            if before <= place < end:
                page = shelf[place - before]
                return page if page.number == place + 1 else replace(page, number=place + 1)
            before = end
        raise IndexError(place)

    def __iter__(self) -> Iterator[Page]:
        number = 0
        for shelf in self._shelves:
            for page in shelf:
                number += 1
                yield page if page.number == number else replace(page, number=number)


class PageStoreWriter:
    """Writes pages to a new store, in any order. Nothing is at `path` before `close`."""

    def __init__(self, path: Path | None = None) -> None:
        self._keep = path
        folder = path.parent if path else None
        self._file: BinaryIO = tempfile.NamedTemporaryFile(dir=folder, suffix=".pages", delete=False)  # type: ignore[assignment] # noqa: SIM115 - closed in close()
        self._places: dict[int, tuple[int, int]] = {}
        self._at = 0

    def put(self, page: Page) -> None:
        """Write a page; it replaces a page of the same number."""
        length, checksum = page_codec.write_frame(self._file, *page_codec.page_to_frame(page))
        self._places[page.number] = (self._at, checksum)
        self._at += length

    def close(self) -> PageStore:
        """Finish the store and open it for reading. Raises Damaged if a page is missing."""
        numbers = sorted(self._places)
        if numbers != list(range(1, len(numbers) + 1)):
            self.drop()
            raise Damaged("a page of this file was not read; read the file again")
        places = array("Q", (self._places[number][0] for number in numbers))
        self._file.write(places.tobytes())
        self._file.write(array("I", (self._places[number][1] for number in numbers)).tobytes())
        self._file.write(_END.pack(self._at, len(places), _MARK))
        self._file.close()
        path = Path(self._file.name)
        if self._keep:
            path = path.replace(self._keep)
        shelf = load(path)
        if not self._keep:
            path.unlink()
        return shelf

    def drop(self) -> None:
        """Delete everything that was written."""
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)


def load(path: Path, damaged: Refuse | None = None) -> PageStore:
    """Open the store in a file. Raises Damaged if the store is not complete.

    `damaged` is called, when a page is read whose checksum differs, and gives the error to raise.
    """
    try:
        with path.open("rb") as file:
            source = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise Damaged(f"the pages of this file are not at {path.name}; read the file again") from error
    if len(source) < _END.size:
        raise Damaged(f"{path.name} is not a complete page store; read the file again")
    at, count, mark = _END.unpack(source[-_END.size :])
    each = {_MARK: 12, _UNCHECKED: 8}.get(mark)
    if each is None or at + each * count + _END.size != len(source):
        raise Damaged(f"{path.name} is not a complete page store; read the file again")
    sums = array("I", source[at + 8 * count : at + 12 * count]) if mark == _MARK else None
    return PageStore(path, array("Q", source[at : at + 8 * count]), source, checksums=sums, damaged=damaged)
