"""The letters of a case, and their service on each recipient: not yet, or how, on which day, and how that is known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from imr.case.context import CALIFORNIA
from imr.law.terms import Place, Role, Service

#: Means of service by which a paper is received on the day on which it is sent.
RECEIVED_AT_ONCE = (Service.PERSONAL, Service.ELECTRONIC, Service.FAX)


class LetterKind(Enum):
    """A kind of letter. The value is what a person reads."""

    INFORMATION = "request for information"
    INELIGIBILITY = "notice of ineligibility"
    ASSIGNMENT = "notice of assignment"
    RECORDS = "request for records"
    DETERMINATION = "determination"
    ENDING_REPORT = "notice of a reported end"
    ENDED = "notice that the review has ended"


class KnownBy(Enum):
    """The source of a known service. `STEP` is for old histories, where the step that made a letter counted as its service."""

    MESSAGE = "message sent"
    OFFICE = "recorded by the office"
    STEP = "recorded, not confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service of a letter on one recipient. `service` is None if an old history does not say how."""

    service: Service | None
    place: Place = Place.CALIFORNIA
    on: date
    received_at: datetime | None = None
    known: KnownBy

    @property
    def received_on(self) -> date | None:
        """The day of receipt: as recorded, or the day of a service that is received at once.

        None if it is not known; it is not guessed.
        """
        if self.received_at is not None:
            return self.received_at.astimezone(CALIFORNIA).date()
        return self.on if self.service is None or self.service in RECEIVED_AT_ONCE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCopy:
    """The copy of a letter for one recipient, with each known service: by a message, by the office, by the step."""

    role: Role
    by_message: Served | None = None
    by_office: Served | None = None
    by_step: Served | None = None

    def with_service(self, served: Served) -> "LetterCopy":
        """Give the copy with one more service, which replaces the one from the same source."""
        match served.known:
            case KnownBy.MESSAGE:
                return replace(self, by_message=served)
            case KnownBy.OFFICE:
                return replace(self, by_office=served)
        return replace(self, by_step=served)

    @property
    def served(self) -> Served | None:
        """The first known service; that of an old step only if there is no other. None if it is not served yet."""
        known = [one for one in (self.by_message, self.by_office) if one is not None]
        return min(known, key=lambda one: one.on) if known else self.by_step


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetter:
    """A letter of a case: the event that made it, its day, its means of service, and a copy for each recipient.

    If it is not `tracked`, the history is older than the record of services, and no recipient counts as not served.
    """

    number: int
    kind: LetterKind
    on: date
    service: Service | None
    tracked: bool
    copies: tuple[LetterCopy, ...]

    @property
    def unserved(self) -> tuple[Role, ...]:
        """The recipients on whom it is not served yet."""
        return tuple(copy.role for copy in self.copies if copy.served is None)

    def served(self, *roles: Role) -> Served | None:
        """Give the first service on one of these roles; None if none of them is served."""
        found = [copy.served for copy in self.copies if copy.role in roles and copy.served is not None]
        return min(found, key=lambda one: one.on, default=None)

    def with_service(self, roles: Iterable[Role], served: Served) -> "CaseLetter":
        """Give the letter with one more service. What the office records for a recipient replaces its earlier record."""
        chosen = set(roles)
        copies = (copy.with_service(served) if copy.role in chosen else copy for copy in self.copies)
        return replace(self, copies=tuple(copies))


def made(
    number: int, kind: LetterKind, on: date, recipients: Iterable[Role], service: Service | None, *, tracked: bool
) -> CaseLetter:
    """Make a letter that is not served on anybody yet. It has no copies if an old history does not name its recipients."""
    copies = tuple(LetterCopy(role=role) for role in recipients)
    return CaseLetter(number=number, kind=kind, on=on, service=service, tracked=tracked, copies=copies)
