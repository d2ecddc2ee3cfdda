"""Commands for letters: `imr read`, `imr write`, `imr redact`."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from imr.determination import Determination, Reading, compose, normalize, plain, read
from imr.determination.data import from_data, to_data
from imr.determination.identifiers import Identifiers
from imr.determination.redaction import redact
from imr.errors import ImrError, Unreadable, Unwritable
from imr.plain import from_plain
from imr.records.letter_verification import verified_pdf
from imr.records.pdf import LARGEST, page_texts

#: The sender of a letter if neither the case nor the setting names one.
ORGANIZATION = "Independent Review Organization"
#: The largest text that is read, in bytes; no letter is longer.
LARGEST_TEXT = 8 * 1024 * 1024


@click.command("read")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per input.")
def read_command(paths: tuple[str, ...], as_json: bool) -> None:
    """Read determination letters: PDFs, texts, folders of both, or - for standard input.

    All inputs are read, even if one cannot be; the exit code is then 7.
    """
    unreadable = False
    for source in _sources(paths):
        try:
            reading, notes = _reading(source)
        except Unreadable as error:
            unreadable = True
            reading, notes = None, [str(error)]
        click.echo(_line(source, reading, notes) if as_json else _shown(source, reading, notes))
    if unreadable:
        sys.exit(Unreadable.exit_code)


def _sources(paths: tuple[str, ...]) -> Iterator[str]:
    """Yield each input; a folder gives the PDFs and texts below it."""
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            yield path
            continue
        found = sorted(str(p) for p in Path(path).rglob("*") if p.suffix.lower() in {".pdf", ".txt"} and p.is_file())
        yield from found or [path]


def _reading(source: str) -> tuple[Reading, list[str]]:
    data = _bytes(source)
    if b"%PDF-" in data[:1024]:
        text, notes = "\f".join(page_texts(data)), list[str]()
    else:
        text, notes = _decoded(data)
    reading = read(text)
    if reading.determination is None and reading.unread:
        beginning = " ".join(" ".join(reading.unread)[:400].split())[:120]
        notes.append(f"not read: “{beginning}…”")
    return reading, notes


def _bytes(source: str) -> bytes:
    """Give the bytes of an input. Raises Unreadable if it is too large to be a letter."""
    too_large = False
    if source == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
    elif Path(source).is_dir():
        raise Unreadable("this folder contains no PDF and no text (.pdf, .txt)")
    else:
        try:
            with Path(source).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                too_large = size > LARGEST
                data = b"" if too_large else file.read(LARGEST + 1)
        except OSError as error:
            raise Unreadable(f"this file cannot be opened: {error.strerror or error}") from error
    if too_large or len(data) > LARGEST:
        raise Unreadable(
            f"this input is larger than {LARGEST:,} bytes, more than any letter; check that it is the right file"
        )
    return data


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """Decode a text: UTF-8, UTF-16 with a byte order mark, or else the Windows code page, with a note."""
    if len(data) > LARGEST_TEXT:
        raise Unreadable(
            f"this text has {len(data):,} bytes, and no letter has more than {LARGEST_TEXT:,}; send one letter"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings, notes = ["utf-16"], [""]
    else:
        encodings, notes = ["utf-8-sig", "cp1252"], ["", "this text is not UTF-8; it was read as Windows-1252"]
    for encoding, note in zip(encodings, notes, strict=True):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, [note] if note else []
    raise Unreadable(
        "this is neither a PDF nor a text in UTF-8, UTF-16 or Windows-1252; save it as UTF-8 and send it again"
    )


def _line(source: str, reading: Reading | None, notes: list[str]) -> str:
    determination = reading.determination if reading else None
    return json.dumps(
        {
            "source": source,
            "determination": to_data(determination) if determination else None,
            "problems": [*(reading.problems if reading else ()), *notes],
            "unread_share": round(reading.unread_share, 6) if reading else 1.0,
        },
        ensure_ascii=False,
    )


def _shown(source: str, reading: Reading | None, notes: list[str]) -> str:
    lines = [source]
    if reading is not None and reading.determination is not None:
        found = reading.determination
        pace = found.review_type.value if found.review_type else "pace not stated"
        decided = found.decided_on.isoformat() if found.decided_on else "on a day not stated"
        lines.append(f"  {found.case_number or 'no case number'}, {pace}, decided {decided}: {found.outcome.value}")
        lines.extend(f"  {n}. {issue.heading}: {issue.decision.value}" for n, issue in enumerate(found.issues, 1))
        if reading.unread:
            lines.append(f"  not read: {reading.unread_share:.1%} of the text")
    lines.extend(f"  problem: {problem}" for problem in [*(reading.problems if reading else ()), *notes])
    return "\n".join(lines)


_CASE = click.argument("case", type=click.Path(path_type=Path), metavar="CASE.json")
_ORGANIZATION = click.option(
    "--organization",
    envvar="IMR_ORGANIZATION",
    help="The review organization in the letter; default: the one in CASE.json.",
)


@click.command("write")
@_CASE
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write into.")
@_ORGANIZATION
def write_command(case: Path, out: Path, organization: str | None) -> None:
    """Write the letter of a determination as text and as PDF: determination.txt and determination.pdf."""
    determination, _ = _case(case, organization)
    unsaid = [
        f"disputed treatment {n} has no rationale"
        for n, one in enumerate(determination.issues, 1)
        if not one.rationale.strip()
    ]
    if unsaid:
        raise Unwritable(f"a determination gives its reasons (Labor Code 4610.6(d)): {'; '.join(unsaid)}. Write them")
    _write_all(out, _papers("determination", determination))


@click.command("redact")
@_CASE
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write public.json, .txt and .pdf into.")
@_ORGANIZATION
def redact_command(case: Path, out: Path | None, organization: str | None) -> None:
    """Write the public version of a determination, without identifiers of the parties that CASE.json lists.

    Without --out it is printed as JSON.
    """
    determination, parties = _case(case, organization)
    if not any(any(getattr(party, field) for field in Identifiers.__slots__) for party in parties):
        raise ImrError(
            f"{case} lists no parties, so nothing can be redacted; list them under “parties” (docs/letter.md)"
        )
    public = normalize(redact(determination, parties))
    as_json = json.dumps(to_data(public), ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(as_json, nl=False)
        return
    _write_all(out, {"public.json": as_json.encode(), **_papers("public", public)})


def _case(path: Path, organization: str | None) -> tuple[Determination, tuple[Identifiers, ...]]:
    """Give the determination of a case file in JSON, and its parties."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Unreadable(f"{path} cannot be opened: {error.strerror or error}") from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is not JSON in UTF-8: {error}") from error
    if not isinstance(data, dict):
        raise ImrError(f"{path}: an object with the keys of a determination is expected (docs/letter.md)")
    parties = _parties(data.pop("parties", []), path)
    if isinstance(data.get("determination"), dict):
        data = {**data["determination"], **{k: v for k, v in data.items() if k == "organization"}}
    chosen = organization or data.get("organization") or ORGANIZATION
    return from_data({**data, "organization": chosen}), parties


def _papers(stem: str, determination: Determination) -> dict[str, bytes]:
    letter = compose(determination)
    return {f"{stem}.txt": plain(letter).encode(), f"{stem}.pdf": verified_pdf(letter, determination)}


def _write_all(folder: Path, papers: dict[str, bytes]) -> None:
    """Write each paper completely or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in papers.items():
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                file.write(content)
            Path(file.name).chmod(0o644)
            Path(file.name).replace(folder / name)
    except OSError as error:
        raise ImrError(f"{folder} cannot be written into: {error.strerror or error}") from error
    for name in papers:
        click.echo(str(folder / name))


def _parties(data: Any, path: Path) -> tuple[Identifiers, ...]:
    if not isinstance(data, list):
        raise ImrError(f"{path}: parties: a list is expected")
    return tuple(from_plain(Identifiers, party) for party in data)
