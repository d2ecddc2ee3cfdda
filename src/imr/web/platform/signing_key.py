"""The key that signs anchors: Ed25519, in a file of the site's home that its owner alone reads."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from imr.errors import ImrError, SetupError


def make(file: Path | None = None) -> Ed25519PrivateKey:
    """Make the key. Raises SetupError where there is one already, or it cannot be written."""
    file = file or settings.ANCHOR_KEY
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
            handle.write(f"{data}\n")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise SetupError(f"the key of anchors {file} cannot be made ({error.strerror})") from error
    return key


def load(file: Path | None = None) -> Ed25519PrivateKey | None:
    """Return the key; None where the site has none. Raises SetupError where the file is no key."""
    file = file or settings.ANCHOR_KEY
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SetupError(f"the key of anchors {file} cannot be read: restore it from the backup") from error


def public(key: Ed25519PrivateKey) -> str:
    """Return the public part of a key, 64 characters of hex."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def is_signed(data: bytes, signature: str, by: str) -> bool:
    """Return whether the owner of this public key signed these bytes. Raises ImrError where it is no public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(by))
    except ValueError as error:
        raise ImrError(f"{by!r} is no public key: it has 64 characters of hex") from error
    try:
        key.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
