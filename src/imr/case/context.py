"""The context of a step: who takes it, in which role, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from imr.errors import ImrError
from imr.law.terms import Role

#: The law's days are California's.
CALIFORNIA = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody in a role. `id` is opaque: never a name, never an e-mail address."""

    role: Role
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """A person in a role, at a moment. Raises ImrError if `at` has no time zone."""

    actor: Actor
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ImrError("the moment of a step must have a time zone")

    @property
    def on(self) -> date:
        """The day of the step in California."""
        return self.at.astimezone(CALIFORNIA).date()
