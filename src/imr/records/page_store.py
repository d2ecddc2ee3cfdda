"""The pages of a case file on disk, each written once and read quickly on demand.

The memory of a case file does not grow with its pages, and the site opens page 900 without the 899 before it. The file
is a sequence of frames, then the offsets of the pages and their checksums, then the offset of that list. A store whose
writing was cut off has no such end and is refused as a whole; a page whose checksum differs is refused when it is read.
Where the file is, and whether it is encrypted there, is for a `PageFile` to know.
"""

import mmap
import struct
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol, overload

from imr.errors import Damaged
from imr.records import page_codec
from imr.records.model import Page

#: A function that gets the damage of a page and gives the error to raise for it.
Refuse = Callable[[Damaged], Damaged]

_END = struct.Struct("<QI8s")
_MARK = b"imrpage2"
#: The end of a store that was written before pages had checksums.
_UNCHECKED = b"imrpages"


class PageSource(Protocol):
    """The bytes of a store, read from any place; a memory map is one."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class PageSink(Protocol):
    """What takes the bytes of a store, from its beginning to its end."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""

    def commit(self) -> None:
        """Put the complete store in its place."""

    def drop(self) -> None:
        """Delete everything that was written, unless it is in its place."""


class PageFile(Protocol):
    """Where the pages of one file are stored."""

    def create(self) -> PageSink:
        """Begin the store; until it is committed, an earlier one stays in its place."""

    def open(self) -> PageSource:
        """Give the bytes of the store. Raises Damaged where there is none."""


class PlainPageFile:
    """A store in a file as it is; without a path, in a temporary file that only its reader has."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._temporary: Path | None = None

    def create(self) -> "PageSink":
        """Begin the store under another name."""
        return _PlainSink(self, self._path.parent if self._path else None)

    def open(self) -> PageSource:
        """Give the file as a memory map."""
        path = self._path or self._temporary
        assert path is not None  # noqa: S101 - it was committed
        try:
            with path.open("rb") as file:
                source = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Damaged("the pages of this file are not in their place; read the file again") from error
        if self._temporary:
            self._temporary.unlink()
        return source

    def keep(self, half: Path) -> None:
        """Take a complete file."""
        if self._path:
            half.replace(self._path)
        else:
            self._temporary = half


class _PlainSink:
    def __init__(self, place: PlainPageFile, folder: Path | None) -> None:
        self._place = place
        self._file: BinaryIO = tempfile.NamedTemporaryFile(dir=folder, suffix=".pages", delete=False)  # type: ignore[assignment] # noqa: SIM115 - closed in commit() or drop()
        self.write = self._file.write

    def commit(self) -> None:
        self._file.close()
        self._place.keep(Path(self._file.name))

    def drop(self) -> None:
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)


class PageStore(Sequence[Page]):
    """Pages in the order of their numbers from 1, read from disk on demand."""

    def __init__(
        self,
        places: "array[int]",
        source: PageSource,
        *,
        checksums: "array[int] | None" = None,
        damaged: Refuse | None = None,
        offset: int = 0,
    ) -> None:
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
        checksum = self._checksums[place] if self._checksums is not None else None
        try:
            page = page_codec.page_from_frame(*page_codec.frame_at(self._source, start, checksum))
        except Damaged as error:  # of the page, or of what holds it
            raise (self._damaged(error) if self._damaged else error) from error
        return replace(page, number=page.number + self._offset) if self._offset else page

    def __iter__(self) -> Iterator[Page]:
        return (self[n] for n in range(len(self)))

    def after(self, pages: int) -> "PageStore":
        """Give the same pages, numbered after that many pages of other files."""
        return PageStore(
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
    """Writes pages to a new store, in any order. Nothing is in its place before `close`."""

    def __init__(self, place: PageFile | None = None) -> None:
        self._place = place or PlainPageFile()
        self._sink = self._place.create()
        self._places: dict[int, tuple[int, int]] = {}
        self._at = 0

    def put(self, page: Page) -> None:
        """Write a page; it replaces a page of the same number."""
        length, checksum = page_codec.write_frame(self._sink, *page_codec.page_to_frame(page))
        self._places[page.number] = (self._at, checksum)
        self._at += length

    def close(self) -> PageStore:
        """Finish the store and open it for reading. Raises Damaged if a page is missing."""
        numbers = sorted(self._places)
        if numbers != list(range(1, len(numbers) + 1)):
            self.drop()
            raise Damaged("a page of this file was not read; read the file again")
        places = array("Q", (self._places[number][0] for number in numbers))
        self._sink.write(places.tobytes())
        self._sink.write(array("I", (self._places[number][1] for number in numbers)).tobytes())
        self._sink.write(_END.pack(self._at, len(places), _MARK))
        self._sink.commit()
        return load(self._place)

    def drop(self) -> None:
        """Delete everything that was written."""
        self._sink.drop()


def load(place: PageFile, damaged: Refuse | None = None) -> PageStore:
    """Open a store. Raises Damaged if it is not complete.

    `damaged` is called, when a page is read whose checksum differs, and gives the error to raise.
    """
    source = place.open()
    if len(source) < _END.size:
        raise Damaged("the pages of this file are not completely stored; read the file again")
    at, count, mark = _END.unpack(source[len(source) - _END.size :])
    each = {_MARK: 12, _UNCHECKED: 8}.get(mark)
    if each is None or at + each * count + _END.size != len(source):
        raise Damaged("the pages of this file are not completely stored; read the file again")
    sums = array("I", source[at + 8 * count : at + 12 * count]) if mark == _MARK else None
    return PageStore(array("Q", source[at : at + 8 * count]), source, checksums=sums, damaged=damaged)
