"""The folders of the site: which they are, who may look into them, and who is alone with one for a while."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from imr.errors import SetupError

#: What others on the machine may do with a file or folder: here nothing.
_OTHERS = 0o077


def confidential() -> frozenset[Path]:
    """The folders that hold documents, what was made of them, mail, and licensed texts; a bucket is none."""
    places = [settings.PAGES, settings.UPLOADS, settings.TEMPORARY, settings.EMAIL_FILE_PATH, settings.GUIDELINES]
    places += [entry.get("OPTIONS", {}).get("location") for entry in settings.STORAGES.values()]
    return frozenset(Path(place) for place in places if place and Path(place).is_absolute())


def private() -> tuple[Path, ...]:
    """Those of them below the home."""
    home = Path(settings.HOME)
    return tuple(sorted(place for place in confidential() if home in place.parents))


def close() -> int:
    """Make these folders readable by their owner alone, with all that stands in them; how many files and folders changed.

    A folder that is closed already closes off what is in it, and is not looked through again: so it is closed last, and where that
    was broken off, the next start goes on with it.
    """
    changed = 0
    for place in private():
        if not place.exists():
            place.mkdir(mode=0o700, parents=True)
        elif place.stat().st_mode & _OTHERS:
            changed += sum(_close(Path(one.path), one.is_dir()) for one in _below(place))
            place.chmod(0o700)
            changed += 1
    return changed


def _close(path: Path, folder: bool) -> bool:
    try:
        if not path.stat().st_mode & _OTHERS:
            return False
        path.chmod(0o700 if folder else 0o600)
    except FileNotFoundError:  # swept meanwhile
        return False
    return True


def _below(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                continue
            yield entry
            if entry.is_dir():
                yield from _below(Path(entry.path))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Be the one process that holds this file, waiting for another; who is killed gives it up."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the home for one site. Raises SetupError where another is running on it."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(lock, 20).decode("ascii", "replace").strip() or "?"
            raise SetupError(
                f"a site is running on {home} already (process {who}): stop that one first, or set IMR_HOME to another folder"
            ) from None
        os.truncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)
