"""Documents of a step: stored before its event is committed, and removed again where the step is rolled back.

A document that a step stored and rolled back has a row of its own (`GivenUpRow`), and only such documents are ever removed: no
file goes because it is old and nothing names it. A step that stores a document holds a shared lock on its part of the storage
until its transaction ends, and a sweep does not wait for that; so a document that one step gives up while another step brings
it stays. What a killed process left is listed (`unreferenced_files`) for an operator.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from imr.case.digests import digest_of_bytes
from imr.errors import Refused
from imr.web.models import DocumentRow, GivenUpRow
from imr.web.platform import clock
from imr.web.platform.storage import storage_of
from imr.web.store import documents, installation

#: What the step under way in this thread put into the storage that was not there before.
_PUT: ContextVar[list[str] | None] = ContextVar("put", default=None)
_log = logging.getLogger(__name__)


@contextmanager
def step_transaction() -> Iterator[None]:
    """Run one transaction with the documents stored in it: where it is rolled back, they are recorded as given up."""
    put: list[str] = []
    token = _PUT.set(put)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        _give_up(put)
        raise
    finally:
        _PUT.reset(token)


def store_document(data: bytes) -> str:
    """Store a document of the step under way. Raises WrongStore where the storage is not this site's."""
    put = _PUT.get()
    if put is None:
        raise RuntimeError("a document is stored by a step: call it within step_transaction()")
    digest = digest_of_bytes(data)
    installation.require_own_storage()
    _hold(digest)
    if documents.store_if_new(data):
        put.append(digest)
    return digest


def _give_up(put: Iterable[str]) -> None:
    rows = [GivenUpRow(digest=digest, at=clock.now()) for digest in put]
    try:
        with transaction.atomic():
            GivenUpRow.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError:  # the step's own error is reported; the files are listed for an operator
        _log.exception(
            "documents of a step that was rolled back are not recorded: see manage.py documents list-unclaimed"
        )


def delete_unreferenced() -> int:
    """Remove documents of rolled-back steps that no case names; return how many files."""
    installation.require_own_storage()
    given_up = list(GivenUpRow.objects.order_by("at").values_list("digest", flat=True))
    return sum(_remove(digest) for digest in given_up)


def referenced_digests() -> set[str]:
    """Return the digests of every document that a case names."""
    return set(DocumentRow.objects.values_list("digest", flat=True))


@dataclass(frozen=True, slots=True)
class UnreferencedFile:
    """A file of the storage that no case names, and when it was stored."""

    name: str
    at: datetime
    given_up: bool


def unreferenced_files() -> Iterator[UnreferencedFile]:
    """Return the files of the storage that no case names: of killed processes, of steps under way, or of another database."""
    named = referenced_digests()
    given_up = set(GivenUpRow.objects.values_list("digest", flat=True))
    for name, at in storage_of().listed():
        digest = name.rpartition("/")[2]
        if digest not in named:
            yield UnreferencedFile(name, at, digest in given_up)


def remove_unreferenced(name: str) -> None:
    """Remove a file that no case names, for the operator. Raises Refused where a case names it, or a step under way may."""
    installation.require_own_storage()
    digest = name.rpartition("/")[2]
    if DocumentRow.objects.filter(digest=digest).exists():
        raise Refused(f"{name} is a document of a case: it stays")
    with transaction.atomic():
        if not _is_free(digest):
            raise Refused(f"{name}: a step is under way that may bring it; try again in a minute")
        if not DocumentRow.objects.filter(digest=digest).exists():
            storage_of().delete(name)
            GivenUpRow.objects.filter(digest=digest).delete()


def _remove(digest: str) -> bool:
    """Remove a document that was given up, unless a case names it or a step under way brings it."""
    with transaction.atomic():
        if not _is_free(digest):
            return False
        gone = not DocumentRow.objects.filter(digest=digest).exists()
        if gone:
            documents.delete(digest)
        GivenUpRow.objects.filter(digest=digest).delete()
    return gone


def _hold(digest: str) -> None:
    """Keep sweeps from removing this document until the transaction ends. There is one lock per folder of the storage."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_lock_of(digest)])


def _is_free(digest: str) -> bool:
    """Lock the folder of this document until the transaction ends; return False where a step under way stores a document there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_lock_of(digest)])
        return bool(cursor.fetchone()[0])


def _lock_of(digest: str) -> str:
    return f"documents {digest.lstrip('.')[:2]}"
