"""What every answer says to a browser, and which requests are refused whatever their address."""

import re
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.test import Client
from gunicorn import SERVER
from tests.factories import story
from tests.factories.url_walk import routes

from imr.case.state import Stage
from imr.web.models import DocumentRow
from imr.web.platform.http_rules import METHODS

ROOT = Path(__file__).parents[2]
#: An address of each kind of answer: page, form, data, file, script, refusal.
ANYBODY = (
    "/", "/account/login/", "/api/openapi.json", "/api/published", "/static/imr/site.css", "/no/such/page", "/api/nothing", "/employee/",
)  # fmt: skip


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ANYBODY)
def test_every_answer_says_what_a_browser_may_do_with_it(visitor, address):
    answer = visitor.get(address)
    assert answer["Permissions-Policy"].startswith("accelerometer=(), ")
    assert "camera=(), " in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.has_header("Access-Control-Allow-Origin")
    kind = answer["Content-Type"]
    assert not kind.startswith("text/") or "charset=utf-8" in kind.lower()


@pytest.mark.parametrize("origin", ["null", "https://elsewhere.example"])
def test_no_other_site_may_read_an_answer(visitor, origin):
    for answer in (
        visitor.get("/api/published", headers={"origin": origin}),
        visitor.options("/api/published", headers={"origin": origin, "access-control-request-method": "POST"}),
    ):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PROPFIND"])
@pytest.mark.parametrize("address", ["/", "/cases/CM26-0000001/", "/api/cases"])
def test_a_method_that_nothing_uses_is_refused(visitor, method, address):
    answer = visitor.generic(method, address)
    assert answer.status_code == 405
    assert answer["Allow"] == ", ".join(METHODS)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml"])
def test_the_api_takes_json_alone(people, kind):
    client = story.client(people["employee"])
    answer = client.post("/api/begin/receive-application", '{"application": {}}', content_type=kind)
    assert answer.status_code == 415
    assert answer.json()["message"] == "Send JSON, with the header Content-Type: application/json."
    assert client.post("/api/begin/receive-application", "{}", content_type="application/json").status_code != 415


def test_data_of_the_api_is_no_page(visitor):
    for address in ("/api/published", "/api/openapi.json", "/api/cases"):
        answer = visitor.get(address)
        assert answer["Content-Type"].startswith("application/json"), address
        assert answer["Content-Disposition"] == 'attachment; filename="api.json"', address


def test_what_is_behind_the_sign_in_stays_out_of_caches(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    client = story.client(people["employee"])
    for address in ("/employee/", f"/cases/{number}/", f"/api/cases/{number}", "/account/password/change/"):
        assert "no-store" in client.get(address)["Cache-Control"], address


def test_a_document_is_given_out_as_an_attachment(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    client = story.client(people["adjuster"])
    for row in DocumentRow.objects.filter(case=number):
        answer = client.get(f"/cases/{number}/documents/{row.digest}/")
        if answer.status_code == 200:
            assert answer["Content-Disposition"].startswith("attachment"), row.paper
            assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_folder_is_listed(visitor):
    for address in (
        "/static/",
        "/static/imr/",
        "/static/../manage.py",
        "/.git/config",
        "/documents/",
        "/static/imr/%2e%2e/%2e%2e/x",
    ):
        assert visitor.get(address).status_code == 404, address


def test_no_address_of_a_page_holds_a_session():
    blanks = {name for route in routes() for name in re.findall(r"<(?:\w+:)?(\w+)>", route)}
    assert not [name for name in blanks if re.search(r"session|token|password|csrf", name)]


def test_a_sign_in_leads_to_no_other_site(people):
    for elsewhere in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
    ):
        form = {"login": people["employee"].email, "password": story.PASSWORD, "next": elsewhere}
        answer = Client().post("/account/login/", form)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/start/"), elsewhere


def test_no_answer_names_a_version(visitor):
    assert SERVER == "gunicorn"
    for address in ANYBODY:
        answer = visitor.get(address)
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        if "static" not in address:
            assert django.get_version() not in answer.content.decode()


_COOKIES = """
import django; django.setup()
from django.conf import settings as s
from django.test import Client, RequestFactory
from django.middleware.csrf import get_token
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,
      s.CSRF_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31_536_000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS,
      s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)
"""


def production(tmp_path, command):
    """Run a command with the settings of a site behind HTTPS."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "imr.web.settings",
        "IMR_HOME": str(tmp_path),
        "IMR_SITE": "https://imr.example",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_cookies_of_a_site_behind_https(tmp_path):
    done = production(tmp_path, ["-c", _COOKIES])
    assert done.stdout.split() == ["True", "True", "True", "True", "Lax", "Lax", "True", "True", "True", "None", "/"], (
        done.stderr
    )


@pytest.mark.long
def test_a_deployed_site_has_nothing_to_say(tmp_path):
    done = production(tmp_path, ["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout
