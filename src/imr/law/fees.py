"""The fees that a claims administrator pays for a review (LC 4610.6(l); 8 CCR 9792.10.8). The employee pays nothing.

The fees of several years were not seen: `fee` raises `NotInForce` for them, with the reason, and guesses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.errors import NotInForce
from imr.law.rule import IMR_BEGAN, Dated, Finding, Known, Rule, Subject, Version, labor_code, regulation, spell
from imr.law.terms import ReviewType, Role


class Ended(Enum):
    """The stage at which a review ended, if before its determination."""

    NOT = "went to its determination"
    BEFORE_REVIEWER = "ended before it was sent to a reviewer"
    AFTER_REVIEWER = "ended after it was sent to a reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The facts that set the fee: pace, kind and number of reviewers, drugs alone or not, how it ended."""

    type: ReviewType = ReviewType.STANDARD
    physician: bool = True
    reviewers: int = 1
    drugs_only: bool = False
    ended: Ended = Ended.NOT


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in dollars, and the finding that cites the text under which it is owed."""

    dollars: int
    finding: Finding


Schedule = Mapping[Review, tuple[int, Known]]

_TWO, _EXPEDITED = 2, ReviewType.EXPEDITED
_2013: Schedule = {
    Review(): (560, Known.TEXT),
    Review(reviewers=_TWO): (760, Known.TEXT),
    Review(physician=False): (495, Known.TEXT),
    Review(physician=False, reviewers=_TWO): (655, Known.TEXT),
    Review(type=_EXPEDITED): (685, Known.TEXT),
    Review(type=_EXPEDITED, reviewers=_TWO): (850, Known.TEXT),
    Review(type=_EXPEDITED, physician=False): (595, Known.TEXT),
}
_APRIL_2014: Schedule = {
    Review(): (420, Known.TEXT),
    Review(drugs_only=True): (390, Known.TEXT),
    Review(type=_EXPEDITED): (515, Known.TEXT),
}
_2020: Schedule = {Review(): (345, Known.SECONDARY)}
#: Fees in dollars of a review that ended early, by the day of the application. None: not seen.
_ENDED: Mapping[date, Mapping[Ended, tuple[int, Known]]] = {
    IMR_BEGAN: {Ended.BEFORE_REVIEWER: (215, Known.MEMORY)},
    date(2014, 4, 1): {Ended.BEFORE_REVIEWER: (160, Known.TEXT), Ended.AFTER_REVIEWER: (420, Known.TEXT)},
    date(2020, 1, 1): {Ended.BEFORE_REVIEWER: (115, Known.SECONDARY)},
}
_SECTION = regulation("9792.10.8")
_NOT_SEEN = "the fees of this time were not seen; ask the Division, or look them up in 8 CCR 9792.10.8"
FEES: Dated[Schedule] = Dated(
    "the fee for a review",
    "the day of the application",
    Version(IMR_BEGAN, _2013, _SECTION),
    Version(date(2014, 1, 1), None, _SECTION, _NOT_SEEN),
    Version(date(2014, 4, 1), _APRIL_2014, _SECTION),
    Version(date(2015, 1, 1), None, _SECTION, f"{_NOT_SEEN} (the fees of April 2014 may have been lowered)"),
    Version(date(2020, 1, 1), _2020, regulation("9792.10.8", Known.SECONDARY)),
    Version(date(2026, 4, 1), None, _SECTION, _NOT_SEEN),
)
PAYER = Rule(
    id="fee-payer",
    title="Who pays for a review",
    subject=Subject.FEES,
    asks="The employers bear all costs of the reviews; the employee pays nothing.",
    under=(labor_code("4610.6(l)"),),
)
AMOUNT = Rule(
    id="fee-amount",
    title="What a review costs",
    subject=Subject.FEES,
    asks="A fee a review, by its pace, by the kind and the number of reviewers (2013), by whether it is about drugs alone (from "
    "April 2014), and less where it ended before it was sent to a reviewer. The fees of January to March 2014, of 2015 to "
    "2019 and from April 2026 on were not seen.",
    under=(regulation("9792.10.8"),),
    numbers=(FEES,),
)


def fee(review: Review, on: date, *, assume_unchanged: bool = False) -> Fee:
    """Give the fee of a review, by the day of its application. Raises NotInForce if the fee of that day was not seen.

    `assume_unchanged` is a setting: for 2015 to 2019 it takes the fees of April 2014, marked as not verified.
    """
    assumed = assume_unchanged and date(2015, 1, 1) <= on < date(2020, 1, 1)
    version = FEES.version(date(2014, 12, 31) if assumed else on)
    since = version.since
    if review.ended is Ended.NOT:
        found = version.known_value.get(review)
    elif review.ended is Ended.AFTER_REVIEWER and since == IMR_BEGAN:
        whole = version.known_value.get(
            Review(type=review.type, physician=review.physician, reviewers=review.reviewers)
        )
        found = (whole[0], Known.MEMORY) if whole else None
    else:
        found = _ENDED[since].get(review.ended)
    if found is None:
        raise NotInForce(f"the fee of {spell(on)} for this kind of review was not seen (8 CCR 9792.10.8)")
    dollars, known = found
    note = "the fee of April 2014, assumed to be unchanged" if assumed else ""
    under = (regulation("9792.10.8", Known.MEMORY if assumed else known, note),)
    return Fee(
        dollars, AMOUNT.finds(True, "{dollars} dollars; {ended}", under, dollars=dollars, ended=review.ended.value)
    )


def pays(role: Role) -> Finding:
    """Say whether a role pays for a review: only the claims administrator does."""
    holds = role is Role.CLAIMS_ADMINISTRATOR
    return PAYER.finds(holds, "the {role} " + ("bears the cost" if holds else "pays nothing"), role=role.value)
