"""The qualifications of a reviewer that a letter states: a specialty and states, as few as make the reviewer one of several.

The law has the letter state the reviewer's qualifications and never the name (LC 4610.6(f)). A specialty and every state of a license
together are often those of one person. How many reviewers of the panel they have to fit is a rule of the house; a letter may always
state less than a reviewer has.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from imr.law.reviewers import LicenceStatus, Reviewer

#: What a letter states has to fit at least this many reviewers of the panel. A policy, not law.
FEWEST = 5
#: The state whose license is stated first: the law prefers it (LC 139.5(d)).
FIRST = "California"


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """What of a reviewer's record a letter may state: specialties in their order, states of current licenses in theirs."""

    specialties: tuple[str, ...]
    states: tuple[str, ...]

    @classmethod
    def of(cls, reviewer: Reviewer) -> "Qualified":
        """Give what a letter may state of this record."""
        certified = (name for board in reviewer.boards for name in (board.specialty, board.subspecialty))
        current = (one.state for one in reviewer.licences if one.status is LicenceStatus.CURRENT)
        return cls(
            specialties=tuple(dict.fromkeys(filter(None, (*reviewer.specialties, *certified)))),
            states=tuple(dict.fromkeys(current)),
        )

    def fits(self, specialties: Collection[str], states: Collection[str]) -> bool:
        """Say whether somebody with this record has these specialties and is licensed in these states."""
        mine, licensed = set(map(_folded, self.specialties)), set(map(_folded, self.states))
        return mine.issuperset(map(_folded, specialties)) and licensed.issuperset(map(_folded, states))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A specialty and states as a letter states them, and how many reviewers of the panel they fit."""

    specialty: str
    states: tuple[str, ...]
    shared_by: int

    @property
    def identifies(self) -> bool:
        """Whether they fit fewer reviewers than the rule of the house asks."""
        return self.shared_by < FEWEST


def stated(panel: Iterable[Qualified], specialty: str, states: Iterable[str]) -> Stated:
    """Give how many reviewers of the panel fit what a letter states. Several specialties have commas between them."""
    licensed, named = tuple(states), tuple(filter(None, map(str.strip, re.split(r"[,;/]", specialty))))
    fitting = sum(one.fits(named, licensed) for one in panel)
    return Stated(specialty=specialty, states=licensed, shared_by=fitting)


def to_state(mine: Qualified, panel: Iterable[Qualified], asked: Collection[str] = ()) -> Stated:
    """Give what a letter states of a reviewer: one specialty, those that the case asks for first, and as many states as the rule allows.

    Where not even one specialty and one state fit enough reviewers, those that fit most are given, and `identifies` is true.
    """
    everybody = tuple(panel)
    states = sorted(mine.states, key=lambda state: state != FIRST)
    best = Stated(specialty="", states=(), shared_by=0)
    for specialty in _in_order(mine, asked):
        for state in states:
            found = stated(everybody, specialty, (state,))
            if not found.identifies:
                return _with_further_states(found, everybody, states)
            if found.shared_by > best.shared_by:
                best = found
    return best


def _in_order(mine: Qualified, asked: Collection[str]) -> Iterator[str]:
    wanted = set(map(_folded, asked))
    yield from sorted(mine.specialties, key=lambda name: _folded(name) not in wanted)


def _with_further_states(found: Stated, panel: Collection[Qualified], states: Iterable[str]) -> Stated:
    for state in states:
        if state not in found.states:
            further = stated(panel, found.specialty, (*found.states, state))
            found = found if further.identifies else further
    return found


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("&", " and ").split())
