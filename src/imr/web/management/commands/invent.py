"""`manage.py invent`: the demo accounts, cases and letters of a first start; `imr serve` calls it in a process of its own."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from imr.web import demo_data
from imr.web.platform import environment


class Command(BaseCommand):
    """Makes demo accounts with the password given on standard input, their cases, and a collection of letters."""

    help = "Make invented accounts, cases and letters; the password of the accounts is read from standard input."

    def handle(self, **_: object) -> None:
        """Make them, and store the password in the file that makes every page say that all is invented."""
        if environment.is_production():
            raise CommandError(f"No people and cases are invented here: {environment.NO_INVENTED}.")
        password = sys.stdin.readline().strip()
        self.stdout.write("First start: making invented cases and accounts ...")
        demo_data.begin(password)
        settings.INVENTED_PASSWORD.touch(mode=0o600)
        settings.INVENTED_PASSWORD.write_text(password, encoding="utf-8")
        if not settings.CORPUS.exists() and not settings.LETTERS.exists():
            self.stdout.write(
                f"and a collection of {demo_data.LETTERS} invented determinations to search and count ..."
            )
            demo_data.collect()
