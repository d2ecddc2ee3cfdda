"""The interface that supplies the facts of a step that nobody types. The site and the player of cases each implement it."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, Protocol, get_type_hints

from imr.case.answers import Checked
from imr.case.application import Application
from imr.case.marks import Provided, marks
from imr.case.signature import ReviewerSignature
from imr.case.sources import FactSource
from imr.case.state import Case
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.service import MessageSent
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.consent import ConsentTerms
from imr.law.reviewers import Affiliation, Criteria, Reviewer
from imr.law.terms import RecordKind


class FactProvider(Protocol):
    """Supplies the facts of one step of one case: a method for each `FactSource`, named by its value.

    A subclass that lacks a method cannot be instantiated. Each method raises Refused if there is nothing to supply.
    """

    @abstractmethod
    def application(self) -> Application:
        """Give the application on file."""

    @abstractmethod
    def consent_terms(self) -> ConsentTerms:
        """Give how long a consent lasts, and what it excludes, in this organization."""

    @abstractmethod
    def index_kinds(self) -> tuple[RecordKind, ...]:
        """Give the kinds of the documents in the index of the case file, as it was read and corrected."""

    @abstractmethod
    def bundle(self) -> CaseFileBundle:
        """Give the case file as it was bound."""

    @abstractmethod
    def message(self) -> MessageSent:
        """Give the message that went out."""

    @abstractmethod
    def earlier_case(self) -> Case:
        """Give the case that was reversed, by the number that a person gave."""

    @abstractmethod
    def later_case(self) -> Case:
        """Give the case that continues this one after a remand, as it was just opened."""

    @abstractmethod
    def organization(self) -> tuple[Affiliation, ...]:
        """Give the affiliations of the review organization itself."""

    @abstractmethod
    def criteria(self) -> Criteria:
        """Give the program's criteria for a reviewer."""

    @abstractmethod
    def chosen_reviewer(self) -> Reviewer:
        """Give the reviewer whom a person chose, from the panel."""

    @abstractmethod
    def passed_over(self) -> int:
        """Count the free candidates whom the panel ranks before the chosen reviewer."""

    @abstractmethod
    def commitment(self) -> str:
        """Give the commitment that binds the assignment without naming the reviewer; empty if the panel made none."""

    @abstractmethod
    def screened_reviewer(self) -> Reviewer | None:
        """Give the reviewer whose record has a name in doubt; None if it is the organization's own."""

    @abstractmethod
    def case_reviewer(self) -> Reviewer:
        """Give the reviewer of the case."""

    @abstractmethod
    def new_draft_checks(self) -> Checked:
        """Give the concerns of the checks about the draft that a person states with the step."""

    @abstractmethod
    def draft(self) -> Determination:
        """Give the draft on file."""

    @abstractmethod
    def draft_checks(self) -> Checked:
        """Give the concerns of the checks about the draft on file."""

    @abstractmethod
    def second_factor(self) -> str:
        """Give how the signature was confirmed by a second factor."""

    @abstractmethod
    def signature(self) -> ReviewerSignature:
        """Give the reviewer's signature of the letter, verified."""

    @abstractmethod
    def letter(self) -> str:
        """Give the letter as signed; before the signature, the letter that the draft would give today."""

    @abstractmethod
    def determination(self) -> Determination:
        """Give the determination as signed."""

    @abstractmethod
    def public_determination(self) -> Determination:
        """Give the public version of the determination."""

    @abstractmethod
    def public_letter(self) -> str:
        """Give the letter of the public version."""


def supply(provider: FactProvider, source: FactSource) -> Any:
    """Give the value of a source."""
    return getattr(provider, source.value)()


def require_sources(steps: Iterable[Step]) -> None:
    """Raise ImrError if a source has no method, or a fact is not of the type that its source supplies."""
    supplied = {
        name: get_type_hints(method).get("return") for name, method in vars(FactProvider).items() if name in _NAMES
    }
    faults = [f"{source.name} has no method" for source in FactSource if source.value not in supplied]
    for step in steps:
        for name, (kind, mark) in marks(step.facts).items():
            if isinstance(mark, Provided) and supplied.get(mark.source.value) != kind:
                faults.append(f"{name} of {step.name} is not what {mark.source.name} supplies")
    if faults:
        raise ImrError(f"case.provider: {'; '.join(faults)}")


_NAMES = frozenset(source.value for source in FactSource)

require_sources(STEPS.values())
