"""The history of a case as a person reads it: each event with its day, its role and its law; and what is due next."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum

from imr.case.chain import SEAL, Recorded
from imr.case.context import CALIFORNIA
from imr.case.events import KINDS, ConsentExclusionMarked, Event, FoundEligible, FoundIneligible, LetterServed
from imr.case.letters import CaseLetter, KnownBy
from imr.case.steps import STEPS
from imr.errors import ImrError
from imr.law.disclosure import Thing
from imr.law.rule import Citation
from imr.law.terms import Place, Role

#: What only some of those who see the case may see: it is shown to those who may see this thing.
WITHIN = {
    "draft-saved": Thing.DRAFT,
    "draft-submitted": Thing.DRAFT,
    "draft-returned": Thing.DRAFT,
    "draft-passed": Thing.DRAFT,
    "reviewer-declined": Thing.REVIEWER_IDENTITY,
    "reviewer-released": Thing.REVIEWER_IDENTITY,
    "identity-settled": Thing.CONFLICT_SCREENING,
    "consent-exclusion-marked": Thing.CONSENT_EXCLUSION,
}
#: What the parties see in the history of their case, and get mail about.
SHOWN = frozenset(
    {
        "application-received",
        "information-asked",
        "information-answered",
        "found-eligible",
        "found-ineligible",
        "organization-assigned",
        "letter-served",
        "converted-to-expedited",
        "records-received",
        "document-corrected",
        "record-withheld",
        "consent-withdrawn",
        "records-overdue",
        "records-completed",
        "case-file-bound",
        "reviewer-assigned",
        "independence-attested",
        "records-asked",
        "determination-signed",
        "determination-issued",
        "determination-implemented",
        "determination-published",
        "publication-withdrawn",
        "application-withdrawn",
        "review-terminated",
        "time-extended",
        "appeal-received",
        "determination-affirmed",
        "determination-reversed",
        "remand-opened",
    }
)

#: Part of the history, and news to nobody: there is no mail about it, and it does not outdate an open page.
SILENT = frozenset({"letter-served"})


def insist_declared(kinds: Iterable[str]) -> None:
    """Raise ImrError where a kind of event is listed neither as shown to the parties nor as internal."""
    silent = [kind for kind in kinds if (kind in WITHIN) is (kind in SHOWN)]
    if silent:
        raise ImrError(f"web.timeline does not say who sees {', '.join(silent)}: enter each in WITHIN or in SHOWN")


insist_declared(KINDS)

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a case waits for next: what, until when, and whose turn it is."""

    title: str
    at: datetime
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event of a case for a reader."""

    number: int
    at: datetime
    kind: str
    title: str
    by: Role
    under: tuple[Citation, ...]
    details: tuple[tuple[str, str], ...]


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
            title=words(item.event.kind),
            by=item.by.role,
            under=under(type(item.event)),
            details=tuple(_details(item.event, made.get(item.number), served_on)),
        )
        for item in chain
        if (item.event.kind not in WITHIN or shows(WITHIN[item.event.kind])) and _is_shown(item.event, served_on)
    )


def _is_shown(event: Event, served_on: Collection[Role] | None) -> bool:
    return served_on is None or not isinstance(event, LetterServed) or bool(set(event.recipients) & set(served_on))


def words(kind: str) -> str:
    """Return a kind of event as a person reads it."""
    text = kind.replace("-", " ")
    return (text[:1].upper() + text[1:]).replace("Organization assigned", "Taken by the review organization")


def under(kind: type[Event]) -> tuple[Citation, ...]:
    """Return the law of the step that gives this kind of event."""
    return next((step.under for step in STEPS.values() if kind in step.events), ())


#: Shown with findings whose answers were in the form before anybody looked at them.
BEFORE_ASKED = "recorded before it was asked"


#: Fields that say how a letter is meant to go out, or stand for what `_copies` and `_service` say in words.
_OF_LETTERS = ("recipients", "service", "place", "tracked")


def _details(event: Event, letter: CaseLetter | None, served_on: Collection[Role] | None) -> Iterable[tuple[str, str]]:
    if isinstance(event, LetterServed):
        yield from _service(event, served_on)
        return
    if isinstance(event, FoundEligible | FoundIneligible) and not event.looked_at:
        yield "findings", BEFORE_ASKED
    if isinstance(event, ConsentExclusionMarked) and not event.left_out:
        yield "mark", "taken back"
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
        yield "letter for", _text(tuple(copy.role for copy in letter.copies))
    if any(copy.served is not None and copy.served.known is KnownBy.STEP for copy in copies):
        yield "service", KnownBy.STEP.value
    unserved = tuple(copy.role for copy in copies if copy.served is None)
    if unserved:
        yield "not served yet", _text(unserved)


def _service(event: LetterServed, served_on: Collection[Role] | None) -> Iterable[tuple[str, str]]:
    told = tuple(role for role in event.recipients if served_on is None or role in served_on)
    yield "letter", event.what.value
    yield "served on", _text(told)
    if event.known is KnownBy.MESSAGE:
        yield "how", "notified by e-mail that it can be read here"
    else:
        away = "" if event.place is Place.CALIFORNIA else f", {event.place.value}"
        yield "how", f"{event.service.value}{away}"
    yield "day of service", _text(event.on)
    if event.received_at is not None and event.known is not KnownBy.MESSAGE:
        yield "received", _text(event.received_at.astimezone(CALIFORNIA))
    yield "known by", event.known.value


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else ""
        case Enum():
            return str(value.value)
        case datetime():
            return f"{value.astimezone(CALIFORNIA):%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%a} {value.day} {value:%b %Y}"
        case int():
            return str(value) if value else ""  # that nobody was passed over says nothing
        case str():
            return "" if _DIGEST.fullmatch(value) or value.startswith(SEAL) else value
        case tuple():
            return ", ".join(filter(None, map(_text, value)))
    return ""
