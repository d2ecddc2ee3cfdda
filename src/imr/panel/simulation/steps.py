"""One case through the real steps of `imr.case`, as the law lets it pass: to the reviewer, and from the reviewer to the issue.

Every letter is written, read back, searched for the reviewer's name, signed and issued. Left out are what stands outside
the steps: the site and its database, the letter as PDF, reading of records, the checks beside the draft, and publication.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from imr.case.context import CALIFORNIA, Actor, StepContext
from imr.case.decide import decide
from imr.case.digests import digest_of_text
from imr.case.events import DeclineReason
from imr.case.file import FiledRecord
from imr.case.state import Case, Stage
from imr.case.steps.assignment import AssignReviewer, AttestIndependence, DeclineReview
from imr.case.steps.eligibility import DecideEligibility
from imr.case.steps.intake import AssignOrganization, ReceiveApplication
from imr.case.steps.issue import IssueDetermination
from imr.case.steps.records import CompleteRecords, NoteRecordsOverdue, ReceiveRecords, records_deadline
from imr.case.steps.review import (
    PassDraft,
    ReturnDraft,
    SignDetermination,
    SubmitDraft,
    signed_form,
)
from imr.case.steps.service import RecordService
from imr.determination import write
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.law.days import Unit, shift
from imr.law.limit import timely
from imr.law.records import Duty
from imr.law.reviewers import Reviewer
from imr.law.terms import RecordKind, Role, Service, UrOutcome
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
    """A case that the law ended before a review, and by which rules."""

    number: int
    received: date
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reviews a case and when: each reviewer that it was given to, the last of whom reviewed it."""

    given: tuple[tuple[Reviewer, date], ...]
    drafted: date
    issued: date


@dataclass(frozen=True, slots=True)
class Done:
    """A case that came to its letter: its days, whether the determination was in time, what was decided, the letter's digest."""

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


class _Walk:
    """A case on its way."""

    def __init__(self, docket: Docket, number: int, received: date, case: Case | None = None) -> None:
        self.docket = docket
        self.number = number
        self.received = received
        self.course = docket.course(number, received)
        self.form = docket.application(number, received)
        self.case = case or Case(number=f"CM{received.year % 100:02}-{number:07}")

    def step(self, name: str, role: Role, on: date | datetime, facts: Any, by: str = "office") -> None:
        """Take a step through the one table, at ten unless an hour is given."""
        at = on if isinstance(on, datetime) else _at(on)
        after = decide(name, self.case, StepContext(actor=Actor(role=role, id=by), at=at), facts).apply(self.case)
        self.case = replace(after, events=self.case.events + 1)  # a letter is known by the number of its event

    def paper(self, what: str) -> str:
        """The digest of a paper of this case, of which nothing but the digest is ever needed."""
        return digest_of_text(f"{what} {self.number}")


def begin(docket: Docket, number: int, received: date) -> Ready | SimulatedEnd:
    """Take a case from its receipt to the completed records."""
    walk = _Walk(docket, number, received)
    course, form = walk.course, walk.form
    facts: Any = ReceiveApplication(application=form, ur_decision=walk.paper("UR"), received_at=course.received)
    walk.step("receive-application", Role.INTAKE, course.received, facts)
    reviewed = tuple(range(1, len(form.treatments) + 1)) if course.duplicate else ()
    facts = DecideEligibility(
        application=form,
        ur_outcome=UrOutcome.DENIED,
        on_necessity=True,
        earlier_application=bool(reviewed),
        reviewed_before=reviewed,
        reviewed_in="earlier" if reviewed else "",
        earlier_denial=False,
        administrator_agrees=False,
        form_supplied=True,
        emergency=False,
        certified=False,
        in_dispute=True,
    )
    walk.step("decide-eligibility", Role.INTAKE, course.eligible, facts)
    if walk.case.stage is Stage.INELIGIBLE:
        return SimulatedEnd(number, received, walk.case.reasons)
    facts = AssignOrganization(notice=walk.paper("notice"), service=Service.ELECTRONIC)
    walk.step("assign-organization", Role.COORDINATOR, course.assigned, facts)
    _serve(walk, _at(course.assigned))
    complete = _gather(walk)
    return Ready(number, received, complete, walk.case, request_for(walk.case, form))


def _gather(walk: _Walk) -> date:
    """Take the records in, or the physician's own where the administrator sends nothing; give the day of completion."""
    limit = records_deadline(walk.case)
    assert limit is not None  # noqa: S101 - the notice has started it
    came, sender, missing = walk.course.records, Role.CLAIMS_ADMINISTRATOR, tuple[Duty, ...]()
    last = date(limit.due.year, limit.due.month, limit.due.day)
    if came is None or came > last:
        noted = shift(last, 1, Unit.BUSINESS)
        walk.step("note-records-overdue", Role.CLOCK, noted, NoteRecordsOverdue(), "clock")
        if came is None:
            came, sender, missing = shift(noted, 10, Unit.BUSINESS), Role.REQUESTING_PHYSICIAN, (Duty.REPORTS,)
        came = max(came, noted)
    report = FiledRecord(digest=walk.paper("report"), kind=RecordKind.PROGRESS_REPORT)
    facts = ReceiveRecords(records=(report,), sender=sender, received_on=came)
    walk.step("receive-records", sender, _at(came, 12), facts)
    complete = came if walk.docket.is_expedited(walk.number) else shift(came, 1, Unit.BUSINESS)
    walk.step("complete-records", Role.COORDINATOR, _at(complete, 15), CompleteRecords(missing=missing))
    return complete


def finish(docket: Docket, ready: Ready, plan: Plan) -> Done:
    """Take a case from the assignment of its reviewer to the issue of the determination. Raises Refused as steps do."""
    walk = _Walk(docket, ready.number, ready.received, ready.case)
    for place, (reviewer, on) in enumerate(plan.given):
        specialties = ready.request.matter.specialties
        facts: Any = AssignReviewer(reviewer=reviewer, application=walk.form, specialties=specialties)
        walk.step("assign-reviewer", Role.COORDINATOR, _at(on, 16), facts)
        if place + 1 < len(plan.given):
            declined = DeclineReview(because=DeclineReason.CONFLICT)
            walk.step("decline-review", Role.REVIEWER, _at(on, 17), declined, reviewer.id)
    reviewer, assigned = plan.given[-1]
    names = tuple(party.name for party in walk.form.parties())
    facts = AttestIndependence(application=walk.form, unaffiliated=names, competent=True)
    walk.step("attest-independence", Role.REVIEWER, _at(assigned, 17), facts, reviewer.id)
    draft = _draft(walk, reviewer)
    submitted = SubmitDraft(draft=draft)
    walk.step("submit-draft", Role.REVIEWER, _at(plan.drafted, 10), submitted, reviewer.id)
    if walk.course.returned:
        walk.step("return-draft", Role.QUALITY, _at(plan.drafted, 11), ReturnDraft(note=walk.paper("note")))
        walk.step("submit-draft", Role.REVIEWER, _at(plan.drafted, 13), submitted, reviewer.id)
    walk.step("pass-draft", Role.QUALITY, _at(plan.drafted, 14), PassDraft(draft=draft))
    _sign(walk, draft, reviewer, plan.issued)
    limit = running(determination, walk.case.dates)[0]
    return Done(
        number=ready.number,
        received=ready.received,
        complete=ready.since,
        assigned=assigned,
        issued=plan.issued,
        track=limit.rule.removeprefix("det-time-"),
        in_time=bool(timely(limit, plan.issued)),
        decisions=tuple(decision.value for decision in walk.case.decisions),
        records_late=walk.case.records_overdue,
        letter=walk.case.letter,
    )


def _sign(walk: _Walk, draft: Determination, reviewer: Reviewer, on: date) -> None:
    """Sign and issue the letter by the real steps."""
    text = write(signed_form(draft, StepContext(actor=Actor(role=Role.REVIEWER, id=reviewer.id), at=_at(on))))
    facts: Any = SignDetermination(
        draft=draft, text=text, reviewer=reviewer, application=walk.form, second_factor="totp"
    )
    walk.step("sign-determination", Role.REVIEWER, _at(on), facts, reviewer.id)
    walk.step("issue-determination", Role.COORDINATOR, _at(on, 15), IssueDetermination(text=text, on=on))
    _serve(walk, _at(on, 15))


def _serve(walk: _Walk, at: datetime) -> None:
    """Record that the letter that was just made went out as it was to, at once, to everybody whom it is for."""
    letter = walk.case.letters[-1]
    service = letter.service or Service.MAIL
    facts = RecordService(
        letter=letter.number,
        recipients=letter.unserved,
        service=service,
        on=letter.on,
        received_at=at if service is Service.ELECTRONIC else None,
    )
    walk.step("record-service", Role.COORDINATOR, at, facts)


def _draft(walk: _Walk, reviewer: Reviewer) -> Determination:
    """A finished draft that decides each treatment by chance, at the published rate."""
    chance, rate = walk.docket.chance, walk.docket.volume.share("overturned, an item")

    def issue(place: int, heading: str) -> Issue:
        overturned = chance.happens(rate, "overturned", walk.number, place)
        necessary = "is" if overturned else "is not"
        return Issue(
            heading=heading,
            treatment=heading,
            decision=Decision.OVERTURNED if overturned else Decision.UPHELD,
            administrator_basis="The Claims Administrator did not cite any medical evidence for its decision.",
            reviewer_basis="The MAXIMUS physician reviewer did not cite any medical evidence for their decision.",
            rationale=f"An invented rationale. Therefore, the request {necessary} medically necessary.",
        )

    filing = walk.case.filing
    assert filing is not None  # noqa: S101 - a case with a reviewer has its application
    return Determination(
        case_number=walk.case.number,
        review_type=walk.case.review_type,
        injured_on=filing.injured_on,
        ur_decided_on=filing.ur_decided_on,
        received_on=walk.case.dates.application_received_on,
        assigned_on=walk.case.dates.assigned_on,
        decided_on=None,
        licensure=tuple(licence.state for licence in reviewer.licences),
        specialty=", ".join(reviewer.specialties),
        summary="An invented summary of an invented case.",
        issues=tuple(issue(n, treatment.description) for n, treatment in enumerate(walk.form.treatments)),
        organization="Invented Review Organization",
        documents=(ReviewedDocument(title="Progress report", kind=RecordKind.PROGRESS_REPORT),),
    )


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), CALIFORNIA)
