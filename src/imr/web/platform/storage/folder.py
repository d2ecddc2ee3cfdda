"""A folder, which several machines may share: each file is written under another name and renamed into place.

Documents and refused files are encrypted there (`platform.encryption`); the marks of the site and anchors are not.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from imr.errors import Damaged
from imr.web.platform import encryption
from imr.web.platform.folders import ensure_folder, sync_folder
from imr.web.platform.storage import OWN, FileStorage


class Folder(FileSystemStorage, FileStorage):
    """Files of cases in a folder, readable by the user who runs the site alone; `confidential` ones are encrypted."""

    def __init__(self, location: str | Path | None = None, *, confidential: bool = False) -> None:
        super().__init__(location=location)
        self.confidential = confidential

    def put(self, name: str, data: bytes) -> bool:
        """Store bytes, whole or not at all; return True where the name was free."""
        stands = self.digest(name)
        if stands != hashlib.sha256(data).hexdigest():
            self.save(name, ContentFile(data))
        return stands is None

    def read(self, name: str) -> bytes:
        """Return the bytes of a name. Raises FileNotFoundError where there are none."""
        path = Path(self.path(name))
        return encryption.read(path) if self._encrypts(name) else path.read_bytes()

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of the file under a name; None where there is none, and nothing for one that cannot be decrypted."""
        path = Path(self.path(name))
        try:
            if self._encrypts(name):
                return encryption.sha256(path)
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None
        except Damaged:
            return ""

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Yield every name and when it was stored, except those of `OWN`."""
        folder = Path(self.location)
        for place in folder.glob("*/*"):
            if place.parent.name == OWN:
                continue
            try:
                yield str(place.relative_to(folder)), datetime.fromtimestamp(place.stat().st_mtime, UTC)
            except FileNotFoundError:  # it was half written and is complete now, or was removed
                continue

    def own(self) -> Iterator[str]:
        """Yield the names under `OWN`."""
        return (f"{OWN}/{place.name}" for place in Path(self.location, OWN).glob("*"))

    def origin(self, name: str) -> str:
        """Return the inode of a file and when it was made: no tool that copies sets these."""
        entry = Path(self.path(name)).stat()
        return f"entry {entry.st_ino} of {entry.st_ctime_ns}"

    def size(self, name: str) -> int:
        """Return how many bytes the file under a name has. Raises Damaged, and FileNotFoundError where there is none."""
        path = Path(self.path(name))
        return len(encryption.contents(path)) if self._encrypts(name) else path.stat().st_size

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Open a file for reading: nothing that is kept is ever changed."""
        if mode != "rb":
            raise ValueError(f"a file is opened for reading alone, and not as {mode}")
        return ContentFile(self.read(name), name=name)

    def _encrypts(self, name: str) -> bool:
        return self.confidential and not name.startswith(f"{OWN}/")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's signature
        """Return the name unchanged: a file that has it already is the same file."""
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        place = Path(self.path(name))
        ensure_folder(place.parent)
        with NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".part", delete=False) as half:
            try:
                sink = encryption.plain_sink(half)
                if self._encrypts(name):
                    content.seek(0)
                    sink = encryption.sink(half, place.name, beginning=content.read(len(encryption.MARK)))
                for chunk in content.chunks():
                    sink.write(chunk)
                sink.finish()
                half.flush()
                os.fsync(half.fileno())
                Path(half.name).replace(place)
                sync_folder(place.parent)
            except BaseException:
                Path(half.name).unlink(missing_ok=True)
                raise
        return name
