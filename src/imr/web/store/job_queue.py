"""The queue of background work: which jobs wait in it, and the jobs of workers that died.

A worker reports every ten seconds that it is alive. One that is silent for half a minute was killed, or its machine was; its
job goes back into the queue, at once the first times and after growing pauses where it keeps failing. Every job here may run
twice: its result is stored whole or not at all.
"""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from imr.web.platform import clock
from imr.web.store import failures

#: Seconds without a report after which a worker counts as dead.
SILENT = 30.0
#: A job that was started so often without finishing is listed as a failure, and waits before it is started again.
BEGUN = 3


def waiting() -> set[str]:
    """Return the locks of the jobs that wait in the queue: a second job with the same lock would be refused."""
    jobs = ProcrastinateJob.objects.filter(status="todo", queueing_lock__isnull=False)
    return set(jobs.values_list("queueing_lock", flat=True))


def is_waiting(lock: str) -> bool:
    """Return whether a job with that lock waits in the queue."""
    return ProcrastinateJob.objects.filter(status="todo", queueing_lock=lock).exists()


def requeue(silent: float = SILENT) -> int:
    """Requeue the jobs of workers that have been silent for this many seconds; return how many."""
    # In a thread of its own: the queue's client needs an event loop of its own, whatever the caller's thread runs.
    with ThreadPoolExecutor(1) as alone:
        taken: list[Job] = alone.submit(_in_a_loop, silent).result()
    for job in taken:
        if job.attempts >= BEGUN:
            failures.record_failure(
                failures.Task.QUEUE, job.queueing_lock or str(job.id), "the worker died while it did this"
            )
    return len(taken)


def _in_a_loop(silent: float) -> list[Job]:
    try:
        return async_to_sync(_take_up)(silent)
    finally:
        connections.close_all()


async def _take_up(silent: float) -> list[Job]:
    manager = app.job_manager
    jobs = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent))
    for job in jobs:
        again = clock.now() + failures.pause(job.attempts - BEGUN + 1) if job.attempts >= BEGUN else None
        try:
            await manager.retry_job(job, retry_at=again)
        except UniqueViolation:  # the same work waits in the queue already
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
    return jobs
