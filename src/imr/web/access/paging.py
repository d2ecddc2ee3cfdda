"""Lists that may be long: only the page that is shown is read from the database."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")


class Paged(Sequence[T]):
    """Lines that are read from the database a page at a time."""

    def __init__(self, rows: QuerySet[Any], line: Callable[[Any], T]) -> None:
        self._rows, self._line = rows, line

    def __len__(self) -> int:
        return int(self._rows.count())

    def __getitem__(self, at: Any) -> Any:
        return [*map(self._line, self._rows[at])] if isinstance(at, slice) else self._line(self._rows[at])
