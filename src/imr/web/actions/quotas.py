"""Quotas of an account outside of the review organization: applications begun, and bytes of documents sent, within a day.

They stop a program that runs wild or was taken over. The office has none: it enters what came on paper for everybody.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q, Sum

from imr.case.document_types import DocumentType
from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web.models import DocumentRow, PersonRow
from imr.web.platform import clock

#: The time over which a quota counts.
DAY = timedelta(hours=24)


def insist_within_quota(person: PersonRow, role: Role) -> None:
    """Raise Refused for a party that sent as much within a day as its account may."""
    if role not in PARTIES:
        return
    sent = DocumentRow.objects.filter(sent_by=person, at__gt=clock.now() - DAY).aggregate(
        applications=Count("pk", filter=Q(paper=DocumentType.APPLICATION.value)), size=Sum("size")
    )
    if sent["applications"] >= settings.DAILY_APPLICATIONS:
        raise Refused(
            f"this account sent {settings.DAILY_APPLICATIONS} applications within a day, which is the most: send the next one "
            "tomorrow, or ask the review organization to enter it"
        )
    if (sent["size"] or 0) >= settings.DAILY_BYTES:
        raise Refused(
            f"this account sent {settings.DAILY_BYTES / 1e6:,.0f} MB of documents within a day, which is the most: send the others "
            "tomorrow, or ask the review organization to enter them"
        )
