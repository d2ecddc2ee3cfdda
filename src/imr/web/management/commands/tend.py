"""`manage.py tend`: background maintenance. The clock's steps, queued mail, documents that refused steps left."""

from django.core.management.base import BaseCommand, CommandParser

from imr.web import actions
from imr.web.actions import uploads
from imr.web.management import repeating
from imr.web.platform import clock, temporary_files
from imr.web.store import failures


class Command(BaseCommand):
    """Takes the clock's steps, sends queued mail, removes documents that refused steps left."""

    help = "Take the clock's steps, send queued mail, remove documents that refused steps left."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the interval."""
        parser.add_argument("--every", type=float, help="seconds between two rounds (default: one round)")

    def handle(self, *, every: float | None, **_: object) -> None:
        """Run one round, or rounds at the interval."""
        repeating.run_repeatedly("maintenance", self._round, every)

    def _round(self) -> None:
        done = actions.run_maintenance()
        done["expired uploads"] = failures.run_once(
            failures.Task.UPLOADS, lambda: uploads.delete_expired(clock.now()), 0
        )
        done["temporary files of killed processes"] = temporary_files.sweep()
        if any(done.values()):
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items() if count))
