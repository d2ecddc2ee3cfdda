"""`manage.py tend`: what nobody has to think of. The steps of the clock, mail that waits, documents that steps gave up."""

import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from imr.web import actions, clock, uploading
from imr.web.storage import OutOfReach


class Command(BaseCommand):
    """Takes the steps of the clock, sends mail that waits, removes documents that steps gave up."""

    help = "Take the steps of the clock, send waiting mail, sweep documents that steps gave up."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--every", type=float, help="Seconds between two rounds; once where it is not given.")

    def handle(self, **options: Any) -> None:
        """Go round."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that what was opened is closed
        pause = threading.Event()
        while True:
            try:
                done = actions.tend() | {"uploads that ran out": uploading.sweep(clock.now())}
                if any(done.values()):
                    self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
            except (DatabaseError, OutOfReach) as error:
                if options["every"] is None:
                    raise
                self.stderr.write(f"{type(error).__name__}: trying again{_why(error)}")
            if options["every"] is None:
                return
            close_old_connections()
            pause.wait(options["every"])


def _why(error: Exception) -> str:
    return f" ({error.why})" if isinstance(error, OutOfReach) else ""
