"""The chain of a case as outsiders get it: the parties, the Division, and everybody else who may not know the reviewer.

It holds no event that is inside the review organization, no time finer than a day of what the reviewer did, and no plain digest of a
document that some of them may not read. It is bound like the full chain (`chain.verify`): its events are numbered from 1, each has the
digest of the one before, and a later export begins with the earlier one. Nobody can see in it how many events were left out. All
outsiders get the same chain, so they can compare its last digest. An event of both chains has the same seal of who acted: the full
chain, whose heads are anchored, shows that the event here is the one recorded there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, time
from functools import cache
from typing import TypeVar, get_args, get_type_hints

from imr.case.chain import Opening, Recorded, public_view, relinked, salt_of, seal_with
from imr.case.context import CALIFORNIA
from imr.case.digests import SealedOutside
from imr.case.event_types import EVENT_TYPES
from imr.case.events import DeterminationIssued, DeterminationSigned, DocumentCorrected, Event, LetterServed
from imr.errors import ImrError
from imr.law.terms import Role

T = TypeVar("T")


def is_outside(event: Event | type[Event]) -> bool:
    """Say whether outsiders learn of an event, or of a kind of event, at all: every party may see its kind."""
    return EVENT_TYPES[event.kind].within is None


def until_issue(chain: Sequence[Recorded]) -> Sequence[Recorded]:
    """Give the part of a full chain that outsiders may learn of now: all, or what was before a signature that is not issued yet."""
    signed = next((place for place, item in enumerate(chain) if isinstance(item.event, DeterminationSigned)), None)
    issued = any(isinstance(item.event, DeterminationIssued) for item in chain)
    return chain if issued else chain[:signed]


def outside_events(chain: Sequence[Recorded]) -> tuple[Recorded, ...]:
    """Give the events of a full chain that outsiders get, as they are in the full chain."""
    return tuple(item for item in until_issue(chain) if is_outside(item.event))


def outside_numbers(chain: Sequence[Recorded]) -> Mapping[int, int]:
    """Give, for the number of each of these events in the full chain, its number in the chain of outsiders."""
    return {item.number: number for number, item in enumerate(outside_events(chain), 1)}


def outside_chain(chain: Sequence[Recorded], readable: Collection[str] = ()) -> tuple[Recorded, ...]:
    """Give the chain of outsiders of a full chain. `readable` are digests of documents whose seals are opened for the receiver."""
    bound = relinked(outside_view(chain))
    return tuple(
        replace(item, opened=tuple(_openings(original, readable)))
        for original, item in zip(outside_events(chain), bound, strict=True)
    )


def outside_view(
    chain: Sequence[Recorded],
    shown: Callable[[Event], bool] = is_outside,
    numbers: Mapping[int, int] | None = None,
) -> tuple[Recorded, ...]:
    """Give the events that outsiders get, sealed as in their chain and without its digests.

    `shown` and `numbers` are for a reader who gets further events, or numbers them otherwise; an event that has no number has 0.
    """
    known = outside_numbers(chain) if numbers is None else numbers
    by_reviewer = {item.number for item in chain if item.by.role is Role.REVIEWER}
    return tuple(_as_outside(item, known, by_reviewer) for item in until_issue(chain) if shown(item.event))


def day_of_reviewer(at: datetime) -> datetime:
    """Give the start of the day of a time, in California: all that outsiders learn of when a reviewer did something."""
    return datetime.combine(at.astimezone(CALIFORNIA).date(), time(), CALIFORNIA)


def has_hour(item: Recorded) -> bool:
    """Say whether the time of an event is more than its day: an outsider's event without a key may be at the start of a day alone."""
    return bool(item.key) or item.at != day_of_reviewer(item.at)


def _as_outside(item: Recorded, numbers: Mapping[int, int], by_reviewer: Collection[int]) -> Recorded:
    if not item.key:
        raise ImrError(
            f"event {item.number} of case {item.case} has no key to seal it with: it is an outsider's already"
        )
    shown = public_view(item)
    event: Event = _sealed(shown.event, item.key, "")
    at = item.at
    if item.by.role is Role.REVIEWER:
        at = day_of_reviewer(at)
    if isinstance(event, LetterServed):
        if event.letter in by_reviewer:  # the message goes out at once, so its time is the reviewer's
            at, event = day_of_reviewer(at), replace(event, received_at=None)
        event = replace(event, letter=numbers.get(event.letter, 0))
    elif isinstance(event, DocumentCorrected) and event.undoes is not None:
        event = replace(event, undoes=numbers.get(event.undoes, 0))
    return replace(shown, number=numbers.get(item.number, 0), at=at, event=event, previous="", digest="")


def _sealed(value: T, key: str, path: str) -> T:
    """Give a value with every marked field sealed, or left out where it is no text."""
    changed: dict[str, object] = {}
    for field in fields(value):  # type: ignore[arg-type]  # a dataclass
        held, place = getattr(value, field.name), f"{path}{field.name}"
        if field.name in _marked(type(value)):  # type: ignore[arg-type]  # a class is hashable
            changed[field.name] = _seal(held, key, place, field.default)
        elif is_dataclass(held):
            changed[field.name] = _sealed(held, key, f"{place}.")
        elif isinstance(held, tuple):
            changed[field.name] = tuple(
                _sealed(one, key, f"{place}[{number}].") if is_dataclass(one) else one
                for number, one in enumerate(held)
            )
    return replace(value, **changed)  # type: ignore[type-var]  # a dataclass


def _seal(held: object, key: str, place: str, default: object) -> object:
    if isinstance(held, str):
        return seal_with(salt_of(key, place), held) if held else held
    if isinstance(held, tuple):
        return tuple(seal_with(salt_of(key, f"{place}[{number}]"), one) for number, one in enumerate(held))
    return default


def _openings(item: Recorded, readable: Collection[str]) -> Iterator[Opening]:
    for place, value in _marked_values(item.event, ""):
        if value in readable:
            yield Opening(field=place, value=value, salt=salt_of(item.key, place))


def _marked_values(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Give every text of a marked field with its place."""
    for field in fields(value):  # type: ignore[arg-type]  # a dataclass
        held, place = getattr(value, field.name), f"{path}{field.name}"
        several = held if isinstance(held, tuple) else ()
        if field.name in _marked(type(value)):  # type: ignore[arg-type]  # a class is hashable
            if isinstance(held, str):
                yield place, held
            yield from ((f"{place}[{number}]", one) for number, one in enumerate(several))
            continue
        if is_dataclass(held):
            yield from _marked_values(held, f"{place}.")
        for number, one in enumerate(several):
            if is_dataclass(one):
                yield from _marked_values(one, f"{place}[{number}].")


def sealed_outside(cls: type[object]) -> tuple[str, ...]:
    """Give the places of the marked fields of a kind of event, in its order, such as `records.digest`."""
    return tuple(_places(cls))


def _places(cls: type[object]) -> Iterator[str]:
    for name, hint in get_type_hints(cls).items():
        if name in _marked(cls):  # type: ignore[arg-type]  # a class is hashable
            yield name
            continue
        for held in (hint, *get_args(hint)):
            if isinstance(held, type) and is_dataclass(held):
                yield from (f"{name}.{place}" for place in _places(held))


@cache
def _marked(cls: type[object]) -> frozenset[str]:
    hints = get_type_hints(cls, include_extras=True)
    return frozenset(
        name
        for name, hint in hints.items()
        if any(isinstance(mark, SealedOutside) for mark in getattr(hint, "__metadata__", ()))
    )
