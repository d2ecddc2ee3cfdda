"""The base class of every event."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from imr.case.state import Case


class Confidential:
    """Marks a field that outsiders never see, because it would identify the reviewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(ABC):
    """Something that happened to a case."""

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, case: Case) -> Case:
        """Give the case after this event."""
