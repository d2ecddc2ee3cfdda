"""The key ring: one key a purpose, with the earlier keys behind it, in a file that only the owner of the home reads.

The newest key of a purpose signs and encrypts; every key of it verifies and decrypts, so that a rotation breaks nothing.
Running processes read the file again when it changes, except Django's own key, which they take when they start. An
installation that is older than the ring has the key of its file `secret-key`, or of `IMR_SECRET_KEY`, as the first of
each purpose. Where `IMR_SECRET_KEY` is set and `IMR_KEYS` is not, there is no file: all keys come from that setting.
"""

import contextlib
import fcntl
import hmac
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from imr.errors import ImrError, SetupError
from imr.web.platform.folders import sync_folder

#: The shortest key, in characters, and how many different ones it needs at least: fewer are a word or a pattern.
SHORTEST, DIFFERENT = 32, 12


class Purpose(StrEnum):
    """What a key is for."""

    SIGNING = "signing"
    SECOND_FACTORS = "second-factors"
    WORKING_COPIES = "working-copies"
    FILES = "files"
    PASSWORDS = "passwords"


Keys = dict[str, list[str]]


@dataclass
class KeyRing:
    """The keys of a site by purpose, the newest first. `file` is None where they come from a setting."""

    file: Path | None
    _keys: Keys
    _seen: tuple[int, int] = field(default=(0, 0))

    def keys(self, purpose: Purpose) -> tuple[str, ...]:
        """Return the keys of a purpose, the newest first. Raises SetupError where the file cannot be read."""
        if self.file is not None and (stamp := _stamp(self.file)) != self._seen:
            self._keys, self._seen = _read(self.file), stamp
        return tuple(self._keys[purpose])

    def current(self, purpose: Purpose) -> str:
        """Return the key that signs or encrypts now."""
        return self.keys(purpose)[0]

    def box(self, purpose: Purpose) -> MultiFernet:
        """Return what encrypts with the newest key of a purpose and decrypts with each."""
        return MultiFernet([Fernet(urlsafe_b64encode(sha256(key.encode()).digest())) for key in self.keys(purpose)])

    def rotate(self, purpose: Purpose) -> None:
        """Put a new key in front. Raises ImrError where the keys come from a setting."""
        self._change(purpose, lambda keys: [_new(), *keys])

    def retire(self, purpose: Purpose) -> int:
        """Remove all keys of a purpose but the newest; return how many. What they signed or encrypted is void from now on."""
        gone: list[str] = []

        def first(keys: list[str]) -> list[str]:
            gone.extend(keys[1:])
            return keys[:1]

        self._change(purpose, first)
        return len(gone)

    def _change(self, purpose: Purpose, change: Callable[[list[str]], list[str]]) -> None:
        """Change the keys of a purpose. Of two processes that do, the second changes what the first has written."""
        if self.file is None:
            raise ImrError(
                "the keys of this site come from IMR_SECRET_KEY, which has one key for all. Set IMR_KEYS to a file as well, and "
                "start a command once: it makes the ring there, with this key in it. Then remove IMR_SECRET_KEY, and rotate"
            )
        with _locked(self.file):
            found = _read(self.file)
            _replace(self.file, {**found, purpose.value: change(found[purpose])})

    def problems(self) -> list[str]:
        """Return what is wrong with the keys, one sentence each."""
        where = "IMR_SECRET_KEY" if self.file is None else str(self.file)
        return [
            f"{where}: a key for {purpose.value} is too weak: write at least {SHORTEST} random characters, or let the site make it"
            for purpose in Purpose
            if any(is_weak(key) for key in self.keys(purpose))
        ]


def is_weak(key: str) -> bool:
    """Return whether a key is short, a pattern, or one that Django made as insecure."""
    return len(key) < SHORTEST or len(set(key)) < DIFFERENT or key.startswith("django-insecure-")


def from_secret(secret: str) -> Keys:
    """Return the keys as they were before there was a ring, all from one secret."""
    return {
        Purpose.SIGNING: [secret],
        Purpose.SECOND_FACTORS: [f"second factor {secret}"],
        Purpose.WORKING_COPIES: [secret],
        Purpose.FILES: [f"files {secret}"],
        Purpose.PASSWORDS: [f"passwords {secret}"],
    }


def open_ring(home: Path, file: str, secret: str) -> KeyRing:
    """Return the ring in `file`, by default `keys.json` in `home`, made where it is missing. `secret` is the older single key.

    Raises ImrError where it cannot be made or read.
    """
    if secret and not file:
        return KeyRing(None, from_secret(secret))
    place = Path(file).expanduser() if file else home / "keys.json"
    try:
        if not place.exists():
            _make(place, secret or _earlier(home / "secret-key"))
        _add_missing(place)
        return KeyRing(place, _read(place), _stamp(place))
    except OSError as error:
        raise ImrError(
            f"the keys of the site in {place} cannot be made or read ({error.strerror}): set IMR_HOME to a folder of the user "
            "who runs the site"
        ) from error


def _earlier(file: Path) -> str:
    return file.read_text(encoding="ascii").strip() if file.exists() else ""


def _make(file: Path, secret: str) -> None:
    """Make the ring, unless another process makes it at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    _write_new(part, from_secret(secret) if secret else {purpose.value: [_new()] for purpose in Purpose})
    try:
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink()
    sync_folder(file.parent)


def _add_missing(file: Path) -> None:
    """Give a ring of an earlier version the keys that it lacks: derived, so that copies of one ring on several machines get the same."""
    if not _lacking(_parsed(file)):
        return
    with _locked(file):
        found = _parsed(file)
        base = found.get(Purpose.SECOND_FACTORS)
        if not isinstance(base, list) or not base or not isinstance(base[0], str):
            return  # `_read` says what is wrong with it
        lacking = _lacking(found)
        try:
            _replace(file, {**found, **{purpose.value: [_derived(base[0], purpose)] for purpose in lacking}})
        except OSError as error:
            raise SetupError(
                f"{file} has no key for {' and '.join(lacking)} yet, and cannot be changed here ({error.strerror}): start a command "
                "once where it can be, and give every machine the file again"
            ) from error


def _lacking(found: Keys) -> list[Purpose]:
    """Return the purposes that came after the first key rings and that this one has no key for."""
    return [purpose for purpose in (Purpose.FILES, Purpose.PASSWORDS) if purpose not in found]


def _derived(key: str, purpose: Purpose) -> str:
    return urlsafe_b64encode(
        hmac.new(key.encode(), f"the first key for {purpose}".encode(), "sha256").digest()
    ).decode()


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold an exclusive lock on the ring. A ring that another process replaced meanwhile is another file, and locked instead."""
    while True:
        lock = os.open(file, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(lock), file.stat()):
                yield
                return
        finally:
            os.close(lock)


def _replace(file: Path, keys: Keys) -> None:
    """Write the ring whole or not at all. The caller holds its lock."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    _write_new(part, keys)
    part.replace(file)
    sync_folder(file.parent)  # else a loss of power takes a key that files are under already


def _new() -> str:
    return secrets.token_urlsafe(50)


def _write_new(file: Path, keys: Keys) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        json.dump(keys, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise SetupError(f"the keys of the site in {file} cannot be read: restore them from the backup") from error
    return found.st_mtime_ns, found.st_ino


def _parsed(file: Path) -> Keys:
    try:
        found = json.loads(file.read_text(encoding="ascii"))
    except ValueError as error:
        raise SetupError(f"{file} is no key ring: restore it from the backup") from error
    return found if isinstance(found, dict) else {}


def _read(file: Path) -> Keys:
    keys = _parsed(file)
    for purpose in Purpose:
        mine = keys.get(purpose)
        if not isinstance(mine, list) or not mine or not all(isinstance(key, str) for key in mine):
            raise SetupError(f"{file} has no key for {purpose.value}: restore it from the backup")
    return keys
