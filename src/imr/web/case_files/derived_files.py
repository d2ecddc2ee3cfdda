"""Cache of files derived from documents, under the digest of the document; rebuilt when missing.

Where documents are in a folder that all machines see, so is this cache. Where they are in a bucket, each machine has its own
(pages are memory-mapped): what one machine reads it uploads beside the documents in the bucket, and another downloads it once.
Page images are made by each machine for itself. A file is stored whole or not at all, in the folder and in the bucket.
"""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from imr.records import index
from imr.web.platform.storage import shared_pages
from imr.web.store.documents import load

#: The file extension of the copy of a form without its scripts.
UNSCRIPTED = "unscripted.pdf"


def path_of(digest: str, ending: str) -> Path:
    """Return the path of a file derived from a document."""
    return Path(settings.PAGES) / digest[:2] / f"{digest}.{ending}"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    half.write_bytes(data)
    half.replace(path)


def local_copy(digest: str, ending: str) -> Path | None:
    """Return the path of a derived file, downloaded where another machine made it; None where no machine has."""
    path = path_of(digest, ending)
    if path.exists():
        return path
    shared = shared_pages()
    if shared is None:
        return None
    try:
        data = shared.read(_name(digest, ending))
    except FileNotFoundError:
        return None
    write_atomically(path, data)
    return path


def publish(digest: str, ending: str, data: bytes | None = None) -> None:
    """Publish a derived file to the other machines: these bytes, or the local file."""
    shared = shared_pages()
    if shared is not None:
        shared.put(_name(digest, ending), path_of(digest, ending).read_bytes() if data is None else data)


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
        return copy.read_bytes()
    with document_as_file(digest) as path:
        data = index.unscripted(path)
    publish(digest, UNSCRIPTED, data)
    write_atomically(path_of(digest, UNSCRIPTED), data)
    return data


def _name(digest: str, ending: str) -> str:
    return f"{digest[:2]}/{digest}.{ending}"
