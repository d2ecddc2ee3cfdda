"""A case as its events leave it: its stage, its dates, and digests of its documents. No name, nothing about health."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from imr.case.appeals import Appeal
from imr.case.endings import Ending, EndingReport
from imr.case.file import Correction, ReceivedRecord
from imr.case.filed_application import ConsentWithdrawal, FiledApplication
from imr.case.letters import CaseLetter, LetterKind, Served
from imr.case.publication import Withdrawal
from imr.law.assignment import track_of
from imr.law.dates import CaseDates
from imr.law.days import Deadline
from imr.law.records import Duty
from imr.law.roles import EMPLOYEE_SIDE
from imr.law.roster import Settled
from imr.law.terms import Decision, Outcome, Place, RecordKind, ReviewType, Role, Track
from imr.law.time_limits import due


class Stage(Enum):
    """The stage of a case. The value is what a person reads."""

    NEW = "not received"
    RECEIVED = "eligibility under review"
    INFORMATION_ASKED = "more information asked"
    ELIGIBLE = "eligible"
    ASSIGNED = "waiting for records"
    RECORDS_COMPLETE = "ready for a reviewer"
    REVIEWER_ASSIGNED = "reviewer to attest independence"
    UNDER_REVIEW = "under review"
    QUALITY = "quality review"
    PASSED = "ready to be signed"
    SIGNED = "ready to be issued"
    ISSUED = "issued"
    PUBLISHED = "published"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REVERSED = "reversed on appeal"

    @property
    def ended(self) -> bool:
        """True if nothing more is decided in this case."""
        return self in (Stage.INELIGIBLE, Stage.WITHDRAWN, Stage.TERMINATED, Stage.REVERSED)


#: The stages from the receipt of an application to the signature, in which a review can still end without a decision.
OPEN = (
    Stage.RECEIVED,
    Stage.INFORMATION_ASKED,
    Stage.ELIGIBLE,
    Stage.ASSIGNED,
    Stage.RECORDS_COMPLETE,
    Stage.REVIEWER_ASSIGNED,
    Stage.UNDER_REVIEW,
    Stage.QUALITY,
    Stage.PASSED,
)
#: Those of them in which the review organization has the case.
WITH_ORGANIZATION = OPEN[OPEN.index(Stage.ASSIGNED) :]
#: Those of them in which a reviewer has the case.
WITH_REVIEWER = OPEN[OPEN.index(Stage.REVIEWER_ASSIGNED) :]
#: The stages of a case that is open or decided.
OPEN_OR_DECIDED = (*OPEN, Stage.SIGNED, Stage.ISSUED, Stage.PUBLISHED)
#: Every stage of a case that has an application, also after its end.
SINCE_RECEIPT = tuple(stage for stage in Stage if stage is not Stage.NEW)


def _reached_everybody(letter: CaseLetter | None) -> date | None:
    """Give the day on which a letter had reached all its recipients; None until that is known for each."""
    days = [] if letter is None else [copy.served.received_on if copy.served else None for copy in letter.copies]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as its events leave it. `dates` are what the law's time limits start from and what meets them; events change them."""

    number: str
    events: int = 0
    stage: Stage = Stage.NEW
    filing: FiledApplication | None = None
    dates: CaseDates = field(default_factory=CaseDates)
    received_at: datetime | None = None
    asked_of: tuple[Role, ...] = ()
    excluded: tuple[int, ...] = ()
    as_standard: bool = False
    reasons: tuple[str, ...] = ()
    certification: str = ""
    records: tuple[ReceivedRecord, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withheld: tuple[str, ...] = ()
    consent_withdrawal: ConsentWithdrawal | None = None
    #: The records that a person marked as left out of the consent, by their digests.
    outside_consent: tuple[str, ...] = ()
    bound: str = ""
    bound_of: tuple[str, ...] = ()
    bound_corrections: int = 0
    records_overdue: bool = False
    #: The owed documents that the coordinator found missing when the case file was closed.
    missing: tuple[Duty, ...] = ()
    #: The kinds of the documents of the case file when it was closed, from its index.
    kinds: tuple[RecordKind, ...] = ()
    reviewer: str = ""
    former_reviewers: tuple[str, ...] = ()
    earlier_reviewers: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()
    specialties: tuple[str, ...] = ()
    reviewer_assigned_on: date | None = None
    attested_on: date | None = None
    draft: str = ""
    answers: str = ""
    returned: int = 0
    determination: str = ""
    letter: str = ""
    decisions: tuple[Decision, ...] = ()
    public: str = ""
    published_on: date | None = None
    withdrawal: Withdrawal | None = None
    ended_on: date | None = None
    ending: Ending | None = None
    #: The open report that the dispute is over, and the stage at which a review was ended.
    ending_report: EndingReport | None = None
    ended_from: Stage | None = None
    appeal: Appeal | None = None
    #: The case that this one continues, and the case that continues this one.
    remanded_from: str = ""
    remanded_to: str = ""
    #: The order of remand and the finding that it calls erroneous, which the next reviewer reads.
    remand_papers: tuple[str, ...] = ()
    letters: tuple[CaseLetter, ...] = ()

    @property
    def set_aside_on(self) -> date | None:
        """The day on which the determination was reversed on appeal; None while it is in force."""
        return self.appeal.decided_on if self.appeal is not None and self.appeal.reversed else None

    @property
    def treatments(self) -> int:
        """The number of disputed treatments under review: those of the application less those found ineligible."""
        return 0 if self.filing is None else self.filing.treatments - len(self.excluded)

    @property
    def file(self) -> tuple[str, ...]:
        """The digests of what a reviewer decides on: the papers of a remand, the UR decision, the certification, the records."""
        ur_decision = "" if self.filing is None else self.filing.ur_decision
        sent = (
            *self.remand_papers,
            ur_decision,
            self.certification,
            *(received.record.digest for received in self.records),
        )
        return tuple(dict.fromkeys(filter(None, sent)))  # the same bytes from two senders are one document

    @property
    def standing_corrections(self) -> tuple[Correction, ...]:
        """The corrections of the index that nobody undid."""
        undone = {one.undoes for one in self.corrections}
        return tuple(one for one in self.corrections if one.undoes is None and one.number not in undone)

    @property
    def review_type(self) -> ReviewType | None:
        """The pace of the review: as applied for, standard if nothing supports more, expedited once it is converted."""
        if self.filing is None:
            return None
        return ReviewType.EXPEDITED if track_of(self.dates)[0] is Track.EXPEDITED else ReviewType.STANDARD

    @property
    def track(self) -> Track | None:
        """The set of time limits that applies."""
        return None if self.filing is None else track_of(self.dates)[0]

    @property
    def outcome(self) -> Outcome | None:
        """The sum of the signed decisions; None before the signature."""
        if not self.decisions:
            return None
        found = set(self.decisions)
        if len(found) > 1:
            return Outcome.PARTIALLY_OVERTURNED
        return Outcome.UPHELD if found == {Decision.UPHELD} else Outcome.OVERTURNED

    def letter_of(self, kind: LetterKind) -> CaseLetter | None:
        """Give the last letter of this kind."""
        return next((letter for letter in reversed(self.letters) if letter.kind is kind), None)

    def served(self, kind: LetterKind, *roles: Role) -> Served | None:
        """Give the first service of the last letter of this kind on one of these roles; None if none of them is served."""
        letter = self.letter_of(kind)
        return None if letter is None else letter.served(*roles)

    def with_letters(self, letters: tuple[CaseLetter, ...]) -> "Case":
        """Give the case with these letters, and with the dates that the law counts from their service.

        A time that the law counts from a letter starts with its first service on a role that the law binds, or with its
        receipt if the law says so. The duties to send the notice and the determination in time are the review
        organization's own: they are met by the days of the steps, `assigned_on` and `determination_issued_on`.
        """
        after = replace(self, letters=letters)
        notice = after.served(LetterKind.ASSIGNMENT, Role.CLAIMS_ADMINISTRATOR)
        mailed = after.served(LetterKind.DETERMINATION, *EMPLOYEE_SIDE)
        came = after.served(LetterKind.DETERMINATION, Role.CLAIMS_ADMINISTRATOR)
        refused = after.served(LetterKind.INELIGIBILITY, *EMPLOYEE_SIDE)
        appealable = mailed or refused
        dates = replace(
            self.dates,
            information_requested_on=_reached_everybody(after.letter_of(LetterKind.INFORMATION)),
            notice_sent_on=notice.on if notice else None,
            notice_service=notice.service if notice else None,
            notice_received_at=notice.received_at if notice else None,
            determination_mailed_on=mailed.on if mailed else None,
            ineligibility_mailed_on=refused.on if refused else None,
            determination_service=appealable.service if appealable else None,
            determination_place=appealable.place if appealable else Place.CALIFORNIA,
            # The day of receipt of a mailed letter is known only if it was recorded, and is not guessed.
            determination_received_on=came.received_on if came else None,
        )
        return replace(after, dates=dates)

    def deadlines(self) -> tuple[Deadline, ...]:
        """Give every time limit that the history has started, in the order of their days."""
        return due(self.dates)

    @property
    def administrator_sent(self) -> tuple[ReceivedRecord, ...]:
        """The records of the claims administrator, in the order in which they came, without fax cover sheets."""
        return tuple(
            received
            for received in self.records
            if received.sender is Role.CLAIMS_ADMINISTRATOR and received.record.kind is not RecordKind.FAX_COVER
        )
