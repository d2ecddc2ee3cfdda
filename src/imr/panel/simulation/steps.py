"""A simulated case, taken by the player of cases to its reviewer, and from its reviewer to the issue.

Every letter is written, read back, searched for the reviewer's name, signed and issued. Left out are parts outside the
steps: the site and its database, the letter as PDF, the reading of records, the checks of a draft, and publication.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from imr.case.context import CALIFORNIA, StepContext
from imr.case.digests import digest, digest_of_text
from imr.case.events import DeclineReason, Event
from imr.case.file import FiledRecord
from imr.case.player import MemoryPlayer
from imr.case.scenario import Scenario
from imr.case.signature import UNSIGNED, ReviewerSignature, SignedStatement
from imr.case.state import Case, Stage
from imr.case.steps.records import records_deadline
from imr.case.steps.review import signed_form
from imr.determination import write
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.law.days import Unit, shift
from imr.law.limit import timely
from imr.law.records import Duty
from imr.law.reviewers import Reviewer
from imr.law.terms import RecordKind, Role
from imr.law.time_limits import determination, running
from imr.panel.request import ReviewRequest, request_for
from imr.panel.simulation.docket import Docket


@dataclass(frozen=True, slots=True)
class Ready:
    """A case that waits for a reviewer since a day, with its state and what the panel needs to know."""

    number: int
    received: date
    since: date
    case: Case
    request: ReviewRequest


@dataclass(frozen=True, slots=True)
class SimulatedEnd:
    """A case that the law ended before a review, with the rules that ended it."""

    number: int
    received: date
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The reviewers of a case and the dates: each reviewer that it was given to, the last of whom reviewed it."""

    given: tuple[tuple[Reviewer, date], ...]
    drafted: date
    issued: date


@dataclass(frozen=True, slots=True)
class Done:
    """A case that reached its letter: its dates, whether it was in time, the decisions, the letter's digest."""

    number: int
    received: date
    complete: date
    assigned: date
    issued: date
    track: str
    in_time: bool
    decisions: tuple[str, ...]
    records_late: bool
    letter: str


class _SimulatedCase(MemoryPlayer, Scenario):
    """A simulated case. It keeps only its state: no chain of events, and only the digest of a document."""

    def __init__(self, docket: Docket, number: int, received: date, case: Case | None = None) -> None:
        super().__init__(f"CM{received.year % 100:02}-{number:07}")
        self.docket, self.course, self.number = docket, docket.course(number, received), number
        self.form = docket.application(number, received)
        self._keep(self.form)
        self._state = case or self._state

    def step(self, name: str, on: date | datetime, role: Role | None = None, **changes: Any) -> None:
        """Take a step with its usual facts, with changes, at ten o'clock unless an hour is given."""
        at = on if isinstance(on, datetime) else _at(on)
        self.take(self.scene(name, at, self.case, role, **changes))

    def choose(self, reviewer: Reviewer) -> None:
        """Let the coordinator choose a reviewer next."""
        self.enter(reviewer)
        self.reviewer_id = reviewer.id

    def append(self, event: Event, context: StepContext) -> None:  # noqa: ARG002 - nobody reads a chain of it
        """Apply an event, and keep no record of it."""
        self._apply(event)

    def signature(self) -> ReviewerSignature:
        """Give what the reviewer signs; as there is no chain, the digest of the draft stands for its passing."""
        signed = signed_form(self.draft(), self._context)
        statement = SignedStatement(
            case=self.case.number,
            passed=self.case.draft,
            determination=digest(signed),
            letter=digest_of_text(write(signed)),
        )
        return replace(UNSIGNED, statement=statement)

    def document(self, title: str) -> str:
        """Give the digest of a document of this case; nothing else of it is needed."""
        return digest_of_text(f"{title} {self.number}")

    def record_batch(self) -> tuple[FiledRecord, ...]:
        """Give the one report that comes."""
        return (FiledRecord(digest=self.document("report"), kind=RecordKind.PROGRESS_REPORT),)

    def finished_draft(self, case: Case) -> Determination:
        """Give a draft that decides each treatment by chance, at the published rate."""
        filing = case.filing
        assert filing is not None  # noqa: S101 - a case with a reviewer has its application
        reviewer = self.case_reviewer()
        return Determination(
            case_number=case.number,
            review_type=case.review_type,
            injured_on=filing.injured_on,
            ur_decided_on=filing.ur_decided_on,
            received_on=case.dates.application_received_on,
            assigned_on=case.dates.assigned_on,
            decided_on=None,
            licensure=tuple(licence.state for licence in reviewer.licences),
            specialty=", ".join(reviewer.specialties),
            summary="An invented summary of an invented case.",
            issues=tuple(self._issue(n, treatment.description) for n, treatment in enumerate(self.form.treatments)),
            organization="Invented Review Organization",
            documents=(ReviewedDocument(title="Progress report", kind=RecordKind.PROGRESS_REPORT),),
        )

    def _issue(self, place: int, heading: str) -> Issue:
        chance, rate = self.docket.chance, self.docket.volume.share("overturned, an item")
        overturned = chance.happens(rate, "overturned", self.number, place)
        necessary = "is" if overturned else "is not"
        return Issue(
            heading=heading,
            treatment=heading,
            decision=Decision.OVERTURNED if overturned else Decision.UPHELD,
            administrator_basis="The Claims Administrator did not cite any medical evidence for its decision.",
            reviewer_basis="The MAXIMUS physician reviewer did not cite any medical evidence for their decision.",
            rationale=f"An invented rationale. Therefore, the request {necessary} medically necessary.",
        )


def begin(docket: Docket, number: int, received: date) -> Ready | SimulatedEnd:
    """Take a case from its receipt to the completed records."""
    played = _SimulatedCase(docket, number, received)
    course, form = played.course, played.form
    played.step("receive-application", course.received)
    earlier: dict[str, Any] = {}
    if course.duplicate:
        reviewed = tuple(range(1, len(form.treatments) + 1))
        earlier = {"earlier_application": True, "reviewed_before": reviewed, "reviewed_in": "earlier"}
    played.step("decide-eligibility", course.eligible, Role.INTAKE, **earlier)
    if played.case.stage is Stage.INELIGIBLE:
        return SimulatedEnd(number, received, played.case.reasons)
    played.step("assign-organization", course.assigned)
    played.step("record-service", course.assigned)
    complete = _gather(played)
    return Ready(number, received, complete, played.case, request_for(played.case, form))


def _gather(played: _SimulatedCase) -> date:
    """Receive the records, or the physician's own if the administrator sends nothing; give the day of completion."""
    limit = records_deadline(played.case)
    assert limit is not None  # noqa: S101 - the notice has started it
    came, sender, missing = played.course.records, Role.CLAIMS_ADMINISTRATOR, tuple[Duty, ...]()
    last = date(limit.due.year, limit.due.month, limit.due.day)
    if came is None or came > last:
        noted = shift(last, 1, Unit.BUSINESS)
        played.step("note-records-overdue", noted)
        if came is None:
            came, sender, missing = shift(noted, 10, Unit.BUSINESS), Role.REQUESTING_PHYSICIAN, (Duty.REPORTS,)
        came = max(came, noted)
    played.step("receive-records", _at(came, 12), sender)
    complete = came if played.docket.is_expedited(played.number) else shift(came, 1, Unit.BUSINESS)
    played.step("complete-records", _at(complete, 15), missing=missing)
    return complete


def finish(docket: Docket, ready: Ready, plan: Plan) -> Done:
    """Take a case from the assignment of its reviewer to the issue of the determination. Raises Refused as steps do."""
    played = _SimulatedCase(docket, ready.number, ready.received, ready.case)
    played.specialties = ready.request.matter.specialties
    for place, (reviewer, on) in enumerate(plan.given):
        played.choose(reviewer)
        played.step("assign-reviewer", _at(on, 16))
        if place + 1 < len(plan.given):
            played.step("decline-review", _at(on, 17), because=DeclineReason.CONFLICT)
    assigned = plan.given[-1][1]
    played.step("attest-independence", _at(assigned, 17))
    played.step("submit-draft", _at(plan.drafted, 10))
    if played.course.returned:
        played.step("return-draft", _at(plan.drafted, 11))
        played.step("submit-draft", _at(plan.drafted, 13))
    played.step("pass-draft", _at(plan.drafted, 14))
    played.step("sign-determination", plan.issued)
    played.step("issue-determination", _at(plan.issued, 15))
    played.step("record-service", _at(plan.issued, 15))
    limit = running(determination, played.case.dates)[0]
    return Done(
        number=ready.number,
        received=ready.received,
        complete=ready.since,
        assigned=assigned,
        issued=plan.issued,
        track=limit.rule.removeprefix("det-time-"),
        in_time=bool(timely(limit, plan.issued)),
        decisions=tuple(decision.value for decision in played.case.decisions),
        records_late=played.case.records_overdue,
        letter=played.case.letter,
    )


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), CALIFORNIA)
