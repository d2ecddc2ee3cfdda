"""`manage.py collect`: the published determinations of this site go into its corpus."""

import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from imr.errors import ImrError
from imr.web.collecting import collect


class Command(BaseCommand):
    """Puts the public version of each published determination among the letters, and brings corpus and index up to date."""

    help = "Bring the corpus up to date with the determinations that this site published."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--every", type=float, help="Seconds between two rounds; once where it is not given.")

    def handle(self, **options: Any) -> None:
        """Go round. What stands in the way is said once, and tried again."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        pause = threading.Event()
        said = ""
        while True:
            try:
                changed = collect()
                if changed or options["every"] is None:
                    self.stdout.write(f"letters that came, changed or went: {changed}")
            except (ImrError, DatabaseError) as error:
                if options["every"] is None:
                    raise CommandError(str(error), returncode=getattr(error, "exit_code", 1)) from error
                if str(error) != said:
                    self.stderr.write(str(error))
                said = str(error)
            if options["every"] is None:
                return
            close_old_connections()
            pause.wait(options["every"])
