"""What every event is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from imr.case.state import Case


class Confidential:
    """Marks a field that outsiders never see: it would tell who reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(ABC):
    """Something that happened to a case."""

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, case: Case) -> Case:
        """The case after this happened to it."""
