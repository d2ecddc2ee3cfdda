"""What is made of documents alone, and made anew where it is missing: it stands in a folder under the digest of the document."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from imr.web.documents import fetch


def place(digest: str, ending: str) -> Path:
    """Where what is made of a document stands."""
    return Path(settings.PAGES) / digest[:2] / f"{digest}.{ending}"


def keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    half.write_bytes(data)
    half.replace(path)


@contextlib.contextmanager
def as_file(digest: str) -> Iterator[Path]:
    """The document as a file that a confined child can open. Raises Damaged where it is gone or changed."""
    with tempfile.NamedTemporaryFile(prefix="imr-") as file:
        file.write(fetch(digest))
        file.flush()
        yield Path(file.name)
