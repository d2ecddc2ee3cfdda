"""Runs tasks on an untrusted file in a sandboxed child process.

Before it opens the file, the child gives up everything that reading does not need (`records.confinement`): the network, other
files, other processes, programs, all system calls but those on a list, and memory, processor time and output beyond a limit. It
reads nothing where something of that would stay open, unless `IMR_SANDBOX` allows it. The parent ends a child that is silent for
too long. Results are frames (`records.page_codec`), never pickles.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from imr.errors import ImrError, SetupError, Unreadable
from imr.records import confinement, page_codec
from imr.records.confinement import Confinement, Demand, Layer

Frame = tuple[dict[str, Any], bytes]

#: Seconds on the clock for a second of processor time: a child that sleeps between its frames ends too, and a busy machine is no fault of a file.
_SECONDS_A_SECOND = 8
#: How long a supervisor may take to end its reader before the whole group is killed.
_SECONDS_TO_END = 5.0
BROKEN = "this file is broken; print it to a new PDF and send that"


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The limits of a child: bytes of memory, seconds of processor time, seconds of silence before it is killed."""

    memory: int = 2 * 1024**3
    seconds: int = 900
    silence: float = 60.0

    @property
    def waited(self) -> float:
        """Return how many seconds its parent waits for all of its frames together, however it spends them."""
        return _SECONDS_A_SECOND * self.seconds


def measure() -> Confinement:
    """Return what the system gives a sandboxed child. Raises SetupError where no child can be started."""
    child = _started("measure")
    assert child.stdout is not None  # noqa: S101 - Popen opened it
    try:
        frame = page_codec.read_frame(_Pipe(child.stdout.fileno(), ProcessLimits().silence, ProcessLimits().silence))  # type: ignore[arg-type]
    except TimeoutError:
        frame = None
    finally:
        end(child)
    if frame is None:
        raise SetupError("no process that reads files can be started: files of strangers are not read")
    return _confinement(frame[0])


def demand() -> Demand:
    """Return what the sandbox must have before it opens a file. A value that is not known counts as the default."""
    try:
        return Demand(os.environ.get("IMR_SANDBOX", "").strip().lower())
    except ValueError:
        return Demand.CLOSED


def run_task(task: str, path: Path, *, limits: ProcessLimits | None = None, **options: object) -> Iterator[Frame]:
    """Run a task of `records.sandbox_tasks` on a file in a sandboxed process, and yield its frames.

    Raises Unreadable with the child's reason for refusing the file, or with the limit that was exceeded.
    """
    bounds = limits or ProcessLimits()
    child = _started("once")
    assert child.stdin is not None  # noqa: S101 - Popen opened it
    assert child.stdout is not None  # noqa: S101 - Popen opened it
    # Through the pipe: an argument is limited in length, and every user of the machine can see it.
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(json.dumps(_order(task, path, bounds, options)).encode() + b"\n")
    # With a buffer of our own: select looks at the pipe, not at what Python has already read from it.
    source = _Pipe(child.stdout.fileno(), bounds.silence, bounds.waited)
    try:
        while (frame := _frame(child, source)) is not None:
            yield frame
    finally:
        end(child)


class SandboxedProcess:
    """A sandboxed process that stays with one file and answers one question after another.

    It starts before it gets its file, so that the libraries of `module` are loaded by then. It serves one file only, so that a
    hostile file that takes it over affects no other file.
    """

    def __init__(self, module: str) -> None:
        self._process = _started("wait", module)
        self._source: _Pipe | None = None

    def open(self, task: str, path: Path, *, limits: ProcessLimits | None = None, **options: object) -> Frame:
        """Start a task of the module on a file; give its first frame. The limits apply to all questions together."""
        assert self._process.stdout is not None  # noqa: S101 - Popen opened it
        bounds = limits or ProcessLimits()
        self._source = _Pipe(self._process.stdout.fileno(), bounds.silence, bounds.waited)
        return self._told(_order(task, path, bounds, options))

    def ask(self, **question: object) -> Frame:
        """Give the answer to a question. Raises Unreadable with the reason or the limit exceeded; close the process then."""
        return self._told(question)

    def _told(self, line: dict[str, object]) -> Frame:
        assert self._process.stdin is not None  # noqa: S101 - Popen opened it
        assert self._source is not None  # noqa: S101 - open() comes before ask()
        with contextlib.suppress(BrokenPipeError):  # its last answer is still in the other pipe
            self._process.stdin.write(json.dumps(line).encode() + b"\n")
            self._process.stdin.flush()
        frame = _frame(self._process, self._source)
        if frame is None:
            raise Unreadable(BROKEN)
        return frame

    def close(self) -> None:
        """End the child."""
        end(self._process)


def _order(task: str, path: Path, bounds: ProcessLimits, options: dict[str, object]) -> dict[str, object]:
    return {
        "task": task,
        "path": str(path.resolve()),
        "options": options,
        "memory": bounds.memory,
        "seconds": bounds.seconds,
    }


def _started(*said: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-I", "-m", "imr.records.sandbox", *said],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        process_group=0,
        env={
            "PATH": "/usr/bin:/bin",
            "OMP_THREAD_LIMIT": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OPENCV_FOR_THREADS_NUM": "1",
        }
        | {
            name: os.environ[name]
            for name in ("TESSDATA_PREFIX", "LANG", "COVERAGE_PROCESS_START", "IMR_SANDBOX")
            if name in os.environ
        },
    )


def end(child: subprocess.Popen[bytes]) -> None:
    """End the child and everything in its process group; the supervisor of a reader ends it first (`confinement.namespaces`)."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    if child.returncode is not None:
        return
    os.kill(child.pid, signal.SIGTERM)  # not through Popen, which may reap it first
    ended = os.pidfd_open(child.pid)
    select.select([ended], [], [], _SECONDS_TO_END)
    os.close(ended)
    with contextlib.suppress(ProcessLookupError):  # it is not waited for yet, so no other group has its number
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _frame(child: subprocess.Popen[bytes], source: "_Pipe") -> Frame | None:
    """Read the next frame that a child sends; None when it is done."""
    try:
        frame = page_codec.read_frame(source)  # type: ignore[arg-type]
    except TimeoutError as error:
        raise Unreadable(
            f"this file keeps the reader busy for more than {error} seconds; print it to a new PDF and send that"
        ) from None
    if frame is None:
        raise Unreadable(
            "reading this file exceeds the limits (memory, time or size), so it was stopped; print it to a new PDF and "
            f"send that (ended with {child.wait()})"
        )
    if "unsafe" in frame[0]:
        raise SetupError(str(frame[0]["unsafe"]))
    if "refused" in frame[0]:
        raise Unreadable(str(frame[0]["refused"]))
    return None if "done" in frame[0] else frame


class _Pipe:
    """Reads exact lengths from a pipe. Raises TimeoutError, with the seconds, when it is silent or waited for too long.

    Only the time that passes in waiting counts: what is done between two frames is the caller's.
    """

    def __init__(self, descriptor: int, silence: float, waits: float) -> None:
        self._descriptor = descriptor
        self._silence, self._waits, self._left = silence, waits, waits
        self._held = bytearray()

    def read(self, length: int) -> bytes:
        while len(self._held) < length:
            begun = time.monotonic()
            ready, _, _ = select.select([self._descriptor], [], [], min(self._silence, self._left))
            self._left -= time.monotonic() - begun
            if not ready or self._left <= 0:
                raise TimeoutError(f"{self._silence if self._left > 0 else self._waits:.0f}")
            more = os.read(self._descriptor, 1 << 20)
            if not more:
                break
            self._held += more
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken


def _confinement(head: dict[str, Any]) -> Confinement:
    return Confinement(frozenset(Layer[name] for name in head["layers"]))


def _layers(held: Confinement) -> dict[str, Any]:
    return {"layers": [layer.name for layer in Layer if layer in held.layers]}


def _serve(
    order: dict[str, Any], out: BinaryIO, namespaced: frozenset[Layer], module: str = "sandbox_tasks", **more: object
) -> None:
    """Run the task of an order and send its frames, or the reason for a refusal."""
    path = Path(order["path"])
    # What is loaded now, unconfined, is our own; Python can keep what it compiled, so that the next child need not compile it.
    tasks = import_module(f"imr.records.{module}")
    for library in getattr(tasks, "LIBRARIES", {}).get(order["task"], ()):
        import_module(f"imr.records.{library}")
    files = [path, *map(Path, order["options"].get("also", ()))]
    try:
        held = confinement.confine(files, int(order["memory"]), int(order["seconds"]), namespaced)
        unsafe = held.refusal(demand())
    except (
        SetupError,
        OSError,
        ValueError,
    ) as error:  # the last two: a limit that the system does not let a reader set
        unsafe = f"the reader of files cannot be confined: {error}"
    if unsafe:
        page_codec.write_frame(out, {"unsafe": unsafe})
        out.flush()
        return
    try:
        task: Callable[..., Iterator[Frame]] = getattr(tasks, order["task"])
        if order["options"].pop("tell_limits", False):
            page_codec.write_frame(out, _layers(held))
        for head, blob in task(path, **order["options"], **more):
            page_codec.write_frame(out, head, blob)
            out.flush()
        page_codec.write_frame(out, {"done": True})
    except ImrError as error:
        page_codec.write_frame(out, {"refused": str(error)})
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything; the sender gets the message that it is broken
        why = BROKEN.replace("is broken", "needs more memory than any file may have")
        page_codec.write_frame(out, {"refused": why if isinstance(error, MemoryError) else BROKEN})
    out.flush()


def _wait(module: str, orders: BinaryIO, out: BinaryIO, namespaced: frozenset[Layer]) -> None:
    """Load the libraries of a task, which starts no thread; then run the order of the first line and answer the lines after it."""
    import_module(f"imr.records.{module}")
    order = orders.readline()
    if order:
        _serve(json.loads(order), out, namespaced, module, questions=map(json.loads, orders))


def _measure(out: BinaryIO, namespaced: frozenset[Layer]) -> None:
    bounds = ProcessLimits()
    page_codec.write_frame(out, _layers(confinement.confine([], bounds.memory, bounds.seconds, namespaced)))
    out.flush()


def _main(mode: str, module: str = "") -> None:
    namespaced = confinement.start()
    if mode == "wait":
        _wait(module, sys.stdin.buffer, sys.stdout.buffer, namespaced)
    elif mode == "measure":
        _measure(sys.stdout.buffer, namespaced)
    else:
        _serve(json.loads(sys.stdin.buffer.readline()), sys.stdout.buffer, namespaced)


if __name__ == "__main__":
    _main(*sys.argv[1:])
