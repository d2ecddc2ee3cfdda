"""Explanations of cases without a reviewer: the fewest reasons, and what would resolve them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations, islice

import numpy as np

from imr.panel.problem import AssignmentProblem, Chosen, Points
from imr.panel.request import ReviewRequest
from imr.panel.roster import PanelMember
from imr.panel.shortage import Shortage

#: How many sets of full reviewers are tried to find the smallest one.
SETS = 500


def explain_refusals(
    group: Sequence[ReviewRequest], members: Sequence[PanelMember], on: date, missing: int
) -> tuple[Shortage, ...]:
    """Explain a case, or consolidated ones, for which the law clears too few."""
    screened = [[f for request in group for f in request.screen(m.reviewer, on) if not f] for m in members]
    failed = [frozenset(finding.rule for finding in findings) for findings in screened if findings]
    least = min((len(rules) for rules in failed), default=0)
    nearest = Counter(tuple(sorted(rules)) for rules in failed if len(rules) == least)
    return tuple(
        Shortage(
            case=request.number,
            missing=missing,
            refused={rule: sum(rule in rules for rules in failed) for rule in _fewest(Counter(failed))},
            nearest=tuple(sorted(nearest.items(), key=lambda item: (-item[1], item[0]))[:3]),
        )
        for request in group
    )


def _fewest(failed: Mapping[frozenset[str], int]) -> tuple[str, ...]:
    """Give the smallest set of rules such that every reviewer fails one of them; the rules that refuse most come first."""
    counts: Counter[str] = Counter()
    for rules, count in failed.items():
        for rule in rules:
            counts[rule] += count
    order = sorted(counts, key=lambda rule: (-counts[rule], rule))
    for size in range(len(order) + 1):
        for fewest in combinations(order, size):
            if all(not each.isdisjoint(fewest) for each in failed):
                return fewest
    raise AssertionError("no rule refuses this reviewer")


def explain_full_panel(
    batch: AssignmentProblem, chosen: Chosen, row: int, cases: Sequence[Sequence[str]], members: Sequence[PanelMember]
) -> tuple[Shortage, ...]:
    """Explain cases whose cleared reviewers are all full, with everybody who could take a case from them.

    Together these have fewer places than are needed by the cases that can only go to them, so that no assignment
    resolves it.
    """
    movable = _movable(batch, chosen, row)
    full = movable if batch.linked else _fewest_full(batch, _others(batch, chosen, row), movable)
    rivals = _rivals(batch, chosen, row, full)
    return tuple(
        Shortage(
            case=case,
            missing=int(batch.seats[row]) - len(chosen[row]),
            places=int(batch.sizes[row]),
            full=tuple(sorted(members[column].id for column in full)),
            rivals=tuple(sorted(other for each in rivals for other in cases[each])),
            movable=tuple(sorted(members[column].id for column in movable)),
        )
        for case in cases[row]
    )


def _movable(batch: AssignmentProblem, chosen: Chosen, row: int) -> frozenset[int]:
    """Give the reviewers with whom one more place would help: those cleared, and those to whom their cases could move."""
    holders: dict[int, list[int]] = {}
    for other, held in enumerate(chosen):
        for column in held:
            holders.setdefault(column, []).append(other)
    rows, columns, queue = {row}, set[int](), [row]
    while queue:
        for column in _others(batch, chosen, queue.pop()):
            if column not in columns:
                columns.add(column)
                fresh = [other for other in holders.get(column, ()) if other not in rows]
                rows.update(fresh)
                queue.extend(fresh)
    return frozenset(columns)


def _others(batch: AssignmentProblem, chosen: Chosen, row: int) -> frozenset[int]:
    """Return the reviewers who are cleared for a row and not yet assigned to it."""
    return frozenset(batch.allowed[row].nonzero()[0].tolist()).difference(chosen[row])


def _needed(batch: AssignmentProblem, columns: Iterable[int]) -> Points:
    """Count the places that each row needs of these reviewers, because too few others are cleared for it."""
    others = batch.allowed.copy()
    others[:, list(columns)] = False
    needed: Points = np.maximum(0, batch.seats - others.sum(axis=1)) * batch.sizes
    return needed


def _are_too_few(batch: AssignmentProblem, columns: Iterable[int]) -> bool:
    return int(_needed(batch, columns).sum()) > sum(len(batch.loads[column]) for column in columns)


def _fewest_full(batch: AssignmentProblem, cleared: frozenset[int], movable: frozenset[int]) -> frozenset[int]:
    """Give the smallest set of movable reviewers, the cleared among them, with too few places for cases that can go to nobody else.

    If more than `SETS` sets would have to be tried, gives a set from which no reviewer can be left out.
    """
    others = sorted(movable - cleared)
    tried = (cleared.union(more) for size in range(len(others) + 1) for more in combinations(others, size))
    found = next((columns for columns in islice(tried, SETS) if _are_too_few(batch, columns)), None)
    if found is not None:
        return found
    kept = movable
    while spare := [one for one in sorted(kept - cleared) if _are_too_few(batch, kept - {one})]:
        kept -= {spare[0]}
    return kept


def _rivals(batch: AssignmentProblem, chosen: Chosen, row: int, full: frozenset[int]) -> list[int]:
    """Give as many other rows that can go to nobody else as there are places, those that have one first."""
    needed = _needed(batch, full)
    there = sorted((r for r in needed.nonzero()[0].tolist() if r != row), key=lambda r: (full.isdisjoint(chosen[r]), r))
    left, found = sum(len(batch.loads[column]) for column in full), []
    for other in there:
        if left <= 0:
            break
        found.append(other)
        left -= int(needed[other])
    return found
