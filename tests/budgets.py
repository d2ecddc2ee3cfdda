"""How many examples a property is tried on: a fifth of its number in `make test`, all in `make long`.

`make test` tries the same examples each time, so that it is green or red for everybody. `make long`, which chooses its
profile by `--hypothesis-profile=long`, draws others each time.
"""

from typing import Any

from hypothesis import HealthCheck, settings

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
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile(LONG, patient, max_examples=USUAL)
    settings.register_profile(QUICK, patient, max_examples=_few(USUAL), derandomize=True, database=None)
    settings.load_profile(QUICK)


def examples(number: int, **others: Any) -> settings:
    """Settings for a property that is tried on `number` examples in `make long`."""
    long = settings.get_current_profile_name() == LONG
    return settings(max_examples=number if long else _few(number), **others)
