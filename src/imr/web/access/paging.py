"""Lists that may be long: only the page that is shown is read from the database."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


class Paged(Sequence[T]):
    """Lines that are read from the database a page at a time."""

    def __init__(self, rows: QuerySet[Row], line: Callable[[Row], T]) -> None:
        self._count = rows.count
        self._lines: Callable[[slice], list[T]] = lambda part: [line(row) for row in rows[part]]
        self._line: Callable[[int], T] = lambda place: line(rows[place])

    def __len__(self) -> int:
        return self._count()

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        return self._lines(place) if isinstance(place, slice) else self._line(place)
