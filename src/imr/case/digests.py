"""Digests, by which a case names a document without holding its contents."""

from dataclasses import dataclass
from hashlib import sha256

from imr.plain import canonical


@dataclass(frozen=True, slots=True)
class SealedOutside:
    """Marks a field of an event, or of what it holds, that some outsiders may not know: `outside` seals it in their chain.

    The digest of a document that a role may not read would let that role test guesses of its contents. A field that is no
    text is left out. The event itself, and its own digest, are unchanged.
    """


def digest(value: object) -> str:
    """Give the SHA-256, in hex, of a value's canonical JSON. Equal values have equal digests."""
    return sha256(canonical(value).encode()).hexdigest()


def digest_of_bytes(data: bytes) -> str:
    """Give the SHA-256, in hex, of the bytes of a file."""
    return sha256(data).hexdigest()


def digest_of_text(text: str) -> str:
    """Give the SHA-256, in hex, of a letter's text in UTF-8."""
    return digest_of_bytes(text.encode())
