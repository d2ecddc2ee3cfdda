"""Files on their way: sent piece by piece, and gone on with where a connection broke.

What is said is the tus protocol, version 1.0.0 (its core, creation, expiration and termination), so that any client of it can
send: `POST` names a file and its length, `PATCH` brings a piece from an offset, `HEAD` says how far it has come. Only who
began an upload may see it or go on with it. A piece is on the disk before it is acknowledged. Nothing opens a file that has not
come whole; where its sender counted a SHA-256, it is whole only if ours is the same, and where none was counted, the sender confirms
ours. When the documents are sent in (`receive-records`), they are taken from here, if their bytes have that digest still.
"""

import base64
import binascii
import hashlib
import os
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
from imr.web import actions
from imr.web.models import UploadRow
from imr.web.platform import clock
from imr.web.platform.storage.folder import ensure_folder, sync_folder

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
    """A file on its way: how much of it has come, and until when it is kept.

    `digest` is the SHA-256 of a file that is whole; it is `proven` where its sender counted the same.
    """

    id: str
    name: str
    place: int
    size: int
    offset: int
    until: datetime
    digest: str = ""
    proven: bool = False

    @property
    def ticket(self) -> str:
        """What its sender sends in for it: its number, with the digest where that is to be confirmed."""
        return self.id if self.proven else f"{self.id}:{self.digest}"

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
    proven = True
    with transaction.atomic():
        row = _row(user, number, upload, lock=True)
        come = _come(row)
        if offset == come:
            if offset + len(piece) > row.size:
                raise Refused("there are more bytes than the file was said to have: begin it again")
            _write(_path(row), offset, piece)
            row.offset = offset + len(piece)
            row.until = clock.now() + WAITS
            if row.offset == row.size:
                row.counted = _count(row)
                proven = row.sha256 in ("", row.counted)
            row.save()
    if offset != come:
        raise Elsewhere(f"{come} bytes have come: go on from there")
    if not proven:
        _throw_away(row)
        raise NotWhole("the file came otherwise than it was sent, and was thrown away: send it again")
    return _partial(row)


def _come(row: UploadRow) -> int:
    """How much of a file is on the disk: what was acknowledged, or less where the disk has lost some of it."""
    try:
        return min(row.offset, _path(row).stat().st_size)
    except FileNotFoundError:
        return 0


def _write(path: Path, offset: int, piece: bytes) -> None:
    """Put a piece behind what has come, and have it on the disk before anybody is told so."""
    ensure_folder(path.parent)
    new = not path.exists()
    with path.open("w+b" if new else "r+b") as file:
        file.truncate(offset)  # what a crash left behind the offset is not counted
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(path.parent)


def _count(row: UploadRow) -> str:
    with _path(row).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop(user: Any, number: str, upload: uuid.UUID) -> None:
    """Throw a file away."""
    _throw_away(_row(user, number, upload))


@dataclass(frozen=True, slots=True)
class Came:
    """A file that has come whole, as a form's file field would give it."""

    name: str
    path: Path
    digest: str

    def read(self) -> bytes:
        """Its bytes. Raises NotWhole where they are not those that were counted when it had come."""
        data = self.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise NotWhole(f"{self.name} was changed after it had come: take it out, and send it again")
        return data


def taken(user: Any, number: str, tickets: Sequence[str]) -> Iterator[Came]:
    """The files of these tickets that have come whole and are proven or confirmed, in the order of the tickets."""
    rows = {str(row.pk): row for row in _whole(user, number)}
    for ticket in tickets:
        upload, _, confirmed = ticket.partition(":")
        row = rows.get(upload)
        if row is not None and row.counted in (row.sha256, confirmed):
            yield Came(row.name, _path(row), row.counted)


def clear(user: Any, number: str, tickets: Sequence[str]) -> None:
    """Throw away what was sent in."""
    sent_in = {ticket.partition(":")[0] for ticket in tickets}
    for row in _whole(user, number):
        if str(row.pk) in sent_in:
            _throw_away(row)


def _whole(user: Any, number: str) -> Iterator[UploadRow]:
    for row in UploadRow.objects.filter(case=number, person=user, offset=F("size")):
        if _come(row) == row.size:
            row.counted = row.counted or _count(row)  # it came before digests were kept
            yield row


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
    come = _come(row)
    digest = (row.counted or _count(row)) if come == row.size else ""
    return Partial(
        id=str(row.pk),
        name=row.name,
        place=row.place,
        size=row.size,
        offset=come,
        until=row.until,
        digest=digest,
        proven=bool(digest) and row.sha256 == digest,
    )
