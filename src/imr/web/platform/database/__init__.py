"""The database of the site: PostgreSQL 15 or later, always.

`DATABASE_URL` names a server. Where it is not set, the PostgreSQL that a wheel carries (`embedded`) starts at the first
connection and stops when the last process that uses it ends. All processes that name the same folder share one server.

Django finds its engine in `base`.
"""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from imr.errors import ImrError
from imr.web.platform.database.embedded import NAME


def configuration(url: str, home: Path) -> dict[str, object]:
    """Return Django's entry for the database that `url` names, or for the embedded one under `home` where `url` is empty.

    Raises ImrError where `url` does not name a PostgreSQL database.
    """
    common = {"ENGINE": "imr.web.platform.database", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not url:
        return common | {"NAME": NAME, "USER": "postgres", "OPTIONS": {"embedded": str(home / "postgresql")}}
    how = "Set DATABASE_URL to postgresql://user:password@host:5432/name, or unset it for the embedded PostgreSQL."
    scheme = urlsplit(url).scheme
    if scheme not in {"postgresql", "postgres"}:
        raise ImrError(f"DATABASE_URL names {scheme or 'no kind of'} database; this system needs PostgreSQL. {how}")
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImrError(f"DATABASE_URL cannot be read. {how}") from error
    if not parts.get("dbname"):
        raise ImrError(f"DATABASE_URL names no database. {how}")
    named = {ours: parts.pop(theirs, "") for theirs, ours in _PARTS.items()}
    return common | named | {"OPTIONS": dict(parts)}


_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
