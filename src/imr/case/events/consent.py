"""Events about the consent to the release of records."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from imr.case.events.event import Confidential, Event
from imr.case.filed_application import ConsentWithdrawal
from imr.case.state import Case
from imr.law.terms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The employee's side withdrew the consent. It stops nothing; a person decides what follows.

    `signed_page` is the digest of the page if it came on paper.
    """

    kind: ClassVar[str] = "consent-withdrawn"
    withdrawn_on: date
    withdrawn_by: Role
    known_from: str = ""
    signed_page: str = ""

    def apply(self, case: Case) -> Case:
        withdrawal = ConsentWithdrawal(on=self.withdrawn_on, by=self.withdrawn_by, signed_page=self.signed_page)
        return replace(case, consent_withdrawal=withdrawal)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentExclusionMarked(Event):
    """A person marked a record as left out of the consent, or removed the mark. The record's digest is confidential, and sealed."""

    kind: ClassVar[str] = "consent-exclusion-marked"
    file: Annotated[str, Confidential()]
    left_out: bool = True

    def apply(self, case: Case) -> Case:
        others = tuple(file for file in case.outside_consent if file != self.file)
        return replace(case, outside_consent=(*others, self.file) if self.left_out else others)
