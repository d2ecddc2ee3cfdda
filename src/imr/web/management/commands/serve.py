"""`imr serve`: sets up what is missing, then serves the site."""

import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from imr.errors import ImrError
from imr.web import accounts, demo_data
from imr.web.management import site_setup
from imr.web.platform import clock, environment, folders, reading
from imr.web.platform.database import server_log
from imr.web.platform.supervisor import Child, Supervisor
from imr.web.store import custom_guidelines, failures


class Command(BaseCommand):
    """Sets up the database, static files and, at the first start, demo cases; then serves until it is stopped."""

    help = "Set up what is missing and serve the site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to listen, and whether demo cases are wanted."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--empty", action="store_true", help="No invented cases and accounts.")
        parser.add_argument("--set-up-only", action="store_true", help="Set everything up and exit.")

    def handle(self, *, host: str, port: int, workers: int, empty: bool, set_up_only: bool, **_: object) -> None:
        """Set up, print the accounts, serve."""
        try:
            if not set_up_only:
                _insist_free(host, port)
            with folders.lock_home():
                self._set_up(invent=not empty)
                if not set_up_only:
                    self._serve(host, port, workers)
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _serve(self, host: str, port: int, workers: int) -> None:
        self.stdout.write(f"\nServing on {settings.SITE}  (stop with Ctrl-C)\n")
        self.stdout.flush()  # output may go to a file, and its reader needs the password now
        connections.close_all()
        _supervised(host, port, workers).run()

    def _set_up(self, *, invent: bool) -> None:
        reading.require_safe()
        if lacking := reading.lacking():
            self.stderr.write(lacking)
        if closed := site_setup.set_up():
            self.stdout.write(
                f"Closed to other users of this machine: {closed} files and folders of documents and mail."
            )
        if outdated := site_setup.outdated():
            self.stderr.write(outdated)
        self.stdout.write(f"PostgreSQL {accounts.server_version()}; data in {settings.HOME}")
        if lost := accounts.lost_second_factors():
            self.stderr.write(
                f"The secret key is not the one under which {len(lost)} accounts set up their second factor: restore it, or "
                "see manage.py second-factor lost, and reset each"
            )
        own = custom_guidelines.loaded()
        if own.guidelines:
            self.stdout.write(f"Own guidelines: {len(own.guidelines)} from {settings.GUIDELINES}")
        for problem in own.problems:
            self.stderr.write(f"Guidelines: {problem}")
        kept = settings.INVENTED_PASSWORD
        if loud := server_log.said():
            self.stderr.write(loud)
        accounts.require_real()
        if invent and not accounts.any_accounts():
            if environment.is_production():
                raise ImrError(
                    "this site has no account yet, and real people reach it (IMR_SITE is https): start it with `imr serve --empty` and make "
                    "the first with `python manage.py administrator EMAIL`. On a site that others only try, set IMR_DEMONSTRATION=yes"
                )
            password = "-".join(secrets.choice(_WORDS) for _ in range(4)) + f"-{secrets.randbelow(9000) + 1000}"
            self.stdout.flush()  # before another process prints
            _invent(password)
        if kept.exists():
            self._tell(kept.read_text(encoding="utf-8"))

    def _tell(self, password: str) -> None:
        self.stdout.write(f"\nInvented accounts, all with the password  {password}\n")
        for account in demo_data.accounts_of_demo():
            factor = f"   second factor: imr code {account.email}" if account.second_factor else ""
            self.stdout.write(f"  {account.email:28} {account.role:38}{factor}")


#: Words of demo passwords, easy to type.
_WORDS = [
    "amber",
    "birch",
    "cedar",
    "coral",
    "delta",
    "ember",
    "fern",
    "gravel",
    "harbor",
    "indigo",
    "juniper",
    "kelp",
    "lantern",
    "maple",
    "nectar",
    "olive",
    "pebble",
    "quartz",
    "river",
    "saffron",
    "tundra",
    "umber",
    "velvet",
    "willow",
    "yarrow",
    "zephyr",
]


def _invent(password: str) -> None:
    """Make demo cases in a process of its own, which frees the memory of letters, tables and searches when it ends."""
    command = [sys.executable, "-m", "django", "invent"]  # our own command in our own interpreter
    if subprocess.run(command, input=password, text=True, check=False).returncode:  # noqa: S603
        raise ImrError(
            "no invented cases could be made, for the reason above. Start again, or without them: imr serve --empty"
        )


def _insist_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ImrError(
                f"{host}:{port} is in use or not allowed: perhaps the site is running already (open http://{host}:{port}). "
                f"Stop it, or choose another port: make run PORT={port + 1}"
            ) from error


def _supervised(host: str, port: int, workers: int) -> Supervisor:
    """Return the processes of the site: web server, workers and maintenance."""
    django = [sys.executable, "-m", "django"]
    web = [sys.executable, "-m", "gunicorn", "imr.web.wsgi", "--bind", f"{host}:{port}", "--workers", str(workers)]
    web += ["--worker-class", "gthread", "--threads", "8", "--timeout", "120", "--graceful-timeout", "30"]
    web += ["--error-logfile", "-", "--log-level", "error", "--name", "imr", "--no-control-socket"]
    return Supervisor(
        [
            Child("web", web),
            Child("maintenance", [*django, "tend", "--every", "60"]),
            Child("collection", [*django, "collect", "--every", "300"]),
            Child("reading", [*django, "procrastinate", "worker", "--queues", "records", "--concurrency", "1"]),
        ],
        ended=_ended,
        steady=_steady,
    )


def _ended(name: str, how: str, pause: float) -> None:
    with _connected():
        failures.record_failure(failures.Task.PROCESS, name, how, next_at=clock.now() + timedelta(seconds=pause))


def _steady(name: str) -> None:
    with _connected():
        failures.record_success(failures.Task.PROCESS, name)


@contextmanager
def _connected() -> Iterator[None]:
    """Open a database connection for one report: the supervisor keeps none while it waits, nor a broken one."""
    try:
        yield
    finally:
        connections.close_all()
