"""The database of the site: PostgreSQL 15 or later, always.

`DATABASE_URL` names a server. Where it is not set, the PostgreSQL that a wheel carries (`embedded`) starts at the first
connection and stops when the last process that uses it ends. All processes that name the same folder share one server.

The site signs in as a role that owns nothing, and migrations as the owner of the tables (`roles`): `DATABASE_OWNER_URL` on a
server of one's own, two roles with passwords in the embedded one (`cluster`). Django finds its engine in `base`.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from imr.errors import ImrError
from imr.web.platform.database.cluster import NAME, OWNER, SITE


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How many seconds the site's connections wait; the server ends what takes longer. 0 is no limit."""

    #: For a statement to end, for a lock that somebody else holds, and for a transaction in which nothing is asked.
    statement: int
    lock: int
    idle: int

    def options(self) -> str:
        """Return the limits as options of a connection."""
        limits = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())


def timed_out(error: BaseException) -> bool:
    """Return whether the server ended a statement, a wait for a lock or a transaction because it took too long."""
    limits = (errors.QueryCanceled, errors.LockNotAvailable, errors.IdleInTransactionSessionTimeout)
    return isinstance(error, limits) or isinstance(error.__cause__, limits)


def configuration(url: str, owner_url: str, home: Path, limits: TimeLimits) -> dict[str, object]:
    """Return Django's entry for the database that `url` names, or for the embedded one under `home` where `url` is empty.

    `owner_url` names the same database, signed in to as the owner of its tables. Its connections wait for a lock as others do,
    and have no other limit: a migration takes as long as it takes. Raises ImrError where an address names no PostgreSQL database.
    """
    common: dict[str, object] = {"ENGINE": "imr.web.platform.database", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    owners = TimeLimits(statement=0, lock=limits.lock, idle=0)
    if not url:
        if owner_url:
            raise ImrError("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both, or neither")
        folder = {"embedded": str(home / "postgresql")}
        owner: dict[str, object] = {"USER": OWNER, "OPTIONS": {**folder, "options": owners.options()}}
        return common | {"NAME": NAME, "USER": SITE, "OPTIONS": {**folder, "options": limits.options()}, "OWNER": owner}
    site = _parts("DATABASE_URL", url, limits)
    owner = _parts("DATABASE_OWNER_URL", owner_url or url, owners)
    if owner.pop("NAME") != site["NAME"]:
        raise ImrError(
            "DATABASE_OWNER_URL names another database than DATABASE_URL: both name the database of the site"
        )
    return common | site | {"OWNER": owner}


def _parts(setting: str, url: str, limits: TimeLimits) -> dict[str, object]:
    how = f"Set {setting} to postgresql://user:password@host:5432/name, or unset it for the embedded PostgreSQL."
    scheme = urlsplit(url).scheme
    if scheme not in {"postgresql", "postgres"}:
        raise ImrError(f"{setting} names {scheme or 'no kind of'} database; this system needs PostgreSQL. {how}")
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImrError(f"{setting} cannot be read. {how}") from error
    if not parts.get("dbname"):
        raise ImrError(f"{setting} names no database. {how}")
    named = {ours: parts.pop(theirs, "") for theirs, ours in _PARTS.items()}
    options = f"{limits.options()} {parts.pop('options', '')}".strip()  # what the address says comes last, and counts
    return named | {"OPTIONS": {**parts, "options": options}}


_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
