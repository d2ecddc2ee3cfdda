"""Seeded random choices: the same seed and the same question give the same answer, on any machine and in any order."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Items with their weights, in any unit."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.items = tuple(weights)
        self.sums = tuple(accumulate(weights.values()))


class Chance:
    """Random answers from a seed by name: `share("late", case)` is always the same number for the same case."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed).encode()

    def share(self, *what: object) -> float:
        """Give a number from 0 up to, but not including, 1."""
        drawn = blake2b("|".join(map(str, what)).encode(), digest_size=7, key=self._seed[:64]).digest()
        return int.from_bytes(drawn) / (1 << 56)

    def happens(self, probability: float, *what: object) -> bool:
        """Say whether an event of this probability happens."""
        return self.share(*what) < probability

    def whole(self, low: int, high: int, *what: object) -> int:
        """Give a whole number from `low` to `high`, both included."""
        return low + int(self.share(*what) * (high - low + 1))

    def one(self, items: Sequence[T], *what: object) -> T:
        """Give one of the items, each equally likely."""
        return items[int(self.share(*what) * len(items))]

    def weighted(self, table: "Weighted[T]", *what: object) -> T:
        """Give one of the items of a table, each as likely as its weight."""
        return table.items[bisect(table.sums, self.share(*what) * table.sums[-1])]
