"""What was sealed at assignment can be shown in part, and nothing else can be shown for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.panel import ON, member, request

from imr.errors import Damaged, ImrError
from imr.law.reviewers import Party, screen
from imr.law.terms import PartyKind
from imr.panel.commitment import CONFIDENTIAL, Commitment, CommittedFact, Disclosure, commit, verify
from imr.plain import canonical, from_plain, to_plain

SECRET = bytes(range(32))
WHO = member("R1", npi="1234567893").reviewer
MATTER = request(specialties=("Pain Management",), parties=(Party(kind=PartyKind.INSURER, name="Acme Care"),)).matter


def sealed(secret: bytes = SECRET, draw: str = "spring") -> Commitment:
    return commit("CM15-0000001", ON, WHO, MATTER, screen(WHO, MATTER, ON), secret, draw)


def test_the_parties_verify_every_rule_and_party_and_learn_no_name():
    shown = sealed().disclose()
    claims = verify(shown, sealed().root)
    assert {claim.sort for claim in claims} == {"case", "day", "rule", "party", "specialties asked", "draw"}
    assert {claim.says["rule"] for claim in claims if claim.sort == "rule"} == {f.rule for f in screen(WHO, MATTER, ON)}
    assert CommittedFact("party", {"kind": "insurer", "name": "Acme Care"}) in claims
    text = canonical(shown)
    assert not any(part in text for part in (WHO.name, f'"{WHO.id}"', WHO.npi, sealed().secret))


def test_everybody_verifies_what_names_nobody():
    claims = verify(sealed().publish(), sealed().root)
    assert {claim.sort for claim in claims} == {"case", "day", "rule", "specialties asked", "draw"}


def test_the_division_opens_everything():
    claims = verify(sealed().open(), sealed().root)
    assert {claim.sort for claim in claims} >= CONFIDENTIAL
    assert CommittedFact("reviewer", {"id": "R1", "name": WHO.name, "npi": "1234567893"}) in claims


def test_a_disclosure_goes_through_json():
    shown = sealed().disclose()
    assert from_plain(Disclosure, to_plain(shown)) == shown
    assert from_plain(Commitment, to_plain(sealed())) == sealed()


def test_the_same_claims_under_another_secret_have_another_root_and_no_hash_in_common():
    one, other = sealed(), sealed(secret=bytes(32))
    assert one.root != other.root
    assert {leaf.digest for leaf in one.open().leaves}.isdisjoint(leaf.digest for leaf in other.open().leaves)


@given(st.data())
def test_nothing_else_can_be_shown_for_what_was_sealed(data):
    shown = sealed().disclose()
    place = data.draw(st.integers(0, len(shown.leaves) - 1))
    leaf = shown.leaves[place]
    others = shown.leaves[:place], shown.leaves[place + 1 :]
    tampered = [replace(shown, leaves=(*others[0], *others[1])), replace(shown, root="0" * 64)]
    if leaf.claim is not None:
        changed = replace(leaf, claim=CommittedFact(leaf.claim.sort, "something else"))
        tampered.append(replace(shown, leaves=(*others[0], changed, *others[1])))
        tampered.append(replace(shown, leaves=(*others[0], replace(leaf, salt="00"), *others[1])))
    for forged in tampered:
        with pytest.raises(Damaged):
            verify(forged, sealed().root)


def test_another_root_than_the_published_one():
    with pytest.raises(Damaged, match="not the one that was published"):
        verify(sealed().disclose(), sealed(secret=bytes(32)).root)
    assert verify(sealed().disclose())


def test_a_short_secret_and_a_refused_reviewer_are_not_sealed():
    with pytest.raises(ImrError, match="at least 16 bytes"):
        sealed(secret=b"short")
    qme = replace(WHO, is_qme=True)
    with pytest.raises(ImrError, match="rev-not-qme"):
        commit("C1", ON, qme, MATTER, screen(qme, MATTER, ON), SECRET)


def test_a_case_that_asks_for_no_specialty_and_no_draw():
    matter = request().matter
    plain = commit("C1", ON, WHO, matter, screen(WHO, matter, ON), SECRET)
    assert {claim.sort for claim in plain.claims} == {"case", "day", "reviewer", "record", "rule"}
