"""Why a case has nobody, in the fewest reasons, and what would mend it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from imr.panel.batch import Batch, Chosen
from imr.panel.request import Request
from imr.panel.roster import PanelMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A case that lacks reviewers.

    `refused`: the fewest rules that together refuse everybody who is refused, and how many each refuses; empty where
    enough are cleared. `nearest`: the rules in the way of those whom the fewest refuse, and how many such reviewers there
    are. `full`: the cleared reviewers, and everybody whose cases could move to them, none with a place left; `rivals`:
    the cases that have these places. `places` is how many one reviewer must have free, for consolidated cases.
    """

    case: str
    missing: int
    places: int = 1
    refused: Mapping[str, int] = field(default_factory=dict)
    nearest: tuple[tuple[tuple[str, ...], int], ...] = ()
    full: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """Why, in words. No reviewer is named."""
        if self.full:
            free = "a free place" if self.places == 1 else f"{self.places} free places"
            return f"of the {len(self.full)} reviewer(s) whom the law clears, or who stand in for them, none has {free}"
        if self.refused:
            rules = "; ".join(f"{rule} ({count})" for rule, count in self.refused.items())
            return f"the law clears too few: {rules}"
        return "there are too few on the panel"

    @property
    def remedy(self) -> str:
        """What would mend it, in words. No reviewer is named."""
        ways = [f"mend {' and '.join(rules)} for one of {count} reviewer(s)" for rules, count in self.nearest]
        if self.full:
            ways = [f"give one of these {len(self.full)} reviewers another place"]
        return "; or ".join((*ways, "add a reviewer whom the law clears for this case")).capitalize()


def refusal(group: Sequence[Request], members: Sequence[PanelMember], on: date, missing: int) -> tuple[Shortage, ...]:
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
    """Give the fewest rules such that every reviewer fails one of them; those that refuse most first."""
    counts: Counter[str] = Counter()
    for rules, count in failed.items():
        for rule in rules:
            counts[rule] += count
    order = sorted(counts, key=lambda rule: (-counts[rule], rule))
    for size in range(len(order) + 1):
        for fewest in combinations(order, size):
            if all(not each.isdisjoint(fewest) for each in failed):
                return fewest
    raise AssertionError("a reviewer whom no rule refuses is no refusal")


def crowding(
    batch: Batch, chosen: Chosen, row: int, cases: Sequence[Sequence[str]], members: Sequence[PanelMember]
) -> tuple[Shortage, ...]:
    """Explain cases whose cleared reviewers are all full: they, and whoever could take a case off their hands.

    Together these have fewer places than the cases that can only go to them need, which no assignment mends.
    """
    holders: dict[int, list[int]] = {}
    for other, held in enumerate(chosen):
        for column in held:
            holders.setdefault(column, []).append(other)
    rows, columns, queue = {row}, set[int](), [row]
    while queue:
        for column in batch.allowed[queue.pop()].nonzero()[0].tolist():
            if column not in columns:
                columns.add(column)
                fresh = [other for other in holders.get(column, ()) if other not in rows]
                rows.update(fresh)
                queue.extend(fresh)
    return tuple(
        Shortage(
            case=case,
            missing=int(batch.seats[row]) - len(chosen[row]),
            places=int(batch.sizes[row]),
            full=tuple(sorted(members[column].id for column in columns)),
            rivals=tuple(sorted(other for each in rows - {row} for other in cases[each])),
        )
        for case in cases[row]
    )
