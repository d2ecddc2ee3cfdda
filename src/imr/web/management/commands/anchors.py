"""`manage.py anchors ...`: the key that signs anchors, an anchor now, and what to state after a restore."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import ImrError
from imr.web.platform import signing_key
from imr.web.platform.storage import StorageUnreachable
from imr.web.store import anchors


class Command(BaseCommand):
    """Shows the public key of the anchors, and states what the site cannot know: a restore, or a lost key."""

    help = "Show the public key of the anchors; state that the database was restored, or that the key was lost."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the subcommands."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("key", help="show the public key, for whoever verifies the anchors")
        verbs.add_parser("keep", help="keep outside now what is due")
        restored = verbs.add_parser(
            "restored", help="go on after the last anchor outside, with a list of what the restored database lost"
        )
        restored.add_argument("--key", action="append", default=[], help="an earlier public key of this site")
        verbs.add_parser(
            "new-key", help="make a new key where the old one is lost; verification then needs both public keys"
        )

    def handle(self, *, verb: str, key: list[str] | None = None, **_: object) -> None:
        """Run the subcommand."""
        try:
            self.stdout.write(_done(verb, key or []))
        except StorageUnreachable as error:
            raise CommandError(error.why) from error
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error


def _done(verb: str, keys: list[str]) -> str:
    match verb:
        case "keep":
            return f"{anchors.anchor()} anchors kept outside"
        case "restored":
            made = anchors.restore(keys)
            lost = "".join(f"\n  {line}" for line in made.losses)
            then = f"\n`manage.py verify` now asks for --restored {made.number}" if made.losses else ""
            return f"anchor {made.number} goes on; heads and seals that this database does not have: {len(made.losses)}{lost}{then}"
        case "new-key":
            return signing_key.public(signing_key.make())
    key = signing_key.load()
    if key is None:
        raise ImrError(f"there is no key yet at {settings.ANCHOR_KEY}: the first anchor makes it")
    return signing_key.public(key)
