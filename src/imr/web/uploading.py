"""Files on their way: sent piece by piece, and gone on with where a connection broke.

What is said is the tus protocol, version 1.0.0 (its core, creation, expiration and termination), so that any client of it can
send: `POST` names a file and its length, `PATCH` brings a piece from an offset, `HEAD` says how far it has come. Only who
began an upload may see it or go on with it. Nothing opens a file that has not come whole; where its sender counted a SHA-256,
it is whole only if ours is the same. When the documents are sent in (`receive-records`), they are taken from here.
"""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.http import Http404

from imr.errors import ImrError, Refused
from imr.web import actions, clock
from imr.web.models import UploadRow

#: How long a file waits for its next piece, or to be sent in.
WAITS = timedelta(hours=24)
#: The largest piece, in bytes: it is held in memory while it comes.
PIECE = 16_000_000
#: How many files, and how many times the largest file in bytes, one person may have on the way.
MOST, TIMES = 200, 4
#: The step that takes what was uploaded.
STEP = "receive-records"
_SHA256 = re.compile("[0-9a-f]{64}")


class Elsewhere(ImrError):
    """A piece does not begin where the file ends so far: ask how far it has come, and go on from there."""


class NotWhole(ImrError):
    """The bytes that came are not those that were sent: the file was thrown away and has to be sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """A file on its way: how much of it has come, and until when it is kept."""

    id: str
    name: str
    place: int
    size: int
    offset: int
    until: datetime

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self.offset == self.size


def begin(user: Any, number: str, size: int, metadata: str) -> Partial:
    """Begin an upload of that many bytes. Raises Refused where it is too large, or too much is on the way."""
    _insist_sender(user, number)
    if not 0 < size <= settings.FILE_LIMIT:
        raise Refused(
            f"a file can have 1 byte to {settings.FILE_LIMIT / 1e6:.0f} MB: split it, or scan it with fewer dots an inch"
        )
    said = _metadata(metadata)
    mine = UploadRow.objects.filter(person=user)
    waiting = mine.aggregate(sum=Sum("size"))["sum"] or 0
    if mine.count() >= MOST or waiting + size > TIMES * settings.FILE_LIMIT:
        raise Refused("many files of yours are on the way already: send those in first, or take some out")
    place = said.get("row", "1")
    digest = said.get("sha256", "").lower()
    row = UploadRow.objects.create(
        case=number,
        person=user,
        name=Path(said.get("filename", "").replace("\x00", "")).name[:255] or "document",
        place=int(place) if place.isdecimal() and len(place) < 3 else 1,
        size=size,
        sha256=digest if _SHA256.fullmatch(digest) else "",
        until=clock.now() + WAITS,
    )
    return _partial(row)


def _metadata(text: str) -> dict[str, str]:
    """What a client says of a file: names, each with its value in base64, with commas between them."""
    said = {}
    for pair in filter(None, text.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            said[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ImrError("what is said of the file (Upload-Metadata) cannot be read") from error
    return said


def of(user: Any, number: str) -> tuple[Partial, ...]:
    """What this person has on the way for a case, the first begun first."""
    found = UploadRow.objects.filter(case=number, person=user, until__gt=clock.now())
    return tuple(_partial(row) for row in found.order_by("until", "pk"))


def one(user: Any, number: str, upload: uuid.UUID) -> Partial:
    """How far a file has come. Http404 where it is not this person's."""
    _insist_sender(user, number)
    return _partial(_row(user, number, upload))


def go_on(user: Any, number: str, upload: uuid.UUID, offset: int, piece: bytes) -> Partial:
    """Put a piece behind what has come.

    Raises Elsewhere where it does not begin there, and NotWhole where the last piece makes another file than was sent.
    """
    _insist_sender(user, number)
    with transaction.atomic():
        row = _row(user, number, upload, lock=True)
        if offset != row.offset:
            raise Elsewhere(f"{row.offset} bytes have come: go on from there")
        if offset + len(piece) > row.size:
            raise Refused("there are more bytes than the file was said to have: begin it again")
        path = _path(row)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(offset)  # what a crash left behind the offset is not counted
            file.seek(offset)
            file.write(piece)
        row.offset = offset + len(piece)
        row.until = clock.now() + WAITS
        whole = row.offset < row.size or _is_what_was_sent(row)
        if whole:
            row.save()
    if not whole:
        _throw_away(row)
        raise NotWhole("the file came otherwise than it was sent, and was thrown away: send it again")
    return _partial(row)


def _is_what_was_sent(row: UploadRow) -> bool:
    if not row.sha256:
        return True
    with _path(row).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == row.sha256


def drop(user: Any, number: str, upload: uuid.UUID) -> None:
    """Throw a file away."""
    _throw_away(_row(user, number, upload))


@dataclass(frozen=True, slots=True)
class Came:
    """A file that has come whole, as a form's file field would give it."""

    name: str
    path: Path

    def read(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


def taken(user: Any, number: str, uploads: Sequence[str]) -> Iterator[Came]:
    """The files of these ids that have come whole, in the order of the ids."""
    rows = {str(row.pk): row for row in UploadRow.objects.filter(case=number, person=user, offset=F("size"))}
    for upload in uploads:
        if upload in rows:
            yield Came(rows[upload].name, _path(rows[upload]))


def clear(user: Any, number: str, uploads: Sequence[str]) -> None:
    """Throw away what was sent in."""
    for row in UploadRow.objects.filter(case=number, person=user, offset=F("size")):
        if str(row.pk) in uploads:
            _throw_away(row)


def sweep(now: datetime) -> int:
    """Throw away what waited too long; how many files."""
    late = list(UploadRow.objects.filter(until__lte=now))
    for row in late:
        _throw_away(row)
    return len(late)


def _insist_sender(user: Any, number: str) -> None:
    if STEP not in {step.name for step in actions.offers(user, number)}:
        raise Http404


def _row(user: Any, number: str, upload: uuid.UUID, *, lock: bool = False) -> UploadRow:
    found = UploadRow.objects.select_for_update() if lock else UploadRow.objects.all()
    row = found.filter(pk=upload, case=number, person=user, until__gt=clock.now()).first()
    if row is None:
        raise Http404
    return row


def _throw_away(row: UploadRow) -> None:
    path = _path(row)
    row.delete()
    path.unlink(missing_ok=True)


def _path(row: UploadRow) -> Path:
    return Path(settings.UPLOADS) / f"{row.pk}.part"


def _partial(row: UploadRow) -> Partial:
    return Partial(id=str(row.pk), name=row.name, place=row.place, size=row.size, offset=row.offset, until=row.until)
