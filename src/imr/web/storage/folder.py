"""A folder, which several machines may share: each file is written beside its place, and put there in one act."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from imr.web.storage import Kept


class Folder(FileSystemStorage, Kept):
    """Files of cases in a folder, readable by who runs the site alone."""

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes, whole or not at all. Those that stand there already count as kept now."""
        if self.digest(name) == hashlib.sha256(data).hexdigest():
            os.utime(self.path(name))
        else:
            self.save(name, ContentFile(data))

    def read(self, name: str) -> bytes:
        """The bytes of a name. Raises FileNotFoundError where there are none."""
        return Path(self.path(name)).read_bytes()

    def digest(self, name: str) -> str | None:
        """The SHA-256 of what stands under a name; None where nothing does."""
        try:
            with Path(self.path(name)).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Every name, and when it was kept."""
        folder = Path(self.location)
        for place in folder.glob("*/*"):
            try:
                yield str(place.relative_to(folder)), datetime.fromtimestamp(place.stat().st_mtime, UTC)
            except FileNotFoundError:  # it was half written and is whole by now, or was removed
                continue

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's signature
        """The very name: what stands there is the same file."""
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".part", delete=False) as half:
            try:
                for chunk in content.chunks():
                    half.write(chunk)
                half.flush()
                os.fsync(half.fileno())
                Path(half.name).replace(place)
            except BaseException:
                Path(half.name).unlink(missing_ok=True)
                raise
        return name
