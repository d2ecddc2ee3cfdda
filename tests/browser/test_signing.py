"""A reviewer registers a passkey in a browser and signs with it: Chromium's virtual authenticator holds the key."""

import json

from playwright.sync_api import expect
from tests.factories import story

from imr.case.signature import ReviewerSignature
from imr.case.state import Stage
from imr.passkeys import insist_signed
from imr.plain import from_plain
from imr.web import access
from imr.web.actions import signing_keys
from imr.web.platform import clock
from imr.web.store import cases, signatures
from imr.web.store.documents import load

#: A device as a telephone has it, whose user is recognized; Chromium plays it (WebAuthn, 11.2).
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_reviewer_registers_a_passkey_and_signs_with_it(visit, people, live_server):
    number = story.to(Stage.PASSED, people)
    for key in access.own_signing_keys(people["reviewer"]):
        signing_keys.end(people["reviewer"], "R00001", key.key, "a device of their own")
    visitor = visit()
    page = visitor.page
    local = live_server.url.replace("127.0.0.1", "localhost")
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    telephone = device.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})["authenticatorId"]
    visitor.sign_in(people["reviewer"].email, at=local)

    page.goto(f"{local}/reviewer/signing-key/")
    visitor.look()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": telephone, "isUserVerified": False})
    page.get_by_role("button", name="Register a passkey").click()
    expect(page.get_by_text("The browser made no passkey")).to_be_visible()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": telephone, "isUserVerified": True})
    visitor.follow(page.get_by_role("button", name="Register a passkey"))
    expect(page.get_by_text("The passkey is registered")).to_be_visible()
    expect(page.get_by_text("Your key waits for its confirmation")).to_be_visible()
    visitor.look()
    [waiting] = access.signing_keys_waiting(people["coordinator"])
    assert waiting.site == "localhost"

    later = waiting.registered_at - signing_keys.NEXT_SIGNING_KEY
    with clock.frozen_at(later):
        signing_keys.confirm(people["coordinator"], "R00001", waiting.key)
    page.goto(f"{local}/cases/{number}/sign-determination/")
    visitor.look()
    visitor.follow(page.get_by_role("button", name="Sign the determination"))
    expect(page.get_by_text("Done: Sign the determination")).to_be_visible()
    signed = signatures.last_signed(cases.chain(number))
    signature = from_plain(ReviewerSignature, json.loads(load(signed.event.signature)))
    assert insist_signed(signature) == local
    assert signature.key == waiting.key
    assert list(signatures.signature_problems(cases.chain(number))) == []
