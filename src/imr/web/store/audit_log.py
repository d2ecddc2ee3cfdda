"""Entries of the audit log: who did what with which case, and from where. Entries are only added; `log_seals` chains them.

What anybody can cause without end, a refusal and a sign-in that fails, is written one by one up to a number an hour; what comes
beyond it is counted, and the count becomes an entry once the hour is over (`summarize`).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db import connection, transaction

from imr.web.models import PersonRow, RepeatedEntryRow, ViewRow
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


#: How many entries of these actions an hour has, one by one: of one account from one address, and of one account, or of nobody who is
#: known, from all addresses. What one account or a stranger causes counts for no other account.
HOURLY: Mapping[AuditAction, tuple[int, int]] = {
    AuditAction.FAILED_SIGN_IN: (100, 1_000),
    AuditAction.REFUSED: (200, 2_000),
}
#: The address under which the entries of an account, or of nobody who is known, are counted from all addresses.
ALL = "*"
_COUNT = """
INSERT INTO imr_repeatedentryrow (hour, action, person_id, address, count) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (hour, action, person_id, address) DO UPDATE SET count = imr_repeatedentryrow.count + 1 RETURNING count
"""


def save(row: ViewRow) -> None:
    """Write an entry, or count it where the hour has enough of its kind."""
    action = AuditAction(row.action)
    if action not in HOURLY:
        row.save()
        return
    each, every = _most(action)
    hour = row.at.replace(minute=0, second=0, microsecond=0)
    address = "" if action is AuditAction.REFUSED else row.address
    if _counted(hour, row.action, row.person_id, address) > each:
        return
    if _counted(hour, row.action, row.person_id, ALL) <= every:
        row.save()


def _most(action: AuditAction) -> tuple[int, int]:
    """Return how many are written in an hour; always more than counts as unusual."""
    each, every = HOURLY[action]
    usual = settings.UNUSUAL["failures" if action is AuditAction.FAILED_SIGN_IN else "refusals"]
    return max(each, usual + 1), max(every, usual + 1)


def _counted(hour: datetime, action: str, person: int | None, address: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [hour, action, person, address])
        return int(cursor.fetchone()[0])


def summarize() -> int:
    """Write how many entries of the hours that are over were counted and not written; return how many such entries there are."""
    done = 0
    before = clock.now().replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        over = RepeatedEntryRow.objects.select_for_update(skip_locked=True, of=("self",)).filter(hour__lt=before)
        for row in over.order_by("pk"):
            left_out = row.count - _most(AuditAction(row.action))[row.address == ALL]
            if left_out > 0:
                _summary(row, left_out).save()
                done += 1
            row.delete()
    return done


def _summary(row: RepeatedEntryRow, left_out: int) -> ViewRow:
    begins = row.hour.astimezone(UTC)
    until = begins + timedelta(hours=1)
    whose = "from all addresses together " if row.address == ALL else ""
    return ViewRow(
        at=clock.now(),
        person=row.person,
        thing="repeated entries",
        action=row.action,
        address="" if row.address == ALL else row.address,
        detail=f"{left_out} more {whose}between {begins:%Y-%m-%d %H:%M} and {until:%H:%M} UTC were counted and not written",
    )
