"""Who may sign in to the embedded server: two roles with passwords, over a socket, and nobody else.

The server trusts nobody. Its superuser cannot sign in; what needs one is done while the server is stopped, by PostgreSQL's
single-user mode, which only the owner of the data can start. `OWNER` owns the database and its tables. `SITE` reads and
writes rows. Each has a random password (SCRAM) in a file beside the data that only the user who runs the site can read.
"""

import os
import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

from imr.errors import SetupError

#: Name of the database in the server.
NAME = "imr"
#: The role that the site signs in as, and the role that owns the tables.
SITE, OWNER = "imr_site", "imr_owner"
#: Who may sign in, as pg_hba.conf says it: it is written before each start, and the first line that fits counts.
ACCESS = (f"local all {SITE},{OWNER} scram-sha-256", "local all all reject")

#: Statements of the superuser, one a line, in the database `postgres`.
_ROLES = """
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF; END $$
ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{password}'
"""
_DATABASES = "SELECT datname FROM pg_database\n"
_NEW = f"CREATE DATABASE {NAME} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'\n"
#: In the database of the site: everything in it belongs to the owner, also what a version made that signed in as the superuser.
_OWNED = f"""
ALTER DATABASE {NAME} OWNER TO {OWNER}
REVOKE ALL ON DATABASE {NAME} FROM PUBLIC
GRANT CONNECT ON DATABASE {NAME} TO {SITE}
DO $$ DECLARE it record; BEGIN FOR it IN {{found}} LOOP EXECUTE format('ALTER %s %s OWNER TO {OWNER}', it.kind, it.name); END LOOP; END $$
"""
_TABLES = (
    "SELECT 'TABLE' AS kind, oid::regclass::text AS name FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS "
    "(SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i', 'e'))"
)
_ROUTINES = (
    "SELECT 'ROUTINE' AS kind, oid::regprocedure::text AS name FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')"
)
_TYPES = (
    "SELECT 'TYPE' AS kind, t.oid::regtype::text AS name FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid "
    "WHERE t.typnamespace = 'public'::regnamespace AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')"
)


def password_file(data: Path, role: str) -> Path:
    """Return the path of the file that holds the password of a role."""
    return data.with_name(f"{data.name}.{role}-password")


def password(data: Path, role: str) -> str:
    """Return the password of a role. Raises SetupError where it is not there or not for this user of the machine to read."""
    file = password_file(data, role)
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SetupError(
            f"The password of {role} for the embedded PostgreSQL cannot be read ({file}: {error.strerror}). If a process of an "
            "earlier version of the site still runs, stop it and start again; else start as the user who owns that file, or, "
            "where the file is lost, stop every process of the site and start again: it is made again"
        ) from error


def is_secured(data: Path) -> bool:
    """Return whether the roles and their passwords are there."""
    return all(password_file(data, role).exists() for role in (SITE, OWNER))


def forget(data: Path) -> None:
    """Remove the passwords of a server whose data are gone."""
    for role in (SITE, OWNER):
        password_file(data, role).unlink(missing_ok=True)


def write_access(data: Path) -> None:
    """Write who may sign in. The server reads it when it starts."""
    (data / "pg_hba.conf").write_text(
        "\n".join(["# Written by the site at each start.", *ACCESS, ""]), encoding="ascii"
    )


def secure(data: Path, programs: Path, user: str | None) -> None:
    """Make the roles, their passwords and the database, in a server that is stopped; what an earlier version made gets the new owner.

    `user` is the user of the machine who runs the server, where that is another one. A call that was interrupted is repeated
    by the next start: the passwords are written last.
    """
    passwords = {role: secrets.token_urlsafe(32) for role in (SITE, OWNER)}
    statements = "".join(_ROLES.format(role=role, password=word) for role, word in passwords.items())
    found = _single_user(data, programs, user, "postgres", statements + _DATABASES)
    if f'datname = "{NAME}"' not in found:
        _single_user(data, programs, user, "postgres", _NEW)
    owned = "".join(_OWNED.format(found=what) for what in (_TABLES, _ROUTINES, _TYPES))
    _single_user(data, programs, user, NAME, owned)
    for role, word in passwords.items():
        _write_password(password_file(data, role), word)


def _write_password(file: Path, word: str) -> None:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(word)
    part.replace(file)


def _single_user(data: Path, programs: Path, user: str | None, database: str, statements: str) -> str:
    """Run statements as the superuser while the server is stopped; return what it prints. Raises SetupError where one fails.

    It takes as long as it takes: after a crash PostgreSQL first replays its write-ahead log, and one that is killed meanwhile
    begins again.
    """
    command: Sequence[str] = [
        str(programs / "postgres"), "--single", "-D", str(data), "-c", "exit_on_error=on", "-c", "log_statement=none",
        "-c", "log_min_error_statement=panic", "-c", "lc_messages=C", database,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - the server's own program
            command, input=statements, capture_output=True, text=True, check=True, user=user, cwd=data
        )
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"The embedded PostgreSQL in {data} does not start, because its roles cannot be made. Check whether its disk is full and "
            "whether the folder belongs to the user who runs it. Its last output:\n"
            + "\n".join(str(error.stderr).splitlines()[-5:])
        ) from error
    return done.stdout
