"""Passkeys: what one signs is valid for one challenge, one key and one site, and only after its user was verified."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from imr import passkeys
from imr.case.signature import PasskeyAnswer, SignedStatement
from imr.errors import Damaged, ImrError, Unreadable
from imr.passkeys import InventedPasskey, encoded, insist_answers, insist_key, insist_signed

SITE, ORIGIN = "imr.example.org", "https://imr.example.org"
PASSKEY = InventedPasskey("somebody", SITE)
STATEMENT = SignedStatement(case="CM26-1", passed="aa", determination="bb", letter="cc")
CHALLENGE = bytes(range(32))


def public(key):
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()


def answered(sign, *, flags=5, **said):
    """The answer of a device that signs with `sign`."""
    client = {"type": "webauthn.get", "challenge": encoded(CHALLENGE), "origin": ORIGIN} | said
    data, client_data = sha256(SITE.encode()).digest() + bytes([flags]) + bytes(4), json.dumps(client).encode()
    return PasskeyAnswer(
        credential="AA",
        authenticator_data=encoded(data),
        client_data=encoded(client_data),
        signature=encoded(sign(data + sha256(client_data).digest())),
    )


def test_a_statement_that_is_signed_verifies_and_no_other_does():
    signature = PASSKEY.sign(STATEMENT)
    assert insist_signed(signature) == ORIGIN
    for name in ("case", "passed", "determination", "letter"):
        with pytest.raises(Damaged, match="something else"):
            insist_signed(replace(signature, statement=replace(STATEMENT, **{name: "dd"})))
    other = InventedPasskey("somebody else", SITE)
    with pytest.raises(Damaged, match="does not fit its public key"):
        insist_signed(replace(signature, public_key=other.public_key, key=passkeys.fingerprint(other.public_key)))
    with pytest.raises(Damaged, match="not the one that it names"):
        insist_signed(replace(signature, public_key=other.public_key))
    with pytest.raises(Damaged, match="another site"):
        insist_signed(replace(signature, site="another.example.org"))


def test_the_challenge_is_the_digest_of_the_statement():
    said = '{"signs":"determination","statement":{"case":"CM26-1","determination":"bb","letter":"cc","passed":"aa"}}'
    assert STATEMENT.challenge == sha256(said.encode()).digest()


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_other_kinds_of_key_that_devices_have_are_verified(kind):
    if kind == "P-256":
        key = ec.generate_private_key(ec.SECP256R1())
        answer = answered(lambda signed: key.sign(signed, ec.ECDSA(SHA256())))
    else:
        key = rsa.generate_private_key(65537, 2048)
        answer = answered(lambda signed: key.sign(signed, padding.PKCS1v15(), SHA256()))
    assert insist_answers(answer, CHALLENGE, public(key), SITE) == ORIGIN
    with pytest.raises(Damaged, match="does not fit"):
        insist_answers(replace(answer, signature=encoded(b"\x30\x00")), CHALLENGE, public(key), SITE)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"flags": 1}, "did not verify its user"),
        ({"flags": 4}, "did not verify its user"),
        ({"origin": "https://another.example.org"}, "another site"),
        ({"origin": "https://imr.example.org.evil.example"}, "another site"),
        ({"origin": "https://[abc"}, "no address of a page"),
        ({"crossOrigin": True}, "inside a page of another site"),
        ({"challenge": encoded(bytes(32))}, "something else"),
        ({"type": "webauthn.create"}, "not that of a signature"),
    ],
    ids=["absent", "unverified", "origin", "longer origin", "no origin", "frame", "challenge", "registration"],
)
def test_what_was_signed_otherwise_is_refused(how, says):
    key = ec.generate_private_key(ec.SECP256R1())
    answer = answered(lambda signed: key.sign(signed, ec.ECDSA(SHA256())), **how)
    with pytest.raises(ImrError, match=says):
        insist_answers(answer, CHALLENGE, public(key), SITE)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"client_data": encoded(b"no JSON")}, "not JSON"),
        ({"client_data": encoded(b"[]")}, "not that of a signature"),
        ({"client_data": encoded(b"[" * 100_000)}, "not JSON"),
        ({"client_data": "ü"}, "base64url"),
        ({"client_data": "A"}, "base64url"),
        ({"authenticator_data": encoded(bytes(36))}, "too short"),
    ],
    ids=["no JSON", "a list", "nested", "no ASCII", "no base64", "short"],
)
def test_what_is_no_answer_is_unreadable(changed, says):
    answer = replace(PASSKEY.answer(CHALLENGE), **changed)
    with pytest.raises(Unreadable, match=says):
        insist_answers(answer, CHALLENGE, PASSKEY.public_key, SITE)


@pytest.mark.parametrize(
    "public_key",
    ["xyz", "", "00ff", "00" * 2_000, public(ec.generate_private_key(ec.SECP384R1()))],
    ids=["no hex", "empty", "no key", "long", "another curve"],
)
def test_what_is_no_key_of_an_accepted_kind_is_unreadable(public_key):
    with pytest.raises(Unreadable, match="public key of the passkey"):
        insist_key(public_key)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_sent_raises_no_other_error(client_data, authenticator_data, signature):
    answer = PasskeyAnswer(
        credential="", authenticator_data=authenticator_data, client_data=client_data, signature=signature
    )
    with pytest.raises(ImrError):
        insist_answers(answer, CHALLENGE, PASSKEY.public_key, SITE)


def test_the_values_are_in_base64url_without_padding():
    answer = PASSKEY.answer(CHALLENGE)
    assert urlsafe_b64decode(answer.signature + "==").hex()
    assert not any("=" in value for value in (answer.signature, answer.client_data, answer.credential))
