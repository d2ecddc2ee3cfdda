"""Time stamps of anchors: an authority outside says when an anchor existed, so that nobody can write the anchors again later.

Each anchor is bound to the one before it, so the stamp of the last one covers all of them. A stamp is kept beside its anchor,
with the ending .tsr.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from imr.errors import Damaged
from imr.web.models import AnchorRow
from imr.web.platform import clock, time_stamps
from imr.web.platform.periods import ANCHORS
from imr.web.platform.storage import storage_of
from imr.web.store.anchors import file_name

#: How much later than its anchor a stamp may be, before verification says so.
LATE = timedelta(hours=2)


def stamp_last() -> int:
    """Have the last anchor that is kept outside stamped, unless it is; return how many were stamped, none without an authority.

    Raises Unavailable where the authority gives no stamp, and StorageUnreachable where the place outside does not answer.
    """
    row = AnchorRow.objects.filter(kept_at__isnull=False).order_by("-number").first()
    if not settings.TIME_STAMPS or row is None or row.stamped_at is not None:
        return 0
    stamp = time_stamps.time_stamp(row.text.encode(), settings.TIME_STAMPS)
    storage_of("anchors").put(_name(row.number), stamp)
    AnchorRow.objects.filter(pk=row.pk).update(stamped_at=clock.now())
    return 1


def stamp_problems(authority: Path) -> Iterator[str]:
    """Yield what is wrong with the stamps outside, a sentence each. `authority` is a file with the certificates of the authority.

    Raises SetupError where that file has none, and StorageUnreachable where the place outside does not answer.
    """
    roots, place = time_stamps.certificates(authority), storage_of("anchors")
    names = sorted(name for name, _ in place.listed())
    stamps = [name for name in names if name.endswith(".tsr")]
    known = AnchorRow.objects.filter(stamped_at__isnull=False)
    for number in known.order_by("number").values_list("number", flat=True):
        if _name(number) not in stamps:
            yield f"the time stamp of anchor {number} is missing outside"
    at = {row.number: row.at for row in AnchorRow.objects.all()}
    last = None
    for name in stamps:
        number = int(name.rpartition("/")[2].removesuffix(".tsr"))
        try:
            moment = time_stamps.stamped_at(place.read(name), place.read(file_name(number)), roots)
        except (Damaged, FileNotFoundError) as error:
            yield f"the time stamp of anchor {number}: {error}"
            continue
        last = moment
        made = at.get(number)
        if made is not None and not made - ANCHORS <= moment <= made + LATE:
            yield f"anchor {number} says that it is of {made:%Y-%m-%d %H:%M}, and the authority stamped it at {moment:%Y-%m-%d %H:%M}"
    if last is None or last + ANCHORS + LATE < clock.now():
        yield f"the last time stamp is {f'of {last:%Y-%m-%d %H:%M} UTC' if last else 'missing'}: nothing after it is stamped"


def _name(number: int) -> str:
    return file_name(number).removesuffix(".json") + ".tsr"
