"""How well like cases tell: each issue held back in its turn, its like cases sought among all other letters.

Two questions: is what is near of the same kind, and does the split of the near ones foretell the decision better than
the base rate does? The answers are stated as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from imr.corpus.build import Progress, unwatched
from imr.corpus.like import like
from imr.corpus.search import Search
from imr.errors import ImrError

_BINS = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Issues whose split lay between two shares: how many, the mean split, and the share in truth overturned."""

    low: float
    high: float
    issues: int
    foretold: float
    overturned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The measure of like cases on held-back issues. Brier scores: mean squared error of a foretold share, less is better.

    `brier_shrunk` foretells with the base rate counted in as `weight` cases more; `brier_base` with the base rate alone,
    taken from the other letters.
    """

    issues: int
    nearest: int
    same_category: float
    same_subcategory: float
    brier: float
    brier_shrunk: float
    brier_base: float
    weight: int
    calibration: tuple[Bin, ...]


def evaluate(
    corpus: Path, *, sample: int = 1_000, nearest: int = 10, weight: int = 10, progress: Progress = unwatched
) -> Evaluation:
    """Hold back up to `sample` issues, evenly spread over the corpus, each with its whole letter, and measure."""
    db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    issues, letters = (f"read_parquet('{_quoted(corpus)}/{name}/part-*.parquet')" for name in ("issues", "letters"))
    rows = db.execute(
        "SELECT l.case_number, i.treatment, l.summary, i.category, i.subcategory, i.decision = 'overturned'"  # noqa: S608 - a path of the caller's
        f" FROM {issues} i JOIN {letters} l USING (letter)"
        " WHERE l.case_number IS NOT NULL ORDER BY i.letter, i.issue"
    ).fetchall()
    if len(rows) < 2 * nearest:
        raise ImrError(f"{len(rows)} issues are too few to hold some back; build a corpus of at least {2 * nearest}")
    overturned = sum(row[-1] for row in rows)
    step = max(1, len(rows) // sample)
    held = rows[::step][:sample]
    search = Search(corpus)
    same_category = same_subcategory = shown = 0
    foretold: list[tuple[float, float, float, int]] = []
    for number, (case, treatment, summary, category, subcategory, truth) in enumerate(held):
        found = like(search, treatment, summary, nearest=nearest, but=[case])
        base = (overturned - truth) / (len(rows) - 1)
        same_category += sum(hit.category == category for hit in found.hits)
        same_subcategory += sum(hit.subcategory == subcategory for hit in found.hits)
        shown += found.decided
        split = found.overturned / found.decided if found.decided else base
        shrunk = (found.overturned + weight * base) / (found.decided + weight)
        foretold.append((split, shrunk, base, truth))
        progress(number + 1, len(held))

    def brier(of: Callable[[tuple[float, float, float, int]], float]) -> float:
        return sum((of(one) - one[3]) ** 2 for one in foretold) / len(foretold)

    return Evaluation(
        issues=len(held),
        nearest=nearest,
        same_category=same_category / shown,
        same_subcategory=same_subcategory / shown,
        brier=brier(lambda one: one[0]),
        brier_shrunk=brier(lambda one: one[1]),
        brier_base=brier(lambda one: one[2]),
        weight=weight,
        calibration=_calibration([(split, truth) for split, _, _, truth in foretold]),
    )


def _calibration(foretold: list[tuple[float, int]]) -> tuple[Bin, ...]:
    bins = []
    for low, high in pairwise(_BINS):
        inside = [(p, truth) for p, truth in foretold if low <= p < high or (p == high == 1.0)]
        if inside:
            bins.append(
                Bin(
                    low=low,
                    high=high,
                    issues=len(inside),
                    foretold=sum(p for p, _ in inside) / len(inside),
                    overturned=sum(truth for _, truth in inside) / len(inside),
                )
            )
    return tuple(bins)


def _quoted(corpus: Path) -> str:
    return str(corpus).replace("'", "''")
