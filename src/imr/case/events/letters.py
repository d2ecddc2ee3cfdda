"""The letters that events make, and the event that a letter was served."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from imr.case.digests import SealedOutside
from imr.case.events.event import Event
from imr.case.letters import KnownBy, LetterKind, Served, made
from imr.case.state import Case
from imr.law.terms import Place, Role, Service


def with_letter(
    case: Case,
    kind: LetterKind,
    on: date,
    recipients: tuple[Role, ...],
    service: Service | None,
    *,
    tracked: bool,
    stood_for: Served | None = None,
) -> Case:
    """Give the case with the letter that its next event makes.

    `stood_for` is the service that the step itself counted as before letters were tracked; it is ignored for a tracked
    letter.
    """
    letter = made(case.events + 1, kind, on, recipients, service, tracked=tracked)
    if stood_for is not None and not tracked:
        letter = letter.with_service(recipients, stood_for)
    return case.with_letters((*case.letters, letter))


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterServed(Event):
    """A letter was served on recipients: `letter` is the number of the event that made it, `known` how the service is known.

    `received_at` is the moment of receipt, if it is recorded; `proof` is the paper that shows the service.
    """

    kind: ClassVar[str] = "letter-served"
    letter: int
    what: LetterKind
    recipients: tuple[Role, ...]
    service: Service
    place: Place = Place.CALIFORNIA
    on: date
    received_at: datetime | None = None
    known: KnownBy
    proof: Annotated[str, SealedOutside()] = ""

    def apply(self, case: Case) -> Case:
        served = Served(
            service=self.service, place=self.place, on=self.on, received_at=self.received_at, known=self.known
        )
        return case.with_letters(
            tuple(
                letter.with_service(self.recipients, served) if letter.number == self.letter else letter
                for letter in case.letters
            )
        )
