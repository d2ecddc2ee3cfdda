"""How many examples a property is tried on: a fifth of its number in `make test`, all in `make long`.

`make long` chooses the profile by `--hypothesis-profile=long`.
"""

from typing import Any

from hypothesis import settings

LONG, QUICK = "long", "quick"
#: What a property is tried on where it does not say.
USUAL = 100
#: No property is tried on fewer, if it asks for as many.
LEAST = 10


def _few(number: int) -> int:
    return min(number, max(LEAST, number // 5))


def register() -> None:
    """Make the two profiles known; without a choice on the command line the quick one holds.

    There is no deadline: a property is about what is true, not about how fast a busy machine finds it.
    """
    settings.register_profile(LONG, deadline=None, max_examples=USUAL)
    settings.register_profile(QUICK, deadline=None, max_examples=_few(USUAL))
    settings.load_profile(QUICK)


def examples(number: int, **others: Any) -> settings:
    """Settings for a property that is tried on `number` examples in `make long`."""
    long = settings.get_current_profile_name() == LONG
    return settings(max_examples=number if long else _few(number), **others)
