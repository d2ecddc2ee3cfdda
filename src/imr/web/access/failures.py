"""What the site does by itself and could not do, for the review organization, whose cases wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from imr.errors import ImrError
from imr.law.roles import OFFICE
from imr.web.access.case_access import Viewer, insist_any, roles
from imr.web.models import DocumentRow, FailureRow
from imr.web.store import failures as upkeep
from imr.web.store.failures import Task

#: What each task is called, and what to do where its failure lasts.
_TASKS: dict[Task, tuple[str, str]] = {
    Task.CLOCK: ("The clock's steps in a case", "Restore what is missing; nothing that is due in this case happens automatically until then."),
    Task.READING: ("Reading a document", "Restore the document from the backup, or ask its sender for it again."),
    Task.BINDING: ("Bundling a case file", "Check the documents of the case; one of them may be missing."),
    Task.MAIL: ("Sending mail", "Check the mail server, and the settings of the site that name it."),
    Task.SERVICE: ("Noting that a letter was served by a message", "Check the case; until it is noted, its clocks do not start."),
    Task.QUEUE: ("Background work", "Read the log of the site; the document or case may be too large for this machine."),
    Task.STORAGE: ("Removing documents of refused steps", "Check the storage of documents."),
    Task.QUARANTINE: ("Removing expired rejected files", "Check the storage of documents."),
    Task.UPLOADS: ("Removing expired uploads", "Check the folder of uploads."),
    Task.KEYS: ("Removing old idempotency keys", "Read the log of the site."),
    Task.ROWS: ("Bringing the row of an older case up to date", "Restore what is missing; until then the lists do not know who its parties are."),
    Task.SESSIONS: ("Removing sessions that have ended", "Read the log of the site."),
    Task.WORKING_COPIES: ("Removing drafts that nobody has saved for half a year", "Read the log of the site."),
    Task.AUDIT_LOG: ("Sealing the audit log", "Run `python manage.py verify` and read what it says."),
    Task.ANCHORS: ("Keeping the signed head of every history outside", "Check the place that IMR_ANCHORS names, and run `python manage.py verify`."),
    Task.UNUSUAL: ("Telling the privacy officers what is unusual", "Read the log of the site, and the audit log."),
    Task.TIME_STAMPS: ("Having an anchor stamped", "Check the authority that IMR_TIME_STAMPS names; anchors are kept all the same."),
    Task.PUBLISHING: ("Putting a published determination into the collection", "Restore the published letter from the backup."),
    Task.COLLECTION: ("Bringing the collection up to date", "Run `python manage.py collect` and read what it says."),
    Task.PROCESS: ("A process of the site", "It is restarted automatically; if it keeps ending, read the log of the site."),
    Task.ROUND: ("A round of work of the site", "Read the log of the site."),
}  # fmt: skip
if missing := [task.name for task in Task if task not in _TASKS]:
    raise ImrError(f"access.failures has no words for {', '.join(missing)}: say what each is called, and what to do")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLine:
    """Something that failed: what, why, since when, and when it is tried again; `over_at` where it has succeeded since."""

    title: str
    subject: str
    case: str
    problem: str
    advice: str
    since: datetime
    attempts: int
    next_at: datetime | None
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Failures:
    """What fails now, the longest first, and what is over."""

    now: tuple[FailureLine, ...]
    over: tuple[FailureLine, ...]


def failures(user: Viewer) -> Failures:
    """Return what the site could not do. Raises Http404 for everybody outside the review organization."""
    insist_any(user, OFFICE)
    now, over = upkeep.rows()
    cases = _cases([*now, *over])
    return Failures(tuple(_line(row, cases) for row in now), tuple(_line(row, cases) for row in over))


def failing(user: Viewer) -> int:
    """Return how many things fail now; 0 for everybody outside the review organization."""
    return upkeep.count() if set(roles(user)) & set(OFFICE) else 0


def _cases(rows: Sequence[FailureRow]) -> dict[str, str]:
    """Return the case of each document that one of these failures is about."""
    digests = [row.subject for row in rows if row.task == Task.READING.value]
    return dict(DocumentRow.objects.filter(digest__in=digests).values_list("digest", "case"))


def _line(row: FailureRow, cases: dict[str, str]) -> FailureLine:
    task = Task(row.task)
    title, advice = _TASKS[task]
    about_case = task in (Task.CLOCK, Task.BINDING, Task.PUBLISHING, Task.ROWS)
    return FailureLine(
        title=title,
        subject=f"document {row.subject[:12]}" if task is Task.READING else row.subject,
        case=row.subject if about_case else cases.get(row.subject, ""),
        problem=row.problem,
        advice=advice,
        since=row.since,
        attempts=row.attempts,
        next_at=row.next_at,
        over_at=row.over_at,
    )
