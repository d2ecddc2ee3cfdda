"""Events from the records to the signature."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Annotated, ClassVar

from imr.case.digests import SealedOutside
from imr.case.events.event import Confidential, Event
from imr.case.events.letters import with_letter
from imr.case.file import FiledRecord, ReceivedRecord
from imr.case.letters import LetterKind
from imr.case.state import Case, Stage
from imr.law.dates import day_of
from imr.law.records import Duty
from imr.law.roster import Identity, Settled
from imr.law.terms import Decision, RecordKind, Role, Service


class DeclineReason(Enum):
    """The reason why a reviewer does not review a case after all."""

    CONFLICT = "a conflict of interest"
    EXPERTISE = "the treatment is outside the reviewer's expertise"
    TIME = "no time within the deadline"
    CREDENTIALS = "a credential is no longer good"
    OTHER = "another reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsReceived(Event):
    """Documents of the case file were received."""

    kind: ClassVar[str] = "records-received"
    records: tuple[FiledRecord, ...]
    sender: Role
    received_on: date
    known_from: str = ""

    def apply(self, case: Case) -> Case:
        new = tuple(ReceivedRecord(record=r, sender=self.sender, received_on=self.received_on) for r in self.records)
        return replace(case, records=(*case.records, *new))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsOverdue(Event):
    """The claims administrator's deadline for the records passed on `due`, and owed records are missing."""

    kind: ClassVar[str] = "records-overdue"
    due: date

    def apply(self, case: Case) -> Case:
        return replace(case, records_overdue=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsCompleted(Event):
    """The case file was closed; `missing` names the owed documents that did not come.

    `kinds` are the kinds of its documents in its index on that day; older histories do not have them.
    """

    kind: ClassVar[str] = "records-completed"
    missing: tuple[Duty, ...] = ()
    kinds: tuple[RecordKind, ...] = ()
    at: datetime

    def apply(self, case: Case) -> Case:
        return replace(
            case,
            stage=Stage.RECORDS_COMPLETE,
            dates=replace(case.dates, records_complete_on=day_of(self.at)),
            missing=self.missing,
            kinds=self.kinds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAssigned(Event):
    """A reviewer whom the law clears was chosen. `rules` names every rule of the screening.

    `passed_over` counts the free candidates whom the panel ranked before this one; `reason` is the digest of the note
    that explains it. `commitment` binds the facts about the reviewer without naming them (`imr.panel.commitment`).
    """

    kind: ClassVar[str] = "reviewer-assigned"
    reviewer: Annotated[str, Confidential()]
    specialties: tuple[str, ...]
    rules: tuple[str, ...]
    on: date
    passed_over: Annotated[int, SealedOutside()] = 0
    reason: Annotated[str, SealedOutside()] = ""
    commitment: str = ""

    def apply(self, case: Case) -> Case:
        return replace(
            case,
            stage=Stage.REVIEWER_ASSIGNED,
            reviewer=self.reviewer,
            specialties=self.specialties,
            reviewer_assigned_on=self.on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySettled(Event):
    """A coordinator found out whether a name on record is that of a party with a similar name.

    `reviewer` is whose record has the name, empty for the review organization's own; `doubt` is the key of the two
    names, `identity` the value of `Identity` that was found, `reason` the digest of the note that explains it.
    """

    kind: ClassVar[str] = "identity-settled"
    reviewer: Annotated[str, Confidential()]
    doubt: Annotated[str, Confidential()]
    identity: Annotated[str, Confidential()]
    reason: Annotated[str, Confidential()]
    on: date

    def apply(self, case: Case) -> Case:
        if self.identity not in _FOUND:
            return case  # the outsiders' view: sealed
        return replace(case, settled=(*case.settled, Settled(doubt=self.doubt, found=Identity(self.identity))))


_FOUND = frozenset(found.value for found in Identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependenceAttested(Event):
    """The reviewer attested, for each party of the case by name, that there is no affiliation with it."""

    kind: ClassVar[str] = "independence-attested"
    attestation: Annotated[str, Confidential()]
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, stage=Stage.UNDER_REVIEW, attested_on=self.on)


def _without_reviewer(case: Case) -> Case:
    return replace(
        case,
        stage=Stage.RECORDS_COMPLETE,
        reviewer="",
        former_reviewers=(*case.former_reviewers, case.reviewer),
        reviewer_assigned_on=None,
        attested_on=None,
        draft="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerDeclined(Event):
    """The reviewer declined the case, before or after taking it."""

    kind: ClassVar[str] = "reviewer-declined"
    because: DeclineReason
    on: date

    def apply(self, case: Case) -> Case:
        return _without_reviewer(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerReleased(Event):
    """The review organization removed the reviewer from the case."""

    kind: ClassVar[str] = "reviewer-released"
    because: DeclineReason
    on: date

    def apply(self, case: Case) -> Case:
        return _without_reviewer(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsAsked(Event):
    """The reviewer asked parties for more records; all parties get the request."""

    kind: ClassVar[str] = "records-asked"
    of: tuple[Role, ...]
    letter: str
    on: date
    recipients: tuple[Role, ...] = ()
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        return with_letter(case, LetterKind.RECORDS, self.on, self.recipients, Service.ELECTRONIC, tracked=self.tracked)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved(Event):
    """The reviewer saved the draft; `issues` counts those decided so far. Only in older histories.

    No step produces it any more: until it is submitted, a draft is a working copy and no part of the history.
    """

    kind: ClassVar[str] = "draft-saved"
    draft: str
    issues: int
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, draft=self.draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSubmitted(Event):
    """The reviewer submitted the draft to the quality review.

    `answers` are those to the questions of the checks, if there were any.
    """

    kind: ClassVar[str] = "draft-submitted"
    draft: str
    on: date
    answers: str = ""

    def apply(self, case: Case) -> Case:
        return replace(case, stage=Stage.QUALITY, draft=self.draft, answers=self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReturned(Event):
    """The quality review returned the draft, with its reasons in a note of its own."""

    kind: ClassVar[str] = "draft-returned"
    draft: str
    note: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, stage=Stage.UNDER_REVIEW, returned=case.returned + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPassed(Event):
    """The quality review found nothing to correct; only the reviewer can sign."""

    kind: ClassVar[str] = "draft-passed"
    draft: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, stage=Stage.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExtended(Event):
    """The Administrative Director gave more days for the determination, for good cause; `approval` is the paper."""

    kind: ClassVar[str] = "time-extended"
    approval: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, dates=replace(case.dates, extension_approved_on=self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationSigned(Event):
    """The reviewer signed with their own key. `determination` and `letter`, its text, are frozen from here on.

    `signature` is the digest of the signature, which is a document of its own; in older histories, a signature was confirmed by a
    second factor alone. `answers` are those to the questions of the checks, if there were any.
    """

    kind: ClassVar[str] = "determination-signed"
    draft: Annotated[str, SealedOutside()]
    determination: str
    letter: str
    decisions: tuple[Decision, ...]
    second_factor: str
    on: date
    answers: Annotated[str, SealedOutside()] = ""
    signature: Annotated[str, Confidential()] = ""

    def apply(self, case: Case) -> Case:
        return replace(
            case,
            stage=Stage.SIGNED,
            answers=self.answers,
            determination=self.determination,
            letter=self.letter,
            decisions=self.decisions,
            dates=replace(case.dates, determined_on=self.on, overturned=Decision.OVERTURNED in self.decisions),
        )
