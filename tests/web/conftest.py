"""What the tests of the site share."""

import pytest
from emptying import emptied_between_tests

__all__ = ["emptied_between_tests"]


@pytest.fixture(autouse=True)
def desks_cleared():
    """No child that draws pages outlives the test in which somebody looked at them."""
    yield
    from imr.web import drawing

    drawing.clear()
