"""`manage.py restored`: what is held since the site was restored from a backup, and its release."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.case.context import CALIFORNIA
from imr.errors import ImrError
from imr.web.platform.formatting import long_date
from imr.web.store import installation


class Command(BaseCommand):
    """Shows what a restored site holds back, and takes the highest case number."""

    help = "Show what is held since the site was restored from a backup; state the highest case number."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--highest", metavar="NUMBER", help="the highest case number that was ever given out")
        parser.add_argument(
            "--hold", action="store_true", help="hold mail and case numbers, where the restore was not detected"
        )

    def handle(self, *, highest: str | None, hold: bool, **_: object) -> None:
        """Apply the options, and print the state."""
        try:
            if hold:
                installation.hold()
            if highest:
                installation.state_highest(_number(highest))
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        found = installation.held_state()
        when = long_date(found.restored_at.astimezone(CALIFORNIA)) if found.restored_at else ""
        self.stdout.write(
            f"This database was restored; this was detected on {when}." if when else "This database was never restored."
        )
        self.stdout.write(
            "Case numbers: held. State the highest that was ever given out: manage.py restored --highest NUMBER"
            if found.numbers_held
            else "Case numbers: given out."
        )
        self.stdout.write(
            f"Messages held: {found.messages_held}. A coordinator checks them on the page Mail and has them sent."
            if found.messages_held
            else "Messages held: none."
        )
        if problem := installation.problem():
            self.stderr.write(problem)


def _number(text: str) -> int:
    """Return the counted part of a case number, or the number alone."""
    digits = text.rpartition("-")[2]
    if not digits.isdecimal() or len(digits) > 15:
        raise ImrError(f"{text} is not a case number: write it as CM26-0000115, or 115")
    return int(digits)
