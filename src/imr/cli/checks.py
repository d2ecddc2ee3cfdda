"""Guidelines and checks on the command line: `imr cite` and `imr check`."""

import json
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import click

from imr import checks, determination
from imr.checks import Concern, Context, Severity
from imr.errors import ImrError, Unreadable, Unwritable
from imr.guidelines import (
    Basis,
    GuidelineCitation,
    Register,
    assess_citation,
    body_parts,
    find_citations,
    known_guidelines,
    read_basis,
    read_licensed,
    write_basis,
)
from imr.plain import to_plain
from imr.records import pdf
from imr.records.model import CaseFile


def _register(files: tuple[Path, ...]) -> Register:
    register = known_guidelines()
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
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose guidelines apply; default: today.")
@click.option("--body", default="", help="The body part that the treatment is for, in any words.")
@_GUIDELINES
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def cite_command(text: str, on: Any, body: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Read the guideline citations in TEXT (or in standard input, if TEXT is a dash), and say whether each is valid.

    TEXT is the text after a guideline label of a letter, a sentence with a citation, or a whole letter.
    """
    text = sys.stdin.read() if text == "-" else text
    register = _register(files)
    day = on.date() if on else date.today()  # noqa: DTZ011, TID251 - the command line is where the day comes from
    basis = read_basis(text)
    citations = list(basis.citations) or [mention.citation for mention in find_citations(text)]
    parts = body_parts(body)
    if as_json:
        click.echo(json.dumps(_as_data(basis, citations, day, parts, register), ensure_ascii=False))
    else:
        _print_standing(basis, citations, day, parts, register)
    if not citations and not basis.by:
        if not as_json:
            click.echo("no citation of a guideline was recognized", err=True)
        sys.exit(1)


def _as_data(basis: Basis, citations: list[GuidelineCitation], day: date, parts: Any, register: Register) -> Any:
    judged = [assess_citation(citation, day, parts, register=register) for citation in citations]
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
            click.echo(write_basis(citation))
        except Unwritable:
            click.echo(f"{citation.source.value} {citation.chapter}".rstrip())
        for finding in assess_citation(citation, day, parts, register=register).findings:
            click.echo(f"  {'ok ' if finding else 'NO '} {finding}")
    for rest in basis.unread if basis.citations or basis.by else ():
        click.echo(f"not understood: {rest}")


# ------------------------------------------------------------------------------------------------ imr check


def _letter(path: Path) -> str:
    """Give the text of a letter: the text layer of a PDF, or the file itself."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    if data[:1024].lstrip().startswith(b"%PDF"):
        return "\n".join(pdf.page_texts(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is neither a PDF nor text in UTF-8; save it as one of these") from error


def _case_file(folder: Path | None) -> CaseFile | None:
    """Build the case file of a folder: its PDFs as they are, its texts as typed pages, in the order of their names."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise ImrError(f"{folder} is not a folder; give the folder of the case file")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    scans = [path for path in files if path.suffix.lower() != ".txt"]
    texts = [page for path in files if path not in scans for page in _letter(path).split("\f")]
    if scans and texts:
        raise ImrError(f"{folder} contains texts and other files; put only one kind into the folder")
    if not files:
        return CaseFile()
    from imr.records import index  # the extra [records], which checks of letters alone do not need

    return index.build(scans) if scans else index.from_texts(texts)


@click.command("check")
@click.argument("letters", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--case-file", "folder", type=click.Path(path_type=Path), help="The folder of the letter's case file.")
@click.option("--public", is_flag=True, help="The letter is published: look for identifiers that redaction left.")
@_GUIDELINES
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per letter.")
def check_command(
    letters: tuple[Path, ...], folder: Path | None, public: bool, files: tuple[Path, ...], as_json: bool
) -> None:
    """Check each letter of LETTERS (PDF or text) against its guidelines, its case file and itself.

    Exits with 1 if there is a stop or an ask, or a letter was not read; with 0 if there are at most notes.
    """
    register, file, open_ones = _register(files), _case_file(folder), 0
    for path in letters:
        text = _letter(path)
        reading = determination.read(text)
        if reading.determination is None:
            open_ones += 1
            problems = "; ".join(reading.problems) or "the layout is not known"
            click.echo(
                json.dumps({"source": str(path), "concerns": None, "problems": problems})
                if as_json
                else f"{path}: not read: {problems}"
            )
            continue
        found = checks.run(reading.determination, file, Context(text=text, register=register, public=public))
        open_ones += any(concern.severity is not Severity.NOTE for concern in found)
        if as_json:
            click.echo(json.dumps({"source": str(path), "concerns": to_plain(found)}, ensure_ascii=False))
        else:
            _print_concerns(path, found, reading.determination)
    sys.exit(min(open_ones, 1))


def _print_concerns(path: Path, found: tuple[Concern, ...], letter: determination.Determination) -> None:
    """Print stops, then asks, then notes; a concern of several issues once.

    Concerns of nearly every letter in one line at the end.
    """
    tally = ", ".join(f"{sum(c.severity is s for c in found)} {s.value}" for s in Severity)
    click.echo(f"{path}: {tally}")
    groups: dict[tuple[str, str, str], list[Concern]] = {}
    for concern in found:
        if not concern.usual:
            groups.setdefault((concern.check, concern.says, concern.sentence), []).append(concern)
    for same in groups.values():
        _print_concern(same[0], _place(same, letter))
    if usual := [concern.says.rstrip(".") for concern in found if concern.usual]:
        click.echo(f"  also, as nearly every letter of 2014 to 2017: {'; '.join(usual)}.")
    _print_missing(letter)


def _place(same: list[Concern], letter: determination.Determination) -> str:
    numbers = [concern.issue for concern in same if concern.issue]
    if len(numbers) > 1:
        return f"issues {', '.join(map(str, numbers))}"
    return f"issue {numbers[0]}: {letter.issues[numbers[0] - 1].heading[:60]}" if numbers else "letter"


def _print_concern(concern: Concern, place: str) -> None:
    click.echo(f"  {concern.severity.value.upper():4} {concern.check} ({place})")
    click.echo(f"       {concern.says}")
    if concern.sentence and concern.sentence not in concern.says:
        click.echo(f"       it says: {textwrap.shorten(concern.sentence, 400, placeholder=' ...')}")
    for item in concern.evidence:
        click.echo(f"       {item.where}: {textwrap.shorten(item.words, 300, placeholder=' ...')}")
    click.echo(f"       do: {concern.do}")
    for reversal in concern.reversals:
        click.echo(f"       would have prevented {reversal}")
    if concern.under:
        unseen = "" if all(c.known.verified for c in concern.under) else " (not all seen in the text of the law)"
        click.echo(f"       under: {'; '.join(map(str, concern.under))}{unseen}")


def _print_missing(letter: determination.Determination) -> None:
    for number, issue in enumerate(letter.issues, 1):
        if missing := checks.would_change(letter, number):
            click.echo(f"  What would change issue {number} ({issue.heading[:60]}):")
            for one in missing:
                click.echo(f"       - {one.what}")
