"""`imr code EMAIL`: the code of a demo account's second factor, for trying the site on one's own machine."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import accounts


class Command(BaseCommand):
    """Prints the code that an authenticator app would show now."""

    help = "Print the code of an account's second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the account's address."""
        parser.add_argument("email")

    def handle(self, *, email: str, **_: object) -> None:
        """Print the code."""
        try:
            self.stdout.write(accounts.code(email))
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
