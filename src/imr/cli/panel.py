"""`imr panel`: the register, the candidates of a case, the assignment of a day with its proof, and commitments.

These commands are for the review organization, which knows its reviewers. Only `verify` is for everybody.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from imr import spreadsheets
from imr.errors import ImrError
from imr.plain import from_plain, to_plain

T = TypeVar("T")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; default: today.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _day(on: datetime | None) -> date:
    return (on or datetime.now()).date()  # noqa: DTZ005, TID251 - the command line may ask what day it is


def _load(kind: type[T], file: Path) -> T:
    try:
        return from_plain(kind, json.loads(file.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ImrError(f"{file} is not JSON in UTF-8: {error}") from None


def _roster(file: Path) -> Any:
    from imr.panel.roster_csv import read_roster

    try:
        return read_roster(file.read_text(encoding="utf-8-sig")).whole()
    except UnicodeDecodeError:
        raise ImrError(f"{file} is not text in UTF-8: save the sheet as CSV in UTF-8") from None


def _requests(file: Path) -> Any:
    from imr.panel.request import ReviewRequest

    return _load(tuple[ReviewRequest, ...], file)


def _history(file: Path | None) -> Any:
    from imr.panel.request import PastAssignment

    return () if file is None else _load(tuple[PastAssignment, ...], file)


def _print(value: object) -> None:
    click.echo(json.dumps(to_plain(value), indent=2, ensure_ascii=False))


@click.group("panel")
def panel_command() -> None:
    """Manage reviewers: the register, candidates, assignments with their proof, and commitments."""


@panel_command.command("check")
@click.argument("roster", type=_FILE)
@_ON
def check(roster: Path, on: datetime | None) -> None:
    """Read a register of reviewers (CSV) and print the rows that do not fit, and credentials that have expired or soon will."""
    from imr.panel.roster import warnings

    members, day = _roster(roster), _day(on)
    count = 0
    for member in members:
        for warned in warnings(member, day):
            click.echo(f"{member.id}: {warned.what}, {warned.on}{' (past)' if warned.on < day else ''}")
            count += 1
    click.echo(f"{len(members)} reviewers, {count} warnings")


@panel_command.command("example")
@click.option("--cases", default=40, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--reviewers", default=25, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--seed", default=1, show_default=True)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
@_ON
def example(cases: int, reviewers: int, seed: int, out: Path, on: datetime | None) -> None:
    """Write an invented register (roster.csv) and invented cases (cases.json) to try the other commands on."""
    from imr.panel.roster_csv import write_roster
    from imr.panel.simulation.people import member, request

    day = _day(on)
    out.mkdir(parents=True, exist_ok=True)
    (out / "roster.csv").write_bytes(
        spreadsheets.encoded(write_roster(member(seed, number, day) for number in range(reviewers)))
    )
    listed = [request(seed, number, day) for number in range(cases)]
    (out / "cases.json").write_text(json.dumps(to_plain(listed), indent=1), encoding="utf-8")
    click.echo(f"wrote {out / 'roster.csv'} and {out / 'cases.json'}")


@panel_command.command("assign")
@click.argument("cases", type=_FILE)
@click.argument("roster", type=_FILE)
@click.option("--history", type=_FILE, help="Earlier assignments (JSON), for load and repeated pairings.")
@click.option("--seed", help="Draw among equally good assignments from this seed; it is recorded in the answer.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the answer, with its proof, as JSON."
)
@_ON
def assign(
    cases: Path, roster: Path, history: Path | None, seed: str | None, out: Path | None, on: datetime | None
) -> None:
    """Propose reviewers for all cases at once: lawful, of least cost, and with a proof that no assignment costs less.

    Exits with 5 if a case lacks a reviewer, with the fewest reasons and what would resolve them.
    """
    from imr.panel import assign as solve

    answer = solve(_requests(cases), _roster(roster), _day(on), history=_history(history), seed=seed)
    for pair in answer.pairs:
        reasons = "; ".join(f"{r.because} {r.points}" for r in answer.reasons(pair) if r.points)
        passed = f", {pair.passed_over} better candidates are needed elsewhere or full" if pair.passed_over else ""
        click.echo(f"{pair.case}  {pair.reviewer}  {pair.points} points{passed}{': ' + reasons if reasons else ''}")
    proved = "proved: none costs less" if answer.proves() else "not proved"
    click.echo(f"{len(answer.pairs)} assigned, cost {answer.cost}, {proved}")
    if out is not None:
        out.write_text(json.dumps(to_plain(answer.answer()), indent=1, ensure_ascii=False), encoding="utf-8")
        click.echo(f"wrote {out}")
    answer.require_all()


@panel_command.command("prove")
@click.argument("answer", type=_FILE)
@click.argument("cases", type=_FILE)
@click.argument("roster", type=_FILE)
@click.option("--history", type=_FILE, help="The earlier assignments that the answer was made with.")
def prove(answer: Path, cases: Path, roster: Path, history: Path | None) -> None:
    """Check the proof of an answer again, without a solver: each pair is lawful, and no assignment costs less."""
    from imr.panel.assignment import AssignmentRecord, check_record

    saved = _load(AssignmentRecord, answer)
    check_record(saved, _requests(cases), _roster(roster), _history(history))
    click.echo(f"proved: {len(saved.pairs)} pairs are lawful, and no assignment costs less than {saved.cost}")


@panel_command.command("candidates")
@click.argument("cases", type=_FILE)
@click.argument("roster", type=_FILE)
@click.option("--case", "number", help="Number of the case, if the file contains several.")
@click.option("--history", type=_FILE, help="Earlier assignments (JSON).")
@click.option("--refused", is_flag=True, help="Also list those whom the law refuses, with the rules.")
@_ON
@_JSON
def candidates(
    cases: Path,
    roster: Path,
    number: str | None,
    history: Path | None,
    refused: bool,
    on: datetime | None,
    as_json: bool,
) -> None:
    """List the candidates of one case in order, with every reason and its points."""
    from imr.panel import candidates as listed

    requests = [request for request in _requests(cases) if number in (None, request.number)]
    if len(requests) != 1:
        raise ImrError(
            f"{len(requests)} cases fit: name one with --case" if requests else f"no case {number} in {cases}"
        )
    found = listed(requests[0], _roster(roster), _day(on), history=_history(history))
    if as_json:
        _print(
            [
                {"reviewer": c.member.id, "points": c.points, "available": c.available, "cleared": c.cleared}
                | {"reasons": c.reasons, "refusals": [str(finding) for finding in c.refusals]}
                for c in found
            ]
        )
        return
    for place, candidate in enumerate([c for c in found if c.available], 1):
        click.echo(f"{place:3}. {candidate.member.id}  {candidate.points} points")
        for reason in candidate.reasons:
            click.echo(f"       {reason.points:5}  {reason.name}: {reason.because}")
    _others(found, refused)


def _others(found: Sequence[Any], refused: bool) -> None:
    waiting = [c for c in found if c.cleared and not c.available]
    for candidate in waiting:
        click.echo(f"     {candidate.member.id}  {'away' if candidate.absence else 'no place free'}")
    against = [c for c in found if not c.cleared]
    for candidate in against if refused else ():
        click.echo(f"     {candidate.member.id}  refused: {'; '.join(str(finding) for finding in candidate.refusals)}")
    click.echo(
        f"{len(found) - len(waiting) - len(against)} available, {len(waiting)} full or away, {len(against)} refused"
    )


@panel_command.command("disclose")
@click.argument("commitment", type=_FILE)
@click.option("--all", "everything", is_flag=True, help="Also show who the reviewer is, for the Division only.")
def disclose(commitment: Path, everything: bool) -> None:
    """Print the part of a commitment that the parties may see, with its proof."""
    from imr.panel.commitment import Commitment

    kept = _load(Commitment, commitment)
    _print(kept.open() if everything else kept.disclose())


@panel_command.command("verify")
@click.argument("disclosure", type=_FILE)
@click.option("--root", help="The root published with the case; without it only the file itself is checked.")
def verify(disclosure: Path, root: str | None) -> None:
    """Prove that the facts of a disclosure were sealed when the reviewer was assigned, and print them."""
    from imr.panel.commitment import Disclosure
    from imr.panel.commitment import verify as proved

    shown = _load(Disclosure, disclosure)
    for claim in proved(shown, root):
        said = claim.says if isinstance(claim.says, str) else json.dumps(claim.says, ensure_ascii=False)
        click.echo(f"{claim.sort}: {said}")
    hidden = sum(leaf.claim is None for leaf in shown.leaves)
    against = "the published root" if root else "its own root; give --root to compare it with the published one"
    click.echo(f"proved under {against}; {hidden} fact(s) are not shown")


@click.command("simulate")
@click.option("--year", default=2018, show_default=True, help="A year with a published number of letters.")
@click.option(
    "--reviewers",
    default=450,
    show_default=True,
    type=click.IntRange(0, 5_000),
    help="Number of reviewers on the panel.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same year.")
@click.option(
    "--part",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="A share of the year's cases.",
)
@click.option(
    "--processes", default=2, show_default=True, type=click.IntRange(0, 64), help="Additional processes; 0 for none."
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for year.html and year.json."
)
def simulate_command(year: int, reviewers: int, seed: int, part: float, processes: int, out: Path) -> None:
    """Simulate a year of reviews at real volumes, through the real law, panel and case: timeliness, load, shortages.

    Cases, people and decisions are invented; the report says which figures were published and which are assumed.
    """
    from imr.panel.simulation.report import figures, page
    from imr.panel.simulation.year import simulate

    def tell(line: str) -> None:
        click.echo(line, err=True)

    told = simulate(year, reviewers, seed, part=part, processes=processes, tell=tell)
    out.mkdir(parents=True, exist_ok=True)
    (out / "year.html").write_text(page(told), encoding="utf-8")
    (out / "year.json").write_text(json.dumps(figures(told), indent=1, ensure_ascii=False), encoding="utf-8")
    click.echo(
        f"{len(told.done):,} letters of {told.applications:,} applications; wrote {out / 'year.html'} and {out / 'year.json'}"
    )
    click.echo(f"digest {told.digest}")
