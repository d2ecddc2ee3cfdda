"""The candidates of one case, in order, for the person who chooses: every reason with its points, every refusal with its law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from imr.law.conflicts import DOUBT
from imr.law.reviewers import Doubt, doubts
from imr.law.rule import Finding
from imr.panel.cost import Costs, Reason, Weights
from imr.panel.request import MEMORY, PastAssignment, ReviewRequest
from imr.panel.roster import Absence, PanelMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reviewer as a candidate for one case.

    `points` is the sum of the reasons and of the next place; fewer are better. `places` counts the free ones. `doubts`
    are the names that a coordinator has to settle, or has settled.
    """

    member: PanelMember
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    doubts: tuple[Doubt, ...]
    places: int
    absence: Absence | None

    @property
    def cleared(self) -> bool:
        """True if the law clears the reviewer for the case."""
        return all(self.findings)

    @property
    def available(self) -> bool:
        """True if the law clears the reviewer, who is not away and has a free place."""
        return self.cleared and self.places > 0

    @property
    def in_doubt(self) -> bool:
        """True if the only refusals are names that may be a party's."""
        return not self.cleared and all(finding.values.get(DOUBT) for finding in self.refusals)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings by which the law refuses the reviewer."""
        return tuple(finding for finding in self.findings if not finding)

    @property
    def points(self) -> int:
        """The sum of the reasons."""
        return sum(reason.points for reason in self.reasons)


def candidates(
    request: ReviewRequest,
    members: Sequence[PanelMember],
    on: date,
    *,
    history: Sequence[PastAssignment] = (),
    weights: Weights | None = None,
) -> tuple[Candidate, ...]:
    """Give every reviewer of the panel as a candidate, by their points.

    The available ones come first, then the cleared ones without a place, then those in doubt, then those whom the law
    refuses.
    """
    costs = Costs(on, weights, history)
    found = [_candidate(costs, request, member) for member in members]
    return tuple(sorted(found, key=lambda c: (not c.available, not c.cleared, not c.in_doubt, c.points, c.member.id)))


def _candidate(costs: Costs, request: ReviewRequest, member: PanelMember) -> Candidate:
    load = costs.load(member)
    reasons = costs.reasons(request, member)
    if load:
        taken = Reason(
            "load", load[0], f"{costs.taken(member)} case(s) in the last {MEMORY.days} days, room for {len(load)} more"
        )
        reasons = (*reasons, taken)
    return Candidate(
        member=member,
        findings=request.screen(member.reviewer, costs.on),
        reasons=reasons,
        doubts=doubts(member.reviewer, request.matter, costs.on),
        places=len(load),
        absence=member.away(costs.on),
    )
