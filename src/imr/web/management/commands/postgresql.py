"""`manage.py postgresql PROGRAM ...`: runs a program of PostgreSQL, connected to the database of the site."""

import argparse
import os
import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from imr.web.platform.database import embedded, roles

PROGRAMS = ("pg_dump", "pg_restore", "psql")


class Command(BaseCommand):
    """Runs pg_dump, pg_restore or psql of the server's version; the embedded server is started for it.

    pg_dump and pg_restore sign in as the owner of the tables, psql as the site does, or with --owner as the owner.
    """

    help = "Run pg_dump, pg_restore or psql, connected to the database of the site."
    requires_system_checks = []  # noqa: RUF012 - as Django documents it; a restore begins without tables

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the program and its arguments."""
        parser.add_argument("--owner", action="store_true", help="sign in psql as the owner of the tables")
        parser.add_argument("program", choices=PROGRAMS)
        parser.add_argument("arguments", nargs=argparse.REMAINDER)

    def handle(self, *, program: str, arguments: list[str], owner: bool, **_: object) -> None:
        """Run the program, and exit with its exit status."""
        with roles.as_owner() if owner or program != "psql" else nullcontext():
            connection.ensure_connection()
            info = connection.connection.info
            where = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": info.dbname}
            if info.password:
                where["PGPASSWORD"] = info.password
            connection.close()
        named = [f"--dbname={where['PGDATABASE']}"] if program == "pg_restore" else []
        command = [self._program(program), *named, *arguments]
        done = subprocess.run(command, env=os.environ | where, check=False)  # noqa: S603 - one of three programs
        if done.returncode:
            raise CommandError(f"{program} ended with {done.returncode}", returncode=done.returncode)

    def _program(self, name: str) -> str:
        folder = connection.settings_dict["OPTIONS"].get("embedded")
        found = str(embedded.programs(folder) / name) if folder else shutil.which(name)
        if found is None or not Path(found).exists():
            raise CommandError(
                f"{name} is not installed: apt install postgresql-client, of the server's version or later"
            )
        return found
