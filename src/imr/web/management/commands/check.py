"""`manage.py check`: Django's command, which asks the database too where it can be reached."""

from django.core.management.commands import check
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection

from imr.errors import SetupError


class Command(check.Command):
    """Checks the role of the site in the database with everything else."""

    def handle(self, *app_labels: list[str], **options: object) -> None:
        """Check. A database that cannot be reached is left out, and said so."""
        if not options["databases"] and not app_labels and not options["tags"]:
            try:
                connection.ensure_connection()
                options["databases"] = [DEFAULT_DB_ALIAS]
            except (OperationalError, SetupError):
                self.stdout.write("The database cannot be reached: the role of the site was not checked.")
        super().handle(*app_labels, **options)
