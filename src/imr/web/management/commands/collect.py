"""`manage.py collect`: adds the published determinations of this site to its corpus."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web.actions.publish_to_corpus import update_corpus
from imr.web.management import repeating
from imr.web.platform.database import roles
from imr.web.store import failures


class Command(BaseCommand):
    """Writes the public version of each published determination among the letters, and brings corpus and index up to date."""

    help = "Bring the corpus up to date with the determinations that this site published."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the interval."""
        parser.add_argument("--every", type=float, help="seconds between two rounds (default: one round)")

    def handle(self, *, every: float | None, **_: object) -> None:
        """Run one round, or rounds at the interval."""
        if every is not None:
            repeating.run_repeatedly(
                "collection", lambda: failures.run_once(failures.Task.COLLECTION, self._round, None), every
            )
            return
        roles.require_soon()
        try:
            self.stdout.write(f"letters added, changed or removed: {update_corpus()}")
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _round(self) -> None:
        if changed := update_corpus():
            self.stdout.write(f"letters added, changed or removed: {changed}")
