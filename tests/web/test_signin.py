"""Signing in: passwords, lockout, second factors; headers; and what is too large."""

import re
import socket

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, RequestFactory
from tests.factories import story

from imr.errors import Refused
from imr.web import accounts
from imr.web.middleware import limit_request_size
from imr.web.platform import hanging_up
from imr.web.platform.keys import KeyRing, from_secret


@pytest.fixture
def people(db):
    return story.cast()


def sign_in(client, email, password=story.PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


def test_a_party_signs_in_with_a_password(people):
    client = Client()
    assert sign_in(client, "ada@example.com").status_code == 302
    assert client.get("/api/cases").status_code == 200


@pytest.mark.parametrize(
    ("name", "list_"), [("employee", "/employee/"), ("adjuster", "/claims/"), ("physician", "/physician/"), (None, "/")]
)
def test_who_signs_in_stands_before_their_own_list(people, name, list_):
    client = Client()
    if name:
        assert sign_in(client, people[name].email).url == "/start/"
    assert client.get("/start/").url == list_


def test_the_page_to_sign_in_offers_no_account_and_names_the_way_on_paper(people):
    page = Client().get("/account/login/?next=/employee/apply/").content.decode()
    assert "sign up" not in page.lower()
    assert "/account/signup/" not in page
    assert "send it on paper" in page
    assert 'value="/employee/apply/"' in page
    administers = people["intake"]
    administers.roles, administers.is_staff, administers.is_superuser = [], True, True
    administers.save()
    accounts.give_second_factor(administers)
    client = story.client(administers)
    assert client.get("/start/").url == "/administration/"
    assert 'href="/administration/"' in client.get("/").content.decode()


def test_the_address_may_be_written_in_any_case(people):
    client = Client()
    assert sign_in(client, "Ada@Example.com").status_code == 302


def test_the_review_organization_sets_up_a_second_factor_before_anything_else(people):
    client = Client()
    assert sign_in(client, "ines@example.com").status_code == 302
    for path in ("/imro/", "/administration/", "/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"] == "/account/2fa/totp/activate/"
    assert client.post("/account/logout/").status_code == 302


def test_with_a_second_factor_the_password_alone_opens_nothing(people):
    accounts.give_second_factor(people["intake"])
    client = Client()
    assert sign_in(client, "ines@example.com")["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/api/cases").status_code == 401
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/account/2fa/authenticate/", {"code": accounts.code("ines@example.com")})
    assert right.status_code == 302
    assert client.get("/api/cases").status_code == 200


def test_the_secret_of_a_second_factor_is_not_kept_in_plain(people):
    address = accounts.give_second_factor(people["intake"])
    secret = re.search(r"secret=([A-Z2-7]+)", address).group(1)
    kept = Authenticator.objects.get(user=people["intake"])
    assert secret not in str(kept.data)


@pytest.fixture
def another_key(people, settings):
    """Accounts with second factors and recovery codes, and a site whose secret key was changed since."""
    for name in ("intake", "coordinator"):
        accounts.give_second_factor(people[name])
        RecoveryCodes.activate(people[name])
    settings.KEYS = KeyRing(None, from_secret("another invented key, of more than thirty-two characters"))


@pytest.mark.parametrize("code", ["000000", "12345678"])
def test_a_second_factor_of_another_secret_key_is_told_with_the_way_back(another_key, code):
    client = Client(raise_request_exception=False)
    assert sign_in(client, "ines@example.com")["Location"].startswith("/account/2fa/authenticate/")
    told = client.post("/account/2fa/authenticate/", {"code": code})
    assert told.status_code == 409
    assert "the secret key of this site was changed" in told.content.decode()
    assert "manage.py second-factor reset" in told.content.decode()
    assert client.get("/api/cases").status_code == 401


def test_no_page_of_an_account_fails_under_another_secret_key(another_key, people):
    client = story.client(people["intake"])
    for page in (
        "2fa/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/download/",
        "2fa/reauthenticate/",
        "2fa/totp/deactivate/",
    ):
        assert client.get(f"/account/{page}").status_code in {200, 302, 409}, page
    with pytest.raises(Refused, match="second factor"):
        accounts.code("ines@example.com")


def test_a_second_factor_is_reset_by_command_and_set_up_again(another_key, capsys):
    call_command("second-factor", "lost")
    assert capsys.readouterr().out.split() == ["cora@example.com", "ines@example.com"]
    call_command("second-factor", "reset", "Ines@example.com")
    assert "sets up a new second factor" in capsys.readouterr().out
    call_command("second-factor", "lost")
    assert capsys.readouterr().out.split() == ["cora@example.com"]
    client = Client()
    assert sign_in(client, "ines@example.com").status_code == 302
    assert client.get("/imro/")["Location"] == "/account/2fa/totp/activate/"
    accounts.give_second_factor(accounts.person("ines@example.com"))
    assert len(accounts.code("ines@example.com")) == 6
    call_command("second-factor", "reset", "ada@example.com")
    assert "nothing to reset" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account"):
        call_command("second-factor", "reset", "nobody@example.com")


def test_too_many_tries_lock_the_account_and_say_what_to_do(people):
    client = Client(raise_request_exception=False)
    answers = [sign_in(client, "ada@example.com", "wrong") for _ in range(5)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert b"Wait 15 minutes" in answers[-1].content
    assert sign_in(client, "ADA@example.com").status_code == 429, (
        "the right password, in another spelling, does not help"
    )
    assert sign_in(Client(), "bea@example.com").status_code == 302, "others are not locked"


@pytest.fixture
def proxied(people, settings):
    """Give browsers behind one proxy, by what the proxy says of their address."""
    settings.BEHIND_PROXY = True

    def browser(address: str) -> Client:
        return Client(
            raise_request_exception=False, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"203.0.113.200, {address}"
        )

    return browser


@pytest.mark.parametrize("stranger", ["198.51.100.7", "198.51.100.7:4711", "2001:db8::7"])
def test_behind_a_proxy_a_stranger_locks_nobody_else_out_of_an_account(proxied, stranger):
    answers = [sign_in(proxied(stranger), "ada@example.com", "wrong").status_code for _ in range(12)]
    assert set(answers[4:10]) == {429}
    assert sign_in(proxied(stranger), "ada@example.com").status_code != 302, "the stranger stays locked"
    assert sign_in(proxied("192.0.2.1"), "ada@example.com").status_code == 302


def test_several_addresses_together_lock_nobody_else_out(proxied):
    for stranger in ("198.51.100.7", "198.51.100.8", "198.51.100.9"):
        for _ in range(5):
            sign_in(proxied(stranger), "ada@example.com", "wrong")
    assert sign_in(proxied("192.0.2.1"), "ada@example.com").status_code == 302


def test_behind_a_proxy_many_failures_of_one_address_stop_this_address_alone(proxied, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/h/ip"}
    for number in range(3):
        assert sign_in(proxied("198.51.100.7"), f"nobody{number}@example.com", "wrong").status_code == 200
    assert sign_in(proxied("198.51.100.7"), "bea@example.com").status_code != 302
    assert sign_in(proxied("192.0.2.1"), "bea@example.com").status_code == 302


def test_an_address_of_one_network_of_ipv6_is_no_new_client(proxied):
    for number in range(5):
        sign_in(proxied(f"2001:db8:0:1::{number:x}"), "ada@example.com", "wrong")
    assert sign_in(proxied("2001:db8:0:1::ffff"), "ada@example.com").status_code == 429
    assert sign_in(proxied("2001:db8:0:2::1"), "ada@example.com").status_code == 302


def test_nobody_makes_an_account_for_themselves(db):
    answer = Client().post("/account/signup/", {"email": "new@example.com", "password1": "x", "password2": "x"})
    assert answer.status_code == 404
    assert not accounts.any_accounts()


def test_pages_say_what_may_run_and_who_may_frame_them(db):
    answer = Client().get("/account/login/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.cookies["csrftoken"]["httponly"]


def test_a_page_that_is_not_there_says_so_without_a_traceback(db):
    answer = Client().get("/no/such/page")
    assert answer.status_code == 404
    assert b"your account may not see it" in answer.content
    assert b"Traceback" not in answer.content


def test_a_fault_of_ours_is_a_plain_page_and_its_values_stay_out_of_the_log(db, monkeypatch, caplog):
    import logging

    from imr.web.api import cases
    from imr.web.platform.logs import RedactingFormatter

    said = story.application().employee.name

    def fail(*_):
        raise ValueError(said)

    monkeypatch.setattr(cases.access, "published", fail)
    answer = Client(raise_request_exception=False).get("/api/published")
    assert answer.status_code == 500
    assert b"Ada Invented" not in answer.content
    assert b"What you sent was saved completely or not at all" in answer.content
    try:
        fail()
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, __import__("sys").exc_info())
    written = RedactingFormatter("%(message)s").format(record)
    assert "ValueError" in written
    assert "test_signin" in written
    assert "Ada Invented" not in written


def test_what_is_too_large_is_refused_before_it_is_read_into_the_site(settings):
    settings.UPLOAD_LIMIT = 1000
    reached = []
    answer = limit_request_size(lambda request: reached.append(request))(
        RequestFactory().post("/imro/", b"x" * 200_000, content_type="application/octet-stream")
    )
    assert answer.status_code == 413
    assert b"split the file" in b"".join(answer)
    assert not reached


def test_200_megabytes_are_refused_with_the_way_out():
    class Stream:
        left = 200_000_000

        def read(self, size):
            taken = min(size, self.left)
            self.left -= taken
            return b"\0" * taken

    request = RequestFactory().post("/imro/", content_type="application/pdf")
    request.META["CONTENT_LENGTH"] = "200000000"
    request._stream = stream = Stream()
    answer = limit_request_size(lambda _: None)(request)
    assert answer.status_code == 413
    assert b"200 MB; at most 100 MB" in b"".join(answer)
    assert stream.left == 200_000_000, "nothing of it was read"


def test_the_answer_goes_out_before_the_body_is_read_and_the_connection_ends(monkeypatch):
    """What a sender gets who never stops sending: the whole answer first, then the end of the connection, after a bounded wait."""
    monkeypatch.setattr(hanging_up, "PATIENCE", 1_000)
    ours, theirs = socket.socketpair()
    request = RequestFactory().post("/imro/", content_type="application/pdf")
    request.META |= {"CONTENT_LENGTH": "300000000", "gunicorn.socket": ours}
    parts = iter(limit_request_size(lambda _: None)(request))
    assert b"300 MB; at most 100 MB" in next(parts)
    theirs.sendall(b"x" * 5_000)
    assert list(parts) == []
    assert ours.recv(1) == b"", "the server's thread finds an ended connection, and is free"
    theirs.settimeout(60)
    assert theirs.recv(1) == b"", "another thread ends the real one"
    with pytest.raises(OSError, match=r"\w"):
        theirs.sendall(b"x")
    for one in (ours, theirs):
        one.close()


def test_a_length_that_is_no_number_is_refused():
    request = RequestFactory().get("/")
    request.META["CONTENT_LENGTH"] = "many"
    assert limit_request_size(lambda _: None)(request).status_code == 400
