"""Unusual numbers in the audit log, told to the privacy officers: an account that looks at, takes or is refused too much in an hour.

The mail names nobody. The alert is an entry of the audit log of its own, with the account, and is made once a day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Q

from imr.web.models import PersonRow, ViewRow
from imr.web.platform import clock
from imr.web.store import audit_log
from imr.web.store.audit_log import AuditAction

#: The time over which is counted, and for how long the same is not told again.
WITHIN, AGAIN = timedelta(hours=1), timedelta(days=1)

#: What is counted for an account: its name among the settings' limits, its words, and how.
_COUNTED: Mapping[str, tuple[str, Count]] = {
    "cases": ("different cases looked at", Count("case", distinct=True, filter=Q(action=AuditAction.LOOK.value) & ~Q(case=""))),
    "exports": ("files taken", Count("pk", filter=Q(action=AuditAction.EXPORT.value))),
    "refusals": ("addresses refused", Count("pk", filter=Q(action=AuditAction.REFUSED.value))),
    "failures": ("sign-ins that failed", Count("pk", filter=Q(action=AuditAction.FAILED_SIGN_IN.value))),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnusualActivity:
    """What was counted for an account within the last hour, or for everybody without one; more than is usual."""

    kind: str
    person: int | None
    count: int

    def __str__(self) -> str:
        limit = settings.UNUSUAL[self.kind]
        return f"{self.count} {_COUNTED[self.kind][0]} within an hour; at most {limit} are usual"


def unusual_activity() -> Iterator[UnusualActivity]:
    """Yield what is unusual in the last hour and was not told within a day."""
    now = clock.now().astimezone(UTC)  # a day of the clock in California may have 25 hours
    recent = ViewRow.objects.filter(at__gt=now - WITHIN).order_by()
    told = ViewRow.objects.filter(at__gt=now - AGAIN, action=AuditAction.ALERT.value)
    known = set(told.values_list("person", "thing"))
    for kind, (_, count) in _COUNTED.items():
        over = recent.values("person").annotate(found=count).filter(found__gt=settings.UNUSUAL[kind])
        for row in over:
            if (row["person"], kind) not in known:
                yield UnusualActivity(kind, row["person"], row["found"])


def tell_unusual_activity() -> int:
    """Enter what is unusual into the audit log and mail the privacy officers, or who administers where there is none; return how many."""
    with transaction.atomic():
        found = list(unusual_activity())
        people = PersonRow.objects.in_bulk([each.person for each in found if each.person])
        for each in found:
            audit_log.entry(people.get(each.person or 0), AuditAction.ALERT, thing=each.kind, detail=str(each)).save()
        officers = _officers() if found else []
        addresses = officers or (_administrators() if found else [])
        if addresses:
            who = (
                "Read"
                if officers
                else f"No account is a privacy officer: have one made under {settings.SITE}/administration/. The officer reads"
            )
            lines = "\n".join(f"- {'an account' if each.person else 'nobody signed in'}: {each}" for each in found)
            text = (
                f'The audit log has unusual numbers:\n\n{lines}\n\n{who} the entries named "alert" and what is around them: '
                f"{settings.SITE}/audit/\nThe limits are settings of the site (docs/operations.md, Audit log).\n"
            )
            for address in addresses:
                send_mail(f"{settings.ORGANIZATION}: unusual activity", text, None, [address])
    return len(found)


def _officers() -> list[str]:
    officers = PersonRow.objects.filter(
        is_active=True,
        is_staff=True,
        is_superuser=False,
        user_permissions__codename="view_viewrow",
        user_permissions__content_type__app_label="imr",
    )
    return sorted(officers.values_list("email", flat=True))


def _administrators() -> list[str]:
    return sorted(PersonRow.objects.filter(is_active=True, is_superuser=True).values_list("email", flat=True))
