"""What the tests of a case share: one invented dispute, and good facts for every step of it."""

# ruff: noqa: ARG005 - what states the facts of a step has one shape

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from imr.case.appeals import AppealGround
from imr.case.application import Application
from imr.case.chain import Recorded, replay
from imr.case.context import CALIFORNIA, Actor, StepContext
from imr.case.digests import digest
from imr.case.endings import Ending
from imr.case.events import DeclineReason
from imr.case.file import CorrectionAction, FiledRecord
from imr.case.player import MemoryPlayer
from imr.case.publication import WithdrawalReason
from imr.case.scenario import MAIN_PATH, Scenario
from imr.case.state import Case, Stage
from imr.case.steps import STEPS
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.corrections import StatedDocument
from imr.case.steps.issue import to_confirm
from imr.case.steps.records import PARTIES
from imr.case.steps.review import signed_form
from imr.case.steps.service import MessageSent
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.errors import Refused
from imr.examples import OFFICE, panel, seed_case
from imr.examples.clinic import PMR
from imr.law.conflicts import doubt_key
from imr.law.records import Duty
from imr.law.reviewers import Affiliation, AffiliationKind, Identity, Reviewer
from imr.law.roles import EMPLOYEE_SIDE
from imr.law.terms import RecordKind, ReviewType, Role, Service

NUMBER = "CM15-0020150"
PAPER = "a" * 64
START = datetime(2015, 2, 19, 18, tzinfo=UTC)
FORM: Application = replace(seed_case().application, attorney=None)
REVIEWERS: tuple[Reviewer, ...] = tuple(
    replace(found, specialties=(PMR,), boards=seed_case().reviewer.boards, affiliations=(), is_qme=False)
    for found in panel(4, START.date())
)


def told_apart(form: Application) -> tuple[str, ...]:
    """Every name and number by which somebody could tell who the parties of an application are."""
    return tuple(
        text
        for party in form.identifiers()
        for text in (*party.names, *party.organizations, *party.addresses, *party.numbers)
    )


class World(Scenario):
    """One case as it goes: what is stated in it, the player that takes its steps, and the moment that it has come to."""

    specialties = (PMR,)

    def __init__(
        self,
        *,
        form: Application = FORM,
        number: str = NUMBER,
        at: datetime = START,
        overturn: bool = True,
        chain: Sequence[Recorded] = (),
        earlier: Case | None = None,
    ) -> None:
        self.form, self.number, self.at, self.overturn, self.earlier = form, number, at, overturn, earlier
        self.player = _WorldPlayer(number, reviewers=REVIEWERS, earlier=earlier)
        self.player.chain.extend(chain)
        self.player.documents[digest(form)] = form
        self.batches = 0

    @property
    def chain(self) -> list[Recorded]:
        return self.player.chain

    @property
    def case(self) -> Case:
        return self.player.case

    @property
    def today(self) -> date:
        return self.at.astimezone(CALIFORNIA).date()

    def wait(self, days: int) -> "World":
        self.at += timedelta(days=days)
        return self

    def actor(self, role: Role) -> Actor:
        return self.player.actor(role)

    def reviewer(self) -> Reviewer:
        """The reviewer of the case, or the first whom nothing keeps from becoming that."""
        case = self.case
        if case.reviewer:
            return self.player.case_reviewer()
        barred = (*case.former_reviewers, *case.earlier_reviewers)
        return next((r for r in REVIEWERS if r.id not in barred), REVIEWERS[0])

    @property
    def reviewer_id(self) -> str:
        return self.reviewer().id

    def do(self, name: str, role: Role | None = None, **changes: Any) -> Case:
        """Take a step on good facts, with changes; record its event."""
        self.player.take(self.scene(name, self.at, self.case, role, **changes))
        return self.case

    def through(self, *names: str) -> "World":
        """Take steps one after another, a day apart."""
        for name in names:
            self.do(name)
            self.serve()
            self.wait(1)
        return self

    def serve(self, *recipients: Role, **changes: Any) -> Case:
        """Record that the letter that was just made went to its recipients as it said, on its own day."""
        item, letters = self.chain[-1], self.case.letters
        if letters and letters[-1].number == item.number:
            last = self.player.service_of_last_letter(self.scene("record-service", self.at, self.case))
            changes = {"recipients": recipients or letters[-1].unserved, "received_at": self.at, **changes}
            return self.do("record-service", **{**last, **changes})
        return self.case

    def until(self, stage: Stage) -> "World":
        """Take the main path until a stage is reached."""
        for name in MAIN_PATH:
            if self.case.stage is not stage and self.case.stage in STEPS[name].stages:
                self.through(name)
        assert self.case.stage is stage
        return self

    def draft(self) -> Determination:
        return self.finished_draft(self.case)

    def signed(self) -> Determination:
        """The determination as signed, or as it would be signed now."""
        if self.case.determination:
            return self.player.determination()
        return signed_form(self.player.draft(), StepContext(actor=self.actor(Role.REVIEWER), at=self.at))

    def facts(self, name: str, context: StepContext) -> Any:
        """Good facts of a step, as it takes them."""
        stated = self.stated(name, context.actor.role, context.at, self.case)
        if name == "publish-determination":
            stated["confirmed"] = digest(to_confirm(self.signed(), self.form))
        return self.player.facts(name, context, stated)

    # What is stated

    def document(self, title: str) -> str:  # noqa: ARG002 - the tests tell no document from another
        return PAPER

    def record_batch(self) -> tuple[FiledRecord, ...]:
        """Two records that nobody sent before."""
        self.batches += 1
        papers = (RecordKind.UR_DECISION, RecordKind.PROGRESS_REPORT)
        return tuple(FiledRecord(digest=digest([self.batches, kind.value]), kind=kind) for kind in papers)

    def finished_draft(self, case: Case) -> Determination:
        assert case.filing is not None
        return Determination(
            case_number=self.number,
            review_type=case.review_type or ReviewType.STANDARD,
            injured_on=case.filing.injured_on,
            ur_decided_on=case.filing.ur_decided_on,
            received_on=case.dates.application_received_on,
            assigned_on=case.dates.assigned_on,
            decided_on=None,
            licensure=("California",),
            specialty=PMR,
            summary="The injured worker has pain of the neck and of the left arm.",
            issues=tuple(
                Issue(
                    heading=treatment.description,
                    treatment=treatment.description,
                    decision=Decision.OVERTURNED if self.overturn and place == 1 else Decision.UPHELD,
                    administrator_basis="Decision based on MTUS Chronic Pain Medical Treatment 2009.",
                    reviewer_basis="Decision based on MTUS Chronic Pain Medical Treatment 2009.",
                    rationale="The record was weighed against the guideline. That settles it.",
                )
                for place, treatment in enumerate(self.form.treatments, 1)
                if place not in case.excluded
            ),
            organization=OFFICE.name,
            documents=(ReviewedDocument(title="Progress report", kind=RecordKind.PROGRESS_REPORT),),
        )

    def stated(self, step: str, role: Role, at: datetime, case: Case) -> dict[str, Any]:
        """What is stated on the main path, with what these tests change there, and in every other step."""
        state = STATED.get(step)
        return super().stated(step, role, at, case) | ({} if state is None else state(self, role, at))

    def message(self, at: datetime) -> MessageSent:
        """A message that told the first recipient who had none."""
        letter, copy = next((a, c) for a in self.case.letters for c in a.copies if c.by_message is None)
        return MessageSent(letter=letter.number, recipients=(copy.role,), at=at)

    def in_doubt(self) -> dict[str, Any]:
        """A name on the record of the reviewer that may be the physician's, and what a coordinator found."""
        physician = self.form.physician
        name = f"{physician.first_name[0]}. {physician.last_name}"
        tie = Affiliation(name=name, kind=AffiliationKind.PROFESSIONAL, relation="partner", since=date(2001, 1, 1))
        return {
            "reviewer": replace(self.reviewer(), affiliations=(tie,)),
            "doubt": doubt_key(self.reviewer().id, name, physician.name),
            "identity": Identity.DIFFERENT,
            "reason": PAPER,
        }

    def ending(self) -> Ending:
        """The reason that was reported, if one was."""
        report = self.case.ending_report
        return Ending.AUTHORIZED if report is None else report.because

    def unheard(self) -> Role:
        """The role of the employee's side that has not answered the report; the employee where nobody has, or both."""
        report = self.case.ending_report
        waiting = [role for role in EMPLOYEE_SIDE if report is not None and not report.answered_by(role)]
        return waiting[0] if waiting else Role.EMPLOYEE

    def answer(self, role: Role) -> dict[str, Any]:
        """An answer as whoever takes the step gives it; what it changes in the application is signed again."""
        office = role is Role.INTAKE
        facts = {"answer": PAPER, "answered_on": self.today, "answered_by": Role.EMPLOYEE if office else role}
        return facts | {"application": self.form} | ({"signed_page": PAPER} if office else {})


class _WorldPlayer(MemoryPlayer):
    """A player to whose chain a test may append."""

    @property
    def case(self) -> Case:
        return replay(self.chain, self._state.number)


#: What these tests state otherwise than the main path, and what is stated in the steps beside it.
STATED: dict[str, Callable[[World, Role, datetime], dict[str, Any]]] = {
    "ask-information": lambda w, role, at: {"of": (Role.EMPLOYEE,), "letter": PAPER},
    "answer-information": lambda w, role, at: w.answer(role),
    "decide-eligibility": lambda w, role, at: {"goes_on": True},
    "record-service": lambda w, role, at: {"service": Service.PERSONAL, "on": w.today, "received_at": at},
    "note-service": lambda w, role, at: {"sent": w.message(at)},
    "convert-to-expedited": lambda w, role, at: {"certification": PAPER},
    "receive-records": lambda w, role, at: {"sender": role if role in PARTIES else Role.CLAIMS_ADMINISTRATOR},
    "correct-document": lambda w, role, at: {
        "action": CorrectionAction.RETYPE,
        "file": w.case.file[0],
        "documents": (StatedDocument(first=1, last=2, record=RecordKind.IMAGING, author="A. Radiologist"),),
    },
    "withhold-record": lambda w, role, at: {"file": w.case.records[0].record.digest, "withheld": True},
    "withdraw-consent": lambda w, role, at: {
        "withdrawn_on": w.today,
        "withdrawn_by": Role.EMPLOYEE if role is Role.INTAKE else role,
        "signed_page": PAPER if role is Role.INTAKE else "",
    },
    "mark-consent-exclusion": lambda w, role, at: {"file": w.case.records[0].record.digest, "left_out": True},
    "complete-records": lambda w, role, at: {"missing": (Duty.NEW_ISSUES,)},
    "bind-case-file": lambda w, role, at: {
        "bound": CaseFileBundle(file=PAPER, certificate=PAPER, files=w.case.file, pages=7),
    },
    "settle-identity": lambda w, role, at: w.in_doubt(),
    "release-reviewer": lambda w, role, at: {"because": DeclineReason.TIME},
    "ask-records": lambda w, role, at: {"of": (Role.REQUESTING_PHYSICIAN,), "letter": PAPER},
    "extend-time": lambda w, role, at: {"approval": PAPER},
    "issue-determination": lambda w, role, at: {"service": Service.ELECTRONIC},
    "report-implementation": lambda w, role, at: {"proof": PAPER, "on": w.today},
    "withdraw-publication": lambda w, role, at: {"because": WithdrawalReason.IDENTIFIES},
    "withdraw-reversed-publication": lambda w, role, at: {"because": WithdrawalReason.FAULTY},
    "withdraw-application": lambda w, role, at: {"letter": PAPER},
    "report-ending": lambda w, role, at: {
        "because": Ending.PHYSICIAN_WITHDREW if role is Role.REQUESTING_PHYSICIAN else Ending.AUTHORIZED,
        "letter": PAPER,
        "reported_by": role if role is Role.REQUESTING_PHYSICIAN else Role.CLAIMS_ADMINISTRATOR,
    },
    "answer-ending": lambda w, role, at: {
        "agrees": True,
        "letter": PAPER,
        "answered_by": role if role in EMPLOYEE_SIDE else w.unheard(),
    },
    "withdraw-ending-report": lambda w, role, at: {"letter": PAPER},
    "terminate-review": lambda w, role, at: {"because": w.ending(), "letter": PAPER},
    "reopen-review": lambda w, role, at: {"letter": PAPER},
    "receive-appeal": lambda w, role, at: {
        "petition": PAPER,
        "grounds": (AppealGround.PLAIN_ERROR,),
        "filed_on": w.today,
    },
    "affirm-determination": lambda w, role, at: {"order": PAPER},
    "reverse-determination": lambda w, role, at: {"order": PAPER, "ground": AppealGround.PLAIN_ERROR},
    "open-remand": lambda w, role, at: {"order": PAPER, "finding": PAPER},
    "note-remand": lambda w, role, at: {"to": Case(number="CM15-0030000", remanded_from=w.case.number)},
}


def refusal(world: World, name: str, role: Role | None = None, **changes) -> Refused:
    """The refusal of a step; nothing may be recorded by it."""
    before = len(world.chain)
    with pytest.raises(Refused) as caught:
        world.do(name, role, **changes)
    assert len(world.chain) == before
    return caught.value


def rules(refused: Refused) -> set[str]:
    return {finding.rule for finding in refused.findings}
