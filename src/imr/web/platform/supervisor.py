"""The processes of the site: started, restarted with growing pauses when they end, and stopped together.

The supervisor serves nothing itself. Each child runs in a session of its own, and the kernel ends it when the supervisor is
gone, for whatever reason.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

logger = logging.getLogger(__name__)

#: The pause after the first exit, in seconds; it doubles with each further one, up to the longest.
FIRST, LONGEST = 1.0, 60.0
#: A child that has run for this many seconds counts as healthy again.
STEADY = 60.0
#: Seconds that the children have to finish, all together; then they are killed.
GRACE = 40.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process of the site, with the name that the failures page shows."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    ends: int = 0
    again: float = 0.0


class Supervisor:
    """Keeps its children running until it is asked to stop.

    `ended` is called with a child's name, what happened, and after how many seconds it is restarted; `steady` with the name of
    one that ended before and has been healthy for a while. An exception that they raise is logged, and the call is repeated
    later.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        ended: Callable[[str, str, float], None],
        steady: Callable[[str], None],
    ) -> None:
        self.children = children
        self._ended = ended
        self._steady = steady
        self._stop = threading.Event()
        self._reports: list[Callable[[], None]] = []

    def run(self) -> None:
        """Start the children and keep them running; return when a signal has come and all of them are gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            while not self._stop.is_set():
                self.look(time.monotonic())
                self._stop.wait(0.5)
        finally:
            self.end()

    def look(self, now: float) -> None:
        """Start the children that are due, and notice those that have ended."""
        for child in self.children:
            if child.process is None:
                if now >= child.again:
                    child.process, child.started = _start(child.command), now
            elif (code := child.process.poll()) is not None:
                self._gone(child, code, now)
            elif child.ends and now - child.started >= STEADY:
                child.ends = 0
                self._reports.append(partial(self._steady, child.name))
        self._tell()

    def _gone(self, child: Child, code: int, now: float) -> None:
        if child.process is not None:
            _kill(child.process)  # processes that it started and left behind
        if now - child.started >= STEADY:
            child.ends = 0
        child.process = None
        child.ends += 1
        pause = min(FIRST * 2 ** min(child.ends - 1, 10), LONGEST)
        child.again = now + pause
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        logger.error("%s %s; restarted in %.0f s", child.name, how, pause)
        self._reports.append(partial(self._ended, child.name, how, pause))

    def _tell(self) -> None:
        """Report what happened; where that cannot be recorded now, keep it for later."""
        while self._reports:
            try:
                self._reports[0]()
            except Exception as error:  # noqa: BLE001 - the database may be away, and the children come first
                logger.warning("the end of a process cannot be recorded yet (%s)", type(error).__name__)
                del self._reports[:-20]
                return
            self._reports.pop(0)

    def end(self) -> None:
        """Ask every child to end, wait for all of them together, and kill those that do not."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                logger.warning("process %d does not end and is killed", process.pid)
            _kill(process)
            process.wait()


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    parent = os.getpid()

    def bound() -> None:
        _end_with_parent()
        if os.getppid() != parent:  # it was gone before the kernel knew
            os._exit(1)

    # preexec_fn is safe here: the supervisor has one thread, and what it calls takes no lock.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=bound)  # noqa: S603, PLW1509


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a child's session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
