"""`manage.py verify`: every case, document, row and the audit log, against the anchors outside."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.case.context import CALIFORNIA
from imr.errors import Damaged, ImrError
from imr.web.actions import verification
from imr.web.platform.storage import StorageUnreachable
from imr.web.store import anchor_stamps


class Command(BaseCommand):
    """Verifies that no history was cut, rewritten or emptied since it was anchored. Changes nothing."""

    help = "Verify every case, document and row, and the audit log, against the anchors outside."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a public key that signs anchors, as the Division holds it; may be repeated",
        )
        parser.add_argument(
            "--anchor", action="append", default=[], help="the digest of an anchor that was mailed; may be repeated"
        )
        parser.add_argument(
            "--restored",
            action="append",
            type=int,
            default=[],
            help="the number of an anchor that declares what a restored database lost, where you know of that restore; may be repeated",
        )
        parser.add_argument(
            "--authority",
            type=Path,
            help="a file with the certificates of the authority that stamps anchors; verifies its stamps",
        )
        parser.add_argument(
            "--unstamped",
            action="append",
            default=[],
            metavar="FIRST-LAST",
            help="anchors that no time stamp covers in time, where you know why; may be repeated",
        )
        parser.add_argument(
            "--quick", action="store_true", help="do not read the documents, only whether they are there"
        )

    def handle(
        self,
        *,
        key: list[str],
        anchor: list[str],
        restored: list[int],
        quick: bool,
        authority: Path | None = None,
        unstamped: Sequence[str] = (),
        **_: object,
    ) -> None:
        """Verify, and list every problem; the command ends with 6 where there is one."""
        try:
            found = verification.verify_everything(key, known=anchor, restored=restored, read_documents=not quick)
            stamps = anchor_stamps.verify_stamps(authority, unstamped) if authority else None
        except StorageUnreachable as error:
            raise CommandError(error.why) from error
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        last = f"{found.last_anchor_at.astimezone(CALIFORNIA):%Y-%m-%d %H:%M}" if found.last_anchor_at else "none"
        self.stdout.write(
            f"{found.cases:,} cases, {found.events:,} events, {found.documents:,} documents; {found.anchors:,} anchors, the last: {last}"
        )
        for one in found.restores:
            self.stdout.write(
                f"Anchor {one.number} of {one.at.astimezone(CALIFORNIA):%Y-%m-%d %H:%M} declares as lost:"
            )
            for line in one.losses:
                self.stdout.write(f"  {line}")
        if not key:
            self.stdout.write(
                "The anchors were checked with this site's own key: give --key with the one that the Division holds."
            )
        if not settings.ANCHORS_OUTSIDE:
            self.stdout.write("The anchors are in this site's own folder: set IMR_ANCHORS to a place that others keep.")
        if stamps and stamps.since:
            self.stdout.write(f"The anchors are stamped since {stamps.since.astimezone(CALIFORNIA):%Y-%m-%d %H:%M}.")
        if problems := (*found.problems, *(stamps.problems if stamps else ())):
            raise CommandError("\n".join([f"Problems: {len(problems)}.", *problems]), returncode=Damaged.exit_code)
        self.stdout.write("Nothing is wrong.")
