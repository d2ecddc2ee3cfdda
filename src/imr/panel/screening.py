"""Which reviewers the law clears for which cases, for all pairs at once.

The answer for a pair is `law.reviewers.screen`, and nothing else: `Screening.allowed` gives the same as calling it for
every pair, only sooner. It leans on two things that hold of every rule there, and the tests hold them up:

- qualifications look at a case only by the specialties that it asks for and the programme's criteria, and at these
  only by comparing them with the reviewer's own: so one answer a reviewer serves all cases that ask alike;
- a conflict needs a name in common: so only pairs that share one, by the loosest way of comparing, are looked at.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from imr.law.names import names_in, specialty
from imr.law.reviewers import Criteria, Matter, conflicts, organization_conflicts, qualifications
from imr.panel.batch import Allowed
from imr.panel.roster import PanelMember

_Key: TypeAlias = tuple[str, ...]


class Screening:
    """The reviewers of the panel on one day, ready to be screened against any number of cases."""

    def __init__(self, members: Sequence[PanelMember], on: date) -> None:
        self.members = tuple(members)
        self.on = on
        self._numbers = {member.id: number for number, member in enumerate(self.members)}
        self._own: list[frozenset[str]] = []
        self._of_specialty: dict[str, list[int]] = {}
        self._of_name: dict[_Key, set[int]] = {}
        for number, member in enumerate(self.members):
            own = frozenset(specialty(name) for name in member.specialties)
            self._own.append(own)
            for name in own:
                self._of_specialty.setdefault(name, []).append(number)
            for text in (member.reviewer.name, *(tie.name for tie in member.reviewer.affiliations)):
                for key in kept_under(text):
                    self._of_name.setdefault(key, set()).add(number)
        self._qualified: dict[tuple[int, frozenset[str], Criteria], bool] = {}
        self._rows: dict[tuple[frozenset[str], bool, Criteria], Allowed] = {}

    def allowed(self, matters: Sequence[Matter]) -> Allowed:
        """Say for each case, a row, and each reviewer, a column, whether the law clears the pair."""
        table = np.zeros((len(matters), len(self.members)), dtype=np.bool_)
        for row, matter in enumerate(matters):
            if all(organization_conflicts(matter, self.on)):
                table[row] = self._qualified_for(matter)
                for number in self._namesakes(matter):
                    if table[row, number]:
                        table[row, number] = all(conflicts(self.members[number].reviewer, matter, self.on))
        return table

    def _qualified_for(self, matter: Matter) -> Allowed:
        asked = frozenset(specialty(name) for name in matter.specialties)
        known = frozenset(name for name in asked if name in self._of_specialty)
        key = (known, bool(asked), matter.criteria)
        if key not in self._rows:
            stranger = Matter(specialties=(_NOBODYS,) if asked else (), criteria=matter.criteria)
            if known:
                row = self._qualified_for(stranger).copy()
                for number in {number for name in known for number in self._of_specialty[name]}:
                    row[number] = self._is_qualified(number, asked & self._own[number], matter.criteria)
            else:
                answers = (all(qualifications(member.reviewer, stranger, self.on)) for member in self.members)
                row = np.fromiter(answers, np.bool_, len(self.members))
            self._rows[key] = row
        return self._rows[key]

    def _is_qualified(self, number: int, shared: frozenset[str], criteria: Criteria) -> bool:
        key = (number, shared, criteria)
        if key not in self._qualified:
            alike = Matter(specialties=tuple(sorted(shared)), criteria=criteria)
            self._qualified[key] = all(qualifications(self.members[number].reviewer, alike, self.on))
        return self._qualified[key]

    def _namesakes(self, matter: Matter) -> set[int]:
        found = {self._numbers[earlier] for earlier in matter.earlier_reviewers if earlier in self._numbers}
        for text in _texts(matter):
            for key in found_by(text):
                found |= self._of_name.get(key, set())
        return found


#: A specialty that no reviewer has.
_NOBODYS = "\N{BULLET} a specialty of nobody"
#: Whether the first word of a name is an initial, which stands for every first name that it begins.
_INITIAL, _FULL = "*initial", "*full"


def _texts(matter: Matter) -> Iterator[str]:
    for party in matter.parties:
        yield party.name
        yield from party.aliases
    yield from matter.treatments


def kept_under(text: str) -> set[_Key]:
    """Give the keys that a name is kept under: it is found by `found_by` of every name that may be the same."""
    keys: set[_Key] = set()
    for words in names_in(text):
        keys.add(_words(words))
        if len(words) > 1:
            keys.add((_INITIAL if len(words[0]) == 1 else _FULL, words[0][0], words[-1]))
    return keys


@lru_cache(maxsize=1 << 16)
def found_by(text: str) -> frozenset[_Key]:
    """Give the keys to look up for a name: whatever `law.names.same` takes for the same is kept under one of them."""
    keys: set[_Key] = set()
    for words in names_in(text):
        keys.add(_words(words))
        if len(words) > 1:
            kinds = (_INITIAL, _FULL) if len(words[0]) == 1 else (_INITIAL,)
            keys.update((kind, words[0][0], words[-1]) for kind in kinds)
    return frozenset(keys)


def _words(words: _Key) -> _Key:
    """The words of a name that tell it apart in any order, without initials where enough is left."""
    full = tuple(sorted(word for word in words if len(word) > 1))
    return full if len(full) > 1 else tuple(sorted(words))
