"""Repeats a task for as long as the process lives, whatever goes wrong."""

import logging
import signal
import sys
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connections

from imr.web.platform.database import roles
from imr.web.store import failures

logger = logging.getLogger(__name__)

#: The longest pause after a failed round, in seconds.
LONGEST = 300.0


def run_repeatedly(name: str, once: Callable[[], None], every: float | None) -> None:
    """Run the task once, raising what it raises; or again and again, `every` so many seconds, until the process is asked to stop.

    An exception of a round is logged and recorded, and the next round comes after a pause that grows while rounds fail.
    """
    roles.require_soon()
    if every is None:
        once()
        return
    signal.signal(signal.SIGTERM, _end)
    pause = threading.Event()
    failed = 0
    while True:
        try:
            close_old_connections()
            once()
            if failed:
                logger.warning("%s works again after %d failed rounds", name, failed)
                failures.record_success(failures.Task.ROUND, name)
            failed = 0
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said, and the next round comes
            failed += 1
            _say(name, failed, error)
        pause.wait(every if not failed else max(every, min(every * 2 ** min(failed - 1, 10), LONGEST)))


def _end(*_: object) -> None:
    """Exit with open resources closed; a second signal does not interrupt that."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def _say(name: str, failed: int, error: Exception) -> None:
    """Log what went wrong, each kind of error once with its traceback, and record it where the database can be reached."""
    why = failures.error_text(error)
    if isinstance(error, DatabaseError):
        logger.error("%s: the database cannot be reached (%s); trying again (%d)", name, why, failed)
        connections.close_all()
        return
    logger.error(
        "%s: a round failed (%s); trying again (%d)", name, why, failed, exc_info=error if failed == 1 else None
    )
    try:
        failures.record_failure(failures.Task.ROUND, name, error)
    except Exception as unrecorded:  # noqa: BLE001 - the loop goes on without its record too
        logger.warning("%s: this could not be recorded (%s)", name, failures.error_text(unrecorded))
        connections.close_all()
