"""Rates and counts over a corpus. Every rate has its denominator and interval; cells that are small or of few reviewers are withheld.

A corpus is counted once: the result is cached beside the tables, after withholding, until the tables change.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from imr.corpus import database
from imr.corpus.fields import DIMENSIONS
from imr.corpus.files import write_json
from imr.corpus.model import CorpusCounts, Interval, Rate, StageDuration, Totals, wilson
from imr.corpus.publication_status import publication_status
from imr.errors import ImrError
from imr.plain import from_plain, to_plain

#: Cells of fewer issues than this are withheld, because a rare combination could identify a person. A policy, not law.
SMALLEST_CELL = 11
#: Cells that fewer reviewers than this decided are withheld, because they would count one person's decisions. A policy, not law.
FEWEST_REVIEWERS = 3
#: The file that caches the counts, and its version; raise the version to count again.
CACHE_FILE, CACHE_VERSION = "statistics.json", 2

#: Dimensions whose cells add up to a total that is published elsewhere (of all issues, or of a category), with the SQL for that group.
_ADDS_UP: Mapping[str, str] = {
    "category": "''",
    "subcategory": "category",
    "drug_class": "category",
    "specialty": "''",
    "year": "''",
    "review_type": "''",
}

#: Stages of a review, as the days between two dates of a letter's header.
STAGES: Mapping[str, tuple[str, str, str]] = {
    "ur_to_application": ("ur_decided_on", "received_on", "UR decision to application"),
    "application_to_assignment": ("received_on", "assigned_on", "Application to assignment"),
    "assignment_to_decision": ("assigned_on", "decided_on", "Assignment to decision"),
    "application_to_decision": ("received_on", "decided_on", "Application to decision"),
}


def _withheld(
    cells: Iterable[tuple[str, int, str]],
    smallest: int,
    few: Mapping[str, frozenset[str]] = MappingProxyType({}),
    *,
    adds_up: bool,
) -> set[str]:
    """Give the names of the cells to withhold; each cell is (group that it adds up within, issues, name).

    `few` gives the reviewers of each cell that too few decided. Where the cells of a group add up to a published total, at least
    two are withheld, and together no fewer issues than the smallest cell and of no fewer reviewers, so that subtracting the others
    from the total reveals no such cell.
    """
    withheld: set[str] = set()
    for _, group in groupby(sorted(cells), key=itemgetter(0)):
        ascending = [(issues, name) for _, issues, name in group]
        taken = [cell for cell in ascending if cell[0] < smallest or cell[1] in few]
        for cell in [one for one in ascending if one not in taken] if taken and adds_up else ():
            if len(taken) > 1 and sum(issues for issues, _ in taken) >= smallest and _of_several(taken, few):
                break
            taken.append(cell)
        withheld.update(name for _, name in taken)
    return withheld


def _of_several(cells: Iterable[tuple[int, str]], few: Mapping[str, frozenset[str]]) -> bool:
    """Say whether enough reviewers decided these cells together."""
    names = [name for _, name in cells]
    together = frozenset[str]().union(*(few.get(name, ()) for name in names))
    return any(name not in few for name in names) or len(together) >= FEWEST_REVIEWERS


def _gathered(spread: Sequence[tuple[int, int]], smallest: int) -> tuple[tuple[str, int], ...]:
    """Give the number of letters by their number of issues; the largest are merged until they are no fewer than the smallest cell."""
    rows = [(str(issues), letters) for issues, letters in spread]
    while len(rows) > 1 and rows[-1][1] < smallest:
        (issues, letters), (_, more) = rows[-2], rows.pop()
        rows[-1] = (f"{issues.removesuffix(' or more')} or more", letters + more)
    return tuple(rows)


class Statistics:
    """Counts over the tables of one corpus. The first question reads the cache, or counts. Raises SetupError without a corpus.

    `reviewers` gives who decided a letter, by its case number, as any word that is one reviewer's; it is never in what is counted.
    A letter whose reviewer is not known counts as decided by somebody who decided no other; a cell of such letters alone is of many.
    """

    def __init__(
        self, corpus: Path, smallest: int = SMALLEST_CELL, reviewers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        database.require_corpus(corpus)
        self.corpus = corpus
        self.smallest = smallest
        self._reviewers = reviewers

    def keep(self) -> CorpusCounts:
        """Give all counts, and cache them beside the tables if that was not done yet."""
        return self._counted

    @cached_property
    def _counted(self) -> CorpusCounts:
        of, file = self._mark(), self.corpus / CACHE_FILE
        with suppress(OSError, ValueError, KeyError, ImrError):
            kept = json.loads(file.read_text(encoding="utf-8"))
            if kept["of"] == of:
                return from_plain(CorpusCounts, kept["counted"])
        counted = _Counting(self.corpus, self.smallest, self._reviewers).everything()
        with suppress(OSError):  # a corpus in a read-only folder is counted each time it is opened
            write_json(file, {"of": of, "counted": to_plain(counted)})
        return counted

    def _mark(self) -> str:
        """Give a digest of what is counted and how: the tables' files, the smallest cell, and which letters have one reviewer."""
        files = [
            (str(file.relative_to(self.corpus)), found.st_size, found.st_mtime_ns)
            for name in ("letters", "issues", "citations", "unread")
            for file in sorted((self.corpus / name).glob("part-*.parquet"))
            for found in [file.stat()]
        ]
        known = to_plain(publication_status(self.corpus))
        counted = [CACHE_VERSION, self.smallest, files, known, _groups(self._reviewers)]
        return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()

    def totals(self) -> Totals:
        """Give the totals of the corpus."""
        return self._counted.totals

    def rates(self, by: str) -> tuple[Rate, ...]:
        """Give the rate of overturning by one dimension, the most frequent value first, withheld ones last by name."""
        if by not in DIMENSIONS:
            raise ImrError(f"there is no dimension {by}; there are {', '.join(DIMENSIONS)}")
        return self._counted.rates[by]

    def stages(self) -> tuple[StageDuration, ...]:
        """Give the days that each stage took, over the letters whose header has both dates."""
        return self._counted.stages

    def unread(self) -> tuple[tuple[str, int], ...]:
        """Give the reasons why files gave no determination, with counts, the most frequent first."""
        return self._counted.unread

    def table(self, by: str) -> pa.Table:
        """Give the rates by one dimension as an Arrow table, for download as CSV or Parquet."""
        return pa.Table.from_pylist(
            [
                {
                    by: rate.value,
                    "issues": rate.issues,
                    "overturned": rate.overturned,
                    "rate": rate.rate.share if rate.rate else None,
                    "low95": rate.rate.low if rate.rate else None,
                    "high95": rate.rate.high if rate.rate else None,
                }
                for rate in self.rates(by)
            ],
            schema=pa.schema(
                [
                    (by, pa.string()),
                    ("issues", pa.int64()),
                    ("overturned", pa.int64()),
                    ("rate", pa.float64()),
                    ("low95", pa.float64()),
                    ("high95", pa.float64()),
                ]
            ),
        )


def _groups(reviewers: Mapping[str, str]) -> list[list[str]]:
    """Give the case numbers of each reviewer together, without the reviewer, in one order."""
    groups: dict[str, list[str]] = {}
    for number in sorted(reviewers):
        groups.setdefault(reviewers[number], []).append(number)
    return sorted(groups.values())


class _Counting:
    """Counts the tables of a corpus in a database."""

    def __init__(self, corpus: Path, smallest: int, reviewers: Mapping[str, str]) -> None:
        self.smallest = smallest
        self._db = db = database.connect(corpus)
        known = pa.table(
            {"number": pa.array(reviewers, pa.string()), "reviewer": pa.array(reviewers.values(), pa.string())}
        )
        db.register("known_reviewers", known)
        db.execute(
            "CREATE TABLE letters AS SELECT outcome, issues, coalesce(reviewer, CAST(letter AS VARCHAR)) AS reviewer, reviewer IS NOT NULL AS is_known, ur_decided_on, received_on, assigned_on, decided_on"
            " FROM all_letters SEMI JOIN once USING (letter) ANTI JOIN set_aside USING (case_number)"
            " LEFT JOIN known_reviewers ON case_number = number"
        )
        db.execute(
            "CREATE TABLE counted AS SELECT decision, category, subcategory, drug_class, body_parts, guidelines, specialty,"  # noqa: S608 - names are ours
            f" licensure, year, review_type, coalesce(reviewer, CAST(letter AS VARCHAR)) AS reviewer, reviewer IS NOT NULL AS is_known FROM ({database.issues(corpus)})"
            " ANTI JOIN set_aside USING (case_number) LEFT JOIN known_reviewers ON case_number = number"
        )

    def everything(self) -> CorpusCounts:
        return CorpusCounts(
            totals=self.totals(),
            stages=self.stages(),
            unread=self.unread(),
            rates={by: self.rates(by) for by in DIMENSIONS},
        )

    def totals(self) -> Totals:
        db = self._db
        letters, issues, overturned = _row(
            db,
            "SELECT (SELECT count(*) FROM letters), count(*), count(*) FILTER (decision = 'overturned') FROM counted",
        )
        unread = _row(db, "SELECT count(*) FROM all_unread")[0]
        read = _row(db, "SELECT count(*) FROM all_letters")[0]
        set_aside = _row(
            db, "SELECT count(*) FROM all_letters SEMI JOIN once USING (letter) SEMI JOIN set_aside USING (case_number)"
        )[0]
        outcomes = db.execute("SELECT outcome, count(*) FROM letters GROUP BY outcome ORDER BY outcome").fetchall()
        spread = db.execute("SELECT issues, count(*) FROM letters GROUP BY issues ORDER BY issues").fetchall()
        return Totals(
            inputs=read + unread,
            letters=letters,
            issues=issues,
            overturned=overturned,
            rate=wilson(overturned, issues) if issues else Interval(0.0, 0.0, 1.0),
            unread=unread,
            outcomes=tuple(outcomes),
            issues_a_letter=_gathered(spread, self.smallest),
            set_aside=set_aside,
        )

    def rates(self, by: str) -> tuple[Rate, ...]:
        value, within = DIMENSIONS[by][0], _ADDS_UP.get(by, "''")
        found = self._db.execute(
            f"WITH named AS (SELECT {value} AS value, decision, reviewer, is_known, {within} AS within FROM counted)"  # noqa: S608 - from the tables above
            " SELECT coalesce(nullif(value, ''), 'not stated'), count(*), count(*) FILTER (decision = 'overturned'), any_value(within),"
            f" CASE WHEN bool_or(is_known) AND count(DISTINCT reviewer) < {FEWEST_REVIEWERS} THEN list(DISTINCT reviewer) END FROM named {'WHERE value IS NOT NULL' if by == 'drug_class' else ''} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        cells = [(within, issues, name) for name, issues, _, within, _ in found]
        few = {name: frozenset(reviewers) for name, *_, reviewers in found if reviewers is not None}
        withheld = _withheld(cells, self.smallest, few, adds_up=by in _ADDS_UP)
        shown = [
            Rate(value=name, issues=issues, overturned=overturned, rate=wilson(overturned, issues))
            for name, issues, overturned, *_ in found
            if name not in withheld
        ]
        return (*shown, *(Rate(value=name, issues=None, overturned=None, rate=None) for name in sorted(withheld)))

    def stages(self) -> tuple[StageDuration, ...]:
        stages = []
        for first, second, title in STAGES.values():
            letters, of_few, *quantiles = _row(
                self._db,
                f"WITH days AS (SELECT date_diff('day', {first}, {second}) AS d, reviewer, is_known FROM letters"  # noqa: S608 - from the table above
                f" WHERE {first} IS NOT NULL AND {second} IS NOT NULL)"
                f" SELECT count(*), bool_or(is_known) AND count(DISTINCT reviewer) < {FEWEST_REVIEWERS},"
                " quantile_cont(d, 0.25), quantile_cont(d, 0.5), quantile_cont(d, 0.75), quantile_cont(d, 0.9) FROM days",
            )
            if letters >= self.smallest and not of_few:
                quarter, median, three_quarters, nine_tenths = quantiles
                stages.append(
                    StageDuration(
                        name=title,
                        letters=letters,
                        quarter=quarter,
                        median=median,
                        three_quarters=three_quarters,
                        nine_tenths=nine_tenths,
                    )
                )
        return tuple(stages)

    def unread(self) -> tuple[tuple[str, int], ...]:
        return tuple(
            self._db.execute("SELECT reason, count(*) FROM all_unread GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
        )


def _row(db: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = db.execute(query).fetchone()
    assert row is not None  # noqa: S101 - a count always gives a row
    return row
