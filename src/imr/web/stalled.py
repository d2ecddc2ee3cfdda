"""Work whose worker died, taken up again.

A worker tells every ten seconds that it lives. One that is silent for half a minute was killed, or its machine was; what it was
doing goes back into the queue. Every job here may run twice: what it makes is kept whole or not at all.
"""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

#: Seconds without a sign of life after which a worker is taken to be dead.
SILENT = 30.0


def take_up(silent: float = SILENT) -> int:
    """Put the jobs of workers that are silent for so many seconds back into the queue; how many."""
    # In a thread of its own: the queue is asked in a loop of its own, whatever runs in the thread of the caller.
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(_in_a_loop, silent).result()


def _in_a_loop(silent: float) -> int:
    try:
        return async_to_sync(_take_up)(silent)
    finally:
        connections.close_all()


async def _take_up(silent: float) -> int:
    manager = app.job_manager
    jobs = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent))
    for job in jobs:
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the same work waits in the queue already
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
    return len(jobs)
