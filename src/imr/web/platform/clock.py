"""The only clock of the site. Everything in the lower packages takes the day and the time as arguments."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from imr.case.context import CALIFORNIA

_STANDING: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """Return the time in California's time zone, where the law's days begin and end."""
    return _STANDING.get() or datetime.now(CALIFORNIA)  # noqa: TID251 - the one place


def today() -> date:
    """Return today's date in California."""
    return now().date()


def elapsed() -> float:
    """Return the seconds since 1970 of this machine's clock, also while the time of the cases is frozen: sessions end by it."""
    return time.time()  # noqa: TID251 - the one place


@contextmanager
def frozen_at(at: datetime) -> Iterator[None]:
    """Freeze the clock at a moment: for playing demo cases whose days are in the past, and for tests."""
    token = _STANDING.set(at.astimezone(CALIFORNIA))
    try:
        yield
    finally:
        _STANDING.reset(token)
