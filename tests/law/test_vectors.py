"""The counts that the research on the law worked out by hand (its section 11), over the public doors."""

from datetime import date

import pytest

from imr.law.days import Unit, add, appeals_board_extension, service_extension
from imr.law.terms import Service


@pytest.mark.parametrize(
    ("start", "service", "due"),
    [
        (date(2015, 2, 6), Service.MAIL, date(2015, 3, 13)),
        (date(2015, 2, 6), Service.PERSONAL, date(2015, 3, 9)),
        (date(2015, 2, 27), Service.MAIL, date(2015, 4, 3)),
        (date(2015, 3, 2), Service.MAIL, date(2015, 4, 6)),
    ],
)
def test_thirty_days_after_service_of_the_ur_decision(start: date, service: Service, due: date) -> None:
    assert add(start, 30, Unit.CALENDAR, service_extension(service)) == due


@pytest.mark.parametrize(("days", "due"), [(15, date(2015, 3, 25)), (12, date(2015, 3, 23))])
def test_records_after_a_notice_of_10_march_2015(days: int, due: date) -> None:
    assert add(date(2015, 3, 10), days, Unit.CALENDAR) == due


def test_an_appeal_of_a_determination_mailed_6_november_2014() -> None:
    assert add(date(2014, 11, 6), 30, Unit.CALENDAR, appeals_board_extension(Service.MAIL)) == date(2014, 12, 11)


def test_cesar_chavez_day_of_2015_is_no_business_day() -> None:
    assert add(date(2015, 3, 30), 1, Unit.BUSINESS) == date(2015, 4, 1)
