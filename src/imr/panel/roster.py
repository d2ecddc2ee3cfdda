"""A reviewer as the panel keeps one: the facts of the law, and what the organization needs to give out work.

What the law asks of a reviewer stands in `law.reviewers`; here stand experience, capacity, absences, pace and fees, and
what a coordinator must be told about a record before the law refuses it: what runs out, and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from imr.law.reviewers import Reviewer, Verified

#: How long before a credential expires the coordinator is warned.
NOTICE = timedelta(days=60)
#: Credentials are verified again at least this often, in years, as accreditors of review organizations ask.
VERIFY_YEARS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """How many reviews or treatments of a category, or on a body part, the reviewer has done. One of the two is named."""

    category: str = ""
    body_part: str = ""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days, first to last, on which the reviewer takes no case."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFee:
    """What the organization pays the reviewer for a review, in cents, from a day on."""

    since: date
    standard: int
    expedited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMember:
    """A reviewer on the panel.

    `capacity` is how many open cases the reviewer takes at once; `days_a_review` is how many calendar days a review
    usually takes them from assignment to draft.
    """

    reviewer: Reviewer
    capacity: int = 10
    days_a_review: int = 5
    experience: tuple[Experience, ...] = ()
    absences: tuple[Absence, ...] = ()
    fees: tuple[ReviewFee, ...] = ()

    @property
    def id(self) -> str:
        """The reviewer's number in the organization; never the name."""
        return self.reviewer.id

    def away(self, on: date) -> Absence | None:
        """Give the absence that covers the day, if one does."""
        return next((absence for absence in self.absences if absence.first <= on <= absence.last), None)

    def fee(self, on: date) -> ReviewFee | None:
        """Give the fee agreed for the day, if one was."""
        agreed = [fee for fee in self.fees if fee.since <= on]
        return max(agreed, key=lambda fee: fee.since, default=None)

    @property
    def specialties(self) -> tuple[str, ...]:
        """Every specialty that the reviewer practices or is certified in, each once, in the order of the record."""
        certified = (name for board in self.reviewer.boards for name in (board.specialty, board.subspecialty))
        return tuple(dict.fromkeys(name for name in (*self.reviewer.specialties, *certified) if name))


@dataclass(frozen=True, slots=True)
class CredentialWarning:
    """Something about a record that will stop, or stops, the reviewer from being given cases, and the day it does."""

    what: str
    on: date


def verified_until(verified: Verified, expires: date | None) -> date:
    """Return the last day on which a verification is valid: three years on, or the expiry of what was verified if sooner."""
    day = verified.on
    try:
        last = day.replace(year=day.year + VERIFY_YEARS)
    except ValueError:  # 29 February
        last = day.replace(year=day.year + VERIFY_YEARS, day=28)
    return last if expires is None else min(last, expires)


def warnings(member: PanelMember, on: date, notice: timedelta = NOTICE) -> tuple[CredentialWarning, ...]:
    """Give what has run out of this record, or will within the notice, in the order of the days."""
    return tuple(sorted((w for w in _ends(member.reviewer) if w.on <= on + notice), key=lambda w: (w.on, w.what)))


def _ends(reviewer: Reviewer) -> Iterator[CredentialWarning]:
    for licence in reviewer.licences:
        yield CredentialWarning(f"the {licence.state} licence expires", licence.until)
        yield from _verification(f"the {licence.state} licence", licence.verified, licence.since, licence.until)
    for board in reviewer.boards:
        title = f"the certification in {board.subspecialty or board.specialty}"
        if board.until is not None:
            yield CredentialWarning(f"{title} expires", board.until)
        yield from _verification(title, board.verified, board.since, board.until)
    for practice in reviewer.practice:
        yield from _verification("the practice history", practice.verified, practice.since, practice.until)


def _verification(
    what: str, verified: Verified | None, since: date, expires: date | None
) -> Iterator[CredentialWarning]:
    if verified is None:
        yield CredentialWarning(f"{what} was never looked up", since)
        return
    last = verified_until(verified, None)
    if expires is None or last < expires:
        yield CredentialWarning(f"{what} must be looked up again", last)
