"""Namespaces: a reader sees no network, no other process, and of the tree of files only what it may read.

A process that enters a namespace of processes stays outside; its child is in it. So the started process becomes the supervisor of
the reader: it ends the reader when it gets SIGTERM or when nobody reads the output any more, and ends as the reader ended.
"""

import ctypes
import os
import platform
import select
import signal
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from imr.records.confinement.layers import Layer
from imr.records.confinement.libc import LIBC, PR_SET_PDEATHSIG, prctl, system_call

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_OTHERS = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_SLAVE = 1, 2, 4, 8, 0x1000, 0x4000, 0x80000
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE = 442, -100, 0x8000
#: The folder over which the new tree is built: every system has it, and the old one is out of sight from then on.
_BASE = Path("/tmp")  # noqa: S108 - nothing is written there


def enter() -> frozenset[Layer]:
    """Enter new namespaces and give them. Returns in the reader alone; its supervisor stays outside and never returns."""
    layers: set[Layer] = set()
    user, group = os.geteuid(), os.getegid()
    if LIBC.unshare(_NEWUSER | _OTHERS) == 0:
        layers = {Layer.USER, Layer.NETWORK, Layer.PROCESSES}
        if _keep_identity(user, group):
            layers.add(Layer.MOUNTS)
    elif LIBC.unshare(_OTHERS) == 0:  # as root, where users may not have namespaces
        layers = {Layer.NETWORK, Layer.PROCESSES, Layer.MOUNTS}
    reader = os.fork()
    if reader:
        _supervise(reader)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return frozenset(layers)


def _keep_identity(user: int, group: int) -> bool:
    """Keep the numbers of user and group in the new namespace; without them nothing can be mounted."""
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    except OSError:
        return False
    return True


def _supervise(reader: int) -> NoReturn:
    signal.signal(signal.SIGTERM, lambda *_: os.kill(reader, signal.SIGKILL))
    os.close(0)
    watch = select.poll()
    watch.register(1, 0)  # an error alone: nobody reads the output
    ended = os.pidfd_open(reader)
    watch.register(ended, select.POLLIN)
    if ended not in dict(watch.poll()):
        os.kill(reader, signal.SIGKILL)
    _, status = os.waitpid(reader, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def hide_files(readable: Iterable[Path]) -> bool:
    """Leave a tree of files that holds these places alone, read-only. Returns False, with nothing changed, where that fails."""
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None or not _mount(None, Path("/"), None, _MS_REC | _MS_SLAVE):
        return False
    sources = _opened(readable)
    if not _mount("tmpfs", _BASE, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=1m"):
        return False
    try:
        built = _build(sources)
    except OSError:
        built = False
    finally:
        for descriptor in sources.values():
            os.close(descriptor)
    if built:
        os.chdir(_BASE)
        built = system_call(number, b".", b".") == 0
    if not built:
        LIBC.umount2(os.fsencode(_BASE), _MNT_DETACH)
        return False
    LIBC.umount2(b".", _MNT_DETACH)
    os.chdir("/")
    attributes = struct.pack(
        "<4Q", _MS_RDONLY | _MS_NOSUID, 0, 0, 0
    )  # the bits of MOUNT_ATTR_RDONLY and MOUNT_ATTR_NOSUID
    return system_call(_MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes)) == 0


def _opened(readable: Iterable[Path]) -> dict[Path, int]:
    """Open what exists of these places, folders before what is in them; the new tree is built over a folder that may hold some."""
    found: dict[Path, int] = {}
    for place in sorted({one for path in readable for one in (path, path.resolve())}):
        within_another = any(parent in found for parent in place.parents)
        if not within_another and not place.is_relative_to("/proc") and place.exists():
            found[place] = os.open(place, os.O_PATH | os.O_CLOEXEC)
    return found


def _build(sources: dict[Path, int]) -> bool:
    """Mount each source below the base, at its own path."""
    for place, descriptor in sources.items():
        target = _BASE / place.relative_to("/")
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):  # its path is out of sight if it is below the base
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        if not _mount(f"/proc/self/fd/{descriptor}", target, None, _MS_BIND | _MS_REC):
            return False
    processes = _BASE / "proc"
    processes.mkdir()
    # Refused where the system hides part of its own /proc, as containers do: the reader does without.
    _mount("proc", processes, "proc", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    return True


def _mount(source: str | None, target: Path, kind: str | None, flags: int, options: str = "") -> bool:
    return bool(
        LIBC.mount(
            source.encode() if source else None,
            os.fsencode(target),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() or None,
        )
        == 0
    )
