"""Passkeys: verifies what they sign, and makes those of invented reviewers.

An answer is valid if the signature over the authenticator's data and the digest of the client's data fits the public key, the client's
data holds the challenge, both name the site for which the passkey was made, and the authenticator has verified its user by a
fingerprint, a face or a PIN (WebAuthn Level 2, 7.2).
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from imr.case.signature import PasskeyAnswer, ReviewerSignature, SignedStatement
from imr.errors import Damaged, Unreadable

#: The algorithms that a passkey may sign with, as COSE numbers them: ECDSA on P-256, EdDSA on Ed25519, RSA with PKCS #1 v1.5.
ALGORITHMS = (-7, -8, -257)
#: The host name of invented passkeys. It is reserved (RFC 2606), so no browser makes a passkey for it.
INVENTED = "invented.invalid"
#: The smallest RSA key, in bits, and the longest public key in bytes.
RSA_BITS, LONGEST = 2048, 1_200
#: The flags of an authenticator: its user was present, and was verified.
_PRESENT, _VERIFIED = 0x01, 0x04
#: The length of the authenticator's data without extensions: a digest, the flags, a counter.
_SHORTEST = 37

_Key = ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 of a public key, by which the register and signatures name it."""
    return sha256(_bytes_of_hex(public_key)).hexdigest()


def insist_key(public_key: str) -> None:
    """Raise Unreadable for what is no public key of an accepted kind."""
    _key(public_key)


def insist_answers(answer: PasskeyAnswer, challenge: bytes, public_key: str, site: str) -> str:
    """Return the address of the page on which a passkey answered a challenge.

    Raises Damaged where the answer is not valid for this challenge, key and site, and Unreadable where it is no answer.
    """
    key = _key(public_key)
    client_data, data = _decoded(answer.client_data), _decoded(answer.authenticator_data)
    try:
        said: Any = json.loads(client_data)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the client's data of the passkey is not JSON") from error
    if not isinstance(said, dict) or said.get("type") != "webauthn.get":
        raise Unreadable("the client's data of the passkey is not that of a signature")
    if said.get("challenge") != encoded(challenge):
        raise Damaged("the passkey signed something else")
    if len(data) < _SHORTEST:
        raise Unreadable("the authenticator's data of the passkey is too short")
    origin = str(said.get("origin", ""))
    if data[:32] != sha256(site.encode()).digest() or _host(origin) != site:
        raise Damaged(f"the passkey signed for another site than {site}")
    if said.get("crossOrigin"):
        raise Damaged("the passkey signed inside a page of another site")
    if not data[32] & _PRESENT or not data[32] & _VERIFIED:
        raise Damaged("the passkey did not verify its user by a fingerprint, a face or a PIN")
    try:
        _verify(key, _decoded(answer.signature), data + sha256(client_data).digest())
    except InvalidSignature as error:
        raise Damaged("the signature of the passkey does not fit its public key") from error
    return origin


def insist_signed(signature: ReviewerSignature) -> str:
    """Return the address of the page on which a determination was signed. Raises what `insist_answers` raises."""
    if fingerprint(signature.public_key) != signature.key:
        raise Damaged("the public key of the signature is not the one that it names")
    return insist_answers(signature.answer, signature.statement.challenge, signature.public_key, signature.site)


def encoded(data: bytes) -> str:
    """Return bytes in base64url without padding, as WebAuthn writes them."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError as error:
        raise Unreadable("the client's data of the passkey names no address of a page") from error


def _decoded(text: str) -> bytes:
    try:
        if not text.isascii():
            raise ValueError(text)
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unreadable("the answer of the passkey is not in base64url") from error


def _bytes_of_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Unreadable("the public key of the passkey is not in hex") from error


def _key(public_key: str) -> _Key:
    data = _bytes_of_hex(public_key)
    try:
        key = load_der_public_key(data) if len(data) <= LONGEST else None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unreadable("the public key of the passkey cannot be read") from error
    match key:
        case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()) | Ed25519PublicKey():
            return key
        case rsa.RSAPublicKey(key_size=size) if size >= RSA_BITS:
            return key
    raise Unreadable("the public key of the passkey is of a kind that this site does not accept")


def _verify(key: _Key, signature: bytes, signed: bytes) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(SHA256()))
    elif isinstance(key, Ed25519PublicKey):
        key.verify(signature, signed)
    else:
        key.verify(signature, signed, padding.PKCS1v15(), SHA256())


@dataclass(frozen=True, slots=True)
class InventedPasskey:
    """The passkey of an invented reviewer. Its secret follows from the name, so anybody can sign with it: it proves nothing."""

    name: str
    site: str = INVENTED

    @property
    def credential(self) -> str:
        """The id of the passkey, as a browser gives it."""
        return encoded(sha256(f"credential {self.name}".encode()).digest())

    @property
    def public_key(self) -> str:
        """The public key in hex."""
        key = self._secret().public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()

    def answer(self, challenge: bytes, origin: str = "") -> PasskeyAnswer:
        """Return the answer to a challenge, as the user would give it after a PIN."""
        said = {
            "type": "webauthn.get",
            "challenge": encoded(challenge),
            "origin": origin or f"https://{self.site}",
            "crossOrigin": False,
        }
        client_data = json.dumps(said, separators=(",", ":")).encode()
        data = sha256(self.site.encode()).digest() + bytes([_PRESENT | _VERIFIED]) + bytes(4)
        return PasskeyAnswer(
            credential=self.credential,
            authenticator_data=encoded(data),
            client_data=encoded(client_data),
            signature=encoded(self._secret().sign(data + sha256(client_data).digest())),
        )

    def sign(self, statement: SignedStatement) -> ReviewerSignature:
        """Return the signature of a statement."""
        return ReviewerSignature(
            statement=statement,
            key=fingerprint(self.public_key),
            public_key=self.public_key,
            site=self.site,
            answer=self.answer(statement.challenge),
        )

    def _secret(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(f"invented passkey {self.name}".encode()).digest())
