"""`manage.py tend`: what nobody has to think of. The steps of the clock, mail that waits, documents that steps gave up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from imr.web import actions, clock, rounds, temporary, upkeep, uploading


class Command(BaseCommand):
    """Takes the steps of the clock, sends mail that waits, removes documents that steps gave up."""

    help = "Take the steps of the clock, send waiting mail, sweep documents that steps gave up."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--every", type=float, help="Seconds between two rounds; once where it is not given.")

    def handle(self, **options: Any) -> None:
        """Go round."""
        rounds.go("maintenance", self._round, options["every"])

    def _round(self) -> None:
        done = actions.tend()
        done["uploads that ran out"] = upkeep.once(upkeep.Task.UPLOADS, lambda: uploading.sweep(clock.now()), 0)
        done["temporary files of killed processes"] = temporary.sweep()
        if any(done.values()):
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items() if count))
