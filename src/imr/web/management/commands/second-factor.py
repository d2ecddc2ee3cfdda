"""`manage.py second-factor reset EMAIL`: the way back for an account whose second factor is lost."""  # noqa: N999 - its name is the command's

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import accounts


class Command(BaseCommand):
    """Takes the second factors from an account, or lists the accounts whose factor another secret key closed."""

    help = "reset EMAIL: take every second factor from an account. lost: list accounts whose factor cannot be read."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and whose account."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("reset", help="Take every second factor from an account.").add_argument("email")
        what.add_parser("lost", help="List the accounts whose second factor was set up under another secret key.")

    def handle(self, **options: Any) -> None:
        """Do it, and say what comes next."""
        if options["what"] == "lost":
            for email in accounts.lost_second_factors():
                self.stdout.write(email)
            return
        email = options["email"]
        try:
            count = accounts.reset_second_factor(email)
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        if count:
            self.stdout.write(f"Removed. {email} signs in with the password and sets up a new second factor.")
        else:
            self.stdout.write(f"{email} has no second factor: there is nothing to reset.")
