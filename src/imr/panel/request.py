"""A case as the panel needs it, and what the panel remembers of earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from imr.errors import ImrError, Refused
from imr.law.reviewers import Matter
from imr.law.rule import Citation, Finding
from imr.law.terms import PartyKind

#: How far back load, fairness and earlier pairings are looked at.
MEMORY = timedelta(days=90)
#: More than one reviewer needs the Administrative Director's written approval.
SEVERAL = Citation("8 CCR", "9792.10.6(b)(1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A case that needs a reviewer, or several.

    `matter` is what the law screens against. `treatments` are categories of `treatments.AT_HOME`, `due` is the day the
    draft must be there. `together` is the same for consolidated cases, which one reviewer takes (8 CCR 9792.10.4(a)).
    Raises Refused for several reviewers without the Director's approval.
    """

    number: str
    matter: Matter
    treatments: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    physician_specialty: str = ""
    language: str = "English"
    due: date | None = None
    reviewers: int = 1
    director_approved_on: date | None = None
    together: str = ""

    def __post_init__(self) -> None:
        if self.reviewers < 1:
            raise ImrError(f"case {self.number}: at least one reviewer is needed, not {self.reviewers}")
        if self.reviewers > 1 and self.director_approved_on is None:
            because = "case {case} asks for {count} reviewers: more than one needs the Administrative Director's written approval"
            values = {"case": self.number, "count": self.reviewers}
            finding = Finding("several reviewers are approved", False, because, (SEVERAL,), values)
            raise Refused(str(finding), (finding,))
        if self.reviewers > 1 and self.together:
            raise ImrError(
                f"case {self.number}: consolidated cases share one reviewer; ask for one, not {self.reviewers}"
            )

    def named(self, *kinds: PartyKind) -> tuple[str, ...]:
        """Give the names of the parties of these kinds."""
        return tuple(party.name for party in self.matter.parties if party.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A case that a reviewer was given: by whom it was administered, who had asked for the treatment, and if it is open."""

    case: str
    reviewer: str
    on: date
    administrators: tuple[str, ...] = ()
    physicians: tuple[str, ...] = ()
    is_open: bool = False


def remembered(history: Sequence[Past], on: date) -> tuple[Past, ...]:
    """Give the assignments of the last 90 days before the day, and every one that is still open."""
    return tuple(past for past in history if past.is_open or on - MEMORY <= past.on <= on)
