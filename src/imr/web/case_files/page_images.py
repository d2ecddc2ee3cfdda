"""The images of pages for the viewer, rendered on request or a little earlier, and cached.

An open document has a worker: a sandboxed child process, and a thread that has it render one page after the other. A page that
a person waits for comes first; neighbors are rendered one at a time and while nobody waits at any worker, so that a reader
waits for one other page at most. An idle worker is closed after a while. Permission checks are in `access`; this module gets
the digests of permitted documents.
"""

import atexit
import threading
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path

from imr.errors import Damaged, ImrError, Unreadable
from imr.records.sandbox import ProcessLimits, SandboxedProcess
from imr.web.case_files.derived_files import document_as_file, path_of, write
from imr.web.platform import encryption

#: The version of the images: raise it where rendering changes, so that no earlier image is shown.
VERSION = 2
#: The width of an image in CSS pixels.
WIDTH = 1100
#: Pages that are rendered ahead of the open page and behind it; the nearest first.
AHEAD, BEHIND = 10, 3
_NEAR = sorted(range(-BEHIND, AHEAD + 1), key=lambda step: step if step >= 0 else -3 * step - 0.5)
#: Seconds after which an idle worker is closed; workers in one process, and readers of one document whose pages it prefetches.
IDLE = 60.0
DESKS, READERS = 6, 4
#: Limits of a child for all the pages of a document that it renders: bytes, seconds of processor time, seconds for one page.
LIMITS = ProcessLimits(memory=2 * 1024**3, seconds=900, silence=30.0)

#: One lock for all workers: those who wait are notified when anything changes.
_turn = threading.Condition()
_workers: dict[str, "_RenderWorker"] = {}
_spare: list[SandboxedProcess] = []
#: The worker that renders a neighbor now.
_ahead: list["_RenderWorker"] = []


def page_image(digest: str, page: int) -> bytes:
    """Return a page as an image (PNG or JPEG). Raises ImrError where it cannot be rendered, or there is no such page."""
    kept = _stored(digest, page)
    if kept is not None:
        return kept
    with _turn:
        wanted = _worker(digest).want(page)
    return wanted.result()


def prefetch(digest: str, page: int, pages: int) -> None:
    """Render a page of a document of this many pages, and prefetch its neighbors, because a person looks at it now."""
    near = [page + step for step in _NEAR if 1 <= page + step <= pages]
    if all(_kept(digest, one).exists() for one in near):
        return
    with _turn:
        _worker(digest).look(near)


def render_first_pages(digest: str) -> None:
    """Render the first pages of a document that nobody looks at yet."""
    child = SandboxedProcess("images")
    try:
        with document_as_file(digest) as path:
            head, _ = child.open("render_pages", path, limits=LIMITS, width=WIDTH)
            for page in range(1, min(int(head["pages"]), AHEAD) + 1):
                write(_kept(digest, page), child.ask(page=page)[1])
    except (ImrError, OSError):
        pass  # a person who asks for the page gets the error
    finally:
        child.close()


def close_workers() -> None:
    """Close every worker of this process, and wait until their children are gone."""
    with _turn:
        desks = list(_workers.values())
        for worker in desks:
            worker.clear()
    for worker in desks:
        worker.thread.join()
    with _turn:
        while _spare:
            _spare.pop().close()


atexit.register(close_workers)


def _kept(digest: str, page: int) -> Path:
    return path_of(digest, f"{page}.{VERSION}.picture")


def _stored(digest: str, page: int) -> bytes | None:
    """Return the image of a page that is stored; None where there is none, or where it cannot be decrypted."""
    try:
        return encryption.read(_kept(digest, page))
    except FileNotFoundError:
        return None
    except Damaged:
        _kept(digest, page).unlink(missing_ok=True)
        return None


def _worker(digest: str) -> "_RenderWorker":
    """Return the worker of a document; an idle one is closed where there are too many. The caller holds the lock."""
    worker = _workers.pop(digest, None) or _RenderWorker(digest)
    _workers[digest] = worker  # the latest is last
    if len(_workers) > DESKS:
        idle = next((one for one in _workers.values() if not one.waited_for), None)
        if idle is not None:
            idle.clear()
    return worker


def _child() -> SandboxedProcess:
    """Return a child that has loaded its libraries, where one is ready."""
    with _turn:
        return _spare.pop() if _spare else SandboxedProcess("images")


def _prepare() -> None:
    """Start a child for the next document that a person opens."""
    with _turn:
        if not _spare:
            _spare.append(SandboxedProcess("images"))


class _RenderWorker:
    """The worker of an open document. Everything except the rendering itself happens under the module's lock."""

    def __init__(self, digest: str) -> None:
        self._digest = digest
        self._wanted: dict[int, Future[bytes]] = {}
        self._looks: deque[list[int]] = deque(maxlen=READERS)
        self._lost: set[int] = set()
        self._cleared = False
        self._child: SandboxedProcess | None = None
        self._pages = 0
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    @property
    def waited_for(self) -> bool:
        return bool(self._wanted)

    def want(self, page: int) -> "Future[bytes]":
        """Return the image of a page, when it is rendered."""
        _turn.notify_all()
        return self._wanted.setdefault(page, Future())

    def look(self, near: list[int]) -> None:
        """Remember that these pages will be asked for, in this order."""
        self._looks.appendleft(near)
        _turn.notify_all()

    def clear(self) -> None:
        """Render what a person waits for, and then stop."""
        self._cleared = True
        if _workers.get(self._digest) is self:
            del _workers[self._digest]
        _turn.notify_all()

    def _next(self) -> int | None:
        """Return the page to render now; wait for one; None where the worker is closed."""
        with _turn:
            idle_at = time.monotonic() + IDLE
            while True:
                if self._wanted:
                    return next(iter(self._wanted))
                if self._cleared:
                    return None
                if self._looks and not _ahead and not any(worker.waited_for for worker in _workers.values()):
                    near = self._neighbour()
                    if near is not None:
                        _ahead.append(self)
                        return near
                left = idle_at - time.monotonic()
                if left <= 0 and not self._looks:
                    self.clear()
                else:
                    _turn.wait(max(left, 0.1))

    def _neighbour(self) -> int | None:
        """Return the page to prefetch; None where all are rendered, and then forget what readers looked at."""
        for near in self._looks:
            for page in near:
                if page not in self._lost and not _kept(self._digest, page).exists():
                    return page
        self._looks.clear()
        return None

    def _work(self) -> None:
        why: ImrError = Damaged("this page cannot be shown now; reload it")
        try:
            with document_as_file(self._digest) as path:
                while (page := self._next()) is not None:
                    try:
                        self._tell(page, self._drawn(path, page))
                    except Unreadable as error:
                        self._lost.add(page)
                        self._tell(page, error)
        except ImrError as error:
            why = error
        except OSError as error:
            why = Damaged(
                f"page images cannot be stored now ({error.strerror or type(error).__name__}); reload the page in a few minutes"
            )
        finally:
            with _turn:
                self.clear()
                if self in _ahead:
                    _ahead.remove(self)
                pages = list(self._wanted)
            for page in pages:
                self._tell(page, why)
            self._close()

    def _drawn(self, path: Path, page: int) -> bytes:
        kept = _stored(self._digest, page)
        if kept is not None:  # another process rendered it meanwhile
            return kept
        data = self._asked(path, page)
        write(_kept(self._digest, page), data)
        if not _spare:
            _prepare()
        return data

    def _asked(self, path: Path, page: int) -> bytes:
        fresh = self._child is None
        try:
            if self._child is None:
                self._child = _child()
                head, _ = self._child.open("render_pages", path, limits=LIMITS, width=WIDTH)
                self._pages = int(head["pages"])
            if 1 <= page <= self._pages:
                return self._child.ask(page=page)[1]
        except Unreadable:
            self._close()
            if fresh:
                raise
            return self._asked(path, page)  # it is not to blame for what the pages before it used up
        raise Unreadable("this document has no such page")

    def _close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def _tell(self, page: int, outcome: bytes | ImrError) -> None:
        with _turn:
            wanted = self._wanted.pop(page, None)
            if self in _ahead:
                _ahead.remove(self)
            _turn.notify_all()
        if wanted is None:
            return
        if isinstance(outcome, bytes):
            wanted.set_result(outcome)
        else:
            wanted.set_exception(outcome)
