"""`manage.py quarantine DIGEST FILE`: writes a rejected file out, to examine it elsewhere."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import actions


class Command(BaseCommand):
    """Writes a rejected file out unchanged. It may be hostile: open it only on an isolated machine."""

    help = "Write out a rejected file by its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the digest and the target file."""
        parser.add_argument("digest")
        parser.add_argument("file", type=Path)

    def handle(self, *, digest: str, file: Path, **_: object) -> None:
        """Write it out."""
        try:
            data = actions.rejected_file(digest)
        except ImrError as error:
            raise CommandError(str(error)) from error
        file.write_bytes(data)
        self.stdout.write(f"{len(data)} bytes in {file}: it may be hostile; open it only on an isolated machine")
