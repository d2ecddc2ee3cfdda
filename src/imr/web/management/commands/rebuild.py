"""`manage.py rebuild`: rebuild every case row from its events."""

from django.core.management.base import BaseCommand, CommandError

from imr.errors import Damaged
from imr.web import actions


class Command(BaseCommand):
    """Rebuilds the case rows, which are derived from the events."""

    help = "Rebuild every case row from its events."

    def handle(self, **_: object) -> None:
        """Rebuild them, and list the cases whose events or documents are damaged; the command ends with 6 where there are any."""
        done = actions.rebuild()
        self.stdout.write(f"{done.cases} cases")
        for number, why in done.failed.items():
            self.stderr.write(f"{number}: {why}")
        if done.failed:
            raise CommandError(
                f"{len(done.failed)} cases were not rebuilt; their rows are unchanged. Restore what is missing, then run this again.",
                returncode=Damaged.exit_code,
            )
