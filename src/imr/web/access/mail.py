"""Mail that did not go out, for coordinators: who should get a message about a case, and did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from imr.law.terms import Role
from imr.web.access.case_access import Viewer, insist_any
from imr.web.access.paging import Paged
from imr.web.models import OutboxRow
from imr.web.store import notifications


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message that has not gone out. `next_at` is None where it waits for a person; `case` is empty for an account's."""

    id: int
    case: str
    to: str
    subject: str
    created_at: datetime
    next_at: datetime | None
    attempts: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What has not gone out: messages that wait for a person, messages that are tried again, and how many are just due.

    `to_files` says that no mail server is named, so that messages become files of the site and reach nobody.
    """

    stopped: Sequence[MessageLine]
    retried: Sequence[MessageLine]
    due: int
    to_files: bool


def mail(user: Viewer) -> Mail:
    """Return the mail that has not gone out, the oldest first."""
    insist_any(user, (Role.COORDINATOR,))
    troubled = notifications.in_trouble().select_related("person").order_by("created_at", "pk")
    return Mail(
        stopped=Paged(troubled.filter(next_at__isnull=True), _line),
        retried=Paged(troubled.filter(next_at__isnull=False), _line),
        due=notifications.pending().count() - troubled.count(),
        to_files=not notifications.reaches_people(),
    )


def mail_in_trouble(user: Viewer) -> int:
    """Return how many messages did not go out when they were due."""
    insist_any(user, (Role.COORDINATOR,))
    return notifications.in_trouble().count()


def _line(row: OutboxRow) -> MessageLine:
    return MessageLine(
        id=row.pk,
        case=row.case,
        to=row.person.email if row.person else row.address,
        subject=row.subject,
        created_at=row.created_at,
        next_at=row.next_at,
        attempts=row.attempts,
        problem=row.problem,
    )
