"""Disclosure: who may see what of a case. The access layer applies these rules line by line and adds none of its own.

What the statute settles has its citation. What it leaves open is a rule of the house, and its finding says so. The name
of a reviewer never leaves the review organization: not even the Division sees it (LC 4610.6(f)).
"""

from dataclasses import dataclass
from enum import Enum

from imr.law.roles import OFFICE, PARTIES
from imr.law.rule import Citation, Finding, Known, Rule, Subject, case_law, labor_code, practice, regulation
from imr.law.terms import Role


class Thing(Enum):
    """A thing of a case that somebody may want to see."""

    APPLICATION = "application"
    UR_DECISION = "UR decision"
    NOTICE = "notice or letter to the parties"
    TIMELINE = "timeline and deadlines"
    RECORD_LIST = "list of the records"
    MEDICAL_RECORD = "medical record"
    MENTAL_HEALTH_RECORD = "mental health record"
    INFORMATION_REQUEST = "request for more information, and its answer"
    CONSENT_EXCLUSION = "mark of a record that the consent leaves out"
    REFUSED_FILE = "file that was refused as unsafe or unreadable"
    REVIEWER_IDENTITY = "reviewer's identity"
    REVIEWER_QUALIFICATIONS = "description of the reviewer's qualifications"
    CONFLICT_SCREENING = "conflict screening"
    PANEL_COMMITMENT = "commitment to the panel's draw"
    DRAFT = "draft determination"
    QUALITY_NOTES = "notes of the quality review"
    REVIEWER_NOTES = "reviewer's own notes on the records"
    DETERMINATION = "determination"
    PUBLIC_DETERMINATION = "public determination"
    FEE = "fee and its invoice"
    EVENT_CHAIN = "chain of events, sealed"
    SERVICE_RECORD = "proof of service on others"


_EMPLOYEE = frozenset((Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY))
_ADMINISTRATOR = frozenset((Role.CLAIMS_ADMINISTRATOR,))
_PHYSICIAN = frozenset((Role.REQUESTING_PHYSICIAN,))
_PARTIES = frozenset(PARTIES)
_DIVISION = frozenset((Role.DIVISION,))
_OFFICE = frozenset(OFFICE)
_REVIEWER = frozenset((Role.REVIEWER,))
_PUBLIC = frozenset((Role.PUBLIC,))
_NOBODY: frozenset[Role] = frozenset()

#: Where no provision says who may see a thing, it is shown to those who need it for their work on the case.
HOUSE = practice("rule of the house", Known.MEMORY, "no provision settles it; a setting")
#: Records that could harm the employee may be withheld from the employee under the law of health records (not seen).
WITHHELD = practice(
    "health-records law", Known.MEMORY, "withholding mental health records from the employee is a setting"
)


@dataclass(frozen=True, slots=True)
class _Sight:
    """The roles that see a thing by law, those that see it by the rule of the house, and those that the law bars."""

    by_law: frozenset[Role]
    under: tuple[Citation, ...]
    by_house: frozenset[Role]
    barred: frozenset[Role] = _NOBODY


_SERVED = (labor_code("4610.5(l)"), labor_code("4610.5(o)"))
_NAMES_STAY = (labor_code("4610.6(f)"), case_law("Zuniga v. WCAB (2018)", note="not even an appeal discloses them"))

_SIGHTS = {
    Thing.APPLICATION: _Sight(
        _EMPLOYEE | _ADMINISTRATOR | _DIVISION, (labor_code("4610.5(f)"), regulation("9792.10.1(b)(1)")),
        _PHYSICIAN | _OFFICE | _REVIEWER,
    ),
    Thing.UR_DECISION: _Sight(_PARTIES, (labor_code("4610(i)(4)"),), _DIVISION | _OFFICE | _REVIEWER),
    Thing.NOTICE: _Sight(_PARTIES, (labor_code("4610.5(k)"), regulation("9792.10.4(b)")), _DIVISION | _OFFICE),
    Thing.TIMELINE: _Sight(_NOBODY, (), _PARTIES | _DIVISION | _OFFICE | _REVIEWER),
    Thing.RECORD_LIST: _Sight(_PARTIES, _SERVED, _DIVISION | _OFFICE | _REVIEWER),
    Thing.MEDICAL_RECORD: _Sight(
        _PARTIES | _REVIEWER, (*_SERVED, labor_code("4610.6(a)")), _DIVISION | _OFFICE, _PUBLIC
    ),
    Thing.MENTAL_HEALTH_RECORD: _Sight(
        _ADMINISTRATOR | _PHYSICIAN | _REVIEWER, (*_SERVED, labor_code("4610.6(a)")), _DIVISION | _OFFICE, _PUBLIC
    ),
    Thing.INFORMATION_REQUEST: _Sight(
        _PARTIES | _REVIEWER, (labor_code("4610.6(b)"),), _DIVISION | _OFFICE
    ),
    Thing.CONSENT_EXCLUSION: _Sight(_NOBODY, (), _EMPLOYEE | _OFFICE | _REVIEWER),
    Thing.REFUSED_FILE: _Sight(_NOBODY, (), frozenset((Role.INTAKE, Role.COORDINATOR))),
    Thing.REVIEWER_IDENTITY: _Sight(
        _NOBODY, _NAMES_STAY, frozenset((Role.COORDINATOR, Role.QUALITY)) | _REVIEWER, _PARTIES | _DIVISION | _PUBLIC
    ),
    Thing.REVIEWER_QUALIFICATIONS: _Sight(_PARTIES | _DIVISION, (labor_code("4610.6(f)"),), _OFFICE | _REVIEWER | _PUBLIC),
    Thing.CONFLICT_SCREENING: _Sight(
        _NOBODY, _NAMES_STAY, frozenset((Role.COORDINATOR, Role.QUALITY)) | _REVIEWER, _PARTIES | _DIVISION | _PUBLIC
    ),
    Thing.PANEL_COMMITMENT: _Sight(_NOBODY, (), _PARTIES | _DIVISION | _OFFICE | _REVIEWER | _PUBLIC),
    Thing.DRAFT: _Sight(_NOBODY, (), _REVIEWER | frozenset((Role.QUALITY,))),
    Thing.QUALITY_NOTES: _Sight(_NOBODY, (), _REVIEWER | frozenset((Role.QUALITY,))),
    Thing.REVIEWER_NOTES: _Sight(_NOBODY, (), _REVIEWER),
    Thing.DETERMINATION: _Sight(
        _PARTIES | _DIVISION, (labor_code("4610.6(f)"),), _OFFICE | _REVIEWER
    ),
    Thing.PUBLIC_DETERMINATION: _Sight(
        _PUBLIC, (labor_code("4610.6(m)"),), _PARTIES | _DIVISION | _OFFICE | _REVIEWER
    ),
    Thing.FEE: _Sight(_ADMINISTRATOR | _DIVISION, (labor_code("4610.6(l)"),), _OFFICE),
    Thing.EVENT_CHAIN: _Sight(_NOBODY, (), _PARTIES | _DIVISION | _OFFICE),
    Thing.SERVICE_RECORD: _Sight(_NOBODY, (), _DIVISION | _OFFICE),
}  # fmt: skip


def _rule(thing: Thing) -> Rule:
    sight = _SIGHTS[thing]
    law, house = ("; ".join(r.value for r in Role if r in roles) for roles in (sight.by_law, sight.by_house))
    asks = " ".join(
        part
        for part in (
            f"By law: {law}." if law else "",
            f"By the rule of the house: {house}." if house else "",
            "Nobody else." if not sight.barred else "Nobody else; the law bars the others outside the organization.",
        )
        if part
    )
    return Rule(
        id=f"see-{thing.name.lower().replace('_', '-')}",
        title=f"Who may see: {thing.value}",
        subject=Subject.DISCLOSURE,
        asks=asks,
        under=(*sight.under, *((HOUSE,) if sight.by_house else ())),
    )


#: The rule of every thing.
RULES = {thing: _rule(thing) for thing in Thing}


def may_see(role: Role, thing: Thing, *, mental_health_withheld: bool = True) -> Finding:
    """Say whether a role may see a thing of a case of theirs. The access layer decides whether the case is theirs.

    `mental_health_withheld` is a setting: whether mental health records are kept from the employee's side.
    """
    sight, rule = _SIGHTS[thing], RULES[thing]
    who = {"role": role.value, "thing": thing.value}
    if thing is Thing.MENTAL_HEALTH_RECORD and role in _EMPLOYEE:
        if mental_health_withheld:
            because = "the {thing} is withheld from the {role}: the physician who made it may release it"
            return rule.finds(False, because, (WITHHELD,), **who)
        return rule.finds(True, "the {role} may see the {thing}", _SERVED, **who)
    if role in sight.by_law:
        return rule.finds(True, "the {role} may see the {thing}", sight.under, **who)
    if role in sight.by_house:
        return rule.finds(True, "the {role} may see the {thing}, by the rule of the house", (HOUSE,), **who)
    if role in sight.barred:
        return rule.finds(False, "the {thing} does not leave the review organization", sight.under, **who)
    return rule.finds(False, "the {role} has no need of the {thing}, by the rule of the house", (HOUSE,), **who)
