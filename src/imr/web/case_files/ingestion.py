"""The reading of documents in the background: which are read, how far, and with what result.

The result of reading a document is stored under its digest (`derived_files`): its pages in a page store, and what was
understood of them. Both are rebuilt from the document alone, whole or not at all, so that a worker may be killed at any moment
and a job may run twice. Jobs wait in PostgreSQL (Procrastinate); workers may run on any machine that sees the storage.
Permission checks are in `access`; this module gets the digests of permitted documents.
"""

import contextlib
import json
import logging
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from imr.case.digests import digest_of_bytes
from imr.case.state import Case
from imr.errors import Damaged, ImrError, Unreadable
from imr.law.terms import RecordKind
from imr.plain import canonical, from_plain
from imr.records import bundle_pdf, index, page_store
from imr.records.corrections import CorrectedDocument, apply_corrections
from imr.records.index import FileContents
from imr.records.model import CaseFile, Document
from imr.web.case_files import page_images
from imr.web.case_files.derived_files import StoredPages, delete, document_as_file, local_copy, path_of, publish, write
from imr.web.platform import clock, encryption
from imr.web.store import failures, job_queue
from imr.web.store.documents import PDF, TEXT, load

logger = logging.getLogger(__name__)

#: The version of stored results. A result of another version is ignored and the document read again: raise it where the stored
#: form changes, or where a change of the rules should reach documents that are read already.
VERSION = 2
OUTCOME, PAGES = f"{VERSION}.json", f"{VERSION}.pages"
#: A reading without progress for this long counts as dead, and is started again.
STILL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestionState:
    """How far the reading of a document is. `problem` is why it was refused; `remarks` what intake should know."""

    done: bool
    pages_read: int = 0
    pages: int = 0
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What is stored of a reading beside the pages."""

    problem: str
    remarks: tuple[str, ...]
    understood: FileContents | None
    typed: bool = False


def ingestion_state(digest: str) -> IngestionState:
    """Return how far the reading of a document is."""
    if outcome := _read(digest):
        pages = outcome.understood.pages if outcome.understood else 0
        return IngestionState(
            done=True, pages_read=pages, pages=pages, problem=outcome.problem, remarks=outcome.remarks
        )
    read, pages, _ = cache.get(_key(digest)) or (0, 0, None)
    return IngestionState(done=False, pages_read=read, pages=pages)


def states(digests: Iterable[str]) -> dict[str, IngestionState]:
    """How far the reading of each of these documents is; the cache is asked once, for those that are not read yet."""
    wanted = tuple(dict.fromkeys(digests))
    unread = {digest for digest in wanted if _read(digest) is None}
    under_way = cache.get_many([_key(digest) for digest in unread]) if unread else {}
    found = {}
    for digest in wanted:
        read, pages, _ = under_way.get(_key(digest)) or (0, 0, None)
        found[digest] = (
            IngestionState(done=False, pages_read=read, pages=pages) if digest in unread else ingestion_state(digest)
        )
    return found


def _key(digest: str) -> str:
    return f"reading-{digest}"


def _read(digest: str) -> _Outcome | None:
    """Return the stored result of a reading; None where there is none, or it is damaged: then the document is read again.

    Raises KeyMissing where the key ring lacks its key: it may be whole, so it stays.
    """
    path = local_copy(digest, OUTCOME)
    if path is None:
        return None
    try:
        return _outcome(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except encryption.KeyMissing:
        raise
    except (ValueError, ImrError):
        delete(digest, OUTCOME)
        return None


@lru_cache(maxsize=256)
def _outcome(path: Path, written: int) -> _Outcome:  # noqa: ARG001 - what was written again is read again
    kept, _, checksum = encryption.read(path).partition(b"\n")
    if checksum and checksum.decode("ascii", "replace") != digest_of_bytes(kept):
        raise Damaged("the result of reading this document was changed after it was stored")
    return from_plain(_Outcome, json.loads(kept))


def _pages(digest: str) -> page_store.PageStore:
    """Return the pages of a document that is read. Where they are missing or damaged, now or later, it is read again.

    Raises Damaged, which says so; KeyMissing where the key ring lacks their key: they stay.
    """

    def read_again(error: Damaged) -> Damaged:
        logger.error("the stored pages of document %s are damaged (%s); it is read again", digest[:12], error)
        media_type = TEXT if is_typed(digest) else PDF
        delete(digest, OUTCOME, PAGES)
        _enqueue(digest, media_type)
        return Damaged(
            "the stored pages of this document were damaged. It is being read again: reload the page in a few minutes",
            error.place,
        )

    try:
        return page_store.load(StoredPages(local_copy(digest, PAGES) or path_of(digest, PAGES)), read_again)
    except encryption.KeyMissing:
        raise
    except Damaged as error:
        raise read_again(error) from error


def enqueue(digest: str, media_type: str) -> None:
    """Enqueue the reading of a document, unless it is read, waits, or is being read."""
    if job_queue.is_waiting(digest) or not failures.is_due(failures.Task.READING, digest):
        return
    _enqueue(digest, media_type)


def enqueue_all(documents: Iterable[tuple[str, str]]) -> None:
    """Enqueue the reading of these documents, each a digest and its media type; the queue is queried once for all of them."""
    passed = job_queue.waiting() | failures.paused(failures.Task.READING)
    for digest, media_type in documents:
        if digest not in passed:
            passed.add(digest)
            _enqueue(digest, media_type)


def count_unread(digests: Iterable[str]) -> int:
    """Count the documents of which this version has no stored result."""
    return sum(local_copy(digest, OUTCOME) is None for digest in set(digests))


def _enqueue(digest: str, media_type: str) -> None:
    under_way = cache.get(_key(digest))
    if local_copy(digest, OUTCOME) or (under_way and clock.now() - under_way[2] < STILL):
        return
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        read_document.configure(queueing_lock=digest).defer(digest=digest, media_type=media_type)


@app.task(name="read-document", queue="records")
def read_document(digest: str, media_type: str) -> None:
    """Read a document and store the result. Once it is stored, running again changes nothing."""
    try:
        with failures.attempt(failures.Task.READING, digest, digest):
            _read_document(digest, media_type)
    except Exception:
        cache.delete(_key(digest))  # it is not under way any more
        raise


def _read_document(digest: str, media_type: str) -> None:
    if one := _read(digest):
        with contextlib.suppress(Damaged):  # of the pages: then they are read again
            if one.understood:  # another machine asks for it: this one may have the only copy
                publish(digest, PAGES)
            publish(digest, OUTCOME)
            return
    pages = path_of(digest, PAGES)
    pages.parent.mkdir(parents=True, exist_ok=True)

    def tell(done: int, of: int) -> None:
        cache.set(_key(digest), (done, of, clock.now()), timeout=86_400)

    tell(0, 0)
    problem = ""
    remarks: tuple[str, ...] = ()
    understood: FileContents | None = None
    try:
        if media_type == TEXT:
            texts = bundle_pdf.typed_pages(load(digest).decode("utf-8", "replace"))
            read_pages = index.store_typed_pages(texts, name=digest, shelf=StoredPages(pages))
        else:
            with document_as_file(digest) as path:
                read = index.read(path, name=digest, shelf=StoredPages(pages), progress=tell)
            read_pages, remarks = read.pages, read.remarks
        understood = index.analyze(read_pages)
        publish(digest, PAGES)
    except Unreadable as error:
        problem = str(error)
    outcome = _Outcome(problem=problem, remarks=remarks, understood=understood, typed=media_type == TEXT)
    data = canonical(outcome).encode()
    data += b"\n" + digest_of_bytes(data).encode()
    publish(digest, OUTCOME, data)  # first, so that what is done here is done for all
    write(path_of(digest, OUTCOME), data)
    cache.delete(_key(digest))
    if understood and media_type != TEXT:
        page_images.render_first_pages(digest)  # the first pages are ready when a person opens the document


def casefile(digests: tuple[str, ...], stated: tuple[CorrectedDocument, ...] = ()) -> CaseFile:
    """Return the case file of these documents in their order, with the corrections that people made.

    Refused documents, and those that are not read yet, are left out.
    """
    return _casefile(digests, stated, tuple(map(_stamp, digests)))


def _stamp(digest: str) -> tuple[str, int]:
    """Return what identifies a reading of a document: a document that was read again has another."""
    path = path_of(digest, PAGES)
    try:
        return str(path), path.stat().st_mtime_ns
    except FileNotFoundError:
        return str(path), 0


@lru_cache(maxsize=16)
def _casefile(
    digests: tuple[str, ...],
    stated: tuple[CorrectedDocument, ...],
    stamps: tuple[tuple[str, int], ...],  # noqa: ARG001 - what was read again is put together again
) -> CaseFile:
    read = [(digest, one.understood) for digest in digests if (one := _read(digest))]
    return index.combine(
        [
            (
                pages := _pages(digest),
                apply_corrections(one, [correction for correction in stated if correction.file == digest], pages),
            )
            for digest, one in read
            if one is not None
        ]
    )


casefile.cache_clear = _casefile.cache_clear  # type: ignore[attr-defined]  # for tests


def kinds(digest: str, stated: tuple[CorrectedDocument, ...] = ()) -> tuple[RecordKind, ...] | None:
    """Return the kinds of the documents in one file, as read and as corrected; None where it is not read."""
    one = _read(digest)
    if one is None or one.understood is None:
        return None
    found = apply_corrections(
        one.understood, [correction for correction in stated if correction.file == digest], _pages(digest)
    )
    return tuple(dict.fromkeys(document.kind for document in found.documents))


def kinds_of(case: Case, stated: tuple[CorrectedDocument, ...]) -> dict[str, tuple[RecordKind, ...]]:
    """Return, for each record of a case that was read, by its digest, the kinds of the documents in it."""
    found = {one.record.digest: kinds(one.record.digest, stated) for one in case.records}
    return {digest: known for digest, known in found.items() if known is not None}


def readable(digests: Sequence[str]) -> tuple[str, ...]:
    """Return those of these documents that are read and were not refused: the ones that `casefile` includes."""
    return tuple(filter(is_readable, digests))


def is_readable(digest: str) -> bool:
    """Return whether a document is read and was not refused."""
    one = _read(digest)
    return one is not None and not one.problem


def is_typed(digest: str) -> bool:
    """Return whether a document is plain text, which has words and no page images."""
    one = _read(digest)
    return one is not None and one.typed


@dataclass(frozen=True, slots=True)
class CaseFilePdf:
    """A case file as one PDF, its SHA-256, and its number of pages with the index."""

    pdf: bytes
    digest: str
    pages: int


def case_file_pdf(
    digests: tuple[str, ...], number: str, stated: tuple[CorrectedDocument, ...] = (), *, closing: str = ""
) -> CaseFilePdf:
    """Build one PDF of the case file of these documents; `closing` is a text that is appended."""
    built = casefile(digests, stated)
    documents, pages = built.documents, len(built.pages)
    with contextlib.ExitStack() as stack:
        paths = [stack.enter_context(document_as_file(digest)) for digest in digests]
        if closing:
            paths.append(stack.enter_context(_text(closing)))
            last = pages + len(bundle_pdf.typed_pages(closing))
            title = closing.partition("\n")[0].partition(",")[0].capitalize()
            documents += (Document(id="closing", kind=RecordKind.OTHER, first=pages + 1, last=last, title=title),)
            pages = last
        made = bundle_pdf.build(paths, documents, case=number)
    return CaseFilePdf(made.pdf, made.digest, made.index_pages + pages)


@contextlib.contextmanager
def _text(text: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="imr-", suffix=".txt") as file:
        file.write(text.encode())
        file.flush()
        yield Path(file.name)
