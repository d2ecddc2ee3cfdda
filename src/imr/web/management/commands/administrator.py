"""`manage.py administrator EMAIL`: the first account, which can make all others."""

import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import accounts


class Command(BaseCommand):
    """Makes an account that may make accounts. Its second factor is set up at the first sign-in."""

    help = "Make an account that may make accounts; the password is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the account's address."""
        parser.add_argument("email")

    def handle(self, *, email: str, **_: object) -> None:
        """Ask for the password and make the account."""
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
            accounts.make(email, password, administrator=True)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        self.stdout.write("Account made. Sign in, set up your second factor, then open /administration/.")
