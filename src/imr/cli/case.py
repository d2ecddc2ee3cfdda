"""Commands about a case: prove its history, and play one from beginning to end."""

import os
from pathlib import Path

import click

from imr.case.chain import SEAL, from_lines, replay, to_lines, verify
from imr.errors import Unreadable


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--head",
    metavar="DIGEST",
    help="The digest of the last event, from another source; proves that no event was cut off.",
)
def verify_command(file: Path, head: str | None) -> None:
    """Prove a case's chain of events, one JSON line an event, as exported inside or outside.

    Exits with 6 and the place if an event was changed, removed, inserted or moved.
    """
    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file} is not text in UTF-8: an export of events has one line of JSON per event") from error
    chain = from_lines(text)
    if not chain:
        raise Unreadable(f"{file} contains no event")
    verify(chain, head)
    case = replay(chain)
    sealed = to_lines(chain).count(f'"{SEAL}')
    end = "" if head else f" Its last digest is {chain[-1].digest}."
    click.echo(
        f"{case.number}: {len(chain)} events, the chain is complete; {case.stage.value}."
        f"{f' {sealed} values are sealed.' if sealed else ''}{end}"
    )


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the papers; created if it is missing.",
)
def demo_command(out: Path) -> None:
    """Take an invented case through every step of the site's public interfaces, and write its papers to a folder.

    Neck and arm pain, six more therapy sessions and an exercise kit, both refused in February 2015, under the law of
    that day. The site's own cases do not change.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["imr", "demo", "--out", str(out)])
