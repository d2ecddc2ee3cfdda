"""The numbers of the law in the words of letters and pages: 30 days, 5 working days. Each comes from its rule on the day.

A sentence with a number of the law takes it from here, so that an amendment changes only the rule.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from imr.errors import NotInForce
from imr.law.afterwards import APPEAL, AUTHORIZE, PAY
from imr.law.days import MAIL_DAYS, Unit
from imr.law.limit import in_prose, in_spanish
from imr.law.records import RECORDS_EXPEDITED, REPORT_MONTHS
from imr.law.rule import Dated
from imr.law.terms import Place
from imr.law.time_limits import APPLICATION, APPLICATION_FORMULARY


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the law with its unit in words. `str()` gives both; `amount` is the number alone."""

    amount: int
    words: str
    spanish: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsInProse:
    """The numbers in letters and pages, as of one day; None for one that is not in force on that day."""

    application: Quantity | None
    application_formulary: Quantity | None
    mail: Quantity
    records_expedited: Quantity | None
    report_months: Quantity | None
    authorize: Quantity | None
    pay: Quantity | None
    appeal: Quantity | None


def limits_on(day: date) -> LimitsInProse:
    """Give the numbers in letters and pages, by the version of each rule that governs on `day`."""
    return LimitsInProse(
        application=_quantity(APPLICATION.numbers[0], day),
        application_formulary=_quantity(APPLICATION_FORMULARY.numbers[0], day),
        mail=_as_quantity(MAIL_DAYS[Place.CALIFORNIA], Unit.CALENDAR),
        records_expedited=_quantity(RECORDS_EXPEDITED.numbers[0], day),
        report_months=_months(day),
        authorize=_quantity(AUTHORIZE.numbers[0], day),
        pay=_quantity(PAY.numbers[0], day),
        appeal=_quantity(APPEAL.numbers[0], day),
    )


def _quantity(numbers: Dated[Any], day: date) -> Quantity | None:
    try:
        amount, unit = numbers.on(day)
    except NotInForce:
        return None
    return _as_quantity(amount, unit)


def _as_quantity(amount: int, unit: Unit) -> Quantity:
    return Quantity(amount, in_prose(amount, unit), in_spanish(amount, unit))


def _months(day: date) -> Quantity | None:
    try:
        months = REPORT_MONTHS.on(day)
    except NotInForce:
        return None
    return Quantity(months, f"{months} months", f"{months} meses")
