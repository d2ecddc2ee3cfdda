"""What a hostile file could do once it has taken its reader over: asked of a process that is confined as a reader is.

Run as a program: `sandbox_probe.py LAYERS TARGETS`, where LAYERS are the groups of layers to apply, and TARGETS is a JSON object with
what the caller made. It prints a JSON object: for each question, what it found open, or null where it is closed. `CLOSED_BY` says
which layers close a question, each alone.
"""

import ctypes
import errno
import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from imr.records import confinement
from imr.records.confinement import Layer, capabilities, landlock, namespaces, system_calls

#: The groups of layers, as LAYERS names them.
GROUPS = {
    "namespaces": {Layer.USER, Layer.NETWORK, Layer.PROCESSES, Layer.MOUNTS},
    "landlock": {Layer.FILES, Layer.TRUNCATION, Layer.TCP, Layer.SCOPES},
    "system_calls": {Layer.SYSTEM_CALLS},
    "capabilities": {Layer.CAPABILITIES},
}
#: System calls that a reader has no use for and an attacker has; each is refused before the kernel looks at its arguments.
USELESS = [
    "add_key",
    "bpf",
    "fanotify_init",
    "inotify_init1",
    "io_uring_setup",
    "io_uring_enter",
    "keyctl",
    "name_to_handle_at",
    "open_by_handle_at",
    "open_tree",
    "openat2",
    "perf_event_open",
    "pidfd_getfd",
    "pidfd_open",
    "pidfd_send_signal",
    "process_vm_readv",
    "process_vm_writev",
    "request_key",
    "setns",
    "shmget",
    "splice",
    "userfaultfd",
    "vmsplice",
]

_CALLS = {Layer.SYSTEM_CALLS}
_FILES = {Layer.FILES, Layer.MOUNTS}
CLOSED_BY: dict[str, set[Layer]] = {
    "read another document": _FILES,
    "read the secret key": _FILES,
    "read another temporary file": _FILES,
    "list the documents": _FILES,
    "learn whether a document exists": {Layer.MOUNTS},
    "list temporary files": {Layer.FILES},
    "list processes": {Layer.FILES},
    "read its own environment": {Layer.FILES},
    "read the environment of another process": {Layer.FILES, Layer.PROCESSES},
    "make a file": _FILES,
    "make a folder": _FILES | _CALLS,
    "write to its file": _FILES,
    "rename its file": _FILES | _CALLS,
    "remove its file": _FILES | _CALLS,
    "empty its file": _CALLS | {Layer.TRUNCATION, Layer.MOUNTS},
    "empty another document": _CALLS | {Layer.TRUNCATION, Layer.MOUNTS},
    "empty its file by opening it to read": {Layer.TRUNCATION, Layer.MOUNTS},
    "empty another document by opening it for nothing": {Layer.TRUNCATION, Layer.MOUNTS},
    "open the key for everybody": _CALLS | {Layer.MOUNTS},
    "change the mode of its file": _CALLS | {Layer.MOUNTS},
    "change the times of its file": _CALLS | {Layer.MOUNTS},
    "set an attribute of another document": _CALLS | {Layer.MOUNTS},
    "connect by TCP": _CALLS | {Layer.TCP, Layer.NETWORK},
    "listen by TCP": _CALLS | {Layer.TCP},
    "send by UDP": _CALLS | {Layer.NETWORK},
    "connect to a Unix socket": _CALLS | {Layer.MOUNTS},
    "connect to an abstract socket": _CALLS | {Layer.SCOPES, Layer.NETWORK},
    "run a program": _CALLS | {Layer.FILES},
    "start a process": _CALLS,
    "end another process": _CALLS | {Layer.SCOPES, Layer.PROCESSES},
    "trace another process": _CALLS | {Layer.FILES, Layer.PROCESSES},
    "enter another user namespace": _CALLS,
    "keep code in a file without a name": _CALLS,
    "have capabilities": {Layer.CAPABILITIES},
    "start threads without limit": {Layer.USER},
    **{f"call {name}": _CALLS for name in USELESS},
}


_LIBC = ctypes.CDLL(None, use_errno=True)


def ask(targets: dict[str, str]) -> dict[str, str | None]:
    """Try everything that `CLOSED_BY` names, and return what was possible."""
    home, own, other, pid = Path(targets["home"]), Path(targets["own"]), Path(targets["other"]), int(targets["pid"])
    document, key = home / "documents" / "record", home / "secret-key"
    questions: dict[str, Callable[[], object]] = {
        "have capabilities": _capable,  # before a new namespace gives some
        "read another document": document.read_bytes,
        "read the secret key": key.read_bytes,
        "read another temporary file": other.read_bytes,
        "list the documents": lambda: list(document.parent.iterdir()),
        "learn whether a document exists": document.stat,
        "list temporary files": lambda: list(own.parent.iterdir()),
        "list processes": lambda: list(Path("/proc").iterdir()),
        "read its own environment": Path("/proc/self/environ").read_bytes,
        "read the environment of another process": Path(f"/proc/{pid}/environ").read_bytes,
        "make a file": lambda: os.close(os.open(f"{own}.new", os.O_WRONLY | os.O_CREAT)),
        "make a folder": own.with_name("folder").mkdir,
        "write to its file": lambda: os.close(os.open(own, os.O_WRONLY)),
        "change the mode of its file": lambda: own.chmod(0o777),
        "change the times of its file": lambda: os.utime(own, (0, 0)),
        "empty its file": lambda: os.truncate(own, 0),
        "empty another document": lambda: os.truncate(document, 0),
        "empty its file by opening it to read": lambda: os.close(os.open(own, os.O_RDONLY | os.O_TRUNC)),
        "empty another document by opening it for nothing": lambda: os.close(
            os.open(document, os.O_ACCMODE | os.O_TRUNC)
        ),
        "open the key for everybody": lambda: key.chmod(0o666),
        "set an attribute of another document": lambda: os.setxattr(document, "user.x", b"y"),
        "rename its file": lambda: own.rename(own.with_name("moved")),
        "remove its file": Path(targets["spare"]).unlink,
        "connect by TCP": lambda: _connected(socket.AF_INET, ("127.0.0.1", int(targets["port"]))),
        "listen by TCP": _listening,
        "send by UDP": lambda: _sent(int(targets["port"])),
        "connect to a Unix socket": lambda: _connected(socket.AF_UNIX, str(home / "socket")),
        "connect to an abstract socket": lambda: _connected(socket.AF_UNIX, f"\0{targets['abstract']}"),
        "run a program": lambda: subprocess.run(["/usr/bin/id"], capture_output=True, check=True).stdout,
        "start a process": _forked,
        "end another process": lambda: os.kill(pid, 9),
        "trace another process": lambda: _called("ptrace", 16, pid, 0, 0),
        "enter another user namespace": lambda: _called("unshare", 0x10000000),
        "keep code in a file without a name": lambda: os.memfd_create("x"),
        "start threads without limit": _unlimited,
    } | {f"call {name}": partial(_known, name) for name in USELESS}
    found: dict[str, str | None] = {}
    for question, tried in questions.items():
        try:
            found[question] = repr(tried())
        except OSError:
            found[question] = None
    return found


def _connected(family: int, address: str | tuple[str, int]) -> str:
    with socket.socket(family) as link:
        link.settimeout(5)
        link.connect(address)
    return "connected"


def _listening() -> str:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
    return "bound"


def _sent(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        return link.sendto(b"x", ("127.0.0.1", port))


def _forked() -> str:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return "forked"


def _capable() -> str:
    left = ctypes.create_string_buffer(24)
    if _LIBC.capget((0x20080522).to_bytes(4, "little") + bytes(4), left) or not any(left.raw):
        raise OSError("none")
    return left.raw.hex()


def _unlimited() -> int:
    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if most != resource.RLIM_INFINITY and most <= 64:
        raise OSError("limited")
    return most


def _number(name: str) -> int:
    library = system_calls.load_library()
    return int(library.seccomp_syscall_resolve_name(name.encode())) if library else -1


def _called(name: str, *given: int) -> str:
    """Make a system call that answers -1 where it is refused."""
    if _LIBC.syscall(_number(name), *given) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"


def _known(name: str) -> str:
    """Return that a system call exists for this process. Raises OSError where it does not."""
    ctypes.set_errno(0)
    number = _number(name)
    if number < 0 or (_LIBC.syscall(number, -1, 0, 0, 0, 0, 0) < 0 and ctypes.get_errno() == errno.ENOSYS):
        raise OSError("no such system call")
    return "known"


def _apply(groups: set[str], own: list[Path]) -> frozenset[Layer]:
    """Apply these groups of layers, and return the layers that hold."""
    if groups == set(GROUPS):
        return confinement.confine(own, 2 << 30, 60, confinement.start()).layers
    held = set(namespaces.enter()) if "namespaces" in groups else set[Layer]()
    if "namespaces" in groups:
        if not namespaces.hide_files(confinement.readable(own)):
            held.discard(Layer.MOUNTS)
        resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))
    if "capabilities" in groups and capabilities.drop():
        held.add(Layer.CAPABILITIES)
    capabilities.forbid_new_privileges()
    if "landlock" in groups:
        held |= landlock.restrict(confinement.readable(own))
    if "system_calls" in groups and system_calls.allow_only_needed():
        held.add(Layer.SYSTEM_CALLS)
    return frozenset(held)


def _main(groups: str, said: str) -> None:
    targets: dict[str, str] = json.loads(said)
    system_calls.load_library()
    held = _apply(set(groups.split(",")), [Path(targets["own"])] if "own" in targets else [])
    if "hang" in targets:  # a reader that a hostile file keeps busy, and that catches what it can
        os.write(1, b"confined\n")
        while True:
            pass
    print(json.dumps({"layers": [layer.name for layer in held], "open": ask(targets)}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
