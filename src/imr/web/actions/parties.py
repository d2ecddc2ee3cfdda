"""Who becomes a party of a case: intake invites or refuses who is proposed, or names an account; the party joins with a code."""

import hashlib
import secrets
from datetime import datetime, time

from django.db import transaction
from django.http import Http404

from imr.case.context import CALIFORNIA
from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web import access
from imr.web.actions.perform import lock_case
from imr.web.models import EventRow, MembershipRow, PartyRow, PersonRow, ProposalRow
from imr.web.platform import clock
from imr.web.platform.formatting import long_date
from imr.web.platform.periods import INVITATION
from imr.web.store import notifications, parties

#: The signs of a code: 16 of them are 80 bits that nobody guesses. Those that look like others are left out, and are read as these.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans("OIL", "011")

_NOT_NAMED = (
    "the application or the account has changed, and no longer fits whom this invitation was for: name the account yourself if it "
    "is right all the same"
)


@transaction.atomic
def settle_proposal(user: access.Viewer, number: str, proposal: int, *, accepted: bool) -> str:
    """Invite a proposed party of a case, or refuse it; return the code of the invitation, which also goes to it by mail.

    Raises Refused where somebody else has settled it, and where the reason for it no longer exists; Http404 for a person who is
    not intake in this case, which includes the person whom it is about.
    """
    lock_case(number)
    _insist_intake(user, number)
    row = ProposalRow.objects.filter(case=number, pk=proposal).select_related("person", "organization").first()
    if row is None:
        raise Refused("this is not proposed any more: the application or the account has changed. Reload the page")
    if row.settled_at is not None:
        if not row.accepted and row.code_until is not None:
            raise Refused(_NOT_NAMED)
        answer = "accepted" if row.accepted else "refused"
        raise Refused(
            f"this was {answer} already, on {long_date(row.settled_at.astimezone(CALIFORNIA).date())}: reload the page"
        )
    if accepted and not _fits(row):
        raise Refused(
            "this does not fit any more: the application or the account has changed since it was proposed. Refuse it, or name "
            "the account yourself"
        )
    return _settle(row, access.person(user), accepted=accepted)


@transaction.atomic
def name_party(user: access.Viewer, number: str, role: Role, email: str) -> str:
    """Invite the account of an address to a case, where intake knows whose it is and nothing proposes it; return the code.

    Raises Refused where there is no such account in that role, or it is this person's own; Http404 as above.
    """
    lock_case(number)
    _insist_intake(user, number)
    if role not in PARTIES:
        raise Refused(
            f"{role.value} is not a party of a case: choose one of {', '.join(each.value for each in PARTIES)}"
        )
    person = PersonRow.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None or role.value not in person.roles:
        raise Refused(
            f"no account {email.strip()} has the role {role.value}: check the spelling, or have the account made first under "
            "Administration"
        )
    if person == user:
        raise Refused("this is about yourself: somebody else at intake has to settle it")
    now = clock.now()
    row, _ = ProposalRow.objects.get_or_create(
        case=number, role=role.value, person=person, organization=None, defaults={"why": parties.NAMED, "at": now}
    )
    if row.accepted and MembershipRow.objects.filter(case=number, role=role.value, person=person, until=None).exists():
        raise Refused(f"{person.email} is a party of this case already, as {role.value}")
    if not _fits(row):
        row.why = parties.NAMED
    return _settle(row, access.person(user), accepted=True)


@transaction.atomic
def invite_again(user: access.Viewer, number: str, proposal: int) -> str:
    """Give an invitation that was not taken up another code, and return it; the one before is not valid any more.

    Raises Refused where it was taken up, or refused, or the application no longer names whom it was for; Http404 as above.
    """
    lock_case(number)
    _insist_intake(user, number)
    row = ProposalRow.objects.filter(case=number, pk=proposal, accepted=True, joined_at__isnull=True).first()
    if row is None:
        raise Refused("nobody waits for a code here any more: reload the page")
    if not _fits(row):
        raise Refused(_NOT_NAMED)
    return _settle(row, access.person(user), accepted=True)


@transaction.atomic
def accept_invitation(user: access.Viewer, code: str) -> str:
    """Make whoever enters the code of an invitation a party of its case, and return the number of the case.

    Raises Refused for a code that is not one of this person's, has been used, or is too old, and where the application no longer
    names whom it was for.
    """
    person = access.person(user)
    digest = _digest(code)
    found = access.invitations(person).filter(code=digest).first()
    if found is None:
        raise Refused(
            "no invitation to you has this code: compare it with the message, sign in with the account that was invited, or ask the "
            "organization for a new code"
        )
    lock_case(found.case)
    row = ProposalRow.objects.select_for_update().get(pk=found.pk)
    now = clock.now()
    if row.code != digest or row.code_until is None or row.code_until < now:
        raise Refused("this code is not valid any more: ask the organization for a new one")
    if not _fits(row):
        raise Refused("the application of this case does not name you any more: write to the organization")
    row.code, row.joined_at, row.joined_by = "", now, person
    row.save(update_fields=["code", "joined_at", "joined_by"])
    member = parties.enter_party(row.case, row.role, now, row.person, row.organization)
    notifications.welcome(row.case, EventRow.objects.filter(case=row.case).count(), member)
    return row.case


def look_for_cases(person: PersonRow) -> None:
    """Propose an account in the open cases whose applications name its address, now that the address is verified."""
    if person.is_active:
        parties.propose_in_open_cases(person, clock.now())


def _fits(row: ProposalRow) -> bool:
    return parties.fits(row, PartyRow.objects.filter(case=row.case, role=row.role).first())


def _insist_intake(user: access.Viewer, number: str) -> None:
    if not access.may_settle(access.open_case(user, number)):
        raise Http404


def _settle(row: ProposalRow, user: PersonRow, *, accepted: bool) -> str:
    """Record the answer of intake; where it accepts, make the code of the invitation, send it, and return it."""
    now = clock.now()
    code = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4)) if accepted else ""
    row.settled_by, row.settled_at, row.accepted = user, now, accepted
    row.code = _digest(code) if code else ""
    last = now.astimezone(CALIFORNIA).date() + INVITATION  # the message names the day, which counts whole
    row.code_until = datetime.combine(last, time(23, 59, 59), CALIFORNIA) if code else None
    row.joined_at = row.joined_by = None
    row.save()
    if code:
        notifications.invite(row, code)
    return code


def _digest(code: str) -> str:
    """Return the digest of a code, however it was typed: its signs in any case, with or without hyphens."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_TAKEN_FOR)
    return hashlib.sha256(signs.encode()).hexdigest()
