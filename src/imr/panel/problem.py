"""The cases of a day and the reviewers who may take them, in numbers: what a solver solves and a proof proves.

A row is a case, or several consolidated ones that share a reviewer; a column is a reviewer. A bound from prices is
what makes an assignment provably the best: put any price on a place with each reviewer, and no assignment can cost
less than every row's cheapest choice at these prices, less what the places would earn at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]
Allowed = NDArray[np.bool_]
#: Row by row: the columns chosen, in order. Fewer than were asked where nobody was left.
Chosen = tuple[tuple[int, ...], ...]

#: Rows are looked at this many at a time, so that ten thousand by two thousand pairs need no second table in memory.
CHUNK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Subproblem:
    """A part of what may be chosen: only `allowed` pairs, and each of the `forced` ones."""

    allowed: Allowed
    forced: tuple[tuple[int, int], ...] = ()

    def halves(self, row: int, column: int) -> "tuple[Subproblem, Subproblem]":
        """Give the half in which the row has the reviewer, and the half in which it has not."""
        barred = self.allowed.copy()
        barred[row, column] = False
        return Subproblem(self.allowed, (*self.forced, (row, column))), Subproblem(barred, self.forced)


@dataclass(frozen=True)
class AssignmentProblem:
    """What may be chosen and what it costs, in whole points.

    `costs` and `allowed`: a row a case, a column a reviewer. `seats`: how many reviewers a row asks for. `sizes`: how
    many places of each reviewer it takes. `nobody`: what an unfilled seat costs. `loads`: for each reviewer the price
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
        """How many rows there are."""
        return len(self.seats)

    @property
    def columns(self) -> int:
        """How many reviewers there are."""
        return len(self.loads)

    @property
    def linked(self) -> bool:
        """True where a row takes more than one place, which no flow can say."""
        return bool((self.sizes > 1).any())

    def taken(self, chosen: Chosen) -> Points:
        """Give how many places of each reviewer are taken."""
        places = np.zeros(self.columns, dtype=np.int64)
        for row, columns in enumerate(chosen):
            for column in columns:
                places[column] += self.sizes[row]
        return places

    def is_lawful(self, chosen: Chosen) -> bool:
        """True where every pair is allowed, nobody sits twice in a row, and no reviewer has more than there are places."""
        if len(chosen) != self.rows:
            return False
        for row, columns in enumerate(chosen):
            if len(columns) > self.seats[row] or len(set(columns)) != len(columns):
                return False
            if not all(self.allowed[row, column] for column in columns):
                return False
        return all(taken <= len(load) for taken, load in zip(self.taken(chosen), self.loads, strict=True))

    def cost(self, chosen: Chosen) -> int:
        """Give what the choice costs: its pairs, its unfilled seats, and the load of each reviewer."""
        total = 0
        for row, columns in enumerate(chosen):
            total += sum(int(self.costs[row, column]) for column in columns)
            total += (int(self.seats[row]) - len(columns)) * int(self.nobody[row])
        loads = zip(self.taken(chosen), self._paid, strict=True)
        return total + sum(int(paid[taken]) for taken, paid in loads)

    def bound(self, prices: Points, scale: int = 1, part: "Subproblem | None" = None) -> int:
        """Give what every lawful choice of a part of them costs at least, by prices; both in points times `scale`."""
        total = sum(
            int(np.minimum(0, np.asarray(load, dtype=np.int64) * scale - price).sum())
            for load, price in zip(self.loads, prices, strict=True)
        )
        for start in range(0, self.rows, CHUNK_ROWS):
            total += self._rows_bound(start, prices, scale, part or Subproblem(self.allowed))
        return total

    def priced(self, rows: slice, prices: Points, scale: int = 1, allowed: Allowed | None = None) -> Points:
        """Give the cost of each pair of some rows with the price of its places; refused pairs cost more than nobody."""
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
    """Give a choice in its one order."""
    return tuple(tuple(sorted(columns)) for columns in rows)
