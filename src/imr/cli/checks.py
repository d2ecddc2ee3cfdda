"""Guidelines and checks on the command line: `imr cite` and `imr check`."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from imr.errors import ImrError, Unwritable
from imr.guidelines import (
    Basis,
    GuidelineCitation,
    Register,
    body_parts,
    find,
    known,
    read,
    read_licensed,
    standing,
    write,
)
from imr.plain import to_plain


def _register(files: tuple[Path, ...]) -> Register:
    register = known()
    for file in files:
        try:
            register |= read_licensed(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ImrError(f"{file} cannot be read as a file of guidelines: {error}") from error
        except ImrError as error:
            raise ImrError(f"{file}: {error}") from error
    return register


_GUIDELINES = click.option(
    "--guidelines", "files", multiple=True, type=click.Path(path_type=Path), help="An organization's own guidelines, in TOML."
)  # fmt: skip


@click.command("cite")
@click.argument("text")
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose guidelines count; today where not given."
)
@click.option("--body", default="", help="The part of the body that the treatment is for, in any words.")
@_GUIDELINES
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def cite_command(text: str, on: Any, body: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Read citations of guidelines in TEXT (or in standard input, where TEXT is a dash), and say how they stand.

    TEXT is what stands after a guideline label of a letter, a sentence with a citation, or a whole letter.
    """
    text = sys.stdin.read() if text == "-" else text
    register = _register(files)
    day = on.date() if on else date.today()  # noqa: DTZ011, TID251 - the command line is where the day comes from
    basis = read(text)
    citations = list(basis.citations) or [mention.citation for mention in find(text)]
    parts = body_parts(body)
    if as_json:
        click.echo(json.dumps(_as_data(basis, citations, day, parts, register), ensure_ascii=False))
    else:
        _print_standing(basis, citations, day, parts, register)
    if not citations and not basis.by:
        if not as_json:
            click.echo("No citation of a guideline was understood; the text is kept as it is.", err=True)
        sys.exit(1)


def _as_data(basis: Basis, citations: list[GuidelineCitation], day: date, parts: Any, register: Register) -> Any:
    judged = [standing(citation, day, parts, register=register) for citation in citations]
    return {
        "statement": basis.statement.value,
        "unread": list(basis.unread) if basis.citations or basis.by or not citations else [],
        "on": day.isoformat(),
        "citations": [
            {
                "citation": to_plain(one.citation),
                "guideline": one.guideline.id if one.guideline else None,
                "findings": [
                    {"rule": f.rule, "holds": f.holds, "because": f.reason, "under": [str(c) for c in f.under], "verified": f.verified}
                    for f in one.findings
                ],
            }
            for one in judged
        ],
    }  # fmt: skip


def _print_standing(
    basis: Basis, citations: list[GuidelineCitation], day: date, parts: Any, register: Register
) -> None:
    if basis.by:
        click.echo(f"{basis.by}: {basis.statement.value}")
    for citation in citations:
        try:
            click.echo(write(citation))
        except Unwritable:
            click.echo(f"{citation.source.value} {citation.chapter}".rstrip())
        for finding in standing(citation, day, parts, register=register).findings:
            click.echo(f"  {'ok ' if finding else 'NO '} {finding}")
    for rest in basis.unread if basis.citations or basis.by else ():
        click.echo(f"not understood: {rest}")
