"""`manage.py tend`: what nobody has to think of. The steps of the clock, mail that waits, documents that steps gave up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from imr.web import actions
from imr.web.actions import uploads
from imr.web.management import repeating
from imr.web.platform import clock, temporary_files
from imr.web.store import failures


class Command(BaseCommand):
    """Takes the steps of the clock, sends mail that waits, removes documents that steps gave up."""

    help = "Take the steps of the clock, send waiting mail, sweep documents that steps gave up."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--every", type=float, help="Seconds between two rounds; once where it is not given.")

    def handle(self, **options: Any) -> None:
        """Go round."""
        repeating.go("maintenance", self._round, options["every"])

    def _round(self) -> None:
        done = actions.tend()
        done["uploads that ran out"] = failures.once(failures.Task.UPLOADS, lambda: uploads.sweep(clock.now()), 0)
        done["temporary files of killed processes"] = temporary_files.sweep()
        if any(done.values()):
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items() if count))
