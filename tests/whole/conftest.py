"""What needs a running site or its processes: one such test at a time, for each wants the whole machine."""

from pathlib import Path

import pytest
from emptying import emptied_between_tests

__all__ = ["emptied_between_tests"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as `whole`, and let it run one after another."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.whole)
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group("whole"))
