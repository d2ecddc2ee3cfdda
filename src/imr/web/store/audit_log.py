"""Entries of the audit log: who did what with which case, and from where. Entries are only added; `log_seals` chains them."""

from collections.abc import Iterable
from enum import Enum

from imr.web.models import PersonRow, ViewRow
from imr.web.platform import clock, request_origin


class AuditAction(Enum):
    """What an entry of the audit log says was done. The value is stored."""

    LOOK = "look"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    REFUSED = "refused"
    ADMINISTRATION = "administration"
    SIGN_IN = "sign-in"
    FAILED_SIGN_IN = "failed sign-in"
    SIGN_OUT = "sign-out"
    ACCOUNT = "account"
    ALERT = "alert"


def entry(
    person: PersonRow | None,
    action: AuditAction,
    *,
    role: str = "",
    case: str = "",
    thing: str = "",
    digest: str = "",
    cases: Iterable[str] = (),
    detail: str = "",
) -> ViewRow:
    """Return an entry of now, from where the request under way comes; the caller saves it."""
    origin = request_origin.current()
    return ViewRow(
        at=clock.now(),
        person=person,
        role=role,
        case=storable(case)[:40],
        thing=thing[:60],
        digest=storable(digest)[:64],
        action=action.value,
        cases=sorted(set(cases)),
        address=origin.address,
        device=origin.device,
        session=origin.session,
        detail=storable(detail)[:200],
    )


def storable(text: str) -> str:
    """Return what a client wrote without what PostgreSQL cannot store."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
