"""The signatures of determinations: read, and verified against the history of their case and the register of signing keys."""

import json
from collections.abc import Iterator, Sequence

from imr.case.chain import Recorded
from imr.case.events import DeterminationSigned
from imr.case.signature import ReviewerSignature, passing
from imr.errors import Damaged, ImrError
from imr.passkeys import insist_signed
from imr.plain import from_plain
from imr.web.platform.environment import is_production
from imr.web.store import signing_keys
from imr.web.store.documents import load


def last_signed(chain: Sequence[Recorded]) -> Recorded | None:
    """Return the last event of a history with which a determination was signed; None where none was."""
    return next((item for item in reversed(chain) if isinstance(item.event, DeterminationSigned)), None)


def read(item: Recorded) -> ReviewerSignature | None:
    """Return the signature that an event names; None where it names none. Raises Damaged where it is missing or cannot be read."""
    named = getattr(item.event, "signature", "")
    if not named:
        return None
    try:
        return from_plain(ReviewerSignature, json.loads(load(named)))
    except (ValueError, ImrError) as error:
        raise Damaged(f"the signature {named} cannot be read: {error}") from error


def signature_problems(chain: Sequence[Recorded]) -> Iterator[str]:
    """Yield what is wrong with the signatures of a history, a sentence each."""
    began = signing_keys.began_at()
    for place, item in enumerate(chain):
        if not isinstance(item.event, DeterminationSigned):
            continue
        try:
            signature = read(item)
        except Damaged as error:
            yield f"event {item.number}: {error}"
            continue
        if signature is not None:
            yield from (f"event {item.number}: {problem}" for problem in _problems(signature, item, chain[:place]))
        elif began is not None and item.at >= began:
            yield f"event {item.number}: the determination was signed without a key, though reviewers sign with one"


def _problems(signature: ReviewerSignature, item: Recorded, before: Sequence[Recorded]) -> Iterator[str]:
    event, statement = item.event, signature.statement
    if isinstance(event, DeterminationSigned):
        signed = (statement.case, statement.passed, statement.determination, statement.letter)
        if signed != (item.case, passing(before), event.determination, event.letter):
            yield "the reviewer signed something else than this event says"
    try:
        insist_signed(signature)
    except ImrError as error:
        yield str(error)
    key = signing_keys.keys_named([signature.key]).get(signature.key)
    if key is None:
        yield "the key that signed is not in the register of signing keys"
    elif key.reviewer != item.by.id:
        yield "the key that signed is another reviewer's"
    elif not key.signs_at(item.at):
        yield "the key that signed was not in force then"
    elif key.is_invented and is_production():
        yield "the key that signed is an invented one, with which everybody can sign"
