"""A case that lacks reviewers, with the reasons and what would resolve it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from imr.casing import capitalize_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A case that lacks reviewers.

    `refused`: the smallest set of rules that together refuse everybody who is refused, and how many each refuses; empty
    if enough are cleared. `nearest`: the rules that refuse the reviewers with the fewest refusals, and how many such
    reviewers there are. `full`: the smallest set of reviewers, the cleared ones among them, with fewer places than are
    needed by cases that can go to nobody else, which are this one and `rivals`. `movable`: every reviewer with whom one
    more place would resolve it, as cases can move. `places`: how many one reviewer must have free, for consolidated
    cases.
    """

    case: str
    missing: int
    places: int = 1
    refused: Mapping[str, int] = field(default_factory=dict)
    nearest: tuple[tuple[tuple[str, ...], int], ...] = ()
    full: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    movable: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The reason in words. No reviewer is named."""
        if self.full:
            free = "a free place" if self.places == 1 else f"{self.places} free places"
            who = f"none of {len(self.full)} reviewer(s) has {free}: those whom the law clears, and those who could take their cases"
            return f"{who}; {len(self.rivals)} other case(s) can go to nobody else" if self.rivals else who
        if self.refused:
            rules = "; ".join(f"{rule} ({count})" for rule, count in self.refused.items())
            return f"the law clears too few: {rules}"
        return "there are too few on the panel"

    @property
    def remedy(self) -> str:
        """The remedy in words. No reviewer is named."""
        ways = [f"have one of {count} reviewer(s) meet {' and '.join(rules)}" for rules, count in self.nearest]
        if self.full:
            ways = [f"let one of {len(self.movable)} reviewer(s) take one more case, so that cases can move"]
        said = "; or ".join((*ways, "add a reviewer whom the law clears for this case"))
        return capitalize_first(said)
