"""Other applications about the same dispute, found by an index on the rows of cases; no history is read."""

from dataclasses import dataclass

from django.db.models import Q

from imr import identity
from imr.case.likeness import DisputeKey, Likeness, compare
from imr.case.state import Stage
from imr.identity import NameMatch
from imr.law.roles import OFFICE
from imr.law.terms import Outcome, Role
from imr.web.access.audit import log_list
from imr.web.access.case_access import ISSUED, CaseAccess, Viewer, own_cases, roles
from imr.web.models import CaseRow, PersonRow
from imr.web.store.cases import NAME

#: The most cases that are compared with one, the newest first. A page says where there were more.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeLine:
    """Another case that is, or may be, about the same dispute, or another dispute of the same employee.

    `employee` is empty for a reviewer, who is shown no names; `outcome` is that of a determination that was issued.
    """

    case: str
    stage: Stage
    employee: str
    likeness: Likeness
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What was found, the most similar first; other disputes of the employee apart. `more` where not every case was compared."""

    duplicates: tuple[AlikeLine, ...] = ()
    others: tuple[AlikeLine, ...] = ()
    more: bool = False
    own: bool = False

    def __bool__(self) -> bool:
        return bool(self.duplicates or self.others or self.more)


def alike(case_access: CaseAccess) -> Alike:
    """Return what is like a case, for the office and its reviewer; a party sees its own cases only, the Division none."""
    dispute = _dispute(case_access.row)
    seeing = set(case_access.roles)
    if seeing & set(OFFICE):
        return _logged(case_access.viewer, _found(dispute, Q(), case_access.number))
    if Role.REVIEWER in seeing:
        return _found(dispute, Q(), case_access.number, named=False)
    return _found(dispute, _own(case_access.viewer), case_access.number, own=True)


def alike_to(user: Viewer, dispute: DisputeKey, role: Role) -> Alike:
    """Return what is like an application that somebody is about to send in this role."""
    if role in OFFICE and role in roles(user):
        return _logged(user, _found(dispute, Q(), ""))
    return _found(dispute, _own(user), "", own=True)


def _logged(user: Viewer, found: Alike) -> Alike:
    """Log which cases of named employees were found."""
    if named := [line.case for line in (*found.duplicates, *found.others)]:
        log_list(user, "similar applications", named)
    return found


def _own(user: Viewer) -> Q:
    return Q(number__in=own_cases(user)) if isinstance(user, PersonRow) else Q(pk__in=[])


def _dispute(row: CaseRow) -> DisputeKey:
    return DisputeKey(
        employee=row.employee,
        claim=row.claim,
        born_on=row.born_on,
        ur_decided_on=row.ur_decided_on,
        treatments=tuple(row.treatments),
    )


def _found(dispute: DisputeKey, among: Q, but: str, *, named: bool = True, own: bool = False) -> Alike:
    keys = sorted(identity.lookup_keys(dispute.employee[:NAME])) if dispute.employee else []
    days = Q(born_on=dispute.born_on) if dispute.born_on else Q(pk__in=[])
    if dispute.ur_decided_on:
        days |= Q(ur_decided_on=dispute.ur_decided_on)
    like = Q(names__overlap=keys) & days
    if dispute.claim:
        like |= Q(claim=dispute.claim[:NAME])
    rows = list(
        CaseRow.objects.filter(like & among).exclude(number=but).order_by("-received_at", "-number")[: MOST + 1]
    )
    lines = []
    for row in rows[:MOST]:
        likeness = compare(dispute, _dispute(row))
        if likeness.employee:
            issued = Stage[row.stage] in ISSUED and row.outcome
            lines.append(
                AlikeLine(
                    case=row.number,
                    stage=Stage[row.stage],
                    employee=row.employee if named else "",
                    likeness=likeness,
                    outcome=Outcome(row.outcome) if issued else None,
                )
            )
    lines.sort(key=lambda line: line.likeness.answer is not NameMatch.SAME)
    return Alike(
        duplicates=tuple(line for line in lines if line.likeness.answer),
        others=tuple(line for line in lines if not line.likeness.answer),
        more=len(rows) > MOST,
        own=own,
    )
