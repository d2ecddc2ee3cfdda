"""The register of the keys with which reviewers sign. It is added to and never changed; no permission checks here.

A reviewer registers a passkey, a coordinator confirms it, and it signs until it is ended. What it signed before stays signed.
An entry is never changed, and each anchor names how many entries there are, with their digest.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.db import connection
from django.db.models import Min

from imr.case.context import CALIFORNIA
from imr.case.digests import digest
from imr.case.signature import KeyEntry
from imr.passkeys import INVENTED
from imr.plain import to_plain
from imr.web.models import PersonRow, SigningKeyRow
from imr.web.platform.environment import is_production


class KeyEvent(Enum):
    """What an entry of the register says. The value is stored."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key of a reviewer as the register leaves it."""

    key: str
    reviewer: str
    credential: str
    public_key: str
    site: str
    registered_at: datetime
    confirmed_at: datetime | None = None
    valid_from: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""

    @property
    def is_invented(self) -> bool:
        """Whether it is the key of an invented reviewer, with which everybody can sign."""
        return self.site == INVENTED

    @property
    def waits(self) -> bool:
        """Whether a coordinator still has to confirm it."""
        return self.confirmed_at is None and self.ended_at is None

    def signs_at(self, moment: datetime) -> bool:
        """Say whether the key was in force at a moment."""
        begun = self.valid_from is not None and self.valid_from <= moment
        return begun and (self.ended_at is None or moment < self.ended_at)

    def may_sign(self, moment: datetime) -> bool:
        """Say whether this site accepts its signature at a moment: an invented one signs nothing on a site of real people."""
        return self.signs_at(moment) and not (self.is_invented and is_production())


def enter(
    kind: KeyEvent,
    key: str,
    reviewer: str,
    person: PersonRow | None,
    at: datetime,
    *,
    credential: str = "",
    public_key: str = "",
    site: str = "",
    proof: str = "",
    valid_from: datetime | None = None,
    reason: str = "",
) -> None:
    """Add an entry to the register."""
    SigningKeyRow.objects.create(
        at=at,
        kind=kind.value,
        key=key,
        reviewer=reviewer,
        salt=secrets.token_hex(16),
        person=person,
        credential=credential,
        public_key=public_key,
        site=site,
        proof=proof,
        valid_from=valid_from,
        reason=reason,
    )


def lock(reviewer: str) -> None:
    """Let no other transaction change or use the keys of a reviewer until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"signing keys {reviewer}"])


def keys_of(reviewer: str) -> tuple[SigningKey, ...]:
    """Return the keys of a reviewer, in the order in which they were registered."""
    return tuple(_keys(SigningKeyRow.objects.filter(reviewer=reviewer).order_by("number")).values())


def keys_named(keys: Collection[str]) -> dict[str, SigningKey]:
    """Return those of these keys that are in the register."""
    return _keys(SigningKeyRow.objects.filter(key__in=keys).order_by("number"))


def waiting() -> tuple[SigningKey, ...]:
    """Return the keys that wait for their confirmation."""
    return tuple(key for key in _keys(SigningKeyRow.objects.order_by("number")).values() if key.waits)


def began_at() -> datetime | None:
    """Return from when reviewers sign with keys: when the first that is not invented was confirmed; None where none was."""
    confirmed = SigningKeyRow.objects.filter(kind=KeyEvent.CONFIRMED.value).exclude(site=INVENTED)
    found: datetime | None = confirmed.aggregate(at=Min("at"))["at"]
    return found


def _keys(rows: Iterable[SigningKeyRow]) -> dict[str, SigningKey]:
    found: dict[str, SigningKey] = {}
    for row in rows:
        match KeyEvent(row.kind), found.get(row.key):
            case KeyEvent.REGISTERED, None:
                found[row.key] = SigningKey(
                    key=row.key,
                    reviewer=row.reviewer,
                    credential=row.credential,
                    public_key=row.public_key,
                    site=row.site,
                    registered_at=row.at,
                )
            case KeyEvent.CONFIRMED, SigningKey(confirmed_at=None) as key:
                found[row.key] = replace(key, confirmed_at=row.at, valid_from=row.valid_from)
            case KeyEvent.ENDED, SigningKey(ended_at=None) as key:
                found[row.key] = replace(key, ended_at=row.at, reason=row.reason)
    return found


def entries(most: int | None = None) -> tuple[KeyEntry, ...]:
    """Return the entries of the register in their order; of the first `most` alone."""
    rows = SigningKeyRow.objects.order_by("number")
    return tuple(
        KeyEntry(
            number=row.number,
            kind=row.kind,
            key=row.key,
            on=_day(row.at),
            valid_from=_day(row.valid_from) if row.valid_from else "",
            owner=digest([row.salt, row.reviewer, row.person_id]),
        )
        for row in (rows if most is None else rows[:most])
    )


def register_digest(most: int | None = None) -> tuple[int, str]:
    """Return how many entries the register has, and their digest; of the first `most` alone."""
    found = entries(most)
    return len(found), digest([to_plain(entry) for entry in found])


def _day(at: datetime) -> str:
    return at.astimezone(CALIFORNIA).date().isoformat()
