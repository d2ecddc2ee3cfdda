"""The case data that the panel needs, and the assignments that it remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from imr.case.application import Application
from imr.case.screening import PROGRAM_CRITERIA, matter
from imr.case.state import Case
from imr.errors import ImrError, Refused
from imr.guidelines.treatments import classify
from imr.law.dates import day_of
from imr.law.reviewers import Affiliation, Criteria, Matter, Reviewer, screen
from imr.law.rule import Citation, Finding, practice
from imr.law.terms import PartyKind
from imr.law.time_limits import determination, running
from imr.panel.specialties import named_in
from imr.panel.treatments import category, specialties_for

#: How far back load, fairness and earlier pairings are counted.
MEMORY = timedelta(days=90)
#: The rule of the house that a former reviewer of a case does not get it again, as the step names it.
PARTED = "reviewer did not part from the case"
#: More than one reviewer needs the Administrative Director's written approval.
SEVERAL = Citation("8 CCR", "9792.10.6(b)(1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A case that needs a reviewer, or several.

    `matter` is what the law screens against. `treatments` are categories of `treatments.AT_HOME`, `due` is the deadline
    of the draft. `together` is the same for consolidated cases, which one reviewer takes (8 CCR 9792.10.4(a)). `barred`
    are reviewers who declined the case or were removed from it. Raises Refused for several reviewers without the
    Director's approval.
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
    barred: tuple[str, ...] = ()

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

    def screen(self, reviewer: Reviewer, on: date) -> tuple[Finding, ...]:
        """Give every finding for a reviewer: the law's screening, and whether they are a former reviewer of this case."""
        findings = screen(reviewer, self.matter, on)
        if reviewer.id not in self.barred:
            return findings
        because = "declined or was removed from this case"
        return (*findings, Finding(PARTED, False, because, (practice("a rule of the house"),)))

    def named(self, *kinds: PartyKind) -> tuple[str, ...]:
        """Give the names of the parties of these kinds."""
        return tuple(party.name for party in self.matter.parties if party.kind in kinds)


def request_for(
    case: Case,
    application: Application,
    organization: tuple[Affiliation, ...] = (),
    criteria: Criteria = PROGRAM_CRITERIA,
    specialties: tuple[str, ...] = (),
) -> ReviewRequest:
    """Give the request of a case that is ready for a reviewer, with the same matter that the step screens against.

    Without specialties, it asks for those that are at home in the disputed treatments.
    """
    described = [treatment.description for treatment in application.treatments]
    treatments = tuple(dict.fromkeys(found for found in map(category, described) if found))
    parts = dict.fromkeys(part.value for text in described for part in classify(text).body_parts)
    wanted = specialties or specialties_for(treatments)
    return ReviewRequest(
        number=case.number,
        matter=matter(case, application, organization, wanted, criteria),
        treatments=treatments,
        body_parts=tuple(parts),
        physician_specialty=named_in(application.physician.specialty),
        due=determination_due(case),
        barred=case.former_reviewers,
    )


def determination_due(case: Case) -> date | None:
    """Give the deadline of the determination, if the history has started that limit."""
    limit = next(iter(running(determination, case.dates)), None)
    return None if limit is None else day_of(limit.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAssignment:
    """An earlier assignment: the case's claims administrators and requesting physicians, and whether it is open."""

    case: str
    reviewer: str
    on: date
    administrators: tuple[str, ...] = ()
    physicians: tuple[str, ...] = ()
    is_open: bool = False


def remembered(history: Sequence[PastAssignment], on: date) -> tuple[PastAssignment, ...]:
    """Give the assignments of the last 90 days before the day, and every one that is still open."""
    return tuple(past for past in history if past.is_open or on - MEMORY <= past.on <= on)
