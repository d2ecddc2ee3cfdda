"""The letters of a case and the state of each recipient's copy: all copies for the office and the Division, a party's own for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from django.db.models import QuerySet

from imr.case.letters import CaseLetter, KnownBy, LetterCopy, LetterKind
from imr.law.disclosure import Thing
from imr.law.roles import PARTIES, STAFF
from imr.law.terms import Role, Service
from imr.web.access.case_access import CaseAccess, Viewer, insist_any
from imr.web.access.parties import not_of_own_cases
from imr.web.models import ServiceRow
from imr.web.store import service
from imr.web.store.service import Channel

#: Who prints letters and records how they went out.
_OFFICE = STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """A recipient's copy: served how, on which day, known by what; or not yet, and `waits_for` says what it waits for.

    `channel` is empty in histories from before it was recorded, `address` where the reader is not the office.
    """

    role: Role
    own: bool
    served_on: date | None = None
    received_at: datetime | None = None
    service: Service | None = None
    known: KnownBy | None = None
    channel: str
    waits_for: str
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter of a case: the number that its event has for the reader, its day, the digest of its document, and its copies."""

    number: int
    what: LetterKind
    on: date
    tracked: bool
    document: str
    copies: tuple[CopyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPrintLine:
    """A letter with the copies that are to be printed and sent, and since when."""

    case: str
    number: int
    what: LetterKind
    since: datetime
    document: str
    copies: tuple[CopyLine, ...]


#: What a copy waits for that is not served.
_PRINT = "to be printed and sent"
_MESSAGE = "an e-mail waits to go out"


def letters(case_access: CaseAccess) -> tuple[LetterLine, ...]:
    """Return the letters of a case, the last one first. A party sees its own copies; a role without copies sees nothing."""
    every = case_access.shows(Thing.SERVICE_RECORD)
    if not every and not set(case_access.roles) & set(PARTIES):
        return ()
    kept = _rows(case_access.number)
    found = []
    for letter in reversed(case_access.case.letters):
        copies = tuple(
            _copy(
                copy,
                kept.get((letter.number, copy.role.value)),
                letter,
                own=copy.role in case_access.roles,
                every=every,
            )
            for copy in letter.copies
            if every or copy.role in case_access.roles
        )
        document = next((row.document for (event, _), row in kept.items() if event == letter.number), "")
        if copies:
            found.append(
                LetterLine(
                    number=case_access.numbers.get(letter.number, 0),
                    what=letter.kind,
                    on=letter.on,
                    tracked=letter.tracked,
                    document=document,
                    copies=copies,
                )
            )
    if found:
        case_access.log(Thing.SERVICE_RECORD)
    return tuple(found)


def _rows(number: str) -> dict[tuple[int, str], ServiceRow]:
    found = service.with_problems(ServiceRow.objects.filter(case=number))
    return {(row.event, row.role): row for row in found}


def _copy(copy: LetterCopy, row: ServiceRow | None, letter: CaseLetter, *, own: bool, every: bool) -> CopyLine:
    served = copy.served
    waits = "" if served is not None or not letter.tracked else _waits_for(row)
    return CopyLine(
        role=copy.role,
        own=own,
        served_on=served.on if served else None,
        received_at=served.received_at if served else None,
        service=served.service if served else None,
        known=served.known if served else None,
        channel=row.channel if row else "",
        waits_for=waits,
        name=row.name if row and every else "",
        address=row.address if row and every else "",
    )


def _waits_for(row: ServiceRow | None) -> str:
    if row is None or row.channel == Channel.PAPER.value:
        return _PRINT
    problem = service.problem_of(row)
    return f"the e-mail could not be sent ({problem}): {_PRINT}" if problem else _MESSAGE


def on_paper(case_access: CaseAccess, recipients: Iterable[Role], way: Service) -> tuple[Role, ...]:
    """Return those of these recipients whom a letter that is sent this way would reach on paper now."""
    case_access.require(Thing.SERVICE_RECORD)
    return tuple(role for role in recipients if service.channel_of(case_access.number, role, way) is Channel.PAPER)


class _ToPrint(Sequence[ToPrintLine]):
    """Letters with copies to print, the oldest first, read from the database a page at a time."""

    def __init__(self, user: Viewer) -> None:
        self._rows = _waiting(user)
        self._letters = self._rows.order_by("at", "case", "event").values_list("at", "case", "event").distinct()

    def __len__(self) -> int:
        return int(self._letters.count())

    @overload
    def __getitem__(self, place: int) -> ToPrintLine: ...
    @overload
    def __getitem__(self, place: slice) -> list[ToPrintLine]: ...
    def __getitem__(self, place: int | slice) -> ToPrintLine | list[ToPrintLine]:
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        return list(self._lines(list(self._letters[place])))

    def _lines(self, chosen: list[tuple[datetime, str, int]]) -> Iterator[ToPrintLine]:
        found = service.with_problems(self._rows.filter(case__in={case for _, case, _ in chosen}))
        by_letter: dict[tuple[str, int], list[ServiceRow]] = {}
        for row in found.order_by("pk"):
            by_letter.setdefault((row.case, row.event), []).append(row)
        for since, case, event in chosen:
            copies = by_letter.get((case, event), [])
            if copies:  # another may have recorded the last of them just now
                yield _to_print(since, copies)


def _to_print(since: datetime, rows: list[ServiceRow]) -> ToPrintLine:
    first = rows[0]
    return ToPrintLine(
        case=first.case,
        number=first.event,
        what=LetterKind(first.letter),
        since=since,
        document=first.document,
        copies=tuple(
            CopyLine(
                role=Role(row.role),
                own=False,
                channel=row.channel,
                waits_for=_waits_for(row),
                name=row.name,
                address=row.address,
            )
            for row in rows
        ),
    )


def letters_to_print(user: Viewer) -> Sequence[ToPrintLine]:
    """Return the letters whose copies are to be printed, over all cases that this person sees by office. Raises Http404 for others."""
    insist_any(user, _OFFICE)
    return _ToPrint(user)


def copies_to_print(user: Viewer) -> int:
    """Return how many copies of letters are to be printed and sent."""
    insist_any(user, _OFFICE)
    return int(_waiting(user).count())


def _waiting(user: Viewer) -> QuerySet[ServiceRow]:
    """Return the copies to print in the cases in which this person is no party."""
    return not_of_own_cases(user, service.to_print())
