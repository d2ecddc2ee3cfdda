"""What is made of documents alone, and made again where it is missing: it stands in a folder under the digest of the document.

Where documents are in a folder that all machines see, so is this one. Where they are in a bucket, the folder is each machine's
own (pages are mapped into memory): what one machine reads it puts beside the documents in the bucket, and another brings it from
there once. Pictures are drawn by each machine for itself. A file is there whole or not at all, in the folder as in the bucket.
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
from imr.web.store.documents import fetch

#: How the copy of a form without its programs is kept.
UNSCRIPTED = "unscripted.pdf"


def place(digest: str, ending: str) -> Path:
    """Where what is made of a document stands."""
    return Path(settings.PAGES) / digest[:2] / f"{digest}.{ending}"


def keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    half.write_bytes(data)
    half.replace(path)


def here(digest: str, ending: str) -> Path | None:
    """What was made of a document, brought to this machine where another made it; None where nobody has."""
    path = place(digest, ending)
    if path.exists():
        return path
    shared = shared_pages()
    if shared is None:
        return None
    try:
        data = shared.read(_name(digest, ending))
    except FileNotFoundError:
        return None
    keep(path, data)
    return path


def share(digest: str, ending: str, data: bytes | None = None) -> None:
    """Let other machines have what was made of a document: these bytes, or those that stand here."""
    shared = shared_pages()
    if shared is not None:
        shared.put(_name(digest, ending), place(digest, ending).read_bytes() if data is None else data)


def forget(digest: str, *endings: str) -> None:
    """Throw what was made of a document away, here and for the other machines."""
    shared = shared_pages()
    for ending in endings:
        if shared is not None:
            shared.delete(_name(digest, ending))
        place(digest, ending).unlink(missing_ok=True)


@contextlib.contextmanager
def as_file(digest: str) -> Iterator[Path]:
    """The document as a file that a confined child can open. Raises Damaged where it is gone or changed."""
    with tempfile.NamedTemporaryFile(prefix="imr-") as file:
        file.write(fetch(digest))
        file.flush()
        yield Path(file.name)


def unscripted(digest: str) -> bytes:
    """A form with programs as it is given out: a copy that shows the same and does nothing."""
    copy = here(digest, UNSCRIPTED)
    if copy is not None:
        return copy.read_bytes()
    with as_file(digest) as path:
        data = index.unscripted(path)
    share(digest, UNSCRIPTED, data)
    keep(place(digest, UNSCRIPTED), data)
    return data


def _name(digest: str, ending: str) -> str:
    return f"{digest[:2]}/{digest}.{ending}"
