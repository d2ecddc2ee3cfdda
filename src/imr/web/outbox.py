"""Mail: put into the outbox with the event, sent after it is committed, once. It says that there is news, never what."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from imr.case.chain import Recorded
from imr.web import clock
from imr.web.models import CaseRow, MembershipRow, OutboxRow, PersonRow
from imr.web.timeline import WITHIN

#: How often a message is tried before a person has to look at it.
TRIES = 5


def put(item: Recorded) -> None:
    """Enter a message to everybody whom this event concerns, but for who caused it."""
    subject = f"{settings.ORGANIZATION}: news in case {item.case}"
    text = (
        f"There is news in case {item.case}. Sign in to read it and to see what is due next:\n\n{settings.SITE}/\n\n"
        "For your privacy this message does not say more.\n"
    )
    OutboxRow.objects.bulk_create(
        OutboxRow(case=item.case, event=item.number, person=person, subject=subject, text=text, created_at=item.at)
        for person in _concerned(item)
        if f"person-{person.pk}" != item.by.id and person.reviewer_id != item.by.id
    )


def _concerned(item: Recorded) -> list[PersonRow]:
    people = Q(pk__in=[])
    if item.event.kind not in WITHIN:
        members = MembershipRow.objects.filter(case=item.case, until__isnull=True)
        people |= Q(membershiprow__in=members) | Q(organization__membershiprow__in=members)
    reviewer = CaseRow.objects.filter(number=item.case).values_list("reviewer", flat=True).first()
    if reviewer:
        people |= Q(reviewer=reviewer)
    return list(PersonRow.objects.filter(people, is_active=True).distinct())


def hush() -> None:
    """Take what waits as sent, and say so."""
    OutboxRow.objects.filter(sent_at__isnull=True).update(sent_at=clock.now(), problem="not sent: an invented case")


def send() -> int:
    """Send what waits, and return how many went out. Several may run at once: each takes rows that no other has."""
    sent = 0
    while True:
        with transaction.atomic():
            row = (
                OutboxRow.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("person")
                .filter(sent_at__isnull=True, tries__lt=TRIES)
                .order_by("tries", "pk")
                .first()
            )
            if row is None:
                return sent
            row.tries += 1
            try:
                EmailMessage(
                    row.subject,
                    row.text,
                    to=[row.person.email],
                    # The same message keeps its name, so that one sent twice by a crash is known for what it is.
                    headers={"Message-ID": f"<{row.case}.{row.event}.{row.pk}@imr>"},
                ).send()
            except OSError as error:
                row.problem = type(error).__name__
                row.save(update_fields=["tries", "problem"])
                return sent
            row.sent_at = clock.now()
            row.save(update_fields=["tries", "sent_at"])
            sent += 1
