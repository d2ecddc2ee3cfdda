"""Measures the search for similar cases: each issue is held out in turn, and similar cases are searched among all other letters.

Two questions: are the nearest cases of the same kind, and does their split predict the decision better than the base
rate? The answers are stated as they are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import click

from imr.corpus import database
from imr.corpus.build import Progress, no_progress
from imr.corpus.search import Search
from imr.corpus.similar_cases import find_similar
from imr.errors import ImrError

#: The weights, in cases, that the rate of a category may have; one is chosen on half of the held-out issues.
WEIGHTS = (0, 5, 10, 20, 50, 100, 200, 500, 1_000)
#: The weight, in cases, of the base rate in the rate of a category.
CATEGORY = 20
_BINS = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Issues whose split is between two shares: how many, the mean split, and the share actually overturned."""

    low: float
    high: float
    issues: int
    foretold: float
    overturned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The results on held-out issues. Brier scores: mean squared error of a predicted share, less is better.

    `brier` predicts with the split alone, `brier_base` with the rate of all other letters, `brier_category` with that
    of the same category, which counts the base rate as `CATEGORY` cases more. `brier_shrunk` counts the category's rate
    as a number of cases besides the nearest (empirical Bayes): each half of the issues is predicted with the one of
    `WEIGHTS` that was best on the other half, so that nothing is measured on what chose it. `weights` are the two.
    """

    issues: int
    nearest: int
    same_category: float
    same_subcategory: float
    brier: float
    brier_shrunk: float
    brier_base: float
    brier_category: float
    weights: tuple[int, int]
    calibration: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class _Foretold:
    """A held-out issue: how many of its nearest were overturned, the rates of all other letters, and the truth."""

    overturned: int
    decided: int
    base: float
    category: float
    truth: int

    def share(self, weight: float) -> float:
        """Give the split, with the rate of the category counted as `weight` cases more."""
        if not self.decided + weight:
            return self.base
        return (self.overturned + weight * self.category) / (self.decided + weight)


def evaluate(corpus: Path, *, sample: int = 1_000, nearest: int = 10, progress: Progress = no_progress) -> Evaluation:
    """Hold out up to `sample` issues, evenly spread over the corpus, each with its whole letter, and measure."""
    rows = (
        database.connect(corpus)
        .execute(
            "SELECT letter, case_number, treatment, summary, category, subcategory, decision = 'overturned'"  # noqa: S608 - names are ours
            f" FROM ({database.issues(corpus)}) ORDER BY letter, issue"
        )
        .fetchall()
    )
    if len(rows) < 2 * nearest:
        raise ImrError(f"{len(rows)} issues are too few to hold some out; build a corpus of at least {2 * nearest}")
    rates = _Rates((letter, category, truth) for letter, _, _, _, category, _, truth in rows)
    step = max(1, len(rows) // sample)
    held = rows[::step][:sample]
    search = Search(corpus)
    same_category = same_subcategory = shown = 0
    foretold = []
    for number, (letter, case, treatment, summary, category, subcategory, truth) in enumerate(held, 1):
        found = find_similar(search, treatment, summary, nearest=nearest, but=[case] if case else [])
        same_category += sum(hit.category == category for hit in found.hits)
        same_subcategory += sum(hit.subcategory == subcategory for hit in found.hits)
        shown += found.decided
        foretold.append(_Foretold(found.overturned, found.decided, *rates.without(letter, category), truth))
        progress(number, len(held))
    halves = foretold[::2], foretold[1::2]
    first, second = (min(WEIGHTS, key=partial(_of_weight, half)) for half in halves)
    shrunk = [(one.share(second), one.truth) for one in halves[0]] + [
        (one.share(first), one.truth) for one in halves[1]
    ]
    return Evaluation(
        issues=len(held),
        nearest=nearest,
        same_category=same_category / shown,
        same_subcategory=same_subcategory / shown,
        brier=_brier([(one.share(0), one.truth) for one in foretold]),
        brier_shrunk=_brier(shrunk),
        brier_base=_brier([(one.base, one.truth) for one in foretold]),
        brier_category=_brier([(one.category, one.truth) for one in foretold]),
        weights=(first, second),
        calibration=_calibration(shrunk),
    )


def _brier(foretold: Sequence[tuple[float, int]]) -> float:
    return sum((share - truth) ** 2 for share, truth in foretold) / len(foretold)


def _of_weight(half: Sequence[_Foretold], weight: int) -> float:
    return _brier([(one.share(weight), one.truth) for one in half])


class _Rates:
    """The overturned rates of all letters but one: in all, and in one category."""

    def __init__(self, rows: Iterable[tuple[str, str, bool]]) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        for letter, category, truth in rows:
            for key in (("", ""), ("", category), (letter, ""), (letter, category)):
                self._counts[key] += 1
                self._counts[key[0], f"{key[1]} overturned"] += truth

    def without(self, letter: str, category: str) -> tuple[float, float]:
        """Give the base rate and the rate of a category, without a letter."""

        def of(name: str) -> tuple[int, int]:
            wanted = self._counts["", f"{name} overturned"] - self._counts[letter, f"{name} overturned"]
            return wanted, self._counts["", name] - self._counts[letter, name]

        overturned, decided = of("")
        base = overturned / decided if decided else 0.0
        overturned, decided = of(category)
        return base, (overturned + CATEGORY * base) / (decided + CATEGORY)


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


@click.command()
@click.argument("corpus", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sample", default=1_000, show_default=True, type=click.IntRange(min=1), help="Issues to hold out.")
@click.option("--nearest", default=10, show_default=True, type=click.IntRange(1, 500))
def main(corpus: Path, sample: int, nearest: int) -> None:
    """Measure the search for similar cases on held-out issues: whether they are of the same kind, and predict the decision."""
    found = evaluate(corpus, sample=sample, nearest=nearest)
    click.echo(f"{found.issues} issues held out, {found.nearest} nearest of each")
    click.echo(
        f"of the nearest, {found.same_category:.1%} have the same category, {found.same_subcategory:.1%} the same subcategory"
    )
    click.echo(
        f"Brier score of the base rate {found.brier_base:.4f}, of the category's rate {found.brier_category:.4f},"
        f" of the split {found.brier:.4f}, of the split with the category's rate as {found.weights[0]} or {found.weights[1]} cases more {found.brier_shrunk:.4f}"
    )
    for one in found.calibration:
        click.echo(
            f"foretold {one.low:4.0%} to {one.high:4.0%}: {one.issues:6} issues, on average {one.foretold:6.1%}, overturned {one.overturned:6.1%}"
        )


if __name__ == "__main__":
    main()
