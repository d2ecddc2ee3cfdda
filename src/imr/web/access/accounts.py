"""Accounts as administrators see them, with what was asked for and what was done to them. Each look is logged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import Http404

from imr.law.terms import Role
from imr.web.access.case_access import Viewer
from imr.web.access.paging import Paged
from imr.web.models import AccountChangeRow, MembershipRow, PersonRow
from imr.web.platform import clock, periods
from imr.web.store import account_security, audit_log
from imr.web.store.audit_log import AuditAction

#: How long a change that was asked for can be confirmed.
LAPSES = periods.ACCOUNT_CHANGES


class ChangeKind(Enum):
    """What is changed of an account. The value is stored."""

    NEW = "new account"
    RIGHTS = "rights"
    ADDRESS = "address"
    SECOND_FACTOR = "second factor"
    ACTIVE = "active"
    INACTIVE = "inactive"

    @property
    def at_once(self) -> bool:
        """Whether it takes effect at once: it takes access away, and waits for nobody."""
        return self is ChangeKind.INACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What an account may do: its roles, for which organization or as which reviewer, or that it administers or audits."""

    name: str = ""
    roles: tuple[Role, ...] = ()
    organization: str = ""
    reviewer: str = ""
    administrator: bool = False
    officer: bool = False

    def plain(self) -> dict[str, object]:
        """Return the rights as they are stored."""
        return {
            "name": self.name,
            "roles": sorted(role.value for role in self.roles),
            "organization": self.organization,
            "reviewer": self.reviewer,
            "administrator": self.administrator,
            "officer": self.officer,
        }

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Self:
        """Return the rights that `plain` made."""
        roles = stored.get("roles")
        return cls(
            name=str(stored.get("name", "")),
            roles=_in_order(roles if isinstance(roles, list) else []),
            organization=str(stored.get("organization", "")),
            reviewer=str(stored.get("reviewer", "")),
            administrator=stored.get("administrator") is True,
            officer=stored.get("officer") is True,
        )


def _in_order(roles: Sequence[str]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role.value in roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """An account in the list of accounts."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    organization: str
    active: bool
    administers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """A change of an account: what, of which, who asked for it and why, and how it was answered. `refusal` is why this person cannot confirm it."""

    id: int
    at: datetime
    by: str
    account: int | None
    whose: str
    kind: str
    parts: tuple[tuple[str, str, str], ...]
    why: str
    state: str
    answered_at: datetime | None
    answered_by: str
    refusal: str

    @property
    def waits(self) -> bool:
        """Whether it can be answered."""
        return self.state == "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfCase:
    """An open case in which the account is a party."""

    id: int
    case: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministeredAccount:
    """One account with everything that an administrator decides by."""

    id: int
    email: str
    rights: Rights
    active: bool
    own: bool
    factors: tuple[str, ...]
    joined_at: datetime | None
    last_login: datetime | None
    signs_from: datetime | None
    parts: tuple[PartOfCase, ...]
    changes: Sequence[AccountChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """What the first page of the administration shows: what waits for an answer, and how many could give one."""

    waiting: tuple[AccountChange, ...]
    administrators: int


def is_administrator(user: object) -> bool:
    """Return whether somebody administers accounts."""
    return isinstance(user, PersonRow) and user.is_active and user.is_staff and user.is_superuser


def insist_administrator(user: Viewer) -> PersonRow:
    """Return the account of an administrator. Raises Http404 for everybody else."""
    if not isinstance(user, PersonRow) or not is_administrator(user):
        raise Http404
    return user


def administration(user: Viewer) -> Administration:
    """Return what waits for an administrator."""
    administrator = insist_administrator(user)
    able = PersonRow.objects.filter(is_active=True, is_staff=True, is_superuser=True).count()
    waiting = tuple(_change(administrator, row) for row in waiting_rows().order_by("at", "pk"))
    return Administration(waiting=waiting, administrators=able)


def accounts(user: Viewer, words: str = "") -> Sequence[AccountEntry]:
    """Return the accounts whose address, name or organization has these words, in the order of their addresses. The look is logged."""
    administrator = insist_administrator(user)
    found = PersonRow.objects.select_related("organization").order_by("email")
    if words := audit_log.storable(words)[:100]:
        found = found.filter(
            Q(email__icontains=words) | Q(name__icontains=words) | Q(organization__name__icontains=words)
        )
    audit_log.entry(administrator, AuditAction.LIST, thing="accounts", detail=words).save()
    return Paged(found, _entry)


def account(user: Viewer, number: int) -> AdministeredAccount:
    """Return one account. Raises Http404 where there is none. The look is logged."""
    administrator = insist_administrator(user)
    person = PersonRow.objects.select_related("organization").filter(pk=number).first()
    if person is None:
        raise Http404
    audit_log.entry(administrator, AuditAction.ADMINISTRATION, thing="account", detail=person.email).save()
    parts = MembershipRow.objects.filter(person=person, until__isnull=True).order_by("case")
    changes = _rows().filter(Q(person=person) | Q(answer__made=person)).order_by("-at", "-pk")
    return AdministeredAccount(
        id=person.pk,
        email=person.email,
        rights=rights(person),
        active=person.is_active,
        own=person == administrator,
        factors=tuple(Authenticator.objects.filter(user=person).order_by("pk").values_list("type", flat=True)),
        joined_at=person.joined_at,
        last_login=person.last_login,
        signs_from=account_security.may_sign_from(person),
        parts=tuple(PartOfCase(id=row.pk, case=row.case, role=row.role, since=row.since) for row in parts),
        changes=Paged(changes, lambda row: _change(administrator, row)),
    )


def rights(person: PersonRow) -> Rights:
    """Return what an account may do."""
    officer = Permission.objects.filter(user=person, content_type__app_label="imr", codename="view_viewrow").exists()
    return Rights(
        name=person.name,
        roles=_in_order(person.roles),
        organization=person.organization.name if person.organization else "",
        reviewer=person.reviewer_id or "",
        administrator=person.is_superuser,
        officer=officer and person.is_staff,
    )


def waiting_rows() -> QuerySet[AccountChangeRow]:
    """Return the changes that wait for an answer and have not lapsed."""
    at_once = [kind.value for kind in ChangeKind if kind.at_once]
    return _rows().filter(answer__isnull=True, at__gt=clock.now() - LAPSES).exclude(kind__in=at_once)


def not_confirmable(administrator: PersonRow, row: AccountChangeRow) -> str | None:
    """Return why this administrator cannot confirm a change that nobody has answered; None where they can."""
    if row.at <= clock.now() - LAPSES:
        return f"this was asked for more than {LAPSES.days} days ago: refuse it, and ask again"
    if row.by_id == administrator.pk:
        return "you asked for this yourself: another administrator has to confirm it"
    if row.person_id == administrator.pk:
        return "this is about your own account: another administrator has to confirm it"
    if not is_administrator(row.by):
        return "whoever asked for this administers no accounts any more: refuse it, and ask again"
    return None


def whose(row: AccountChangeRow) -> str:
    """Return the address of the account that a change is about."""
    return row.person.email if row.person else str(row.after.get("email", ""))


def _rows() -> QuerySet[AccountChangeRow]:
    return AccountChangeRow.objects.select_related("by", "person", "answer", "answer__by", "answer__made")


def _change(administrator: PersonRow, row: AccountChangeRow) -> AccountChange:
    answer, kind = getattr(row, "answer", None), ChangeKind(row.kind)
    refusal = "" if answer or kind.at_once else not_confirmable(administrator, row) or ""
    about = row.person or (answer.made if answer else None)
    return AccountChange(
        id=row.pk,
        at=row.at,
        by=row.by.email,
        account=about.pk if about else None,
        whose=whose(row),
        kind=kind.value,
        parts=tuple(_parts(row)),
        why=row.why,
        state=_state(row, kind),
        answered_at=answer.at if answer else None,
        answered_by=answer.by.email if answer else "",
        refusal=refusal,
    )


def _state(row: AccountChangeRow, kind: ChangeKind) -> str:
    answer = getattr(row, "answer", None)
    if kind.at_once:
        return "done at once"
    if answer is not None:
        return "confirmed" if answer.confirmed else "refused"
    return "waits" if row.at > clock.now() - LAPSES else "lapsed"


def _parts(row: AccountChangeRow) -> Iterator[tuple[str, str, str]]:
    """Yield what a change changes: the name of the part, what it was and what it becomes."""
    for name in {**row.before, **row.after}:
        before, after = _said(row.before.get(name)), _said(row.after.get(name))
        if before != after:
            yield name.replace("_", " "), before, after


def _said(value: object) -> str:
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _entry(row: PersonRow) -> AccountEntry:
    return AccountEntry(
        id=row.pk,
        email=row.email,
        name=row.name,
        roles=tuple(row.roles),
        organization=row.organization.name if row.organization else "",
        active=row.is_active,
        administers=row.is_staff or row.is_superuser,
    )
