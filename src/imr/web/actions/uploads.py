"""Resumable uploads: files are sent piece by piece, and continue after a broken connection.

The protocol is tus 1.0.0 (core, creation, expiration and termination), so that any client of it can send: `POST` names a file
and its length, `PATCH` sends a piece from an offset, `HEAD` asks how far it has come. Only the person who began an upload may
see or continue it. A piece is flushed to disk before it is acknowledged. Nothing opens an incomplete file; where its sender
gave a SHA-256, it is complete only if ours is the same, and where none was given, the sender confirms ours. When the documents
are submitted (`receive-records`), they are taken from here, if their bytes still have that digest.
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

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.http import Http404

from imr.errors import Damaged, ImrError, Refused
from imr.web import access, actions
from imr.web.models import UploadRow
from imr.web.platform import clock
from imr.web.platform.growing_files import GrowingFile

#: How long a file waits for its next piece, or to be submitted.
WAITS = timedelta(hours=24)
#: The largest piece, in bytes: it is held in memory while it comes.
PIECE = 16_000_000
#: How many unsubmitted files one person may have, and how many times the largest file in bytes.
MOST, TIMES = 200, 4
#: The step that takes the uploaded files.
STEP = "receive-records"
_SHA256 = re.compile("[0-9a-f]{64}")
#: Counted of a file that was changed on the disk.
_CHANGED = "0" * 64


class WrongOffset(ImrError):
    """Raised where a piece does not begin where the file ends so far: ask how far it has come, and continue from there."""


class ChecksumMismatch(ImrError):
    """Raised where the bytes that came are not those that were sent: the file was deleted and has to be sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumableUpload:
    """An upload: how much of it has come, and until when it is kept.

    `digest` is the SHA-256 of a complete file; it is `proven` where its sender computed the same.
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
        """Return what the sender submits for it: its number, with the digest where that is to be confirmed."""
        return self.id if self.proven else f"{self.id}:{self.digest}"

    @property
    def whole(self) -> bool:
        """Return whether all of it has come."""
        return self.offset == self.size


def begin_upload(user: access.Viewer, number: str, size: int, metadata: str) -> ResumableUpload:
    """Begin an upload of that many bytes. Raises Refused where it is too large, or too much is unsubmitted."""
    _insist_sender(user, number)
    if not 0 < size <= settings.FILE_LIMIT:
        raise Refused(
            f"a file can have 1 byte to {settings.FILE_LIMIT / 1e6:.0f} MB: split it, or scan it with fewer dots per inch"
        )
    values = _metadata(metadata)
    mine = UploadRow.objects.filter(person=access.person(user))
    waiting = mine.aggregate(sum=Sum("size"))["sum"] or 0
    if mine.count() >= MOST or waiting + size > TIMES * settings.FILE_LIMIT:
        raise Refused("you have many unsubmitted files already: submit those first, or remove some")
    place = values.get("row", "1")
    digest = values.get("sha256", "").lower()
    row = UploadRow.objects.create(
        case=number,
        person=access.person(user),
        name=Path(values.get("filename", "").replace("\x00", "")).name[:255] or "document",
        place=int(place) if place.isdecimal() and len(place) < 3 else 1,
        size=size,
        sha256=digest if _SHA256.fullmatch(digest) else "",
        until=clock.now() + WAITS,
    )
    return _partial(row)


def _metadata(text: str) -> dict[str, str]:
    """Read what a client says of a file: names, each with its value in base64, separated by commas."""
    values = {}
    for pair in filter(None, text.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            values[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ImrError("the header Upload-Metadata cannot be read") from error
    return values


def uploads_of(user: access.Viewer, number: str) -> tuple[ResumableUpload, ...]:
    """Return this person's uploads for a case, the oldest first."""
    found = UploadRow.objects.filter(case=number, person=access.person(user), until__gt=clock.now())
    return tuple(_partial(row) for row in found.order_by("until", "pk"))


def get_upload(user: access.Viewer, number: str, upload: uuid.UUID) -> ResumableUpload:
    """Return one upload. Http404 where it is not this person's."""
    _insist_sender(user, number)
    return _partial(_row(user, number, upload))


def append_piece(user: access.Viewer, number: str, upload: uuid.UUID, offset: int, piece: bytes) -> ResumableUpload:
    """Append a piece.

    Raises WrongOffset where it does not begin at the end of the file, and ChecksumMismatch where the complete file differs from the one
    sent.
    """
    _insist_sender(user, number)
    proven = True
    with transaction.atomic():
        row = _row(user, number, upload, lock=True)
        come = _come(row)
        if offset == come:
            if offset + len(piece) > row.size:
                raise Refused("there are more bytes than the announced length of the file: begin it again")
            _file(row).append(offset, piece)
            row.offset = offset + len(piece)
            row.until = clock.now() + WAITS
            if row.offset == row.size:
                row.counted = _count(row)
                proven = row.sha256 in ("", row.counted)
            row.save()
    if offset != come:
        raise WrongOffset(f"{come} bytes have come: continue from there")
    if not proven:
        _throw_away(row)
        raise ChecksumMismatch("the file that came differs from the one that was sent, and was deleted: send it again")
    return _partial(row)


def _come(row: UploadRow) -> int:
    """Return how much of a file is on disk: what was acknowledged, or less where the disk has lost some of it."""
    return min(row.offset, len(_file(row)))


def _count(row: UploadRow) -> str:
    """Return the SHA-256 of a complete file; of a file that was changed on the disk, what no file has."""
    try:
        return _file(row).sha256()
    except Damaged:
        return _CHANGED


def delete_upload(user: access.Viewer, number: str, upload: uuid.UUID) -> None:
    """Delete an upload."""
    _throw_away(_row(user, number, upload))


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """A complete upload, with the attributes of a form's file."""

    name: str
    file: GrowingFile
    digest: str

    def read(self) -> bytes:
        """Return its bytes. Raises ChecksumMismatch where they are not those that had come."""
        try:
            data = self.file.read()
        except Damaged:
            data = None
        if data is None or hashlib.sha256(data).hexdigest() != self.digest:
            raise ChecksumMismatch(f"{self.name} was changed after it had come: remove it, and send it again")
        return data


def complete_uploads(user: access.Viewer, number: str, tickets: Sequence[str]) -> Iterator[CompleteUpload]:
    """Return the files of these tickets that are complete and verified or confirmed, in the order of the tickets."""
    rows = {str(row.pk): row for row in _whole(user, number)}
    for ticket in tickets:
        upload, _, confirmed = ticket.partition(":")
        row = rows.get(upload)
        if row is not None and row.counted in (row.sha256, confirmed):
            yield CompleteUpload(row.name, _file(row), row.counted)


def delete_submitted(user: access.Viewer, number: str, tickets: Sequence[str]) -> None:
    """Delete the submitted uploads."""
    sent_in = {ticket.partition(":")[0] for ticket in tickets}
    for row in _whole(user, number):
        if str(row.pk) in sent_in:
            _throw_away(row)


def _whole(user: access.Viewer, number: str) -> Iterator[UploadRow]:
    for row in UploadRow.objects.filter(case=number, person=access.person(user), offset=F("size")):
        if _come(row) == row.size:
            row.counted = row.counted or _count(row)  # it came before digests were stored
            yield row


def delete_expired(now: datetime) -> int:
    """Delete uploads that waited too long; return how many files."""
    late = list(UploadRow.objects.filter(until__lte=now))
    for row in late:
        _throw_away(row)
    return len(late)


def _insist_sender(user: access.Viewer, number: str) -> None:
    if STEP not in {step.name for step in actions.offers(user, number)}:
        raise Http404


def _row(user: access.Viewer, number: str, upload: uuid.UUID, *, lock: bool = False) -> UploadRow:
    found = UploadRow.objects.select_for_update() if lock else UploadRow.objects.all()
    row = found.filter(pk=upload, case=number, person=access.person(user), until__gt=clock.now()).first()
    if row is None:
        raise Http404
    return row


def _throw_away(row: UploadRow) -> None:
    file = _file(row)
    row.delete()
    file.delete()


def _file(row: UploadRow) -> GrowingFile:
    return GrowingFile(Path(settings.UPLOADS), str(row.pk))


def _partial(row: UploadRow) -> ResumableUpload:
    come = _come(row)
    digest = (row.counted or _count(row)) if come == row.size else ""
    return ResumableUpload(
        id=str(row.pk),
        name=row.name,
        place=row.place,
        size=row.size,
        offset=come,
        until=row.until,
        digest=digest,
        proven=bool(digest) and row.sha256 == digest,
    )
