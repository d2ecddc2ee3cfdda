"""`imr corpus`: determinations as tables, searched and counted."""

import json
import os
import sys
from pathlib import Path
from typing import Self

import click

from imr import spreadsheets
from imr.plain import to_plain

_CORPUS = click.argument("corpus", type=click.Path(file_okay=False, path_type=Path))


@click.group("corpus")
def corpus_command() -> None:
    """Read letters by the thousand into tables; search, count and compare them."""


@corpus_command.command("build")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the tables.")
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes to use; default: one more than the number of cores."
)
@click.option("--scheduler", metavar="ADDRESS", help="Read on a Dask cluster whose workers can access both folders.")
@click.option(
    "--checks/--no-checks",
    default=True,
    help="Store the concerns of the checks about each letter; without them it takes half the time.",
)
@click.option("--index/--no-index", default=True, help="Also build the search index.")
def build(source: Path, out: Path, workers: int | None, scheduler: str | None, checks: bool, index: bool) -> None:
    """Read the PDFs and texts of a folder, or of a list of paths, into Parquet. Continues where an earlier run stopped."""
    from imr.corpus.build import build as read_all
    from imr.corpus.indexing import rebuild
    from imr.corpus.statistics import Statistics

    with _Bar("reading") as bar:
        built = read_all(source, out, workers=workers, scheduler=scheduler, checks=checks, progress=bar)
    click.echo(
        f"{built.inputs} inputs: {built.rows['letters']} letters with {built.rows['issues']} issues,"
        f" {built.rows['unread']} not read; {built.kept} of {built.parts} parts reused from an earlier run"
    )
    if index:
        with _Bar("indexing") as bar:
            rebuild(out, bar)
    Statistics(out).keep()


@corpus_command.command("invent")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--letters", default=1_000, show_default=True, type=click.IntRange(min=1))
@click.option("--first", default=0, show_default=True, type=click.IntRange(min=0), help="The seed of the first letter.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes to use; default: one per core.")
def invent(folder: Path, letters: int, first: int, workers: int | None) -> None:
    """Write invented, lawful letters as texts, a thousand per folder, to try the commands at any size."""
    from imr.examples import write_letters

    with _Bar("inventing") as bar:
        write_letters(folder, letters, first=first, workers=workers or os.cpu_count() or 1, progress=bar)


@corpus_command.command("index")
@_CORPUS
def index(corpus: Path) -> None:
    """Rebuild the search index while the old one is in use."""
    from imr.corpus.indexing import rebuild

    with _Bar("indexing") as bar:
        count = rebuild(corpus, bar)
    click.echo(f"{count} issues indexed")


@corpus_command.command("search")
@_CORPUS
@click.argument("query", nargs=-1)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--counts", default="decision,category,year", show_default=True, help="Fields to count by.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def search(corpus: Path, query: tuple[str, ...], limit: int, counts: str, as_json: bool) -> None:
    """Find issues: words, "phrases", field:value, year:[2015 TO 2017], AND, OR, NOT."""
    from imr.corpus.fields import FIELDS
    from imr.corpus.search import Search

    fields = [name for name in counts.split(",") if name]
    found = Search(corpus).find(" ".join(query), limit=limit, counts=fields)
    if as_json:
        click.echo(json.dumps(to_plain(found), ensure_ascii=False))
        return
    for problem in found.problems:
        click.echo(f"not understood: {problem}", err=True)
    click.echo(f"{found.total} issues")
    for hit in found.hits:
        click.echo(f"\n{hit.case_number or hit.letter} issue {hit.issue}, {hit.decision}: {hit.treatment}")
        click.echo(f"    {_marked(hit.passage, hit.marks)}")
    for name in fields:
        click.echo(f"\n{FIELDS[name]}")
        for value, count in found.counts[name]:
            click.echo(f"{count:>9}  {value}")


@corpus_command.command("like")
@_CORPUS
@click.argument("treatment")
@click.option("--circumstances", default="", help="The circumstances of the case, in words.")
@click.option("--nearest", default=30, show_default=True, type=click.IntRange(1, 500))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def like_cases(corpus: Path, treatment: str, circumstances: str, nearest: int, as_json: bool) -> None:
    """Show how the disputes most similar to this treatment were decided."""
    from imr.corpus.search import Search
    from imr.corpus.similar_cases import find_similar

    found = find_similar(Search(corpus), treatment, circumstances, nearest=nearest)
    if as_json:
        click.echo(json.dumps(to_plain(found), ensure_ascii=False))
        return
    if found.share is None:
        click.echo("no similar dispute was found")
        return
    click.echo(
        f"{found.overturned} of the {found.decided} nearest were overturned:"
        f" {found.share.share:.0%}, 95 % interval {found.share.low:.0%} to {found.share.high:.0%}"
    )
    for words, outcome in ((found.of_overturned, "overturned"), (found.of_upheld, "upheld")):
        if words:
            click.echo(f"words of those {outcome}: {', '.join(words)}")
    for hit in found.hits[:10]:
        click.echo(f"{hit.decision:>10}  {hit.case_number or hit.letter} issue {hit.issue}: {hit.treatment}")


@corpus_command.command("rates")
@_CORPUS
@click.option(
    "--by",
    default="category",
    show_default=True,
    help="A dimension, such as category, drug_class, guideline, body_part, specialty, licensure, year.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def rates(corpus: Path, by: str, as_csv: bool) -> None:
    """Count how often UR decisions were overturned, with denominators and 95 % intervals."""
    from imr.corpus.fields import DIMENSIONS
    from imr.corpus.statistics import Statistics

    statistics = Statistics(corpus)
    if as_csv:
        table = statistics.table(by)
        rows = (tuple(row.values()) for row in table.to_pylist())
        sys.stdout.buffer.write(spreadsheets.encoded(spreadsheets.write(table.column_names, rows)))
        return
    found = statistics.rates(by)
    click.echo(f"{DIMENSIONS[by][1]:<50} {'issues':>8} {'overturned':>10}  rate (95 % interval)")
    for rate in found:
        if rate.rate is None:
            click.echo(f"{rate.value:<50} withheld: fewer than {statistics.smallest}, or it would reveal such a number")
        else:
            click.echo(
                f"{rate.value:<50} {rate.issues:>8} {rate.overturned:>10}"
                f"  {rate.rate.share:6.1%} ({rate.rate.low:.1%} to {rate.rate.high:.1%})"
            )


@corpus_command.command("import")
@click.argument("kind", type=click.Choice(["dmhc", "ny"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A new folder.")
def bring_in(kind: str, file: Path, out: Path) -> None:
    """Import open data on reviews of health plans: California's DMHC table, or New York's external appeals, as CSV."""
    from imr.corpus.imports import bring_in as read_export
    from imr.corpus.indexing import rebuild

    counts = read_export(kind, file, out)
    rebuild(out)
    click.echo(f"{counts['letters']} decisions, {counts['unread']} rows not read")


class _Bar:
    """A progress bar with the time left, if standard error is a terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = 0

    def __enter__(self) -> Self:
        self._bar = click.progressbar(length=0, label=self._what, show_eta=True, show_pos=True, file=sys.stderr)
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(None, None, None)

    def __call__(self, done: int, total: int) -> None:
        self._bar.length = total
        self._bar.update(done - self._done)
        self._done = done


def _marked(passage: str, marks: tuple[tuple[int, int], ...]) -> str:
    parts, at = [], 0
    for start, end in marks:
        parts += [passage[at:start], click.style(passage[start:end], bold=True)]
        at = end
    return " ".join("".join([*parts, passage[at:]]).split())
