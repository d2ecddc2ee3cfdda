"""Quotas of an account outside of the review organization: applications begun, and bytes of documents sent, within a day.

They stop a program that runs wild or was taken over. The office has none: it enters what came on paper for everybody. A step
that begins no case and brings no file has no quota: what a party writes in a case can have a deadline.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Sum

from imr.case.document_types import DocumentType
from imr.case.state import Stage
from imr.case.step import Step
from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web import access
from imr.web.models import DocumentRow, EventRow, PersonRow
from imr.web.platform import clock
from imr.web.store.documents import Upload

#: The time over which a quota counts.
DAY = timedelta(hours=24)


def insist_within_quota(
    known: Step, person: PersonRow, role: Role, facts: Mapping[str, object], *, taken: bool = False
) -> None:
    """Raise Refused for a party that sends more within a day than its account may.

    Ask before the step, so that nothing is read in vain, and again where it is `taken`, in its transaction: then the step itself
    counts, and no other step of this person is counted at the same time.
    """
    begins, brings = known.stages == (Stage.NEW,), _brings_file(facts)
    if role not in PARTIES or not (begins or brings):
        return
    if taken:
        _lock_quota(person)
    more = 0 if taken else 1
    if begins and _applications(person, role) + more > settings.DAILY_APPLICATIONS:
        raise Refused(
            f"this account sent {settings.DAILY_APPLICATIONS} applications within a day, which is the most: send the next one "
            "tomorrow, or ask the review organization to enter it"
        )
    if brings and _size(person) + more > settings.DAILY_BYTES:
        raise Refused(
            f"an account sends {settings.DAILY_BYTES / 1e6:,.0f} MB of documents within a day, which is the most: send the others "
            "tomorrow, or ask the review organization to enter them"
        )


def _brings_file(facts: Mapping[str, object]) -> bool:
    """Return whether a file comes with these facts. A paper that is written in the form is none."""
    for value in facts.values():
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, UploadedFile) or (isinstance(one, Upload) and not one.words):
                return True
    return False


def _lock_quota(person: PersonRow) -> None:
    """Lock the quotas of this person until the transaction ends. It is the last lock of a step."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"quota {person.pk}"])


def _applications(person: PersonRow, role: Role) -> int:
    """Return how many cases this person began within a day. An amended application begins none."""
    since = clock.now() - DAY
    begun = EventRow.objects.filter(case=OuterRef("case"), number=1, by_id=access.actor_id(person, role), at__gt=since)
    sent = DocumentRow.objects.filter(sent_by=person, paper=DocumentType.APPLICATION.value, at__gt=since)
    return int(sent.filter(Exists(begun)).aggregate(cases=Count("case", distinct=True))["cases"])


def _size(person: PersonRow) -> int:
    """Return the bytes of the documents that this person sent within a day."""
    sent = DocumentRow.objects.filter(sent_by=person, at__gt=clock.now() - DAY)
    return int(sent.aggregate(size=Sum("size"))["size"] or 0)
