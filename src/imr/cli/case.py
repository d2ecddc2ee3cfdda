"""Commands about a case: prove its history, and play one from beginning to end."""

import json
import os
from datetime import date
from pathlib import Path

import click

from imr.case.chain import SEAL, Recorded, from_lines, replay, to_lines, verify
from imr.case.digests import digest
from imr.case.events import DeterminationSigned
from imr.case.signature import KeyEntry, ReviewerSignature, passing
from imr.errors import Damaged, ImrError, Unreadable
from imr.plain import from_plain, to_plain


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--head",
    metavar="DIGEST",
    help="The digest of the last event, from another source; proves that no event was cut off.",
)
@click.option(
    "--signature",
    "signature_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The reviewer's signature, as exported for the Division; proves that the holder of its key signed this determination.",
)
def verify_command(file: Path, head: str | None, signature_file: Path | None) -> None:
    """Prove a case's chain of events, one JSON line an event, as exported inside or outside.

    Exits with 6 and the place if an event was changed, removed, inserted or moved, or the signature is not valid.
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
    if signature_file is not None:
        click.echo(_signed(chain, signature_file))


def _signed(chain: tuple[Recorded, ...], file: Path) -> str:
    """Return what the signature in a file proves of a chain. Raises Damaged where it is not valid, Unreadable where it is none."""
    from imr.passkeys import INVENTED, insist_signed

    try:
        data = json.loads(file.read_bytes())
        signature = from_plain(ReviewerSignature, data["signature"])
        register = [from_plain(KeyEntry, entry) for entry in data["register"]]
    except (ValueError, KeyError, TypeError, ImrError) as error:
        raise Unreadable(f"{file} is not an exported signature: {error}") from error
    statement = signature.statement
    signed = [(place, item) for place, item in enumerate(chain) if isinstance(item.event, DeterminationSigned)]
    if not signed:
        raise Damaged("the chain has no signed determination")
    place, item = signed[-1]
    event = item.event
    passed = passing(chain[:place]) or statement.passed  # the chain of outsiders has no event inside the organization
    stated = (statement.case, statement.passed, statement.determination, statement.letter)
    if not isinstance(event, DeterminationSigned) or stated != (item.case, passed, event.determination, event.letter):
        raise Damaged(f"the signature is of another determination than event {item.number}", item.number)
    insist_signed(signature)
    when = _in_force(register, signature.key, event.on)
    invented = " The key is an invented one: anybody can sign with it." if signature.site == INVENTED else ""
    return (
        f"event {item.number} was signed with the key {signature.key}, {when}.{invented} The register has {len(register)} entries and "
        f"the digest {digest([to_plain(entry) for entry in register])}: an anchor that was made while it had as many names the same."
    )


def _in_force(register: list[KeyEntry], key: str, on: date) -> str:
    """Return when a key was registered and confirmed. Raises Damaged where it was not in force on a day."""
    days: dict[str, KeyEntry] = {}
    for entry in register:
        if entry.key == key:
            days.setdefault(entry.kind, entry)  # a later entry of its kind changes nothing, as on the site
    confirmed, ended = days.get("confirmed"), days.get("ended")
    if "registered" not in days or confirmed is None or confirmed.valid_from > on.isoformat():
        raise Damaged(f"the register does not say that the key {key} was in force on {on}")
    if ended is not None and ended.on < on.isoformat():
        raise Damaged(f"the register says that the key {key} ended on {ended.on}, before {on}")
    return f"registered on {days['registered'].on} and confirmed on {confirmed.on}"


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
