"""Brings stored files to how the site stores them now: encrypted under the newest key, or plain where the disk is encrypted.

The site is stopped meanwhile. Each file is replaced whole, so that an interrupted run is continued by the next. The home's file
`encryption` says how the last complete run left the files.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from imr.errors import Damaged
from imr.web.platform import encryption
from imr.web.platform.folders import sync_folder
from imr.web.platform.growing_files import growing_files
from imr.web.platform.storage import OWN
from imr.web.platform.storage.folder import Folder

#: What the name of a file ends in while it is written again.
_AGAIN = ".again"


@dataclass(slots=True)
class Reencrypted:
    """How many files were changed, and the paths of those that cannot be decrypted, which stay as they are."""

    changed: int = 0
    damaged: list[Path] = field(default_factory=list)


def is_due() -> bool:
    """Return whether files of this site are plain that are to be encrypted, or the other way round."""
    recorded = _recorded()
    if recorded is not None:
        return recorded != _wanted()
    other = not encryption.is_on()
    due = any((encryption.key_of(path) is not None) == other for path in _files()) or any(
        growing.is_kept(encrypted=other) for growing in growing_files(Path(settings.UPLOADS))
    )
    if not due:
        record()
    return due


def record() -> None:
    """Record that every file is as the site stores now."""
    _record_file().write_text(f"{_wanted()}\n", encoding="ascii")


def _wanted() -> str:
    return "encrypted" if encryption.is_on() else "plain"


def reencrypt() -> Reencrypted:
    """Bring every stored file to how the site stores now, and record it where none is damaged."""
    done, key = Reencrypted(), encryption.current_key()
    for path in _files():
        if _is_half(path):
            path.unlink()  # an earlier run was ended meanwhile
            continue
        if encryption.key_of(path) == key:
            continue
        try:
            _replace(path)
        except Damaged:
            if Path(settings.PAGES) not in path.parents:
                done.damaged.append(path)
                continue
            path.unlink()  # it is derived, and made again
        done.changed += 1
    for growing in growing_files(Path(settings.UPLOADS)):
        try:
            done.changed += growing.rewrite(key)
        except Damaged:
            done.damaged.append(growing.path)
    if not done.damaged:
        record()
    return done


def under_other_keys() -> int:
    """Return how many stored files are not as the site stores now."""
    key = encryption.current_key()
    waiting = sum(encryption.key_of(path) != key or _is_half(path) for path in _files())
    return waiting + sum(not growing.is_as(key) for growing in growing_files(Path(settings.UPLOADS)))


def _files() -> Iterator[Path]:
    """Yield the files of documents, refused files and derived files that are in folders; not the marks of the site."""
    places = [Path(settings.PAGES)]
    for part in storages.backends:
        storage = storages[part]
        if isinstance(storage, Folder) and storage.confidential:
            places.append(Path(storage.location))
    for place in places:
        for path in place.glob("*/*"):
            if path.parent.name != OWN and path.is_file():
                yield path


def _is_half(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == _AGAIN


def _replace(path: Path) -> None:
    contents = encryption.contents(path)
    before = path.stat()
    half = path.with_name(f".{path.name}{_AGAIN}")
    try:
        with half.open("wb") as file:
            sink = encryption.sink(file, path.name, beginning=contents[: len(encryption.MARK)])
            for start in range(0, len(contents), 16 * encryption.CHUNK):
                sink.write(contents[start : start + 16 * encryption.CHUNK])
            if not len(contents):
                contents[:]  # an empty file is authenticated too
            sink.finish()
            file.flush()
            os.fsync(file.fileno())
        os.utime(half, ns=(before.st_atime_ns, before.st_mtime_ns))
        half.replace(path)
        sync_folder(path.parent)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _record_file() -> Path:
    return Path(settings.HOME) / "encryption"


def _recorded() -> str | None:
    """Return how the files were found or left; None in a home of an earlier version, a new one, and one that was restored."""
    try:
        return _record_file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
