"""Saves what a person types before it is sent: working copies, which are no part of any history."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from imr.web.access import DRAFT, Outdated, Viewer, WorkingCopy, open_case
from imr.web.access import person as person_of
from imr.web.access.working_copies import copy_of, require_drafting
from imr.web.actions.perform import lock_case
from imr.web.models import WorkingCopyRow
from imr.web.platform import clock
from imr.web.platform.periods import WORKING_COPIES


def save_working_copy(user: Viewer, kind: str, key: str, content: Mapping[str, object], version: int) -> WorkingCopy:
    """Save what the fields of a form hold. `version` is the version that it replaces.

    The same content again is no new version, so that a sender who got no answer may send it again. Raises Outdated where a
    later version is saved.
    """
    person = person_of(user)
    with transaction.atomic():
        lock_case(f"working copy {person.pk} {kind} {key}")
        row = WorkingCopyRow.objects.filter(person=person, kind=kind, key=key).first()
        if row is not None and row.content == content:
            return copy_of(row)
        if version != (row.version if row else 0):
            raise Outdated(copy_of(row) if row else WorkingCopy(kind=kind, key=key))
        row = row or WorkingCopyRow(person=person, kind=kind, key=key, version=0)
        row.version, row.content, row.saved_at = row.version + 1, content, clock.now()
        row.save()
        return copy_of(row)


def save_draft(user: Viewer, number: str, content: Mapping[str, object], version: int) -> WorkingCopy:
    """Save the draft that the reviewer of a case is writing, finished or not. Raises Outdated as above."""
    with transaction.atomic():
        lock_case(number)  # so that nothing is saved during the submission, which ends the working copy
        require_drafting(open_case(user, number))
        return save_working_copy(user, DRAFT, number, content, version)


def discard_old(now: datetime) -> int:
    """Delete working copies that were not saved for half a year; return how many."""
    return WorkingCopyRow.objects.filter(saved_at__lt=now - WORKING_COPIES).delete()[0]
