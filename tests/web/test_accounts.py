"""A person's own account: the pages that are offered, sessions that end, devices, and what is told by mail."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from allauth.account import urls as account_urls
from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa import urls as second_factor_urls
from allauth.usersessions.models import UserSession
from django.contrib.auth import password_validation
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import URLResolver, reverse
from tests.factories import story
from tests.factories.url_walk import addresses, routes

from imr.web import accounts, actions
from imr.web.models import OutboxRow, ViewRow
from imr.web.platform import clock, known_devices, session_limits
from imr.web.platform.passwords import LeakedPasswordValidator
from imr.web.portals import account

#: What of the account's addresses is not offered, and what the sign-in library would do there.
NOT_OFFERED = {
    "account_signup": "makes an account",
    "account_email": "adds, removes and changes addresses",
    "account_email_verification_sent": "says that a mail went out, where verification is demanded at sign-in",
    "account_confirm_login_code": "signs in with a code by mail in place of a password",
    "account_set_password": "sets a first password without the old one",
}


def names(entries):
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from names(entry.url_patterns)
        else:
            yield entry.name


def test_each_page_of_the_library_is_offered_or_not_and_none_is_new():
    """An update of the library that brings a page fails here, and the page answers 404 until somebody has looked at it."""
    known = {*names(account_urls.urlpatterns), *names(second_factor_urls.urlpatterns)}
    assert known == account.OFFERED | NOT_OFFERED.keys()


@pytest.mark.parametrize("signed_in", [False, True], ids=["stranger", "employee"])
def test_every_address_of_accounts_is_offered_or_answers_404(people, signed_in):
    who = people["employee"]
    accounts.give_second_factor(who)
    browser = story.client(who) if signed_in else Client(raise_request_exception=False)
    key = EmailConfirmationHMAC(who.emailaddress_set.get()).key
    filled = {"key": [key], "uidb36": ["1"], "pk": ["1"], "code": ["x"]}
    found = [one for pattern in routes() if pattern.startswith("account/") for one in addresses(pattern, filled)]
    assert len(found) == len(account.OFFERED) + len(NOT_OFFERED) + OWN
    closed = set()
    for address in sorted(found, key=lambda one: "logout" in one):
        answers = [browser.get(address), browser.post(address, {"email": "victim@example.com", "action_add": ""})]
        codes = [one.status_code for one in answers]
        assert max(codes) < 500, (address, codes)
        if codes == [404, 404] and not NONE_HERE.search(address):
            closed.add(address)
    assert closed == {reverse(name) for name in NOT_OFFERED}
    assert list(who.emailaddress_set.values_list("email", "verified")) == [(who.email, True)]


#: Our own addresses below /account/, and those of what nobody here has: a passkey, recovery codes.
OWN = 3
NONE_HERE = re.compile("/keys/|/recovery-codes/")


def test_what_is_not_offered_is_not_found(rf):
    with pytest.raises(Http404):
        account.not_offered(rf.get("/account/signup/"))


def sign_in(browser, email, password=story.PASSWORD):
    return browser.post("/account/login/", {"login": email, "password": password})


@pytest.fixture(autouse=True)
def queued_mail(settings):
    """Mail goes into the table, as on a site."""
    settings.EMAIL_BACKEND = "imr.web.store.notifications.EmailBackend"


@pytest.fixture
def ada(people):
    return people["employee"]


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"


def browser(agent=FIREFOX, address="198.51.100.7"):
    return Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def told(subject):
    return list(OutboxRow.objects.filter(subject__contains=subject).order_by("pk"))


def test_a_sign_in_with_a_browser_that_is_new_to_the_account_is_told_by_mail(ada, people):
    first = browser()
    assert sign_in(first, ada.email).status_code == 302
    (mail,) = told("used on a new device")
    assert mail.address == ada.email
    assert "Firefox on Windows (198.51.100.7)" in mail.text
    assert "http://127.0.0.1:8000/account/password/reset/" in mail.text
    assert "testserver" not in mail.text + mail.subject, "the site's own name, whatever host was asked"
    first.post("/account/logout/")
    assert sign_in(first, "Ada@Example.com").status_code == 302
    assert len(told("new device")) == 1, "the browser is known"
    first.post("/account/logout/")
    sign_in(first, people["physician"].email)
    assert [one.address for one in told("new device")] == [ada.email, people["physician"].email], "known to each apart"
    sign_in(browser(), ada.email)
    assert len(told("new device")) == 3
    cookie = first.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert str(ada.pk) not in json.dumps(cookie.value.split(":")[0])


def test_a_known_browser_stays_known_after_the_key_was_rotated_and_a_forged_cookie_is_none(ada, settings):
    one = browser()
    sign_in(one, ada.email)
    one.post("/account/logout/")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "k" * 50, [settings.SECRET_KEY]
    sign_in(one, ada.email)
    assert len(told("new device")) == 1
    forged = browser()
    forged.cookies["device"] = f'["{known_devices.mark(ada)}"]:forged'
    sign_in(forged, ada.email)
    assert len(told("new device")) == 2


def test_who_needs_a_second_factor_is_told_after_it_was_given(people):
    accounts.give_second_factor(people["intake"])
    one = browser()
    sign_in(one, "ines@example.com")
    assert told("new device") == []
    one.post("/account/2fa/authenticate/", {"code": accounts.code("ines@example.com")})
    assert [mail.address for mail in told("new device")] == ["ines@example.com"]


def test_a_person_sees_where_they_are_signed_in_and_signs_the_others_out(ada):
    here, there, third = browser(), browser("Safari Mac OS", "203.0.113.4"), browser("curl/8", "203.0.113.5")
    for one in (here, there, third):
        sign_in(one, ada.email)
    page = here.get("/account/").content.decode()
    assert page.count('name="session"') == 3, "one for each of the others, and one for both"
    for said in ("Firefox on Windows", "Safari on Mac", "203.0.113.4", "curl", "this one"):
        assert said in page
    chosen = UserSession.objects.get(ip="203.0.113.4")
    here.post("/account/", {"session": chosen.pk})
    assert there.get("/api/cases").status_code == 401
    assert third.get("/api/cases").status_code == 200
    assert (
        "Signed out on 1 other device." in here.post("/account/", {"session": "others"}, follow=True).content.decode()
    )
    assert third.get("/api/cases").status_code == 401
    assert here.get("/api/cases").status_code == 200
    assert "You are signed in nowhere else." in here.get("/account/").content.decode()
    assert "Nobody was signed in elsewhere" in here.post("/account/", {"session": "x"}, follow=True).content.decode()
    assert ViewRow.objects.filter(person=ada, detail__startswith="signed out of").count() == 2


def test_nobody_ends_a_session_of_somebody_else(ada, people):
    here, other = browser(), browser()
    sign_in(here, ada.email)
    sign_in(other, people["physician"].email)
    here.post("/account/", {"session": UserSession.objects.get(user=people["physician"]).pk})
    here.post("/account/", {"session": "others"})
    assert other.get("/api/cases").status_code == 200


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Linux"),
        ("curl/8.1", "curl"),
        ("Linux", "Linux"),
        ("", "an unknown program"),
    ],
)
def test_a_browser_is_named_by_what_it_calls_itself(agent, said):
    assert known_devices.describe(agent) == said


@pytest.fixture
def later(monkeypatch):
    """Let minutes pass for sessions."""
    passed = [0.0]
    real = clock.elapsed
    monkeypatch.setattr(clock, "elapsed", lambda: real() + passed[0])

    def wait(minutes):
        passed[0] += minutes * 60

    return wait


def test_nothing_done_for_half_an_hour_ends_a_session_and_what_is_done_prolongs_it(ada, later):
    here = browser()
    sign_in(here, ada.email)
    for _ in range(3):
        later(20)
        assert here.get("/employee/").status_code == 200
    later(31)
    answer = here.get("/employee/", follow=True)
    assert answer.redirect_chain[0][0].endswith("/account/login/?next=/employee/")
    assert "nothing was done here for a while" in answer.content.decode()
    assert ViewRow.objects.filter(person=ada, action="sign-out").exists()


def test_a_session_lasts_twelve_hours_at_the_longest(ada, later):
    here = browser()
    sign_in(here, ada.email)
    for _ in range(36):
        assert here.get("/api/cases").status_code == 200
        later(20)
    assert here.get("/api/cases").status_code == 401


def test_the_end_of_the_longest_session_is_said_to_be_final_and_why(ada, later):
    here = browser()
    sign_in(here, ada.email)
    assert here.post("/account/session/").json()["final"] is False
    for _ in range(35):
        later(20)
        assert here.get("/api/cases").status_code == 200
    later(19)
    asked = here.post("/account/session/").json()
    assert asked["final"] is True
    assert 0 < asked["left"] <= 60, "what is done does not move it"
    later(2)
    session = here.session
    assert (session_limits.seconds_left(session), session_limits.is_final(session)) == (0, True)
    said = here.get("/employee/", follow=True).content.decode()
    assert "you were signed in for as long as one sign-in lasts" in said
    assert "nothing was done here" not in said


def test_a_page_from_before_the_key_was_rotated_still_is_the_same_persons(ada, people, settings):
    here = browser()
    sign_in(here, ada.email)
    before = known_devices.mark(ada)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the site, which is newer than the one before it"
    answer = here.get("/account/session/", {"mark": before}).json()
    assert answer["same"] is True
    assert answer["person"] == known_devices.mark(ada) != before
    assert here.get("/account/session/", {"mark": answer["person"]}).json()["same"] is True
    for other in ("", "x", known_devices.mark(people["physician"])):
        assert here.get("/account/session/", {"mark": other}).json()["same"] is False


def test_a_page_that_asks_how_long_its_session_lasts_does_not_prolong_it(ada, later):
    here = browser()
    assert here.get("/account/session/").json() == {"left": 0}
    sign_in(here, ada.email)
    later(20)
    asked = here.get("/account/session/").json()
    assert 9 * 60 < asked["left"] <= 10 * 60
    assert asked["person"] == known_devices.mark(ada)
    later(11)
    assert here.get("/account/session/").json() == {"left": 0}
    sign_in(here, ada.email)
    later(20)
    assert here.post("/account/session/").json()["left"] > 29 * 60
    later(20)
    assert here.get("/api/cases").status_code == 200


def test_what_is_typed_when_the_session_has_ended_comes_back(ada, later, people):
    number = story.receive(people)
    here = browser()
    sign_in(here, ada.email)
    later(45)
    said = "I feel better now, and withdraw."
    kept = here.post(f"/cases/{number}/withdraw-application/", {"letter-text": said})
    assert kept.status_code == 401
    assert said in kept.content.decode()


def test_a_session_that_was_ended_elsewhere_while_it_was_used_is_over(ada, later):
    here = browser()
    sign_in(here, ada.email)
    session = here.session
    assert session_limits.keep_alive(session) is True
    Session.objects.all().delete()
    later(2)
    assert session_limits.keep_alive(session) is False


def test_sessions_that_have_ended_are_removed_with_their_devices(ada, people):
    here, there = browser(), browser()
    sign_in(here, ada.email)
    sign_in(there, people["physician"].email)
    Session.objects.filter(pk=there.session.session_key).update(expire_date=clock.now() - timedelta(minutes=1))
    assert actions.run_maintenance()["ended sessions removed"] == 1
    assert [one.user for one in UserSession.objects.all()] == [ada]


def test_a_new_address_is_told_to_the_address_of_before(ada):
    ada.email = "new@example.com"
    ada.save()
    mails = told("address of your account was changed")
    assert [mail.address for mail in mails] == ["ada@example.com", "new@example.com"]
    assert "This address is not used any more" in mails[0].text
    assert ViewRow.objects.filter(person=ada, detail="the e-mail address was changed").exists()
    ada.name = "Ada I."
    ada.save(update_fields=["name"])
    ada.email = "NEW@example.com"
    ada.save()
    assert len(told("address of your account was changed")) == 2


def test_a_reset_for_an_unknown_address_invites_nobody_to_an_account(db):
    Client(HTTP_HOST="localhost").post("/account/password/reset/", {"email": "nobody@example.com"})
    (mail,) = OutboxRow.objects.all()
    assert "There is no account with this address" in mail.text
    assert "signup" not in mail.text
    assert "localhost" not in mail.text


def test_a_reset_leads_to_the_address_of_the_site_whatever_host_was_asked(ada):
    Client(HTTP_HOST="localhost").post("/account/password/reset/", {"email": ada.email})
    (mail,) = OutboxRow.objects.all()
    assert re.search(r"^http://127\.0\.0\.1:8000/account/password/reset/key/", mail.text, re.MULTILINE)
    assert "localhost" not in mail.text + mail.subject


@pytest.mark.parametrize("site", ["https://imr.example.org", "http://127.0.0.1:8000"])
def test_cookies_of_an_https_site_are_of_this_host_alone(site, tmp_path):
    asked = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME DEVICE_COOKIE_NAME SESSION_COOKIE_SECURE IDLE_SECONDS MESSAGE_STORAGE"
    script = f"from imr.web import settings as s; print(*(getattr(s, n) for n in {asked.split()!r}))"
    env = {**os.environ, "IMR_HOME": str(tmp_path), "IMR_SITE": site, "IMR_IDLE_MINUTES": "15"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    *cookies, secure, idle, messages = done.stdout.split()
    https = site.startswith("https")
    assert all(name.startswith("__Host-") is https for name in cookies)
    assert (secure, idle) == (str(https), "900")
    assert "session" in messages


@pytest.mark.parametrize(
    "leaked",
    [
        "aaaaaaaaaaaa",
        "qwerty123456",
        "leavemealone",
        "gfhjkmgfhjkm",
        "Password2026",
        "123456789012",
        "SonyEricsson1",
        "x" * 500,
    ],
)
def test_a_password_of_the_lists_of_leaked_ones_is_refused_without_asking_another_site(ada, leaked):
    here = browser()
    sign_in(here, ada.email)
    sent = {"oldpassword": story.PASSWORD, "password1": leaked, "password2": leaked}
    refused = here.post("/account/password/change/", sent)
    assert refused.status_code == 200
    assert "lists of leaked passwords" in refused.content.decode()
    ada.refresh_from_db()
    assert ada.check_password(story.PASSWORD)


@pytest.mark.parametrize("taken", ["correct horse battery", "zk3l9xq0vm2p", "Mary had a little lamp, 李小明"])
def test_words_that_have_nothing_to_do_with_each_other_are_taken(ada, taken):
    password_validation.validate_password(taken, ada)


def test_a_password_made_of_what_is_known_of_its_owner_is_refused(ada):
    ada.name, ada.email = "Zaltan Quisthe", "zaltan@example.com"
    password_validation.validate_password("zaltanquisthe")
    with pytest.raises(ValidationError, match="leaked"):
        LeakedPasswordValidator().validate("zaltanquisthe", ada)
    assert "leaked" in LeakedPasswordValidator().get_help_text()
