"""Background maintenance: steps of overdue deadlines, bundling of case files, sending of queued mail, deletion of orphaned files."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from imr.case.chain import Recorded, replay
from imr.case.context import StepContext
from imr.case.decide import offered_steps
from imr.case.document_types import REVIEWED_TYPES
from imr.case.state import Stage
from imr.case.steps import STEPS
from imr.errors import Refused
from imr.law.terms import Role
from imr.web.actions import idempotency, stored_documents, unusual_activity
from imr.web.actions.event_times import ClockSkew, next_event_time, require_synchronized_clocks
from imr.web.actions.inputs import StepInput
from imr.web.actions.perform import CLOCK, apply_step, lock_case
from imr.web.actions.remand import NOTE_REMAND
from imr.web.actions.working_copies import discard_old
from imr.web.case_files import bundle, ingestion, step_inputs
from imr.web.models import CaseRow, DocumentRow, EventRow, PartyRow
from imr.web.platform import clock
from imr.web.store import (
    anchor_stamps,
    anchors,
    failures,
    job_queue,
    log_seals,
    notifications,
    parties,
    quarantine,
    service,
)
from imr.web.store import cases as rows
from imr.web.store.failures import Task

#: The step by which a message that went out becomes the service of a letter.
NOTE_SERVICE = "note-service"


def run_clock_steps(number: str) -> tuple[Recorded, ...]:
    """Take the clock's steps that are due in a case: what happens because a time limit has passed."""
    done = []
    for name, known in STEPS.items():
        if Role.CLOCK not in known.roles:
            continue
        with stored_documents.step_transaction():
            lock_case(number)
            chain = rows.chain(number)
            case = replay(chain, number)
            if name not in {step.name for step in offered_steps(case, CLOCK, step_inputs.index_kinds)}:
                continue
            if name in (
                NOTE_SERVICE,
                NOTE_REMAND,
            ):  # the first has a task of its own, the second is part of another step
                continue
            if name == bundle.STEP:  # takes a while, and has a job of its own
                bundle.enqueue(number)
                continue
            require_synchronized_clocks()
            try:
                done.append(
                    apply_step(
                        known,
                        StepContext(actor=CLOCK, at=next_event_time(chain)),
                        case,
                        chain,
                        StepInput(user=None, facts={}),
                    )
                )
            except Refused:
                continue  # it is not due yet
    return tuple(done)


def record_service(number: str) -> int:
    """Note in a case which of its letters were served by messages that went out; return how many recipients were notified."""
    count = 0
    while True:
        require_synchronized_clocks()
        with stored_documents.step_transaction():
            lock_case(number)
            sent = next(service.sent_messages(number), None)
            if sent is None:
                return count
            chain = rows.chain(number)
            step_input = StepInput(user=None, facts={"sent": sent})
            apply_step(
                STEPS[NOTE_SERVICE],
                StepContext(actor=CLOCK, at=next_event_time(chain)),
                replay(chain),
                chain,
                step_input,
            )
        count += len(sent.recipients)


def run_maintenance() -> dict[str, int]:
    """Run maintenance once: the clock's steps, queued mail, documents that refused steps left.

    Each case and each task fails alone, which `store.failures` records. Raises a DatabaseError only where the database itself
    cannot be reached.
    """
    open_cases = _open_cases()
    failures.delete_others(Task.CLOCK, open_cases)
    failures.delete_others(Task.BINDING, open_cases)
    taken = failures.run_each(
        Task.CLOCK, open_cases, run_clock_steps, ends=(ClockSkew,)
    )  # a wrong clock is the same for every case
    older = _without_parties()
    failures.delete_others(Task.ROWS, older)
    done = {
        "clock steps": sum(map(len, taken)),
        "messages": failures.run_once(Task.MAIL, notifications.send_pending, 0),
        "letters served by messages": sum(
            failures.run_each(Task.SERVICE, service.cases_with_sent_messages(), record_service, ends=(ClockSkew,))
        ),
        "jobs of dead workers": failures.run_once(Task.QUEUE, job_queue.requeue, 0),
        "old idempotency keys removed": failures.run_once(Task.KEYS, idempotency.forget, 0),
        "old working copies removed": failures.run_once(Task.WORKING_COPIES, lambda: discard_old(clock.now()), 0),
        "ended sessions removed": failures.run_once(Task.SESSIONS, remove_ended_sessions, 0),
        "entries of the audit log sealed": failures.run_once(Task.AUDIT_LOG, log_seals.seal_log, 0),
        "rows of an older version rebuilt": len(failures.run_each(Task.ROWS, older[:_RENEWED], _rebuild)),
        "unusual activities told": failures.run_once(Task.UNUSUAL, unusual_activity.tell_unusual_activity, 0),
        "anchors kept outside": failures.run_once(Task.ANCHORS, anchors.anchor, 0),
        "anchors stamped": failures.run_once(Task.TIME_STAMPS, anchor_stamps.stamp_last, 0),
        # Tasks that need the storage come last: where it cannot be reached, the others are done all the same.
        "documents of refused steps removed": failures.run_once(Task.STORAGE, stored_documents.delete_unreferenced, 0),
        "rejected files deleted": failures.run_once(Task.QUARANTINE, lambda: quarantine.delete_expired(clock.now()), 0),
    }
    failures.run_once(Task.READING, lambda: _read(open_cases), None)
    failures.delete_old()
    return done


def remove_ended_sessions() -> int:
    """Remove sessions that have expired, and what the list of devices holds of them; return how many."""
    now = datetime.fromtimestamp(clock.elapsed(), UTC)
    ended = int(Session.objects.filter(expire_date__lt=now).delete()[0])
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended


#: How many rows of an older version one round rebuilds.
_RENEWED = 200


def _without_parties() -> QuerySet[CaseRow, str]:
    """Return cases whose rows an older version made, without the columns of their parties."""
    known = Exists(PartyRow.objects.filter(case=OuterRef("number")))
    return CaseRow.objects.filter(~known).order_by("-number").values_list("number", flat=True)


@transaction.atomic
def _rebuild(number: str) -> None:
    """Rebuild the row of a case, and propose the people who match its parties."""
    lock_case(number)
    rows.refresh(number)
    chain = rows.chain(number)
    service.refresh(chain, replay(chain, number))
    parties.propose(PartyRow.objects.filter(case=number), clock.now())


def _open_cases() -> list[str]:
    still = CaseRow.objects.exclude(stage__in=[stage.name for stage in Stage if stage.ended])
    return list(still.order_by("number").values_list("number", flat=True))


def _files(open_cases: list[str]) -> QuerySet[DocumentRow]:
    """Return the documents of these case files, which the site reads."""
    return DocumentRow.objects.filter(case__in=open_cases, paper__in=[paper.value for paper in REVIEWED_TYPES])


def _read(open_cases: list[str]) -> None:
    """Enqueue every document of these case files that is not read."""
    files = _files(open_cases)
    failures.delete_others(Task.READING, files.values_list("digest", flat=True))
    ingestion.enqueue_all(files.values_list("digest", "media_type"))


def enqueue_unread() -> None:
    """Enqueue every document of an open case that this version has not read."""
    _read(_open_cases())


def unread_documents() -> int:
    """Count the documents of open cases that this version has not read."""
    return ingestion.count_unread(_files(_open_cases()).values_list("digest", flat=True))


def outdated_rows() -> int:
    """Count the rows of cases that an older version made."""
    return _without_parties().count()


def rejected_file(digest: str) -> bytes:
    """Return a rejected file unchanged, for the operator. Raises Damaged where there is none of that digest."""
    return quarantine.load(digest)


def suppress_pending_mail() -> None:
    """Mark queued mail as not to be sent: the people of demo cases have no mailboxes."""
    notifications.suppress()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many rows were rebuilt from their events, and why those of other cases were not."""

    cases: int
    failed: dict[str, str]


def rebuild() -> Rebuilt:
    """Rebuild every row of a case from its events, as maintenance does those of an older version.

    A case whose events or documents are damaged stops no other.
    """
    numbers = {*EventRow.objects.values_list("case", flat=True), *CaseRow.objects.values_list("number", flat=True)}
    failed = {}
    for number in sorted(numbers):
        try:
            _rebuild(number)
        except DatabaseError:
            raise  # not an error of the case
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a case, it is named, and the others are made
            failed[number] = failures.error_text(error)
    return Rebuilt(len(numbers) - len(failed), failed)
