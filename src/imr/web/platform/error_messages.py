"""What a person is shown of an error: outsiders learn nothing of the machine or of where files are."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from imr.errors import Damaged, ImrError, SetupError
from imr.law.roles import OFFICE
from imr.web.platform import folders

#: The review organization's staff, who can have a file restored.
_INSIDE = {role.value for role in OFFICE}
SETUP = (
    "Something that this page needs is not ready, or is missing on this site. You did nothing wrong. Try again in a few minutes; if "
    "it still fails, tell the review organization when you saw this."
)
DAMAGED = (
    "Something that belongs to this page is missing or damaged on this site. You did nothing wrong. What you sent was saved "
    "completely or not at all. Tell the review organization which page you wanted."
)


def message(error: ImrError, user: AbstractBaseUser | AnonymousUser) -> str:
    """Return what this person is shown of an error."""
    text = str(error)
    if isinstance(error, SetupError) or any(folder in text for folder in _folders()):
        return SETUP
    if isinstance(error, Damaged) and not is_inside(user):
        return DAMAGED
    return text


def is_general(error: ImrError, user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the person is shown less than the error says, so that the operator has to find it in the log."""
    return message(error, user) != str(error)


def is_inside(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether a person works for the review organization."""
    return bool(user.is_authenticated and _INSIDE.intersection(getattr(user, "roles", ())))


@cache
def _folders() -> tuple[str, ...]:
    """Return the folders of the site and of the program: no message names one."""
    others = {Path(place) for place in (settings.HOME, settings.CORPUS, settings.LETTERS, Path(__file__).parents[2])}
    return tuple(str(place) for place in folders.confidential() | others if place.is_absolute())
