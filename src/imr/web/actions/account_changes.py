"""What administrators do to the accounts of others: one asks, another confirms; taking access away takes effect at once.

Nobody confirms what they asked for, or what is about their own account; the database refuses it too. Each act needs a second factor
given within minutes, is logged, and is told to the person by mail, at the old address and at a new one.
"""

from collections.abc import Callable, Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from imr.errors import Refused
from imr.law.terms import Role
from imr.web import access
from imr.web.access import AuditAction, ChangeKind
from imr.web.actions.parties import look_for_cases
from imr.web.models import AccountAnswerRow, AccountChangeRow, MembershipRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.platform import clock
from imr.web.platform.authentication import FRESH, SecondFactorExpired
from imr.web.store import account_security, notifications

#: What the person reads of a change that was asked for or refused, and of one that was made.
_ASKED = {
    ChangeKind.NEW: "a new account",
    ChangeKind.RIGHTS: "a change of its roles and rights",
    ChangeKind.ADDRESS: "a change of its e-mail address",
    ChangeKind.SECOND_FACTOR: "the removal of its second factor",
    ChangeKind.ACTIVE: "that it can be used again",
}
_DONE = {
    ChangeKind.NEW: 'it was made; to sign in, set a password with "I have forgotten my password"',
    ChangeKind.RIGHTS: "its roles and rights were changed",
    ChangeKind.ADDRESS: "its e-mail address was changed",
    ChangeKind.SECOND_FACTOR: "its second factor was removed; at the next sign-in you set up a new one",
    ChangeKind.ACTIVE: "it can be used again",
    ChangeKind.INACTIVE: "it was made inactive, and nobody can sign in to it",
}


def pause_signing(person: PersonRow) -> None:
    """Let an account sign nothing for a while, after its owner or the operator reset how it signs in."""
    account_security.pause_signing(person)


def end_sessions(person: PersonRow) -> None:
    """Sign an account out everywhere, after the operator reset how it signs in."""
    account_security.end_sessions(person)


def ask_new_account(user: access.Viewer, email: str, rights: access.Rights, why: str) -> int:
    """Ask for a new account; return the number of the request. Raises Refused where the address is taken."""
    administrator = insist_recent_factor(user)
    email = email.strip().lower()
    _insist_free(email, None)
    _insist_possible(rights, None)
    return _ask(administrator, None, ChangeKind.NEW, {}, {"email": email, **rights.plain()}, why)


@transaction.atomic
def ask_rights(user: access.Viewer, account: int, rights: access.Rights, why: str) -> int:
    """Ask that an account gets these rights in place of those that it has; return the number of the request."""
    administrator, person = insist_recent_factor(user), _locked(account)
    _insist_possible(rights, person)
    before = access.rights(person)
    if before == rights:
        raise Refused("the account has these rights already: nothing would change")
    return _ask(administrator, person, ChangeKind.RIGHTS, before.plain(), rights.plain(), why)


@transaction.atomic
def ask_address(user: access.Viewer, account: int, email: str, why: str) -> int:
    """Ask that an account gets another e-mail address; return the number of the request."""
    administrator, person = insist_recent_factor(user), _locked(account)
    email = email.strip().lower()
    if email == person.email:
        raise Refused("the account has this address already: nothing would change")
    _insist_free(email, person)
    return _ask(administrator, person, ChangeKind.ADDRESS, {"email": person.email}, {"email": email}, why)


@transaction.atomic
def ask_second_factor_reset(user: access.Viewer, account: int, why: str) -> int:
    """Ask that every second factor of an account is removed; return the number of the request."""
    administrator, person = insist_recent_factor(user), _locked(account)
    held = _factors(person)
    if not held:
        raise Refused("the account has no second factor: there is nothing to reset")
    return _ask(administrator, person, ChangeKind.SECOND_FACTOR, {"factors": held}, {"factors": []}, why)


@transaction.atomic
def ask_activation(user: access.Viewer, account: int, why: str) -> int:
    """Ask that an inactive account may sign in again; return the number of the request."""
    administrator, person = insist_recent_factor(user), _locked(account)
    if person.is_active:
        raise Refused("the account is active already: nothing would change")
    return _ask(administrator, person, ChangeKind.ACTIVE, {"active": False}, {"active": True}, why)


@transaction.atomic
def deactivate(user: access.Viewer, account: int, why: str) -> None:
    """Make an account inactive, at once: it is signed out everywhere, and the history names it forever.

    Raises Refused for one's own account, which another administrator has to make inactive.
    """
    administrator = insist_recent_factor(user)
    _lock_administrators(administrator)
    person = _locked(account)
    if person == administrator:
        raise Refused("this is your own account: another administrator has to make it inactive")
    if not person.is_active:
        raise Refused("the account is inactive already: nothing would change")
    _ask(administrator, person, ChangeKind.INACTIVE, {"active": True}, {"active": False}, why)
    person.is_active = False
    person.save(update_fields=["is_active"])
    account_security.end_sessions(person)


@transaction.atomic
def end_membership(user: access.Viewer, membership: int, why: str) -> None:
    """End, at once, that an account or an organization is a party of a case. Intake can make it one again."""
    administrator = insist_recent_factor(user)
    row = MembershipRow.objects.select_for_update(of=("self",)).filter(pk=membership, until__isnull=True).first()
    if row is None:
        raise Refused("this has ended already: reload the page")
    row.until = clock.now()
    row.save(update_fields=["until"])
    whose = row.person.email if row.person else f"everybody of {row.organization}"
    access.log_request(
        administrator,
        AuditAction.ACCOUNT,
        case=row.case,
        thing="account",
        detail=f"ended that {whose} is {row.role} of this case: {_words(why)}",
    )
    if row.person is not None:
        notifications.tell_of_account({row.person.email}, "access to a case was ended")


def answer(user: access.Viewer, change: int, *, confirmed: bool) -> None:
    """Confirm a change that another administrator asked for, which makes it; or refuse it.

    Raises Refused where somebody has answered it, it has lapsed, the account has changed since, or it is not this person's to confirm.
    """
    administrator = insist_recent_factor(user)
    try:
        _answer(administrator, change, confirmed=confirmed)
    except IntegrityError as error:
        raise Refused("another change was made at the same moment: reload the page, then try again") from error


def _answer(administrator: PersonRow, change: int, *, confirmed: bool) -> None:
    with transaction.atomic():
        _lock(change)
        _lock_administrators(administrator)
        row = AccountChangeRow.objects.filter(pk=change).first()
        if row is None or ChangeKind(row.kind).at_once:
            raise Http404
        if AccountAnswerRow.objects.filter(change=row).exists():
            raise Refused("somebody has answered this already: reload the page")
        if not confirmed:
            _answered(administrator, row, None, confirmed=False)
            return
        if (reason := access.not_confirmable(administrator, row)) is not None:
            raise Refused(reason)
        _answered(administrator, row, _MAKE[ChangeKind(row.kind)](row), confirmed=True)


def _answered(administrator: PersonRow, row: AccountChangeRow, made: PersonRow | None, *, confirmed: bool) -> None:
    AccountAnswerRow.objects.create(change=row, at=clock.now(), by=administrator, confirmed=confirmed, made=made)
    what = "confirmed" if confirmed else "refused"
    access.log_account(administrator, AuditAction.ACCOUNT, f"{what} change {row.pk}, {row.kind}: {access.whose(row)}")
    person = row.person or made
    if person is not None:
        kind = ChangeKind(row.kind)
        notifications.tell_of_account(
            _addresses(row, person), _DONE[kind] if confirmed else f"{_ASKED[kind]} was refused"
        )


def _ask(
    administrator: PersonRow,
    person: PersonRow | None,
    kind: ChangeKind,
    before: Mapping[str, object],
    after: Mapping[str, object],
    why: str,
) -> int:
    """Enter a change, log it, and tell the person."""
    waiting = access.waiting_rows().filter(kind=kind.value, person=person)
    if any(row.after == after or person is not None for row in waiting):
        raise Refused("the same was asked for already and waits for an answer: have it confirmed or refused first")
    row = AccountChangeRow.objects.create(
        at=clock.now(),
        by=administrator,
        person=person,
        kind=kind.value,
        before=dict(before),
        after=dict(after),
        why=_words(why),
    )
    verb = "made" if kind.at_once else "asked for"
    access.log_account(administrator, AuditAction.ACCOUNT, f"{verb} change {row.pk}, {kind.value}: {access.whose(row)}")
    if person is not None:
        notifications.tell_of_account(
            _addresses(row, person), _DONE[kind] if kind.at_once else f"{_ASKED[kind]} was asked for"
        )
    return row.pk


def _new(row: AccountChangeRow) -> PersonRow:
    """Make a new account without a password: its owner sets one by "I have forgotten my password"."""
    rights, email = access.Rights.of(row.after), str(row.after["email"])
    _insist_free(email, None)
    _insist_possible(rights, None)
    person = PersonRow.objects.create_user(email, None, joined_at=clock.now())
    _give(person, rights)
    return person


def _rights(row: AccountChangeRow) -> None:
    person = _unchanged(row, lambda person: access.rights(person).plain())
    rights = access.Rights.of(row.after)
    _insist_possible(rights, person)
    if rights.reviewer and rights.reviewer != person.reviewer_id:
        account_security.pause_signing(person)
    _give(person, rights)


def _address(row: AccountChangeRow) -> None:
    person = _unchanged(row, lambda person: {"email": person.email})
    email = str(row.after["email"])
    _insist_free(email, person)
    person.email = email
    person.save(update_fields=["email"])
    person.state_address()
    account_security.pause_signing(person)
    account_security.end_sessions(person)
    look_for_cases(person)


def _second_factor(row: AccountChangeRow) -> None:
    person = _unchanged(row, lambda person: {"factors": _factors(person)})
    Authenticator.objects.filter(user=person).delete()
    account_security.pause_signing(person)
    account_security.end_sessions(person)


def _active(row: AccountChangeRow) -> None:
    person = _unchanged(row, lambda person: {"active": person.is_active})
    person.is_active = True
    person.save(update_fields=["is_active"])
    account_security.end_sessions(person)
    look_for_cases(person)


#: What makes each change once it is confirmed; a new account is returned.
_MAKE: Mapping[ChangeKind, Callable[[AccountChangeRow], PersonRow | None]] = {
    ChangeKind.NEW: _new,
    ChangeKind.RIGHTS: _rights,
    ChangeKind.ADDRESS: _address,
    ChangeKind.SECOND_FACTOR: _second_factor,
    ChangeKind.ACTIVE: _active,
}


def _give(person: PersonRow, rights: access.Rights) -> None:
    """Give an account these rights, and take all others of it."""
    person.name, person.roles = rights.name, [role.value for role in rights.roles]
    person.organization = OrganizationRow.objects.get(name=rights.organization) if rights.organization else None
    person.reviewer_id = rights.reviewer or None
    person.is_superuser = rights.administrator
    person.is_staff = rights.administrator or rights.officer
    person.save()
    permission = Permission.objects.get(content_type__app_label="imr", codename="view_viewrow")
    person.user_permissions.set([permission] if rights.officer else [])
    person.groups.clear()
    look_for_cases(person)


def _unchanged(row: AccountChangeRow, now: Callable[[PersonRow], object]) -> PersonRow:
    """Return the account, locked. Raises Refused where it is not any more what it was when the change was asked for."""
    if row.person_id is None:
        raise Refused("this change names no account")
    person = _locked(row.person_id)
    if now(person) != row.before:
        raise Refused("the account has changed since this was asked for: refuse this, and ask again")
    return person


def insist_recent_factor(user: access.Viewer) -> PersonRow:
    """Return the account of an administrator whose second factor is recent. Raises Http404 for everybody else."""
    administrator = access.insist_administrator(user)
    factor = administrator.second_factor
    if factor is None or clock.now() - factor.at > FRESH:
        raise SecondFactorExpired("a change of accounts needs your second factor: give it again, then send this again")
    return administrator


def _lock_administrators(administrator: PersonRow) -> None:
    """Lock every administrator until the transaction ends, so that no two of them take it from each other at the same moment.

    Raises Http404 where this one is none any more.
    """
    able = PersonRow.objects.select_for_update(of=("self",), no_key=True).filter(is_superuser=True).order_by("pk")
    if not any(access.is_administrator(one) for one in able if one == administrator):
        raise Http404


def _lock(change: int) -> None:
    """Lock a change against another answer until the transaction ends; the site may lock no row of history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"account change {change}"])


def _locked(account: int) -> PersonRow:
    person = PersonRow.objects.select_for_update(of=("self",), no_key=True).filter(pk=account).first()
    if person is None:
        raise Http404
    return person


def _insist_free(email: str, person: PersonRow | None) -> None:
    """Refuse an address that another account has, or has verified."""
    others = PersonRow.objects.exclude(pk=person.pk) if person else PersonRow.objects.all()
    if others.filter(email__iexact=email).exists():
        raise Refused(f"{email} is the address of another account: change that account, or choose another address")
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=person).exists():
        raise Refused(
            f"another account has verified {email}: give that account the role, or have the address removed from it"
        )


def _insist_possible(rights: access.Rights, person: PersonRow | None) -> None:
    """Refuse rights that name what does not exist, or what excludes itself."""
    if rights.organization and not OrganizationRow.objects.filter(name=rights.organization).exists():
        raise Refused(f"there is no organization {rights.organization}: enter it under Organizations first")
    if rights.reviewer and Role.REVIEWER not in rights.roles:
        raise Refused("only an account with the role reviewer is on the panel: add the role, or leave the number empty")
    if rights.reviewer and not ReviewerRow.objects.filter(pk=rights.reviewer).exists():
        raise Refused(f"the panel has no reviewer {rights.reviewer}: have a coordinator enter the reviewer first")
    holder = PersonRow.objects.filter(reviewer=rights.reviewer).first() if rights.reviewer else None
    if holder is not None and holder != person:
        raise Refused(f"another account is the one of reviewer {rights.reviewer}: take it from that account first")
    if rights.officer and (rights.administrator or rights.roles):
        raise Refused("a privacy officer administers nothing and acts in no case: choose one of them")
    if rights.administrator and rights.roles:
        raise Refused("an administrator acts in no case: choose one of them, or have two accounts")


def _factors(person: PersonRow) -> list[str]:
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def _words(why: str) -> str:
    """Return a reason. Raises Refused for an empty one."""
    words = " ".join(why.split())[:500]
    if not words:
        raise Refused("say why: who confirms it, and whoever audits it later, read it")
    return words


def _addresses(row: AccountChangeRow, person: PersonRow) -> set[str]:
    """Return where the person is told: the address of the account, before and after."""
    return {
        person.email,
        *(str(part["email"]) for part in (row.before, row.after) if part.get("email") and row.person_id),
    }
