"""Ends connections whose request is too large to be read, in one thread of the process, so that no thread of the server waits.

A connection that is ended with unread bytes takes the answer from a browser that is still sending. So a little of what comes is
discarded first, for a few seconds.
"""

import os
import selectors
import socket
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

#: How much of a request is discarded, and for how long: bytes, seconds. More connections than `MOST` are ended at once.
PATIENCE, PATIENCE_SECONDS, MOST = 16_000_000, 5.0, 200

_turn = threading.Lock()
_coming: SimpleQueue[socket.socket] = SimpleQueue()
#: The process that has a thread, and how many connections it holds.
_pid = 0
_held = 0


def hang_up(connection: socket.socket) -> None:
    """Take a connection from the server, which finds it ended, and end it when its sender has had time to read the answer."""
    global _pid, _held  # noqa: PLW0603 - one thread a process
    with _turn:
        crowded = _held >= MOST
        if not crowded:
            _coming.put(connection.dup())
            _held += 1
            if _pid != os.getpid():
                _pid = os.getpid()
                threading.Thread(target=_run, daemon=True, name="hanging up").start()
    if crowded:
        _end(connection)
        return
    ended, other = socket.socketpair()
    with ended, other:
        os.dup2(ended.fileno(), connection.fileno())  # what the server reads from now on is the end


def _forget() -> None:
    """Let a forked child begin without its parent's connections."""
    global _turn, _coming, _pid, _held
    _turn, _coming, _pid, _held = threading.Lock(), SimpleQueue(), 0, 0


os.register_at_fork(after_in_child=_forget)


def _run() -> None:
    """Discard what comes on every connection, and end each that sent enough or took too long."""
    left: dict[socket.socket, list[float]] = {}
    with selectors.DefaultSelector() as selector:
        while True:
            with suppress(Empty):
                while True:
                    one = _coming.get(block=not left)
                    one.setblocking(False)
                    selector.register(one, selectors.EVENT_READ)
                    left[one] = [PATIENCE, time.monotonic() + PATIENCE_SECONDS]
            for key, _ in selector.select(0.1):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)  # noqa: S101 - registered above
                left[connection][0] -= _discard(connection) or PATIENCE
            for connection, (size, until) in list(left.items()):
                if size <= 0 or time.monotonic() > until:
                    selector.unregister(connection)
                    del left[connection]
                    _end(connection)
                    connection.close()
                    _leave()


def _discard(connection: socket.socket) -> int:
    """Read a part and forget it; return its length, 0 at the end."""
    try:
        return len(connection.recv(1 << 16))
    except BlockingIOError:
        return 1
    except OSError:
        return 0


def _leave() -> None:
    global _held  # noqa: PLW0603
    with _turn:
        _held -= 1


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
