"""Cache of files derived from documents, under the digest of the document; rebuilt when missing.

Where documents are in a folder that all machines see, so is this cache. Where they are in a bucket, each machine has its own
(pages are memory-mapped): what one machine reads it uploads beside the documents in the bucket, and another downloads it once.
Page images are made by each machine for itself. A file is stored whole or not at all, in the folder and in the bucket. In the
folder the site encrypts it where the disk is not (`platform.encryption`); in the bucket it is as documents are there, encrypted
by the server under no key of the site, so that a key of the site can be retired without a look into the bucket.
"""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from imr.errors import Damaged
from imr.records import index
from imr.records.page_store import PageSource
from imr.web.platform import encryption
from imr.web.platform.storage import shared_pages
from imr.web.store.documents import load

#: The file extension of the copy of a form without its scripts.
UNSCRIPTED = "unscripted.pdf"


def path_of(digest: str, ending: str) -> Path:
    """Return the path of a file derived from a document."""
    return Path(settings.PAGES) / digest[:2] / f"{digest}.{ending}"


def write(path: Path, data: bytes) -> None:
    """Store a derived file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = _half(path)
    half.write_bytes(encryption.encode(data, path.name))
    half.replace(path)


def _half(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")


class StoredPages:
    """The pages of a document in a derived file, as a `records.page_store.PageFile`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> "_PagesBegun":
        """Begin the file under another name."""
        return _PagesBegun(self._path)

    def open(self) -> PageSource:
        """Return the bytes of the file. Raises Damaged where there is none, or it cannot be decrypted."""
        try:
            return encryption.contents(self._path)
        except OSError as error:
            raise Damaged("the pages of this file are not in their place; read the file again") from error


class _PagesBegun:
    def __init__(self, path: Path) -> None:
        self._path, self._half = path, _half(path)
        self._file = self._half.open("wb")
        self._sink = encryption.sink(self._file, path.name)
        self.write = self._sink.write

    def commit(self) -> None:
        self._sink.finish()
        self._file.close()
        self._half.replace(self._path)

    def drop(self) -> None:
        self._file.close()
        self._half.unlink(missing_ok=True)


def local_copy(digest: str, ending: str) -> Path | None:
    """Return the path of a derived file, downloaded where another machine made it; None where no machine has.

    A copy in the folder of this machine alone that is under a key that was retired meanwhile is downloaded again.
    """
    path, shared = path_of(digest, ending), shared_pages()
    if path.exists() and (shared is None or _opens(path)):
        return path
    if shared is None:
        return None
    try:
        data = shared.read(_name(digest, ending))
    except FileNotFoundError:
        return None
    try:
        write(path, encryption.decode(data, path.name))  # a bucket of an earlier version has encrypted ones
    except Damaged:
        return None  # it is made again, and then plain in the bucket
    return path


def _opens(path: Path) -> bool:
    try:
        return encryption.has_key_of(path)
    except FileNotFoundError:  # deleted in the meantime
        return False


def publish(digest: str, ending: str, data: bytes | None = None) -> None:
    """Publish a derived file to the other machines: these bytes, or those of the local file. Raises Damaged."""
    shared = shared_pages()
    if shared is not None:
        shared.put(_name(digest, ending), encryption.read(path_of(digest, ending)) if data is None else data)


def delete(digest: str, *endings: str) -> None:
    """Delete a derived file, here and for the other machines."""
    shared = shared_pages()
    for ending in endings:
        if shared is not None:
            shared.delete(_name(digest, ending))
        path_of(digest, ending).unlink(missing_ok=True)


@contextlib.contextmanager
def document_as_file(digest: str) -> Iterator[Path]:
    """Give the document as a file that a sandboxed child can open. Raises Damaged where it is missing or changed."""
    with tempfile.NamedTemporaryFile(prefix="imr-") as file:
        file.write(load(digest))
        file.flush()
        yield Path(file.name)


def without_scripts(digest: str) -> bytes:
    """Return a copy of a form that shows the same without its scripts."""
    copy = local_copy(digest, UNSCRIPTED)
    if copy is not None:
        with contextlib.suppress(Damaged):  # then it is made again
            return encryption.read(copy)
    with document_as_file(digest) as path:
        data = index.unscripted(path)
    publish(digest, UNSCRIPTED, data)
    write(path_of(digest, UNSCRIPTED), data)
    return data


def _name(digest: str, ending: str) -> str:
    return f"{digest[:2]}/{digest}.{ending}"
