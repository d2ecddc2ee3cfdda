"""Documents: inspected when they come in, and stored under the SHA-256 of their bytes.

Accepted are PDF, scans as TIFF, JPEG or PNG, and plain text in UTF-8; anything else, and what is encrypted or broken, is
rejected with what to do. Permission checks are in `access`.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from django.core.files.uploadedfile import UploadedFile

from imr.case.digests import digest_of_bytes
from imr.case.text_limits import STACKED, is_stacked
from imr.errors import Damaged, Unreadable
from imr.law.terms import RecordKind
from imr.records import sandbox
from imr.records.index import unpacked
from imr.records.pdf import Pdf
from imr.records.safety import FileType, file_type
from imr.records.sandbox import ProcessLimits
from imr.web.platform import virus_scanner
from imr.web.platform.storage import storage_of

PDF = "application/pdf"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
#: Image formats of scans, by their content.
PICTURES = {FileType.TIFF: "image/tiff", FileType.JPEG: "image/jpeg", FileType.PNG: "image/png"}

#: Limits for the inspection of one upload, while its sender waits.
LIMITS = ProcessLimits(memory=2 * 1024**3, seconds=60, silence=60.0)

#: The most of a plain text: bytes, pages of so many lines (`records.bundle_pdf.typed_pages`), characters of a line.
TYPED_BYTES, TYPED_PAGES, TYPED_LINES, TYPED_LINE = 10_000_000, 2_000, 60, 20_000
#: How far into a file the PDF marker may be: mail gateways add bytes before it, and readers allow them.
_MARK_WITHIN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A document as it comes in: the name that its sender gave it, its bytes, and for a record its kind."""

    name: str
    data: bytes
    kind: RecordKind | None = None
    dated_on: date | None = None
    mental_health: bool = False
    #: Made by this system, and so not inspected in a sandboxed child process.
    ours: bool = False
    #: The words from which the system made it, by which a repeated request is recognized; empty for a file.
    words: str = ""

    def documents(self) -> tuple[Self, ...]:
        """Return the document itself, or each document in a ZIP file, with what its sender says about all of them.

        Raises UploadRejected where the ZIP is broken, encrypted, empty, or unpacks to more than the limit.
        """
        # A word processor's file is a ZIP too, and not an archive of documents: its file extension shows the difference.
        if not self.name.lower().endswith(".zip") or file_type(self.data[:_MARK_WITHIN]) is not FileType.ZIP:
            return (self,)
        with NamedTemporaryFile(suffix=".zip") as packed:
            packed.write(self.data)
            packed.flush()
            try:
                with unpacked(Path(packed.name)) as members:
                    found = tuple(
                        replace(self, name=name.partition("/")[2], data=member.read_bytes()) for name, member in members
                    )
            except Unreadable as error:
                raise UploadRejected(f"{self.name}: {error}", self) from error
        if not found:
            raise UploadRejected(
                f"{self.name} contains no file. Pack the documents into it again, or send them one by one.", self
            )
        return found

    @classmethod
    def of(
        cls,
        file: "UploadedFile[bytes]",
        *,
        kind: RecordKind | None = None,
        dated_on: date | None = None,
        mental_health: bool = False,
    ) -> Self:
        """Read the file of a form field, with what its sender says about it."""
        data = file.read()
        return cls(name=file.name or "document", data=data, kind=kind, dated_on=dated_on, mental_health=mental_health)

    @classmethod
    def reason(cls, words: str) -> Self:
        """Make a document from a reason that was typed here. The random reference keeps outsiders, who see its digest, from guessing the text."""
        data = f"{words}\nReference: {secrets.token_hex(8)}".encode()
        return cls(name="reason.txt", data=data, ours=True, words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedUpload:
    """What the inspection of an upload found."""

    digest: str
    media_type: str
    size: int
    pages: int | None
    #: A form with scripts in it (`safety.Inspection.scripted`).
    scripted: bool = False


class UploadRejected(Unreadable):
    """Raised for an upload that is rejected, with its bytes: they are quarantined, and nothing opens them."""

    def __init__(self, message: str, upload: Upload) -> None:
        super().__init__(message)
        self.upload = upload


def inspect(upload: Upload) -> InspectedUpload:
    """Inspect an upload. Raises UploadRejected, with what to do, where it cannot be accepted."""
    try:
        return _inspect(upload)
    except Unreadable as error:
        raise UploadRejected(str(error), upload) from error


def _insist_no_virus(name: str, data: bytes) -> None:
    try:
        virus = virus_scanner.virus_in(data)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from error
    if virus is not None:
        raise Unreadable(
            f"{name}: a virus scanner found {virus} in it. Send the document from another copy, or scan it again."
        )


def _inspect(upload: Upload) -> InspectedUpload:
    name, data = upload.name, upload.data
    if not data:
        raise Unreadable(f"{name} is empty. Choose the file again; if it is empty on your side too, scan it again.")
    if not upload.ours:
        _insist_no_virus(name, data)
    media_type, pages, scripted = TEXT, None, False
    kind = file_type(data[:_MARK_WITHIN])
    if kind is FileType.PDF:
        media_type = PDF
        try:
            pages, scripted = (_own_pages(data), False) if upload.ours else _inspected(data)
        except Unreadable as error:
            raise Unreadable(f"{name}: {error}") from error
    elif kind in PICTURES:
        media_type = PICTURES[kind]
        try:
            pages, scripted = _inspected(data)
        except Unreadable as error:
            raise Unreadable(f"{name}: {error}") from error
    elif not name.lower().endswith((".txt", ".text")):
        raise Unreadable(
            f"{name} is not a PDF, TIFF, JPEG or PNG. Save or scan the document as one of these, then send it again."
        )
    else:
        if len(data) > TYPED_BYTES:
            raise Unreadable(
                f"{name} has {len(data) / 1e6:.0f} MB of text, and at most {TYPED_BYTES / 1e6:.0f} MB are possible. Split it."
            )
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable(f"{name} is not text in UTF-8. Save it as PDF or as UTF-8, then send it again.") from error
        if "\0" in text:
            raise Unreadable(f"{name} is not plain text. Save it as PDF, then send it again.")
        _insist_typed_pages(name, text)
        if is_stacked(text):
            raise Unreadable(f"{name}: {STACKED}, then send it again.")
    return InspectedUpload(
        digest=digest_of_bytes(data), media_type=media_type, size=len(data), pages=pages, scripted=scripted
    )


def _insist_typed_pages(name: str, text: str) -> None:
    """Raise Unreadable for a plain text of more pages, or of a longer line, than a person types."""
    pages = -(-len(text.splitlines()) // TYPED_LINES)
    if pages > TYPED_PAGES:
        raise Unreadable(
            f"{name} has {pages:,} pages of text, and at most {TYPED_PAGES:,} are possible. Remove empty lines, or split it."
        )
    longest = max(map(len, text.splitlines()), default=0)
    if longest > TYPED_LINE:
        raise Unreadable(
            f"{name} has a line of {longest:,} characters, and at most {TYPED_LINE:,} are possible. Break the lines, or save it as "
            "PDF, then send it again."
        )


def _own_pages(data: bytes) -> int:
    with Pdf(data) as pdf:
        return len(pdf)


def _inspected(data: bytes) -> tuple[int, bool]:
    """Return the pages of an untrusted file, and whether it holds scripts, read by a sandboxed child process with limits."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        for found, _ in sandbox.run_task("inspect", Path(file.name), limits=LIMITS):
            return int(found["pages"]), bool(found.get("scripted"))
    raise Unreadable("the file could not be inspected. Send it again, or print it to a new PDF and send that")


def store(data: bytes) -> str:
    """Store bytes under their digest, once, whole or not at all. A damaged copy is overwritten."""
    store_if_new(data)
    return digest_of_bytes(data)


def store_if_new(data: bytes) -> bool:
    """Store bytes as `store` does; return True where they were not stored before."""
    return storage_of().put(_place(digest_of_bytes(data)), data)


def load(digest: str) -> bytes:
    """Return the bytes of that digest. Raises Damaged where they are missing or changed."""
    try:
        data = storage_of().read(_place(digest))
    except FileNotFoundError:
        raise Damaged(f"document {digest[:12]} is not in the storage: restore it from the backup") from None
    if digest_of_bytes(data) != digest:
        raise Damaged(f"document {digest[:12]} was changed after it was kept: restore it from the backup")
    return data


def is_stored(digest: str) -> bool:
    """Return whether a file is stored under a digest."""
    return bool(storage_of().exists(_place(digest)))


def delete(digest: str) -> None:
    """Remove the bytes of a digest. The caller makes sure that nothing needs them."""
    storage_of().delete(_place(digest))


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
