"""What happened to a case, as a person reads it: each event with its day, its role and its law; and what is due next."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from imr.case.acts import CALIFORNIA
from imr.case.chain import SEAL, Recorded
from imr.case.events import KINDS, ConsentExclusionMarked, Event, FoundEligible, FoundIneligible
from imr.case.steps import STEPS
from imr.errors import ImrError
from imr.law.disclosure import Thing
from imr.law.rule import Citation
from imr.law.terms import Role

#: What stays in the review organization, and is shown to those only who may see this thing.
WITHIN = {
    "draft-saved": Thing.DRAFT,
    "draft-submitted": Thing.DRAFT,
    "draft-returned": Thing.DRAFT,
    "draft-passed": Thing.DRAFT,
    "reviewer-declined": Thing.REVIEWER_IDENTITY,
    "reviewer-released": Thing.REVIEWER_IDENTITY,
    "identity-settled": Thing.CONFLICT_SCREENING,
}
#: What the parties see in the history of their case, and have mail about.
SHOWN = frozenset(
    {
        "application-received",
        "information-asked",
        "information-answered",
        "found-eligible",
        "found-ineligible",
        "organization-assigned",
        "converted-to-expedited",
        "records-received",
        "document-corrected",
        "record-withheld",
        "consent-withdrawn",
        "consent-exclusion-marked",
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


def insist_declared(kinds: Iterable[str]) -> None:
    """Raise ImrError where a kind of event is said neither to be shown to the parties nor to be kept within."""
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


def moments(chain: Iterable[Recorded], shows: Callable[[Thing], bool]) -> tuple[Moment, ...]:
    """The events of a chain for a reader, the first one first; `shows` says which things are for this reader."""
    return tuple(
        Moment(
            number=item.number,
            at=item.at,
            kind=item.event.kind,
            title=words(item.event.kind),
            by=item.by.role,
            under=under(type(item.event)),
            details=tuple(_details(item.event)),
        )
        for item in chain
        if item.event.kind not in WITHIN or shows(WITHIN[item.event.kind])
    )


def words(kind: str) -> str:
    """A kind of event as a person reads it."""
    text = kind.replace("-", " ")
    return (text[:1].upper() + text[1:]).replace("Organization assigned", "Taken by the review organization")


def under(kind: type[Event]) -> tuple[Citation, ...]:
    """The law of the step that gives this kind of event."""
    return next((step.under for step in STEPS.values() if kind in step.gives), ())


#: What is said of findings that came from answers which stood in the form before anybody looked.
BEFORE_ASKED = "recorded before it was asked"


def _details(event: Event) -> Iterable[tuple[str, str]]:
    if isinstance(event, FoundEligible | FoundIneligible) and not event.looked_at:
        yield "findings", BEFORE_ASKED
    if isinstance(event, ConsentExclusionMarked) and not event.left_out:
        yield "mark", "taken back"
    for field in fields(event):
        if field.name == "looked_at":
            continue  # names of facts, for programs
        text = _text(getattr(event, field.name))
        if text:
            yield field.name.replace("_", " "), text


def _text(value: Any) -> str:
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
