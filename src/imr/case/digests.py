"""Digests: how a case names a document without holding what it says."""

from hashlib import sha256

from imr.plain import canonical


def digest(value: object) -> str:
    """The SHA-256, in hex, of a value's one canonical line of JSON. Equal values have equal digests."""
    return sha256(canonical(value).encode()).hexdigest()


def digest_of_bytes(data: bytes) -> str:
    """The SHA-256, in hex, of a file as it came."""
    return sha256(data).hexdigest()


def digest_of_text(text: str) -> str:
    """The SHA-256, in hex, of a letter's text in UTF-8."""
    return digest_of_bytes(text.encode())
