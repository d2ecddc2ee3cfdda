"""The only clock of the site. Everything below it takes the day and the time as arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from imr.case.context import CALIFORNIA

_STANDING: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The time, with its zone: California's, where the law's days begin and end."""
    return _STANDING.get() or datetime.now(CALIFORNIA)  # noqa: TID251 - the one place


def today() -> date:
    """The day in California."""
    return now().date()


@contextmanager
def frozen_at(at: datetime) -> Iterator[None]:
    """Let the clock stand at a moment: for playing invented cases whose days have gone by, and for tests."""
    token = _STANDING.set(at.astimezone(CALIFORNIA))
    try:
        yield
    finally:
        _STANDING.reset(token)
