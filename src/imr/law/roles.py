"""The one table of roles: what each is to a case, and whether its account needs a second factor.

A role without its line is refused when the package is imported, so that a new one is never by omission a party without a
second factor. Who may see which thing is in `law.disclosure`, who may take which step in `case.steps`.
"""

from dataclasses import dataclass
from enum import Enum

from imr.errors import ImrError
from imr.law.terms import Role


class Standing(Enum):
    """What a role is to a case."""

    PARTY = "a party, or who represents one: by membership in the case"
    OFFICE = "the review organization: every case, by office"
    REVIEWER = "the reviewer: the cases assigned to them"
    OVERSIGHT = "the Division: every case, by law"
    NO_ACCOUNT = "nobody who signs in"


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """What is true of a role in every case."""

    standing: Standing
    second_factor: bool


#: Every role. The people of the review organization, its reviewers and the Division give a second factor.
ROLES: dict[Role, RoleEntry] = {
    Role.EMPLOYEE: RoleEntry(Standing.PARTY, second_factor=False),
    Role.EMPLOYEE_ATTORNEY: RoleEntry(Standing.PARTY, second_factor=False),
    Role.CLAIMS_ADMINISTRATOR: RoleEntry(Standing.PARTY, second_factor=False),
    Role.REQUESTING_PHYSICIAN: RoleEntry(Standing.PARTY, second_factor=False),
    Role.INTAKE: RoleEntry(Standing.OFFICE, second_factor=True),
    Role.COORDINATOR: RoleEntry(Standing.OFFICE, second_factor=True),
    Role.REVIEWER: RoleEntry(Standing.REVIEWER, second_factor=True),
    Role.QUALITY: RoleEntry(Standing.OFFICE, second_factor=True),
    Role.DIVISION: RoleEntry(Standing.OVERSIGHT, second_factor=True),
    Role.PUBLIC: RoleEntry(Standing.NO_ACCOUNT, second_factor=False),
    Role.CLOCK: RoleEntry(Standing.NO_ACCOUNT, second_factor=False),
}


def insist_declared(declared: dict[Role, RoleEntry]) -> None:
    """Raise ImrError where a role has no line in the table."""
    undeclared = [role.name for role in Role if role not in declared]
    if undeclared:
        raise ImrError(f"law.roles says nothing of {', '.join(undeclared)}: enter what it is, and its second factor")


insist_declared(ROLES)


def of(*standings: Standing) -> tuple[Role, ...]:
    """The roles of these standings, in the order of the table."""
    return tuple(role for role, entry in ROLES.items() if entry.standing in standings)


#: The parties and who represents them.
PARTIES = of(Standing.PARTY)
#: The people of the review organization who see a case by their office. The Division is not among them.
OFFICE = of(Standing.OFFICE)
#: Who sees a case whoever its parties are: the office, and the Division.
EVERY_CASE = of(Standing.OFFICE, Standing.OVERSIGHT)
#: The roles of people who sign in.
SIGNED_IN = tuple(role for role, entry in ROLES.items() if entry.standing is not Standing.NO_ACCOUNT)
#: The roles whose accounts are never used with a password alone.
SECOND_FACTOR = tuple(role for role, entry in ROLES.items() if entry.second_factor)
#: The people of the review organization who handle the papers of a case.
STAFF = (Role.INTAKE, Role.COORDINATOR)
