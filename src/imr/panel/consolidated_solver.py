"""The only module that uses HiGHS: assignments in which consolidated cases share a reviewer.

A group of cases takes several places of one reviewer at once, all or none, which no flow can express: integers are
needed, and prices alone may not prove the optimum. `proof` then branches on who takes a group until each part has
prices.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from imr.errors import ImrError
from imr.panel.problem import AssignmentProblem, Chosen, Points, Subproblem, in_order
from imr.panel.proof import BranchCertificate, DualCertificate, Proof

#: Prices of a proof are in this fraction of a point, because those of a relaxation are not whole.
SCALE = 64
#: The most parts of a proof. Beyond it, the proof is abandoned and the answer says that it is not proved.
PARTS = 400
#: A share nearer than this to 0 or 1 is whole: the rest is the solver's rounding.
_WHOLE = 1e-6


@dataclass(frozen=True)
class _Answer:
    pairs: list[tuple[int, int, float]]
    prices: Points
    value: float


def cheapest(batch: AssignmentProblem, ties: Points | None = None) -> Chosen:
    """Give a choice of least cost; if there are several, the one with the least sum of `ties`, if these are given."""
    everything = Subproblem(batch.allowed)
    chosen = _chosen(batch, _solve(batch, everything, whole=True))
    if ties is not None:
        tied = ties[batch.allowed.nonzero()]
        chosen = _chosen(batch, _solve(batch, everything, whole=True, ties=tied, at_most=batch.cost(chosen)))
    return chosen


def proof(batch: AssignmentProblem, chosen: Chosen) -> Proof | None:
    """Give the proof that no choice costs less, or None if it would need too many parts."""
    left = [PARTS]
    return _proof(batch, batch.cost(chosen), Subproblem(batch.allowed), left)


def _proof(batch: AssignmentProblem, cost: int, part: Subproblem, left: list[int]) -> Proof | None:
    left[0] -= 1
    if left[0] < 0:
        return None
    crowded = _crowded(batch, part)
    if crowded is not None:
        # More cases are forced on this reviewer than there are places: a price high enough proves it infeasible.
        return DualCertificate(tuple(cost * SCALE * (column == crowded) for column in range(batch.columns)), SCALE)
    answer = _solve(batch, part, whole=False)
    if batch.bound(answer.prices, SCALE, part) > (cost - 1) * SCALE:
        return DualCertificate(tuple(answer.prices.tolist()), SCALE)
    torn = max(answer.pairs, key=lambda pair: (_torn(pair[2]), pair[0], pair[1]), default=None)
    if torn is None or _torn(torn[2]) < _WHOLE:
        return None
    row, column, _ = torn
    with_it, without = (_proof(batch, cost, half, left) for half in part.halves(row, column))
    return None if with_it is None or without is None else BranchCertificate(row, column, with_it, without)


def _torn(share: float) -> float:
    return min(share, 1 - share)


def _crowded(batch: AssignmentProblem, part: Subproblem) -> int | None:
    """Give a reviewer on whom more is forced than there are places."""
    taken = np.zeros(batch.columns, dtype=np.int64)
    for row, column in part.forced:
        taken[column] += batch.sizes[row]
    return next((column for column, load in enumerate(batch.loads) if taken[column] > len(load)), None)


def _chosen(batch: AssignmentProblem, answer: _Answer) -> Chosen:
    chosen: list[list[int]] = [[] for _ in range(batch.rows)]
    for row, column in [(row, column) for row, column, share in answer.pairs if share > 0.5]:
        chosen[row].append(column)
    return in_order(chosen)


def _solve(
    batch: AssignmentProblem, part: Subproblem, *, whole: bool, ties: Points | None = None, at_most: int | None = None
) -> _Answer:
    """Solve over variables: a share for each pair, the unfilled seats of each row, the use of each place of each reviewer."""
    rows, columns = np.nonzero(part.allowed)
    pairs, seats = len(rows), batch.rows
    loads = np.asarray([price for load in batch.loads for price in load], dtype=np.float64)
    owners = np.repeat(np.arange(batch.columns), [len(load) for load in batch.loads])
    price = np.concatenate((batch.costs[rows, columns], batch.nobody, loads)).astype(np.float64)
    # Each pair is in its case's row and in its reviewer's, an unfilled seat in its case's, a place in its reviewer's.
    entries = [np.full(pairs, 2), np.ones(seats, dtype=np.int64), np.ones(len(loads), dtype=np.int64)]
    index = np.concatenate((np.stack((rows, columns + seats), axis=1).ravel(), np.arange(seats), owners + seats))
    used = np.stack((np.ones(pairs), batch.sizes[rows]), axis=1).ravel()
    value = np.concatenate((used, np.ones(seats), -np.ones(len(loads))), dtype=np.float64)
    model = highspy.HighsLp()
    model.num_col_ = len(price)
    model.num_row_ = seats + batch.columns
    model.col_cost_ = price
    forced = np.isin(rows * batch.columns + columns, [row * batch.columns + column for row, column in part.forced])
    lower = np.concatenate((forced, np.zeros(len(price) - pairs))).astype(np.float64)
    model.col_lower_ = lower
    upper = np.concatenate((np.ones(pairs), batch.seats, np.ones(len(loads)))).astype(np.float64)
    model.col_upper_ = upper
    asked = np.concatenate((batch.seats, np.zeros(batch.columns)), dtype=np.float64)
    model.row_lower_ = asked
    model.row_upper_ = asked
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(np.concatenate(entries))))
    model.a_matrix_.index_ = index
    model.a_matrix_.value_ = value
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(price)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        solver.setOptionValue(option, setting)
    solver.passModel(model)
    if ties is not None and at_most is not None:
        everything = np.arange(len(price), dtype=np.int32)
        solver.addRow(-highspy.kHighsInf, at_most + 0.25, len(price), everything, price)
        tied = np.concatenate((ties, np.zeros(len(price) - pairs))).astype(np.float64)
        solver.changeColsCost(len(price), everything, tied)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ImrError("the assignment of consolidated cases was not solved: give fewer cases at once")
    solution = solver.getSolution()
    shares = np.asarray(solution.col_value[:pairs])
    some = np.flatnonzero(shares > 1e-9)
    dual = np.asarray(solution.row_dual[seats : seats + batch.columns])
    return _Answer(
        list(zip(rows[some].tolist(), columns[some].tolist(), shares[some].tolist(), strict=True)),
        np.rint(np.maximum(0, -dual) * SCALE).astype(np.int64),
        solver.getInfo().objective_function_value,
    )
