"""Mail: stored with the event that it reports, and sent by maintenance alone. It says that there is news, never what.

No request and no transaction waits for a mail server. `EmailBackend` also stores what Django and the accounts send; `send`
takes one message after the other: claimed in a transaction, sent outside of any, marked in another. A message that cannot be
sent is tried again after growing pauses; after the last it waits for a person, on the mail page of the review organization.
"""

import contextlib
import smtplib
import ssl
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet

from imr.case.chain import Recorded
from imr.case.context import CALIFORNIA
from imr.case.event_types import EVENT_TYPES
from imr.case.events import DeterminationIssued
from imr.law.disclosure import may_see
from imr.law.roles import PARTIES
from imr.law.terms import Role, Service
from imr.web.models import CaseRow, MembershipRow, OutboxRow, PersonRow, ProposalRow
from imr.web.platform import clock
from imr.web.platform.formatting import long_date
from imr.web.platform.periods import MAIL_PAUSES, SIGNING_PAUSE
from imr.web.store import installation

#: How long one round of maintenance sends, in seconds; a try that has begun is not broken off.
ROUND = 30.0
#: A message that was due for this long without an attempt means that maintenance does not run.
FORGOTTEN = timedelta(minutes=15)
_TO_FILE = "written to a file: no mail server is named (IMR_MAIL_HOST)"
_BEGUN = "an attempt was begun and not finished: the process that made it ended"


class EmailBackend(BaseEmailBackend):
    """Stores what Django and the accounts send, like every other message, for maintenance to send."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the plain text of these messages, one row a recipient; return how many messages."""
        now = clock.now()
        OutboxRow.objects.bulk_create(
            OutboxRow(
                address=address, subject=message.subject[:200], text=str(message.body), created_at=now, next_at=now
            )
            for message in email_messages
            for address in message.recipients()
        )
        return len(email_messages)


def enqueue(item: Recorded) -> None:
    """Enqueue a message to everybody whom this event concerns, except who caused it; nobody hears that a letter was served.

    A person who caused a letter that is addressed to them too gets the message as the others do: it serves the letter.
    """
    if not EVENT_TYPES[item.event.kind].is_news:
        return
    own_letter = item.by.role in getattr(item.event, "recipients", ())
    _enter(
        item.case,
        item.number,
        item.at,
        [
            person
            for person in _concerned(item)
            if own_letter or (f"person-{person.pk}" != item.by.id and person.reviewer_id != item.by.id)
        ],
    )


def welcome(case: str, event: int, member: MembershipRow) -> None:
    """Enqueue a message to a person who has become a party of a case, which has come as far as this event."""
    people = Q(membershiprow=member) | Q(organization__membershiprow=member)
    found = PersonRow.objects.filter(people, is_active=True, roles__contains=[member.role]).distinct()
    _enter(case, event, member.since, list(found))


def invite(row: ProposalRow, code: str) -> None:
    """Enqueue the code of an invitation to those who may enter it. The text goes from the table once it is sent."""
    text = (
        f"The organization asks you to confirm that you are a party of case {row.case}. Sign in and enter this code:\n\n"
        f"    {code}\n\n{settings.SITE}/account/invitation/\n\n"
        f"It is valid once, until {long_date(_day(row.code_until))}. If you do not know why you get this message, do nothing, or write "
        "to the organization: without the code nobody is given the case.\n"
    )
    _to_accounts(_accounts(row), f"{settings.ORGANIZATION}: an invitation to case {row.case}", text)


def tell_of_end(row: MembershipRow) -> None:
    """Enqueue a message to those who were a party of a case and are none any more."""
    text = (
        f"The application of case {row.case} was changed and does not name you any more. You cannot open the case on the site from now on. "
        "If this is wrong, write to the organization.\n"
    )
    _to_accounts(_accounts(row), f"{settings.ORGANIZATION}: case {row.case} is closed to you", text)


def _accounts(row: MembershipRow | ProposalRow) -> list[PersonRow]:
    """Return the accounts of a party in its role: the person, or everybody of the organization."""
    whose = Q(pk=row.person_id) if row.person_id else Q(organization=row.organization_id)
    return list(PersonRow.objects.filter(whose, is_active=True, roles__contains=[row.role]))


def _to_accounts(people: Sequence[PersonRow], subject: str, text: str) -> None:
    now = clock.now()
    OutboxRow.objects.bulk_create(
        OutboxRow(address=person.email, subject=subject[:200], text=text, created_at=now, next_at=now)
        for person in people
    )


def _day(at: datetime | None) -> date:
    return (at or clock.now()).astimezone(CALIFORNIA).date()


def tell_of_account(addresses: Iterable[str], what: str) -> None:
    """Enqueue a message to these addresses of an account: what was done to it, and what to do where its owner does not know why."""
    now = clock.now()
    contact = f"write to {settings.CONTACT}" if settings.CONTACT else f"tell {settings.ORGANIZATION}"
    text = (
        f"About your account at {settings.SITE}: {what}, on {long_date(now)}, by an administrator.\n\n"
        f"If you do not know why, {contact} at once. Nobody can sign with this account for "
        f"{SIGNING_PAUSE // timedelta(hours=1)} hours after its password, second factor or address was reset.\n"
    )
    OutboxRow.objects.bulk_create(
        OutboxRow(
            address=address, subject=f"{settings.ORGANIZATION}: your account", text=text, created_at=now, next_at=now
        )
        for address in addresses
    )


def _enter(case: str, event: int, at: datetime, people: Sequence[PersonRow]) -> None:
    subject = f"{settings.ORGANIZATION}: news in case {case}"
    text = (
        f"There is news in case {case}. Sign in to read it and to see what is due next:\n\n{settings.SITE}/cases/{case}/\n\n"
        "For your privacy this message does not say more.\n"
    )
    now = clock.now()
    OutboxRow.objects.bulk_create(
        (
            OutboxRow(case=case, event=event, person=person, subject=subject, text=text, created_at=at, next_at=now)
            for person in people
        ),
        ignore_conflicts=True,  # a person who heard of this event gets no second message
    )


def _concerned(item: Recorded) -> list[PersonRow]:
    people = Q(pk__in=[])
    thing = EVENT_TYPES[item.event.kind].within
    roles = [role.value for role in PARTIES if thing is None or may_see(role, thing)]
    if item.by.role is Role.REVIEWER and not getattr(item.event, "recipients", ()):
        roles = []  # the hour of a message would be the hour of the reviewer's work; only a letter to the parties goes out at once
    if roles:
        members = MembershipRow.objects.filter(case=item.case, until__isnull=True, role__in=roles)
        people |= Q(membershiprow__in=members) | Q(organization__membershiprow__in=members)
    reviewer = CaseRow.objects.filter(number=item.case).values_list("reviewer", flat=True).first()
    if reviewer:
        people |= Q(reviewer=reviewer)
    if isinstance(item.event, DeterminationIssued) and item.event.service is Service.ELECTRONIC:
        people |= Q(roles__contains=[Role.DIVISION.value])  # to whom the determination is owed, and who is no party
    return list(PersonRow.objects.filter(people, is_active=True).distinct())


def pending() -> QuerySet[OutboxRow]:
    """Return the messages that have not gone out."""
    return OutboxRow.objects.filter(sent_at__isnull=True)


def suppress() -> None:
    """Mark queued mail as not to be sent, for demo cases."""
    pending().update(sent_at=clock.now(), next_at=None, problem="not sent: an invented case")


def in_trouble() -> QuerySet[OutboxRow]:
    """Return what an attempt failed to send, what waits for a person, and what is overdue without an attempt."""
    return pending().filter(Q(next_at__isnull=True) | Q(attempts__gt=0) | Q(next_at__lt=clock.now() - FORGOTTEN))


def reaches_people() -> bool:
    """Return whether messages leave this machine. Without a mail server they become files of the site, and reach nobody."""
    return not settings.MAIL_TRANSPORT.endswith(".filebased.EmailBackend")


def try_again(message: int | None = None) -> int:
    """Have a message in trouble, or all of them, tried in the next round with all attempts again; return how many."""
    chosen = in_trouble() if message is None else in_trouble().filter(pk=message)
    return chosen.update(next_at=clock.now(), attempts=0)


def send_pending(seconds: float = ROUND) -> int:
    """Send what is due, for this many seconds at most; return how many went out. Several may run at once: each claims its own.

    Where the server fails, and not one message, the round ends: the other messages keep their attempts.
    """
    installation.detect_copy()  # what waited at a backup is not sent again automatically
    until = time.monotonic() + seconds
    transport = get_connection(settings.MAIL_TRANSPORT)
    sent = 0
    try:
        while time.monotonic() < until and (row := _claim()) is not None:
            try:
                transport.open()
                _message(row, transport).send()
            except (OSError, ValueError) as error:
                OutboxRow.objects.filter(pk=row.pk).update(problem=_said(error))
                if not isinstance(error, _ONE_MESSAGE):
                    break
                _close(transport)  # the next message uses a new connection
            else:
                # A link that sets a password does not stay in a table once it has been sent.
                kept = row.text if row.person_id else ""
                problem = "" if reaches_people() else _TO_FILE
                OutboxRow.objects.filter(pk=row.pk).update(
                    sent_at=clock.now(), next_at=None, problem=problem, text=kept
                )
                sent += 1
    finally:
        _close(transport)
    return sent


def _close(transport: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError):  # what was sent is sent, however the connection ends
        transport.close()


def _claim() -> OutboxRow | None:
    """Return the next message that is due, with its next attempt postponed, so that no other process takes it meanwhile."""
    now = clock.now()
    with transaction.atomic():
        due = pending().filter(next_at__lte=now).select_related("person").order_by("next_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            row.next_at = now + MAIL_PAUSES[row.attempts] if row.attempts < len(MAIL_PAUSES) else None
            row.attempts += 1
            row.problem = _BEGUN
            row.save(update_fields=["next_at", "attempts", "problem"])
    return row


def _message(row: OutboxRow, transport: BaseEmailBackend) -> EmailMessage:
    # Without the number of the event, which counts what happens inside as well.
    message_id = f"{row.case}.{row.pk}" if row.case else f"account.{row.pk}"
    return EmailMessage(
        row.subject,
        row.text,
        to=[row.person.email if row.person else row.address],
        # A message keeps its Message-ID, so that one sent twice after a crash is recognized as a duplicate.
        headers={"Message-ID": f"<{message_id}@imr>"},
        connection=transport,
    )


#: Errors of one message, while the server may accept others.
_ONE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError)


def _said(error: Exception) -> str:
    """Describe a failed attempt, for the person who corrects it. Never the server's own text: it may hold an address."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            codes = sorted({str(code) for code, _ in refused.values()})
            return f"the mail server refused the address ({', '.join(codes)})"
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return f"the mail server refused IMR_MAIL_USER or IMR_MAIL_PASSWORD ({code})"
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return f"the mail server refused the sender IMR_MAIL_FROM ({code})"
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"the mail server refused the message ({code})"
        case smtplib.SMTPNotSupportedError():
            return "the mail server offers no TLS or no sign-in: check IMR_MAIL_TLS, IMR_MAIL_USER and the port"
        case TimeoutError() | smtplib.SMTPServerDisconnected() if "timed out" in str(error):
            return f"the mail server did not answer within {settings.EMAIL_TIMEOUT} seconds"
        case smtplib.SMTPException():
            return "the mail server closed the connection"
        case ssl.SSLError():
            return "no encrypted connection to the mail server could be made: check IMR_MAIL_TLS, the port and its certificate"
        case OSError() if settings.EMAIL_HOST:
            return f"no mail server answers at {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
        case OSError():
            return "the folder for mail cannot be written to"
    return "the address or the subject cannot be written as mail"
