"""Answers a repeated request once: recognized by the key that its sender gave it, or because its whole content is the same.

A response that is lost, a double click, a second tab and a program that tries again would each make a second case. The answer
is stored beside the key in the transaction of the step itself, unique for a person and key: of two at the same moment the
second waits for the first, and gets its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.core.files.uploadedfile import UploadedFile

from imr.case.chain import Recorded
from imr.case.digests import digest, digest_of_bytes
from imr.errors import Refused
from imr.plain import to_plain
from imr.web.models import EventRow, IdempotencyKeyRow, PersonRow
from imr.web.platform import clock
from imr.web.platform.periods import REPEATED_REQUESTS
from imr.web.store import cases
from imr.web.store.documents import Upload

#: How long the same content without a key counts as the same request.
ALIKE = timedelta(hours=24)


class KeyReused(Refused):
    """Raised where something else was sent under this key before; `case` is the case that it is about."""

    def __init__(self, case: str) -> None:
        super().__init__(
            f"something else was sent under this key before (case {case}): use another key for another request"
        )
        self.case = case


@dataclass(frozen=True, slots=True)
class Performed:
    """The event that a request led to; `repeated` where the same was sent before, and this is the answer from then.

    `left_out` names each file that came with it and was not accepted, with the reason; everything else of it was.
    """

    recorded: Recorded
    repeated: bool = False
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request: the names under which it is recognized, each with how long it is kept, and the digest of its content."""

    names: tuple[tuple[str, timedelta], ...]
    content: str

    @classmethod
    def of(cls, step: str, number: str | None, facts: Mapping[str, object], *, key: str, alike: bool) -> Self | None:
        """Describe what is sent with a step, recognized by its key, or by the same content (`alike`); None for neither."""
        if not key and not alike:
            return None
        sent = {"step": step, "case": number, "facts": {name: _plain(value) for name, value in facts.items()}}
        content = digest(sent)
        names = [(f"key {key}", REPEATED_REQUESTS)] if key else []
        return cls((*names, (f"same {content}", ALIKE)) if alike else tuple(names), content)

    def answered(self, user: PersonRow) -> Recorded | None:
        """Return the answer that this person got to the same request before; None where this is the first, which is recorded.

        Waits for a first one that is under way. Raises KeyReused where something else was sent under the key.
        """
        now, found = clock.now(), None
        for name, lasts in self.names:
            row, new = IdempotencyKeyRow.objects.select_for_update().get_or_create(
                person=user, key=name, defaults={"content": self.content, "at": now}
            )
            if new:
                continue
            if row.at <= now - lasts:
                IdempotencyKeyRow.objects.filter(pk=row.pk).update(content=self.content, at=now)
            elif row.content != self.content:
                raise KeyReused(row.case)
            else:
                found = found or EventRow.objects.get(case=row.case, number=row.event or 0)
        if found is None:
            return None
        answer = cases.recorded(found)
        self.answer(user, answer)
        return answer

    def answer(self, user: PersonRow, item: Recorded) -> None:
        """Store the answer beside the names of the request."""
        held = IdempotencyKeyRow.objects.filter(person=user, key__in=[name for name, _ in self.names])
        held.update(case=item.case, event=item.number)


def forget() -> int:
    """Remove the keys that are past their time; return how many."""
    return IdempotencyKeyRow.objects.filter(at__lte=clock.now() - REPEATED_REQUESTS).delete()[0]


def _plain(value: object) -> object:
    """Return a fact as it is compared: a document by its bytes, whatever its file is called; without the time of sending."""
    if isinstance(value, Upload):
        labels = (value.kind, value.dated_on, value.mental_health)
        return [digest_of_bytes(value.words.encode() or value.data), *map(to_plain, labels)]
    if isinstance(value, UploadedFile):
        data = value.read()
        value.seek(0)
        return [digest_of_bytes(data)]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, datetime) else to_plain(value)
