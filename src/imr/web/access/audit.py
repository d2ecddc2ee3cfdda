"""The audit log: what a request is logged as, and what a privacy officer reads of it.

A privacy officer is an account that administers nothing else: with "staff status" and the permission to view the audit log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from imr import identity
from imr.case.context import CALIFORNIA
from imr.web.access.case_access import Viewer
from imr.web.access.paging import Paged
from imr.web.models import CaseRow, MembershipRow, PersonRow, ViewRow
from imr.web.platform import clock
from imr.web.platform.authentication import needs_second_factor
from imr.web.store import audit_log
from imr.web.store.audit_log import AuditAction

#: The permission that makes somebody a privacy officer.
PERMISSION = "imr.view_viewrow"
#: How long an account may be unused before the access review asks whether it is still needed.
UNUSED = timedelta(days=90)


def log_list(user: Viewer, thing: str, cases: Iterable[str] = (), *, role: str = "") -> None:
    """Log that somebody was shown a list with names, of these cases."""
    if isinstance(user, PersonRow):
        audit_log.entry(user, AuditAction.LIST, role=role, thing=thing, cases=cases).save()


def log_request(
    user: Viewer, action: AuditAction, *, case: str = "", thing: str = "", digest: str = "", detail: str = ""
) -> None:
    """Log what a request did that is no look at a thing of a case: an export, a refusal, the administration."""
    if isinstance(user, PersonRow):
        audit_log.save(audit_log.entry(user, action, case=case, thing=thing, digest=digest, detail=detail))


def log_account(person: Viewer | None, action: AuditAction, detail: str = "") -> None:
    """Log what happened to an account: a sign-in, one that failed, another second factor."""
    whose = person if isinstance(person, PersonRow) else None
    audit_log.save(audit_log.entry(whose, action, thing="account", detail=detail))


def log_failed_sign_in(email: str) -> None:
    """Log a sign-in that failed. The address is kept only where it is an account's: people type passwords into that field."""
    found = PersonRow.objects.filter(email__iexact=audit_log.storable(email)[:254]).first() if email else None
    log_account(found, AuditAction.FAILED_SIGN_IN)


def signs_from(user: Viewer) -> datetime | None:
    """Return from when somebody may sign again after a reset, as their account was read; None where they may sign now."""
    until: datetime | None = user.signs_from if isinstance(user, PersonRow) else None
    return until if until is not None and until > clock.now() else None


def is_officer(user: object) -> bool:
    """Return whether somebody may read the audit log."""
    if not isinstance(user, PersonRow) or user.is_superuser:  # who administers does not learn who reviews a case
        return False
    return user.is_active and user.is_staff and user.has_perm(PERMISSION)


def insist_officer(user: Viewer) -> PersonRow:
    """Return the account of a privacy officer. Raises Http404 for everybody else."""
    if not isinstance(user, PersonRow) or not is_officer(user):
        raise Http404
    return user


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What a privacy officer asks for: the cases of a number or of an employee's name, an account, and the days."""

    case: str = ""
    employee: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.case or self.employee or self.account or self.since or self.until)

    def __str__(self) -> str:
        asked: Mapping[str, object] = {
            "case": self.case, "employee": self.employee, "account": self.account, "since": self.since, "until": self.until,
        }  # fmt: skip
        return ", ".join(f"{name} {value}" for name, value in asked.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An entry of the audit log: when, who, in which role, did what with which thing of which case, and from where."""

    at: datetime
    email: str
    name: str
    role: str
    action: str
    thing: str
    case: str
    listed: int
    digest: str
    address: str
    device: str
    session: str
    detail: str


def audit_lines(user: Viewer, query: AuditQuery) -> Sequence[AuditLine]:
    """Return the entries of the audit log that are asked for, the latest first. The search is itself logged."""
    officer = insist_officer(user)
    numbers = _numbers(query)
    audit_log.entry(
        officer, AuditAction.SEARCH, thing="audit log", cases=numbers or (), detail=str(query) or "everything"
    ).save()
    found = ViewRow.objects.select_related("person").order_by("-pk")
    if numbers is not None:
        found = found.filter(Q(case__in=numbers) | Q(cases__overlap=sorted(numbers)))
    if query.account:
        found = found.filter(person__email__iexact=query.account)
    if query.since:
        found = found.filter(at__gte=_midnight(query.since))
    if query.until:
        found = found.filter(at__lt=_midnight(query.until + timedelta(days=1)))
    return Paged(found, _line)


def _numbers(query: AuditQuery) -> set[str] | None:
    """Return the cases that are asked about; None where no case and no employee is named."""
    if not query.case and not query.employee:
        return None
    found = {query.case} if query.case else set()
    if query.employee:
        keys = sorted(identity.lookup_keys(query.employee[:200]))
        found |= set(CaseRow.objects.filter(names__overlap=keys).values_list("number", flat=True)) if keys else set()
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CALIFORNIA)


def _line(row: ViewRow) -> AuditLine:
    return AuditLine(
        at=row.at,
        email=row.person.email if row.person else "",
        name=row.person.name if row.person else "",
        role=row.role,
        action=row.action,
        thing=row.thing,
        case=row.case,
        listed=len(row.cases),
        digest=row.digest,
        address=row.address,
        device=row.device,
        session=row.session,
        detail=row.detail,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account as the access review lists it, with what somebody should look at."""

    email: str
    name: str
    roles: tuple[str, ...]
    organization: str
    reviewer: str
    active: bool
    administers: bool
    joined_at: datetime | None
    last_login: datetime | None
    cases: int
    questions: tuple[str, ...]


def access_review(user: Viewer) -> tuple[AccountLine, ...]:
    """Return every account with what it may do, those with a question first. The look is logged."""
    officer = insist_officer(user)
    audit_log.entry(officer, AuditAction.LIST, thing="accounts", detail="access review").save()
    return tuple(sorted(map(_account, _accounts()), key=lambda line: (not line.questions, line.email)))


def _accounts() -> QuerySet[PersonRow]:
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes"))
    open_ones = Count("membershiprow", filter=Q(membershiprow__until__isnull=True), distinct=True)
    party = Exists(MembershipRow.objects.filter(person=OuterRef("pk")))
    found = PersonRow.objects.select_related("organization")
    return found.annotate(factor=factor, parts=open_ones, party=party).order_by("email")


def _account(row: PersonRow) -> AccountLine:
    return AccountLine(
        email=row.email,
        name=row.name,
        roles=tuple(row.roles),
        organization=row.organization.name if row.organization else "",
        reviewer=row.reviewer_id or "",
        active=row.is_active,
        administers=row.is_staff or row.is_superuser,
        joined_at=row.joined_at,
        last_login=row.last_login,
        cases=getattr(row, "parts", 0),
        questions=tuple(_questions(row)) if row.is_active else (),
    )


def _questions(row: PersonRow) -> Iterator[str]:
    """Yield what the access review should ask about an account that is active."""
    last = row.last_login or row.joined_at
    if last is not None and last < clock.now() - UNUSED:
        yield f"not used for {UNUSED.days} days: is it still needed?"
    if needs_second_factor(row) and not getattr(row, "factor", False):
        yield "has no second factor yet"
    if row.is_superuser and row.roles:
        yield "administers everything and acts in cases: can one of them be taken away?"
    if not row.roles and not (row.is_staff or row.is_superuser) and not getattr(row, "party", False):
        yield "has no role"
