"""The one table of roles: label, relation to a case, portal, second factor, what it sees, whether it acts.

Everything else in the program about a role is derived from this table. A role without a row, or with an incomplete row,
stops the program at its start. `law.disclosure` has the citations for what a role sees. The steps of a role are
declared with each step in `case.steps`, which accepts only roles that act here; `docs/roles.md` shows both in one
table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from imr.errors import ImrError
from imr.law.terms import Role, Thing


class RoleKind(Enum):
    """The relation of a role to a case, and the basis of its access."""

    PARTY = "a party, or who represents one: by membership in the case"
    OFFICE = "the review organization: every case, by office"
    REVIEWER = "the reviewer: the cases assigned to them"
    OVERSIGHT = "the Division: every case, by law"
    NO_ACCOUNT = "nobody who signs in"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEntry:
    """Everything that is true of a role in every case.

    `portal` is the name of its portal in addresses, empty for a role that does not sign in. `by_law` and `by_house` are
    the things that it sees: by a provision, and by the rule of the house if no provision settles it. `handles_papers`:
    prints letters, records their service, receives records, contacts the parties. `acts`: may take steps. `represents`
    is the party that it speaks for.
    """

    label: str
    kind: RoleKind
    portal: str
    second_factor: bool
    by_law: frozenset[Thing]
    by_house: frozenset[Thing]
    handles_papers: bool
    acts: bool
    represents: Role | None = None

    @property
    def sees(self) -> frozenset[Thing]:
        """Everything of a case that the role sees."""
        return self.by_law | self.by_house


def _things(*things: Thing) -> frozenset[Thing]:
    return frozenset(things)


#: The things that every party is sent or served by law.
_PARTY_BY_LAW = _things(
    Thing.UR_DECISION,
    Thing.NOTICE,
    Thing.RECORD_LIST,
    Thing.MEDICAL_RECORD,
    Thing.INFORMATION_REQUEST,
    Thing.REVIEWER_QUALIFICATIONS,
    Thing.DETERMINATION,
)
_PARTY_BY_HOUSE = _things(Thing.TIMELINE, Thing.PANEL_COMMITMENT, Thing.PUBLIC_DETERMINATION, Thing.EVENT_CHAIN)
#: The things that every office needs for its work.
_OFFICE_BY_HOUSE = _things(
    Thing.APPLICATION,
    Thing.UR_DECISION,
    Thing.NOTICE,
    Thing.TIMELINE,
    Thing.RECORD_LIST,
    Thing.MEDICAL_RECORD,
    Thing.MENTAL_HEALTH_RECORD,
    Thing.INFORMATION_REQUEST,
    Thing.CONSENT_EXCLUSION,
    Thing.REVIEWER_QUALIFICATIONS,
    Thing.PANEL_COMMITMENT,
    Thing.DETERMINATION,
    Thing.PUBLIC_DETERMINATION,
    Thing.FEE,
    Thing.EVENT_CHAIN,
    Thing.SERVICE_RECORD,
)
#: The things for roles that know the reviewer.
_WITH_REVIEWER = _things(
    Thing.REVIEWER_IDENTITY, Thing.CONFLICT_SCREENING, Thing.UNISSUED_DETERMINATION, Thing.SIGNATURE
)
_NOTHING = _things()

#: Every role. The people of the review organization, its reviewers and the Division give a second factor.
ROLES: dict[Role, RoleEntry] = {
    Role.EMPLOYEE: RoleEntry(
        label="Employee",
        kind=RoleKind.PARTY,
        portal="employee",
        second_factor=False,
        by_law=_PARTY_BY_LAW | {Thing.APPLICATION},
        by_house=_PARTY_BY_HOUSE | {Thing.CONSENT_EXCLUSION},
        handles_papers=False,
        acts=True,
    ),
    Role.EMPLOYEE_ATTORNEY: RoleEntry(
        label="Employee’s attorney",
        kind=RoleKind.PARTY,
        portal="employee",
        second_factor=False,
        by_law=_PARTY_BY_LAW | {Thing.APPLICATION},
        by_house=_PARTY_BY_HOUSE | {Thing.CONSENT_EXCLUSION},
        handles_papers=False,
        acts=True,
        represents=Role.EMPLOYEE,
    ),
    Role.CLAIMS_ADMINISTRATOR: RoleEntry(
        label="Claims administrator",
        kind=RoleKind.PARTY,
        portal="claims",
        second_factor=False,
        by_law=_PARTY_BY_LAW | {Thing.APPLICATION, Thing.MENTAL_HEALTH_RECORD, Thing.FEE},
        by_house=_PARTY_BY_HOUSE,
        handles_papers=False,
        acts=True,
    ),
    Role.REQUESTING_PHYSICIAN: RoleEntry(
        label="Requesting physician",
        kind=RoleKind.PARTY,
        portal="physician",
        second_factor=False,
        by_law=_PARTY_BY_LAW | {Thing.MENTAL_HEALTH_RECORD},
        by_house=_PARTY_BY_HOUSE | {Thing.APPLICATION},
        handles_papers=False,
        acts=True,
    ),
    Role.INTAKE: RoleEntry(
        label="Review organization, intake",
        kind=RoleKind.OFFICE,
        portal="imro",
        second_factor=True,
        by_law=_NOTHING,
        by_house=_OFFICE_BY_HOUSE | {Thing.REFUSED_FILE},
        handles_papers=True,
        acts=True,
    ),
    Role.COORDINATOR: RoleEntry(
        label="Review organization, coordination",
        kind=RoleKind.OFFICE,
        portal="imro",
        second_factor=True,
        by_law=_NOTHING,
        by_house=_OFFICE_BY_HOUSE | _WITH_REVIEWER | {Thing.REFUSED_FILE},
        handles_papers=True,
        acts=True,
    ),
    Role.REVIEWER: RoleEntry(
        label="Physician reviewer",
        kind=RoleKind.REVIEWER,
        portal="reviewer",
        second_factor=True,
        by_law=_things(Thing.MEDICAL_RECORD, Thing.MENTAL_HEALTH_RECORD, Thing.INFORMATION_REQUEST),
        by_house=_WITH_REVIEWER
        | {
            Thing.APPLICATION,
            Thing.UR_DECISION,
            Thing.TIMELINE,
            Thing.RECORD_LIST,
            Thing.CONSENT_EXCLUSION,
            Thing.REVIEWER_QUALIFICATIONS,
            Thing.PANEL_COMMITMENT,
            Thing.DRAFT,
            Thing.QUALITY_NOTES,
            Thing.REVIEWER_NOTES,
            Thing.DETERMINATION,
            Thing.PUBLIC_DETERMINATION,
        },
        handles_papers=False,
        acts=True,
    ),
    Role.QUALITY: RoleEntry(
        label="Review organization, quality",
        kind=RoleKind.OFFICE,
        portal="imro",
        second_factor=True,
        by_law=_NOTHING,
        by_house=_OFFICE_BY_HOUSE | _WITH_REVIEWER | {Thing.DRAFT, Thing.QUALITY_NOTES},
        handles_papers=False,
        acts=True,
    ),
    Role.DIVISION: RoleEntry(
        label="Division of Workers’ Compensation",
        kind=RoleKind.OVERSIGHT,
        portal="dwc",
        second_factor=True,
        by_law=_things(Thing.APPLICATION, Thing.REVIEWER_QUALIFICATIONS, Thing.DETERMINATION, Thing.FEE),
        by_house=_things(
            Thing.UR_DECISION,
            Thing.NOTICE,
            Thing.TIMELINE,
            Thing.RECORD_LIST,
            Thing.MEDICAL_RECORD,
            Thing.MENTAL_HEALTH_RECORD,
            Thing.INFORMATION_REQUEST,
            Thing.PANEL_COMMITMENT,
            Thing.PUBLIC_DETERMINATION,
            Thing.EVENT_CHAIN,
            Thing.SERVICE_RECORD,
            Thing.SIGNATURE,
        ),
        handles_papers=False,
        acts=True,
    ),
    Role.PUBLIC: RoleEntry(
        label="Public",
        kind=RoleKind.NO_ACCOUNT,
        portal="",
        second_factor=False,
        by_law=_things(Thing.PUBLIC_DETERMINATION),
        by_house=_things(Thing.REVIEWER_QUALIFICATIONS, Thing.PANEL_COMMITMENT),
        handles_papers=False,
        acts=False,
    ),
    Role.CLOCK: RoleEntry(
        label="The system",
        kind=RoleKind.NO_ACCOUNT,
        portal="",
        second_factor=False,
        by_law=_NOTHING,
        by_house=_NOTHING,
        handles_papers=False,
        acts=True,
    ),
}


def insist_declared(declared: Mapping[Role, RoleEntry]) -> None:
    """Raise ImrError for a role without a row, without its portal or label, or with access to every case but no second factor."""
    undeclared = [role.name for role in Role if role not in declared]
    if undeclared:
        raise ImrError(f"law.roles says nothing of {', '.join(undeclared)}: enter a row for it in ROLES")
    for role, entry in declared.items():
        signs_in = entry.kind is not RoleKind.NO_ACCOUNT
        if signs_in is not bool(entry.portal):
            raise ImrError(f"law.roles: {role.name} has {'no portal' if signs_in else 'a portal and no account'}")
        if signs_in and entry.kind is not RoleKind.PARTY and not entry.second_factor:
            raise ImrError(f"law.roles: {role.name} sees cases of others and needs a second factor")
        if not entry.label:
            raise ImrError(f"law.roles: {role.name} has no label")


insist_declared(ROLES)


def of(*kinds: RoleKind) -> tuple[Role, ...]:
    """Give the roles of these kinds, in the order of the table."""
    return tuple(role for role, entry in ROLES.items() if entry.kind in kinds)


#: The parties and their representatives.
PARTIES = of(RoleKind.PARTY)
#: The people of the review organization who see a case by their office. The Division is not among them.
OFFICE = of(RoleKind.OFFICE)
#: The roles that see every case: the office, and the Division.
EVERY_CASE = of(RoleKind.OFFICE, RoleKind.OVERSIGHT)
#: The roles of people who sign in.
SIGNED_IN = tuple(role for role, entry in ROLES.items() if entry.kind is not RoleKind.NO_ACCOUNT)
#: The roles whose accounts are never used with a password alone.
SECOND_FACTOR = tuple(role for role, entry in ROLES.items() if entry.second_factor)
#: The people of the review organization who handle the papers of a case.
STAFF = tuple(role for role, entry in ROLES.items() if entry.handles_papers)
#: The employee and the employee's representatives.
EMPLOYEE_SIDE = tuple(role for role, entry in ROLES.items() if Role.EMPLOYEE in (role, entry.represents))
#: The roles outside the review organization and the Division.
OUTSIDERS = (*PARTIES, Role.PUBLIC)


def of_portal(name: str) -> tuple[Role, ...]:
    """Give the roles that use a portal; empty for a name that no role has."""
    return tuple(role for role in SIGNED_IN if ROLES[role].portal == name)
