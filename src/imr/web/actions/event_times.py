"""When an event happened: the times of a chain go forward, and the clock's steps wait where two clocks disagree."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from imr.case.chain import Recorded
from imr.case.context import CALIFORNIA
from imr.errors import ImrError, Refused
from imr.web.platform import clock

#: A machine whose clock is less than this behind the last event of a case takes that event's time.
BEHIND = timedelta(minutes=5)


class ClockSkew(ImrError):
    """The machine's clock and the database's differ too much for a step that happens because time ran out."""


def moment(chain: Sequence[Recorded]) -> datetime:
    """The time of the next event of a chain: now, and never before the event that it follows.

    Raises Refused with both times where this machine's clock is further behind.
    """
    now = clock.now()
    last = chain[-1].at if chain else now
    if now >= last:
        return now
    if last - now < BEHIND:
        return last
    raise Refused(
        f"the last event of this case is of {_said(last)}, and this machine's clock says {_said(now)}: a case goes forward in "
        "time, so nothing was kept. Tell whoever runs this site to set its clock, or try again after the time of that event"
    )


def insist_same_time() -> None:
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
            f"this machine's clock says {_said(ours)}, the database's {_said(theirs)}, {apart:.0f} seconds apart: no step of "
            f"the clock is taken until they agree within {settings.CLOCK_SKEW} seconds. Set both by a time server (NTP)"
        )


def _said(at: datetime) -> str:
    return f"{at.astimezone(CALIFORNIA):%B %-d, %Y, %-I:%M:%S %p}"
