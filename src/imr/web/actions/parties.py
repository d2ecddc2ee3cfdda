"""Who becomes a party of a case: intake accepts or refuses a proposal, or names an account that nothing proposes."""

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
from imr.web.store import notifications, parties


@transaction.atomic
def settle_proposal(user: access.Viewer, number: str, proposal: int, *, accepted: bool) -> None:
    """Accept or refuse a proposed party of a case.

    Raises Refused where somebody else has settled it, and where the reason for it no longer exists; Http404 for a person who is
    not intake in this case, which includes the person whom it is about.
    """
    lock_case(number)
    _insist_intake(user, number)
    row = ProposalRow.objects.filter(case=number, pk=proposal).select_related("person", "organization").first()
    if row is None:
        raise Refused("this is not proposed any more: the application or the account has changed. Reload the page")
    if row.settled_at is not None:
        answer = "accepted" if row.accepted else "refused"
        raise Refused(
            f"this was {answer} already, on {long_date(row.settled_at.astimezone(CALIFORNIA).date())}: reload the page"
        )
    found = parties.matches(PartyRow.objects.filter(case=number, role=row.role))
    if accepted and (row.role, row.person_id, row.organization_id) not in {match.key[1:] for match in found}:
        raise Refused(
            "this does not fit any more: the application or the account has changed since it was proposed. Refuse it, or name "
            "the account yourself"
        )
    _settle(row, access.person(user), accepted=accepted)


@transaction.atomic
def name_party(user: access.Viewer, number: str, role: Role, email: str) -> None:
    """Make the account of an address a party of a case, where intake knows whose it is and nothing proposes it.

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
        case=number, role=role.value, person=person, organization=None, defaults={"why": "named by intake", "at": now}
    )
    if row.accepted and MembershipRow.objects.filter(case=number, role=role.value, person=person, until=None).exists():
        raise Refused(f"{person.email} is a party of this case already, as {role.value}")
    _settle(row, access.person(user), accepted=True)


def look_for_cases(person: PersonRow) -> None:
    """Propose an account in the open cases whose applications name its address, now that the address is verified."""
    if person.is_active:
        parties.propose_in_open_cases(person, clock.now())


def _insist_intake(user: access.Viewer, number: str) -> None:
    if not access.may_settle(access.open_case(user, number)):
        raise Http404


def _settle(row: ProposalRow, user: PersonRow, *, accepted: bool) -> None:
    row.settled_by, row.settled_at, row.accepted = user, clock.now(), accepted
    row.save(update_fields=["settled_by", "settled_at", "accepted"])
    if accepted:
        member = parties.enter_party(row.case, row.role, row.settled_at, row.person, row.organization)
        notifications.welcome(row.case, EventRow.objects.filter(case=row.case).count(), member)
