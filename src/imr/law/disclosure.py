"""Disclosure: who may see what of a case. The access layer applies these rules line by line and adds none of its own.

What the statute settles has its citation. What it leaves open is a rule of the house, and its finding says so. The name
of a reviewer never leaves the review organization: not even the Division sees it (LC 4610.6(f)).
"""

from collections.abc import Mapping

from imr.errors import ImrError
from imr.law.roles import EMPLOYEE_SIDE, PARTIES, ROLES, RoleEntry
from imr.law.rule import Citation, Finding, Known, Rule, Subject, case_law, labor_code, practice, regulation
from imr.law.terms import Role, Thing

__all__ = ["BARRED", "HOUSE", "RULES", "UNDER", "WITHHELD", "Thing", "insist_lawful", "may_see", "readers"]

#: Where no provision says who may see a thing, it is shown to those who need it for their work on the case.
HOUSE = practice("rule of the house", Known.MEMORY, "no provision settles it; a setting")
#: Records that could harm the employee may be withheld from the employee under the law of health records (not seen).
WITHHELD = practice(
    "health-records law", Known.MEMORY, "withholding mental health records from the employee is a setting"
)


_SERVED = (labor_code("4610.5(l)"), labor_code("4610.5(o)"))
_NAMES_STAY = (labor_code("4610.6(f)"), case_law("Zuniga v. WCAB (2018)", note="not even an appeal discloses them"))
_MADE_FOR_REVIEW = (*_SERVED, labor_code("4610.6(a)"))

#: The law on each thing. The row of each role, `law.roles.ROLES`, says which things it sees.
UNDER: dict[Thing, tuple[Citation, ...]] = {
    Thing.APPLICATION: (labor_code("4610.5(f)"), regulation("9792.10.1(b)(1)")),
    Thing.UR_DECISION: (labor_code("4610(i)(4)"),),
    Thing.NOTICE: (labor_code("4610.5(k)"), regulation("9792.10.4(b)")),
    Thing.TIMELINE: (),
    Thing.RECORD_LIST: _SERVED,
    Thing.MEDICAL_RECORD: _MADE_FOR_REVIEW,
    Thing.MENTAL_HEALTH_RECORD: _MADE_FOR_REVIEW,
    Thing.INFORMATION_REQUEST: (labor_code("4610.6(b)"),),
    Thing.CONSENT_EXCLUSION: (),
    Thing.REFUSED_FILE: (),
    Thing.REVIEWER_IDENTITY: _NAMES_STAY,
    Thing.REVIEWER_QUALIFICATIONS: (labor_code("4610.6(f)"),),
    Thing.CONFLICT_SCREENING: _NAMES_STAY,
    Thing.PANEL_COMMITMENT: (),
    Thing.DRAFT: (),
    Thing.QUALITY_NOTES: (),
    Thing.UNISSUED_DETERMINATION: (),
    Thing.REVIEWER_NOTES: (),
    Thing.DETERMINATION: (labor_code("4610.6(f)"),),
    Thing.PUBLIC_DETERMINATION: (labor_code("4610.6(m)"),),
    Thing.FEE: (labor_code("4610.6(l)"),),
    Thing.EVENT_CHAIN: (),
    Thing.SERVICE_RECORD: (),
    Thing.SIGNATURE: (),
}
_OUTSIDE = frozenset((*PARTIES, Role.DIVISION, Role.PUBLIC))
_PUBLIC = frozenset((Role.PUBLIC,))
#: The roles that the law bars from a thing: their rows cannot name it.
BARRED: dict[Thing, frozenset[Role]] = {
    Thing.MEDICAL_RECORD: _PUBLIC,
    Thing.MENTAL_HEALTH_RECORD: _PUBLIC,
    Thing.REVIEWER_IDENTITY: _OUTSIDE,
    Thing.CONFLICT_SCREENING: _OUTSIDE,
}


def readers(thing: Thing) -> tuple[Role, ...]:
    """Give the roles that see a thing, by law or by the rule of the house, in the order of the table of roles."""
    return tuple(role for role, entry in ROLES.items() if thing in entry.sees)


def insist_lawful(declared: Mapping[Role, RoleEntry]) -> None:
    """Raise ImrError for a thing without its law, one that no role sees, and a role's row that the law does not support."""
    for thing in Thing:
        if thing not in UNDER:
            raise ImrError(
                f"law.disclosure cites no law for {thing.name}: enter it in UNDER, empty where none settles it"
            )
        by_law = [role for role, entry in declared.items() if thing in entry.by_law]
        sees = [role for role, entry in declared.items() if thing in entry.sees]
        if not sees:
            raise ImrError(f"law.roles lets nobody see {thing.name}: enter it in the row of each role that sees it")
        if by_law and not UNDER[thing]:
            raise ImrError(f"law.roles says that {by_law[0].name} sees {thing.name} by law, and UNDER cites none")
        if barred := BARRED.get(thing, frozenset()).intersection(sees):
            raise ImrError(f"the law bars {', '.join(sorted(role.name for role in barred))} from {thing.name}")


insist_lawful(ROLES)


def _rule(thing: Thing) -> Rule:
    law = "; ".join(role.value for role in Role if thing in ROLES[role].by_law)
    house = "; ".join(role.value for role in Role if thing in ROLES[role].by_house)
    asks = " ".join(
        part
        for part in (
            f"By law: {law}." if law else "",
            f"By the rule of the house: {house}." if house else "",
            "Nobody else." if thing not in BARRED else "Nobody else; the law bars the others outside the organization.",
        )
        if part
    )
    return Rule(
        id=f"see-{thing.name.lower().replace('_', '-')}",
        title=f"Who may see: {thing.value}",
        subject=Subject.DISCLOSURE,
        asks=asks,
        under=(*UNDER[thing], *((HOUSE,) if house else ())),
    )


#: The rule of every thing.
RULES = {thing: _rule(thing) for thing in Thing}


def may_see(role: Role, thing: Thing, *, mental_health_withheld: bool = True) -> Finding:
    """Say whether a role may see a thing of a case of theirs. The access layer decides whether the case is theirs.

    `mental_health_withheld` is a setting: whether mental health records are kept from the employee's side.
    """
    sees, rule, under = ROLES[role], RULES[thing], UNDER[thing]
    who = {"role": role.value, "thing": thing.value}
    if thing is Thing.MENTAL_HEALTH_RECORD and role in EMPLOYEE_SIDE:
        if mental_health_withheld:
            because = "the {thing} is withheld from the {role}: the physician who made it may release it"
            return rule.finds(False, because, (WITHHELD,), **who)
        return rule.finds(True, "the {role} may see the {thing}", _SERVED, **who)
    if thing in sees.by_law:
        return rule.finds(True, "the {role} may see the {thing}", under, **who)
    if thing in sees.by_house:
        return rule.finds(True, "the {role} may see the {thing}, by the rule of the house", (HOUSE,), **who)
    if role in BARRED.get(thing, ()):
        return rule.finds(False, "the {thing} does not leave the review organization", under, **who)
    return rule.finds(False, "the {role} has no need of the {thing}, by the rule of the house", (HOUSE,), **who)
