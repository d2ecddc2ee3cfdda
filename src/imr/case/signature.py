"""The reviewer's signature of a determination: what is signed, and the passkey's answer to it.

A passkey (WebAuthn, W3C) signs a challenge of 32 bytes. Here the challenge is the SHA-256 of the statement that the reviewer makes, so
the answer proves that whoever holds the key signed this letter in this case. `imr.passkeys` verifies it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from imr.case.chain import Recorded
from imr.case.digests import digest, digest_of_text
from imr.case.events import DraftPassed
from imr.determination import write
from imr.determination.model import Determination
from imr.plain import to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """What a reviewer signs: the determination of a case and its letter, by their digests, as they follow from a passed draft.

    `passed` is the digest of the event with which the quality review passed the draft, so the signature also binds the history
    of the case up to that event, and belongs to one passing of the draft alone.
    """

    case: str
    passed: str
    determination: str
    letter: str

    @property
    def challenge(self) -> bytes:
        """The 32 bytes that the passkey signs."""
        return bytes.fromhex(digest({"signs": "determination", "statement": to_plain(self)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAnswer:
    """The answer of a passkey to a challenge, as a browser gives it: four values in unpadded base64url."""

    credential: str
    authenticator_data: str
    client_data: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerSignature:
    """A signed statement with the public key that verifies it. It names no person.

    `key` is the SHA-256 of `public_key`, which is a SubjectPublicKeyInfo in hex (RFC 5280); `site` is the host name for which the
    passkey was made. The register of signing keys says whether the key was in force.
    """

    statement: SignedStatement
    key: str
    public_key: str
    site: str
    answer: PasskeyAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """An entry of the register of signing keys as the Division may have it: what happened to which key on which day.

    `kind` is registered, confirmed or ended. `owner` binds the reviewer, and whoever made the entry, by a salted digest that nobody outside can try out.
    """

    number: int
    kind: str
    key: str
    on: str
    valid_from: str
    owner: str


def passing(chain: Iterable[Recorded]) -> str:
    """Give the digest of the last event with which the draft was passed; empty if there is none."""
    passed = ""
    for item in chain:
        if isinstance(item.event, DraftPassed):
            passed = item.digest
    return passed


def statement_of(chain: Iterable[Recorded], case: str, determination: Determination) -> SignedStatement:
    """Give the statement by which a determination is signed, after the events of its case."""
    return SignedStatement(
        case=case,
        passed=passing(chain),
        determination=digest(determination),
        letter=digest_of_text(write(determination)),
    )


_NO_STATEMENT = SignedStatement(case="", passed="", determination="", letter="")
_NO_ANSWER = PasskeyAnswer(credential="", authenticator_data="", client_data="", signature="")
#: A determination that nobody has signed.
UNSIGNED = ReviewerSignature(statement=_NO_STATEMENT, key="", public_key="", site="", answer=_NO_ANSWER)
