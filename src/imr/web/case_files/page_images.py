"""The pictures of pages that the viewer shows, drawn when they are asked for, or a little earlier, and kept.

A document that is looked at has a desk: a confined child that stays with it, and a thread that has one page drawn after the
other. A page that somebody waits for comes first; neighbours are drawn one at a time and while nobody waits at any desk, so that a
reader stands behind one page at most. A desk that has had nothing to do for a while is cleared. Who may open a document is for `access`; this module is
given digests that were allowed.
"""

import atexit
import contextlib
import threading
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path

from imr.errors import Damaged, ImrError, Unreadable
from imr.records.sandbox import ProcessLimits, SandboxedProcess
from imr.web.case_files.derived_files import as_file, keep, place

#: Which pictures count: raise it where pages are drawn in another way than before, so that none of the old ones is shown.
VERSION = 2
#: The width of a picture in points of a screen.
WIDTH = 1100
#: Pages that are drawn before they are asked for, ahead of the one looked at and behind it; the nearest first.
AHEAD, BEHIND = 10, 3
_NEAR = sorted(range(-BEHIND, AHEAD + 1), key=lambda step: step if step >= 0 else -3 * step - 0.5)
#: Seconds after which a desk with nothing to do is cleared; desks in one process, and readers of one document that one keeps in mind.
IDLE = 60.0
DESKS, READERS = 6, 4
#: What a child may use for all the pages of a document that it draws: bytes, seconds of processor, seconds for one page.
LIMITS = ProcessLimits(memory=2 * 1024**3, seconds=900, silence=30.0)

#: One lock for all desks: who waits at one of them is told when anything changes.
_turn = threading.Condition()
_desks: dict[str, "_Desk"] = {}
_spare: list[SandboxedProcess] = []
#: The desk that draws a neighbour now.
_ahead: list["_Desk"] = []


def picture(digest: str, page: int) -> bytes:
    """A page as a picture (PNG or JPEG). Raises ImrError where it cannot be drawn, or there is no such page."""
    try:
        return _kept(digest, page).read_bytes()
    except FileNotFoundError:
        with _turn:
            wanted = _desk(digest).want(page)
        return wanted.result()


def look(digest: str, page: int, pages: int) -> None:
    """Have a page of a document of so many pages drawn, and its neighbours after it, because somebody looks at it now."""
    near = [page + step for step in _NEAR if 1 <= page + step <= pages]
    if all(_kept(digest, one).exists() for one in near):
        return
    with _turn:
        _desk(digest).look(near)


def draw(digest: str) -> None:
    """Draw the first pages of a document that nobody looks at yet."""
    child = SandboxedProcess("images")
    try:
        with as_file(digest) as path:
            head, _ = child.open("render_pages", path, limits=LIMITS, width=WIDTH)
            for page in range(1, min(int(head["pages"]), AHEAD) + 1):
                keep(_kept(digest, page), child.ask(page=page)[1])
    except (ImrError, OSError):
        pass  # whoever asks for the page is told
    finally:
        child.close()


def clear() -> None:
    """Clear every desk of this process, and wait until their children are gone."""
    with _turn:
        desks = list(_desks.values())
        for desk in desks:
            desk.clear()
    for desk in desks:
        desk.thread.join()
    with _turn:
        while _spare:
            _spare.pop().close()


atexit.register(clear)


def _kept(digest: str, page: int) -> Path:
    return place(digest, f"{page}.{VERSION}.picture")


def _desk(digest: str) -> "_Desk":
    """The desk of a document; one of those that nobody waits at is cleared where there are too many. Under the lock."""
    desk = _desks.pop(digest, None) or _Desk(digest)
    _desks[digest] = desk  # the latest is last
    if len(_desks) > DESKS:
        idle = next((one for one in _desks.values() if not one.waited_for), None)
        if idle is not None:
            idle.clear()
    return desk


def _child() -> SandboxedProcess:
    """A child that has loaded what it needs, where one is ready."""
    with _turn:
        return _spare.pop() if _spare else SandboxedProcess("images")


def _prepare() -> None:
    """Have a child ready for the next document that somebody opens."""
    with _turn:
        if not _spare:
            _spare.append(SandboxedProcess("images"))


class _Desk:
    """A document that is being drawn. All but the drawing itself happens under the lock of the module."""

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
        """The picture of a page, when it is drawn."""
        _turn.notify_all()
        return self._wanted.setdefault(page, Future())

    def look(self, near: list[int]) -> None:
        """Keep in mind that these pages will be asked for, in this order."""
        self._looks.appendleft(near)
        _turn.notify_all()

    def clear(self) -> None:
        """Draw what somebody waits for, and then no more."""
        self._cleared = True
        if _desks.get(self._digest) is self:
            del _desks[self._digest]
        _turn.notify_all()

    def _next(self) -> int | None:
        """The page to draw now; waits for one, and gives None where the desk is cleared."""
        with _turn:
            idle_at = time.monotonic() + IDLE
            while True:
                if self._wanted:
                    return next(iter(self._wanted))
                if self._cleared:
                    return None
                if self._looks and not _ahead and not any(desk.waited_for for desk in _desks.values()):
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
        """The page to draw before it is asked for; none where all are drawn, and then nobody's look is kept in mind."""
        for near in self._looks:
            for page in near:
                if page not in self._lost and not _kept(self._digest, page).exists():
                    return page
        self._looks.clear()
        return None

    def _work(self) -> None:
        why: ImrError = Damaged("this page cannot be drawn now; reload it")
        try:
            with as_file(self._digest) as path:
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
                f"pages cannot be kept now ({error.strerror or type(error).__name__}); reload it in a few minutes"
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
        kept = _kept(self._digest, page)
        with contextlib.suppress(FileNotFoundError):  # another process may have drawn it meanwhile
            return kept.read_bytes()
        data = self._asked(path, page)
        keep(kept, data)
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
            return self._asked(path, page)  # what the pages before it used up is not its fault
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
