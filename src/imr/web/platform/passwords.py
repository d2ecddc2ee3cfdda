"""Refuses passwords that are on the lists that attackers try first, or are made of the words of these lists.

The lists come with the library zxcvbn, so nothing is asked of another site: the 30,000 passwords that leaked most often, words,
names, dates, and rows of keys. It estimates how many guesses a password withstands from somebody who knows these lists.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

#: How many signs are looked at: the estimate takes longer with each, and more than these are no matter of lists.
LONGEST = 72
#: The least that is taken, of 0 to 4: a hundred million guesses.
LEAST = 3


class LeakedPasswordValidator:
    """Refuses a password that a list of leaked ones leads to within a hundred million guesses."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password that is too easily guessed, also with what is known of its owner."""
        known = [str(getattr(user, name, None) or "") for name in ("email", "name", "organization")]
        own = [word for text in known for word in text.replace("@", " ").replace(".", " ").split()]
        if zxcvbn(password[:LONGEST], user_inputs=own)["score"] < LEAST:
            raise ValidationError(
                "This password, or one much like it, is on the lists of leaked passwords that are tried first. Take several words "
                "that have nothing to do with each other.",
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        """Return what a page says of the rule."""
        return "Your password can’t be one that leaked elsewhere, or is made of names, dates, repeats or rows of keys."
