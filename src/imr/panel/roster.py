"""The panel's record of a reviewer: the facts of the law, and what the organization needs to assign work.

`law.reviewers` holds what the law asks of a reviewer; here are experience, capacity, absences, pace and fees, and the
warnings to a coordinator about credentials before the law refuses them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from imr.law.reviewers import Reviewer, Verified

#: How long before a credential expires the coordinator is warned.
NOTICE = timedelta(days=60)
#: Credentials are verified again at least this often, in years, as accreditors of review organizations require.
VERIFY_YEARS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """The number of reviews or treatments of a category, or on a body part, that the reviewer has done. One of the two is named."""

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
    """The organization's fee to the reviewer for a review, in cents, from a day on."""

    since: date
    standard: int
    expedited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMember:
    """A reviewer on the panel.

    `capacity` is the number of open cases that the reviewer takes at once; `days_a_review` is the number of calendar
    days that a review usually takes from assignment to draft.
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
    """A warning about a record that stops, or will stop, the reviewer from getting cases, and the day from which it does."""

    what: str
    on: date


def verified_until(verified: Verified, expires: date | None) -> date:
    """Give the last day on which a verification is valid: three years on, or the earlier expiry of what was verified."""
    day = verified.on
    try:
        last = day.replace(year=day.year + VERIFY_YEARS)
    except ValueError:  # February 29
        last = day.replace(year=day.year + VERIFY_YEARS, day=28)
    return last if expires is None else min(last, expires)


def warnings(member: PanelMember, on: date, notice: timedelta = NOTICE) -> tuple[CredentialWarning, ...]:
    """Give what has expired in this record, or will within the notice period, in the order of the days."""
    return tuple(sorted((w for w in _ends(member.reviewer) if w.on <= on + notice), key=lambda w: (w.on, w.what)))


def _ends(reviewer: Reviewer) -> Iterator[CredentialWarning]:
    for licence in reviewer.licences:
        yield CredentialWarning(f"the {licence.state} license expires", licence.until)
        yield from _verification(f"the {licence.state} license", licence.verified, licence.since, licence.until)
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
