"""Reasons to prefer one cleared reviewer to another, in whole points; fewer are better.

This is the review organization's matching method (LC 139.5(d)(2)), open to inspection: each reason looks at one thing
of the case at a time, a `key` (a treatment, a body part, a name), and gives points for it; of several keys the worst
counts. `Costs.reasons` shows them for one pair; `cost_matrix` adds them up for all pairs with the same functions. The
load is counted besides: a price for each further case that a reviewer takes, growing with each, so that work spreads.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from imr.errors import ImrError
from imr.law.reviewers import LicenceStatus
from imr.law.terms import PartyKind
from imr.panel.request import MEMORY, PastAssignment, ReviewRequest, remembered
from imr.panel.roster import PanelMember
from imr.panel.specialties import Nearness, nearness
from imr.panel.treatments import specialty_fit

#: The largest weight. Beyond it one reason would outweigh all others.
MOST_POINTS = 10_000
#: A case with this many days left, or more, is not urgent.
HORIZON = 60

_NOBODY: Counter[str] = Counter()
_NEARNESS = {
    Nearness.SAME: "at home in",
    Nearness.NEAR: "of the field of",
    Nearness.RELATED: "of a field related to",
    Nearness.FAR: "of a field far from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The points that each reason gives: settings of the organization, shown with every answer.

    The two fits have a number for each `Nearness`. `inexperience` counts for each review short of `enough`, `body_part`
    likewise, `late_day` for each day that the reviewer usually takes longer than is left, the pairings for each earlier
    case of the last 90 days, `load` for each tenth of the capacity used in these.
    """

    treatment_fit: tuple[int, int, int, int] = (0, 60, 150, 400)
    physician_fit: tuple[int, int, int, int] = (0, 30, 60, 120)
    inexperience: int = 8
    body_part: int = 4
    enough: int = 10
    not_californian: int = 120
    late_day: int = 40
    language: int = 60
    paired_administrator: int = 6
    paired_physician: int = 40
    load: int = 10

    def __post_init__(self) -> None:
        for field in fields(self):
            given = getattr(self, field.name)
            for points in given if isinstance(given, tuple) else (given,):
                if not 0 <= points <= MOST_POINTS:
                    raise ImrError(
                        f"weight {field.name}: whole points from 0 to {MOST_POINTS} are expected, not {points}"
                    )


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for the points of a pair: its name, the points, and the explanation."""

    name: str
    points: int
    because: str


class AssignmentHistory:
    """The assignments of the last 90 days in counts: each reviewer's cases, open cases, and cases with each party by name.

    The caller adds and removes assignments as cases come, end and grow old; `Costs` reads it as it is.
    """

    def __init__(self, history: Iterable[PastAssignment] = ()) -> None:
        self.taken: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.paired: dict[tuple[PartyKind, str], Counter[str]] = {}
        for past in history:
            self.add(past)

    def add(self, past: PastAssignment) -> None:
        """Count an assignment."""
        self._count(past, 1)

    def remove(self, past: PastAssignment) -> None:
        """Remove an assignment that was counted."""
        self._count(past, -1)

    def _count(self, past: PastAssignment, by: int) -> None:
        self.taken[past.reviewer] += by
        self.open[past.reviewer] += by * past.is_open
        for kind, names in _PARTNERS.items():
            for name in dict.fromkeys(map(str.casefold, names(past))):
                met = self.paired.setdefault((kind, name), Counter())
                met[past.reviewer] += by
                if not met[past.reviewer]:
                    del met[past.reviewer]


class Costs:
    """The reasons on one day, by the weights and the history."""

    def __init__(
        self, on: date, weights: Weights | None = None, history: Sequence[PastAssignment] | AssignmentHistory = ()
    ) -> None:
        self.on = on
        self.weights = weights or Weights()
        self._memory = history if isinstance(history, AssignmentHistory) else AssignmentHistory(remembered(history, on))
        self._specialties: dict[str, tuple[str, ...]] = {}
        self._reviews: dict[str, Counter[tuple[str, str]]] = {}

    def specialties(self, member: PanelMember) -> tuple[str, ...]:
        """Give what the reviewer practices or is certified in, computed once a reviewer."""
        if member.id not in self._specialties:
            self._specialties[member.id] = member.specialties
        return self._specialties[member.id]

    def reviews(self, member: PanelMember, category: str, body_part: str) -> int:
        """Count the reviews of a category, or on a body part, added up once a reviewer."""
        if member.id not in self._reviews:
            counted = self._reviews[member.id] = Counter[tuple[str, str]]()
            for done in member.experience:
                counted[done.category, done.body_part] += done.count
        return self._reviews[member.id][category, body_part]

    def taken(self, member: PanelMember) -> int:
        """Count the reviewer's cases of the last 90 days, and those still open."""
        return self._memory.taken[member.id]

    def paired(self, kind: PartyKind, name: str) -> Counter[str]:
        """Count, by reviewer, the cases of the last 90 days with a party of this name."""
        return self._memory.paired.get((kind, name.casefold()), _NOBODY)

    def load(self, member: PanelMember) -> tuple[int, ...]:
        """Give the price of each further case, first to last place; none if the reviewer is away or full.

        It grows with the cases of the last 90 days relative to the capacity, and never falls from one place to the
        next.
        """
        places = 0 if member.away(self.on) else max(0, member.capacity - self._memory.open[member.id])
        taken = self.taken(member)
        return tuple(self.weights.load * 10 * (taken + place) // member.capacity for place in range(places))

    def urgency(self, request: ReviewRequest) -> int:
        """Give the extra cost of leaving this case without a reviewer, compared with a case that is not urgent."""
        if request.due is None:
            return 0
        return self.weights.late_day * max(0, HORIZON - max(0, (request.due - self.on).days))

    def reasons(self, request: ReviewRequest, member: PanelMember) -> tuple[Reason, ...]:
        """Give every reason for one pair, with its points, in the order of the table."""
        found = []
        for term in COST_TERMS:
            keys = term.keys(request, self)
            if keys:
                points, key = max(((term.points(self, key, member), key) for key in keys), key=lambda item: item[0])
                found.append(Reason(term.name, points, term.words(self, key, member)))
        return tuple(found)


def _everybody(costs: Costs, key: Any) -> None:
    """Return None: any reviewer may have points for the key."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One reason: its name, the keys of a case, the points of a key for a reviewer, and the explanation of both.

    `met` names the only reviewers who can have points for a key, if these are few.
    """

    name: str
    keys: Callable[[ReviewRequest, Costs], tuple[Any, ...]]
    points: Callable[[Costs, Any, PanelMember], int]
    words: Callable[[Costs, Any, PanelMember], str]
    met: Callable[[Costs, Any], Iterable[str] | None] = _everybody


@cache
def _physician_nearness(specialty: str, specialties: tuple[str, ...]) -> Nearness:
    return min((nearness(own, specialty) for own in specialties), default=Nearness.FAR)


def _short(costs: Costs, count: int) -> int:
    return max(0, costs.weights.enough - count)


def _is_californian(costs: Costs, member: PanelMember) -> bool:
    return any(
        licence.state in ("CA", "California")
        and licence.status is LicenceStatus.CURRENT
        and licence.since <= costs.on <= licence.until
        for licence in member.reviewer.licences
    )


def _days_left(request: ReviewRequest, costs: Costs) -> tuple[int, ...]:
    return () if request.due is None else ((request.due - costs.on).days,)


def _partners(kind: PartyKind) -> Callable[[ReviewRequest, Costs], tuple[str, ...]]:
    return lambda request, costs: tuple(name for name in request.named(kind) if costs.paired(kind, name))


def _pairing(name: str, kind: PartyKind, points: Callable[[Weights], int]) -> CostTerm:
    return CostTerm(
        name,
        _partners(kind),
        lambda costs, key, member: points(costs.weights) * costs.paired(kind, key)[member.id],
        lambda costs, key, member: (
            f"{costs.paired(kind, key)[member.id]} case(s) with the same {kind.value} in the last {MEMORY.days} days"
        ),
        lambda costs, key: costs.paired(kind, key),
    )


_PARTNERS: dict[PartyKind, Callable[[PastAssignment], tuple[str, ...]]] = {
    PartyKind.CLAIMS_ADMINISTRATOR: lambda past: past.administrators,
    PartyKind.REQUESTING_PHYSICIAN: lambda past: past.physicians,
}

COST_TERMS: tuple[CostTerm, ...] = (
    CostTerm(
        "specialty and the disputed treatment",
        lambda request, _: request.treatments,
        lambda costs, key, member: costs.weights.treatment_fit[specialty_fit(key, costs.specialties(member))],
        lambda costs, key, member: f"{_NEARNESS[specialty_fit(key, costs.specialties(member))]} {key}",
    ),
    CostTerm(
        "specialty and the requesting physician's",
        lambda request, _: (request.physician_specialty,) if request.physician_specialty else (),
        lambda costs, key, member: costs.weights.physician_fit[_physician_nearness(key, costs.specialties(member))],
        lambda costs, key, member: f"{_NEARNESS[_physician_nearness(key, costs.specialties(member))]} {key}",
    ),
    CostTerm(
        "experience with the treatment",
        lambda request, _: request.treatments,
        lambda costs, key, member: costs.weights.inexperience * _short(costs, costs.reviews(member, key, "")),
        lambda costs, key, member: f"{costs.reviews(member, key, '')} review(s) of {key}",
    ),
    CostTerm(
        "experience with the body part",
        lambda request, _: request.body_parts,
        lambda costs, key, member: costs.weights.body_part * _short(costs, costs.reviews(member, "", key)),
        lambda costs, key, member: f"{costs.reviews(member, '', key)} review(s) on the {key}",
    ),
    CostTerm(
        "California license",
        lambda _, __: ("California",),
        lambda costs, _, member: 0 if _is_californian(costs, member) else costs.weights.not_californian,
        lambda costs, key, member: f"{'' if _is_californian(costs, member) else 'not '}licensed in {key}",
    ),
    CostTerm(
        "days left",
        _days_left,
        lambda costs, key, member: costs.weights.late_day * max(0, member.days_a_review - key),
        lambda _, key, member: f"{key} day(s) left, usually takes {member.days_a_review}",
    ),
    CostTerm(
        "language of the records",
        lambda request, _: (request.language,),
        lambda costs, key, member: 0 if key in member.reviewer.languages else costs.weights.language,
        lambda _, key, member: f"reads {key}" if key in member.reviewer.languages else f"does not read {key}",
    ),
    _pairing("repeated claims administrator", PartyKind.CLAIMS_ADMINISTRATOR, lambda w: w.paired_administrator),
    _pairing("repeated requesting physician", PartyKind.REQUESTING_PHYSICIAN, lambda w: w.paired_physician),
)
