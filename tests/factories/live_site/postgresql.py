"""A PostgreSQL of Debian's own package for one test: not the embedded one, of nobody else, on a socket in its own folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

#: PostgreSQL refuses to run as root; Debian's package makes this user for it.
_USER = "postgres"
_HOW = "apt install postgresql-15"


def programs() -> Path:
    """The folder of the newest server's programs. Skips where Debian's package is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found or int(found[-1].parts[-3]) < 15:
        pytest.skip(f"no PostgreSQL 15 of Debian's on this machine: {_HOW}")
    return found[-1].parent


#: As docs/operations.md says to make them.
_ROLES = """
CREATE ROLE imr_owner LOGIN;
CREATE ROLE imr_site LOGIN;
CREATE DATABASE imr OWNER imr_owner TEMPLATE template0 ENCODING 'UTF8';
"""


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """Start a server and give the settings that name its database; its data go when it ends. Whoever reaches the socket may sign in."""
    bin_, folder = programs(), Path(tempfile.mkdtemp(prefix="imr-postgres-"))
    data, log = folder / "data", folder / "log"
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
        as_user = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]

    def run(program: str, *words: str) -> None:
        done = subprocess.run(
            [*as_user, str(bin_ / program), "-D", str(data), *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server lives
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, log.read_text() if log.exists() else f"{program} failed in {folder}"

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-w", "-l", str(log), "-o", f"-c listen_addresses= -k {folder} -F", "start")
        folder.chmod(0o755)
        try:
            with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as superuser:
                for statement in _ROLES.strip().splitlines():
                    superuser.execute(statement)
            roles = (("DATABASE_URL", "imr_site"), ("DATABASE_OWNER_URL", "imr_owner"))
            yield {name: f"postgresql://{role}@/imr?host={folder}" for name, role in roles}
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
