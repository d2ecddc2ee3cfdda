"""Background work that fails: each piece fails alone, is listed for the office, and is tried again with growing pauses.

A piece is a task and its subject: the clock's steps in one case, the reading of one document, a process of the site. A piece
that failed has a row from its first failure on; when it succeeds the row says so, and is kept for a while.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from django.db.models import QuerySet

from imr.errors import ImrError
from imr.web.models import FailureRow
from imr.web.platform import clock
from imr.web.platform.periods import PAST_FAILURES
from imr.web.platform.storage import StorageUnreachable

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: The pause after a first failure; it doubles with each further one, up to a maximum, which is shorter for a whole task.
FIRST, LONGEST, LONGEST_OF_TASK = timedelta(minutes=1), timedelta(hours=6), timedelta(minutes=10)


class Task(Enum):
    """The tasks of the background. The value is stored."""

    CLOCK = "clock"
    READING = "reading"
    BINDING = "binding"
    MAIL = "mail"
    SERVICE = "service"
    QUEUE = "queue"
    STORAGE = "storage"
    QUARANTINE = "quarantine"
    UPLOADS = "uploads"
    KEYS = "keys"
    ROWS = "rows"
    WORKING_COPIES = "working copies"
    SESSIONS = "sessions"
    AUDIT_LOG = "audit log"
    ANCHORS = "anchors"
    TIME_STAMPS = "time stamps"
    UNUSUAL = "unusual activity"
    PUBLISHING = "publishing"
    COLLECTION = "collection"
    PROCESS = "process"
    ROUND = "round"


def pause(attempts: int) -> timedelta:
    """Return how long to wait after that many failures in a row."""
    doubled: timedelta = FIRST * (1 << min(max(attempts - 1, 0), 20))
    return min(doubled, LONGEST)


def run_each(
    task: Task, subjects: Iterable[str], act: Callable[[str], T], *, ends: tuple[type[Exception], ...] = ()
) -> list[T]:
    """Run an action on each subject that is due, and return the results of those that succeeded.

    A failure is recorded and stops no other subject. A failure of a kind in `ends` concerns all of them: it is recorded once,
    and the others wait for the next round. Raises a DatabaseError only where the failure itself cannot be recorded.
    """
    failed_before = set(FailureRow.objects.filter(task=task.value, over_at=None).values_list("subject", flat=True))
    waiting = paused(task)
    done: list[T] = []
    for subject in subjects if "" not in waiting else ():
        if subject in waiting:
            continue
        try:
            done.append(act(subject))
        except ends as error:
            record_failure(task, "", error)
            return done
        except Exception as error:  # noqa: BLE001 - whatever it is, it is named, and stops nothing else
            record_failure(task, subject, error)
            failed_before.discard(subject)  # it has not ended
            continue
        if subject in failed_before:
            record_success(task, subject)
    if "" in failed_before and "" not in waiting:  # the failure that concerned all of them is over
        record_success(task, "")
    return done


def run_once(task: Task, act: Callable[[], T], otherwise: T) -> T:
    """Run an action that has no subject; return `otherwise` where it failed or is not due."""
    found = run_each(task, [""], lambda _: act())
    return found[0] if found else otherwise


@contextlib.contextmanager
def attempt(task: Task, subject: str, lock: str) -> Iterator[None]:
    """Run a job of the queue, whose lock is `lock`: a failure is recorded and raised, a success ends an earlier failure."""
    try:
        yield
    except Exception as error:
        record_failure(task, subject, error)
        raise
    record_success(task, subject)
    record_success(Task.QUEUE, lock)


def record_failure(task: Task, subject: str, error: BaseException | str, *, next_at: datetime | None = None) -> None:
    """Record that a piece failed, and log it."""
    problem = error_text(error)
    now = clock.now()
    row, _ = FailureRow.objects.get_or_create(
        task=task.value, subject=subject, defaults={"since": now, "tried_at": now, "attempts": 0, "problem": problem}
    )
    if row.over_at is not None:
        row.since, row.attempts, row.over_at = now, 0, None
    row.attempts += 1
    row.tried_at, row.problem = now, problem
    longest = LONGEST if subject else LONGEST_OF_TASK
    row.next_at = next_at or now + min(pause(row.attempts), longest)
    row.save()
    if task is Task.PROCESS:
        return  # its supervisor logs it, whether there is a database or not
    logger.error(
        "%s %s failed: %s. Attempts: %d; next at %s",
        task.value,
        subject,
        problem,
        row.attempts,
        f"{row.next_at:%Y-%m-%d %H:%M:%S}",
    )


def record_success(task: Task, subject: str) -> None:
    """Record that a piece that failed has succeeded."""
    if FailureRow.objects.filter(task=task.value, subject=subject, over_at=None).update(
        over_at=clock.now(), next_at=None
    ):
        logger.warning("%s %s succeeded after it had failed", task.value, subject)


def is_due(task: Task, subject: str) -> bool:
    """Return whether a piece may be tried now: it did not fail, or its pause is over."""
    return not _waiting(task).filter(subject=subject).exists()


def paused(task: Task) -> set[str]:
    """Return the subjects of a task whose pause is not over."""
    return set(_waiting(task).values_list("subject", flat=True))


def _waiting(task: Task) -> QuerySet[FailureRow]:
    """Return the rows whose pause is not over. A pause longer than the maximum was set by a wrong clock."""
    now = clock.now()
    return FailureRow.objects.filter(task=task.value, over_at=None, next_at__gt=now, next_at__lte=now + LONGEST)


def delete_others(task: Task, subjects: Iterable[str]) -> None:
    """End the failures of a task except those of these subjects: the task no longer tries the others, so none can succeed."""
    FailureRow.objects.filter(task=task.value, over_at=None).exclude(subject="").exclude(subject__in=subjects).update(
        over_at=clock.now(), next_at=None
    )


def delete_old() -> None:
    """Delete the failures that were over long ago."""
    FailureRow.objects.filter(over_at__lt=clock.now() - PAST_FAILURES).delete()


def rows() -> tuple[list[FailureRow], list[FailureRow]]:
    """Return what fails now, the longest first, and what was over lately, the latest first."""
    now = list(FailureRow.objects.filter(over_at=None).order_by("since", "pk"))
    over = FailureRow.objects.filter(over_at__gte=clock.now() - PAST_FAILURES).order_by("-over_at", "pk")
    return now, list(over)


def count() -> int:
    """Return how many things fail now."""
    return FailureRow.objects.filter(over_at=None).count()


def error_text(error: BaseException | str) -> str:
    """Return what may be stored and shown of an error: the full text of this project's errors, only the class of others, which may quote a row."""
    if isinstance(error, str):
        return error[:500]
    if isinstance(error, StorageUnreachable):
        return error.why[:500]  # this page is for the operator; visitors are shown less
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"[:500]
    return (str(error) if isinstance(error, ImrError) else type(error).__name__)[:500]
