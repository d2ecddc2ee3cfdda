"""Files at rest: encrypted by the site where the disk is not said to be (`IMR_DISK_ENCRYPTED`).

An encrypted file is a header and chunks. The header has a mark, the digest of the key that the file is under, and a random salt; the key
of the ring (`keys.Purpose.FILES`), the salt and the name of the file give a key of its own (HKDF-SHA256). Each chunk is
encrypted and authenticated (AES-256-GCM) with its number and whether it is the last: a file that was changed, cut short, put
together from two, or moved to another name is `Damaged`. Any part of it is read without the rest.

A file without the mark is read as it is: an earlier version wrote it, or the disk is encrypted. What would begin with the mark
by itself is always encrypted, so that nobody can send a file that is taken for an encrypted one.
"""

import hashlib
import mmap
import os
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from imr.errors import Damaged
from imr.web.platform.keys import Purpose

#: The first bytes of an encrypted file. No text in UTF-8 begins so.
MARK = b"\x89imr\r\n\x1a\x01"
#: Bytes of the digest of the key, of the salt, and of both with the mark.
KEY, SALT = 8, 16
HEADER = len(MARK) + KEY + SALT
#: Bytes of a chunk before it is encrypted, and of what authenticates it.
CHUNK, TAG = 65_536, 16
_STORED = CHUNK + TAG


class KeyMissing(Damaged):
    """Raised where a file is under a key that the key ring does not have. The file may be whole: nothing is deleted for it."""


class Contents(Protocol):
    """The bytes of a file, read from any place: of an encrypted file, a map of a plain one, or bytes."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class ByteTaker(Protocol):
    """What the stored bytes of a file go to: a file that is open for writing."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""


class FileSink(Protocol):
    """What takes the bytes of a file from its beginning to its end."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""

    def finish(self) -> None:
        """Write what is left: there are no more bytes."""


def is_on() -> bool:
    """Return whether the site encrypts what it stores from now on."""
    return not settings.DISK_ENCRYPTED


def sink(out: ByteTaker, name: str, *, beginning: bytes = b"") -> FileSink:
    """Return what writes a file of this name to `out`: encrypted where the site encrypts, or where it would look like that."""
    return _EncryptingSink(out, name) if is_on() or beginning.startswith(MARK) else _PlainSink(out)


def plain_sink(out: ByteTaker) -> FileSink:
    """Return what writes a file as it is."""
    return _PlainSink(out)


def encode(data: bytes, name: str) -> bytes:
    """Return the bytes that are stored for a file of this name."""
    out = BytesIO()
    writes = sink(out, name, beginning=data[: len(MARK)])
    writes.write(data)
    writes.finish()
    return out.getvalue()


def decode(stored: bytes, name: str) -> bytes:
    """Return the bytes of a file of this name from what is stored. Raises Damaged."""
    return contents_of(stored, name)[:] if stored.startswith(MARK) else stored


def read(path: Path, name: str = "") -> bytes:
    """Return the bytes of a file. Raises Damaged, and FileNotFoundError where there is none."""
    return decode(path.read_bytes(), name or path.name)


def contents(path: Path, name: str = "") -> Contents:
    """Return the bytes of a file, to be read in parts. Raises Damaged, and FileNotFoundError where there is none."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""
        stored = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return contents_of(stored, name or path.name)


def contents_of(stored: Contents, name: str) -> Contents:
    """Return the bytes of a file of this name from what is stored."""
    return _Decrypted(stored, name) if stored[: len(MARK)] == MARK else stored


def sha256(path: Path, name: str = "") -> str:
    """Return the SHA-256 of the bytes of a file. Raises Damaged, and FileNotFoundError where there is none."""
    found, counted = contents(path, name), hashlib.sha256()
    for start in range(0, len(found), 16 * CHUNK):
        counted.update(found[start : start + 16 * CHUNK])
    return counted.hexdigest()


def key_of(path: Path) -> str | None:
    """Return the digest of the key that a file is under; None for a plain file."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    return header[len(MARK) : len(MARK) + KEY].hex() if header.startswith(MARK) else None


def has_key_of(path: Path) -> bool:
    """Return whether the ring has the key that a file is under; True for a plain file."""
    key = key_of(path)
    return key is None or any(_digest(one).hex() == key for one in settings.KEYS.keys(Purpose.FILES))


def current_key() -> str | None:
    """Return the digest of the key that files are written under now; None where the site does not encrypt."""
    return _digest(settings.KEYS.current(Purpose.FILES)).hex() if is_on() else None


@lru_cache(maxsize=64)
def _digest(key: str) -> bytes:
    return hashlib.sha256(b"key of files " + key.encode()).digest()[:KEY]


def file_cipher(key: str, salt: bytes, name: str) -> AESGCM:
    """Return the cipher of one file: of a key of the ring, the salt in its header, and its name."""
    return AESGCM(HKDF(SHA256(), 32, salt, b"file at rest " + name.encode()).derive(key.encode()))


def new_header(name: str) -> tuple[bytes, AESGCM]:
    """Return the header of a new file, under the newest key, and its cipher."""
    key, salt = settings.KEYS.current(Purpose.FILES), os.urandom(SALT)
    return MARK + _digest(key) + salt, file_cipher(key, salt, name)


def cipher_of(header: bytes, name: str) -> AESGCM:
    """Return the cipher of a file with this header. Raises KeyMissing where the ring has no key for it."""
    named, salt = header[len(MARK) : len(MARK) + KEY], header[len(MARK) + KEY : HEADER]
    for key in settings.KEYS.keys(Purpose.FILES):
        if _digest(key) == named:
            return file_cipher(key, salt, name)
    raise KeyMissing(
        f"{name[:12]} is encrypted under a key that the key ring does not have ({named.hex()}): restore the ring from the backup"
    )


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class _PlainSink:
    """Writes a file as it is."""

    def __init__(self, out: ByteTaker) -> None:
        self.write = out.write

    def finish(self) -> None:
        """Do nothing: everything is written."""


class _EncryptingSink:
    """Encrypts a file while it is written."""

    def __init__(self, out: ByteTaker, name: str) -> None:
        header, self._cipher = new_header(name)
        self._out, self._held, self._number = out, bytearray(), 0
        out.write(header)

    def write(self, data: bytes) -> None:
        """Take the next bytes. The last full chunk is held back: it may be the last."""
        self._held += data
        while len(self._held) > CHUNK:
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def finish(self) -> None:
        """Write the last chunk."""
        self._chunk(bytes(self._held), last=True)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), data, None))
        self._number += 1


class _Decrypted:
    """The bytes of an encrypted file. The chunk that was read last is held, since the next bytes are often in it."""

    def __init__(self, stored: Contents, name: str) -> None:
        self._stored, self._name = stored, name
        self._cipher = cipher_of(stored[:HEADER], name)
        body = len(stored) - HEADER
        self._chunks = max(1, -(-body // _STORED))
        self._length = body - self._chunks * TAG
        if self._length < 0 or 0 < body % _STORED < TAG:
            raise self._damage()
        self._last: tuple[int, bytes] = (-1, b"")

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self._length)
        if start >= stop:
            if self._length == 0:
                self._chunk(0)  # an empty file is authenticated too
            return b""
        first, last = start // CHUNK, (stop - 1) // CHUNK
        if first == last:
            return self._chunk(first)[start - first * CHUNK : stop - first * CHUNK]
        whole = b"".join(map(self._chunk, range(first, last + 1)))
        return whole[start - first * CHUNK : stop - first * CHUNK]

    def _chunk(self, number: int) -> bytes:
        held, data = self._last
        if held == number:
            return data
        at = HEADER + number * _STORED
        nonce = _nonce(number, last=number == self._chunks - 1)
        try:
            data = self._cipher.decrypt(nonce, self._stored[at : at + _STORED], None)
        except InvalidTag:
            raise self._damage() from None
        self._last = (number, data)  # in one step: another thread may read
        return data

    def _damage(self) -> Damaged:
        return Damaged(f"{self._name[:12]} was changed after it was kept: restore it from the backup")
