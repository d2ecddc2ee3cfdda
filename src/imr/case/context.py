"""Who takes a step, in which role, and when."""

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
    """Somebody doing something at a moment. `at` knows its time zone; raises ImrError where it does not."""

    actor: Actor
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ImrError("the moment of an act must have its time zone")

    @property
    def on(self) -> date:
        """The day of the act in California."""
        return self.at.astimezone(CALIFORNIA).date()
