"""The service of letters on the site: a row for each recipient of a letter, written with the step that makes it.

A recipient whom the site reaches, a party with an account of a proven address, is told by e-mail that the letter can be read here,
if the letter is sent electronically; everybody else's copy is to be printed. A message says no more than that there is news: it serves
the letter because the letter can be read on the site. `actions.tending` notes in the case what has gone out.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from imr.case.chain import Recorded
from imr.case.document_types import DocumentType
from imr.case.events import InformationAnswered, InformationAsked, LetterServed, OrganizationAssigned, RecordsAsked
from imr.case.letters import CaseLetter, LetterCopy
from imr.case.state import Case
from imr.case.steps.service import MessageSent
from imr.law.roles import PARTIES
from imr.law.terms import Role, Service
from imr.web.models import DocumentRow, MembershipRow, OutboxRow, PartyRow, PersonRow, ServiceRow
from imr.web.store import notifications
from imr.web.store.documents import PDF


class Channel(Enum):
    """How a copy of a letter reaches its recipient."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


def reached(number: str, role: Role) -> QuerySet[PersonRow]:
    """The active accounts with a proven address that can read the letters of this role in a case."""
    people = PersonRow.objects.filter(
        emailaddress__email=F("email"), emailaddress__verified=True, is_active=True, roles__contains=[role.value]
    )
    if role in PARTIES:
        members = MembershipRow.objects.filter(case=number, role=role.value, until__isnull=True)
        people = people.filter(Q(membershiprow__in=members) | Q(organization__membershiprow__in=members))
    return people.distinct()


def channel_of(number: str, role: Role, service: Service | None) -> Channel:
    """How a letter that is sent this way would reach this recipient now."""
    electronic = service is Service.ELECTRONIC and notifications.reaches_people() and reached(number, role).exists()
    return Channel.ELECTRONIC if electronic else Channel.PAPER


def follow(chain: Sequence[Recorded], case: Case) -> None:
    """Bring the rows of a case up to date where its last event makes a letter, serves one, or may change an address.

    It comes after the messages of the event are entered, which the rows name.
    """
    item = chain[-1]
    made = bool(case.letters) and case.letters[-1].number == item.number
    if made or isinstance(item.event, LetterServed | InformationAnswered):
        refresh(chain, case)


def refresh(chain: Sequence[Recorded], case: Case) -> None:
    """Make the rows of a case as its letters have them; the channel of a row that is there stays."""
    kept = {(row.event, row.role): row for row in ServiceRow.objects.filter(case=case.number)}
    tracked = [letter for letter in case.letters if letter.tracked]
    parties = {party.role: party for party in PartyRow.objects.filter(case=case.number)} if tracked else {}
    for letter in tracked:
        for copy in letter.copies:
            row = kept.pop((letter.number, copy.role.value), None) or _begun(chain, letter, copy.role)
            _bring_up_to_date(row, copy, parties.get(copy.role.value))
    ServiceRow.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()


def _begun(chain: Sequence[Recorded], letter: CaseLetter, role: Role) -> ServiceRow:
    item = chain[letter.number - 1]
    told = OutboxRow.objects.filter(case=item.case, event=item.number, person__in=reached(item.case, role).values("pk"))
    messages = list(told) if letter.service is Service.ELECTRONIC and notifications.reaches_people() else []
    row = ServiceRow.objects.create(
        case=item.case,
        event=item.number,
        letter=letter.kind.value,
        role=role.value,
        channel=(Channel.ELECTRONIC if messages else Channel.PAPER).value,
        document=_document(item),
        at=item.at,
    )
    row.messages.set(messages)
    return row


def _document(item: Recorded) -> str:
    """The digest of the letter that an event made: it came with the step, or was drawn up by it."""
    match item.event:
        case InformationAsked(letter=digest) | RecordsAsked(letter=digest) | OrganizationAssigned(notice=digest):
            return digest
    drawn = DocumentRow.objects.filter(case=item.case, paper=DocumentType.NOTICE.value, media_type=PDF, at=item.at)
    return drawn.values_list("digest", flat=True).first() or ""


def _bring_up_to_date(row: ServiceRow, copy: LetterCopy, party: PartyRow | None) -> None:
    served = copy.served
    if row.served_on is None:  # a copy that went out keeps the address to which it went
        row.name, row.address = ("", "") if party is None else (party.name, party.address)
    row.sent_at = copy.by_message.received_at if copy.by_message else None
    row.served_on = served.on if served else None
    row.known = served.known.value if served else ""
    row.save(update_fields=["name", "address", "sent_at", "served_on", "known"])


#: A message that has truly gone out. What was never sent says why in its problem.
_GONE = Q(sent_at__isnull=False, problem="")


def cases_told() -> list[str]:
    """The cases of which a message went out that tells of a letter, and that do not know it yet."""
    gone = OutboxRow.objects.filter(_GONE, servicerow=OuterRef("pk"))
    found = ServiceRow.objects.filter(Exists(gone), channel=Channel.ELECTRONIC.value, sent_at__isnull=True)
    return list(found.order_by("case").values_list("case", flat=True).distinct())


def went_out(number: str) -> Iterator[MessageSent]:
    """The messages that went out and that a case does not know of: those of one letter and one minute together."""
    found: list[tuple[int, Any, Role]] = []
    for row in ServiceRow.objects.filter(case=number, sent_at__isnull=True).order_by("event", "pk"):
        first = row.messages.filter(_GONE).order_by("sent_at").values_list("sent_at", flat=True).first()
        if first is not None:  # of a company with several accounts the first counts
            found.append((row.event, first, Role(row.role)))
    for (event, _), told in groupby(sorted(found, key=_minute), key=_minute):
        of_one = list(told)
        yield MessageSent(
            letter=event, recipients=tuple(role for _, _, role in of_one), at=max(at for _, at, _ in of_one)
        )


def _minute(told: tuple[int, Any, Role]) -> tuple[int, Any]:
    return told[0], told[1].replace(second=0, microsecond=0)


def to_print() -> QuerySet[ServiceRow]:
    """The copies that are to be printed: no message tells anybody about them, or none can go out any more."""
    live = OutboxRow.objects.filter(_GONE | Q(sent_at__isnull=True, next_at__isnull=False), servicerow=OuterRef("pk"))
    return ServiceRow.objects.filter(Q(channel=Channel.PAPER.value) | ~Exists(live), served_on__isnull=True)


def problem_of(row: ServiceRow) -> str:
    """Why nobody could be told of a letter; empty where somebody was, or still can be."""
    messages = list(row.messages.all())
    stuck = [one for one in messages if one.problem and (one.sent_at is not None or one.next_at is None)]
    return stuck[0].problem if stuck and len(stuck) == len(messages) else ""
