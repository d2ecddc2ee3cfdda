"""The cheapest choice among very many pairs: solved for the few that can matter, and proved for all.

A solver gets the cheapest pairs of each case. The prices of its answer are compared with every pair; pairs that would
be cheaper at these prices are added, and it is solved again, until the proof holds for all.
"""

from dataclasses import replace

import numpy as np

from imr.panel import flow_solver
from imr.panel.problem import CHUNK_ROWS, Allowed, AssignmentProblem, Chosen, Points
from imr.panel.proof import DualCertificate, residual_prices
from imr.panel.tie_break import LOTS

#: The number of pairs of each case that are added at a time.
PAIRS = 48


def cheapest(batch: AssignmentProblem, ties: Points | None = None) -> tuple[Chosen, DualCertificate]:
    """Give a choice of least cost with its prices; if there are several, the one with the least sum of `ties`.

    Every row takes one place a seat.
    """
    first = np.asarray([load[0] if load else 0 for load in batch.loads], dtype=np.int64)
    within = _cheapest_pairs(batch, first)
    if ties is None:
        chosen = None
    else:
        # Lots count less than any point: their sum stays below one point of the larger scale.
        scale = int(batch.seats.sum()) * LOTS + 1
        loads = tuple(tuple(price * scale for price in load) for load in batch.loads)
        finer = replace(batch, costs=batch.costs * scale + ties, nobody=batch.nobody * scale, loads=loads)
        chosen = _settle(finer, within, None)[0]
    return _settle(batch, within, chosen)


def _settle(batch: AssignmentProblem, within: Allowed, chosen: Chosen | None) -> tuple[Chosen, DualCertificate]:
    """Solve, or take the choice given, and widen `within` until the prices prove it for all pairs."""
    while True:
        rows, columns = np.nonzero(within)
        costs = batch.costs[rows, columns]
        answer = flow_solver.cheapest(batch, rows, columns, costs) if chosen is None else chosen
        proof = residual_prices(batch, answer, rows, columns, costs)
        prices = np.asarray(proof.prices, dtype=np.int64)
        if batch.bound(prices) == batch.cost(answer):
            return answer, proof
        within |= _cheapest_pairs(batch, prices)


def _cheapest_pairs(batch: AssignmentProblem, prices: Points) -> Allowed:
    """Mark the cheapest allowed pairs of each row at prices. Among equal pairs the picks are spread."""
    count = PAIRS * int(batch.seats.max(initial=1))
    if batch.columns <= count:
        return batch.allowed.copy()
    found = np.zeros_like(batch.allowed)
    spread = np.arange(batch.columns, dtype=np.int64) * 40503
    for start in range(0, batch.rows, CHUNK_ROWS):
        part = slice(start, start + CHUNK_ROWS)
        rows = np.arange(start, min(start + CHUNK_ROWS, batch.rows), dtype=np.int64)
        order = batch.priced(part, prices) * 256 + (rows[:, None] * 7919 + spread) % 256
        columns = np.argpartition(order, count, axis=1)[:, :count]
        found[rows[:, None], columns] = True
    found &= batch.allowed
    return found
