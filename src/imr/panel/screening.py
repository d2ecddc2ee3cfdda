"""Screening of all pairs of reviewers and cases at once.

`Screening.allowed` gives the same as calling `law.reviewers.screen` for every pair, only faster. It relies on two
properties of every rule there, which tests check:

- qualifications look at a case only by its specialties and the program's criteria, and only by comparing these with the
reviewer's own: so one answer a reviewer serves all cases with the same specialties and criteria;

- a conflict needs a name, or a number, in common: so only pairs that may share one by `identity` are screened for it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from imr.identity import compare, index_keys, lookup_keys
from imr.law.names import specialty
from imr.law.reviewers import Criteria, Matter, conflicts, organization_conflicts, qualifications
from imr.panel.problem import Allowed
from imr.panel.roster import PanelMember


class Screening:
    """The reviewers of the panel on one day, ready to be screened against any number of cases."""

    def __init__(self, members: Sequence[PanelMember], on: date) -> None:
        self.members = tuple(members)
        self.on = on
        self._numbers = {member.id: number for number, member in enumerate(self.members)}
        self._own: list[frozenset[str]] = []
        self._of_specialty: dict[str, list[int]] = {}
        self._of_name: dict[str, set[int]] = {}
        self._names_at: dict[str, set[str]] = {}
        self._of_npi: dict[str, int] = {}
        self._alike: dict[str, frozenset[int]] = {}
        for number, member in enumerate(self.members):
            own = frozenset(specialty(name) for name in member.specialties)
            self._own.append(own)
            for name in own:
                self._of_specialty.setdefault(name, []).append(number)
            for text in (member.reviewer.name, *(tie.name for tie in member.reviewer.affiliations)):
                self._of_name.setdefault(text, set()).add(number)
            if member.reviewer.npi:
                self._of_npi[member.reviewer.npi] = number
        for text in self._of_name:
            for key in index_keys(text):
                self._names_at.setdefault(key, set()).add(text)
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
        found |= {self._of_npi[party.npi] for party in matter.parties if party.npi in self._of_npi}
        return found.union(*map(self._bearing, _texts(matter)))

    def _bearing(self, text: str) -> frozenset[int]:
        """Give the reviewers whose names on record may be this one."""
        if text not in self._alike:
            near = set[str]().union(*(self._names_at.get(key, ()) for key in lookup_keys(text)))
            self._alike[text] = frozenset(
                number for name in near if compare(text, name) for number in self._of_name[name]
            )
        return self._alike[text]


#: A specialty that no reviewer has.
_NOBODYS = "\N{BULLET} a specialty of nobody"


def _texts(matter: Matter) -> Iterator[str]:
    for party in matter.parties:
        yield party.name
        yield from party.aliases
    yield from matter.treatments
