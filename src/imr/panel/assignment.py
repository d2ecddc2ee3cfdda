"""The assignment of a day's cases: lawful, cheapest, and with a proof that none is cheaper.

As many seats as possible are filled first, the more urgent before the less; then the reasons of `cost` and the load
decide.
"""

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np

from imr.errors import Damaged, ImrError, Infeasible
from imr.panel import consolidated_solver
from imr.panel.column_generation import cheapest
from imr.panel.cost import Costs, Reason, Weights
from imr.panel.cost_matrix import cost_matrix
from imr.panel.problem import Allowed, AssignmentProblem, Chosen, Points
from imr.panel.proof import Proof, proves
from imr.panel.request import PastAssignment, ReviewRequest
from imr.panel.roster import PanelMember
from imr.panel.screening import Screening
from imr.panel.shortage import Shortage
from imr.panel.shortage_explanation import explain_full_panel, explain_refusals
from imr.panel.tie_break import lots

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """A case and the reviewer proposed for it.

    `points` is the sum of the reasons' points; `passed_over` counts cleared reviewers with fewer points, who are full,
    away, or needed elsewhere.
    """

    case: str
    reviewer: str
    points: int
    passed_over: int


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """The proposal for the cases of a day; nothing is assigned until a coordinator confirms it.

    `cost` is the sum of the points of all pairs, loads and unfilled seats. `seed` is the seed of the draw among equally
    good assignments, if one was made. `proof` may be None with consolidated cases only; then `proves()` is False.
    """

    facts: "_AssignmentFacts" = field(repr=False)
    pairs: tuple[Pair, ...]
    cost: int
    seed: str | None
    proof: Proof | None
    chosen: Chosen

    @property
    def on(self) -> date:
        """The day of the proposal."""
        return self.facts.costs.on

    @property
    def requests(self) -> tuple[ReviewRequest, ...]:
        """The cases, in order."""
        return self.facts.requests

    @property
    def members(self) -> tuple[PanelMember, ...]:
        """The panel, in order."""
        return self.facts.members

    @property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The positions of the cases that go together: consolidated cases in one row, every other case alone."""
        return self.facts.rows

    @property
    def batch(self) -> AssignmentProblem:
        """The problem in numbers."""
        return self.facts.batch

    @property
    def costs(self) -> Costs:
        """The reasons for and against each pair, in points, on the day of the proposal."""
        return self.facts.costs

    def proves(self) -> bool:
        """Say whether the proof holds: every pair is lawful and within the places, and no assignment costs less."""
        return self.proof is not None and proves(self.proof, self.batch, self.chosen)

    def reviewers(self, case: str) -> tuple[str, ...]:
        """Give the reviewers proposed for a case."""
        return tuple(pair.reviewer for pair in self.pairs if pair.case == case)

    def reasons(self, pair: Pair) -> tuple[Reason, ...]:
        """Give the reasons whose points add up to those of a pair."""
        request = next(request for request in self.requests if request.number == pair.case)
        member = next(member for member in self.members if member.id == pair.reviewer)
        return self.costs.reasons(request, member)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """The cases that lack a reviewer."""
        lacking = (row for row, columns in enumerate(self.chosen) if len(columns) < self.batch.seats[row])
        return tuple(self.requests[number].number for row in lacking for number in self.rows[row])

    @cached_property
    def shortages(self) -> tuple[Shortage, ...]:
        """The cases that lack reviewers, each with the smallest set of reasons and what would resolve it."""
        found: list[Shortage] = []
        for row, columns in enumerate(self.chosen):
            if len(columns) == self.batch.seats[row]:
                continue
            group = [self.requests[number] for number in self.rows[row]]
            if self.batch.allowed[row].sum() < self.batch.seats[row]:
                found.extend(explain_refusals(group, self.members, self.on, int(self.batch.seats[row]) - len(columns)))
            else:
                numbers = [[self.requests[number].number for number in row] for row in self.rows]
                found.extend(explain_full_panel(self.batch, self.chosen, row, numbers, self.members))
        return tuple(found)

    @property
    def points(self) -> int:
        """The points of all pairs and loads, without the cost of empty seats."""
        empty = self.batch.seats - [len(columns) for columns in self.chosen]
        return self.cost - int((empty * self.batch.nobody).sum())

    def answer(self) -> "AssignmentRecord":
        """Give the record that is stored and sent."""
        return AssignmentRecord(
            on=self.on,
            seed=self.seed,
            weights=self.costs.weights,
            cost=self.cost,
            pairs=self.pairs,
            shortages=self.shortages,
            proof=self.proof,
        )

    def require_all(self) -> None:
        """Raise Infeasible with the cases that lack reviewers, and the reasons; do nothing if every seat is filled."""
        if self.shortages:
            lines = "\n".join(f"  case {s.case}: {s.because}. {s.remedy}" for s in self.shortages)
            cases = [shortage.case for shortage in self.shortages]
            raise Infeasible(f"{len(cases)} case(s) lack a reviewer.\n{lines}", cases)


def assign(
    requests: Sequence[ReviewRequest],
    members: Sequence[PanelMember],
    on: date,
    *,
    history: Sequence[PastAssignment] = (),
    weights: Weights | None = None,
    seed: str | None = None,
) -> Assignment:
    """Propose reviewers for all cases at once. The order of the input makes no difference.

    If not every case can have its reviewers, the others have theirs, and `shortages` gives the reasons and what would
    resolve them. Raises ImrError if a case or a reviewer is given twice.
    """
    return propose(requests, members, Costs(on, weights, history), seed)


def propose(
    requests: Sequence[ReviewRequest], members: Sequence[PanelMember], costs: Costs, seed: str | None = None
) -> Assignment:
    """Propose reviewers as `assign` does, with prepared costs."""
    return _solved(_facts(requests, members, costs), seed)


def with_one_more(answer: Assignment, member: PanelMember) -> Assignment:
    """Give the proposal with one more reviewer on the panel. Only the newcomer is screened and weighed."""
    facts = answer.facts
    _, members, points, allowed = _table(facts.requests, [member], facts.costs)
    place = bisect([other.id for other in facts.members], member.id)
    _ordered([*facts.members, *members], "reviewer", lambda one: one.id)
    return _solved(
        _together(
            facts.requests,
            (*facts.members[:place], member, *facts.members[place:]),
            np.insert(facts.points, place, points[:, 0], axis=1),
            np.insert(facts.allowed, place, allowed[:, 0], axis=1),
            facts.costs,
        ),
        answer.seed,
    )


def _solved(facts: "_AssignmentFacts", seed: str | None) -> Assignment:
    requests, members, rows, batch = facts.requests, facts.members, facts.rows, facts.batch
    points, allowed = facts.points, facts.allowed
    names = [requests[row[0]].number for row in rows]
    ties = None if seed is None else lots(seed, names, [member.id for member in members])
    proof: Proof | None
    if batch.linked:
        chosen = consolidated_solver.cheapest(batch, ties)
        proof = consolidated_solver.proof(batch, chosen)
    else:
        chosen, proof = cheapest(batch, ties)
    pairs = [
        Pair(
            requests[number].number,
            members[column].id,
            int(points[number, column]),
            int((points[number, allowed[number]] < points[number, column]).sum()),
        )
        for row, columns in enumerate(chosen)
        for number in rows[row]
        for column in columns
    ]
    return Assignment(
        facts=facts,
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.case, pair.reviewer))),
        cost=batch.cost(chosen),
        seed=seed,
        proof=proof,
        chosen=chosen,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRecord:
    """An assignment as it is stored and sent: the pairs and the proof, without the facts."""

    on: date
    seed: str | None
    weights: Weights
    cost: int
    pairs: tuple[Pair, ...]
    shortages: tuple[Shortage, ...]
    proof: Proof | None


def check_record(
    answer: AssignmentRecord,
    requests: Sequence[ReviewRequest],
    members: Sequence[PanelMember],
    history: Sequence[PastAssignment] = (),
) -> None:
    """Check a record against the facts that it was made from, without a solver.

    Raises Damaged if a pair is not lawful, a case or a reviewer is not among the facts, or the proof does not hold.
    """
    facts = _facts(requests, members, Costs(answer.on, answer.weights, history))
    columns = {member.id: column for column, member in enumerate(facts.members)}
    held: dict[str, list[int]] = {}
    for pair in answer.pairs:
        if pair.reviewer not in columns:
            raise Damaged(f"reviewer {pair.reviewer} is not in the register that was given")
        held.setdefault(pair.case, []).append(columns[pair.reviewer])
    chosen = []
    for row in facts.rows:
        choices = {tuple(sorted(held.pop(facts.requests[number].number, ()))) for number in row}
        if len(choices) > 1:
            raise Damaged(f"consolidated cases do not share a reviewer: {facts.requests[row[0]].together}")
        chosen.append(choices.pop())
    if held:
        raise Damaged(f"case {min(held)} is not among the cases that were given")
    if answer.proof is None or not proves(answer.proof, facts.batch, tuple(chosen)):
        raise Damaged("the proof does not hold for these cases and this register")


@dataclass(frozen=True, kw_only=True)
class _AssignmentFacts:
    """The facts of an assignment, in order and in numbers."""

    requests: tuple[ReviewRequest, ...]
    members: tuple[PanelMember, ...]
    rows: tuple[tuple[int, ...], ...]
    points: Points
    allowed: Allowed
    costs: Costs
    batch: AssignmentProblem


def _facts(requests: Sequence[ReviewRequest], members: Sequence[PanelMember], costs: Costs) -> _AssignmentFacts:
    return _together(*_table(requests, members, costs), costs)


def _table(
    requests: Sequence[ReviewRequest], members: Sequence[PanelMember], costs: Costs
) -> tuple[tuple[ReviewRequest, ...], tuple[PanelMember, ...], Points, Allowed]:
    """Give the points of every pair, and whether the law and the case's own history allow it."""
    requests = _ordered(requests, "case", lambda request: request.number)
    members = _ordered(members, "reviewer", lambda member: member.id)
    points = cost_matrix(costs, requests, members)
    allowed = Screening(members, costs.on).allowed([request.matter for request in requests])
    for number, request in enumerate(requests):
        if request.barred:
            allowed[number] &= [member.id not in request.barred for member in members]
    return requests, members, points, allowed


def _together(
    requests: tuple[ReviewRequest, ...],
    members: tuple[PanelMember, ...],
    points: Points,
    allowed: Allowed,
    costs: Costs,
) -> _AssignmentFacts:
    rows = _rows(requests)
    batch = _batch(rows, requests, points, allowed, tuple(costs.load(member) for member in members), costs)
    return _AssignmentFacts(
        requests=requests, members=members, rows=rows, points=points, allowed=allowed, costs=costs, batch=batch
    )


def _ordered(items: Sequence[T], what: str, name: Callable[[T], str]) -> tuple[T, ...]:
    ordered = sorted(items, key=name)
    for one, other in pairwise(ordered):
        if name(one) == name(other):
            raise ImrError(f"{what} {name(one)} is given twice: give it once")
    return tuple(ordered)


def _rows(requests: Sequence[ReviewRequest]) -> tuple[tuple[int, ...], ...]:
    """Group the cases that make one row each: alone, or consolidated with others."""
    rows: dict[tuple[bool, str], list[int]] = {}
    for number, request in enumerate(requests):
        rows.setdefault((bool(request.together), request.together or request.number), []).append(number)
    return tuple(sorted(tuple(numbers) for numbers in rows.values()))


def _batch(
    rows: Sequence[tuple[int, ...]],
    requests: Sequence[ReviewRequest],
    points: Points,
    allowed: Allowed,
    loads: tuple[tuple[int, ...], ...],
    costs: Costs,
) -> AssignmentProblem:
    sizes = np.asarray([len(row) for row in rows], dtype=np.int64)
    if (sizes > 1).any():
        points = np.asarray([points[list(row)].sum(axis=0) for row in rows], dtype=np.int64)
        allowed = np.asarray([allowed[list(row)].all(axis=0) for row in rows], dtype=np.bool_)
    seats = np.asarray([requests[row[0]].reviewers for row in rows], dtype=np.int64)
    urgency = np.asarray([sum(costs.urgency(requests[number]) for number in row) for row in rows], dtype=np.int64)
    # An empty seat costs more than it could save, so that as many seats as possible are filled first.
    dearest = (
        int(points.max(initial=0))
        + int(urgency.max(initial=0))
        + max((max(load, default=0) for load in loads), default=0)
    )
    missed = 1 + int((seats * sizes).sum()) * (dearest + 1)
    return AssignmentProblem(
        costs=points, allowed=allowed, seats=seats, sizes=sizes, nobody=sizes * missed + urgency, loads=loads
    )
