"""Where files of cases are stored under their digest: a folder, or a bucket of an S3-compatible storage.

`IMR_DOCUMENTS` names it: a folder, or `s3://bucket/prefix`. A file is stored whole or not at all, is never changed, and is
given out through the site's own access control alone: no file has a URL. Beside the documents are refused files (`quarantine`)
and, in a bucket, the pages read from the documents (`pages`), so that a worker on one machine reads and the site on another
shows.

Django finds the two kinds in `folder` and `bucket`; both are Django storages with the interface of `FileStorage`.
"""

import os
import uuid
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NotRequired, TypedDict, cast
from urllib.parse import SplitResult, urlsplit

from django.core import checks
from django.core.files.storage import Storage, storages

from imr.errors import Damaged, ImrError

_S3 = "s3://bucket/prefix"
#: The folder of a storage that holds the marks of its site (`imr.web.store.installation`); it holds no documents.
OWN = "site"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class StorageUnreachable(ImrError):
    """Raised where the storage does not answer, or refuses; `why` tells the operator what to do. Nothing was stored."""

    MESSAGE = (
        "The storage of documents cannot be reached. Nothing of this was kept. Try again in a few minutes; if it still fails, tell the people who "
        "run this site."
    )

    def __init__(self, why: str) -> None:
        super().__init__(self.MESSAGE)
        self.why = why


class WrongStore(StorageUnreachable):
    """Raised where the storage answers and is not this site's: not mounted, empty, or another site's. Nothing was stored."""

    MESSAGE = (
        "The documents of this site are not in their place, so none can be opened or kept. Nothing of this was kept. Tell the people who "
        "run this site."
    )


class FileStorage(Storage):
    """A storage of files, each under a name that ends in the digest of its bytes, or of the document that it was made from."""

    @abstractmethod
    def put(self, name: str, data: bytes) -> bool:
        """Store bytes, whole or not at all; return True where the name was free."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return the bytes of a name. Raises FileNotFoundError where there are none."""

    @abstractmethod
    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of the file under a name; None where there is none, empty where it cannot be decrypted."""

    @abstractmethod
    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Yield every name and when it was stored, except those of `OWN`."""

    @abstractmethod
    def own(self) -> Iterator[str]:
        """Yield the names under `OWN`: the site's mark and the highest case numbers."""

    @abstractmethod
    def origin(self, name: str) -> str:
        """Return what distinguishes a file from a copy of it elsewhere: its inode in the folder, or when the bucket received it."""


def storage_of(part: str = "default") -> FileStorage:
    """Return the storage of the documents (`default`), of refused files (`quarantine`), or of read pages (`pages`)."""
    return cast("FileStorage", storages[part])


def shared_pages() -> FileStorage | None:
    """Return where machines share the pages read from documents; None where they all see the one folder."""
    return storage_of("pages") if "pages" in storages.backends else None


class StorageEntry(TypedDict):
    """Django's entry for one storage, as `STORAGES` has it."""

    BACKEND: str
    OPTIONS: NotRequired[dict[str, object]]


def configuration(where: str, home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, StorageEntry]:
    """Return Django's entries for the storage that `where` names, or for the folder `documents` of the site's home.

    Raises ImrError where it names neither a folder nor a bucket.
    """
    if "://" not in where:
        documents = Path(where).expanduser().resolve() if where else home / "documents"
        backend = "imr.web.platform.storage.folder.Folder"
        return {
            "default": {"BACKEND": backend, "OPTIONS": {"location": documents, "confidential": True}},
            # Refused files are apart from accepted ones, and where every machine sees them too.
            "quarantine": {
                "BACKEND": backend,
                "OPTIONS": {"location": documents.parent / "quarantine", "confidential": True},
            },
        }
    address, common = _bucket_of("IMR_DOCUMENTS", where, environ)
    prefix = address.path.strip("/")

    def part(name: str, **options: bool) -> StorageEntry:
        location = f"{prefix}/{name}".lstrip("/")
        return {
            "BACKEND": "imr.web.platform.storage.bucket.Bucket",
            "OPTIONS": {**common, "location": location, **options},
        }

    return {"default": part("documents"), "quarantine": part("quarantine"), "pages": part("pages", once=False)}


def anchors(where: str, home: Path, environ: Mapping[str, str] = os.environ) -> StorageEntry:
    """Return Django's entry for the place of anchors that `where` names, or for the folder `anchors` of the site's home.

    Raises ImrError where it names neither a folder nor a bucket.
    """
    if "://" not in where:
        place = Path(where).expanduser().resolve() if where else home / "anchors"
        return {"BACKEND": "imr.web.platform.storage.folder.Folder", "OPTIONS": {"location": place}}
    address, common = _bucket_of("IMR_ANCHORS", where, environ)
    return {
        "BACKEND": "imr.web.platform.storage.bucket.Bucket",
        "OPTIONS": {**common, "location": address.path.strip("/")},
    }


def _bucket_of(setting: str, where: str, environ: Mapping[str, str]) -> tuple[SplitResult, dict[str, object]]:
    """Return the address of a bucket, and the options by which it is reached."""
    address = urlsplit(where)
    if address.scheme != "s3" or not address.netloc or "@" in address.netloc or address.query or address.fragment:
        raise ImrError(
            f"{setting} is neither a folder nor a bucket: write a path, or {_S3}; keys are in AWS_ variables"
        )
    return address, {
        "bucket_name": address.netloc,
        "endpoint_url": environ.get("IMR_S3_ENDPOINT") or None,
        "region_name": environ.get("IMR_S3_REGION") or None,
        "encryption": environ.get("IMR_S3_ENCRYPTION") or "AES256",
    }


def storage_from(entry: StorageEntry) -> FileStorage:
    """Return the storage of one of these entries, whatever the settings say."""
    return cast("FileStorage", storages.create_storage({**entry}))


def require_writable(place: FileStorage | None = None) -> None:
    """Raise ImrError, with what to do, where a file cannot be stored, read again and removed."""
    place = place or storage_of()
    name, data = f"00/probe-{uuid.uuid4().hex}", b"Whether a file can be kept here.\n"
    try:
        next(place.listed(), None)  # first, since only here does a server report in full what is wrong
        place.put(name, data)
        if place.read(name) != data:
            raise Damaged("the storage of documents returns other bytes than were stored: do not use it")
        place.delete(name)
    except StorageUnreachable as error:
        raise ImrError(error.why) from error
    except OSError as error:
        raise ImrError(
            f"no file can be kept in the folder of documents ({error.strerror or error}: {error.filename}): "
            "let the user who runs the site write there, or name another folder in IMR_DOCUMENTS"
        ) from error


@checks.register
def is_reached(**_: object) -> list[checks.CheckMessage]:
    """Report at the start, and not at the first document, that a bucket is missing or access is refused."""
    if shared_pages() is None:
        return []
    found: list[checks.CheckMessage] = []
    address = urlsplit(os.environ.get("IMR_S3_ENDPOINT", ""))
    if address.scheme == "http" and address.hostname not in _LOOPBACK:
        hint = "Write https: in IMR_S3_ENDPOINT, unless the network is as private as the machine."
        found.append(checks.Warning("documents are sent to their storage without encryption", hint=hint, id="imr.W002"))
    try:
        require_writable()
    except ImrError as error:
        found.append(checks.Error(str(error), hint="docs/operations.md lists the settings.", id="imr.E001"))
    return found
