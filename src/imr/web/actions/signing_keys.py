"""What is done to the keys with which reviewers sign: a reviewer registers a passkey, a coordinator confirms it, either ends it.

So no administrator of accounts can sign for a reviewer: whoever takes over an account registers another passkey, and a coordinator who
asks the reviewer for its fingerprint does not confirm it.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404

from imr import passkeys
from imr.case.digests import digest
from imr.case.signature import PasskeyAnswer, ReviewerSignature, SignedStatement
from imr.errors import Damaged, ImrError, Refused, Unreadable
from imr.law.rule import spell
from imr.law.terms import Role
from imr.plain import canonical, from_plain, to_plain
from imr.web import access
from imr.web.models import OutboxRow, PersonRow, SigningKeyRow
from imr.web.platform import clock
from imr.web.platform.authentication import FRESH, SecondFactorExpired
from imr.web.platform.environment import is_production
from imr.web.platform.periods import NEXT_SIGNING_KEY
from imr.web.store import signing_keys
from imr.web.store.signing_keys import KeyEvent, SigningKey

#: The longest answer of a passkey, in characters of JSON.
LONGEST = 10_000
#: The longest reason for which a key is ended.
REASON = 200
#: Since when invented reviewers have their keys: before every invented case.
_INVENTED_SINCE = datetime(2013, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatement:
    """What a passkey signs when it is registered: its own public key, for this site, after a number that the site chose at random."""

    nonce: str
    key: str

    @property
    def challenge(self) -> bytes:
        """The 32 bytes that the passkey signs."""
        return bytes.fromhex(digest({"signs": "registration", "statement": to_plain(self)}))


def new_nonce() -> str:
    """Return a number of 256 random bits for a registration."""
    return secrets.token_hex(32)


@transaction.atomic
def register(user: access.Viewer, nonce: str, site: str, sent: Mapping[str, str]) -> SigningKey:
    """Register a passkey as the signing key of a reviewer. `sent` has its `public_key` in hex, and the `answer` as JSON.

    Raises Refused where it cannot be one, Unreadable where it is none, and SecondFactorExpired where the second factor is not recent.
    """
    person = _reviewer(user)
    _insist_fresh(person)
    public_key, reviewer = sent.get("public_key", ""), str(person.reviewer_id)
    answer = _answer(sent.get("answer", ""))
    passkeys.insist_key(public_key)
    key = passkeys.fingerprint(public_key)
    statement = KeyStatement(nonce=nonce, key=key)
    signing_keys.lock(reviewer)
    if not nonce:
        raise Refused("the page is too old: reload it, then register the passkey again")
    try:
        origin = passkeys.insist_answers(answer, statement.challenge, public_key, site)
    except Damaged as error:
        raise Refused(f"the passkey cannot be registered: {error}") from error
    _insist_origin(origin)
    if signing_keys.keys_named([key]):
        raise Refused("this passkey is in the register already: make another one")
    if any(one.waits for one in signing_keys.keys_of(reviewer)):
        raise Refused("a passkey of yours waits for its confirmation: call the review organization, or end it first")
    proof = canonical({"statement": to_plain(statement), "answer": to_plain(answer)})
    signing_keys.enter(
        KeyEvent.REGISTERED,
        key,
        reviewer,
        person,
        clock.now(),
        credential=answer.credential,
        public_key=public_key,
        site=site,
        proof=proof,
    )
    _tell(person, person, "registered", key)
    return signing_keys.keys_named([key])[key]


@transaction.atomic
def confirm(user: access.Viewer, reviewer: str, key: str) -> SigningKey:
    """Confirm a key whose fingerprint a coordinator compared with its reviewer. A later key than the first waits a day.

    Raises Refused for whoever may not confirm it, and Http404 where no such key waits.
    """
    coordinator = access.insist_any(user, (Role.COORDINATOR,))
    _insist_fresh(coordinator)
    signing_keys.lock(reviewer)
    found = _of(reviewer, key)
    if not found.waits:
        raise Refused("this key does not wait for a confirmation: reload the page")
    if coordinator.reviewer_id == reviewer or coordinator.is_superuser or coordinator.is_staff:
        raise Refused("whoever administers accounts, or owns the key, does not confirm it: another coordinator does")
    now = clock.now()
    before = any(one.confirmed_at for one in signing_keys.keys_of(reviewer))
    valid_from = now.astimezone(UTC) + NEXT_SIGNING_KEY if before else now
    signing_keys.enter(KeyEvent.CONFIRMED, key, reviewer, coordinator, now, site=found.site, valid_from=valid_from)
    _tell(_owner(reviewer), coordinator, "confirmed", key)
    return _of(reviewer, key)


@transaction.atomic
def end(user: access.Viewer, reviewer: str, key: str, reason: str) -> SigningKey:
    """End a key, by its reviewer or by a coordinator: it signs nothing more, and what it signed stays signed.

    Raises Refused where it ended already or no reason is given, and Http404 where there is none.
    """
    person = access.person(user)
    if Role.REVIEWER not in access.roles(user) or person.reviewer_id != reviewer:
        access.insist_any(user, (Role.COORDINATOR,))
    if not reason.strip():
        raise Refused("say why the key ends, such as “the device is lost”")
    signing_keys.lock(reviewer)
    found = _of(reviewer, key)
    if found.ended_at is not None:
        raise Refused("this key ended already: reload the page")
    signing_keys.enter(
        KeyEvent.ENDED, key, reviewer, person, clock.now(), site=found.site, reason=reason.strip()[:REASON]
    )
    _tell(_owner(reviewer), person, "ended", key)
    return _of(reviewer, key)


def sign(user: access.Viewer, statement: SignedStatement, sent: str, at: datetime) -> ReviewerSignature:
    """Return the signature of a statement by the passkey of a reviewer, whose answer was sent as JSON.

    Nobody is asked for the passkey of an invented reviewer, on a site of invented people. Raises Refused where there is no
    key that signs, or the answer is not one to this statement.
    """
    person = _reviewer(user)
    signing_keys.lock(str(person.reviewer_id))
    keys = signing_keys.keys_of(str(person.reviewer_id))
    able = [key for key in keys if key.may_sign(at)]
    if not able:
        raise Refused(_why_none(keys, at))
    if not sent and able[-1].is_invented:
        return passkeys.InventedPasskey(able[-1].reviewer).sign(statement)
    if not sent:
        raise Refused("a determination is signed with your passkey: reload the page, then sign again")
    answer = _answer(sent)
    key = next((one for one in able if one.credential == answer.credential), None)
    if key is None:
        raise Refused("this passkey is not your signing key: use the one that you registered")
    made = ReviewerSignature(statement=statement, key=key.key, public_key=key.public_key, site=key.site, answer=answer)
    try:
        origin = passkeys.insist_signed(made)
    except Damaged as error:
        raise Refused(
            f"this is not your signature of this letter: {error}. Reload the page, then sign again"
        ) from error
    if not key.is_invented:
        _insist_origin(origin)
    return made


def has_key(person: PersonRow) -> bool:
    """Return whether a reviewer has any signing key in the register."""
    return bool(signing_keys.keys_of(str(person.reviewer_id)))


@transaction.atomic
def give_invented_key(person: PersonRow) -> None:
    """Give an invented reviewer the passkey with which this site signs for them. Raises ImrError on a site of real people."""
    if is_production():
        raise ImrError("a site of real people has no invented keys: reviewers register their own passkeys")
    reviewer = str(person.reviewer_id)
    if any(key.is_invented and key.ended_at is None for key in signing_keys.keys_of(reviewer)):
        return
    made, at = passkeys.InventedPasskey(reviewer), _INVENTED_SINCE
    key = passkeys.fingerprint(made.public_key)
    signing_keys.enter(
        KeyEvent.REGISTERED,
        key,
        reviewer,
        person,
        at,
        credential=made.credential,
        public_key=made.public_key,
        site=made.site,
    )
    signing_keys.enter(KeyEvent.CONFIRMED, key, reviewer, None, at, site=made.site, valid_from=at)


def signing_key_problems() -> Iterator[str]:
    """Yield the keys of the register that nobody proved to hold, or that nobody else confirmed, a sentence each."""
    for row in SigningKeyRow.objects.exclude(site=passkeys.INVENTED).order_by("number"):
        if row.kind == KeyEvent.REGISTERED.value:
            try:
                proof = json.loads(row.proof)
                statement = from_plain(KeyStatement, proof["statement"])
                answer = from_plain(PasskeyAnswer, proof["answer"])
                passkeys.insist_answers(answer, statement.challenge, row.public_key, row.site)
                proven = statement.key == row.key == passkeys.fingerprint(row.public_key)
            except (ValueError, KeyError, TypeError, ImrError):
                proven = False
            if not proven:
                yield f"the register of signing keys, entry {row.number}: nobody proved to hold the key {row.key}"
        elif row.kind == KeyEvent.CONFIRMED.value and (row.person is None or row.person.reviewer_id == row.reviewer):
            yield f"the register of signing keys, entry {row.number}: nobody but its reviewer confirmed the key {row.key}"


def _why_none(keys: tuple[SigningKey, ...], at: datetime) -> str:
    """Return why none of these keys signs at a moment, with what to do."""
    coming = next((key for key in keys if key.valid_from and at < key.valid_from and key.ended_at is None), None)
    if coming is not None and coming.valid_from is not None:
        return f"your new signing key is in force from {spell(coming.valid_from)}: sign after that"
    if any(key.waits for key in keys):
        return "your signing key is not confirmed yet: call the review organization and compare its fingerprint"
    return "you have no signing key: register a passkey under “My signing key”, then sign"


def _reviewer(user: access.Viewer) -> PersonRow:
    person = access.insist_any(user, (Role.REVIEWER,))
    if not person.reviewer_id:
        raise Refused("your account is not on the panel: ask the review organization to connect it")
    return person


def _owner(reviewer: str) -> PersonRow | None:
    return PersonRow.objects.filter(reviewer=reviewer, is_active=True).first()


def _of(reviewer: str, key: str) -> SigningKey:
    found = next((one for one in signing_keys.keys_of(reviewer) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _answer(sent: str) -> PasskeyAnswer:
    if len(sent) > LONGEST:
        raise Unreadable("the answer of the passkey is too long")
    try:
        return from_plain(PasskeyAnswer, json.loads(sent))
    except (ValueError, RecursionError, ImrError) as error:
        raise Unreadable("the answer of the passkey cannot be read: reload the page, then try again") from error


def _insist_origin(origin: str) -> None:
    """Refuse what a passkey signed on a page of another address than this site's."""
    local = not settings.HTTPS and urlsplit(origin).hostname == "localhost"
    if origin != settings.SITE and not local:
        raise Refused(f"the passkey signed on a page of {origin}: open {settings.SITE}, then try again")


def _insist_fresh(person: PersonRow) -> None:
    factor = person.second_factor
    if factor is None or clock.now() - factor.at > FRESH:
        raise SecondFactorExpired("a change of a signing key needs your second factor: give it again, then try again")


def _tell(owner: PersonRow | None, by: PersonRow, what: str, key: str) -> None:
    """Log what happened to a key, and tell its reviewer by mail."""
    access.log_account(by, access.AuditAction.ACCOUNT, f"the signing key {key[:16]} was {what}")
    if owner is None:
        return
    now = clock.now()
    OutboxRow.objects.create(
        person=owner,
        subject=f"{settings.ORGANIZATION}: your signing key was {what}",
        text=f"The signing key that begins with {key[:16]} was {what}. If you did not ask for this, call the review organization now: "
        f"somebody may want to sign for you.\n\n{settings.SITE}/reviewer/signing-key/\n",
        created_at=now,
        next_at=now,
    )
