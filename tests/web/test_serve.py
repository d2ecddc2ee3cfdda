"""`imr serve`: everything is set up once, and what stands in the way is said plainly."""

import socket
import sys
from io import StringIO
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from imr.case.chain import verify
from imr.errors import ImrError
from imr.web import access, accounts, demo_data
from imr.web.management.commands import serve
from imr.web.models import CaseRow, OutboxRow, PersonRow


def test_a_port_in_use_is_said_plainly_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"make run PORT={port + 1}"):
            call_command("serve", port=port)


@pytest.mark.django_db
def test_invented_people_find_a_case_at_every_place_where_somebody_waits(monkeypatch):
    monkeypatch.setattr(demo_data, "CASES", demo_data.CASES[:6])
    demo_data.begin("an invented password")
    stages = set(CaseRow.objects.values_list("stage", flat=True))
    assert {"RECEIVED", "ELIGIBLE", "ASSIGNED", "RECORDS_COMPLETE", "REVIEWER_ASSIGNED", "UNDER_REVIEW"} == stages
    for email in ("intake@example.org", "employee@example.org", "administrator@example.org", "reviewer@example.org"):
        assert access.cases(PersonRow.objects.get(email=email)), email
    coordinator = PersonRow.objects.get(email="coordinator@example.org")
    for line in access.cases(coordinator):
        verify(access.events(access.open_case(coordinator, line.number)))
    assert not OutboxRow.objects.filter(sent_at__isnull=True).exists()
    listed = {account.email: account.second_factor for account in demo_data.accounts_of_demo()}
    assert listed["reviewer@example.org"]
    assert not listed["employee@example.org"]
    assert len(accounts.code("intake@example.org")) == 6


@pytest.mark.django_db
def test_a_first_start_has_a_collection_to_search_and_every_page_says_that_it_is_invented(
    monkeypatch, settings, tmp_path, client
):
    monkeypatch.setattr(demo_data, "LETTERS", 5)
    settings.CORPUS, settings.INVENTED_PASSWORD = tmp_path / "corpus", tmp_path / "password"
    settings.LETTERS = tmp_path / "letters"
    demo_data.collect()
    assert "are invented" not in client.get("/time-limits/").content.decode()
    settings.INVENTED_PASSWORD.touch()
    assert "are invented" in client.get("/time-limits/").content.decode()
    assert len(pq.read_table(settings.CORPUS / "letters", columns=["case_number"])) == 5


def test_what_serves_has_used_nothing_native_before_it_forks(monkeypatch, settings, tmp_path):
    """Invented cases are made by another process: what that one did is told by its exit alone."""
    asked = []

    def run(command, **how):
        asked.append(command)
        return SimpleNamespace(returncode=1)

    monkeypatch.setattr(serve.subprocess, "run", run)
    with pytest.raises(ImrError, match="imr serve --empty"):
        serve._invent("a password")
    assert asked == [[sys.executable, "-m", "django", "invent"]]


@pytest.mark.django_db
def test_invented_accounts_have_the_password_that_is_read(monkeypatch, settings, tmp_path):
    """Over https too, where the site is there to be tried."""
    settings.SITE, settings.HTTPS, settings.DEMONSTRATION = "https://imr.example", True, True
    monkeypatch.setattr(demo_data, "CASES", demo_data.CASES[5:9])
    monkeypatch.setattr(demo_data, "EMPLOYEES", {"employee@example.org": 0, "employee2@example.org": 3})
    monkeypatch.setattr(demo_data, "REVIEWER", 0)
    settings.CORPUS, settings.INVENTED_PASSWORD = tmp_path, tmp_path / "password"
    monkeypatch.setattr(sys, "stdin", StringIO("an invented password\n"))
    call_command("invent")
    assert settings.INVENTED_PASSWORD.read_text() == "an invented password"
    assert settings.INVENTED_PASSWORD.stat().st_mode & 0o777 == 0o600
    assert PersonRow.objects.get(email="intake@example.org").check_password("an invented password")


@pytest.mark.django_db
def test_codes_are_for_a_site_on_this_machine_alone(settings):
    accounts.make("ann@example.com", "an invented password")
    with pytest.raises(ImrError, match="no second factor"):
        accounts.code("ann@example.com")
    with pytest.raises(ImrError, match="no account"):
        accounts.code("nobody@example.com")
    settings.HTTPS = True
    with pytest.raises(ImrError, match="on this machine"):
        accounts.code("ann@example.com")
    with pytest.raises(ImrError, match="has an account already"):
        accounts.make("ANN@example.com", "another")
    with pytest.raises(ImrError, match="no reviewer R9"):
        accounts.make("rev@example.com", "another", reviewer="R9")
