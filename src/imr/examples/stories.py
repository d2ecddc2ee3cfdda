"""Stories of invented cases: who takes which step when, with which facts.

A story is a list of scenes. It holds what a person states and the papers that come with a step; the player of the story
supplies what the system keeps (the application, the draft, the letter, the reviewer on the panel). `play` plays one
with the pure steps (see `playing`); the site's demonstration plays the same ones through its own interfaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from imr.case.application import Application
from imr.case.context import CALIFORNIA, Actor, StepContext
from imr.case.events import ApplicationReceived
from imr.case.notices import Office, assignment
from imr.case.state import Case, FiledApplication
from imr.determination.model import Determination
from imr.examples.files import InventedPaper, note, ur_decision
from imr.law.reviewers import Reviewer
from imr.law.terms import RecordKind, Role, Service, UrOutcome

OFFICE = Office(
    name="Example Review Organization",
    lines=("100 Invented Street", "Sample Valley, CA 95814"),
    contact="(916) 555-0100",
)

#: Intake's findings about an eligible invented application.
LOOKED_AT = {
    "ur_outcome": UrOutcome.DENIED,
    "on_necessity": True,
    "earlier_application": False,
    "earlier_denial": False,
    "administrator_agrees": False,
    "form_supplied": True,
    "emergency": False,
    "certified": False,
    "in_dispute": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One step of somebody in a story. An `InventedPaper` among the facts is a document that comes with it.

    The service of a letter names neither letter nor recipients: it is of the last letter, on all its recipients.
    """

    step: str
    role: Role
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case in scenes, with the reviewer whom the panel must have."""

    number: str
    application: Application
    reviewer: Reviewer
    scenes: tuple[Scene, ...]

    def until(self, step: str) -> "Story":
        """Give the story up to the first time that this step is taken, including the step and the service of its letter."""
        last = next(place for place, scene in enumerate(self.scenes) if scene.step == step)
        after = self.scenes[last + 1 : last + 2]
        served = tuple(scene for scene in after if scene.step == "record-service")
        return replace(self, scenes=(*self.scenes[: last + 1], *served))

    def then(self, *scenes: Scene) -> "Story":
        """Give the story with more scenes at its end."""
        return replace(self, scenes=(*self.scenes, *scenes))


def at(day: date, hour: int = 10) -> datetime:
    """Give an hour of a day in California."""
    return datetime.combine(day, time(hour), CALIFORNIA)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCalendar:
    """The dates of a main path."""

    received: date
    eligible: date
    assigned: date
    records: date
    complete: date
    chosen: date
    drafted: date
    passed: date
    signed: date
    published: date

    @classmethod
    def from_receipt(cls, received: date) -> "CaseCalendar":
        """Make the dates of a quick and timely path from the day of receipt."""
        spans = {"eligible": 2, "assigned": 3, "records": 11, "complete": 12, "chosen": 13, "drafted": 15}
        spans |= {"passed": 18, "signed": 19, "published": 40}
        days = {name: _open(received + timedelta(days=n)) for name, n in spans.items()}
        # A reviewer chosen on a Monday instead of a Saturday drafts on the next day, so that the dates stay in order.
        days["drafted"] = max(days["drafted"], _open(days["chosen"] + timedelta(days=1)))
        return cls(received=received, **days)


def _open(day: date) -> date:
    """Give the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def main_path(
    number: str,
    form: Application,
    days: CaseCalendar,
    draft: Determination,
    papers: tuple[InventedPaper, ...],
    by: Reviewer,
    specialties: tuple[str, ...],
    returned: str = "",
    first: Determination | None = None,
) -> Story:
    """Make the story of a case from its application to its publication.

    With `returned`, the quality review sends the draft back once; `first` is the draft before it was corrected.
    """
    received = ApplicationReceived(filing=FiledApplication.of(form, "attached"), received_at=at(days.received, 9))
    case = received.apply(Case(number=number))
    notice_act = StepContext(actor=Actor(role=Role.COORDINATOR, id="office"), at=at(days.assigned))
    notice = assignment(case, form, notice_act, Service.ELECTRONIC, OFFICE)
    notice_paper = InventedPaper(
        title="Notice of Assignment", kind=RecordKind.CORRESPONDENCE, dated_on=days.assigned, letter=notice
    )
    sent_back = note("Note of the quality review", OFFICE.name, days.drafted, returned)
    mended = (
        (
            Scene(step="return-draft", role=Role.QUALITY, at=at(days.drafted, 14), facts={"note": sent_back}),
            Scene(step="submit-draft", role=Role.REVIEWER, at=at(days.drafted, 16), facts={"draft": draft}),
        )
        if returned
        else ()
    )
    scenes = (
        Scene(
            step="receive-application",
            role=Role.INTAKE,
            at=at(days.received),
            facts={"application": form, "ur_decision": ur_decision(form), "received_at": at(days.received, 9)},
        ),
        Scene(step="decide-eligibility", role=Role.INTAKE, at=at(days.eligible), facts=dict(LOOKED_AT)),
        Scene(
            step="assign-organization",
            role=Role.COORDINATOR,
            at=at(days.assigned),
            facts={"notice": notice_paper, "service": Service.ELECTRONIC},
        ),
        _served(at(days.assigned, 11), Service.ELECTRONIC),
        Scene(
            step="receive-records",
            role=Role.CLAIMS_ADMINISTRATOR,
            at=at(days.records),
            facts={"records": papers, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": days.records},
        ),
        Scene(step="complete-records", role=Role.COORDINATOR, at=at(days.complete)),
        Scene(
            step="assign-reviewer",
            role=Role.COORDINATOR,
            at=at(days.chosen),
            facts={"reviewer": by.id, "specialties": specialties},
        ),
        Scene(
            step="attest-independence",
            role=Role.REVIEWER,
            at=at(days.chosen, 13),
            facts={"unaffiliated": tuple(party.name for party in form.parties()), "competent": True},
        ),
        Scene(step="submit-draft", role=Role.REVIEWER, at=at(days.drafted, 12), facts={"draft": first or draft}),
        *mended,
        Scene(step="pass-draft", role=Role.QUALITY, at=at(days.passed)),
        Scene(step="sign-determination", role=Role.REVIEWER, at=at(days.signed)),
        Scene(
            step="issue-determination",
            role=Role.COORDINATOR,
            at=at(days.signed, 15),
            facts={"service": Service.MAIL, "on": days.signed},
        ),
        _served(at(days.signed, 16), Service.MAIL),
        Scene(step="publish-determination", role=Role.DIVISION, at=at(days.published)),
    )
    return Story(number=number, application=form, reviewer=by, scenes=scenes)


def _served(when: datetime, service: Service) -> Scene:
    """Make the scene in which the office records that the last letter was served on all its recipients."""
    facts: dict[str, Any] = {"service": service, "on": when.date()}
    if service is Service.ELECTRONIC:
        facts["received_at"] = when
    return Scene(step="record-service", role=Role.COORDINATOR, at=when, facts=facts)
