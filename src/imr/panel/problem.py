"""The cases of a day and the reviewers who may take them, in numbers: the input of a solver and of a proof.

A row is a case, or several consolidated ones that share a reviewer; a column is a reviewer. Prices give the bound that
proves an assignment to be the best: put any price on a place with each reviewer, and no assignment can cost less than
every row's cheapest choice at these prices, less what the places would earn at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]
Allowed = NDArray[np.bool_]
#: Row by row: the columns chosen, in order. Fewer than were asked for if nobody was left.
Chosen = tuple[tuple[int, ...], ...]

#: Rows are processed this many at a time, so that ten thousand by two thousand pairs need no second table in memory.
CHUNK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Subproblem:
    """A part of the choices: only `allowed` pairs, and each of the `forced` ones."""

    allowed: Allowed
    forced: tuple[tuple[int, int], ...] = ()

    def halves(self, row: int, column: int) -> "tuple[Subproblem, Subproblem]":
        """Give the half in which the row has the reviewer, and the half in which it does not."""
        barred = self.allowed.copy()
        barred[row, column] = False
        return Subproblem(self.allowed, (*self.forced, (row, column))), Subproblem(barred, self.forced)


@dataclass(frozen=True)
class AssignmentProblem:
    """The possible choices and their costs, in whole points.

    `costs` and `allowed`: a row a case, a column a reviewer. `seats`: the reviewers that a row asks for. `sizes`: the
    places of each reviewer that it takes. `nobody`: the cost of an unfilled seat. `loads`: for each reviewer the price
    of the first place, the second, and so on; it never falls.
    """

    costs: Points
    allowed: Allowed
    seats: Points
    sizes: Points
    nobody: Points
    loads: tuple[tuple[int, ...], ...]
    _paid: tuple[Points, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        paid = tuple(np.concatenate(([0], np.cumsum(np.asarray(load, dtype=np.int64)))) for load in self.loads)
        object.__setattr__(self, "_paid", paid)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.seats)

    @property
    def columns(self) -> int:
        """The number of reviewers."""
        return len(self.loads)

    @property
    def linked(self) -> bool:
        """True if a row takes more than one place, which no flow can express."""
        return bool((self.sizes > 1).any())

    def taken(self, chosen: Chosen) -> Points:
        """Count the places of each reviewer that are taken."""
        places = np.zeros(self.columns, dtype=np.int64)
        for row, columns in enumerate(chosen):
            for column in columns:
                places[column] += self.sizes[row]
        return places

    def is_lawful(self, chosen: Chosen) -> bool:
        """Say whether every pair is allowed, no reviewer is twice in a row, and no reviewer has more cases than places."""
        if len(chosen) != self.rows:
            return False
        for row, columns in enumerate(chosen):
            if len(columns) > self.seats[row] or len(set(columns)) != len(columns):
                return False
            if not all(self.allowed[row, column] for column in columns):
                return False
        return all(taken <= len(load) for taken, load in zip(self.taken(chosen), self.loads, strict=True))

    def cost(self, chosen: Chosen) -> int:
        """Compute the cost of a choice: its pairs, its unfilled seats, and the load of each reviewer."""
        total = 0
        for row, columns in enumerate(chosen):
            total += sum(int(self.costs[row, column]) for column in columns)
            total += (int(self.seats[row]) - len(columns)) * int(self.nobody[row])
        loads = zip(self.taken(chosen), self._paid, strict=True)
        return total + sum(int(paid[taken]) for taken, paid in loads)

    def bound(self, prices: Points, scale: int = 1, part: "Subproblem | None" = None) -> int:
        """Give a lower bound, from prices, on the cost of every lawful choice of a part; both in points times `scale`."""
        total = sum(
            int(np.minimum(0, np.asarray(load, dtype=np.int64) * scale - price).sum())
            for load, price in zip(self.loads, prices, strict=True)
        )
        for start in range(0, self.rows, CHUNK_ROWS):
            total += self._rows_bound(start, prices, scale, part or Subproblem(self.allowed))
        return total

    def priced(self, rows: slice, prices: Points, scale: int = 1, allowed: Allowed | None = None) -> Points:
        """Give the cost of each pair of some rows with the price of its places; refused pairs cost more than an empty seat."""
        costs = self.costs[rows] * scale + self.sizes[rows, None] * prices[None, :]
        dearest = self.nobody[rows, None] * scale + 1
        return np.where(self.allowed[rows] if allowed is None else allowed[rows], costs, np.maximum(costs, dearest))

    def _rows_bound(self, start: int, prices: Points, scale: int, part: "Subproblem") -> int:
        rows = slice(start, start + CHUNK_ROWS)
        whole = self.priced(rows, prices, scale, part.allowed)
        seats, nobody = self.seats[rows], self.nobody[rows] * scale
        priced = np.minimum(whole, nobody[:, None])
        forced = [(row - start, column) for row, column in part.forced if start <= row < start + CHUNK_ROWS]
        plain = seats == 1
        plain[[row for row, _ in forced]] = False
        total = int((priced.min(axis=1) if self.columns else nobody)[plain].sum())
        for row in np.flatnonzero(~plain):
            held = [column for other, column in forced if other == row]
            left = int(seats[row]) - len(held)
            others = np.sort(np.delete(priced[row], held))[:left]
            total += int(whole[row, held].sum() + others.sum()) + (left - len(others)) * int(nobody[row])
        return total


def in_order(rows: Sequence[Sequence[int]]) -> Chosen:
    """Sort a choice into its canonical order."""
    return tuple(tuple(sorted(columns)) for columns in rows)
