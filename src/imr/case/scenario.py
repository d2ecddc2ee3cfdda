"""Scenarios of cases: the steps of the main path, who takes each, and what that person states.

A `Scenario` states the facts of one invented case. The player of cases takes its scenes, in memory or on the site.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from imr.case.application import Application
from imr.case.context import CALIFORNIA
from imr.case.events import DeclineReason
from imr.case.state import Case
from imr.case.steps import STEPS
from imr.determination.model import Determination
from imr.law.terms import Role, Service, UrOutcome

#: The steps from the application to the publication, in order. Each letter among them is served when it is made.
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

#: Intake's answers about an eligible application.
ELIGIBLE_ANSWERS: Mapping[str, Any] = MappingProxyType(
    {
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
)

#: The role that takes a step in a scenario, if it is not the first of the step's roles.
_USUAL_ROLES = {
    "receive-application": Role.INTAKE,
    "assign-organization": Role.COORDINATOR,
    "record-service": Role.COORDINATOR,
    "receive-records": Role.CLAIMS_ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A step that somebody takes at a moment, with the facts that the person states.

    The player supplies or looks up the rest: the service of the last letter, answers to the checks, a confirmation.
    """

    step: str
    role: Role
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


class Scenario(ABC):
    """The facts that people state in the steps of one case: its application, its documents, its reviewer and its draft."""

    form: Application
    #: The id of the reviewer whom the coordinator chooses.
    reviewer_id: str
    #: The specialties of the dispute.
    specialties: tuple[str, ...]

    @abstractmethod
    def document(self, title: str) -> Any:
        """Give a document that comes with a step, in the form that the player takes: a digest, a paper or a file."""

    @abstractmethod
    def record_batch(self) -> tuple[Any, ...]:
        """Give the records that come, in the form that the player takes."""

    @abstractmethod
    def finished_draft(self, case: Case) -> Determination:
        """Give a draft that decides every disputed treatment."""

    def scene(self, step: str, at: datetime, case: Case, role: Role | None = None, **changes: Any) -> Scene:
        """Give the scene of a step as it usually goes, with changes among its facts."""
        role = role or _USUAL_ROLES.get(step) or STEPS[step].roles[0]
        return Scene(step=step, role=role, at=at, facts=self.stated(step, role, at, case) | changes)

    def stated(self, step: str, role: Role, at: datetime, case: Case) -> dict[str, Any]:
        """Give the facts that the person who takes a step states; empty if every fact is supplied or looked up."""
        on = at.astimezone(CALIFORNIA).date()
        match step:
            case "receive-application":
                return {"application": self.form, "ur_decision": self.document("UR decision"), "received_at": at}
            case "decide-eligibility":
                return dict(ELIGIBLE_ANSWERS)
            case "assign-organization":
                return {"notice": self.document("Notice of assignment"), "service": Service.ELECTRONIC}
            case "receive-records":
                return {"records": self.record_batch(), "sender": role, "received_on": on}
            case "assign-reviewer":
                return {"reviewer": self.reviewer_id, "specialties": self.specialties}
            case "attest-independence":
                return {"unaffiliated": tuple(party.name for party in self.form.parties()), "competent": True}
            case "decline-review":
                return {"because": DeclineReason.TIME}
            case "submit-draft":
                return {"draft": self.finished_draft(case)}
            case "return-draft":
                return {"note": self.document("Note of the quality review")}
            case "issue-determination":
                return {"service": Service.MAIL, "on": on}
        return {}
