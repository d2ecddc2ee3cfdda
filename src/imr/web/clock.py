"""The only clock of the site. Everything below it takes the day and the time as arguments."""

from datetime import date, datetime

from imr.case.acts import CALIFORNIA


def now() -> datetime:
    """The time, with its zone: California's, where the law's days begin and end."""
    return datetime.now(CALIFORNIA)  # noqa: TID251 - the one place


def today() -> date:
    """The day in California."""
    return now().date()
