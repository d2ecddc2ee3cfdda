"""Plausibility of the values of an application, checked in one place for form, API and office.

An impossible value (a birth after the injury, an NPI with a wrong check digit) is refused to a party. The office
records paper as it is: it confirms such a value, which is then shown as written. An unlikely value (an e-mail address
without a domain, a ZIP code of three letters) is questioned, and accepted once the person who states it confirms it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from imr.case.application import Address, Application
from imr.case.context import StepContext
from imr.case.findings import finding
from imr.case.marks import ConfirmedPaths
from imr.law.npi import npi_is_valid
from imr.law.roles import OFFICE
from imr.law.rule import Finding, Known, practice, spell
from imr.law.terms import Role

#: The fact of a step that receives an application: the confirmed values.
AsWritten = Annotated[
    tuple[str, ...],
    ConfirmedPaths("Values to keep as they are written", "by their paths in the application, such as physician.npi"),
]
#: No employee alive was born, or injured, before this day.
EARLIEST = date(1900, 1, 1)
_VALUES = practice("what a value can be", Known.INFERENCE)
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s.,;<>\"()]+(?:\.[^@\s.,;<>\"()]+)+")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
#: States, the District of Columbia, territories, and the armed forces abroad, as the Postal Service abbreviates them.
_STATES = frozenset(
    re.findall(
        "..",
        "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYPRGUVIASMPAAAEAP",
    )
)
_PEOPLE = ("employee", "attorney", "designee", "physician", "administrator")
#: The dates of an application, each with its title.
_DAYS = {
    "employee.born_on": "Date of birth",
    "injured_on": "Date of injury",
    "rfa_on": "Date of the request for authorization",
    "ur_decided_on": "Date of the UR decision",
    "ur_served_on": "Date of the service of the UR decision",
    "designee.designated_on": "Date of the signed designation",
    "signed_on": "Date of the signature",
}
#: The dates that no other rule requires to be in the past.
_PAST = ("employee.born_on", "rfa_on", "designee.designated_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A value that is impossible or unlikely. `path` names it in the application; `beside` another that it contradicts."""

    path: str
    title: str
    because: str
    impossible: bool
    beside: str = ""

    def __str__(self) -> str:
        return f"{self.title}: {self.because}"


def slips(application: Application | Mapping[str, Any], on: date) -> tuple[Slip, ...]:
    """Give the values of an application, or of the part that is known, that are impossible or unlikely."""
    values = (
        application
        if isinstance(application, Mapping)
        else {name: getattr(application, name) for name in application.__dataclass_fields__}
    )
    return (*_days(values, on), *_numbers(values), *_reached(values))


def findings(application: Application, context: StepContext, as_written: Collection[str]) -> tuple[Finding, ...]:
    """Give, for a step, a finding for each slip that the actor did not confirm, or may not confirm."""
    return tuple(
        finding(
            "a value can be",
            slip.path in as_written and may_confirm(slip, context.actor.role),
            "{title}: {why}"
            + (
                " To keep it as it is written, name {path} in as_written."
                if may_confirm(slip, context.actor.role)
                else ""
            ),
            _VALUES,
            title=slip.title,
            why=slip.because,
            path=slip.path,
        )
        for slip in slips(application, context.on)
    )


def may_confirm(slip: Slip, role: Role) -> bool:
    """Say whether a role may have a value recorded as written: the office any value, a party an unlikely one."""
    return role in OFFICE or not slip.impossible


def _at(values: Mapping[str, Any], path: str) -> Any:
    first, _, rest = path.partition(".")
    held = values.get(first)
    return getattr(held, rest, None) if rest else held


def _days(values: Mapping[str, Any], on: date) -> Iterator[Slip]:
    known = {path: day for path in _DAYS if isinstance(day := _at(values, path), date)}
    for path, day in known.items():
        if day < EARLIEST:
            why = f"{spell(day, weekday=False)} lies before 1900. Check the year."
            yield Slip(path=path, title=_DAYS[path], because=why, impossible=True)
        elif path in _PAST and day > on:
            why = f"{spell(day, weekday=False)} lies in the future. Check the year."
            yield Slip(path=path, title=_DAYS[path], because=why, impossible=True)
    born, injured = known.get("employee.born_on"), known.get("injured_on")
    if born is not None and injured is not None and EARLIEST <= injured < born <= on:
        why = (
            f"{spell(born, weekday=False)} lies after the injury of {spell(injured, weekday=False)}. Check both dates."
        )
        yield Slip(
            path="employee.born_on", title=_DAYS["employee.born_on"], because=why, impossible=True, beside="injured_on"
        )


def _numbers(values: Mapping[str, Any]) -> Iterator[Slip]:
    npi = (_at(values, "physician.npi") or "").strip()
    if npi and not npi_is_valid(npi):
        why = "this is not a National Provider Identifier: ten digits, of which the last checks the others. Check each digit, or leave it empty."
        yield Slip(path="physician.npi", title="National provider identifier", because=why, impossible=True)


def _reached(values: Mapping[str, Any]) -> Iterator[Slip]:
    for who in _PEOPLE:
        email = (_at(values, f"{who}.email") or "").strip()
        if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
            why = "this cannot be an e-mail address, such as name@example.org. Correct it, or leave it empty."
            yield Slip(path=f"{who}.email", title=f"E-mail of the {_words(who)}", because=why, impossible=False)
        address = _at(values, f"{who}.address")
        if isinstance(address, Address):
            yield from _address(who, address)


def _address(who: str, address: Address) -> Iterator[Slip]:
    if address.state.strip() and address.state.strip().upper() not in _STATES:
        why = "this is not a state. Give its two letters, such as CA."
        yield Slip(path=f"{who}.address.state", title=f"State of the {_words(who)}", because=why, impossible=False)
    if address.zip.strip() and not _ZIP.fullmatch(address.zip.strip()):
        why = "this cannot be a ZIP code. Give five digits, or nine."
        yield Slip(path=f"{who}.address.zip", title=f"ZIP code of the {_words(who)}", because=why, impossible=False)


def _words(who: str) -> str:
    return {"administrator": "claims administrator", "physician": "requesting physician"}.get(who, who)
