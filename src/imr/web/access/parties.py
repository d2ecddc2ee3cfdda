"""Proposed parties that wait for intake, and parties whom nobody reaches on the site, for intake and coordination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404

from imr.case.state import Stage
from imr.law.disclosure import Thing
from imr.law.roles import STAFF
from imr.law.terms import Role
from imr.web.access.case_access import CaseAccess, Viewer, insist_any, memberships, proposed_in, roles
from imr.web.access.paging import Paged
from imr.web.models import CaseRow, MembershipRow, PartyRow, PersonRow, ProposalRow

#: A row with the number of a case in `case`.
Row = TypeVar("Row", bound=Model)
#: Who has to know how each party is reached. Intake alone settles who a party is.
_OFFICE = STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """An account or an organization that may be a party. `settled_at` is None while it waits for intake.

    One that intake has accepted is invited, until the code is entered (`joined_at`) or is too old (`code_until`).
    """

    id: int
    case: str
    role: Role
    who: str
    why: str
    at: datetime
    settled_at: datetime | None
    settled_by: str
    accepted: bool | None
    joined_at: datetime | None
    code_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaperLine:
    """A party of a case whom nobody reaches on the site: no account and no organization has the case in this role."""

    case: str
    role: Role
    name: str
    address: str
    email: str
    proposed: bool
    invited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParties:
    """The parties of one case that wait or waited for intake, and those to be reached on paper."""

    waiting: tuple[ProposalLine, ...]
    settled: tuple[ProposalLine, ...]
    on_paper: tuple[OnPaperLine, ...]
    may_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLists:
    """What waits for intake over all cases, the oldest first, and the parties to be reached on paper."""

    waiting: Sequence[ProposalLine]
    on_paper: Sequence[OnPaperLine]
    may_settle: bool


def may_settle(case_access: CaseAccess) -> bool:
    """Return whether this person settles who is a party of this case: intake, and nobody who is, or may be, one."""
    return Role.INTAKE in case_access.roles


def case_parties(case_access: CaseAccess) -> CaseParties:
    """Return the parties of a case that intake settles or reaches. Raises Http404 for roles other than intake and coordinator."""
    if not set(case_access.roles) & set(_OFFICE):
        raise Http404
    case_access.log(Thing.APPLICATION)  # it names them
    proposed = [_proposal(row) for row in _proposals().filter(case=case_access.number).order_by("at", "pk")]
    return CaseParties(
        waiting=tuple(line for line in proposed if line.settled_at is None),
        settled=tuple(line for line in proposed if line.settled_at is not None),
        on_paper=tuple(map(_on_paper, _unreached().filter(case=case_access.number).order_by("role"))),
        may_settle=Role.INTAKE in case_access.roles,
    )


def party_lists(user: Viewer) -> PartyLists:
    """Return what waits over all cases that this person sees by office, and the parties of open ones to reach on paper."""
    insist_any(user, _OFFICE)
    return PartyLists(
        waiting=Paged(_waiting(user).order_by("at", "pk"), _proposal),
        on_paper=Paged(not_of_own_cases(user, _unreached(open_only=True)).order_by("case", "role"), _on_paper),
        may_settle=Role.INTAKE in roles(user),
    )


def parties_waiting(user: Viewer) -> int:
    """Return how many proposals wait for intake in the cases that this person sees by office."""
    insist_any(user, _OFFICE)
    return int(_waiting(user).count())


def _proposals() -> QuerySet[ProposalRow]:
    return ProposalRow.objects.select_related("person", "organization", "settled_by")


def _waiting(user: Viewer) -> QuerySet[ProposalRow]:
    return not_of_own_cases(user, _proposals().filter(settled_at__isnull=True))


def not_of_own_cases(user: Viewer, found: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows of cases in which this person is no party and no proposed one: in their own they act in no office."""
    found = found.exclude(case__in={*(number for number, _ in memberships(user)), *proposed_in(user)})
    if isinstance(user, PersonRow) and user.reviewer_id:
        found = found.exclude(case__in=CaseRow.objects.filter(reviewer=user.reviewer_id).values("number"))
    return found


def _unreached(*, open_only: bool = False) -> QuerySet[PartyRow]:
    members = MembershipRow.objects.filter(case=OuterRef("case"), role=OuterRef("role"), until__isnull=True)
    proposed = ProposalRow.objects.filter(case=OuterRef("case"), role=OuterRef("role"), settled_at__isnull=True)
    invited = ProposalRow.objects.filter(
        case=OuterRef("case"), role=OuterRef("role"), accepted=True, joined_at__isnull=True
    )
    found = PartyRow.objects.filter(~Exists(members)).annotate(proposed=Exists(proposed), invited=Exists(invited))
    if open_only:
        ended = [stage.name for stage in Stage if stage.ended or stage is Stage.PUBLISHED]
        found = found.filter(~Exists(CaseRow.objects.filter(number=OuterRef("case"), stage__in=ended)))
    return found


def _proposal(row: ProposalRow) -> ProposalLine:
    if row.person is not None:
        who = f"{row.person.name} ({row.person.email})" if row.person.name else row.person.email
    else:
        who = f"everybody of {row.organization} who signs in as {row.role}"
    return ProposalLine(
        id=row.pk,
        case=row.case,
        role=Role(row.role),
        who=who,
        why=row.why,
        at=row.at,
        settled_at=row.settled_at,
        settled_by=(row.settled_by.name or row.settled_by.email) if row.settled_by else "",
        accepted=row.accepted,
        joined_at=row.joined_at,
        code_until=row.code_until,
    )


def _on_paper(row: Any) -> OnPaperLine:
    return OnPaperLine(
        case=row.case,
        role=Role(row.role),
        name=row.name,
        address=row.address,
        email=row.email,
        proposed=row.proposed,
        invited=row.invited,
    )
