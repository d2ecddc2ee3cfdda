"""Where files of cases are kept under their digest: a folder, or a bucket of an S3-compatible storage.

`IMR_DOCUMENTS` names it: a folder, or `s3://bucket/prefix`. A file is there whole or not at all, is never changed, and leaves
through the site's own access alone: nothing here gives out an address. Beside the documents stand what was refused
(`quarantine`) and, in a bucket, what was read of the documents (`pages`), so that a worker on one machine reads and the site on
another shows.

Django finds the two kinds in `folder` and `bucket`, beside this page; both are Django storages with the face of `Kept`.
"""

import os
import uuid
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from django.core import checks
from django.core.files.storage import Storage, storages

from imr.errors import Damaged, ImrError

_S3 = "s3://bucket/prefix"
#: The folder of a place that holds what says whose it is (`imr.web.store.installation`); no document stands in it.
OWN = "site"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class OutOfReach(ImrError):
    """The storage does not answer, or refuses; `why` says what to do to who runs the site. Nothing was kept."""

    MESSAGE = (
        "The storage of documents cannot be reached. Nothing of this was kept: try again in a few minutes; if it lasts, tell who "
        "runs this site."
    )

    def __init__(self, why: str) -> None:
        super().__init__(self.MESSAGE)
        self.why = why


class WrongStore(OutOfReach):
    """The storage answers and is not this site's: it fell away, is empty, or is another's. Nothing was kept."""

    MESSAGE = (
        "The documents of this site are not in their place, so none can be opened or kept. Nothing of this was kept: tell who "
        "runs this site."
    )


class Kept(Storage):
    """A place of files, each under a name that ends in the digest of its bytes, or in what was made of that document."""

    @abstractmethod
    def put(self, name: str, data: bytes) -> bool:
        """Keep bytes, whole or not at all; True where nothing stood there before."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The bytes of a name. Raises FileNotFoundError where there are none."""

    @abstractmethod
    def digest(self, name: str) -> str | None:
        """The SHA-256 of what stands under a name; None where nothing does."""

    @abstractmethod
    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Every name, and when it was kept, but for those of `OWN`."""

    @abstractmethod
    def own(self) -> Iterator[str]:
        """The names under `OWN`: whose place this is, and the highest case numbers."""

    @abstractmethod
    def origin(self, name: str) -> str:
        """What tells a file from a copy of it elsewhere: the number of its entry in the folder, or when the bucket took it."""


def kept(part: str = "default") -> Kept:
    """The place of the documents (`default`), of what was refused (`quarantine`), or of what was read (`pages`)."""
    return cast("Kept", storages[part])


def shared_pages() -> Kept | None:
    """Where machines share what was read of the documents; None where they all see the one folder."""
    return kept("pages") if "pages" in storages.backends else None


def configuration(where: str, home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's entries for the storage that `where` names, or for the folder `documents` of the site's home.

    Raises ImrError where it names neither a folder nor a bucket.
    """
    if "://" not in where:
        documents = Path(where).expanduser().resolve() if where else home / "documents"
        backend = "imr.web.platform.storage.folder.Folder"
        return {
            "default": {"BACKEND": backend, "OPTIONS": {"location": documents}},
            # What was refused stands apart from what was taken in, and where every machine sees it too.
            "quarantine": {"BACKEND": backend, "OPTIONS": {"location": documents.parent / "quarantine"}},
        }
    address = urlsplit(where)
    if address.scheme != "s3" or not address.netloc or "@" in address.netloc or address.query or address.fragment:
        raise ImrError(
            f"IMR_DOCUMENTS is no folder and no bucket: write a path, or {_S3}; keys stand in AWS_ variables"
        )
    common = {
        "bucket_name": address.netloc,
        "endpoint_url": environ.get("IMR_S3_ENDPOINT") or None,
        "region_name": environ.get("IMR_S3_REGION") or None,
        "encryption": environ.get("IMR_S3_ENCRYPTION") or "AES256",
    }
    prefix = address.path.strip("/")

    def part(name: str, **options: Any) -> dict[str, Any]:
        location = f"{prefix}/{name}".lstrip("/")
        return {
            "BACKEND": "imr.web.platform.storage.bucket.Bucket",
            "OPTIONS": {**common, "location": location, **options},
        }

    return {"default": part("documents"), "quarantine": part("quarantine"), "pages": part("pages", once=False)}


def made(entry: dict[str, Any]) -> Kept:
    """The place of one of these entries, whatever the settings say."""
    return cast("Kept", storages.create_storage(entry))


def insist(place: Kept | None = None) -> None:
    """Raise ImrError, saying what to do, where a file cannot be kept, read again and removed."""
    place = place or kept()
    name, data = f"00/probe-{uuid.uuid4().hex}", b"Whether a file can be kept here.\n"
    try:
        next(place.listed(), None)  # first, since a server says in full only here what is wrong
        place.put(name, data)
        if place.read(name) != data:
            raise Damaged("the storage of documents gives back other bytes than it was given: do not use it")
        place.delete(name)
    except OutOfReach as error:
        raise ImrError(error.why) from error
    except OSError as error:
        raise ImrError(
            f"no file can be kept in the folder of documents ({error.strerror or error}: {error.filename}): "
            "give who runs the site the right to write there, or name another folder in IMR_DOCUMENTS"
        ) from error


@checks.register
def is_reached(**_: object) -> list[checks.CheckMessage]:
    """Say at the start where a bucket is missing or refused, and not when the first document comes."""
    if shared_pages() is None:
        return []
    found: list[checks.CheckMessage] = []
    address = urlsplit(os.environ.get("IMR_S3_ENDPOINT", ""))
    if address.scheme == "http" and address.hostname not in _LOOPBACK:
        hint = "Write https: in IMR_S3_ENDPOINT, unless the network is as private as the machine."
        found.append(checks.Warning("documents go to their storage without encryption", hint=hint, id="imr.W002"))
    try:
        insist()
    except ImrError as error:
        found.append(checks.Error(str(error), hint="docs/operations.md lists what is set.", id="imr.E001"))
    return found
