"""What this installation is, compared with what it finds: whose the storage of documents is, and whether the database is a copy.

A storage carries a mark: a file that names the site and since when the storage is its own. Where the mark is missing, or is
another site's, a folder or mount was lost, is empty, or belongs to another site: nothing is stored in it or removed from it,
and steps that bring documents are refused (`storage.WrongStore`).

A database that was restored from a backup knows less than happened. It is recognized by a number that no dump contains: queued
mail is held then, for it may have gone out before, and no case number is used again, for the highest ones are stored beside the
documents, a block at a time. Where the documents are a copy too, an operator has to state the highest number.
"""

import json
import logging
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NoReturn

from django.db import connection, transaction

from imr.errors import ImrError, Refused
from imr.web.models import DocumentRow, GivenUpRow, InstallationRow, OutboxRow
from imr.web.platform import clock
from imr.web.platform.storage import OWN, FileStorage, StorageUnreachable, WrongStore, storage_of
from imr.web.store import documents

_log = logging.getLogger(__name__)

_MARK = f"{OWN}/mark.json"
#: Case numbers are stored beside the documents a block at a time, under the last number of each.
BLOCK = 100
_NUMBERS = f"{OWN}/numbers-"
#: The problem shown of a message that is held.
HELD = "held, because the site was restored from a backup: it may have gone out before"
#: How many of the documents that the database names are looked for in a storage without a mark.
_LOOKED_FOR = 20
_WAYS_OUT = (
    "Check IMR_DOCUMENTS on this machine, and that the folder that it names is mounted. Where the database or the documents were "
    "restored, docs/operations.md says how they come together; `manage.py documents adopt` states that they belong together"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageMark:
    """The mark of a storage: whose it is and since when, its own name, and which storage it replaced."""

    site: str
    since: str
    store: str
    instead_of: str = ""


def require_own_storage() -> None:
    """Raise WrongStore, with what to do, where the storage of documents is not this site's. A new one is marked."""
    row = _row()
    mark = read_mark()
    if mark is None or (mark.site, mark.store) != (str(row.identity), row.store):
        detect_copy()  # before the storage of a backup is taken for the one that this site wrote to
        with transaction.atomic():
            _accept(_locked_row())


def check_at_start() -> None:
    """Check the storage at the start of the site. Raises ImrError, with what to do, where it is not this site's."""
    detect_copy()
    if reason := problem():
        raise ImrError(reason)


def detect_copy() -> None:
    """Hold queued mail and case numbers where this database turns out to be restored from a backup, or a copy."""
    row, here = _row(), _database()
    if row.database != here:
        with transaction.atomic():
            row = _locked_row()
            if row.database not in ("", here):
                _hold(row)
            row.database = here
            row.save(update_fields=["database"])


def hold() -> None:
    """Treat this database as restored, where that cannot be detected: after a restored disk image, for instance."""
    with transaction.atomic():
        _hold(_locked_row())


def next_number() -> int:
    """Return the next case number, which no other case ever had. Raises Refused while the highest is not known."""
    detect_copy()
    row = _row()
    if row.numbers_held:
        raise Refused(
            "no case can be numbered now: this site was restored from a backup, and the last number that was given out is not stated yet. "
            "Nothing of this was kept. Tell the people who run this site"
        )
    number = _asked("SELECT nextval('imr_case_number')")
    if number > row.numbers_until:
        row = _locked_row()
        if number > row.numbers_until:
            _reserve(row, number)
    return number


def state_highest(number: int) -> None:
    """State the highest case number that was ever given out. Raises Refused where this database knows of a higher one."""
    with transaction.atomic():
        row = _locked_row()
        known = _asked("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM imr_case_number")
        if number < known:
            raise Refused(
                f"this database has given out number {known} itself: state the highest number that was ever given out"
            )
        _asked("SELECT setval('imr_case_number', %s, true)", max(number, 1))
        row.numbers_held = False
        row.save(update_fields=["numbers_held"])
        _reserve(row, number + 1)
        row.store_origin = storage_of().origin(_MARK)  # from here on the numbers beside these documents are right
        row.save(update_fields=["store_origin"])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldState:
    """What is held since this database was restored."""

    restored_at: datetime | None
    numbers_held: bool
    numbers_until: int
    messages_held: int


def held_state() -> HeldState:
    """Return what is held."""
    detect_copy()
    row = _row()
    return HeldState(
        restored_at=row.restored_at,
        numbers_held=row.numbers_held,
        numbers_until=row.numbers_until,
        messages_held=OutboxRow.objects.filter(sent_at__isnull=True, next_at__isnull=True, problem=HELD).count(),
    )


def _hold(row: InstallationRow) -> None:
    waits = OutboxRow.objects.filter(sent_at__isnull=True)
    messages = waits.update(next_at=None, problem=HELD)
    GivenUpRow.objects.all().delete()  # a step may have brought these again after the backup: they are listed
    highest = _highest(row)
    row.restored_at = clock.now()
    row.numbers_held = highest is None
    if highest is not None:
        _asked("SELECT setval('imr_case_number', greatest(last_value, %s), true) FROM imr_case_number", max(highest, 1))
        row.numbers_until = highest
    row.save(update_fields=["restored_at", "numbers_held", "numbers_until"])
    _log.warning(
        "this database was restored from a backup, or is a copy: %s messages are held, and %s (see manage.py restored)",
        messages,
        "no case is numbered until the highest number is stated"
        if highest is None
        else f"numbers go on above {highest}",
    )


def _highest(row: InstallationRow) -> int | None:
    """Return the last number of the blocks beside the documents; None where these are not the ones that this site wrote to."""
    try:
        mark = read_mark()
        if mark is None or mark.store != row.store or storage_of().origin(_MARK) != row.store_origin:
            return None
        return max(
            (int(name.removeprefix(_NUMBERS)) for name in storage_of().own() if name.startswith(_NUMBERS)), default=0
        )
    except StorageUnreachable:
        return None


def _reserve(row: InstallationRow, number: int) -> None:
    """Store beside the documents that numbers are given out up to a block from this one. The row is locked."""
    require_own_storage()
    row.numbers_until = number + BLOCK - 1
    storage_of().put(
        f"{_NUMBERS}{row.numbers_until:010d}", b"Case numbers as far as this one are given out, or will be.\n"
    )
    row.save(update_fields=["numbers_until"])


def _database() -> str:
    """Return what distinguishes the database from a copy: a random number in a materialized view, which is filled when a dump is restored."""
    return str(_fetched("SELECT identity FROM imr_database")[0])


def _asked(sql: str, *parameters: int) -> int:
    return int(_fetched(sql, *parameters)[0])


def _fetched(sql: str, *parameters: int) -> tuple[int | str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[int | str, ...] = cursor.fetchone()
        return row


def problem() -> str:
    """Return what is wrong with the storage of documents, for the operator; empty where nothing is."""
    try:
        require_own_storage()
    except WrongStore as error:
        return error.why
    return ""


def adopt(*, anyway: bool = False) -> str:
    """Mark this storage as this site's, and return what it holds. Raises ImrError where another site marked it."""
    mark = read_mark()
    if mark is not None and mark.site != str(_row().identity) and not anyway:
        raise ImrError(
            f"the storage of documents is marked as another site's, since {mark.since}: two sites cannot share one. If "
            "that site no longer exists, add --anyway"
        )
    with transaction.atomic():
        _mark(_locked_row())
    names = list(DocumentRow.objects.values_list("digest", flat=True).distinct())
    held = sum(documents.is_stored(digest) for digest in names)
    return f"{held:,} of {len(names):,} documents that the database names are in it"


def read_mark(place: FileStorage | None = None) -> StorageMark | None:
    """Return the mark of a storage; None where it has none. Raises ImrError where it cannot be read."""
    try:
        mark = json.loads((place or storage_of()).read(_MARK))
        return StorageMark(**mark)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise WrongStore(f"the mark of the storage of documents ({_MARK}) cannot be read. {_WAYS_OUT}") from error


def copy_own(place: FileStorage) -> None:
    """Mark a storage into which everything was copied, so that it replaces the present one of this site."""
    row = _row()
    here = storage_of()
    for name in here.own():
        if name != _MARK:
            place.put(name, here.read(name))
    there = read_mark(place)
    if there is not None and there.site != str(row.identity):
        raise ImrError(f"that storage is another site's, since {there.since}: choose an empty one")
    if there is None or row.store not in (there.store, there.instead_of):
        _write(place, StorageMark(site=str(row.identity), since=_now(), store=str(uuid.uuid4()), instead_of=row.store))


def _row() -> InstallationRow:
    return InstallationRow.objects.get()


def _locked_row() -> InstallationRow:
    """Return the row of this installation, locked until the transaction ends."""
    return InstallationRow.objects.select_for_update().get()


def _accept(row: InstallationRow) -> None:
    """Take the storage for this site's unless something contradicts it. The row is locked: one process decides."""
    mark = read_mark()
    if mark is None:
        if row.store:
            _refuse("has no mark: it is not mounted, is empty, or is another site's")
        if not _is_known():
            _refuse("has no mark, and does not hold the documents that this database names")
        _mark(row)
    elif mark.site != str(row.identity):
        _refuse(f"is marked as another site's, since {mark.since}")
    elif row.store in ("", mark.store, mark.instead_of):
        _remember(row, mark)
    else:
        _refuse(f"is not the one that this site uses now, but an earlier one or a copy, marked on {mark.since}")


def _refuse(why: str) -> NoReturn:
    raise WrongStore(f"the storage of documents {why}. {_WAYS_OUT}")


def _is_known() -> bool:
    """Return whether a storage without a mark is this database's: it holds documents that the database names, or both are empty."""
    named = list(DocumentRow.objects.order_by("-pk").values_list("digest", flat=True)[:_LOOKED_FOR])
    named += DocumentRow.objects.order_by("pk").values_list("digest", flat=True)[:_LOOKED_FOR]
    return any(map(documents.is_stored, named)) if named else next(storage_of().listed(), None) is None


def _mark(row: InstallationRow) -> None:
    made = StorageMark(site=str(row.identity), since=_now(), store=str(uuid.uuid4()))
    _write(storage_of(), made)
    if read_mark() != made:  # another site was first
        _refuse("was just marked by another site")
    _remember(row, made)


def _remember(row: InstallationRow, mark: StorageMark) -> None:
    row.store, row.store_origin = mark.store, storage_of().origin(_MARK)
    row.save(update_fields=["store", "store_origin"])


def _write(place: FileStorage, mark: StorageMark) -> None:
    place.put(_MARK, json.dumps(asdict(mark), indent=1).encode())


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
