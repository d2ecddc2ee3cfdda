"""Verification of everything: histories, documents, rows and the audit log, against themselves and against the anchors outside."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from imr.case import chain as chains
from imr.case.chain import Recorded, replay
from imr.case.context import CALIFORNIA
from imr.errors import Damaged, ImrError
from imr.web.actions.signing_keys import signing_key_problems
from imr.web.models import CaseRow, DocumentRow, EventRow
from imr.web.platform import clock
from imr.web.platform.periods import ANCHORS
from imr.web.store import anchors, documents, log_seals, signatures, signing_keys
from imr.web.store import cases as rows
from imr.web.store.anchors import Anchor, Head

#: How long the making of an anchor, or a seal, may be late before verification says so.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """What verification looked at, and every problem it found, one sentence each."""

    cases: int
    events: int
    documents: int
    anchors: int
    last_anchor_at: datetime | None
    #: The anchors that declare what a restored database lost, acknowledged or not.
    restores: tuple[Anchor, ...]
    problems: tuple[str, ...]


def verify_everything(
    keys: Iterable[str] = (),
    *,
    known: Iterable[str] = (),
    restored: Collection[int] = (),
    read_documents: bool = True,
) -> VerificationReport:
    """Verify every case, document and row, the audit log, and the anchors outside, which one of these public keys has to have signed.

    `known` are digests of anchors that somebody keeps, which have to be among those outside. `restored` are the numbers of anchors
    that declare a loss which somebody knows of: any other such anchor is a problem. Without keys the site's own is trusted. The
    site may be in use meanwhile. Raises StorageUnreachable where the place of anchors does not answer.
    """
    inside = anchors.rows_of_anchors()  # before the place outside is listed: another anchor may be kept meanwhile
    outside, problems = anchors.read_anchors(keys)
    problems += _anchors_inside(inside, outside)
    problems += _restores(outside, restored)
    there = {one.digest for one in outside}
    problems += [f"no anchor outside has the digest {digest}" for digest in known if digest not in there]
    problems += log_seals.verify_log()
    problems += _anchored_log(outside)
    problems += _register(outside)
    named = anchors.anchored_heads(outside)
    numbers = {
        *EventRow.objects.order_by().values_list("case", flat=True).distinct(),
        *CaseRow.objects.values_list("number", flat=True),
        *DocumentRow.objects.order_by().values_list("case", flat=True).distinct(),
        *named,
    }
    last = outside[-1].at if outside else None
    events = 0
    for number in sorted(numbers):
        with _snapshot():
            verified, found = _case(number, named.get(number, ()), last)
        events += verified
        problems += found
    digests = DocumentRow.objects.order_by("digest").values_list("digest", flat=True).distinct()
    count = 0
    for count, one in enumerate(digests.iterator(), 1):  # noqa: B007 - counted
        problems += _document(one, read=read_documents)
    return VerificationReport(
        cases=len(numbers),
        events=events,
        documents=count,
        anchors=len(outside),
        last_anchor_at=last,
        restores=tuple(one for one in outside if one.losses),
        problems=tuple(problems),
    )


@contextmanager
def _snapshot() -> Iterator[None]:
    """Read every row as it is at one moment, whatever the site commits meanwhile; in a transaction that began before, as that one does."""
    began = connection.in_atomic_block
    with transaction.atomic():
        if not began:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _case(number: str, heads: Sequence[tuple[Anchor, Head]], last: datetime | None) -> tuple[int, list[str]]:
    """Return how many events of a case verify, and what is wrong with it."""
    try:
        history = rows.chain(number)
        chains.verify(history)
    except Damaged as error:
        return 0, [f"case {number}: {error}", *_anchored_rows(number, heads)]
    signed = (f"case {number}: {problem}" for problem in signatures.signature_problems(history))
    return len(history), [*_anchored(number, history, heads, last), *_row(number, history), *signed]


def _restores(outside: Sequence[Anchor], restored: Collection[int]) -> Iterator[str]:
    """Yield the anchors that declare a loss which nobody acknowledges: whoever cut a history can declare one too."""
    for one in outside:
        if one.losses and one.number not in restored:
            yield (
                f"the anchor {one.number} of {_said(one.at)} says that the database was restored and lost {len(one.lost)} heads of cases "
                f"and {len(one.lost_seals or ())} seals of the audit log: if you know of that restore, give --restored {one.number}"
            )
    there = {one.number for one in outside}
    yield from (f"no anchor outside has the number {number}" for number in sorted(set(restored) - there))


def _anchors_inside(inside: Mapping[int, str], outside: Sequence[Anchor]) -> Iterator[str]:
    """Yield where this database and the place outside do not have the same anchors, and whether the last is recent."""
    there = {one.number: one.digest for one in outside}
    for number, digest in sorted(inside.items()):
        if number not in there:
            yield f"the anchor {number} was kept outside, and is not there any more"
        elif there[number] != digest:
            yield f"the anchor {number} outside is not the one that this site made"
    if not outside:
        yield "there is no anchor outside: nothing proves that the histories are whole"
    elif outside[-1].at + ANCHORS + LATE < clock.now():
        yield f"the last anchor outside is of {_said(outside[-1].at)}: nothing after it is proven"


def _anchored_log(outside: Sequence[Anchor]) -> Iterator[str]:
    """Yield the anchors whose seal of the audit log is not the one that is there, and entries that nobody sealed."""
    named = anchors.anchored_seals(outside)
    there = log_seals.seals_at({seal.number for _, seal in named})
    for one, seal in named:
        if there.get(seal.number) != seal.digest:
            what = "is not the one" if seal.number in there else "is missing; it is one"
            yield f"the audit log: seal {seal.number} {what} that anchor {one.number} of {_said(one.at)} names"
    if left := log_seals.unsealed_before(clock.now() - LATE):
        yield f"the audit log: {left} entries are older than an hour and not sealed: maintenance does not run"


def _register(outside: Sequence[Anchor]) -> Iterator[str]:
    """Yield what is wrong with the register of signing keys: what anchors know otherwise, and what no reviewer or coordinator did."""
    for one, held in anchors.anchored_registers(outside):
        if signing_keys.register_digest(held.entries) != (held.entries, held.digest):
            yield f"the register of signing keys is not the one that anchor {one.number} of {_said(one.at)} names"
    yield from signing_key_problems()


def _anchored(
    number: str, history: Sequence[Recorded], heads: Iterable[tuple[Anchor, Head]], last: datetime | None
) -> Iterator[str]:
    """Yield what the anchors know otherwise of a case whose chain verifies."""
    proven = 0
    for one, head in heads:
        when = f"anchor {one.number} of {_said(one.at)}"
        if head.events > len(history):
            yield f"case {number}: the chain ends with event {len(history)}, and {when} names event {head.events}"
        elif history[head.events - 1].digest != head.digest:
            yield f"case {number}: event {head.events} is not the one that {when} names: the history was written again"
        elif anchors.papers(number, head.documents) != (head.documents, head.papers):
            yield f"case {number}: its documents are not those that {when} names"
        proven = max(proven, head.events)
    if last is not None and any(item.at < last - LATE for item in history[proven:]):
        yield f"case {number}: it has events that are older than the last anchor, and no anchor names them"


def _anchored_rows(number: str, heads: Iterable[tuple[Anchor, Head]]) -> Iterator[str]:
    """Yield what the anchors know otherwise of a case whose chain does not verify."""
    there: Mapping[int, str] = dict(EventRow.objects.filter(case=number).values_list("number", "digest"))
    for one, head in heads:
        if there.get(head.events) != head.digest:
            yield f"case {number}: event {head.events} is not the one that anchor {one.number} of {_said(one.at)} names"


def _row(number: str, history: Sequence[Recorded]) -> Iterator[str]:
    """Yield what the row of a case shows otherwise than its events."""
    if not history:
        if CaseRow.objects.filter(number=number).exists():
            yield f"case {number}: it has a row and no event"
        return
    try:
        wrong = rows.outdated_columns(replay(history, number), history[-1].at)
    except ImrError as error:
        yield f"case {number}: {error}"
        return
    if wrong:
        yield f"case {number}: its row is not what its events say ({', '.join(wrong)}): `manage.py rebuild` corrects it"


def _document(digest: str, *, read: bool) -> Iterator[str]:
    """Yield that a document is missing from the storage, or not the one that was stored."""
    try:
        if read:
            documents.load(digest)
        elif not documents.is_stored(digest):
            yield f"document {digest}: it is missing from the storage"
    except Damaged as error:
        yield f"document {digest}: {error}"


def _said(at: datetime) -> str:
    return f"{at.astimezone(CALIFORNIA):%Y-%m-%d %H:%M}"
