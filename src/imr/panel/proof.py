"""Proof by prices that no assignment is better. It can be checked without a solver.

Each reviewer's place has a price. If the assignment costs exactly the lower bound that `AssignmentProblem.bound` gives
at these prices, none is cheaper. With consolidated cases prices alone may not suffice; then the proof branches on who
takes one of them, and each half has prices of its own.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from imr.panel.problem import AssignmentProblem, Chosen, Points, Subproblem


@dataclass(frozen=True, slots=True)
class DualCertificate:
    """Prices of a place with each reviewer, in points times `scale`."""

    prices: tuple[int, ...]
    scale: int = 1


@dataclass(frozen=True, slots=True)
class BranchCertificate:
    """Two halves of all choices: `row` has the reviewer of `column`, or it does not."""

    row: int
    column: int
    taken: "Proof"
    barred: "Proof"


Proof: TypeAlias = DualCertificate | BranchCertificate


def proves(proof: Proof, batch: AssignmentProblem, chosen: Chosen) -> bool:
    """Say whether the choice is lawful and no lawful choice costs less."""
    return batch.is_lawful(chosen) and _at_least(proof, batch, batch.cost(chosen), Subproblem(batch.allowed))


def _at_least(proof: Proof, batch: AssignmentProblem, cost: int, part: Subproblem) -> bool:
    if isinstance(proof, DualCertificate):
        bound = batch.bound(np.asarray(proof.prices, dtype=np.int64), proof.scale, part)
        return bound > (cost - 1) * proof.scale  # costs are whole: a bound above 99 means 100
    taken, barred = part.halves(proof.row, proof.column)
    return _at_least(proof.taken, batch, cost, taken) and _at_least(proof.barred, batch, cost, barred)


def residual_prices(
    batch: AssignmentProblem, chosen: Chosen, rows: Points, columns: Points, costs: Points
) -> DualCertificate:
    """Give the prices of a cheapest choice among the pairs: the distance of each reviewer to the sink in the residual network.

    A reviewer's price is at most that of the next free place, and at most the extra cost of the next best choice of
    each case that the reviewer has. `rows` must be in order, and every row takes one place a seat.
    """
    taken = batch.taken(chosen)
    ceiling = int(batch.nobody.max(initial=0))
    prices = np.asarray(
        [load[n] if n < len(load) else ceiling for n, load in zip(taken, batch.loads, strict=True)], dtype=np.int64
    )
    pairs = np.asarray([(row, column) for row, held in enumerate(chosen) for column in held], dtype=np.int64)
    if not len(pairs):
        return DualCertificate(tuple(prices.tolist()))
    key = rows * batch.columns + columns
    held = np.isin(key, pairs[:, 0] * batch.columns + pairs[:, 1])
    free_rows, free_columns, free_costs = rows[~held], columns[~held], costs[~held]
    held_rows, held_columns, held_costs = rows[held], columns[held], costs[held]
    starts = np.flatnonzero(np.diff(free_rows, prepend=-1))
    for _ in range(batch.columns + 1):
        best = batch.nobody.copy()
        if len(starts):
            next_best = np.minimum.reduceat(free_costs + prices[free_columns], starts)
            best[free_rows[starts]] = np.minimum(best[free_rows[starts]], next_best)
        lower = prices.copy()
        np.minimum.at(lower, held_columns, best[held_rows] - held_costs)
        if (lower == prices).all():
            break
        prices = lower
    return DualCertificate(tuple(prices.tolist()))
