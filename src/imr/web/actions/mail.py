"""What the review organization does about mail that did not go out."""

from imr.law.terms import Role
from imr.web import access
from imr.web.store import notifications


def try_mail_again(user: access.Viewer, message: int | None = None) -> int:
    """Have a message that did not go out, or all of them, tried in the next round of maintenance; return how many."""
    access.insist_any(user, (Role.COORDINATOR,))
    return notifications.try_again(message)
