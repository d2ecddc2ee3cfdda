"""Documents as they come in, and where they are kept: under the SHA-256 of their bytes.

A document is looked at before it is kept: what is not a PDF, a scan as TIFF, JPEG or PNG, or plain text in UTF-8, or is encrypted
or broken, is refused with the way out. Who may open one is for `access`.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

from imr.case.digests import digest_of_bytes
from imr.errors import Damaged, Unreadable
from imr.law.terms import RecordKind
from imr.records import sandbox
from imr.records.index import unpacked
from imr.records.pdf import Pdf
from imr.records.safety import FileType, file_type
from imr.records.sandbox import ProcessLimits
from imr.web.platform.storage import kept

PDF = "application/pdf"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
#: Scans that come as pictures, by what they are inside.
PICTURES = {FileType.TIFF: "image/tiff", FileType.JPEG: "image/jpeg", FileType.PNG: "image/png"}

#: What looking at one upload may use while its sender waits.
LIMITS = ProcessLimits(memory=2 * 1024**3, seconds=60, silence=60.0)

#: Readers allow some bytes before the mark, and mail gateways add them.
_MARK_WITHIN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A document as it comes in: the name that its sender gave it, its bytes, and for a record what kind of paper it is."""

    name: str
    data: bytes
    kind: RecordKind | None = None
    dated_on: date | None = None
    mental_health: bool = False
    #: Made by this system itself, and so not looked at in a confined child process.
    ours: bool = False

    def documents(self) -> tuple[Self, ...]:
        """The document itself, or each document that a ZIP file holds, with what its sender says about all of it.

        Raises NotTaken where the ZIP is broken, locked, empty, or unpacks to more than is taken.
        """
        # A word processor's file is a ZIP too, and no file of documents: its name says what its sender takes it for.
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
                raise NotTaken(f"{self.name}: {error}", self) from error
        if not found:
            raise NotTaken(
                f"{self.name} holds no file: pack the documents into it again, or send them one by one.", self
            )
        return found

    @classmethod
    def of(cls, file: Any, **said: Any) -> Self:
        """What a form's file field gives, read whole; `said` is what its sender says about it."""
        return cls(name=file.name or "document", data=file.read(), **said)

    @classmethod
    def reason(cls, words: str) -> Self:
        """A reason that was written here. The reference keeps its digest, which outsiders see, from being guessed."""
        return cls(name="reason.txt", data=f"{words}\nReference: {secrets.token_hex(8)}".encode(), ours=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What an upload turned out to be."""

    digest: str
    media_type: str
    size: int
    pages: int | None
    #: A form with programs in it (`safety.Inspection.scripted`).
    scripted: bool = False


class NotTaken(Unreadable):
    """An upload that was refused, with its bytes: they are kept apart (`quarantine`), and nothing opens them."""

    def __init__(self, message: str, upload: Upload) -> None:
        super().__init__(message)
        self.upload = upload


def look(upload: Upload) -> Looked:
    """Say what an upload is. Raises NotTaken, with the way out, where it cannot be taken."""
    try:
        return _look(upload)
    except Unreadable as error:
        raise NotTaken(str(error), upload) from error


def _look(upload: Upload) -> Looked:
    name, data = upload.name, upload.data
    if not data:
        raise Unreadable(f"{name} is empty. Choose the file again; if it is empty on your side too, scan it again.")
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
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable(f"{name} is not text in UTF-8. Save it as PDF or as UTF-8, then send it again.") from error
        if "\0" in text:
            raise Unreadable(f"{name} is not plain text. Save it as PDF, then send it again.")
    return Looked(digest=digest_of_bytes(data), media_type=media_type, size=len(data), pages=pages, scripted=scripted)


def _own_pages(data: bytes) -> int:
    with Pdf(data) as pdf:
        return len(pdf)


def _inspected(data: bytes) -> tuple[int, bool]:
    """The pages of somebody's file, and whether it holds programs, looked at by a child process with limits before anything else reads it."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        for found, _ in sandbox.run_task("inspect", Path(file.name), limits=LIMITS):
            return int(found["pages"]), bool(found.get("scripted"))
    raise Unreadable("the file could not be looked at; send it again, or print it to a new PDF and send that")


def keep(data: bytes) -> str:
    """Keep bytes under their digest, once, whole or not at all. What was damaged there is written again."""
    put(data)
    return digest_of_bytes(data)


def put(data: bytes) -> bool:
    """Keep bytes as `keep` does; True where they did not stand there before."""
    return kept().put(_place(digest_of_bytes(data)), data)


def fetch(digest: str) -> bytes:
    """The bytes of that digest. Raises Damaged where they are gone, or are not what they were."""
    try:
        data = kept().read(_place(digest))
    except FileNotFoundError:
        raise Damaged(f"document {digest[:12]} is not in the storage: restore it from the backup") from None
    if digest_of_bytes(data) != digest:
        raise Damaged(f"document {digest[:12]} was changed after it was kept: restore it from the backup")
    return data


def is_kept(digest: str) -> bool:
    """Whether anything stands under a digest."""
    return bool(kept().exists(_place(digest)))


def remove(digest: str) -> None:
    """Remove the bytes of a digest. That nothing needs them is for the caller to know."""
    kept().delete(_place(digest))


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
