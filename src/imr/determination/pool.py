"""The processes that render letters: few, started on demand, each with one letter at a time.

The renderer works only in one thread of one process, and a process forked from one that used it hangs. So no process of
a site calls it. It runs in children that are started fresh, never forked, each limited in memory and in the time of a
letter; they end with their parent, and one that dies is replaced. `Pool.ask` is safe in every thread; a process that
was forked from one with a pool gets a pool of its own.
"""

import contextlib
import json
import math
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, BinaryIO

from imr.errors import Unavailable

#: A message between a process and its child: a value of JSON, and bytes.
Message = tuple[dict[str, Any], bytes]

_LENGTHS = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """The number of rendering processes, and the limits of a letter: seconds, seconds of waiting for its turn, bytes of memory."""

    processes: int = 2
    seconds: float = 30.0
    waiting: float = 60.0
    memory: int = 2 * 1024**3


class ChildEnded(Exception):
    """A child process ended before it answered."""


class Pool:
    """Children that run `main` of one module, which answers with `send` what it gets from `receive`."""

    def __init__(self, module: str, bounds: RenderLimits) -> None:
        self.bounds = bounds  #: of later requests; `memory` of children that start later
        self._module = module
        self._changed = threading.Condition()
        self._children: set[_Child] = set()
        self._idle: list[_Child] = []

    def ask(self, head: dict[str, Any], blob: bytes) -> Message:
        """Give the answer of a child. If one dies, another gets one try.

        Raises Unavailable if no child has time, one takes too long, or two die.
        """
        try:
            return self._try(head, blob)
        except ChildEnded:
            pass
        try:
            return self._try(head, blob)
        except ChildEnded as error:
            raise Unavailable(
                f"this letter could not be rendered as PDF: the process that renders it ended twice ({error}). Try again in a "
                "minute; if that does not help, ask the operator of this system to give letters more memory"
            ) from error

    def _try(self, head: dict[str, Any], blob: bytes) -> Message:
        child = self._take()
        try:
            answer = child.ask(head, blob, self.bounds.seconds)
        except TimeoutError:
            self._drop(child)
            raise Unavailable(
                f"this letter took more than {self.bounds.seconds:g} seconds to render as PDF, so it was stopped. Try again; "
                "if that does not help, shorten it, or ask the operator of this system to give letters more time"
            ) from None
        except BaseException:
            self._drop(child)
            raise
        with self._changed:
            self._idle.append(child)
            self._changed.notify()
        return answer

    def _take(self) -> "_Child":
        """Take an idle child, or start one if there are fewer than allowed."""
        until = time.monotonic() + self.bounds.waiting
        with self._changed:
            while True:
                while self._idle:
                    child = self._idle.pop()
                    if child.lives():
                        return child
                    self._children.discard(child)
                    child.end()
                if len(self._children) < self.bounds.processes:
                    child = _Child(self._module, self.bounds.memory)
                    self._children.add(child)
                    return child
                if not self._changed.wait(until - time.monotonic()):
                    raise Unavailable(
                        f"this letter waited {self.bounds.waiting:g} seconds for its turn, because many letters are "
                        "asked for now. Try again in a minute"
                    )

    def _drop(self, child: "_Child") -> None:
        child.end()
        with self._changed:
            self._children.discard(child)
            self._changed.notify()

    def pids(self) -> list[int]:
        """Give the ids of the rendering processes."""
        with self._changed:
            return [child.process.pid for child in self._children]

    def close(self) -> None:
        """End every child. Later requests start new ones."""
        with self._changed:
            children, self._children, self._idle = self._children, set(), []
        for child in children:
            child.end(patience=1.0)

    def forget(self) -> None:
        """Release children that belong to the process from which this one was forked, and a lock that may be held."""
        for child in self._children:
            child.forget()
        self._changed, self._children, self._idle = threading.Condition(), set(), []


class _Child:
    """A process and its two pipes."""

    def __init__(self, module: str, memory: int) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            [sys.executable, "-I", "-c", f"from {module} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for its parent; the child ends when its input ends
            env={name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ},
        )
        resource.prlimit(self.process.pid, resource.RLIMIT_AS, (memory, memory))
        resource.prlimit(self.process.pid, resource.RLIMIT_CORE, (0, 0))  # it holds health information
        assert self.process.stdin is not None  # noqa: S101 - Popen opened it
        assert self.process.stdout is not None  # noqa: S101 - Popen opened it
        self._in, self._out = self.process.stdin, self.process.stdout
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)

    def lives(self) -> bool:
        return self.process.poll() is None

    def ask(self, head: dict[str, Any], blob: bytes, seconds: float) -> Message:
        """Send a message and give the answer. Raises TimeoutError, or ChildEnded with how the child ended."""
        until = time.monotonic() + seconds
        # The child's own alarm ends it if this process has died.
        line = json.dumps({**head, "alarm": math.ceil(seconds) + 1}).encode()
        try:
            self._send(_LENGTHS.pack(len(line), len(blob)) + line + blob, until)
            line_length, blob_length = _LENGTHS.unpack(self._receive(_LENGTHS.size, until))
            answer = self._receive(line_length + blob_length, until)
        except (BrokenPipeError, EOFError):
            raise ChildEnded(f"exit {self.process.wait()}") from None
        return json.loads(answer[:line_length]), answer[line_length:]

    def _send(self, data: bytes, until: float) -> None:
        left = memoryview(data)
        while left:
            _ready(self._in.fileno(), select.POLLOUT, until)
            left = left[os.write(self._in.fileno(), left) :]

    def _receive(self, length: int, until: float) -> bytes:
        held = bytearray()
        while len(held) < length:
            _ready(self._out.fileno(), select.POLLIN, until)
            more = os.read(self._out.fileno(), length - len(held))
            if not more:
                raise EOFError
            held += more
        return bytes(held)

    def end(self, patience: float = 0.0) -> None:
        """End the process: it gets so many seconds to end by itself, because it has nothing more to read."""
        self._in.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.process.kill()
        self._out.close()
        self.process.wait()

    def forget(self) -> None:
        """Close this process's ends of the pipes."""
        self._in.close()
        self._out.close()
        self.process.returncode = 0  # not this process's child: there is nothing to wait for


def _ready(descriptor: int, event: int, until: float) -> None:
    """Wait until a pipe can be read or written. Raises TimeoutError."""
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError


def receive(source: BinaryIO) -> Message | None:
    """Read the next message to a child, or None at the end."""
    lengths = source.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    line_length, blob_length = _LENGTHS.unpack(lengths)
    return json.loads(source.read(line_length)), source.read(blob_length)


def send(out: BinaryIO, head: dict[str, Any], blob: bytes) -> None:
    """Send an answer, from a child."""
    line = json.dumps(head).encode()
    out.write(_LENGTHS.pack(len(line), len(blob)) + line + blob)
    out.flush()
