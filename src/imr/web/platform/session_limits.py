"""How long a session lasts: until nothing was done for a while, and some hours at the longest, however busy it is.

The times are in the session itself, in seconds since 1970 of this machine's clock. A machine whose clock is behind another's
ends a session later by as much.
"""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError

from imr.web.platform import clock

_BEGAN, _ACTIVE = "began_at", "active_at"
#: A request writes the time of the last activity again where it is older than this, in seconds: so a session may end this much
#: earlier than after `IDLE_SECONDS`, and never later.
PRECISION = 60
#: How many seconds before the end a page warns.
WARNING = 120


def begin(session: SessionBase) -> None:
    """Start the time of a session in which somebody has just signed in."""
    session[_BEGAN] = session[_ACTIVE] = int(clock.elapsed())


def seconds_left(session: SessionBase) -> int:
    """Return how many seconds a session still lasts if nothing is done in it; 0 where it is over.

    A session of an earlier version, which has no times, begins now.
    """
    return max(0, int(min(_left(session))))


def is_final(session: SessionBase) -> bool:
    """Return whether a session ends when `seconds_left` says whatever is done in it: it then has lasted its longest."""
    idle, longest = _left(session)
    return longest <= idle


def _left(session: SessionBase) -> tuple[float, float]:
    """Return the seconds until a session ends for want of activity, and until it has lasted its longest."""
    now = clock.elapsed()
    idle = session.get(_ACTIVE, now) + settings.IDLE_SECONDS - now
    return idle, session.get(_BEGAN, now) + settings.SESSION_COOKIE_AGE - now


def keep_alive(session: SessionBase) -> bool:
    """Record that something was done in a session; return whether there still is one: it may have been ended elsewhere.

    It is saved at once. A request that saved it at its end could overwrite what another one has stored meanwhile.
    """
    now = int(clock.elapsed())
    if now - session.get(_ACTIVE, 0) < PRECISION and _BEGAN in session:
        return True
    session.setdefault(_BEGAN, now)
    session[_ACTIVE] = now
    try:
        session.save()
    except UpdateError:
        return False
    session.modified = False
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=clock.now())
    return True
