"""Who becomes a party of a case on the site: the person who files it at once, everybody else when invited by intake.

What an application says of its parties is typed text and gives nobody a right. An account with a verified address that it
names, or an organization whose name may be the one that it names, is proposed; `actions.settle_proposal` invites it, and it
joins with the code of the invitation. Whom a changed application names no longer, is a party no longer. An address is verified by a link in a mail that was opened, or by the office's statement (docs/decisions/0008-parties.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from imr import identity
from imr.case.chain import Recorded
from imr.case.events import ApplicationReceived, InformationAnswered, RemandOpened
from imr.case.state import Stage
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web.models import CaseRow, MembershipRow, OrganizationRow, PartyRow, PersonRow, ProposalRow
from imr.web.store import audit_log, notifications
from imr.web.store.audit_log import AuditAction

#: Why an account is invited that nothing proposed.
NAMED = "named by intake"
#: The invitations that ended since the application no longer names whom they were for; one that intake refuses has no time.
ENDED = Q(accepted=False, code_until__isnull=False)


@dataclass(frozen=True, slots=True)
class Match:
    """An account or an organization that may be a party of a case, and why."""

    case: str
    role: str
    person: PersonRow | None
    organization: OrganizationRow | None
    why: str

    @property
    def key(self) -> tuple[str, str, int | None, int | None]:
        """Return what identifies a match."""
        person = None if self.person is None else self.person.pk
        return self.case, self.role, person, None if self.organization is None else self.organization.pk


def add_parties(item: Recorded, user: PersonRow | None) -> None:
    """Put the case on the list of the person who files it, propose everybody else whom its application names, and end who it no longer names."""
    event = item.event
    if not isinstance(event, ApplicationReceived | InformationAnswered | RemandOpened):
        return
    if isinstance(event, ApplicationReceived) and item.by.role in PARTIES and user is not None:
        enter_party(item.case, item.by.role.value, item.at, person=user)
    if isinstance(event, RemandOpened):  # the same case under another number: its parties stay
        for row in MembershipRow.objects.filter(case=event.earlier, until__isnull=True):
            enter_party(item.case, row.role, item.at, row.person, row.organization)
    named = PartyRow.objects.filter(case=item.case)
    end_unnamed(item.case, named, item.at)
    propose(named, item.at)


def enter_party(
    case: str, role: str, at: datetime, person: PersonRow | None = None, organization: OrganizationRow | None = None
) -> MembershipRow:
    """Make a person or an organization a party of a case; a membership that has ended begins again."""
    party = PartyRow.objects.filter(case=case, role=role).first()
    named = {"party_name": party.name if party else "", "party_email": party.email if party else ""}
    row, made = MembershipRow.objects.get_or_create(
        case=case, role=role, person=person, organization=organization, defaults={"since": at, **named}
    )
    if not made and row.until is not None:
        MembershipRow.objects.filter(pk=row.pk).update(since=at, until=None, **named)
        row.refresh_from_db()
    return row


def end_unnamed(case: str, parties: Iterable[PartyRow], at: datetime) -> None:
    """End the memberships and the invitations of those whom the application does not name any more, and tell them."""
    named = {party.role: party for party in parties}
    members = MembershipRow.objects.filter(case=case, until__isnull=True).select_related("person", "organization")
    for row in members:
        if is_still_named(row, named.get(row.role)):
            continue
        row.until = at
        row.save(update_fields=["until"])
        detail = f"the application no longer names {row.organization or row.person}"
        audit_log.entry(
            row.person, AuditAction.ACCOUNT, role=row.role, case=case, thing="parties", detail=detail
        ).save()
        notifications.tell_of_end(row)
    for invited in ProposalRow.objects.filter(case=case, accepted=True, joined_at__isnull=True):
        party = named.get(invited.role)
        if party is None or not fits(invited, party):
            invited.accepted, invited.code, invited.code_until = False, "", at
            invited.save(update_fields=["accepted", "code", "code_until"])


def fits(row: ProposalRow, party: PartyRow | None) -> bool:
    """Return whether a proposal still is about the party that the application names now, or intake named its account."""
    if row.why == NAMED:
        return True
    return party is not None and any(match.key[1:] == _key(row) for match in matches([party]))


def _key(row: ProposalRow) -> tuple[str, int | None, int | None]:
    return row.role, row.person_id, row.organization_id


def is_still_named(row: MembershipRow, party: PartyRow | None) -> bool:
    """Return whether the party that an application names now is the one for whom somebody became a party of the case.

    Whom the application named by a verified address stays as long as it gives an address of theirs. Who filed, and whom intake
    named, stays as long as the name may be the same.
    """
    if party is None:
        return not (row.party_name or row.party_email)
    if row.organization is not None:
        return _are_one(row.organization, party.name)
    if row.person is None or row.party_email == party.email == "":
        return bool(identity.compare(row.party_name, party.name)) or not row.party_name
    own = set(row.person.emailaddress_set.filter(verified=True).values_list("email", flat=True))
    if party.email in own:
        return True
    if row.party_email != party.email and row.party_email in own:
        return False  # the address was the reason, and it was corrected
    return not row.party_name or bool(identity.compare(row.party_name, party.name))


def propose_in_open_cases(person: PersonRow, at: datetime) -> None:
    """Propose an account whose address was just verified, and its organization, in the open cases that name them."""
    proven = person.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    wanted = list(_open().filter(email__in=list(proven), role__in=person.roles))
    if person.organization is not None and Role.CLAIMS_ADMINISTRATOR.value in person.roles:
        offices = _open().filter(role=Role.CLAIMS_ADMINISTRATOR.value)
        named = [
            name for name in offices.values_list("name", flat=True).distinct() if _are_one(person.organization, name)
        ]
        wanted += offices.filter(name__in=named)
    propose(wanted, at)


def _open() -> QuerySet[PartyRow]:
    ended = [stage.name for stage in Stage if stage.ended]
    return PartyRow.objects.filter(~Exists(CaseRow.objects.filter(number=OuterRef("case"), stage__in=ended)))


def propose(parties: Iterable[PartyRow], at: datetime) -> None:
    """Update the proposals that wait for intake to those who match these parties now.

    Settled ones stay settled, except an invitation that ended because its party was not named any more: it waits again.
    """
    found = {match.key: match for match in matches(parties)}
    touched = {(party.case, party.role) for party in parties}
    cases = {case for case, _ in touched}
    proposed = ProposalRow.objects.filter(case__in=cases)
    keys = ("case", "role", "person", "organization")
    stale = [
        pk
        for pk, *key in proposed.filter(settled_at__isnull=True).values_list("pk", *keys)
        if (key[0], key[1]) in touched and tuple(key) not in found
    ]
    ProposalRow.objects.filter(pk__in=stale, settled_at__isnull=True).delete()
    for row in proposed.filter(ENDED):
        if match := found.get((row.case, *_key(row))):
            row.settled_by = row.settled_at = row.accepted = row.code_until = None
            row.why, row.at = match.why, at
            row.save()
    known = {*MembershipRow.objects.filter(case__in=cases).values_list(*keys), *proposed.values_list(*keys)}
    ProposalRow.objects.bulk_create(
        (
            ProposalRow(
                case=match.case,
                role=match.role,
                person=match.person,
                organization=match.organization,
                why=match.why,
                at=at,
            )
            for key, match in found.items()
            if key not in known
        ),
        ignore_conflicts=True,
    )


def matches(parties: Iterable[PartyRow]) -> Iterator[Match]:
    """Return who may be one of these parties, by a verified address or by the name of an organization."""
    parties = list(parties)
    addresses = {party.email for party in parties if party.email}
    people = PersonRow.objects.filter(
        emailaddress__email__in=addresses, emailaddress__verified=True, is_active=True
    ).annotate(proven=F("emailaddress__email"))
    by_address: dict[str, list[PersonRow]] = {}
    for proven in people:
        by_address.setdefault(proven.proven, []).append(proven)
    administrators = [party for party in parties if party.role == Role.CLAIMS_ADMINISTRATOR.value]
    offices = _offices() if administrators else []
    for party in parties:
        for person in by_address.get(party.email, ()):
            if party.role in person.roles:
                why = (
                    f"the account has verified the address {party.email}, which the application gives for {party.name}"
                )
                if person.name:
                    why += f"; the account's own name is {person.name} ({identity.compare(person.name, party.name).because})"
                yield Match(party.case, party.role, person, None, why[:500])
    for party in administrators:
        for office in offices:
            compared = identity.compare(office.name, party.name)
            if compared:
                why = f"{office.name} and {party.name}, as the application writes it: {compared.because}"
                yield Match(party.case, party.role, None, office, why[:500])


def _offices() -> list[OrganizationRow]:
    """Return the organizations for which claims administrators sign in."""
    signed_in = {"personrow__roles__contains": [Role.CLAIMS_ADMINISTRATOR.value], "personrow__is_active": True}
    return list(OrganizationRow.objects.filter(**signed_in).distinct())


def _are_one(office: OrganizationRow, name: str) -> bool:
    return bool(identity.compare(office.name, name))
