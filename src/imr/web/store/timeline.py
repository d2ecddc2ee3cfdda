"""The history of a case as a person reads it: each event with its day, its role and its law; and what is due next."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum

from imr.case import event_types as words
from imr.case.chain import SEAL, Recorded
from imr.case.context import CALIFORNIA
from imr.case.event_types import EVENT_TYPES
from imr.case.events import ConsentExclusionMarked, Event, FoundEligible, FoundIneligible, LetterServed
from imr.case.letters import CaseLetter, KnownBy
from imr.case.outside import has_hour
from imr.case.steps import STEPS
from imr.law.disclosure import Thing
from imr.law.rule import Citation
from imr.law.terms import Place, Role
from imr.web.platform.formatting import day

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a case waits for next: what, until when, and whose turn it is."""

    title: str
    at: datetime
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event of a case for a reader. Without an hour, `at` is the start of its day, and the reader learns no more."""

    number: int
    at: datetime
    kind: str
    title: str
    by: Role
    under: tuple[Citation, ...]
    details: tuple[tuple[str, str], ...]
    has_hour: bool = True


def moments(
    chain: Sequence[Recorded],
    shows: Callable[[Thing], bool],
    letters: Iterable[CaseLetter],
    *,
    served_on: Collection[Role] | None = None,
) -> tuple[Moment, ...]:
    """Return the events of a chain for a reader, the first one first; `shows` says which things are for this reader.

    `letters` are those of the case; `served_on` are the recipients whose copies the reader sees; all of them where it is left
    out.
    """
    made = {letter.number: letter for letter in letters}
    return tuple(
        Moment(
            number=item.number,
            at=item.at,
            kind=item.event.kind,
            title=EVENT_TYPES[item.event.kind].title,
            by=item.by.role,
            under=law_of(type(item.event)),
            details=tuple(_details(item.event, made.get(item.number), served_on)),
            has_hour=has_hour(item),
        )
        for item in chain
        if _is_shown(item.event, shows, served_on)
    )


def _is_shown(event: Event, shows: Callable[[Thing], bool], served_on: Collection[Role] | None) -> bool:
    within = EVENT_TYPES[event.kind].within
    if within is not None and not shows(within):
        return False
    return served_on is None or not isinstance(event, LetterServed) or bool(set(event.recipients) & set(served_on))


def law_of(kind: type[Event]) -> tuple[Citation, ...]:
    """Return the law of the step that gives this kind of event."""
    return next((step.under for step in STEPS.values() if kind in step.events), ())


#: Fields that say how a letter is meant to go out, or stand for what `_copies` and `_service` say in words.
_OF_LETTERS = ("recipients", "service", "place", "tracked")


def _details(event: Event, letter: CaseLetter | None, served_on: Collection[Role] | None) -> Iterable[tuple[str, str]]:
    if isinstance(event, LetterServed):
        yield from _service(event, served_on)
        return
    if isinstance(event, FoundEligible | FoundIneligible) and not event.looked_at:
        yield words.FINDINGS, words.BEFORE_ASKED
    if isinstance(event, ConsentExclusionMarked) and not event.left_out:
        yield words.MARK, words.TAKEN_BACK
    for field in fields(event):
        if field.name == "looked_at" or (letter is not None and field.name in _OF_LETTERS):
            continue  # names of facts, for programs
        text = _text(getattr(event, field.name))
        if text:
            yield field.name.replace("_", " "), text
    if letter is not None:
        yield from _copies(letter, served_on)


def _copies(letter: CaseLetter, served_on: Collection[Role] | None) -> Iterable[tuple[str, str]]:
    """Return to whom a letter goes, and on whom it is not served yet, for those who may know it."""
    copies = [copy for copy in letter.copies if served_on is None or copy.role in served_on]
    if letter.copies:
        yield words.LETTER_FOR, _text(tuple(copy.role for copy in letter.copies))
    if any(copy.served is not None and copy.served.known is KnownBy.STEP for copy in copies):
        yield words.SERVICE, KnownBy.STEP.value
    unserved = tuple(copy.role for copy in copies if copy.served is None)
    if unserved:
        yield words.NOT_SERVED, _text(unserved)


def _service(event: LetterServed, served_on: Collection[Role] | None) -> Iterable[tuple[str, str]]:
    recipients = tuple(role for role in event.recipients if served_on is None or role in served_on)
    yield words.LETTER, event.what.value
    yield words.SERVED_ON, _text(recipients)
    if event.known is KnownBy.MESSAGE:
        yield words.HOW, words.BY_MESSAGE
    else:
        away = "" if event.place is Place.CALIFORNIA else f", {event.place.value}"
        yield words.HOW, f"{event.service.value}{away}"
    yield words.DAY_OF_SERVICE, _text(event.on)
    if event.received_at is not None and event.known is not KnownBy.MESSAGE:
        yield words.RECEIVED, _text(event.received_at.astimezone(CALIFORNIA))
    yield words.KNOWN_BY, event.known.value


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else ""
        case Enum():
            return str(value.value)
        case date():
            return day(value.astimezone(CALIFORNIA) if isinstance(value, datetime) else value)
        case int():
            return str(value) if value else ""  # that nobody was passed over says nothing
        case str():
            return "" if _DIGEST.fullmatch(value) or value.startswith(SEAL) else value
        case tuple():
            return ", ".join(filter(None, map(_text, value)))
    return ""
