"""The reading of documents in the background: which are read, how far, and what came of it.

What is read of a document stands beside the documents, under its digest: its pages on a shelf, and what was understood of
them. Both are shadows that are made anew from the document alone, whole or not at all, so that a worker may be killed at any
moment and a job may run twice. Jobs wait in PostgreSQL (Procrastinate); workers may run on any machine that sees the folder.
Who may open a document is for `access`; this module is given digests that were allowed.
"""

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from imr.errors import Damaged, ImrError, Unreadable
from imr.law.terms import RecordKind
from imr.plain import canonical, from_plain
from imr.records import assemble, confined, index, shelf
from imr.records.corrections import Stated, applied
from imr.records.index import Understood
from imr.records.model import CaseFile, Document
from imr.web import clock
from imr.web.documents import TEXT, fetch

#: A reading that has not moved for so long is taken to be dead, and begun anew.
STILL = timedelta(minutes=10)
#: Pages that are drawn in one go, so that the next page is there before it is asked for.
AHEAD = 16
WIDTH = 1100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far the reading of a document is. `problem` is why it was refused; `remarks` what the intake should know."""

    done: bool
    pages_read: int = 0
    pages: int = 0
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What is kept of a reading beside the pages."""

    problem: str
    remarks: tuple[str, ...]
    understood: Understood | None
    typed: bool = False


def _place(digest: str, ending: str) -> Path:
    return Path(settings.PAGES) / digest[:2] / f"{digest}.{ending}"


def state(digest: str) -> Reading:
    """How far the reading of a document is."""
    if _place(digest, "json").exists():
        outcome = _outcome(digest)
        pages = outcome.understood.pages if outcome.understood else 0
        return Reading(done=True, pages_read=pages, pages=pages, problem=outcome.problem, remarks=outcome.remarks)
    read, pages, _ = cache.get(_key(digest)) or (0, 0, None)
    return Reading(done=False, pages_read=read, pages=pages)


def _key(digest: str) -> str:
    return f"reading-{digest}"


@lru_cache(maxsize=256)
def _outcome(digest: str) -> _Outcome:
    try:
        return from_plain(_Outcome, json.loads(_place(digest, "json").read_text(encoding="utf-8")))
    except (OSError, ValueError, ImrError) as error:
        raise Damaged("what was read of this document is damaged; it is read anew in a while") from error


def begin(digest: str, media_type: str) -> None:
    """Have a document read, unless it is read, waits, or is being read."""
    under_way = cache.get(_key(digest))
    if _place(digest, "json").exists() or (under_way and clock.now() - under_way[2] < STILL):
        return
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        read_document.configure(queueing_lock=digest).defer(digest=digest, media_type=media_type)


@app.task(name="read-document", queue="records")
def read_document(digest: str, media_type: str) -> None:
    """Read a document and keep what came of it. Once it is kept, doing it again changes nothing."""
    if _place(digest, "json").exists():
        return
    pages = _place(digest, "pages")
    pages.parent.mkdir(parents=True, exist_ok=True)

    def tell(done: int, of: int) -> None:
        cache.set(_key(digest), (done, of, clock.now()), timeout=86_400)

    tell(0, 0)
    problem = ""
    remarks: tuple[str, ...] = ()
    understood: Understood | None = None
    try:
        if media_type == TEXT:
            texts = assemble.typed_pages(fetch(digest).decode("utf-8", "replace"))
            read_pages = index.typed(texts, name=digest, shelf=pages)
        else:
            with _file(digest) as path:
                read = index.read(path, name=digest, shelf=pages, progress=tell)
            read_pages, remarks = read.pages, read.remarks
        understood = index.understand(read_pages)
    except Unreadable as error:
        problem = str(error)
    outcome = _Outcome(problem=problem, remarks=remarks, understood=understood, typed=media_type == TEXT)
    _keep(_place(digest, "json"), canonical(outcome).encode())
    cache.delete(_key(digest))
    if understood and media_type != TEXT:
        _draw_on(digest, _drawn(digest, 1))  # whoever opens the document finds its first pages drawn


@contextlib.contextmanager
def _file(digest: str) -> Iterator[Path]:
    """The document as a file that a confined child can open."""
    with tempfile.NamedTemporaryFile(prefix="imr-") as file:
        file.write(fetch(digest))
        file.flush()
        yield Path(file.name)


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    half.write_bytes(data)
    half.replace(path)


@lru_cache(maxsize=16)
def casefile(digests: tuple[str, ...], stated: tuple[Stated, ...] = ()) -> CaseFile:
    """The case file of these documents in their order, with what people stated of it over what was read.

    Those that are refused or not yet read are left out.
    """
    read = [(digest, _outcome(digest).understood) for digest in digests if state(digest).done]
    return index.combined(
        [
            (shelf.load(_place(digest, "pages")), applied(one, [said for said in stated if said.file == digest]))
            for digest, one in read
            if one is not None
        ]
    )


def readable(digests: Sequence[str]) -> tuple[str, ...]:
    """Those of these documents that are read and were not refused: what `casefile` is made of."""
    return tuple(digest for digest in digests if (now := state(digest)).done and not now.problem)


def is_typed(digest: str) -> bool:
    """Whether a document was a plain text, which has words and no picture."""
    return _outcome(digest).typed


def image(digest: str, page: int) -> bytes:
    """A page as an image for the browser, which never gets the document itself.

    Who turns the pages finds them drawn: the next ones are drawn while this one is looked at.
    """
    kept = _place(digest, f"{page}.webp")
    if kept.exists():
        if not _is_drawn(digest, page + AHEAD // 2):
            _draw_ahead(digest, page + AHEAD // 2)
        return kept.read_bytes()
    frames = _drawn(digest, page)
    head, data = next(frames, ({}, b""))
    if head.get("page") != page:
        raise Damaged(f"page {page} cannot be drawn; open the document itself", page)
    _keep(kept, data)
    threading.Thread(target=_draw_on, args=(digest, frames), daemon=True).start()
    return data


def _is_drawn(digest: str, page: int) -> bool:
    """Whether a page is drawn, or there is no such page."""
    return page > state(digest).pages or _place(digest, f"{page}.webp").exists()


_ahead: set[str] = set()
_ahead_lock = threading.Lock()


def _draw_ahead(digest: str, page: int) -> None:
    """Draw the pages from this one on, in the background and once at a time for a document in this process."""
    first = next((n for n in range(max(1, page - AHEAD), page + 1) if not _is_drawn(digest, n)), page)
    with _ahead_lock:
        if digest in _ahead:
            return
        _ahead.add(digest)

    def draw() -> None:
        try:
            _draw_on(digest, _drawn(digest, first))
        finally:
            with _ahead_lock:
                _ahead.discard(digest)

    threading.Thread(target=draw, daemon=True).start()


def _drawn(digest: str, page: int) -> Iterator[confined.Frame]:
    with _file(digest) as path:
        last = min(page + AHEAD, state(digest).pages or page)
        yield from confined.read("images", path, limits=index.LAYERS, first=page, last=last, width=WIDTH)


def _draw_on(digest: str, frames: Iterator[confined.Frame]) -> None:
    with contextlib.suppress(ImrError, OSError):
        for head, data in frames:
            _keep(_place(digest, f"{int(head['page'])}.webp"), data)


@dataclass(frozen=True, slots=True)
class Whole:
    """A case file as one PDF, its SHA-256, and how many pages it has with its index."""

    pdf: bytes
    digest: str
    pages: int


def whole(digests: tuple[str, ...], number: str, stated: tuple[Stated, ...] = (), *, closing: str = "") -> Whole:
    """The case file of these documents as one PDF; `closing` is a text that stands behind them."""
    built = casefile(digests, stated)
    documents, pages = built.documents, len(built.pages)
    with contextlib.ExitStack() as opened:
        paths = [opened.enter_context(_file(digest)) for digest in digests]
        if closing:
            paths.append(opened.enter_context(_text(closing)))
            last = pages + len(assemble.typed_pages(closing))
            title = closing.partition("\n")[0].partition(",")[0].capitalize()
            documents += (Document(id="closing", kind=RecordKind.OTHER, first=pages + 1, last=last, title=title),)
            pages = last
        made = assemble.whole(paths, documents, case=number)
    return Whole(made.pdf, made.digest, made.index_pages + pages)


@contextlib.contextmanager
def _text(text: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="imr-", suffix=".txt") as file:
        file.write(text.encode())
        file.flush()
        yield Path(file.name)
