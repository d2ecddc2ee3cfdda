"""Files that grow by pieces, as uploads do; encrypted where the site encrypts (`platform.encryption`).

An encrypted one (`.sealed`) has the header of `encryption`, and then a frame for each part of a piece: its length, a random
nonce, and what AES-256-GCM makes of it with its place in the file. So a piece is added without the ones before it being written
again, and what a crash left incomplete at the end is not counted. A plain one (`.part`) is the bytes themselves.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from imr.errors import Damaged
from imr.web.platform import encryption
from imr.web.platform.folders import ensure_folder, sync_folder

#: Bytes of a frame before it is encrypted, at most.
FRAME = 1 << 20
_PLAIN, _SEALED = ".part", ".sealed"
#: What the name of a file ends in while it is written again.
_AGAIN = ".again"
_LENGTH = struct.Struct("<I")
_NONCE = 12
_OVER = _LENGTH.size + _NONCE + encryption.TAG


class GrowingFile:
    """A file of pieces. How it began decides whether it is encrypted."""

    def __init__(self, folder: Path, name: str, *, half: str = "") -> None:
        self._folder, self._name = folder, name
        self._plain, self._sealed = folder / f"{name}{_PLAIN}{half}", folder / f"{name}{_SEALED}{half}"

    @property
    def path(self) -> Path:
        """Return where the file is, or will be."""
        if self._sealed.exists() or (encryption.is_on() and not self._plain.exists()):
            return self._sealed
        return self._plain

    def __len__(self) -> int:
        """Return how many bytes of pieces are complete on the disk."""
        path = self.path
        try:
            if path == self._plain:
                return path.stat().st_size
            with path.open("rb") as file:
                return sum(length for _, length in _frames(file))
        except FileNotFoundError:
            return 0

    def append(self, offset: int, piece: bytes) -> None:
        """Add a piece at an offset where the pieces before it end, and flush it to disk. What is behind it is dropped."""
        path = self.path
        ensure_folder(self._folder)
        new = not path.exists()
        with path.open("w+b" if new else "r+b") as file:
            if path == self._plain:
                file.truncate(offset)
                file.seek(offset)
                file.write(piece)
            else:
                self._append_frames(file, offset, piece)
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_folder(self._folder)

    def _append_frames(self, file: BinaryIO, offset: int, piece: bytes) -> None:
        at, place = encryption.HEADER, 0
        for start, length in _frames(file):
            if place >= offset:
                break
            at, place = start + _OVER + length, place + length
        if place != offset:
            raise Damaged("this upload does not go on here: begin it again")
        if place == 0:
            file.truncate(0)
            file.seek(0)
            header, cipher = encryption.new_header(self._name)
            file.write(header)
        else:
            file.seek(0)
            cipher = encryption.cipher_of(file.read(encryption.HEADER), self._name)
            file.truncate(at)
            file.seek(at)
        for start in range(0, len(piece), FRAME):
            part, nonce = piece[start : start + FRAME], os.urandom(_NONCE)
            file.write(_LENGTH.pack(len(part)) + nonce + cipher.encrypt(nonce, part, _place(offset + start)))

    def parts(self) -> Iterator[bytes]:
        """Yield the bytes in parts. Raises Damaged where they were changed on the disk."""
        path = self.path
        with path.open("rb") as file:
            if path == self._plain:
                while part := file.read(FRAME):
                    yield part
                return
            file.seek(0)
            cipher, place = encryption.cipher_of(file.read(encryption.HEADER), self._name), 0
            for start, length in list(_frames(file)):
                file.seek(start + _LENGTH.size)
                nonce = file.read(_NONCE)
                try:
                    yield cipher.decrypt(nonce, file.read(length + encryption.TAG), _place(place))
                except InvalidTag:
                    raise Damaged("this upload was changed after it had come") from None
                place += length

    def read(self) -> bytes:
        """Return all bytes. Raises Damaged."""
        return b"".join(self.parts())

    def sha256(self) -> str:
        """Return the SHA-256 of all bytes. Raises Damaged."""
        counted = hashlib.sha256()
        for part in self.parts():
            counted.update(part)
        return counted.hexdigest()

    def key(self) -> str | None:
        """Return the digest of the key that the file is under; None for a plain one."""
        path = self.path
        return encryption.key_of(path) if path == self._sealed else None

    def rewrite(self, key: str | None) -> bool:
        """Write the file again, under this key; return False where it is under it. Raises Damaged."""
        before, again = self.path, GrowingFile(self._folder, self._name, half=_AGAIN)
        again.delete()
        if self.key() == key:
            other = self._plain if before == self._sealed else self._sealed
            if not other.exists():
                return False
            other.unlink()  # an earlier run ended between the two steps below
            sync_folder(self._folder)
            return True
        place = 0
        for part in self.parts():
            again.append(place, part)
            place += len(part)
        if place:
            after = self._sealed if again.path == again._sealed else self._plain
            again.path.replace(after)
            sync_folder(self._folder)
        else:
            after = None
        if before != after:
            before.unlink()
            sync_folder(self._folder)
        return True

    def is_kept(self, *, encrypted: bool) -> bool:
        """Return whether the file is there in this form. A run of `rewrite` that was ended leaves both."""
        return (self._sealed if encrypted else self._plain).exists()

    def is_as(self, key: str | None) -> bool:
        """Return whether the file is under this key, plain without one, and not there in the other form too."""
        return self.key() == key and not self.is_kept(encrypted=key is None)

    def delete(self) -> None:
        """Delete the file, and what a run of `rewrite` that was ended left of it."""
        for path in (self._plain, self._sealed):
            path.unlink(missing_ok=True)
            path.with_name(path.name + _AGAIN).unlink(missing_ok=True)


def growing_files(folder: Path) -> Iterator[GrowingFile]:
    """Yield the files of pieces in a folder."""
    for name in sorted({path.stem for path in folder.glob("*") if path.suffix in (_PLAIN, _SEALED)}):
        yield GrowingFile(folder, name)


def _place(offset: int) -> bytes:
    return offset.to_bytes(8, "big")


def _frames(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield where each complete frame begins, and how many bytes of the piece it has."""
    size, at = os.fstat(file.fileno()).st_size, encryption.HEADER
    while at + _OVER <= size:
        file.seek(at)
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        if at + _OVER + length > size:
            return
        yield at, length
        at += _OVER + length
