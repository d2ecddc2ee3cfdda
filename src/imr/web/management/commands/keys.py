"""`manage.py keys`: the key ring: what it holds, a new key, and the end of earlier ones."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web import accounts
from imr.web.platform import reencryption
from imr.web.platform.keys import Purpose


class Command(BaseCommand):
    """Lists the keys by purpose, rotates them, and retires earlier ones."""

    help = "list: how many keys each purpose has. rotate: put a new key in front. retire: remove all but the newest."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the subcommands."""
        what = parser.add_subparsers(dest="what", required=True)
        named = f"one of {', '.join(Purpose)}"
        what.add_parser("list", help="Print how many keys each purpose has.")
        rotate = what.add_parser(
            "rotate", help="Put a new key in front; what earlier keys signed and encrypted stays valid."
        )
        rotate.add_argument(
            "purposes",
            nargs="*",
            type=Purpose,
            metavar="PURPOSE",
            help=f"{named}; by default signing and second-factors",
        )
        retire = what.add_parser("retire", help="Remove all keys of a purpose but the newest.")
        retire.add_argument("purposes", nargs=1, type=Purpose, metavar="PURPOSE", help=named)

    def handle(self, *, what: str, purposes: list[Purpose] | None = None, **_: object) -> None:
        """Run the subcommand, and print what it did and what comes next."""
        chosen = purposes or [Purpose.SIGNING, Purpose.SECOND_FACTORS]
        try:
            for purpose in Purpose if what == "list" else chosen:
                if what == "rotate":
                    self._rotate(purpose)
                elif what == "retire":
                    self._retire(purpose)
                else:
                    self.stdout.write(f"{purpose.value}: {len(settings.KEYS.keys(purpose))}")
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _rotate(self, purpose: Purpose) -> None:
        settings.KEYS.rotate(purpose)
        said = {
            Purpose.SIGNING: "restart every process of the site now; nobody is signed out",
            Purpose.SECOND_FACTORS: "",
            Purpose.WORKING_COPIES: "what browsers keep of drafts that were not saved yet is lost",
            Purpose.FILES: "files are encrypted with it from now on; `manage.py documents encrypt` does the earlier ones",
            Purpose.PASSWORDS: "each password is kept with it from the next sign-in of its owner",
        }[purpose]
        if purpose is Purpose.SECOND_FACTORS:
            said = f"{accounts.encrypt_second_factors_again()} second factors are encrypted with the new key"
        self.stdout.write(f"{purpose.value}: a new key; {said}. Make a backup of {settings.KEYS.file}.")

    def _retire(self, purpose: Purpose) -> None:
        if purpose is Purpose.SECOND_FACTORS:
            accounts.encrypt_second_factors_again()
        if purpose is Purpose.FILES and (others := reencryption.under_other_keys()):
            raise ImrError(
                f"{others} files are not encrypted with the newest key: stop the site and run `manage.py documents encrypt` before, on "
                "every machine that has pages of its own"
            )
        self.stdout.write(
            f"{purpose.value}: {settings.KEYS.retire(purpose)} earlier keys removed. Restart every process of the site."
        )
