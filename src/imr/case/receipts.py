"""The receipt of a document as the office states it: within its bounds, and with the evidence for its day."""

from datetime import date
from enum import Enum
from typing import Annotated

from imr.case.context import StepContext
from imr.case.findings import finding
from imr.case.marks import OfficeInput, SystemValue
from imr.law.rule import Citation, Finding


class Receipt(Enum):
    """The evidence for a day of receipt that lies before the day of entry."""

    STAMP = "date stamp of the mail room"
    FAX = "header of the fax"
    EMAIL = "header of the e-mail"
    CARRIER = "record of the carrier"
    FILE = "another record, kept in the case file"


#: The question of a form about a receipt before today.
HOW_KNOWN = "How the day of receipt is known"
#: The fact of a step that records a receipt.
HowKnown = Annotated[Receipt | None, OfficeInput(HOW_KNOWN, "if that is before today", system=SystemValue.NOTHING)]


def known_from(how: Receipt | None) -> str:
    """Give the evidence for a day of receipt as an event keeps it; empty if the system recorded the day."""
    return "" if how is None else how.value


def receipt(
    stated: date, context: StepContext, how: Receipt | None, *under: Citation, dated: date | None = None
) -> tuple[Finding, ...]:
    """Find whether a day of receipt is possible: not after today, not before the document was written, and with its evidence."""
    return (
        finding("receipt is not in the future", stated <= context.on, "the receipt lies in the future", *under),
        finding(
            "receipt is not before the document",
            dated is None or dated <= stated,
            "the document is dated {dated}, after the day of its receipt, {stated}: check both dates",
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
