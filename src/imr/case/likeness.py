"""Comparison of two applications for the same dispute: by employee, claim, UR decision and treatment.

An application that duplicates another is not eligible (8 CCR 9792.10.3(a)(2)). The three answers are those of
`imr.identity`. A person looks at each that is not "different"; it decides nothing. Reasons are words without the
compared values.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from imr import identity
from imr.case.application import Employee
from imr.identity import NameMatch

#: The share of words that two descriptions must have in common for treatments that may be the same.
_ALIKE = 0.5
#: Words that do not describe a treatment.
_SMALL = frozenset(["a", "an", "and", "at", "for", "in", "of", "on", "per", "the", "to", "with"])


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeKey:
    """The facts by which an application is recognized. `claim` is as `claim_key` gives it."""

    employee: str
    claim: str
    born_on: date | None
    ur_decided_on: date | None
    treatments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """The result of a comparison: whether two disputes are the same, whether their employees are, and why."""

    answer: NameMatch
    employee: NameMatch
    because: tuple[str, ...]


def claim_key(number: str) -> str:
    """Give the letters and digits of a claim number; empty if it has no digit ("unknown", "pending")."""
    key = "".join(sign for sign in number.casefold() if sign.isalnum())
    return key if any(sign.isdigit() for sign in key) else ""


def dispute(employee: Employee, claim_number: str, ur_decided_on: date | None, treatments: Sequence[str]) -> DisputeKey:
    """Give the facts by which an application is recognized."""
    return DisputeKey(
        employee=employee.name,
        claim=claim_key(claim_number),
        born_on=employee.born_on,
        ur_decided_on=ur_decided_on,
        treatments=tuple(treatments),
    )


def compare(one: DisputeKey, other: DisputeKey) -> Likeness:
    """Say whether two applications are about the same dispute."""
    who, reasons = _employees(one, other)
    what, more = _matters(one, other)
    return Likeness(min(who, what, key=attrgetter("certainty")), who, (*reasons, *more))


def _employees(one: DisputeKey, other: DisputeKey) -> tuple[NameMatch, list[str]]:
    names = identity.compare(one.employee, other.employee)
    claim = bool(one.claim) and one.claim == other.claim
    born = None if None in (one.born_on, other.born_on) else one.born_on == other.born_on
    said = ["the same claim number"] if claim else []
    said += {None: [], True: ["the same date of birth"], False: ["another date of birth"]}[born]
    if names.answer is NameMatch.DIFFERENT:
        return (NameMatch.MAY_BE_THE_SAME if claim else NameMatch.DIFFERENT), [*said, "another name of the employee"]
    said.append(f"the employee's name: {names.because}")
    if born is False and not claim:
        return NameMatch.DIFFERENT, said
    sure = names.answer is NameMatch.SAME and (claim or born is True) and born is not False
    return (NameMatch.SAME if sure else NameMatch.MAY_BE_THE_SAME), said


def _matters(one: DisputeKey, other: DisputeKey) -> tuple[NameMatch, list[str]]:
    day = one.ur_decided_on is not None and one.ur_decided_on == other.ur_decided_on
    ours, theirs = ([_words(text) for text in side.treatments] for side in (one, other))
    pairs = [(a, b) for a in ours for b in theirs if a and b]
    same = any(a == b for a, b in pairs)
    alike = same or any(len(a & b) >= _ALIKE * len(a | b) or a <= b or b <= a for a, b in pairs)
    said = ["a UR decision of the same day"] if day else ["a UR decision of another day"]
    said.append(
        "the same treatment" if same else "a similar description of the treatment" if alike else "other treatments"
    )
    if day and same:
        return NameMatch.SAME, said
    return (NameMatch.MAY_BE_THE_SAME if day or alike else NameMatch.DIFFERENT), said


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold())) - _SMALL
