"""The folders of the site: which they are, who may read them, and locks on them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from imr.errors import SetupError

#: The permissions that others on the machine do not get on a file or folder: all of them.
_OTHERS = 0o077


def confidential() -> frozenset[Path]:
    """Return the folders that hold documents, files derived from them, mail, and licensed texts; not a bucket."""
    places: list[str | Path | None] = [
        settings.PAGES,
        settings.UPLOADS,
        settings.TEMPORARY,
        settings.EMAIL_FILE_PATH,
        settings.GUIDELINES,
    ]
    options = [entry.get("OPTIONS", {}) for entry in settings.STORAGES.values()]
    places += [place for each in options if isinstance(place := each.get("location"), str | Path)]
    return frozenset(Path(place) for place in places if place and Path(place).is_absolute())


def private() -> tuple[Path, ...]:
    """Return those of them below the home."""
    home = Path(settings.HOME)
    return tuple(sorted(place for place in confidential() if home in place.parents))


def close_to_others() -> int:
    """Make these folders and everything in them readable by their owner alone; return how many files and folders changed.

    A folder that is already closed protects what is in it and is not walked again: so a folder is closed last, and an
    interrupted run continues at the next start.
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
    except FileNotFoundError:  # deleted in the meantime
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
    """Hold an exclusive lock on this file, waiting for another process; the lock of a killed process is released."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def lock_home() -> Iterator[None]:
    """Lock the home for one site. Raises SetupError where another site runs on it."""
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


def ensure_folder(folder: Path) -> None:
    """Make a folder where it is missing, and flush its name to disk."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to disk: else a loss of power may take a name whose bytes are there."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
