"""`manage.py second-factor reset EMAIL`: helps an account whose second factor is lost."""  # noqa: N999 - the command has a hyphen

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import accounts


class Command(BaseCommand):
    """Removes the second factors of an account, or lists the accounts whose factor was encrypted with another secret key."""

    help = "reset EMAIL: remove every second factor of an account. lost: list accounts whose factor cannot be read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the subcommands."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("reset", help="Remove every second factor of an account.").add_argument("email")
        what.add_parser("lost", help="List the accounts whose second factor was set up under another secret key.")

    def handle(self, *, what: str, email: str = "", **_: object) -> None:
        """Run the subcommand, and print what comes next."""
        if what == "lost":
            for email in accounts.lost_second_factors():
                self.stdout.write(email)
            return
        try:
            count = accounts.reset_second_factor(email)
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        if count:
            self.stdout.write(f"Removed. {email} signs in with the password and sets up a new second factor.")
        else:
            self.stdout.write(f"{email} has no second factor: there is nothing to reset.")
