"""Why a review ends before a determination, and a report of it that the other side answers."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.terms import Role


class Ending(Enum):
    """The reason why a review ends before a determination (LC 4610.5(g))."""

    AUTHORIZED = "the claims administrator authorized the treatment"
    SETTLED = "a settlement or an award resolved the dispute"
    PHYSICIAN_WITHDREW = "the requesting physician withdrew the request for treatment"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingReport:
    """A party's report that the dispute is over: the reason, the paper, who reported it, and what the employee's side answered.

    `answers` has each role of the employee's side that answered, with whether it agrees.
    """

    because: Ending
    letter: str
    by: Role
    on: date
    #: The day on which the dispute ended; None where the report does not say.
    happened_on: date | None = None
    answers: tuple[tuple[Role, bool], ...] = ()

    @property
    def agreed(self) -> bool | None:
        """Whether the employee's side agrees: an objection of one role prevails. None until somebody answers."""
        return all(agrees for _, agrees in self.answers) if self.answers else None

    def answered_by(self, role: Role) -> bool:
        """Return whether this role has answered."""
        return any(role is one for one, _ in self.answers)
