"""Stories of invented cases: who takes which step when, with which facts.

A story is a list of scenes. An `InventedPaper` among the facts is a document that comes with a step. What the system keeps (the
application, the draft, the letter, the reviewer on the panel) the player supplies: `playing.play` in memory, the demonstration
on the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from imr.case.application import Application
from imr.case.context import CALIFORNIA, Actor, StepContext
from imr.case.events import ApplicationReceived
from imr.case.filed_application import FiledApplication
from imr.case.notices import Office, assignment
from imr.case.scenario import Scenario, Scene
from imr.case.state import Case
from imr.determination.model import Determination
from imr.examples.files import InventedPaper, note, ur_decision
from imr.law.reviewers import Reviewer
from imr.law.terms import RecordKind, Role, Service

OFFICE = Office(
    name="Example Review Organization",
    lines=("100 Invented Street", "Sample Valley, CA 95814"),
    contact="(916) 555-0100",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case in scenes, with the reviewer whom the panel must have."""

    number: str
    application: Application
    reviewer: Reviewer
    scenes: tuple[Scene, ...]

    def until(self, step: str) -> "Story":
        """Give the story up to the first time that a step is taken, with the step and the service of its letter."""
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

    With `returned`, the quality review sends the draft back once; `first` is the draft as it was before.
    """
    received = ApplicationReceived(filing=FiledApplication.of(form, "attached"), received_at=at(days.received, 9))
    case = received.apply(Case(number=number))
    assigning = StepContext(actor=Actor(role=Role.COORDINATOR, id="office"), at=at(days.assigned))
    notice = assignment(case, form, assigning, Service.ELECTRONIC, OFFICE)
    documents = {
        "UR decision": ur_decision(form),
        "Notice of assignment": InventedPaper(
            title="Notice of Assignment", kind=RecordKind.CORRESPONDENCE, dated_on=days.assigned, letter=notice
        ),
        "Note of the quality review": note("Note of the quality review", OFFICE.name, days.drafted, returned),
    }
    told = _MainPath(form, by.id, specialties, documents, papers, draft)

    def scene(step: str, when: datetime, **changes: Any) -> Scene:
        return told.scene(step, when, case, **changes)

    second = (
        (scene("return-draft", at(days.drafted, 14)), scene("submit-draft", at(days.drafted, 16))) if returned else ()
    )
    scenes = (
        scene("receive-application", at(days.received), received_at=at(days.received, 9)),
        scene("decide-eligibility", at(days.eligible)),
        scene("assign-organization", at(days.assigned)),
        scene(
            "record-service",
            at(days.assigned, 11),
            service=Service.ELECTRONIC,
            on=days.assigned,
            received_at=at(days.assigned, 11),
        ),
        scene("receive-records", at(days.records)),
        scene("complete-records", at(days.complete)),
        scene("assign-reviewer", at(days.chosen)),
        scene("attest-independence", at(days.chosen, 13)),
        scene("submit-draft", at(days.drafted, 12), draft=first or draft),
        *second,
        scene("pass-draft", at(days.passed)),
        scene("sign-determination", at(days.signed)),
        scene("issue-determination", at(days.signed, 15)),
        scene("record-service", at(days.signed, 16), service=Service.MAIL, on=days.signed),
        scene("publish-determination", at(days.published)),
    )
    return Story(number=number, application=form, reviewer=by, scenes=scenes)


@dataclass(frozen=True, slots=True)
class _MainPath(Scenario):
    """The facts that people state in one story, step by step along the main path."""

    form: Application
    reviewer_id: str
    specialties: tuple[str, ...]
    documents: Mapping[str, InventedPaper]
    records: tuple[InventedPaper, ...]
    draft: Determination

    def document(self, title: str) -> InventedPaper:
        return self.documents[title]

    def record_batch(self) -> tuple[InventedPaper, ...]:
        return self.records

    def finished_draft(self, case: Case) -> Determination:  # noqa: ARG002 - a story has its draft
        return self.draft
