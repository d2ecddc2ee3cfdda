"""When something came in, as the office states it: within its bounds, and known from something."""

from datetime import date
from enum import Enum
from typing import Annotated

from imr.case.context import StepContext
from imr.case.findings import finding
from imr.case.marks import OfficeInput, SystemValue
from imr.law.rule import Citation, Finding


class Receipt(Enum):
    """What the office knows the day of a receipt from, where it lies before the day of entry."""

    STAMP = "date stamp of the mail room"
    FAX = "header of the fax"
    EMAIL = "header of the e-mail"
    CARRIER = "record of the carrier"
    FILE = "another record, kept in the case file"


#: What a form asks of a receipt before today.
HOW_KNOWN = "How the day of receipt is known"
#: The fact of a step that takes what came in.
HowKnown = Annotated[Receipt | None, OfficeInput(HOW_KNOWN, "where that is before today", system=SystemValue.NOTHING)]


def known_from(how: Receipt | None) -> str:
    """What an event keeps of how the day of a receipt is known; nothing where the system recorded it."""
    return "" if how is None else how.value


def receipt(
    stated: date, context: StepContext, how: Receipt | None, *under: Citation, dated: date | None = None
) -> tuple[Finding, ...]:
    """Whether a day of receipt can be: not after today, not before what came was written, and known from something."""
    return (
        finding("receipt is not in the future", stated <= context.on, "the receipt lies in the future", *under),
        finding(
            "receipt is not before the document",
            dated is None or dated <= stated,
            "the document is dated {dated}, after the day on which it came, {stated}: check both dates",
            *under,
            dated="" if dated is None else dated.isoformat(),
            stated=stated.isoformat(),
        ),
        finding(
            "receipt before today is known from something",
            stated >= context.on or how is not None,
            "the day of receipt lies before today: say how it is known",
            *under,
        ),
    )
