"""`manage.py quarantine DIGEST FILE`: take a refused file out, to look into it elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import actions


class Command(BaseCommand):
    """Writes a refused file out as it came. It may be hostile: open it on no machine that matters."""

    help = "Take a refused file out by its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and where to."""
        parser.add_argument("digest")
        parser.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        """Write it out."""
        try:
            data = actions.refused_file(options["digest"])
        except ImrError as error:
            raise CommandError(str(error)) from error
        options["file"].write_bytes(data)
        self.stdout.write(
            f"{len(data)} bytes in {options['file']}: it may be hostile; open it on no machine that matters"
        )
