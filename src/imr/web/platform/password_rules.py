"""How a password is hashed, and the longest that is taken."""

import hmac
from base64 import b64decode, b64encode
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.exceptions import ValidationError

from imr.errors import SetupError
from imr.web.platform.keys import Purpose

#: The longest password, in characters: hashing a longer one would cost a request of a stranger too much.
LONGEST = 128


class MemoryHardHasher(ScryptPasswordHasher):
    """Scrypt with N 2^16, r 8, p 1 (64 MB for each password, as long in time as Django's own choice). Older hashes are replaced at a sign-in."""

    work_factor = 2**16
    parallelism = 1
    maxmem = 128 * 1024 * 1024


class KeyedHasher(MemoryHardHasher):
    """The same of the password's HMAC by the key ring's key for passwords: whoever has the database alone can try no guess.

    The salt ends with a dot and the id of the key, so that a rotation breaks no password; the next sign-in of its owner keeps
    it with the newest key.
    """

    algorithm = "keyed_scrypt"

    def encode(self, password: str, salt: str, n: int | None = None, r: int | None = None, p: int | None = None) -> str:
        """Hash a password with the key that the salt names, by default the newest."""
        if "." not in salt:
            salt = f"{salt}.{_id(settings.KEYS.current(Purpose.PASSWORDS))}"
        key = _key(salt)
        if key is None:
            raise SetupError("the key with which this password is kept is not in the key ring: restore the ring")
        keyed = hmac.new(key.encode(), password.encode(), sha256).hexdigest()
        *how, hashed = super().encode(keyed, salt, n, r, p).split("$")
        # The column has 128 characters, which Django's own hash of 64 bytes fills: the first 32 bytes are kept.
        return "$".join((*how, b64encode(b64decode(hashed)[:32]).decode()))

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether this is the password; False where the key with which it is kept was retired."""
        return _key(_salt(encoded)) is not None and super().verify(password, encoded)

    def must_update(self, encoded: str) -> bool:
        """Return whether the hash is to be replaced at the sign-in: by a newer key, or a higher cost."""
        newest = _id(settings.KEYS.current(Purpose.PASSWORDS))
        return not _salt(encoded).endswith(f".{newest}") or super().must_update(encoded)


def _salt(encoded: str) -> str:
    return encoded.split("$")[2]


def _id(key: str) -> str:
    """Return a short name of a key that tells nothing of it."""
    return hmac.new(key.encode(), b"the name of this key", sha256).hexdigest()[:12]


def _key(salt: str) -> str | None:
    """Return the key that a salt names; None where the ring does not have it any more."""
    named = salt.rpartition(".")[2]
    return next((key for key in settings.KEYS.keys(Purpose.PASSWORDS) if _id(key) == named), None)


class LongestPasswordValidator:
    """Refuses a password that is longer than anybody needs."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError where the password is too long."""
        if len(password) > LONGEST:
            raise ValidationError(f"This password is too long. It may have {LONGEST} characters.", code="too_long")

    def get_help_text(self) -> str:
        """Return what a page says of it."""
        return f"Your password may have up to {LONGEST} characters."
