"""Events in the order in which they were recorded, each bound to the one before by a digest.

The digest of an event covers what outsiders may see. Each value that they may not see (who acted, who reviews) is
replaced by a seal: a keyed hash that hides the value and binds it. `public_view` gives that view, and it verifies like
the original; whoever gets the key and the value of one event can check its seals. The chain that outsiders get leaves out
more: `outside` makes it of this one.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, get_type_hints

from imr.case.context import Actor, StepContext
from imr.case.digests import digest
from imr.case.events import KINDS, Confidential, Event
from imr.case.lean import lean_reader
from imr.case.state import Case
from imr.errors import Damaged, ImrError
from imr.law.terms import Role
from imr.plain import canonical, canonical_text, from_plain, to_plain

SEAL = "sealed:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The value of one sealed field, such as `records[0].digest`, with the salt by which anybody can check its seal."""

    field: str
    value: str
    salt: str

    @property
    def seal(self) -> str:
        """The seal that this salt and this value give."""
        return seal_with(self.salt, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event in its chain. `number` counts from 1 within the case; `key` opens its seals and is empty outside."""

    case: str
    number: int
    at: datetime
    by: Actor
    event: Event
    previous: str
    key: str
    digest: str
    #: The values of seals that the holder of an outside export may know.
    opened: tuple[Opening, ...] = ()
    #: The digest of the line that this was read from, counted as `record` counts it. A changed copy has none.
    read_digest: str = field(default="", init=False, repr=False, compare=False)


def record(event: Event, case: str, context: StepContext, after: Recorded | None, key: str) -> Recorded:
    """Bind `event` to the one before it. `key` is a fresh secret of at least 128 bits, supplied by the caller."""
    unbound = Recorded(
        case=case,
        number=1 if after is None else after.number + 1,
        at=context.at,
        by=context.actor,
        event=event,
        previous="" if after is None else after.digest,
        key=key,
        digest="",
    )
    return replace(unbound, digest=_digest(unbound))


def replay(recorded: Iterable[Recorded], number: str = "") -> Case:
    """Give the case that these events result in; a case that has not begun if there are none."""
    case = Case(number=number)
    for item in recorded:
        case = replace(item.event.apply(case), number=item.case, events=item.number)
    return case


def verify(recorded: Sequence[Recorded], head: str | None = None) -> None:
    """Prove that no event was changed, removed from the middle, inserted or moved.

    A chain cut short is a valid chain of fewer events: give `head`, the digest of the last event kept elsewhere (the
    Division's copy, a party's export), to prove that too. Raises Damaged with the number of the event.
    """
    previous = ""
    for place, item in enumerate(recorded, 1):
        if item.case != recorded[0].case:
            raise Damaged(f"event {place} belongs to case {item.case}, not to {recorded[0].case}", place)
        if item.number != place:
            raise Damaged(f"event {place} is missing: number {item.number} is in its place", place)
        if item.previous != previous:
            raise Damaged(f"event {place} does not follow the event before it: the chain was cut there", place)
        if (item.read_digest or _digest(item)) != item.digest:
            raise Damaged(f"event {place} was changed after it was recorded: its digest does not fit", place)
        for opening in item.opened:
            if f'"{opening.seal}"' not in canonical(_lean(item.event)):
                raise Damaged(f"event {place} holds no seal of the value that is given for {opening.field}", place)
        previous = item.digest
    if head is not None and previous != head:
        raise Damaged(f"the chain ends with event {len(recorded)}, which is not its last", len(recorded))


def relinked(items: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Bind events that have no keys to each other, in this order: numbers from 1, each with the digest of the one before."""
    made: list[Recorded] = []
    for number, item in enumerate(items, 1):
        linked = replace(item, number=number, previous=made[-1].digest if made else "")
        made.append(replace(linked, digest=_digest(linked)))
    return tuple(made)


def public_view(recorded: Recorded) -> Recorded:
    """Give the event as outsiders may have it: who acted and who reviews are sealed, the role stays."""
    if not recorded.key:
        return recorded
    event = recorded.event
    sealed: dict[str, Any] = {
        name: _seal(recorded.key, name, value)
        for name, default in confidential_fields(type(event)).items()
        if (value := getattr(event, name)) != default
    }
    by = replace(recorded.by, id=_seal(recorded.key, "by", recorded.by.id))
    return replace(recorded, by=by, event=replace(event, **sealed), key="")


def to_lines(recorded: Iterable[Recorded]) -> str:
    """Give one line of canonical JSON for each event, each ended by a newline."""
    return "".join(f"{canonical(to_record(item))}\n" for item in recorded)


def to_record(recorded: Recorded) -> dict[str, Any]:
    """Give the plain form of an event in its chain."""
    form = _form(recorded) | {"digest": recorded.digest}
    if recorded.opened:
        form["opened"] = to_plain(recorded.opened)
    return form | {"key": recorded.key} if recorded.key else form


def from_record(data: object, place: int | None = None) -> Recorded:
    """Give the event of a plain form. Raises Damaged if it is none, or of a kind that was never released."""
    where = "this event" if place is None else f"event {place}"
    try:
        if not isinstance(data, dict):
            raise ImrError(f"an object is expected, not {type(data).__name__}")
        kind = data.get("kind")
        if kind not in KINDS:
            raise ImrError(f"no kind of event is called {kind!r}")
        form = {name: value for name, value in data.items() if name not in ("kind", "data")}
        return from_plain(Recorded, {"key": "", **form, "event": from_plain(KINDS[kind], data.get("data"))})
    except ImrError as error:
        raise Damaged(f"{where} cannot be read: {error}", place) from error


def from_lines(text: str) -> tuple[Recorded, ...]:
    """Give the events of a file of JSON lines, in its order; `verify` proves them. Raises Damaged with the place."""
    *lines, last = text.split("\n")
    if last:
        raise Damaged(f"event {len(lines) + 1} is cut off: its line has no end", len(lines) + 1)
    found = []
    for place, line in enumerate(lines, 1):
        read = _read_line(line)
        if read is not None:
            found.append(read)
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise Damaged(f"event {place} is not a line of JSON: {error}", place) from error
        item = from_record(data, place)
        if canonical(to_record(item)) != line:
            raise Damaged(f"event {place} is not written as it was recorded", place)
        found.append(item)
    return tuple(found)


#: Sets each field of a value that is being made, in their order: a third of the time of the class's own way.
_PUT = tuple(getattr(Recorded, one.name).__set__ for one in fields(Recorded))


@lru_cache(maxsize=1024)
def _actor(role: str, who: str) -> Actor:
    return Actor(role=Role(role), id=who)


@cache
def _reader_of(kind: str) -> tuple[Callable[[Any], Any], tuple[str, ...]]:
    """The reader of a kind of event, and its confidential fields."""
    return lean_reader(KINDS[kind]), tuple(confidential_fields(KINDS[kind]))


_DECODE = json.JSONDecoder().raw_decode


def _read_line(line: str) -> Recorded | None:
    """Read a line that is written exactly as it was recorded; None for any other, which the slow reader judges.

    What surrounds the data is written again and compared; the data are, too. So the digest can be computed from
    the text of the line, without writing the event.
    """
    try:
        data, end = _DECODE(line)
        at, by, case, number, held = data["at"], data["by"], data["case"], data["number"], data["data"]
        kind, previous, digest_there, key = data["kind"], data["previous"], data["digest"], data.get("key", "")
        who = by["id"]
        started = f'{{"at":"{at}","by":{{"id":'
        role = f',"role":"{by["role"]}"}},"case":"{case}","data":'
        ended = f',"kind":"{kind}","number":{number},"previous":"{previous}"}}'
        sealing = f',"digest":"{digest_there}"' + (f',"key":"{key}"' if key else "")
        head, tail = f'{started}"{who}"{role}', sealing + ended
        # A text that JSON escapes differs from the line here, and so does a number or a null in the place of a text.
        if end != len(line) or not (line.startswith(head) and line.endswith(tail)) or type(number) is not int:
            return None
        written = line[len(head) : -len(tail)]
        moment = datetime.fromisoformat(at)
        if canonical_text(held) != written or moment.isoformat() != at:
            return None
        read, confidential = _reader_of(kind)
        event = read(held)
        if key:
            hidden = [name for name in confidential if name in held]
            if hidden:
                sealed = {name: _seal(key, name, getattr(event, name)) for name in hidden}
                written = canonical_text(held | sealed)
            head = f'{started}"{_seal(key, "by", who)}"{role}'
        counted = sha256(f"{head}{written}{ended}".encode()).hexdigest()
        values = (case, number, moment, _actor(by["role"], who), event, previous, key, digest_there, (), counted)
        item = object.__new__(Recorded)
        for put, value in zip(_PUT, values, strict=True):
            put(item, value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return item


def _form(recorded: Recorded) -> dict[str, Any]:
    return {
        "case": recorded.case,
        "number": recorded.number,
        "at": to_plain(recorded.at),
        "by": to_plain(recorded.by),
        "kind": recorded.event.kind,
        "data": _lean(recorded.event),
        "previous": recorded.previous,
    }


def _digest(recorded: Recorded) -> str:
    return digest(_form(public_view(recorded)))


def _lean(value: object) -> Any:
    """Give the plain form without fields that have their default, so that a field added later changes no old digest."""
    if isinstance(value, tuple):
        return [_lean(item) for item in value]
    if not is_dataclass(value):
        return to_plain(value)
    held = ((one, getattr(value, one.name)) for one in fields(value))
    return {one.name: _lean(item) for one, item in held if one.default is MISSING or item != one.default}


def _seal(key: str, name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_seal(key, f"{name}[{place}]", item) for place, item in enumerate(value))
    return SEAL + hmac.digest(key.encode(), f"{name}={value}".encode(), "sha256").hex()


def salt_of(key: str, field: str) -> str:
    """Give the salt that seals one field of the event with this key. It opens no other seal."""
    return hmac.new(key.encode(), f"salt {field}".encode(), "sha256").hexdigest()


def seal_with(salt: str, value: str) -> str:
    """Give the seal of a value under a salt of its own, which can be given out with the value."""
    return SEAL + hmac.new(salt.encode(), value.encode(), "sha256").hexdigest()


@cache
def confidential_fields(cls: type[Event]) -> Mapping[str, Any]:
    """Give the fields of a kind of event that outsiders never see, each with its default.

    A field that has its default gets no seal, so that a field added later changes no old digest.
    """
    hints = get_type_hints(cls, include_extras=True)
    return {
        one.name: one.default
        for one in fields(cls)
        if any(isinstance(mark, Confidential) for mark in getattr(hints[one.name], "__metadata__", ()))
    }
