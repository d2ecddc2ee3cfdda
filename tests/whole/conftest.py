"""What needs a running site or its processes. `make long` runs one such test at a time, for each wants the whole machine."""

from pathlib import Path

import pytest
from tests.factories.reset_history import emptied_between_tests

__all__ = ["emptied_between_tests"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as `whole`; what needs no database of the suite begins first.

    What uses the database of the suite keeps its place: it empties tables, and so comes after what does not.
    """
    first: list[pytest.Item] = []
    for item in items:
        if HERE in item.path.parents:
            ours = item.get_closest_marker("django_db") is None
            item.add_marker(pytest.mark.whole)
            if ours:
                first.append(item)
    rest = [item for item in items if item not in first]
    items[:] = [*first, *rest]
