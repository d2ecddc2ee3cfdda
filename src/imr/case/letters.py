"""The letters of a case, and on whom each was served: not yet, or how, on which day, and by what that is known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from imr.case.context import CALIFORNIA
from imr.law.terms import Place, Role, Service

#: Ways of service by which a paper is received on the day on which it is sent.
RECEIVED_AT_ONCE = (Service.PERSONAL, Service.ELECTRONIC, Service.FAX)


class LetterKind(Enum):
    """What letter it is. The value is what a person reads."""

    INFORMATION = "request for information"
    INELIGIBILITY = "notice of ineligibility"
    ASSIGNMENT = "notice of assignment"
    RECORDS = "request for records"
    DETERMINATION = "determination"
    ENDED = "notice that the review has ended"


class KnownBy(Enum):
    """By what a service is known. `STEP` is of histories in which the step that made a letter was taken for its service."""

    MESSAGE = "message sent"
    OFFICE = "recorded by the office"
    STEP = "recorded, not confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service of a letter on one recipient. `service` is None where an older history does not say how."""

    service: Service | None
    place: Place = Place.CALIFORNIA
    on: date
    received_at: datetime | None = None
    known: KnownBy

    @property
    def received_on(self) -> date | None:
        """The day of receipt: as recorded, or that of the service where it is received at once. It is not guessed."""
        if self.received_at is not None:
            return self.received_at.astimezone(CALIFORNIA).date()
        return self.on if self.service is None or self.service in RECEIVED_AT_ONCE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCopy:
    """The copy of a letter for one recipient, with what is known of its service: by a message, by the office, by the step."""

    role: Role
    by_message: Served | None = None
    by_office: Served | None = None
    by_step: Served | None = None

    def with_service(self, served: Served) -> "LetterCopy":
        """The copy with one more service, in place of what was known by the same."""
        match served.known:
            case KnownBy.MESSAGE:
                return replace(self, by_message=served)
            case KnownBy.OFFICE:
                return replace(self, by_office=served)
        return replace(self, by_step=served)

    @property
    def served(self) -> Served | None:
        """The first service that is known; what an older step stood for only where nothing else is. None: not served yet."""
        known = [one for one in (self.by_message, self.by_office) if one is not None]
        return min(known, key=lambda one: one.on) if known else self.by_step


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetter:
    """A letter of a case: the event that made it, its day, how it is sent, and a copy for each recipient.

    Where it is not `tracked` the history is older than the record of services: nobody is said not to be served yet.
    """

    number: int
    kind: LetterKind
    on: date
    service: Service | None
    tracked: bool
    copies: tuple[LetterCopy, ...]

    @property
    def unserved(self) -> tuple[Role, ...]:
        """On whom it is not served yet."""
        return tuple(copy.role for copy in self.copies if copy.served is None)

    def served(self, *roles: Role) -> Served | None:
        """The first service on one of these; None where none of them is served."""
        found = [copy.served for copy in self.copies if copy.role in roles and copy.served is not None]
        return min(found, key=lambda one: one.on, default=None)

    def with_service(self, roles: Iterable[Role], served: Served) -> "CaseLetter":
        """The letter with one more service. What the office records of a recipient replaces what it recorded before."""
        chosen = set(roles)
        copies = (copy.with_service(served) if copy.role in chosen else copy for copy in self.copies)
        return replace(self, copies=tuple(copies))


def made(
    number: int, kind: LetterKind, on: date, recipients: Iterable[Role], service: Service | None, *, tracked: bool
) -> CaseLetter:
    """A letter that nobody is served with yet. An older history may not say who its recipients were: it has no copies then."""
    copies = tuple(LetterCopy(role=role) for role in recipients)
    return CaseLetter(number=number, kind=kind, on=on, service=service, tracked=tracked, copies=copies)
