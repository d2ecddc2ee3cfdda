"""The time of an event: the times of a chain never decrease, and the clock's steps wait where two clocks disagree."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from imr.case.chain import Recorded
from imr.case.context import CALIFORNIA
from imr.errors import ImrError, Refused
from imr.web.platform import clock

#: A machine whose clock is behind the last event of a case by less than this takes that event's time.
BEHIND = timedelta(minutes=5)


class ClockSkew(ImrError):
    """Raised where the machine's clock and the database's differ too much for a step that happens because a time limit has passed."""


def next_event_time(chain: Sequence[Recorded]) -> datetime:
    """Return the time of the next event of a chain: now, or that of the event before it where this is later.

    Raises Refused with both times where this machine's clock is further behind.
    """
    now = clock.now()
    last = chain[-1].at if chain else now
    if now >= last:
        return now
    if last - now < BEHIND:
        return last
    raise Refused(
        f"the last event of this case is of {_said(last)}, and this machine's clock says {_said(now)}: an event cannot be "
        "earlier than the one before it, so nothing was kept. Tell the people who run this site to set its clock, or try again after the time of that event"
    )


def require_synchronized_clocks() -> None:
    """Raise ClockSkew where this machine's clock and the database's differ by more than `settings.CLOCK_SKEW` seconds."""
    if settings.CLOCK_SKEW is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    ours = clock.now()
    apart = abs((ours - theirs).total_seconds())
    if apart > settings.CLOCK_SKEW:
        raise ClockSkew(
            f"this machine's clock says {_said(ours)}, the database's {_said(theirs)}, {apart:.0f} seconds apart: no clock "
            f"step is taken until they agree within {settings.CLOCK_SKEW} seconds. Set both by a time server (NTP)"
        )


def _said(at: datetime) -> str:
    return f"{at.astimezone(CALIFORNIA):%B %-d, %Y, %-I:%M:%S %p}"
