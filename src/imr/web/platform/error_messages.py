"""What somebody is shown of an error: whoever stands outside learns nothing of the machine or of what is kept where."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from imr.errors import Damaged, ImrError, SetupError
from imr.law.roles import OFFICE
from imr.web.platform import folders

#: The review organization's own people, who can have something restored.
_INSIDE = {role.value for role in OFFICE}
SETUP = (
    "Something that this page needs is not ready, or is missing on this site. It is no fault of yours. Try again in a few minutes; if "
    "it lasts, tell the review organization when you saw this."
)
DAMAGED = (
    "Something that belongs to this page is missing or damaged on this site. It is no fault of yours, and nothing that you sent was "
    "kept by halves. Tell the review organization which page you wanted."
)


def message(error: ImrError, user: Any) -> str:
    """What this person is shown of an error."""
    said = str(error)
    if isinstance(error, SetupError) or any(folder in said for folder in _folders()):
        return SETUP
    if isinstance(error, Damaged) and not is_inside(user):
        return DAMAGED
    return said


def is_general(error: ImrError, user: Any) -> bool:
    """Whether somebody is shown less than the error says: then who runs the site has to find it in the log."""
    return message(error, user) != str(error)


def is_inside(user: Any) -> bool:
    """Whether somebody is of the review organization's office."""
    return bool(user.is_authenticated and _INSIDE & set(user.roles))


@cache
def _folders() -> tuple[str, ...]:
    """The folders of the site and of the program: no message to anybody names one."""
    others = {Path(place) for place in (settings.HOME, settings.CORPUS, settings.LETTERS, Path(__file__).parents[2])}
    return tuple(str(place) for place in folders.confidential() | others if place.is_absolute())
