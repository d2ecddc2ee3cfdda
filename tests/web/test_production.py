"""What a site that real people reach refuses: debugging pages, invented people, a database log that quotes rows, a role unasked."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from tests.factories.database import as_superuser

from imr.errors import SetupError
from imr.web import accounts
from imr.web.management import repeating
from imr.web.platform import environment
from imr.web.platform.database import roles, server_log


@pytest.fixture
def site(settings, tmp_path):
    """A site over https, with a home of its own."""
    settings.SITE, settings.HTTPS, settings.HOME = "https://imr.example", True, tmp_path
    settings.INVENTED_PASSWORD, settings.STATIC_ROOT = tmp_path / "invented-password", tmp_path / "static"
    settings.CORPUS, settings.LETTERS, settings.PAGES = tmp_path / "corpus", tmp_path / "letters", tmp_path / "pages"
    return settings


def test_debugging_pages_are_refused_over_https_even_on_a_demonstration(site):
    assert environment.problems() == []
    site.DEBUG = True
    for site.DEMONSTRATION in (False, True):
        (problem,) = environment.problems()
        assert problem.startswith("IMR_DEBUG is on, and IMR_SITE is https")
    site.HTTPS, site.SITE = False, "http://127.0.0.1:8000"
    assert environment.problems() == []


def test_a_home_of_invented_people_is_refused_over_https(site):
    site.INVENTED_PASSWORD.write_text("an invented password")
    (problem,) = environment.problems()
    assert "says that the people of this home are invented: IMR_SITE is https, so name an empty folder" in problem
    site.DEMONSTRATION = True
    assert environment.problems() == []


def test_invented_accounts_are_refused_over_https_whatever_the_home_says(site, db):
    accounts.make("ann@imr.example", "an invented password")
    accounts.require_real()
    accounts.make("administrator@example.org", "an invented password", administrator=True)
    with pytest.raises(SetupError, match=r"1 accounts have an address at example\.org, as invented people do"):
        accounts.require_real()
    with pytest.raises(CommandError, match="as invented people do"):
        call_command("serve", "--empty", "--set-up-only", stdout=io.StringIO())
    site.DEMONSTRATION = True
    accounts.require_real()
    site.DEMONSTRATION, site.HTTPS = False, False
    accounts.require_real()


def test_nobody_is_invented_over_https(site, db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a password\n"))
    with pytest.raises(CommandError, match="No people and cases are invented here"):
        call_command("invent")
    with pytest.raises(CommandError, match="start it with `imr serve --empty`"):
        call_command("serve", "--set-up-only", stdout=io.StringIO(), stderr=io.StringIO())
    assert not accounts.any_accounts()
    call_command("serve", "--set-up-only", "--empty", stdout=io.StringIO(), stderr=io.StringIO())
    assert not site.INVENTED_PASSWORD.exists()


def test_the_log_of_our_own_server_quotes_no_row(db):
    assert server_log.said() == ""
    assert server_log.check(databases=["default"]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "all"),
        ("log_statement", "mod"),
        ("log_min_error_statement", "error"),
        ("log_error_verbosity", "default"),
        ("log_min_duration_statement", "0"),
        ("log_min_duration_sample", "100"),
        ("log_transaction_sample_rate", "0.5"),
        ("debug_print_parse", "on"),
    ],
)
def test_a_server_whose_log_quotes_rows_is_named_with_what_its_superuser_runs(name, value, db):
    as_superuser(f"SET LOCAL {name} = '{value}'")
    (warning,) = server_log.check(databases=["default"])
    assert warning.id == "imr.W007"
    assert f"{name} is {value}. Have its superuser run: ALTER ROLE imr_site SET {name} = " in warning.msg
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("imr_site",)


@pytest.mark.parametrize("command", ["tend", "collect", "procrastinate"])
def test_each_process_beside_the_site_asks_its_role_first(command, db, monkeypatch):
    def refused():
        raise SetupError("the site signs in to the database as a superuser")

    monkeypatch.setattr(roles, "require_least_privilege", refused)
    words = {"procrastinate": ["worker", "--queues", "records"], "tend": [], "collect": ["--every", "300"]}
    with pytest.raises(SetupError, match="as a superuser"):
        call_command(command, *words[command])


def test_a_process_that_starts_before_its_database_asks_at_the_first_connection(db, monkeypatch, caplog):
    from django.db import OperationalError

    asked = []

    def unreachable():
        raise OperationalError("the server starts")

    monkeypatch.setattr(roles, "require_least_privilege", unreachable)
    monkeypatch.setattr(roles, "require_at_first_connection", lambda: asked.append("later"))
    repeating.run_repeatedly("a task", lambda: asked.append("done"), None)
    assert asked == ["later", "done"]
    assert "is asked at the first connection" in caplog.text
