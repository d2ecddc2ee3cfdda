"""Who somebody is, and the door of a case: whose it is, and what the law lets their roles see. Each look is logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from imr.case import steps
from imr.case.chain import Recorded, replay
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.law.disclosure import Thing, may_see
from imr.law.terms import Role
from imr.web import clock, rows
from imr.web.models import CaseRow, MembershipRow, ViewRow

#: The roles that see a case by their office, whoever its parties are.
OFFICE = (Role.INTAKE, Role.COORDINATOR, Role.QUALITY, Role.DIVISION)
PARTIES = (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
#: What a determination decides is nobody's to know before it is issued, these apart.
ISSUED = (Stage.ISSUED, Stage.PUBLISHED, Stage.REVERSED)
BEFORE_ISSUE = (Role.REVIEWER, Role.COORDINATOR, Role.QUALITY)


def roles(user: Any) -> tuple[Role, ...]:
    """The roles in which somebody may act at all; none for who has not signed in."""
    if not user.is_authenticated or not user.is_active:
        return ()
    return tuple(role for role in Role if role.value in user.roles)


def roles_in(user: Any, number: str) -> tuple[Role, ...]:
    """The roles in which somebody may look at this case; none where it is not theirs, or does not exist."""
    row = CaseRow.objects.filter(number=number).first()
    return () if row is None else roles_of_row(user, row, memberships(user, [number]))


def roles_of_row(user: Any, row: CaseRow, memberships: Iterable[tuple[str, str]]) -> tuple[Role, ...]:
    """The roles in which somebody may look at the case of a row."""
    held = roles(user)
    party = {Role(role) for number, role in memberships if number == row.number}
    found = []
    for role in held:
        if role in OFFICE:
            found.append(role)  # by office
        elif role is Role.REVIEWER and row.reviewer and row.reviewer == user.reviewer_id:
            found.append(role)  # as the reviewer of this case, while it is theirs
        elif role in PARTIES and role in party:
            found.append(role)  # by membership in this case
    return tuple(found)


def memberships(user: Any, numbers: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """The cases that somebody has a part in, each with the role; those of `numbers` where they are given."""
    if not user.is_authenticated:
        return []
    mine = Q(person=user)
    if user.organization_id is not None:
        mine |= Q(organization=user.organization_id)
    found = MembershipRow.objects.filter(mine, until__isnull=True)
    if numbers is not None:
        found = found.filter(case__in=numbers)
    return list(found.values_list("case", "role"))


def visible(user: Any) -> QuerySet[CaseRow]:
    """The rows of the cases that are this person's."""
    held = roles(user)
    if any(role in OFFICE for role in held):
        return CaseRow.objects.all()
    mine = Q(number__in=[number for number, role in memberships(user) if Role(role) in held])
    if Role.REVIEWER in held and user.reviewer_id:
        mine |= Q(reviewer=user.reviewer_id)
    return CaseRow.objects.filter(mine)


def allowed(seeing: Iterable[Role], thing: Thing) -> bool:
    """Whether the law lets one of these roles see a thing."""
    return any(may_see(role, thing).holds for role in seeing)


@dataclass(frozen=True)
class Door:
    """A case behind its door, as somebody in these roles stands before it. Its events are read when they are asked for."""

    user: Any
    number: str
    roles: tuple[Role, ...]

    @cached_property
    def chain(self) -> tuple[Recorded, ...]:
        """The events of the case."""
        return rows.chain(self.number)

    @cached_property
    def case(self) -> Case:
        """The case as its events leave it."""
        return replay(self.chain)

    def shows(self, thing: Thing) -> bool:
        """Whether the law lets any of these roles see a thing."""
        return allowed(self.roles, thing)

    @property
    def is_told(self) -> bool:
        """What was decided is told when it is issued; before that the review organization and the reviewer know it."""
        return any(role in BEFORE_ISSUE for role in self.roles) or self.case.stage in ISSUED

    def log(self, thing: Thing, digest: str = "") -> None:
        """Write down that this person looked at a thing of the case."""
        ViewRow.objects.create(
            at=clock.now(),
            person=self.user,
            role=self.roles[0].value,
            case=self.number,
            thing=thing.value,
            digest=digest,
        )

    def offers(self) -> tuple[Step, ...]:
        """The steps that this person may take now."""
        return offered(self.case, self.user, self.roles)


def opened(user: Any, number: str, *things: Thing) -> Door:
    """The door of a case; Http404 where the case is not this person's, or none of `things` is for their roles."""
    door = Door(user, number, roles_in(user, number))
    if not door.roles or (things and not any(map(door.shows, things))):
        raise Http404
    return door


def actor_id(user: Any, role: Role) -> str:
    """By what a person is known in the history: a reviewer by the panel's id, everybody else by the account's number."""
    return str(user.reviewer_id) if role is Role.REVIEWER else f"person-{user.pk}"


def offered(held: Case, user: Any, seeing: Iterable[Role]) -> tuple[Step, ...]:
    """The steps that a person in these roles may take now, each once."""
    found: dict[str, Step] = {}
    for role in seeing:
        for step in steps.offers(held, steps.Actor(role=role, id=actor_id(user, role))):
            found.setdefault(step.name, step)
    return tuple(found.values())
