"""Temporary files: each process has its own folder below one of the site's, and folders of killed processes are deleted.

They hold documents of cases while a sandboxed child reads them. A process holds a kernel lock on its folder for as long as it
lives, so that a folder without a lock belongs to no process.
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

#: The lock that a process holds on its folder: a file beside it with the folder's name.
_LOCK = ".lock"
_own: tuple[Path, int, int] | None = None


def use() -> None:
    """Put this process's temporary files into a folder of its own, which is removed with the process."""
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
    """Remove the folders of processes that are gone; return how many files were in them."""
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
    """Serialize the making and deleting of folders: a new folder is locked before another process looks at it."""
    return locked(base / "turn.lock")


@atexit.register
def _end() -> None:
    if _own is not None and _own[2] == os.getpid():
        folder, _, _ = _own
        tempfile.tempdir = None  # processes that end after this use the system's own folder
        os.environ.pop("TMPDIR", None)
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(_LOCK).unlink(missing_ok=True)
