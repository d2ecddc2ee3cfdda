"""`imr demo`: plays a demo case through every step of the site, and writes its documents into a folder."""

import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from imr.case.chain import to_lines, verify
from imr.case.events import OrganizationAssigned
from imr.determination import Determination, compose, pdf, write
from imr.determination.data import to_data
from imr.errors import ImrError
from imr.examples import Story, seed_case
from imr.law.terms import Role
from imr.web import access, accounts, demo_data

#: Everybody who takes a step in the story, with addresses reserved for examples.
CAST = (Role.INTAKE, Role.COORDINATOR, Role.QUALITY, Role.DIVISION, Role.CLAIMS_ADMINISTRATOR)


class Command(BaseCommand):
    """Plays the case inside a transaction that is rolled back: the site's own cases do not change."""

    help = "Take a demo case through every step and write its documents into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder."""
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *, out: Path, **_: object) -> None:
        """Play, then write everything at once: nothing is left half-written."""
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        try:
            with transaction.atomic():
                papers = _papers(seed_case())
                transaction.set_rollback(True)
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, data in papers.items():
                (out / name).write_bytes(data)
                self.stdout.write(f"{out / name}  {len(data):,} bytes")
        except OSError as error:
            raise CommandError(
                f"{out} cannot be written into: {error.strerror or error}. Choose another folder"
            ) from error


def _papers(story: Story) -> dict[str, bytes]:
    accounts.enter_panel([story.reviewer])
    cast = {role: accounts.make(_address(role), "", role) for role in CAST}
    cast[Role.REVIEWER] = accounts.make(_address(Role.REVIEWER), "", Role.REVIEWER, reviewer=story.reviewer.id)
    accounts.give_invented_key(cast[Role.REVIEWER])
    demo_data.play(story, cast, {Role.CLAIMS_ADMINISTRATOR: cast[Role.CLAIMS_ADMINISTRATOR]})
    coordinator, party = cast[Role.COORDINATOR], cast[Role.CLAIMS_ADMINISTRATOR]
    chain = access.events(access.open_case(party, story.number))
    verify(chain)
    signed, public = (
        access.determination(access.open_case(party, story.number)),
        access.public_determination(story.number),
    )
    assert signed is not None  # noqa: S101 - the story ends after its issue
    notice = next(item.event.notice for item in chain if isinstance(item.event, OrganizationAssigned))
    return {
        **_letter("determination", signed),
        **_letter("public", public),
        "notice.pdf": access.document(access.open_case(coordinator, story.number), notice).data,
        "events.jsonl": to_lines(chain).encode(),
    }


def _address(role: Role) -> str:
    return f"demo.{role.value.replace(' ', '.')}@example.org"


def _letter(name: str, determination: Determination) -> dict[str, bytes]:
    return {
        f"{name}.pdf": pdf.render(compose(determination)),
        f"{name}.txt": write(determination).encode(),
        f"{name}.json": (json.dumps(to_data(determination), indent=1, ensure_ascii=False) + "\n").encode(),
    }
