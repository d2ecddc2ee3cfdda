"""What the tests of a case share: one invented dispute, and good facts for every step of it."""

# ruff: noqa: ARG005 - the makers of facts have one shape

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from imr.case.application import Application
from imr.case.chain import Recorded, record, replay
from imr.case.context import Actor, StepContext
from imr.case.decide import decide
from imr.case.digests import digest
from imr.case.events import DeclineReason
from imr.case.file import CorrectionAction, FiledRecord
from imr.case.state import AppealGround, Case, Ending, Stage, WithdrawalReason
from imr.case.steps import STEPS
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.corrections import StatedDocument
from imr.case.steps.issue import to_confirm
from imr.case.steps.records import PARTIES
from imr.case.steps.review import signed_form
from imr.case.steps.service import MessageSent
from imr.determination import redact, write
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.errors import Refused
from imr.examples import OFFICE, panel, seed_case
from imr.examples.clinic import PMR
from imr.examples.stories import LOOKED_AT
from imr.law.conflicts import doubt_key
from imr.law.records import Duty
from imr.law.reviewers import Affiliation, AffiliationKind, Identity, Reviewer
from imr.law.terms import RecordKind, ReviewType, Role, Service

#: Who takes a step where a test does not say, if not the first of its roles.
USUAL = {"receive-records": Role.CLAIMS_ADMINISTRATOR}
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


@dataclass
class World:
    """One case as it goes, with the day on which it stands."""

    form: Application = FORM
    number: str = NUMBER
    at: datetime = START
    overturn: bool = True
    chain: list[Recorded] = field(default_factory=list)
    drafts: dict[str, Determination] = field(default_factory=dict)
    earlier: Case | None = None
    turn: int = 0

    @property
    def case(self) -> Case:
        return replay(self.chain, self.number)

    @property
    def today(self) -> date:
        return StepContext(actor=Actor(role=Role.CLOCK, id="clock"), at=self.at).on

    def wait(self, days: int) -> "World":
        self.at += timedelta(days=days)
        return self

    def actor(self, role: Role) -> Actor:
        return Actor(role=role, id=self.case.reviewer if role is Role.REVIEWER else role.value)

    def reviewer(self) -> Reviewer:
        case = self.case
        if case.reviewer:
            return next(r for r in REVIEWERS if r.id == case.reviewer)
        barred = (*case.former_reviewers, *case.earlier_reviewers)
        return next((r for r in REVIEWERS if r.id not in barred), REVIEWERS[0])

    def do(self, name: str, role: Role | None = None, **changes: Any) -> Case:
        """Take a step on good facts, with changes; record its event."""
        context = StepContext(actor=self.actor(role or USUAL.get(name, STEPS[name].roles[0])), at=self.at)
        event = decide(name, self.case, context, replace(self.facts(name, context), **changes))
        self.chain.append(
            record(event, self.number, context, self.chain[-1] if self.chain else None, f"{self.turn:032x}")
        )
        self.turn += 1
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
            letter = letters[-1]
            return self.do(
                "record-service",
                letter=letter.number,
                recipients=recipients or letter.unserved,
                **{"service": letter.service, "on": letter.on, "received_at": self.at, **changes},
            )
        return self.case

    def until(self, stage: Stage) -> "World":
        """Take the main path until a stage is reached."""
        for name in MAIN_PATH:
            if self.case.stage is not stage and self.case.stage in STEPS[name].stages:
                self.through(name)
        assert self.case.stage is stage
        return self

    def draft(self) -> Determination:
        case = self.case
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

    def kept_draft(self) -> Determination:
        return self.drafts.get(self.case.draft) or self.draft()

    def signed(self) -> Determination:
        case = self.case
        if not case.determination:
            return signed_form(self.kept_draft(), StepContext(actor=self.actor(Role.REVIEWER), at=self.at))
        return next(
            made
            for draft in self.drafts.values()
            if digest(made := replace(draft, decided_on=case.dates.determined_on)) == case.determination
        )

    def facts(self, name: str, context: StepContext) -> Any:
        return STEPS[name].facts(**FACTS[name](self, context))

    def records(self, context: StepContext) -> dict[str, Any]:
        self.turn += 1
        papers = (RecordKind.UR_DECISION, RecordKind.PROGRESS_REPORT)
        return {
            "records": tuple(FiledRecord(digest=digest([self.turn, kind.value]), kind=kind) for kind in papers),
            "sender": context.actor.role if context.actor.role in PARTIES else Role.CLAIMS_ADMINISTRATOR,
            "received_on": context.on,
        }

    def message(self, context: StepContext) -> MessageSent:
        """A message that told the first recipient who had none."""
        letter, copy = next((a, c) for a in self.case.letters for c in a.copies if c.by_message is None)
        return MessageSent(letter=letter.number, recipients=(copy.role,), at=context.at)

    def submitting(self) -> dict[str, Any]:
        draft = self.draft()
        self.drafts[digest(draft)] = draft
        return {"draft": draft}

    def signing(self, context: StepContext) -> dict[str, Any]:
        draft = self.kept_draft()
        return {
            "draft": draft,
            "text": write(signed_form(draft, context)),
            "reviewer": self.reviewer(),
            "application": self.form,
            "second_factor": "totp",
        }

    def in_doubt(self) -> dict[str, Any]:
        """A name on the record of the reviewer that may be the physician's, and what a coordinator found."""
        physician = self.form.physician
        name = f"{physician.first_name[0]}. {physician.last_name}"
        tie = Affiliation(name=name, kind=AffiliationKind.PROFESSIONAL, relation="partner", since=date(2001, 1, 1))
        return {
            "reviewer": replace(self.reviewer(), affiliations=(tie,)),
            "application": self.form,
            "doubt": doubt_key(self.reviewer().id, name, physician.name),
            "identity": Identity.DIFFERENT,
            "reason": PAPER,
        }

    def answer(self, context: StepContext) -> dict[str, Any]:
        """An answer as whoever takes the step gives it; what it changes in the application is signed again."""
        party = context.actor.role is not Role.INTAKE
        facts: dict[str, Any] = {"answer": PAPER, "answered_on": context.on}
        facts["answered_by"] = context.actor.role if party else Role.EMPLOYEE
        if context.actor.role is Role.INTAKE:
            facts["signed_page"] = PAPER
        facts["application"] = self.form
        return facts

    def publishing(self) -> dict[str, Any]:
        public = redact(self.signed(), self.form.identifiers())
        return {
            "determination": self.signed(),
            "public": public,
            "text": write(public),
            "application": self.form,
            "confirmed": digest(to_confirm(self.signed(), self.form)),
        }


#: Good facts for each step.
FACTS: dict[str, Callable[[World, StepContext], dict[str, Any]]] = {
    "receive-application": lambda w, context: {"application": w.form, "ur_decision": PAPER, "received_at": context.at},
    "ask-information": lambda w, context: {"of": (Role.EMPLOYEE,), "letter": PAPER},
    "answer-information": lambda w, context: w.answer(context),
    "decide-eligibility": lambda w, context: {"application": w.form, **LOOKED_AT, "goes_on": True},
    "assign-organization": lambda w, context: {"notice": PAPER, "service": Service.ELECTRONIC},
    "record-service": lambda w, context: {
        "letter": w.case.letters[-1].number,
        "recipients": tuple(copy.role for copy in w.case.letters[-1].copies),
        "service": Service.PERSONAL,
        "on": context.on,
        "received_at": context.at,
    },
    "note-service": lambda w, context: {"sent": w.message(context)},
    "convert-to-expedited": lambda w, context: {"certification": PAPER},
    "receive-records": lambda w, context: w.records(context),
    "correct-document": lambda w, context: {
        "action": CorrectionAction.RETYPE,
        "file": w.case.file[0],
        "documents": (StatedDocument(first=1, last=2, record=RecordKind.IMAGING, author="A. Radiologist"),),
    },
    "withhold-record": lambda w, context: {"file": w.case.records[0].record.digest, "withheld": True},
    "withdraw-consent": lambda w, context: {
        "application": w.form,
        "withdrawn_on": context.on,
        "withdrawn_by": Role.EMPLOYEE if context.actor.role is Role.INTAKE else context.actor.role,
        "signed_page": PAPER if context.actor.role is Role.INTAKE else "",
    },
    "mark-consent-exclusion": lambda w, context: {"file": w.case.records[0].record.digest, "left_out": True},
    "note-records-overdue": lambda w, context: {},
    "complete-records": lambda w, context: {"missing": (Duty.NEW_ISSUES,)},
    "bind-case-file": lambda w, context: {
        "bound": CaseFileBundle(file=PAPER, certificate=PAPER, files=w.case.file, pages=7),
    },
    "assign-reviewer": lambda w, context: {"reviewer": w.reviewer(), "application": w.form, "specialties": (PMR,)},
    "settle-identity": lambda w, context: w.in_doubt(),
    "attest-independence": lambda w, context: {
        "application": w.form,
        "unaffiliated": tuple(party.name for party in w.form.parties()),
        "competent": True,
    },
    "decline-review": lambda w, context: {"because": DeclineReason.TIME},
    "release-reviewer": lambda w, context: {"because": DeclineReason.TIME},
    "ask-records": lambda w, context: {"of": (Role.REQUESTING_PHYSICIAN,), "letter": PAPER},
    "submit-draft": lambda w, context: w.submitting(),
    "return-draft": lambda w, context: {"note": PAPER},
    "pass-draft": lambda w, context: {"draft": w.kept_draft()},
    "extend-time": lambda w, context: {"approval": PAPER},
    "sign-determination": lambda w, context: w.signing(context),
    "issue-determination": lambda w, context: {
        "text": write(w.signed()),
        "service": Service.ELECTRONIC,
        "on": context.on,
    },
    "report-implementation": lambda w, context: {"proof": PAPER, "on": context.on},
    "publish-determination": lambda w, context: w.publishing(),
    "withdraw-publication": lambda w, context: {"because": WithdrawalReason.IDENTIFIES},
    "withdraw-reversed-publication": lambda w, context: {"because": WithdrawalReason.FAULTY},
    "withdraw-application": lambda w, context: {"letter": PAPER},
    "terminate-review": lambda w, context: {
        "because": Ending.PHYSICIAN_WITHDREW if context.actor.role is Role.REQUESTING_PHYSICIAN else Ending.AUTHORIZED,
        "letter": PAPER,
    },
    "receive-appeal": lambda w, context: {
        "petition": PAPER,
        "grounds": (AppealGround.PLAIN_ERROR,),
        "filed_on": context.on,
    },
    "affirm-determination": lambda w, context: {"order": PAPER},
    "reverse-determination": lambda w, context: {"order": PAPER, "ground": AppealGround.PLAIN_ERROR},
    "open-remand": lambda w, context: {"earlier": w.earlier, "order": PAPER},
}
MAIN_PATH = (
    "receive-application",
    "decide-eligibility",
    "assign-organization",
    "receive-records",
    "complete-records",
    "assign-reviewer",
    "attest-independence",
    "submit-draft",
    "pass-draft",
    "sign-determination",
    "issue-determination",
    "publish-determination",
)


def refusal(world: World, name: str, role: Role | None = None, **changes) -> Refused:
    """The refusal of a step; nothing may be recorded by it."""
    before = len(world.chain)
    with pytest.raises(Refused) as caught:
        world.do(name, role, **changes)
    assert len(world.chain) == before
    return caught.value


def rules(refused: Refused) -> set[str]:
    return {finding.rule for finding in refused.findings}
