"""Passwords, codes and sessions: what is taken, how it is kept, and when it ends."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import (
    PBKDF2PasswordHasher,
    ScryptPasswordHasher,
    check_password,
    identify_hasher,
    make_password,
)
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from tests.factories import story

from imr.web import settings as site
from imr.web.access import AuditAction
from imr.web.models import ViewRow
from imr.web.platform.keys import Purpose, open_ring
from imr.web.platform.password_rules import LONGEST, LongestPasswordValidator, MemoryHardHasher
from imr.web.store import notifications


@pytest.fixture
def ada(people):
    return people["employee"]


def signed_in(person, password=story.PASSWORD):
    client = Client()
    assert client.post("/account/login/", {"login": person.email, "password": password}).status_code == 302
    return client


@pytest.mark.parametrize(
    "password",
    ["twelve signs", "oak river moon", "ÄÖÜ äöü ß ñ ы 李", "🦊🐢🌵🍋🚲🎻🧊🪁🧭🪵🧲🪙", "  two  blanks  inside ", "quiet otters paint nine violet ladders by the cold lighthouse rd", "k" + "é!" * 63 + "q"],
)  # fmt: skip
def test_length_alone_limits_a_password(ada, password, settings):
    validate_password(password, ada)
    ada.set_password(password)
    assert ada.check_password(password)
    assert not ada.check_password(password[:-1]), "nothing is cut off"
    for wrong in ("eleven sign", "x9" * 64 + "y"):
        with pytest.raises(ValidationError):
            validate_password(wrong, ada)
    assert str(LONGEST) in LongestPasswordValidator().get_help_text()


def test_a_password_is_hashed_with_enough_memory(settings):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    kept = make_password("an invented password 2")
    how, work, salt, block, parallel, _ = kept.split("$")
    assert (how, int(work), int(block), int(parallel)) == ("keyed_scrypt", 2**16, 8, 1)
    assert len(salt.partition(".")[0]) >= 22, "22 of 62 signs are 131 bits"
    assert kept != make_password("an invented password 2"), "each has its own salt"
    assert isinstance(identify_hasher(kept), MemoryHardHasher)
    assert PBKDF2PasswordHasher.iterations >= 310_000


def test_an_older_hash_is_replaced_at_the_next_sign_in(ada, settings):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    older = ScryptPasswordHasher()
    ada.password = older.encode(story.PASSWORD, older.salt())
    ada.save()
    signed_in(ada)
    ada.refresh_from_db()
    assert ada.password.startswith("keyed_scrypt$65536$")


def test_a_password_cannot_be_tried_without_the_key_ring(settings, tmp_path):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    settings.KEYS = open_ring(tmp_path / "one", "", "")
    kept = make_password("an invented password 2")
    assert check_password("an invented password 2", kept)
    assert not check_password("an invented password 3", kept)
    settings.KEYS = open_ring(tmp_path / "other", "", "")
    assert not check_password("an invented password 2", kept)


def test_a_new_key_breaks_no_password_and_the_next_sign_in_keeps_it_with_the_new_one(settings, tmp_path):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    settings.KEYS = ring = open_ring(tmp_path, "", "")
    kept, taken = make_password("an invented password 2"), []
    ring.rotate(Purpose.PASSWORDS)
    assert check_password("an invented password 2", kept, setter=taken.append)
    assert taken == ["an invented password 2"]
    again = make_password("an invented password 2")
    assert again.split("$")[2].partition(".")[2] != kept.split("$")[2].partition(".")[2]
    assert check_password("an invented password 2", again, setter=taken.append)
    assert len(taken) == 1
    ring.retire(Purpose.PASSWORDS)
    assert not check_password("an invented password 2", kept)
    assert check_password("an invented password 2", again)


def test_a_change_asks_for_the_present_password(ada):
    client = signed_in(ada)
    new = {"password1": "an invented password 9", "password2": "an invented password 9"}
    client.post("/account/password/change/", {"oldpassword": "not the present one", **new})
    ada.refresh_from_db()
    assert ada.check_password(story.PASSWORD)
    client.post("/account/password/change/", {"oldpassword": story.PASSWORD, **new})
    ada.refresh_from_db()
    assert ada.check_password("an invented password 9")


def test_a_new_password_ends_the_other_sessions(ada):
    here, elsewhere = signed_in(ada), signed_in(ada)
    assert elsewhere.get("/employee/").status_code == 200
    new = {"password1": "an invented password 9", "password2": "an invented password 9"}
    here.post("/account/password/change/", {"oldpassword": story.PASSWORD, **new})
    assert elsewhere.get("/employee/").status_code == 302


def test_a_password_manager_may_fill_every_field(ada):
    client = signed_in(ada)
    for page, fields in (("/account/login/", 1), ("/account/password/change/", 3)):
        text = (Client() if "login" in page else client).get(page).content.decode()
        inputs = re.findall(r"<input[^>]*type=\"password\"[^>]*>", text)
        assert len(inputs) == fields
        assert all("autocomplete=" in each and 'autocomplete="off"' not in each for each in inputs), inputs
        assert "onpaste" not in text


def test_a_link_that_sets_a_password_counts_once_and_for_a_while(ada, settings):
    assert settings.PASSWORD_RESET_TIMEOUT <= 24 * 3600
    Client().post("/account/password/reset/", {"email": ada.email})
    notifications.send_pending()
    text = mail.outbox[-1].body
    assert story.PASSWORD not in text
    link = re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", text)[1]
    client = Client()
    page = client.get(link, follow=True)
    assert "A reviewer signs nothing for 24 hours" in page.content.decode()
    new = {"password1": "an invented password 7", "password2": "an invented password 7"}
    client.post(page.redirect_chain[-1][0], new)
    ada.refresh_from_db()
    assert ada.check_password("an invented password 7")
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_a_sign_in_makes_a_new_session_and_a_sign_out_ends_it(ada):
    client = Client()
    client.cookies["sessionid"] = "chosenbysomebodyelse000000000000"
    client.post("/account/login/", {"login": ada.email, "password": story.PASSWORD})
    key = client.session.session_key
    assert key != "chosenbysomebodyelse000000000000"
    assert re.fullmatch("[a-z0-9]{32}", key)
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get("/employee/").status_code == 302


def test_a_code_counts_once_and_for_its_time(ada):
    secret = generate_totp_secret()
    assert len(secret) >= 32, "32 signs of base 32 are 160 bits"
    factor = TOTP.activate(ada, secret)
    step = int(time.monotonic())  # any moment: the code of a moment far from now is refused
    assert not factor.validate_code(format_hotp_value(hotp_value(secret, step)))
    now = format_hotp_value(hotp_value(secret, int(time.clock_gettime(time.CLOCK_REALTIME)) // 30))
    assert [factor.validate_code(now), factor.validate_code(now)] == [True, False]


def test_a_recovery_code_counts_once(ada):
    codes = RecoveryCodes.activate(ada)
    first, *others = codes.get_unused_codes()
    assert len(set(others)) == len(others) == 9
    assert [codes.validate_code(first), codes.validate_code(first)] == [True, False]


def test_a_sign_in_says_the_same_of_an_account_that_is_not_there(ada):
    def said(email):
        page = Client().post("/account/login/", {"login": email, "password": "not this one, no"}).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert said(ada.email) == said("nobody-at-all@example.com")


@pytest.mark.parametrize(
    "spelling", ["ADA@EXAMPLE.COM", " ada@example.com ", "ada@example.com\u200b", "ada@ｅxample.com"]
)
def test_no_other_spelling_goes_round_a_lockout(ada, spelling):
    for _ in range(5):
        Client().post("/account/login/", {"login": ada.email, "password": "not this one, no"})
    client = Client()
    client.post("/account/login/", {"login": spelling, "password": story.PASSWORD})
    assert client.get("/employee/").status_code == 302


def pending(person):
    """A browser in which the password was right and the second factor is asked."""
    client = Client()
    assert "/2fa/" in client.post("/account/login/", {"login": person.email, "password": story.PASSWORD})["Location"]
    return client


def test_wrong_codes_are_limited(people):
    division = people["division"]
    secret = generate_totp_secret()
    TOTP.activate(division, secret)
    client = pending(division)
    for code in range(12):
        client.post("/account/2fa/authenticate/", {"code": f"{code:06d}"})
    now = format_hotp_value(hotp_value(secret, int(time.clock_gettime(time.CLOCK_REALTIME)) // 30))
    client.post("/account/2fa/authenticate/", {"code": now})
    assert client.get("/dwc/").status_code == 302, "the right code comes too late"


def test_one_code_at_the_same_moment_counts_once(people):
    secret = generate_totp_secret()
    factor = TOTP.activate(people["division"], secret)
    again = TOTP(factor.instance)
    now = format_hotp_value(hotp_value(secret, int(time.clock_gettime(time.CLOCK_REALTIME)) // 30))
    assert [one.validate_code(now) for one in (factor, again, again)] == [True, False, False]


def test_a_wrong_code_of_somebody_who_is_signed_in_is_logged_and_not_told_as_a_sign_in(people):
    division = people["division"]
    TOTP.activate(division, generate_totp_secret())
    client = story.client(division)
    assert client.post("/account/2fa/reauthenticate/", {"code": "000000"}).status_code == 200
    logged = ViewRow.objects.filter(person=division, action=AuditAction.FAILED_SIGN_IN.value)
    assert [row.detail for row in logged] == ["the code of the second factor was wrong"]
    notifications.send_pending()
    assert not [message for message in mail.outbox if "was refused" in message.subject]


@pytest.mark.parametrize("who", ["reviewer", "division"])
def test_the_pages_that_remove_a_factor_say_that_a_reviewer_then_signs_nothing_for_a_day(people, who):
    person = people[who]
    TOTP.activate(person, generate_totp_secret())
    key = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "A key"})
    client = story.client(person)
    assert client.post("/account/reauthenticate/", {"password": story.PASSWORD}).status_code == 302
    for address in ("totp/deactivate/", f"webauthn/keys/{key.pk}/remove/"):
        page = client.get(f"/account/2fa/{address}")
        assert page.status_code == 200
        assert ("You then sign nothing for 24 hours." in page.content.decode()) is (who == "reviewer")


def test_a_code_that_is_used_again_is_told_to_its_owner_once(people):
    division = people["division"]
    secret = generate_totp_secret()
    factor = TOTP.activate(division, secret)
    now = format_hotp_value(hotp_value(secret, int(time.clock_gettime(time.CLOCK_REALTIME)) // 30))
    assert factor.validate_code(now)
    for _ in range(3):
        pending(division).post("/account/2fa/authenticate/", {"code": now})
    notifications.send_pending()
    told = [message for message in mail.outbox if "was refused" in message.subject]
    assert [message.to for message in told] == [[division.email]]
    assert "used before" in told[0].body
    assert now not in told[0].body
