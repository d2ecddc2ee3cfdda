"""Temporary files: each process has a folder of its own below one of the site's, and what a killed one left is swept.

They hold documents of cases while a confined child reads them. A process holds a lock of the kernel on its folder for as long as it
lives, so that a folder without one is nobody's.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings

from imr.web.platform.folders import locked

#: The lock that a process holds on its folder, beside it, by the folder's name.
_LOCK = ".lock"
_own: tuple[Path, int, int] | None = None


def use() -> None:
    """Have this process put its temporary files into a folder of its own, which goes with it."""
    global _own  # noqa: PLW0603 - one folder a process
    if settings.TEMPORARY is None:
        return
    base = Path(settings.TEMPORARY)
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn(base):
        folder = Path(tempfile.mkdtemp(prefix="process-", dir=base))
        lock = os.open(folder.with_suffix(_LOCK), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
    _own = (folder, lock, os.getpid())
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def sweep() -> int:
    """Remove the folders of processes that are gone; how many files were in them."""
    if settings.TEMPORARY is None or not settings.TEMPORARY.is_dir():
        return 0
    base = Path(settings.TEMPORARY)
    swept = 0
    with _turn(base):
        for folder in base.glob("process-*"):
            if folder.suffix == _LOCK or _lives(folder.with_suffix(_LOCK)):
                continue
            swept += sum(one.is_file() for one in folder.rglob("*"))
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(_LOCK).unlink(missing_ok=True)
    return swept


def _lives(lock: Path) -> bool:
    try:
        held = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False


def _turn(base: Path) -> AbstractContextManager[None]:
    """One process at a time makes or sweeps folders: a new one has its lock before anybody looks."""
    return locked(base / "turn.lock")


@atexit.register
def _end() -> None:
    if _own is not None and _own[2] == os.getpid():
        folder, _, _ = _own
        tempfile.tempdir = None  # what ends after this finds the system's own place
        os.environ.pop("TMPDIR", None)
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(_LOCK).unlink(missing_ok=True)
