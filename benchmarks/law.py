"""Deadlines per second on one core, and business days compared with peers: numpy, `holidays`, `workalendar`.

    python benchmarks/run.py --only law

The peers add business days to a day and give nothing else; ours gives the deadline with its rule, its citations and its count.
Run it on a quiet machine: the figures are of one core, the ratios of one run.
"""

import random
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import holidays
import numpy as np
from workalendar.usa import California

from imr.law.days import Calendar, Unit, add
from imr.law.holidays import holidays as closed_weekdays
from imr.law.limit import _known_deadline
from imr.law.rule import _spelled
from imr.law.terms import Service, Track
from imr.law.time_limits import CaseDates, due

YEARS = range(2013, 2036)
ROUNDS = 5


def days(number: int) -> list[date]:
    """Draw days from March 2014 to 2033 from a seed."""
    draw = random.Random(4610)
    return [date(2014, 3, 1) + timedelta(days=draw.randrange(7_200)) for _ in range(number)]


def rate(ask: Callable[[Sequence[date]], int], sample: Sequence[date]) -> float:
    """Measure answers per second of processor time: the best of five rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        answers = ask(sample)
        best = max(best, answers / (time.process_time() - start))
    return best


def applications(sample: Sequence[date]) -> int:
    return sum(len(due(CaseDates(ur_served_on=day, ur_service=Service.MAIL))) for day in sample)


def whole_cases(sample: Sequence[date]) -> int:
    """Count every deadline of a case that has all its dates: twelve of them."""
    answers = 0
    for day in sample:
        week = timedelta(days=7)
        dates = CaseDates(
            track=Track.STANDARD,
            ur_served_on=day,
            ur_service=Service.MAIL,
            information_requested_on=day + week,
            found_eligible_on=day + 2 * week,
            notice_sent_on=day + 2 * week,
            records_complete_on=day + 4 * week,
            determination_mailed_on=day + 7 * week,
            determination_received_on=day + 8 * week,
            overturned=True,
        )
        answers += len(due(dates))
    return answers


def reasoned(sample: Sequence[date]) -> int:
    return sum(len(due(CaseDates(ur_served_on=day, ur_service=Service.MAIL))[0].reasoning) > 0 for day in sample)


def reasoned_first(sample: Sequence[date]) -> int:
    """Count and explain each deadline as if it had not been asked before."""
    _known_deadline.cache_clear()
    _spelled.cache_clear()
    return reasoned(sample)


def business_days(sample: Sequence[date]) -> int:
    return sum(add(day, 5, Unit.BUSINESS) is not None for day in sample)


def measure(number: int = 20_000) -> dict[str, float]:
    """Give every figure: rates per second of processor time, and ratios to each peer."""
    sample = days(number)
    state = np.array(sorted(closed_weekdays(Calendar.BUSINESS)), dtype="datetime64[D]")
    week = np.busdaycalendar(holidays=state)
    library = holidays.country_holidays("US", subdiv="CA", years=YEARS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = California()
        for year in YEARS:
            other.holidays(year)

    def by_numpy(sample: Sequence[date]) -> int:
        return sum(np.busday_offset(day, 5, roll="forward", busdaycal=week) is not None for day in sample)

    def by_library(sample: Sequence[date]) -> int:
        return sum(library.get_nth_working_day(day, 5) is not None for day in sample)

    def by_other(sample: Sequence[date]) -> int:
        return sum(other.add_working_days(day, 5) is not None for day in sample)

    figures = {
        "deadlines a second, an application mailed": rate(applications, sample),
        "deadlines a second, whole cases": rate(whole_cases, sample[: number // 10]),
        "deadlines a second, with their reasoning written out": rate(reasoned, sample[: number // 10]),
        "deadlines a second, with their reasoning, asked for the first time": rate(
            reasoned_first, sample[: number // 10]
        ),
        "five business days, ours": rate(business_days, sample),
        "five business days, numpy": rate(by_numpy, sample),
        "five business days, holidays": rate(by_library, sample),
        "five business days, workalendar": rate(by_other, sample[: number // 10]),
    }
    for name in ("numpy", "holidays", "workalendar"):
        figures[f"ours beside {name}"] = figures["five business days, ours"] / figures[f"five business days, {name}"]
    return figures


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:70} {figure:14,.1f}")
