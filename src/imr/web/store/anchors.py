"""Anchors: signed heads of every history, kept outside of the site, so that nobody inside can change history unseen.

An anchor names, for each case that changed since the anchor before it, how many events the case has, the digest of the last, and
a digest of its documents; and the last seal of the audit log. It is bound to the anchor before it and signed. So all anchors
together name the head of every case. Whoever owns the database can write any history into it, and not into the place outside:
a folder of another machine, or a bucket that locks its objects.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from imr.case.context import CALIFORNIA
from imr.case.digests import digest
from imr.errors import Damaged, ImrError
from imr.plain import ADDED, canonical, from_plain, to_plain
from imr.web.models import AnchoredCaseRow, AnchorRow, DocumentRow, EventRow, InstallationRow, OutboxRow
from imr.web.platform import clock, signing_key
from imr.web.platform.periods import ANCHORS
from imr.web.platform.storage import FileStorage, storage_of
from imr.web.store import log_seals, signing_keys

#: What of a document an anchor binds.
_DOCUMENT = ("digest", "paper", "sender", "size")
#: How many cases are read at once.
_AT_ONCE = 500
_WAY_OUT = (
    "If this database was restored from a backup, state it with `manage.py anchors restored`; if not, somebody has changed it or "
    "the place outside: `manage.py verify` says what differs"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a case: the number and digest of its last event; how many documents it has, and their digest."""

    case: str
    events: int
    digest: str
    documents: int
    papers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredSeal:
    """A seal of the audit log as an anchor names it: its number and digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRegister:
    """The register of signing keys as an anchor names it: how many entries it has, and their digest."""

    entries: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The heads of what changed since the anchor before it, the last seal of the audit log, and the register of signing keys.

    `lost`, `lost_seals` and `lost_register` are what anchors before this one name and a restored database does not have any more.
    """

    site: str
    number: int
    at: datetime
    previous: str
    key: str
    seal: int
    log: str
    heads: tuple[Head, ...]
    lost: tuple[Head, ...] = ()
    lost_seals: tuple[AnchoredSeal, ...] | None = field(default=None, metadata=ADDED)
    register: KeyRegister | None = field(default=None, metadata=ADDED)
    lost_register: KeyRegister | None = field(default=None, metadata=ADDED)

    @property
    def losses(self) -> tuple[str, ...]:
        """Each head and seal that this anchor declares as lost, as commands list them; none where it declares no loss."""
        heads = (f"case {head.case}, event {head.events}" for head in self.lost)
        seals = (f"the audit log, seal {seal.number}" for seal in self.lost_seals or ())
        keys = [self.lost_register] if self.lost_register else []
        return (*heads, *seals, *(f"the register of signing keys, entry {one.entries}" for one in keys))

    @property
    def digest(self) -> str:
        """The digest by which the next anchor is bound to this one."""
        return digest(to_plain(self))


def anchor() -> int:
    """Make an anchor where the last is old enough, and send those that are not kept outside yet; return how many were sent.

    Raises Damaged where the place outside holds another anchor, and StorageUnreachable where it does not answer.
    """
    with transaction.atomic():
        _lock()
        last = AnchorRow.objects.order_by("-number").first()
        if last is None or last.at + ANCHORS <= clock.now():
            _insist_last(last)
            key = _key(first=last is None)
            _enter(_made(parsed(last.text) if last else None, key), key)
    return _keep_all()


def restore(keys: Iterable[str] = ()) -> Anchor:
    """State that this database was restored: go on after the last anchor outside, and list which heads and seals are lost.

    The anchors outside have to be signed by the site's key, or by one of `keys`. Raises Damaged where one cannot be trusted.
    """
    own = signing_key.load()
    found, problems = read_anchors([*keys, *([signing_key.public(own)] if own else [])])
    if problems:
        raise Damaged(f"the anchors outside cannot be trusted: {'; '.join(problems[:3])}")
    with transaction.atomic():
        _lock()
        AnchoredCaseRow.objects.all().delete()  # every head is listed again
        key = _key(first=not found)
        made = replace(
            _made(found[-1] if found else None, key),
            lost=tuple(_lost(found)),
            lost_seals=tuple(_lost_seals(found)) or None,
            lost_register=_lost_register(found),
        )
        AnchorRow.objects.filter(number__gte=made.number).delete()
        _enter(made, key)
    _keep_all()
    return made


def read_anchors(keys: Iterable[str] = ()) -> tuple[list[Anchor], list[str]]:
    """Return the anchors that are kept outside of the site, in their order, and what is wrong with them.

    Each has to be signed with the key of one of these public keys; without any, with the site's own.
    """
    own = signing_key.load()
    trusted = set(keys) or ({signing_key.public(own)} if own else set())
    place = storage_of("anchors")
    found: list[Anchor] = []
    problems: list[str] = []
    for name in sorted(name for name, _ in place.listed() if name.endswith(".json")):
        try:
            one = _read(place, name, trusted)
        except ImrError as error:
            problems.append(f"the anchor {name}: {error}")
            continue
        expected = found[-1].number + 1 if found else 1
        if one.number != expected:
            problems.append(f"the anchor {expected} is missing outside: {one.number} comes after {expected - 1}")
        elif found and (one.previous != found[-1].digest or one.site != found[-1].site):
            problems.append(f"the anchor {one.number} does not follow the one before it")
        found.append(one)
    return found, problems


def _read(place: FileStorage, name: str, trusted: set[str]) -> Anchor:
    text = place.read(name).decode("utf-8", "replace")
    one = parsed(text)
    if name != file_name(one.number):
        raise Damaged(f"it says that it is number {one.number}")
    if one.key not in trusted:
        raise Damaged(f"it is signed by an unknown key {one.key}")
    if not signing_key.is_signed(canonical(to_plain(one)).encode(), _signature(text), one.key):
        raise Damaged("its signature does not fit: it was changed")
    return one


def anchored_heads(anchors: Sequence[Anchor]) -> dict[str, list[tuple[Anchor, Head]]]:
    """Return the heads that anchors name of each case, without those that a later anchor declares as lost."""
    lost = {head: one.number for one in anchors for head in one.lost}
    found: dict[str, list[tuple[Anchor, Head]]] = {}
    for one in anchors:
        for head in one.heads:
            if lost.get(head, 0) <= one.number:
                found.setdefault(head.case, []).append((one, head))
    return found


def anchored_seals(anchors: Sequence[Anchor]) -> list[tuple[Anchor, AnchoredSeal]]:
    """Return the seals that anchors name, each at the first that names it, without those that a later one declares as lost."""
    lost = {seal: one.number for one in anchors for seal in one.lost_seals or ()}
    found: dict[AnchoredSeal, Anchor] = {}
    for one in anchors:
        seal = AnchoredSeal(number=one.seal, digest=one.log)
        if one.seal and lost.get(seal, 0) <= one.number:
            found.setdefault(seal, one)
    return [(one, seal) for seal, one in found.items()]


def anchored_registers(anchors: Sequence[Anchor]) -> list[tuple[Anchor, KeyRegister]]:
    """Return the registers of signing keys that anchors name, each at the first, without those that a later one declares as lost."""
    lost = [(one.number, one.lost_register) for one in anchors if one.lost_register is not None]
    found: dict[KeyRegister, Anchor] = {}
    for one in anchors:
        held = one.register
        if held is not None and not any(number > one.number and held.entries >= gone.entries for number, gone in lost):
            found.setdefault(held, one)
    return [(one, register) for register, one in found.items()]


def _lost_register(anchors: Sequence[Anchor]) -> KeyRegister | None:
    """Return the shortest register of signing keys that an anchor names and this database does not have."""
    gone = [one for _, one in anchored_registers(anchors) if signing_keys.register_digest(one.entries) != astuple(one)]
    return min(gone, key=lambda one: one.entries, default=None)


def _lost(anchors: Sequence[Anchor]) -> Iterator[Head]:
    """Yield each head whose event or documents this database does not have, unless an anchor says so already."""
    for case, named in anchored_heads(anchors).items():
        there = dict(EventRow.objects.filter(case=case).values_list("number", "digest"))
        for head in dict.fromkeys(head for _, head in named):
            if there.get(head.events) != head.digest or papers(case, head.documents) != (head.documents, head.papers):
                yield head


def _lost_seals(anchors: Sequence[Anchor]) -> Iterator[AnchoredSeal]:
    """Yield each seal that this database does not have, unless an anchor says so already."""
    named = [seal for _, seal in anchored_seals(anchors)]
    there = log_seals.seals_at({seal.number for seal in named})
    return (seal for seal in named if there.get(seal.number) != seal.digest)


def papers(case: str, most: int | None = None) -> tuple[int, str]:
    """Return how many documents a case has, and the digest of them in the order in which they came; of the first `most` alone."""
    rows = DocumentRow.objects.filter(case=case).order_by("pk").values_list(*_DOCUMENT)
    found = [list(row) for row in (rows if most is None else rows[:most])]
    return len(found), digest(found)


def last_anchor_at() -> datetime | None:
    """Return when the last anchor was made that is known to be kept outside."""
    found: datetime | None = AnchorRow.objects.filter(kept_at__isnull=False).aggregate(last=Max("at"))["last"]
    return found


def rows_of_anchors() -> dict[int, str]:
    """Return the digests of the anchors that this database says it has kept outside."""
    return dict(AnchorRow.objects.filter(kept_at__isnull=False).values_list("number", "digest"))


def _made(last: Anchor | None, key: Ed25519PrivateKey) -> Anchor:
    seal = log_seals.last_seal()
    return Anchor(
        site=str(InstallationRow.objects.get().identity),
        number=last.number + 1 if last else 1,
        at=clock.now().astimezone(CALIFORNIA),
        previous=last.digest if last else "",
        key=signing_key.public(key),
        seal=seal.number if seal else 0,
        log=seal.digest if seal else "",
        heads=tuple(_changed()),
        register=_register(),
    )


def _register() -> KeyRegister | None:
    """Return the register of signing keys; None where it has no entry."""
    count, digested = signing_keys.register_digest()
    return KeyRegister(entries=count, digest=digested) if count else None


def _changed() -> Iterator[Head]:
    """Yield the heads of the cases that have events which no anchor names."""
    known = dict(AnchoredCaseRow.objects.values_list("case", "events"))
    last = EventRow.objects.order_by("case").values_list("case").annotate(last=Max("number"))
    changed = [case for case, number in last if known.get(case) != number]
    for at in range(0, len(changed), _AT_ONCE):
        yield from _heads(changed[at : at + _AT_ONCE])


def _heads(cases: Sequence[str]) -> Iterator[Head]:
    """Yield the heads of these cases, in two statements."""
    heads = list(
        EventRow.objects.filter(case__in=cases)
        .order_by("case", "-number")
        .distinct("case")
        .values_list("case", "number", "digest")
    )
    documents: dict[str, list[list[object]]] = {case: [] for case in cases}
    for case, *row in DocumentRow.objects.filter(case__in=cases).order_by("pk").values_list("case", *_DOCUMENT):
        documents[case].append(row)
    for case, number, digested in heads:
        found = documents[case]
        yield Head(case=case, events=number, digest=digested, documents=len(found), papers=digest(found))


def _enter(made: Anchor, key: Ed25519PrivateKey) -> None:
    signature = key.sign(canonical(to_plain(made)).encode()).hex()
    text = canonical({"anchor": to_plain(made), "signature": signature}) + "\n"
    _mail(made, signature)
    AnchorRow.objects.create(number=made.number, at=made.at, digest=made.digest, text=text)
    AnchoredCaseRow.objects.bulk_create(
        (AnchoredCaseRow(case=head.case, events=head.events) for head in made.heads),
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["events"],
        batch_size=5_000,
    )


def _mail(made: Anchor, signature: str) -> None:
    """Enqueue the digest of the first anchor of a day for whoever keeps it."""
    day = datetime.combine(made.at.astimezone(CALIFORNIA), time(), CALIFORNIA)
    if settings.ANCHOR_MAIL and not AnchorRow.objects.filter(at__gte=day).exists():
        OutboxRow.objects.create(
            address=settings.ANCHOR_MAIL,
            subject=f"{settings.ORGANIZATION}: anchor {made.number}"[:200],
            text=f"Anchor {made.number} of {made.at.isoformat(timespec='seconds')}\n\ndigest {made.digest}\nsigned by {made.key}\nsignature "
            f"{signature}\n\nKeep this message. `manage.py verify --anchor DIGEST` proves with it that no history of the site "
            "from before this moment was changed.\n",
            created_at=made.at,
            next_at=made.at,
        )


def _key(*, first: bool) -> Ed25519PrivateKey:
    found = signing_key.load()
    if found is None:
        if first:
            return (
                signing_key.make()
            )  # of two processes that are first, one fails, and reads the other's in its next round
        raise Damaged(
            "the key that signs anchors is missing: restore it from the backup, or make a new one with `manage.py anchors new-key`"
        )
    return found


def _keep_all() -> int:
    """Send the anchors that are not known to be kept outside, in order; return how many."""
    place, kept = storage_of("anchors"), 0
    for row in AnchorRow.objects.filter(kept_at__isnull=True).order_by("number"):
        name, data = file_name(row.number), row.text.encode()
        try:
            there = place.read(name)
        except FileNotFoundError:
            place.put(name, data)
            there = place.read(name)
        if there != data:
            raise Damaged(f"another anchor {row.number} is outside already. {_WAY_OUT}")
        AnchorRow.objects.filter(pk=row.pk).update(kept_at=clock.now())
        kept += 1
    return kept


def _insist_last(last: AnchorRow | None) -> None:
    """Raise Damaged where the last anchor that is kept outside is not the last one of this database."""
    names = [name for name, _ in storage_of("anchors").listed() if name.endswith(".json")]
    number = max((number_in(name) for name in names), default=0)
    kept: int = AnchorRow.objects.filter(kept_at__isnull=False).aggregate(last=Max("number"))["last"] or 0
    if number > (last.number if last else 0):
        raise Damaged(f"the anchors outside go on to number {number}, and this database knows of {kept}. {_WAY_OUT}")
    if number < kept:
        raise Damaged(f"the anchors outside end with number {number}, and {kept} were kept there. {_WAY_OUT}")


def file_name(number: int) -> str:
    """Return the name of an anchor at the place outside."""
    return f"{number // 1_000:05d}/{number:08d}.json"


def number_in(name: str) -> int:
    """Return the number of an anchor from the name of its file outside; 0 where it has none."""
    digits = name.rpartition("/")[2].removesuffix(".json")
    return int(digits) if digits.isdecimal() else 0


def parsed(text: str) -> Anchor:
    """Return the anchor of a file outside, its signature not verified. Raises Damaged where it cannot be read."""
    try:
        return from_plain(Anchor, json.loads(text)["anchor"])
    except (ValueError, KeyError, TypeError, ImrError) as error:
        raise Damaged(f"it cannot be read: {error}") from error


def _signature(text: str) -> str:
    return str(json.loads(text).get("signature", ""))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('anchors', 0))")
