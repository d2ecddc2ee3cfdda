"""A determination is signed by a key of its reviewer's: nobody else can sign, and everybody who may can verify it without the name."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from tests.factories import story
from tests.factories.api_client import enrolled, post
from tests.factories.database import past_triggers
from tests.factories.story import client

from imr.case.chain import public_view, to_record
from imr.case.events import DeterminationSigned
from imr.case.signature import ReviewerSignature
from imr.case.state import Stage
from imr.cli import imr
from imr.errors import ImrError, Refused, Unreadable
from imr.passkeys import INVENTED, InventedPasskey, fingerprint, insist_signed
from imr.plain import canonical, from_plain, to_plain
from imr.web import access, accounts, actions
from imr.web.actions import signing_keys, verification
from imr.web.models import OutboxRow, PersonRow, SigningKeyRow, ViewRow
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactor, SecondFactorExpired
from imr.web.store import anchors, cases, log_seals, signatures
from imr.web.store import signing_keys as register
from imr.web.store.documents import load

SITE, ORIGIN = "localhost", "http://localhost:8000"
#: A device of the reviewer's, and one of somebody who took the account over.
DEVICE, OTHER = InventedPasskey("the reviewer's telephone", SITE), InventedPasskey("a stranger's telephone", SITE)


def sent_by(device, challenge):
    return canonical(device.answer(challenge, ORIGIN))


def registered(person, device=DEVICE):
    """Register a device as somebody's signing key; return the key."""
    nonce, key = signing_keys.new_nonce(), fingerprint(device.public_key)
    challenge = signing_keys.KeyStatement(nonce=nonce, key=key).challenge
    signing_keys.register(person, nonce, SITE, {"public_key": device.public_key, "answer": sent_by(device, challenge)})
    return key


def ended(people):
    """End the key of the invented reviewer, so that a device of their own has to sign."""
    for key in access.own_signing_keys(people["reviewer"]):
        if key.ended_at is None:
            signing_keys.end(people["reviewer"], "R00001", key.key, "a test with a device")


@pytest.fixture
def passed(people):
    """A case whose draft is passed, and whose reviewer has a device in force."""
    number = story.to(Stage.PASSED, people)
    with clock.frozen_at(clock.now() - timedelta(hours=25)):
        ended(people)
        signing_keys.confirm(people["coordinator"], "R00001", registered(people["reviewer"]))
    return number


def sign(people, number, device=DEVICE, **changed):
    """Let a device sign a case."""
    request = access.signature_request(access.open_case(people["reviewer"], number))
    statement = replace(request.statement, **changed)
    facts = {"signature": sent_by(device, statement.challenge)}
    return actions.perform("sign-determination", people["reviewer"], number, facts)


def test_a_determination_is_signed_with_the_reviewers_key(people, passed):
    done = sign(people, passed)
    signature = from_plain(ReviewerSignature, json.loads(load(done.event.signature)))
    assert insist_signed(signature) == ORIGIN
    chain = cases.chain(passed)
    before = next(item for item in reversed(chain) if item.event.kind == "draft-passed")
    statement = signature.statement
    assert (statement.case, statement.passed) == (passed, before.digest)
    assert (statement.determination, statement.letter) == (done.event.determination, done.event.letter)
    assert signature.key == fingerprint(DEVICE.public_key)
    assert list(signatures.signature_problems(chain)) == []
    story.take(people, passed, "issue-determination")


@pytest.mark.parametrize(
    "changed", [{"letter": "00"}, {"determination": "00"}, {"case": "CM26-9"}, {"passed": "00"}], ids=str
)
def test_a_signature_of_anything_else_is_refused(people, passed, changed):
    with pytest.raises(Refused, match="not your signature of this letter: the passkey signed something else"):
        sign(people, passed, **changed)


def test_another_device_signs_nothing(people, passed):
    with pytest.raises(Refused, match="not your signing key"):
        sign(people, passed, OTHER)
    forged = json.loads(sent_by(OTHER, bytes(32))) | {"credential": DEVICE.credential}
    with pytest.raises(Refused, match="not your signature"):
        actions.perform("sign-determination", people["reviewer"], passed, {"signature": json.dumps(forged)})
    with pytest.raises(Refused, match="signed with your passkey"):
        actions.perform("sign-determination", people["reviewer"], passed)
    for sent in ("no JSON", "{}", "[" * 9_000, "x" * 20_000):
        with pytest.raises(Unreadable, match="passkey"):
            actions.perform("sign-determination", people["reviewer"], passed, {"signature": sent})


def test_a_draft_that_is_passed_again_is_signed_again(people, passed):
    request = access.signature_request(access.open_case(people["reviewer"], passed))
    old = {"signature": sent_by(DEVICE, request.statement.challenge)}
    story.take(people, passed, "return-draft")
    story.take(people, passed, "submit-draft")
    story.take(people, passed, "pass-draft")
    with pytest.raises(Refused, match="something else"):
        actions.perform("sign-determination", people["reviewer"], passed, old)
    sign(people, passed)


def test_a_page_of_another_address_signs_nothing(people, passed):
    request = access.signature_request(access.open_case(people["reviewer"], passed))
    answer = DEVICE.answer(request.statement.challenge, "http://localhost.example:8000")
    with pytest.raises(Refused, match="another site"):
        actions.perform("sign-determination", people["reviewer"], passed, {"signature": canonical(answer)})


def test_no_administrator_can_sign_for_a_reviewer(people):
    """Finding 9: who resets an account and takes it over registers another device, and nobody confirms it."""
    number = story.to(Stage.PASSED, people)
    ended(people)
    boss = accounts.make("boss@example.org", "correct horse battery", story.Role.COORDINATOR, administrator=True)
    boss.second_factor = SecondFactor(how="totp", at=clock.now())
    PersonRow.objects.filter(pk=people["reviewer"].pk).update(email="boss+rev@example.org")
    key = registered(people["reviewer"], OTHER)
    assert any(mail.subject.endswith("was registered") for mail in OutboxRow.objects.filter(person=people["reviewer"]))
    assert access.signature_request(access.open_case(people["reviewer"], number)) is None
    with pytest.raises(Refused, match="not confirmed yet"):
        actions.perform("sign-determination", people["reviewer"], number)
    with pytest.raises(Refused, match="another coordinator"):
        signing_keys.confirm(boss, "R00001", key)
    for name in ("reviewer", "intake", "quality", "division", "other reviewer"):
        with pytest.raises(Http404):
            signing_keys.confirm(people[name], "R00001", key)
    assert not [held for held in access.own_signing_keys(people["reviewer"]) if held.signs_at(clock.now())]


def test_an_invented_key_signs_nothing_on_a_site_that_is_open_to_others(people, settings):
    number = story.to(Stage.PASSED, people)
    settings.HTTPS = True
    assert access.signature_request(access.open_case(people["reviewer"], number)) is None
    with pytest.raises(Refused, match="no signing key"):
        actions.perform("sign-determination", people["reviewer"], number)
    with pytest.raises(ImrError, match="no invented keys"):
        accounts.give_invented_key(people["reviewer"])
    settings.HTTPS = False
    chain = (*cases.chain(number), actions.perform("sign-determination", people["reviewer"], number))
    settings.HTTPS = True
    assert [said for said in signatures.signature_problems(chain) if "an invented one" in said]


def test_a_later_key_waits_24_hours_when_the_clock_is_set_forward(people):
    with clock.frozen_at(datetime(2027, 3, 13, 20, tzinfo=UTC)):
        for name in ("coordinator", "reviewer"):
            people[name].second_factor = SecondFactor(how="totp", at=clock.now())
        ended(people)
        confirmed = signing_keys.confirm(people["coordinator"], "R00001", registered(people["reviewer"]))
    assert confirmed.valid_from == datetime(2027, 3, 14, 20, tzinfo=UTC)


def test_a_key_is_registered_confirmed_and_ended(people):
    ended(people)
    reviewer, coordinator = people["reviewer"], people["coordinator"]
    key = registered(reviewer)
    with pytest.raises(Refused, match="waits for its confirmation"):
        registered(reviewer, OTHER)
    assert [waiting.key for waiting in access.signing_keys_waiting(coordinator)] == [key]
    confirmed = signing_keys.confirm(coordinator, "R00001", key)
    assert confirmed.valid_from - confirmed.confirmed_at == timedelta(hours=24), "it is not the reviewer's first"
    assert not confirmed.signs_at(clock.now())
    with pytest.raises(Refused, match="does not wait"):
        signing_keys.confirm(coordinator, "R00001", key)
    with pytest.raises(Refused, match="in the register already"):
        registered(reviewer)
    with pytest.raises(Refused, match="say why"):
        signing_keys.end(coordinator, "R00001", key, " ")
    with pytest.raises(Http404):
        signing_keys.end(people["other reviewer"], "R00001", key, "mischief")
    with pytest.raises(Http404):
        signing_keys.end(coordinator, "R00001", "00" * 32, "no such key")
    assert signing_keys.end(coordinator, "R00001", key, "the telephone is lost").reason == "the telephone is lost"
    with pytest.raises(Refused, match="ended already"):
        signing_keys.end(coordinator, "R00001", key, "again")
    told = [mail.subject.rpartition(" ")[2] for mail in OutboxRow.objects.filter(person=reviewer).order_by("pk")]
    assert told[-3:] == ["registered", "confirmed", "ended"]
    logged = ViewRow.objects.filter(detail__startswith=f"the signing key {key[:16]}").order_by("pk")
    assert [(row.person.email, row.detail.rpartition(" ")[2]) for row in logged] == [
        (reviewer.email, "registered"),
        (coordinator.email, "confirmed"),
        (coordinator.email, "ended"),
    ]


def test_the_first_key_of_a_reviewer_is_in_force_at_once(people):
    newcomer = accounts.make("new@example.org", "correct horse battery", story.Role.REVIEWER)
    newcomer.second_factor = SecondFactor(how="totp", at=clock.now())
    with pytest.raises(Refused, match="not on the panel"):
        registered(newcomer)
    accounts.enter_panel([story.reviewer("R00003", "Nora", "Novel")])
    newcomer.reviewer_id = "R00003"
    newcomer.save()
    confirmed = signing_keys.confirm(people["coordinator"], "R00003", registered(newcomer))
    assert confirmed.signs_at(clock.now())


def test_a_change_of_keys_needs_the_second_factor(people):
    for person in people.values():
        person.second_factor = None
    with pytest.raises(SecondFactorExpired):
        registered(people["reviewer"])
    with pytest.raises(SecondFactorExpired):
        signing_keys.confirm(people["coordinator"], "R00001", "00" * 32)


def test_what_is_not_the_answer_of_the_registered_passkey_is_refused(people):
    nonce, key = signing_keys.new_nonce(), fingerprint(DEVICE.public_key)
    challenge = signing_keys.KeyStatement(nonce=nonce, key=key).challenge
    good = {"public_key": DEVICE.public_key, "answer": sent_by(DEVICE, challenge)}
    for asked, site, sent, says in (
        ("", SITE, good, "too old"),
        (signing_keys.new_nonce(), SITE, good, "something else"),
        (nonce, "imr.example.org", good, "another site"),
        (nonce, SITE, good | {"public_key": OTHER.public_key}, "cannot be registered"),
        (nonce, SITE, good | {"public_key": "00"}, "public key"),
        (nonce, SITE, {}, "cannot be read"),
    ):
        with pytest.raises(ImrError, match=says):
            signing_keys.register(people["reviewer"], asked, site, sent)


def test_a_lost_key_signs_nothing_more_and_what_it_signed_stays(people, passed):
    sign(people, passed)
    signing_keys.end(people["reviewer"], "R00001", fingerprint(DEVICE.public_key), "the telephone is lost")
    assert access.signature(access.open_case(people["quality"], passed)).problems == ()
    assert not [key for key in access.own_signing_keys(people["reviewer"]) if key.signs_at(clock.now())]


# Who verifies it


@pytest.fixture
def issued(people, passed):
    sign(people, passed)
    story.take(people, passed, "issue-determination")
    enrolled(people, "division", "quality", "coordinator", "reviewer")
    return passed


def test_the_division_verifies_it_without_the_name(people, issued, tmp_path):
    division = client(people["division"])
    page = division.get(f"/cases/{issued}/signature/").content.decode()
    assert "The signature is valid" in page
    proof, chain = tmp_path / "signature.json", tmp_path / "events.jsonl"
    proof.write_bytes(division.get(f"/cases/{issued}/signature.json").content)
    chain.write_bytes(division.get(f"/cases/{issued}/events.jsonl").content)
    for said in (page, proof.read_text(), chain.read_text()):
        assert not any(name in said for name in (*story.SECRET_NAMES, "R00001", "rev@example.com"))
    done = CliRunner().invoke(imr, ["verify", str(chain), "--signature", str(proof)])
    assert done.exit_code == 0, done.output
    assert f"was signed with the key {fingerprint(DEVICE.public_key)}, registered on" in done.output
    assert register.register_digest()[1] in done.output


def changed_proof(data, what):
    signature = data["signature"]
    if what == "letter":
        signature["statement"]["letter"] = "00" * 32
    elif what == "key":
        signature |= {"public_key": OTHER.public_key, "key": fingerprint(OTHER.public_key)}
    elif what == "unknown":
        made = OTHER.sign(from_plain(ReviewerSignature, signature).statement)
        data["signature"] = to_plain(made)
    elif what == "not confirmed":
        data["register"] = [entry for entry in data["register"] if entry["kind"] != "confirmed"]
    elif what == "ended":
        key = fingerprint(DEVICE.public_key)
        data["register"].append(data["register"][0] | {"kind": "ended", "key": key, "on": "2020-01-01"})
        data["register"].append(data["register"][-1] | {"on": "2099-01-01"})
    return data


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("letter", "of another determination"),
        ("key", "does not fit"),
        ("unknown", "does not say that the key"),
        ("not confirmed", "does not say that the key"),
        ("ended", "ended on 2020-01-01"),
        ("none", "is not an exported signature"),
    ],
)
def test_a_signature_that_was_changed_does_not_verify(people, issued, tmp_path, what, says):
    proof, chain = tmp_path / "signature.json", tmp_path / "events.jsonl"
    data = access.signature_proof(access.open_case(people["division"], issued))
    proof.write_text("{}" if what == "none" else json.dumps(changed_proof(json.loads(json.dumps(data)), what)))
    events = access.events(access.open_case(people["division"], issued))
    chain.write_text("".join(f"{canonical(to_record(item))}\n" for item in events))
    done = CliRunner().invoke(imr, ["verify", str(chain), "--signature", str(proof)])
    assert done.exit_code, done.output
    assert says in str(done.exception) + done.output


def test_parties_and_the_public_get_nothing_of_the_key(people, issued):
    """The signature is linkable: whoever has two knows whether one reviewer made both. So its digest is sealed, too."""
    story.publish(people["division"], issued)
    signature = access.signature_proof(access.open_case(people["division"], issued))["signature"]
    secrets = (signature["key"], signature["public_key"], signature["answer"]["signature"])
    secrets += (
        next(item.event.signature for item in cases.chain(issued) if item.event.kind == "determination-signed"),
    )
    for name in ("employee", "attorney", "adjuster", "physician", "intake"):
        browser = client(people[name])
        for address in ("signature/", "signature.json"):
            assert browser.get(f"/cases/{issued}/{address}").status_code in (302, 404)
        for address in (f"/cases/{issued}/", f"/api/cases/{issued}/events", f"/api/cases/{issued}/documents"):
            said = browser.get(address).content.decode()
            assert not any(secret in said for secret in secrets), (name, address)
    signed = next(item for item in cases.chain(issued) if isinstance(item.event, DeterminationSigned))
    assert public_view(signed).event.signature.startswith("sealed:")
    for address in (f"/determinations/{issued}.json", f"/determinations/{issued}/", f"/api/published/{issued}"):
        said = client(people["other employee"]).get(address).content.decode()
        assert not any(secret in said for secret in secrets), address


def test_nobody_sees_the_signature_before_the_decision_may_be_known(people, passed):
    sign(people, passed)
    enrolled(people, "division", "quality", "coordinator")
    assert client(people["division"]).get(f"/cases/{passed}/signature/").status_code == 404
    assert client(people["quality"]).get(f"/cases/{passed}/signature/").status_code == 200


def test_the_api_signs_and_verifies(people, passed):
    enrolled(people, "reviewer", "division", "coordinator", "quality", "intake")
    browser = client(people["reviewer"])
    asked = browser.get(f"/api/cases/{passed}/signature-request").json()
    assert asked["site"] == SITE
    assert asked["credentials"] == [DEVICE.credential]
    statement = access.signature_request(access.open_case(people["reviewer"], passed)).statement
    sent = sent_by(DEVICE, statement.challenge)
    done = post(browser, f"/api/cases/{passed}/sign-determination", signature=sent)
    assert done.json()["kind"] == "determination-signed", done.content
    for name in ("division", "coordinator"):
        entries = client(people[name]).get("/api/signing-keys").json()
        assert [entry["kind"] for entry in entries if entry["key"] == fingerprint(DEVICE.public_key)] == [
            "registered",
            "confirmed",
        ]
    assert client(people["intake"]).get("/api/signing-keys").status_code == 404
    assert client(people["quality"]).get(f"/api/cases/{passed}/signature-request").status_code == 404
    assert client(people["quality"]).get(f"/api/cases/{passed}/signature").json()["signature"]["site"] == SITE


# What whoever owns the database can do


def test_verification_finds_what_the_owner_of_the_database_changes(people, issued):
    log_seals.seal_log()
    anchors.anchor()
    assert verification.verify_everything().problems == ()
    key = fingerprint(DEVICE.public_key)
    for statement, says in (
        (f"UPDATE imr_signingkeyrow SET reviewer = 'R00002' WHERE key = '{key}'", "another reviewer's"),
        (f"DELETE FROM imr_signingkeyrow WHERE key = '{key}'", "not in the register"),
        (f"UPDATE imr_signingkeyrow SET kind = 'ended' WHERE kind = 'confirmed' AND key = '{key}'", "not in force"),
        (
            f"UPDATE imr_signingkeyrow SET public_key = '00' WHERE key = '{key}' AND kind = 'registered'",
            "proved to hold",
        ),
        (
            f"UPDATE imr_signingkeyrow SET person_id = NULL WHERE key = '{key}' AND kind = 'confirmed'",
            "but its reviewer",
        ),
    ):
        rows = list(SigningKeyRow.objects.order_by("number").values())
        past_triggers(statement)
        assert [said for said in verification.verify_everything().problems if says in said], statement
        past_triggers("DELETE FROM imr_signingkeyrow")
        SigningKeyRow.objects.bulk_create(SigningKeyRow(**row) for row in rows)
        assert verification.verify_everything().problems == ()


def test_an_anchor_names_the_register(people, issued):
    log_seals.seal_log()
    anchors.anchor()
    past_triggers(
        "UPDATE imr_signingkeyrow SET at = at - interval '9 days' WHERE number = (SELECT max(number) FROM imr_signingkeyrow)"
    )
    found = verification.verify_everything().problems
    assert [said for said in found if said.startswith("the register of signing keys is not the one that anchor 1")]
    anchors.restore()
    assert verification.verify_everything(restored=[2]).problems == ()


def test_a_signature_without_a_key_is_found_where_reviewers_sign_with_one(people, issued):
    chain = cases.chain(issued)
    place = next(n for n, item in enumerate(chain) if isinstance(item.event, DeterminationSigned))
    unsigned = replace(chain[place], event=replace(chain[place].event, signature=""))
    assert list(signatures.signature_problems((*chain[:place], unsigned))) == [
        f"event {unsigned.number}: the determination was signed without a key, though reviewers sign with one"
    ]
    past_triggers(f"DELETE FROM imr_signingkeyrow WHERE site <> '{INVENTED}'")
    assert list(signatures.signature_problems((*chain[:place], unsigned))) == [], "older signatures stay what they were"
    missing = replace(chain[place], event=replace(chain[place].event, signature="00" * 32))
    assert [said for said in signatures.signature_problems((*chain[:place], missing)) if "cannot be read" in said]


# The pages


def test_the_reviewer_registers_and_the_coordinator_confirms_on_their_pages(people, settings):
    ended(people)
    enrolled(people, "reviewer", "coordinator")
    browser, office = client(people["reviewer"]), client(people["coordinator"])
    numeric = browser.get("/reviewer/signing-key/", headers={"host": "127.0.0.1:8000"}).content.decode()
    assert "http://localhost:8000/reviewer/signing-key/" in numeric
    assert "You cannot sign yet" in browser.get("/reviewer/").content.decode()
    browser.get("/reviewer/signing-key/", headers={"host": "localhost:8000"})
    key = fingerprint(DEVICE.public_key)
    challenge = signing_keys.KeyStatement(nonce=browser.session["signing-key-nonce"], key=key).challenge
    sent = {"register": "1", "public_key": DEVICE.public_key, "answer": sent_by(DEVICE, challenge)}
    refused = browser.post("/reviewer/signing-key/", sent | {"answer": "{}"}, headers={"host": "localhost:8000"})
    assert refused.status_code == 409
    challenge = signing_keys.KeyStatement(nonce=browser.session["signing-key-nonce"], key=key).challenge
    sent["answer"] = sent_by(DEVICE, challenge)
    assert browser.post("/reviewer/signing-key/", sent, headers={"host": "localhost:8000"}).status_code == 302
    assert f"read the beginning to them: {key[:16]}" in browser.get("/reviewer/signing-key/").content.decode()
    assert "1 signing key of a reviewer waits" in office.get("/imro/").content.decode()
    assert key in office.get("/panel/reviewers/R00001/").content.decode()
    assert office.post("/panel/reviewers/R00001/", {"confirm": key}).status_code == 409
    assert office.post("/panel/reviewers/R00001/", {"confirm": key, "compared": "1"}).status_code == 302
    assert "confirmed, and not in force yet" in browser.get("/reviewer/signing-key/").content.decode()
    assert browser.post("/reviewer/signing-key/", {"end": key, "reason": "lost"}).status_code == 302
    assert office.post("/panel/reviewers/R00001/", {"end": key, "reason": "lost"}).status_code == 409
    assert "A key that has ended" in browser.get("/reviewer/signing-key/").content.decode()


def test_a_page_asks_for_the_second_factor_before_a_key_changes(people):
    enrolled(people, "reviewer", "coordinator")
    key = access.own_signing_keys(people["reviewer"])[0].key
    for name, address, sent in (
        ("reviewer", "/reviewer/signing-key/", {"register": "1"}),
        ("coordinator", "/panel/reviewers/R00001/", {"confirm": key, "compared": "1"}),
    ):
        answer = client(people[name], factor=None).post(address, sent)
        assert answer.status_code == 302, answer.content
        assert answer["Location"].startswith("/account/2fa/reauthenticate/")


def test_the_page_to_sign_says_what_is_missing(people, passed):
    enrolled(people, "reviewer")
    address = f"/cases/{passed}/sign-determination/"
    page = client(people["reviewer"]).get(address, headers={"host": "127.0.0.1:8000"}).content.decode()
    assert "Your passkey was made for localhost" in page
    assert f'data-credentials="{DEVICE.credential}"' in page
    signing_keys.end(people["reviewer"], "R00001", fingerprint(DEVICE.public_key), "lost")
    assert "No signing key of yours is in force" in client(people["reviewer"]).get(address).content.decode()


def test_what_was_signed_before_reviewers_had_keys_is_shown_as_that(people, issued):
    past_triggers("DELETE FROM imr_signingkeyrow")
    past_triggers("UPDATE imr_eventrow SET data = data - 'signature' WHERE kind = 'determination-signed'")
    page = client(people["division"]).get(f"/cases/{issued}/signature/").content.decode()
    assert "was signed before reviewers had keys" in page
    assert client(people["division"]).get(f"/cases/{issued}/signature.json").status_code == 404


def test_a_demonstration_over_https_signs_with_invented_keys(people, settings):
    number = story.to(Stage.PASSED, people)
    settings.SITE, settings.HTTPS, settings.DEMONSTRATION = "https://imr.example", True, True
    accounts.give_invented_key(people["reviewer"])
    asked = access.signature_request(access.open_case(people["reviewer"], number))
    assert asked.invented
    chain = (*cases.chain(number), actions.perform("sign-determination", people["reviewer"], number))
    assert list(signatures.signature_problems(chain)) == []
    settings.DEMONSTRATION = False
    assert [said for said in signatures.signature_problems(chain) if "an invented one" in said]


def test_two_acts_on_the_keys_of_a_reviewer_wait_for_each_other(people, passed):
    key = fingerprint(DEVICE.public_key)
    acts = (
        lambda: sign(people, passed),
        lambda: signing_keys.end(people["reviewer"], "R00001", key, "lost"),
        lambda: registered(people["reviewer"], OTHER),
        lambda: signing_keys.confirm(people["coordinator"], "R00001", fingerprint(OTHER.public_key)),
    )
    for act in acts:
        with CaptureQueriesContext(connection) as asked:
            act()
        said = [query["sql"] for query in asked]
        locked = next(
            n for n, sql in enumerate(said) if "pg_advisory_xact_lock" in sql and "signing keys R00001" in sql
        )
        assert not [sql for sql in said[:locked] if 'INTO "imr_signingkeyrow"' in sql]
        assert [sql for sql in said[locked:] if 'FROM "imr_signingkeyrow"' in sql]
