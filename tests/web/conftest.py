"""What the tests of the site share."""

from emptying import emptied_between_tests

__all__ = ["emptied_between_tests"]
