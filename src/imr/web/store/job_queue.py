"""The queue of background work: what waits in it, and the jobs of workers that died.

A worker tells every ten seconds that it lives. One that is silent for half a minute was killed, or its machine was; what it was
doing goes back into the queue, at once at first and after growing pauses where it was done in vain before. Every job here may run
twice: what it makes is kept whole or not at all.
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

#: Seconds without a sign of life after which a worker is taken to be dead.
SILENT = 30.0
#: A job that was begun so often without an end is named as a failure, and waits before it is begun again.
BEGUN = 3


def waiting() -> set[str]:
    """The locks of the jobs that wait in the queue: a second job with the same lock would be refused."""
    jobs = ProcrastinateJob.objects.filter(status="todo", queueing_lock__isnull=False)
    return set(jobs.values_list("queueing_lock", flat=True))


def waits(lock: str) -> bool:
    """Whether a job with that lock waits in the queue."""
    return ProcrastinateJob.objects.filter(status="todo", queueing_lock=lock).exists()


def take_up(silent: float = SILENT) -> int:
    """Put the jobs of workers that are silent for so many seconds back into the queue; how many."""
    # In a thread of its own: the queue is asked in a loop of its own, whatever runs in the thread of the caller.
    with ThreadPoolExecutor(1) as alone:
        taken: list[Job] = alone.submit(_in_a_loop, silent).result()
    for job in taken:
        if job.attempts >= BEGUN:
            failures.failed(failures.Task.QUEUE, job.queueing_lock or str(job.id), "the worker died while it did this")
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
