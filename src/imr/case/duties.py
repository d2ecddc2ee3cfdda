"""The documents that the claims administrator owes in a case, and how late each is."""

from collections.abc import Collection, Mapping
from datetime import date

from imr.case.state import Case
from imr.law.records import CLINICAL, Duty, Owed, expected
from imr.law.terms import RecordKind, Role

#: The duties that the kind of a document shows: a document of that kind came, or none did.
_KNOWN_BY_KIND = (Duty.REPORTS, Duty.APPLICATION)


def _duty(kind: RecordKind) -> Duty | None:
    if kind is RecordKind.APPLICATION:
        return Duty.APPLICATION
    return Duty.REPORTS if kind in CLINICAL else None


def documents_owed(case: Case, on: date, read: Mapping[str, Collection[RecordKind]] | None = None) -> tuple[Owed, ...]:
    """Give what the claims administrator owes since the notice of assignment, as of a day, and how late it is.

    `read` gives, for each file by its digest, the kinds of the documents that were read in it; a file that is left
    out is of the kind that its sender stated. Reports and the application are known by their kind: they are missing
    if no file of the claims administrator can contain them. For a document that no kind shows, it is not known
    whether there is any: it is missing if the coordinator found so.
    """
    came: dict[Duty, date] = {}
    unclear = False
    for received in case.records:
        if received.sender is not Role.CLAIMS_ADMINISTRATOR:
            continue
        record = received.record
        kinds = (read or {}).get(record.digest) or (record.kind,)
        unclear |= RecordKind.OTHER in kinds
        for duty in filter(None, (record.duty, *map(_duty, kinds))):
            came[duty] = min(received.received_on, came.get(duty, received.received_on))
    requested = None if case.filing is None else case.filing.rfa_on
    known = (*case.missing, *(() if unclear else _KNOWN_BY_KIND))
    return expected(case.dates, on, requested_on=requested, received=came, looked_at=known)
