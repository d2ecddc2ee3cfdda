"""Rejected files: stored unchanged under their digest, apart from the documents, listed for intake, and opened by nothing.

A person who was attacked by a file, or who sent one that only looks hostile, can be helped this way. No page gives such a file
out; the operator takes one out with `manage.py quarantine DIGEST FILE`.
"""

from datetime import datetime

from django.db.models import Count, Sum

from imr.case.digests import digest_of_bytes
from imr.errors import Damaged
from imr.law.terms import Role
from imr.web.models import PersonRow, QuarantineRow
from imr.web.platform import clock
from imr.web.platform.periods import REFUSED_FILES
from imr.web.platform.storage import storage_of

#: How many refused files of one person are kept at most, and how many bytes: nobody fills the disk with them.
MOST, MOST_BYTES = 100, 1_000_000_000
#: The storage that they are kept in.
_APART = "quarantine"


def store(number: str, name: str, data: bytes, reason: str, sender: Role, person: PersonRow) -> None:
    """Store a rejected file, once per case. An empty one, or one beyond the limit, is not stored."""
    held = QuarantineRow.objects.filter(sent_by=person).aggregate(files=Count("pk"), size=Sum("size"))
    if not data or held["files"] >= MOST or (held["size"] or 0) + len(data) > MOST_BYTES:
        return
    digest = digest_of_bytes(data)
    storage_of(_APART).put(_place(digest), data)
    QuarantineRow.objects.get_or_create(
        case=number,
        digest=digest,
        defaults={
            "name": name.replace("\x00", "")[-255:],
            "size": len(data),
            "reason": reason.replace("\x00", ""),
            "sender": sender.value,
            "sent_by": person,
            "at": clock.now(),
        },
    )


def load(digest: str) -> bytes:
    """Return a rejected file unchanged, for the operator. Raises Damaged where it is missing or changed."""
    try:
        data = storage_of(_APART).read(_place(digest))
    except FileNotFoundError:
        raise Damaged(f"no rejected file has the digest {digest}") from None
    if digest_of_bytes(data) != digest:
        raise Damaged(f"the rejected file {digest} was changed after it was kept")
    return data


def delete_expired(now: datetime) -> int:
    """Delete the files that were kept long enough; return how many."""
    late = QuarantineRow.objects.filter(at__lte=now - REFUSED_FILES)
    still = QuarantineRow.objects.filter(at__gt=now - REFUSED_FILES).values("digest")
    gone = set(late.exclude(digest__in=still).values_list("digest", flat=True))
    for digest in gone:
        storage_of(_APART).delete(_place(digest))
    late.delete()
    return len(gone)


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
