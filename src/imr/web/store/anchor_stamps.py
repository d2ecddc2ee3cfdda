"""Time stamps of anchors: an authority outside says when an anchor existed, so that nobody can write the anchors again later.

Each anchor is bound to the one before it, so the stamp of the last one covers all of them. A stamp is kept beside its anchor,
with the ending .tsr.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from imr.errors import Damaged
from imr.web.models import AnchorRow
from imr.web.platform import clock, time_stamps
from imr.web.platform.periods import ANCHORS
from imr.web.platform.storage import storage_of
from imr.web.store import anchors

#: How much later than the next anchor a stamp may be, and how much the clock of the site may be ahead of the authority's.
LATE, AHEAD = timedelta(hours=2), timedelta(minutes=10)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StampsFound:
    """What the stamps outside prove: since when anchors are stamped, None without a valid stamp, and what is wrong, a sentence each."""

    since: datetime | None
    problems: tuple[str, ...]


def verify_stamps(authority: Path, unstamped: Collection[str] = ()) -> StampsFound:
    """Verify that each anchor outside was stamped near its own time. `authority` is a file with the certificates of the authority.

    `unstamped` names anchors, as 3-17, of which whoever verifies knows why no stamp covers them in time. What the database says excuses
    nothing. Raises SetupError where the file has no certificates, and StorageUnreachable where the place outside does not answer.
    """
    roots, place = time_stamps.certificates(authority), storage_of("anchors")
    names = {name for name, _ in place.listed()}
    made: dict[int, datetime] = {}
    stamped: dict[int, datetime] = {}
    problems = [
        f"the time stamp of anchor {number} is missing outside" for number in _expected() if _name(number) not in names
    ]
    for name in sorted(name for name in names if name == anchors.file_name(anchors.number_in(name))):
        number, data = anchors.number_in(name), place.read(name)
        with suppress(Damaged):  # what is wrong with the anchors themselves, `anchors.read_anchors` says
            made[number] = anchors.parsed(data.decode("utf-8", "replace")).at
        if (stamp := _name(number)) in names:
            names.remove(stamp)
            try:
                stamped[number] = time_stamps.stamped_at(place.read(stamp), data, roots)
            except Damaged as error:
                problems.append(f"the time stamp of anchor {number}: {error}")
    problems.extend(f"the time stamp {name} belongs to no anchor" for name in sorted(names) if name.endswith(".tsr"))
    problems.extend(_differences(made, stamped, unstamped))
    return StampsFound(since=min(stamped.values(), default=None), problems=tuple(problems))


def _expected() -> list[int]:
    """Return the anchors that this database says it had stamped."""
    return list(AnchorRow.objects.filter(stamped_at__isnull=False).order_by("number").values_list("number", flat=True))


def _differences(
    made: Mapping[int, datetime], stamped: Mapping[int, datetime], unstamped: Collection[str]
) -> Iterator[str]:
    """Yield where the times that anchors say, and those of the stamps, differ. A stamp covers its anchor and all before it."""
    first: datetime | None = None
    late: list[int] = []
    for number in sorted(made, reverse=True):
        at, moment = made[number], stamped.get(number)
        if moment is not None:
            first = moment if first is None else min(first, moment)
            if moment < at - AHEAD:
                yield f"anchor {number} says that it is of {_spelled(at)}, and the authority stamped it at {_spelled(moment)}"
        if (first or clock.now()) > at + ANCHORS + LATE:
            late.append(number)
    for run in _runs(sorted(late)):
        if run not in unstamped:
            begin, _, end = run.partition("-")
            yield (
                f"the anchors {run}, of {_spelled(made[int(begin)])} to {_spelled(made[int(end)])}, were not stamped near those times, so "
                f"they can have been written later. Where you know why, name them with --unstamped {run}"
            )
    last = max(stamped.values(), default=None)
    if last is None or last + ANCHORS + LATE < clock.now():
        yield f"the last time stamp is {f'of {_spelled(last)}' if last else 'missing'}: nothing after it is stamped"


def _runs(numbers: Sequence[int]) -> list[str]:
    """Return numbers in their order as runs, each its first and last."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] + 1 == number:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return [f"{begin}-{end}" for begin, end in runs]


def _spelled(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _name(number: int) -> str:
    return anchors.file_name(number).removesuffix(".json") + ".tsr"
