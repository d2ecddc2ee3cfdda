"""The command for case files."""

import json
import sys
from pathlib import Path

import click

from imr.plain import to_plain
from imr.records.model import CaseFile, TextSource


@click.command("index")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: pages, documents, facts.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the case file as one PDF here.")
@click.option("--case", "number", default="", help="The case number printed on every page of the PDF.")
@click.option("--ocr/--no-ocr", default=True, help="Read page images by OCR.  [default: ocr]")
@click.option(
    "--again/--once",
    default=True,
    help="Read poor scans and pages of numbers with the second, slower engine too.  [default: again]",
)
@click.option("--workers", type=click.IntRange(1), help="Processes for OCR; default: one per processor.")
def index_command(
    files: tuple[Path, ...],
    *,
    as_json: bool,
    out: Path | None,
    number: str,
    ocr: bool,
    again: bool,
    workers: int | None,
) -> None:
    """Make the case file of FILES (PDF, TIFF, JPEG, PNG, or ZIP of these): its documents, dates and facts."""
    from imr.records import index

    shown = sys.stderr.isatty()

    def progress(done: int, pages: int) -> None:
        if shown:
            click.echo(f"\r{done} of {pages} pages", nl=done >= pages, err=True)

    built = index.build(files, scans=ocr, again=again, workers=workers, progress=progress)
    if as_json:
        click.echo(json.dumps(_plain(built), ensure_ascii=False))
    else:
        _print(built)
    for remark in _unread(built):
        click.echo(f"imr: {remark}", err=True)
    if out is not None:
        index.write_bundle(files, built, out, case=number or out.stem)
        click.echo(f"wrote {out}", err=True)


def _plain(built: CaseFile) -> dict[str, list[object]]:
    return {
        "pages": [
            {
                "number": page.number,
                "file": page.file,
                "source_page": page.source_page,
                "width": page.width,
                "height": page.height,
                "words": len(page.words),
                "source": page.source.value,
                "confidence": page.confidence,
                "engine": page.engine,
            }
            for page in built.pages
        ],
        "documents": [to_plain(document) for document in built.documents],
        "facts": [to_plain(fact) for fact in built.facts],
        "repeated": [{"page": page, "of": before} for page, before in built.repeated.items()],
    }


def _print(built: CaseFile) -> None:
    for document in built.documents:
        pages = f"{document.first}" if document.first == document.last else f"{document.first}-{document.last}"
        again = f"  same as {document.duplicate_of}" if document.duplicate_of else ""
        day = document.dated_on.isoformat() if document.dated_on else "not dated"
        click.echo(
            f"{document.id:>5}  {pages:>9}  {day:10}  {document.kind.value:42}  {document.author or ''}{again}".rstrip()
        )
    for page, before in built.repeated.items():
        click.echo(f"page {page} repeats page {before}")
    click.echo(f"{len(built.documents)} documents, {len(built.facts)} facts, {len(built.pages)} pages")


def _unread(built: CaseFile) -> list[str]:
    from imr.records import ocr

    bare = [page.number for page in built.pages if page.source is TextSource.NONE]
    if not bare:
        return []
    return [
        f"{len(bare)} pages have no text (first: page {bare[0]}): {ocr.missing_language_data() or 'they are images without words, or were not read'}"
    ]
