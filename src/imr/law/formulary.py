"""The drug formulary (8 CCR 9792.27.1-.23, from 2018): drugs that need no prospective review, and so no IMR."""

from datetime import date

from imr.law.limit import FORMULARY
from imr.law.rule import Citation, Finding, Rule, Subject, labor_code, regulation
from imr.law.terms import Track


def _rule(name: str, title: str, asks: str, *under: Citation) -> Rule:
    return Rule(id=name, title=title, subject=Subject.EVIDENCE, asks=asks, under=under, since=FORMULARY)


EXEMPT = _rule(
    "form-exempt",
    "Exempt drugs",
    "An exempt drug in line with the schedule needs no prospective review; dispensed by a physician, one supply of 7 days at "
    "the first visit within 7 days of the injury. A brand where there is a generic needs review; so do other drugs.",
    regulation("9792.27.1-.23"),
)
SPECIAL_FILL = _rule(
    "form-special-fill",
    "Special fill",
    "A non-exempt drug of the list needs no review at the single initial visit within 7 days of the injury (the day after is "
    "day 1), within the listed supply, generic or justified, and in line with the schedule.",
    regulation("9792.27.12"),
)
PERIOPERATIVE = _rule(
    "form-perioperative",
    "Around surgery",
    "A drug of the list needs no review from 4 days before to 4 days after surgery (the surgery is day 0), on the same terms.",
    regulation("9792.27.13"),
)
TRACK = _rule(
    "form-dispute",
    "The formulary track",
    "A dispute of necessity about a drug of the formulary, of 2018 or later, has time limits of its own in IMR.",
    labor_code("4610.5(a)(3)"),
)


def exempt(*, listed_exempt: bool, follows_schedule: bool, brand_with_generic: bool = False, dispensed_days: int | None = None,
           days_after_injury: int | None = None) -> Finding:  # fmt: skip
    """Say whether a drug is exempt from prospective review. `dispensed_days` is the supply, if a physician dispensed it."""
    if not listed_exempt:
        return EXEMPT.finds(False, "the drug is not listed as exempt")
    if not follows_schedule:
        return EXEMPT.finds(False, "it is not in line with the schedule")
    if brand_with_generic:
        return EXEMPT.finds(False, "there is a generic of this brand")
    if dispensed_days is not None and (dispensed_days > 7 or days_after_injury is None or days_after_injury > 7):
        return EXEMPT.finds(False, "a physician dispenses 7 days once, within 7 days of the injury")
    return EXEMPT.finds(True, "exempt, and in line with the schedule")


def special_fill(injured_on: date, given_on: date, *, initial_visit: bool, within_supply: bool, follows_schedule: bool,
                 generic_or_justified: bool = True) -> Finding:  # fmt: skip
    """Say whether a listed drug at the first visit needs no review."""
    days = (given_on - injured_on).days
    because = "day {days} after the injury"
    if not 0 <= days <= 7:
        return SPECIAL_FILL.finds(False, f"{because}: only the first 7 days count", days=days)
    return _terms(SPECIAL_FILL, because, days, {
        "it was not the initial visit": initial_visit, "the supply is more than listed": within_supply,
        "it is not in line with the schedule": follows_schedule, "a brand is not justified": generic_or_justified,
    })  # fmt: skip


def perioperative(surgery_on: date, given_on: date, *, within_supply: bool, follows_schedule: bool,
                  generic_or_justified: bool = True) -> Finding:  # fmt: skip
    """Say whether a listed drug around surgery needs no review."""
    days = (given_on - surgery_on).days
    because = "day {days} of the surgery"
    if not -4 <= days <= 4:
        return PERIOPERATIVE.finds(False, f"{because}: only 4 days before to 4 days after count", days=days)
    return _terms(PERIOPERATIVE, because, days, {
        "the supply is more than listed": within_supply, "it is not in line with the schedule": follows_schedule,
        "a brand is not justified": generic_or_justified,
    })  # fmt: skip


def _terms(rule: Rule, because: str, days: int, terms: dict[str, bool]) -> Finding:
    wrong = "; ".join(words for words, met in terms.items() if not met)
    return rule.finds(not wrong, f"{because}: {{wrong}}" if wrong else because, days=days, wrong=wrong)


def on_track(*, about_formulary_drug: bool, ur_served_on: date | None) -> tuple[Track, Finding]:
    """Give the track of a dispute that is not expedited: the formulary's, or the standard one.

    Where the day of the UR decision is not known, a dispute about a drug of the formulary is on its track.
    """
    if about_formulary_drug and (ur_served_on is None or TRACK.governs(ur_served_on)):
        return Track.FORMULARY, TRACK.finds(True, "a formulary drug, and served in 2018 or later")
    because = "not about a drug of the formulary" if not about_formulary_drug else "served before 2018"
    return Track.STANDARD, TRACK.finds(False, because)
