"""The signature of a determination, for whoever verifies it without the reviewer's name; and the reviewer's own keys."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404

from imr.case.context import CALIFORNIA
from imr.case.signature import KeyEntry, ReviewerSignature, SignedStatement, statement_of
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.disclosure import Thing, readers
from imr.law.terms import Role
from imr.passkeys import encoded
from imr.plain import to_plain
from imr.web.access.case_access import CaseAccess, Viewer, insist_any
from imr.web.access.determinations import draft
from imr.web.platform import clock
from imr.web.store import signatures, signing_keys
from imr.web.store.signing_keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """The signature of a determination, the days of its key, and what is wrong with it: nothing, where it is valid.

    `signature` is None in a case that was signed before reviewers had keys; `second_factor` says how it was confirmed.
    """

    signed_on: date
    second_factor: str
    signature: ReviewerSignature | None
    registered_on: date | None
    confirmed_on: date | None
    ended_on: date | None
    is_invented: bool
    problems: tuple[str, ...]


def signature(case_access: CaseAccess) -> SignatureLine | None:
    """Return the signature of the determination of a case; None before it may be known. The look is logged."""
    case_access.require(Thing.SIGNATURE)
    signed = signatures.last_signed(case_access.chain)
    if signed is None or not case_access.decision_is_released:
        return None
    case_access.log(Thing.SIGNATURE)
    try:
        found = signatures.read(signed)
    except ImrError:
        found = None
    key = signing_keys.keys_named([found.key]).get(found.key) if found else None
    return SignatureLine(
        signed_on=signed.at.astimezone(CALIFORNIA).date(),
        second_factor=getattr(signed.event, "second_factor", ""),
        signature=found,
        registered_on=key.registered_at.astimezone(CALIFORNIA).date() if key else None,
        confirmed_on=key.confirmed_at.astimezone(CALIFORNIA).date() if key and key.confirmed_at else None,
        ended_on=key.ended_at.astimezone(CALIFORNIA).date() if key and key.ended_at else None,
        is_invented=key is not None and key.is_invented,
        problems=tuple(signatures.signature_problems(case_access.chain)),
    )


def signature_proof(case_access: CaseAccess) -> dict[str, object]:
    """Return the signature of a case with the register of signing keys, as `imr verify --signature` reads it.

    Raises Http404 where no key signed, or the signature may not be known yet.
    """
    line = signature(case_access)
    if line is None or line.signature is None:
        raise Http404
    entries = [to_plain(entry) for entry in signing_keys.entries()]
    return {"signature": to_plain(line.signature), "signed_on": line.signed_on.isoformat(), "register": entries}


def signing_register(user: Viewer) -> tuple[KeyEntry, ...]:
    """Return the register of signing keys, which names no reviewer, for whoever may see signatures."""
    insist_any(user, readers(Thing.SIGNATURE))
    return signing_keys.entries()


def own_signing_keys(user: Viewer) -> tuple[SigningKey, ...]:
    """Return the signing keys of a reviewer who is signed in."""
    person = insist_any(user, (Role.REVIEWER,))
    return signing_keys.keys_of(str(person.reviewer_id)) if person.reviewer_id else ()


def signing_keys_of(user: Viewer, reviewer: str) -> tuple[SigningKey, ...]:
    """Return the signing keys of a reviewer, for coordinators."""
    insist_any(user, (Role.COORDINATOR,))
    return signing_keys.keys_of(reviewer)


def signing_keys_waiting(user: Viewer) -> tuple[SigningKey, ...]:
    """Return the signing keys that wait for a coordinator, the oldest first."""
    insist_any(user, (Role.COORDINATOR,))
    return signing_keys.waiting()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRequest:
    """What a reviewer's passkey is asked to sign: the statement, the challenge and the passkeys that may answer, in base64url.

    `invented` says that the site signs itself, with the key of an invented reviewer.
    """

    statement: SignedStatement
    challenge: str
    site: str
    credentials: tuple[str, ...]
    invented: bool


def signature_request(case_access: CaseAccess, drafted: Determination | None = None) -> SignatureRequest | None:
    """Return what the reviewer of a case signs today; None where no passkey signs. `drafted` is the draft, where it was read.

    Raises Http404 without a draft, and for everybody but the reviewer.
    """
    made = drafted or draft(case_access)
    reviewer = case_access.case.reviewer
    if made is None or case_access.viewer.reviewer_id != reviewer or Role.REVIEWER not in case_access.roles:
        raise Http404
    now = clock.now()
    able = [key for key in signing_keys.keys_of(reviewer) if key.may_sign(now)]
    if not able:
        return None
    signed = replace(made, decided_on=now.date())
    statement = statement_of(case_access.chain, case_access.number, signed)
    last = able[-1]
    return SignatureRequest(
        statement=statement,
        challenge=encoded(statement.challenge),
        site=last.site,
        credentials=tuple(key.credential for key in able if key.site == last.site),
        invented=last.is_invented,
    )
