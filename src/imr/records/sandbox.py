"""Runs tasks on an untrusted file in a sandboxed child process.

Before it opens the file, the child gives up the network (an empty network namespace, and TCP through Landlock), writing files and
reading any but programs, fonts and the file itself (Landlock, RLIMIT_FSIZE), memory and processor time beyond a limit (RLIMIT_AS,
RLIMIT_CPU), core dumps and new privileges. The parent kills a child that is silent for too long. Where the system lacks Landlock
or namespaces, the child can report it (`Confinement`). Results are frames (`records.page_codec`), never pickles.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from imr.errors import ImrError, Unreadable
from imr.records import page_codec

Frame = tuple[dict[str, Any], bytes]

BROKEN = "this file is broken; print it to a new PDF and send that"


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The limits of a child: bytes of memory, seconds of processor time, seconds of silence before it is killed."""

    memory: int = 2 * 1024**3
    seconds: int = 900
    silence: float = 60.0


@dataclass(frozen=True, slots=True)
class Confinement:
    """The isolation that the system gives a child: from the network and from other files.

    Memory, time and file size are always limited.
    """

    network: bool
    files: bool


_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 38, 4
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_FS_READ = 1 << 0 | 1 << 2 | 1 << 3
_FS_WRITE, _FS_FILE = 1 << 1, 1 << 2
_FS_ALL = (1 << 13) - 1
_NET_ALL = 0b11


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
    source = _Pipe(child.stdout.fileno(), bounds.silence)
    try:
        while (frame := _frame(child, source)) is not None:
            yield frame
    finally:
        _end(child)


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
        self._source = _Pipe(self._process.stdout.fileno(), bounds.silence)
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
        _end(self._process)


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
        env={
            "PATH": "/usr/bin:/bin",
            "OMP_THREAD_LIMIT": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OPENCV_FOR_THREADS_NUM": "1",
        }
        | {
            name: os.environ[name]
            for name in ("TESSDATA_PREFIX", "LANG", "COVERAGE_PROCESS_START")
            if name in os.environ
        },
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
    assert child.stdout is not None  # noqa: S101 - Popen opened it
    child.stdout.close()
    child.wait()


def _frame(child: subprocess.Popen[bytes], source: "_Pipe") -> Frame | None:
    """Read the next frame that a child sends; None when it is done."""
    try:
        frame = page_codec.read_frame(source)  # type: ignore[arg-type]
    except TimeoutError:
        raise Unreadable(
            f"this file keeps the reader busy for more than {source.silence:.0f} seconds; print it to a new PDF and send that"
        ) from None
    if frame is None:
        raise Unreadable(
            "reading this file exceeds the limits (memory, time or size), so it was stopped; print it to a new PDF and "
            f"send that (ended with {child.wait()})"
        )
    if "refused" in frame[0]:
        raise Unreadable(str(frame[0]["refused"]))
    return None if "done" in frame[0] else frame


class _Pipe:
    """Reads exact lengths from a pipe. Raises TimeoutError when the pipe is silent for too long."""

    def __init__(self, descriptor: int, silence: float) -> None:
        self._descriptor = descriptor
        self.silence = silence
        self._held = bytearray()

    def read(self, length: int) -> bytes:
        while len(self._held) < length:
            ready, _, _ = select.select([self._descriptor], [], [], self.silence)
            if not ready:
                raise TimeoutError
            more = os.read(self._descriptor, 1 << 20)
            if not more:
                break
            self._held += more
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken


def drop_privileges(paths: Sequence[Path], memory: int, seconds: int) -> Confinement:
    """Give up every privilege that reading these files does not need. Irreversible: call it in the child only."""
    libc = ctypes.CDLL(None, use_errno=True)
    # Before any library starts a thread: a process with threads cannot leave its user namespace.
    network = libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    readable = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path("/usr"),
        Path("/lib"),
        Path("/lib64"),
        Path("/etc/fonts"),
        Path("/sys"),
    }
    readable |= {
        Path("/proc/self"),
        Path("/proc/cpuinfo"),
        Path("/dev/null"),
        Path("/dev/urandom"),
        *paths,
        Path(__file__).parent.parent,
    }
    if "TESSDATA_PREFIX" in os.environ:
        readable.add(Path(os.environ["TESSDATA_PREFIX"]))
    files, tcp = _landlock(libc, readable)
    return Confinement(network or tcp, files)


def _landlock(libc: ctypes.CDLL, readable: set[Path]) -> tuple[bool, bool]:
    """Allow reading these paths, no other use of files, and no TCP; give whether the kernel enforces each."""
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False, False
    handled = struct.pack("<QQ", _FS_ALL, _NET_ALL) if version >= 4 else struct.pack("<Q", _FS_ALL)
    rules = libc.syscall(_LANDLOCK_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return False, False
    for place in readable:
        try:
            descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        # Libraries write to /dev/null, and crash if they may not.
        rights = _FS_READ if place.is_dir() else _FS_WRITE | _FS_FILE if place == Path("/dev/null") else _FS_FILE
        libc.syscall(_LANDLOCK_ADD, rules, 1, struct.pack("<Qi", rights, descriptor), 0)
        os.close(descriptor)
    done = libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0
    os.close(rules)
    return done, done and version >= 4


def _serve(order: dict[str, Any], out: BinaryIO, module: str = "sandbox_tasks", **more: object) -> None:
    """Run the task of an order and send its frames, or the reason for a refusal."""
    path = Path(order["path"])
    held = drop_privileges(
        [path, *map(Path, order["options"].get("also", ()))], int(order["memory"]), int(order["seconds"])
    )
    try:
        task: Callable[..., Iterator[Frame]] = getattr(import_module(f"imr.records.{module}"), order["task"])
        if order["options"].pop("tell_limits", False):
            page_codec.write_frame(out, {"network": held.network, "files": held.files})
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


def _wait(module: str, orders: BinaryIO, out: BinaryIO) -> None:
    """Load the libraries of a task, which starts no thread; then run the order of the first line and answer the lines after it."""
    import_module(f"imr.records.{module}")
    order = orders.readline()
    if order:
        _serve(json.loads(order), out, module, questions=map(json.loads, orders))


if __name__ == "__main__":
    if sys.argv[1] == "wait":
        _wait(sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
    else:
        _serve(json.loads(sys.stdin.buffer.readline()), sys.stdout.buffer)
