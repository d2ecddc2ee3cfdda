"""How a password is hashed, and the longest that is taken."""

from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.exceptions import ValidationError

#: The longest password, in characters: hashing a longer one would cost a request of a stranger too much.
LONGEST = 128


class MemoryHardHasher(ScryptPasswordHasher):
    """Scrypt with N 2^16, r 8, p 1 (64 MB for each password, as long in time as Django's own choice). Older hashes are replaced at a sign-in."""

    work_factor = 2**16
    parallelism = 1
    maxmem = 128 * 1024 * 1024


class LongestPasswordValidator:
    """Refuses a password that is longer than anybody needs."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError where the password is too long."""
        if len(password) > LONGEST:
            raise ValidationError(f"This password is too long. It may have {LONGEST} characters.", code="too_long")

    def get_help_text(self) -> str:
        """Return what a page says of it."""
        return f"Your password may have up to {LONGEST} characters."
