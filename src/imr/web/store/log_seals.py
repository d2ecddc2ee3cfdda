"""Seals of the audit log: each binds a run of entries, and the seal before it, by a digest.

An entry is written without waiting for anybody. Maintenance seals what was written since, a run at a time, so that a seal is
at most one round late. A seal knows that it has every entry up to its last: whoever writes one holds a shared lock until the
commit (a trigger takes it), and a seal is made only where nobody holds it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from imr.case.digests import digest
from imr.web.models import LogSealRow, ViewRow
from imr.web.platform import clock
from imr.web.platform.database import timed_out
from imr.web.store import audit_log

#: The most entries of one seal.
ENTRIES = 5_000
#: How long the lock is waited for, one try after the other, in milliseconds. Whoever begins to write meanwhile waits behind it, so
#: that writers who come without a pause do not keep the log from being sealed; a long step does, until a later round.
WAITS = (100, 500, 2_000, 5_000)
#: The lock that a trigger takes for whoever writes an entry (migration 0022).
LOCK = "audit log"


def seal_log() -> int:
    """Seal the entries that no seal has, with what was only counted; return how many. What is written meanwhile waits for the next round."""
    audit_log.summarize()
    done = 0
    while sealed := _seal_run():
        done += sealed
    return done


@transaction.atomic
def _seal_run() -> int:
    if not _alone():
        return 0
    before = LogSealRow.objects.order_by("-number").first()
    entries = list(_after(before.last if before else 0)[:ENTRIES])
    if not entries:
        return 0
    LogSealRow.objects.create(
        number=before.number + 1 if before else 1,
        at=clock.now(),
        last=entries[-1].pk,
        entries=len(entries),
        previous=before.digest if before else "",
        digest=_digest(before.digest if before else "", entries),
    )
    return len(entries)


def _alone() -> bool:
    """Lock the log against everybody who writes, until the transaction ends; return False where somebody writes for long."""
    for wait in WAITS:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{wait}ms"])
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError as error:
            if not timed_out(error):
                raise
        else:
            return True
    return False


def _after(last: int) -> QuerySet[ViewRow]:
    return ViewRow.objects.filter(pk__gt=last).order_by("pk")


def _digest(previous: str, entries: list[ViewRow]) -> str:
    return digest([previous, *map(_form, entries)])


def _form(row: ViewRow) -> dict[str, object]:
    """Return what of an entry its seal binds. Empty values are left out, so that a column added later changes no old digest."""
    form: dict[str, object] = {
        "id": row.pk,
        "at": row.at.astimezone(UTC).isoformat(),
        "person": row.person_id,
        "role": row.role,
        "case": row.case,
        "thing": row.thing,
        "digest": row.digest,
        "action": row.action,
        "cases": list(row.cases),
        "address": row.address,
        "device": row.device,
        "session": row.session,
        "detail": row.detail,
    }
    return {name: value for name, value in form.items() if value}


def verify_log() -> Iterator[str]:
    """Yield what is wrong with the audit log as its seals show it, one sentence each."""
    number, last, previous = 0, 0, ""
    for row in LogSealRow.objects.order_by("number").iterator():
        number += 1
        if row.number != number:
            yield f"the audit log: seal {number} is missing"
            number = row.number
        elif row.previous != previous:
            yield f"the audit log: seal {number} does not follow the seal before it"
        entries = list(_after(last).filter(pk__lte=row.last))
        if len(entries) != row.entries:
            yield f"the audit log: seal {number} of {_said(row.at)} has {row.entries} entries, and {len(entries)} are there"
        elif _digest(row.previous, entries) != row.digest:
            yield f"the audit log: an entry was changed after seal {number} of {_said(row.at)}"
        last, previous = row.last, row.digest


def last_seal() -> LogSealRow | None:
    """Return the latest seal; None before the first."""
    return LogSealRow.objects.order_by("-number").first()


def seals_at(numbers: set[int]) -> dict[int, str]:
    """Return the digests of the seals of these numbers."""
    return dict(LogSealRow.objects.filter(number__in=numbers).values_list("number", "digest"))


def unsealed_before(moment: datetime) -> int:
    """Count the entries that are older than this moment and have no seal."""
    last = last_seal()
    return ViewRow.objects.filter(pk__gt=last.last if last else 0, at__lt=moment).count()


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
