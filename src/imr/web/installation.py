"""What this installation is, held against what it finds: whose the storage of documents is, and whether the database is a copy.

A storage carries a mark: a file that names the site and since when the storage is its own. Where the mark is missing, or is
another's, a folder or mount fell away, is empty, or belongs to somebody else: nothing is put into it or removed from it, and
steps that bring documents are refused (`storage.WrongStore`).
"""

import json
import uuid
from dataclasses import asdict, dataclass
from typing import NoReturn

from django.db import transaction

from imr.errors import ImrError
from imr.web import clock, documents
from imr.web.models import DocumentRow, InstallationRow
from imr.web.storage import OWN, Kept, WrongStore, kept

_MARK = f"{OWN}/mark.json"
#: How many of the documents that the database names are looked for in a storage without a mark.
_LOOKED_FOR = 20
_WAYS_OUT = (
    "Look at IMR_DOCUMENTS on this machine, and whether what it names is mounted. Where the database or the documents were "
    "restored, docs/operations.md says how they come together; `manage.py documents adopt` states that they belong together"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a storage says of itself: whose it is and since when, its own name, and which storage it took the place of."""

    site: str
    since: str
    store: str
    instead_of: str = ""


def insist_store() -> None:
    """Raise WrongStore, with what to do, where the storage of documents is not this site's. A new one is marked."""
    row = _row()
    mark = read_mark()
    if mark is None or (mark.site, mark.store) != (str(row.identity), row.store):
        with transaction.atomic():
            _accept(InstallationRow.objects.select_for_update().get(pk=row.pk))


def begin() -> None:
    """Look at the start of the site. Raises ImrError, with what to do, where the storage of documents is not this site's."""
    if said := problem():
        raise ImrError(said)


def problem() -> str:
    """What is wrong with the storage of documents, for who runs the site; empty where nothing is."""
    try:
        insist_store()
    except WrongStore as error:
        return error.why
    return ""


def adopt(*, anyway: bool = False) -> str:
    """State that this storage is this site's, and say what it holds. Raises ImrError where another site marked it."""
    mark = read_mark()
    row = _row()
    if mark is not None and mark.site != str(row.identity) and not anyway:
        raise ImrError(
            f"the storage of documents is marked as another site's, since {mark.since}: two sites cannot share one. Where "
            "that site is no more, say --anyway"
        )
    with transaction.atomic():
        row = InstallationRow.objects.select_for_update().get(pk=row.pk)
        _mark(row)
    names = list(DocumentRow.objects.values_list("digest", flat=True).distinct())
    held = sum(documents.is_kept(digest) for digest in names)
    return f"{held:,} of {len(names):,} documents that the database names stand in it"


def read_mark(place: Kept | None = None) -> Mark | None:
    """The mark of a storage; None where it has none. Raises ImrError where it cannot be read."""
    try:
        said = json.loads((place or kept()).read(_MARK))
        return Mark(**said)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise WrongStore(f"the mark of the storage of documents ({_MARK}) cannot be read. {_WAYS_OUT}") from error


def copy_own(place: Kept) -> None:
    """Mark a storage into which everything was copied, so that it is taken for this site's in place of the present one."""
    row = _row()
    here = kept()
    for name in here.own():
        if name != _MARK:
            place.put(name, here.read(name))
    there = read_mark(place)
    if there is not None and there.site != str(row.identity):
        raise ImrError(f"that storage is another site's, since {there.since}: choose an empty one")
    if there is None or row.store not in (there.store, there.instead_of):
        _write(place, Mark(site=str(row.identity), since=_now(), store=str(uuid.uuid4()), instead_of=row.store))


def _row() -> InstallationRow:
    return InstallationRow.objects.get()


def _accept(row: InstallationRow) -> None:
    """Take the storage for this site's where nothing speaks against it. The row is locked: one process decides."""
    mark = read_mark()
    if mark is None:
        if row.store:
            _refuse("has no mark: it fell away, is empty, or is another's")
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
    """Whether a storage without a mark is this database's: it holds documents that the database names, or both are empty."""
    named = list(DocumentRow.objects.order_by("-pk").values_list("digest", flat=True)[:_LOOKED_FOR])
    named += DocumentRow.objects.order_by("pk").values_list("digest", flat=True)[:_LOOKED_FOR]
    return any(map(documents.is_kept, named)) if named else next(kept().listed(), None) is None


def _mark(row: InstallationRow) -> None:
    made = Mark(site=str(row.identity), since=_now(), store=str(uuid.uuid4()))
    _write(kept(), made)
    if read_mark() != made:  # another site was first
        _refuse("was just marked by another site")
    _remember(row, made)


def _remember(row: InstallationRow, mark: Mark) -> None:
    row.store, row.store_origin = mark.store, kept().origin(_MARK)
    row.save(update_fields=["store", "store_origin"])


def _write(place: Kept, mark: Mark) -> None:
    place.put(_MARK, json.dumps(asdict(mark), indent=1).encode())


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
