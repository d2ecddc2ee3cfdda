"""The contents of a final determination, as a value. A `Reading` holds their places in a letter."""

from dataclasses import dataclass
from datetime import date

from imr.law.terms import Decision, Outcome, RecordKind, ReviewType

__all__ = ["Decision", "Determination", "Issue", "Outcome", "ReviewType", "ReviewedDocument"]

#: The dates of a case in chronological order.
IN_ORDER = (
    ("the injury", "injured_on"),
    ("the UR denial", "ur_decided_on"),
    ("the receipt of the application", "received_on"),
    ("the assignment", "assigned_on"),
    ("the decision", "decided_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One disputed treatment and the decision about it.

    `heading` is the whole heading as printed, on one line, without the decision. If UR had approved a part, the heading
    says so, and `original_request` and `authorized` hold what it says; `treatment` is what remains in dispute.
    """

    heading: str
    treatment: str
    original_request: str | None = None
    authorized: str | None = None
    decision: Decision
    administrator_basis: str
    reviewer_basis: str
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedDocument:
    """One document of the case file that the reviewer read, as the letter lists it (8 CCR 9792.10.6(d))."""

    title: str
    kind: RecordKind = RecordKind.OTHER
    dated_on: date | None = None
    author: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """A final determination: header, credentials of the reviewer (never the name), summary, and each issue decided.

    `organization` is the review organization that the letter names. `documents` is empty in the layout of 2014-2017,
    which has no list of them.
    """

    case_number: str | None
    review_type: ReviewType | None
    injured_on: date | None
    ur_decided_on: date | None
    received_on: date | None
    assigned_on: date | None
    decided_on: date | None
    licensure: tuple[str, ...]
    specialty: str
    summary: str
    issues: tuple[Issue, ...]
    organization: str = ""
    documents: tuple[ReviewedDocument, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Upheld or overturned if every issue is; partially overturned if they differ."""
        decisions = {issue.decision for issue in self.issues}
        if decisions == {Decision.UPHELD}:
            return Outcome.UPHELD
        return Outcome.OVERTURNED if decisions == {Decision.OVERTURNED} else Outcome.PARTIALLY_OVERTURNED
