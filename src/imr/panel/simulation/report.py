"""The results of a simulated year, as one page with charts and their tables, and as JSON."""

import html
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from imr.charts import Bar, bars, lines
from imr.panel.simulation.year import Year
from imr.plain import to_plain

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """The time that some determinations took, in calendar days, and the share that was in time."""

    of: str
    letters: int
    from_receipt: float
    from_records: float
    middle_from_records: float
    in_time: float


def timeliness(year: Year) -> tuple[Timeliness, ...]:
    """Give the timeliness by track, by month of receipt, and of all."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for one in year.done:
        groups[f"track: {one.track}"].append(one)
    for one in year.done:
        groups[MONTHS[one.received.month - 1]].append(one)
    ordered = [name for name in groups if name.startswith("track")] + [m for m in MONTHS if m in groups]
    rows = [_timeliness(name, groups[name]) for name in ordered]
    return (*rows, _timeliness("all", year.done)) if year.done else ()


def _timeliness(of: str, done: Sequence[Any]) -> Timeliness:
    after = [(one.issued - one.complete).days for one in done]
    return Timeliness(
        of=of,
        letters=len(done),
        from_receipt=round(fmean((one.issued - one.received).days for one in done), 1),
        from_records=round(fmean(after), 1),
        middle_from_records=float(median(after)),
        in_time=round(fmean(one.in_time for one in done), 4),
    )


def figures(year: Year) -> dict[str, Any]:
    """Give the year as plain data."""
    decided = [decision for one in year.done for decision in one.decisions]
    return {
        "year": year.volume.year,
        "seed": year.seed,
        "part": year.part,
        "digest": year.digest,
        "reviewers": year.reviewers,
        "applications": year.applications,
        "letters": len(year.done),
        "ended before review, by first reason": dict(year.ended),
        "records late": sum(one.records_late for one in year.done),
        "items": len(decided),
        "items overturned": decided.count("overturned"),
        "assignments proved": all(day.proved for day in year.days),
        "left without a reviewer at the end": year.left,
        "timeliness": to_plain(timeliness(year)),
        "days": to_plain(year.days),
        "load": [{"specialty": name, "reviewers": count, "cases": cases} for name, count, cases in year.load],
        "short, in cases times days": dict(year.short),
        "one more reviewer": to_plain(year.one_more),
        "figures": to_plain(year.volume.figures),
    }


def page(year: Year) -> str:
    """Give the year as one self-contained page of HTML."""
    told, title = figures(year), f"Simulated year {year.volume.year}"
    times = timeliness(year)
    months = [row for row in times if row.of in MONTHS]
    body = [
        f"<h1>{title}</h1>",
        (
            f"<p>{told['letters']:,} determinations of {told['applications']:,} applications by {year.reviewers:,} reviewers, seed"
            f" {year.seed}. Cases, people and decisions are invented; the law, the steps and the assignments are the system's own."
            " The year begins with nothing open.</p>"
        ),
        "<h2>Timeliness</h2>",
        _chart(
            lines(
                "Days to the determination, by month of receipt",
                [row.of for row in months],
                {
                    "from receipt": [row.from_receipt for row in months],
                    "from complete records": [row.from_records for row in months],
                },
                unit="days",
            )
        ),
        _table(
            ("cases", "letters", "days from receipt", "days from records", "median", "in time"),
            [
                (r.of, r.letters, r.from_receipt, r.from_records, r.middle_from_records, f"{r.in_time:.1%}")
                for r in times
            ],
        ),
        "<h2>Load</h2>",
        _bars("Cases a reviewer in the year, by specialty", [(n, cases / count) for n, count, cases in year.load]),
        _table(
            ("specialty", "reviewers", "cases", "cases a reviewer"),
            [(*row, round(row[2] / row[1], 1)) for row in year.load],
        ),
        "<h2>Where the panel is short</h2>",
        "<p>Each day that a case waits because nobody is free counts once, under every suitable specialty.</p>",
        _bars("Days that cases waited for a reviewer", [(name, float(count)) for name, count in year.short]),
        _table(("specialty", "cases times days"), year.short),
        "<h2>One more reviewer</h2>",
        (
            "<p>On one business day of twenty, the day's cases are assigned again with one more reviewer of a specialty, who takes as"
            " many a day as such a reviewer finishes a day. Cases: how many more find a reviewer that day. Points: how many fewer the"
            " assignment costs; a case more brings points of its own, so that these may rise.</p>"
        ),
        _bars(
            "Cases more in a hundred days with one more reviewer",
            [(o.specialty, 100 * o.cases) for o in year.one_more if o.cases],
        ),
        _table(
            ("specialty", "cases more a day", "points fewer a day"),
            [(o.specialty, round(o.cases, 2), round(o.points, 1)) for o in year.one_more],
        ),
        "<h2>Sources and assumptions</h2>",
        _table(
            ("figure", "value", "from"),
            [
                (f.name, f"{f.value:,}", f"{f.source}{' (assumed)' if f.assumed and f.source != 'assumed' else ''}")
                for f in year.volume.figures
            ],
        ),
        "<h2>Ended before a review</h2>",
        _table(("first reason of the law", "applications"), year.ended),
        (
            f"<p>Every day's assignment proved: {'yes' if told['assignments proved'] else 'no'}."
            " Every letter was written, read back, searched for the reviewer's name, signed and issued by the real steps; left out are the"
            f" site, the letter as PDF, the reading of records, the checks beside the draft, and publication. Digest of all cases' days, decisions and letters: <code>{year.digest}</code>.</p>"
        ),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body{font:1rem/1.5 sans-serif;color:#1d2b36;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #d5dbe0;padding:.25rem .75rem;text-align:left}"
        "td+td,th+th{text-align:right}svg{max-width:100%;height:auto}.scroll{overflow-x:auto}code{overflow-wrap:anywhere}"
        "@media print{body{margin:0;max-width:none;font-size:10pt}.scroll{overflow:visible}h2{break-after:avoid}tr,svg{break-inside:avoid}}"
        "</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _bars(title: str, rows: Sequence[tuple[str, float]]) -> str:
    return _chart(bars(title, [Bar(name, value) for name, value in rows], unit="", scale=1)) if rows else "<p>None.</p>"


def _chart(svg: bytes) -> str:
    """Give the drawing without its XML head. Its table is next to it, so that it is hidden from screen readers."""
    text = svg.decode()
    return f'<div aria-hidden="true">{text[text.index("<svg") :]}</div>'


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def cells(tag: str, row: Sequence[object]) -> str:
        told = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in told) + "</tr>"

    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{html.escape(f"{head[1]} by {head[0]}")}"><table>'
        + cells("th", head).replace("<th>", '<th scope="col">')
        + "".join(cells("td", r) for r in rows)
        + "</table></div>"
    )
