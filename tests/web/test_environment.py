"""What the environment sets is checked at the start: a value that cannot be stops the site with words, all of them at once."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from tests.factories import story

from imr.cli import site as cli_site
from imr.errors import ImrError, Refused
from imr.web.actions.perform import NUMBER
from imr.web.models import EventRow
from imr.web.platform import environment
from imr.web.platform.environment import Environment


@pytest.mark.parametrize("prefix", ["A/B", "Ä", "-CM", "CM ", "C.M", "?", "x" * 26, "CM\n"])
def test_a_prefix_that_no_address_takes_stops_every_command(settings, prefix, db):
    settings.CASE_NUMBER_PREFIX = prefix
    with pytest.raises(SystemCheckError, match="IMR_CASE_PREFIX"):
        call_command("check")
    with pytest.raises(ImrError, match="case numbers are part of addresses"):
        environment.require_valid()


def test_a_site_that_started_all_the_same_numbers_no_case_that_no_page_could_show(people, settings):
    settings.CASE_NUMBER_PREFIX = "A/B"
    with pytest.raises(Refused, match="IMR_CASE_PREFIX"):
        story.receive(people)
    assert not EventRow.objects.exists()


@pytest.mark.parametrize("prefix", ["", "CM", "ca", "IMRO", "A-1-", "x" * 25])
def test_a_prefix_that_is_taken_makes_numbers_that_are_taken(settings, prefix):
    settings.CASE_NUMBER_PREFIX = prefix
    assert environment.problems() == []
    assert NUMBER.fullmatch(f"{prefix}26-0000001")
    assert NUMBER.fullmatch(f"{prefix}99-{10**10}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE", "imr.example.org"),
        ("SITE", "https://imr.example.org/imr"),
        ("SITE", "https://"),
        ("SITE", "ftp://imr.example.org"),
        ("SITE", "https://imr.example.org:port"),
        ("SITE", "https://IMR.example.org"),
        ("SITE", "https://imr.example.org:443"),
        ("SITE", "http://imr.example.org:80"),
        ("SITE", "https://prüfung.example.org"),
        ("SITE", "https://me@imr.example.org"),
        ("ORGANIZATION", " "),
        ("ORGANIZATION", "x" * 141),
        ("ORGANIZATION", "Invented\nReviews"),
        ("CONTACT", "1 Invented Way\nNowhere"),
        ("CONTACT", "x" * 141),
        ("EMAIL_HOST", "smtp://mail.example.org"),
        ("EMAIL_HOST_USER", "somebody"),
        ("EMAIL_HOST_PASSWORD", "a password alone"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("ENVIRONMENT_PROBLEMS", ["IMR_MAIL_PORT is 'abc': write a whole number from 1 to 65535"]),
    ],
)
def test_one_wrong_value_is_one_sentence(settings, name, value):
    setattr(settings, name, value)
    (said,) = environment.problems()
    assert said.startswith("IMR_")
    assert "write" in said or "set both" in said


@pytest.mark.parametrize("sender", ["imr@localhost", "imr@example.org", "Our Name <imr@example.org>"])
def test_an_address_of_a_sender_is_taken(settings, sender):
    settings.DEFAULT_FROM_EMAIL = sender
    assert environment.problems() == []


def test_the_settings_of_the_suite_are_taken():
    assert environment.problems() == []


@pytest.mark.parametrize("given", ["abc", "-1", "0", "70000", "1e3", "5.5", "９"])
def test_a_number_out_of_its_bounds_is_said_and_the_default_stands(given):
    read = Environment({"IMR_MAIL_PORT": given})
    assert read.number("IMR_MAIL_PORT", 587, 1, 65_535) == 587
    assert read.problems == [f"IMR_MAIL_PORT is {given!r}: write a whole number from 1 to 65535"]


def test_words_and_numbers_are_read():
    read = Environment({"A": " 25 ", "B": "", "C": "Implicit", "D": "Yes", "E": "maybe"})
    assert (read.number("A", 587, 1, 100), read.number("B", 587, 1, 1000)) == (25, 587)
    assert read.choice("C", "starttls", "implicit", "none") == "implicit"
    assert (read.yes("D"), read.yes("F")) == (True, False)
    assert read.problems == []
    assert read.yes("E") is False
    assert read.problems[0].startswith("E is 'maybe': write no or yes")


def test_a_start_says_everything_at_once_and_ends_without_a_traceback(tmp_path):
    said = {"IMR_CASE_PREFIX": "A/B", "IMR_MAIL_PORT": "abc", "IMR_UPLOAD_LIMIT_MB": "lots", "IMR_DEBUG": "perhaps"}
    nowhere = {"IMR_HOME": str(tmp_path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    nowhere["DJANGO_SETTINGS_MODULE"] = "imr.web.settings"
    command = [sys.executable, "-c", "from imr.cli import main; main()", "serve", "--set-up-only"]
    done = subprocess.run(command, env={**os.environ, **nowhere, **said}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert all(name in done.stderr for name in said)


def test_a_home_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").touch()
    env = {**os.environ, "IMR_HOME": str(tmp_path / "file" / "home"), "DJANGO_SETTINGS_MODULE": "imr.web.settings"}
    command = [sys.executable, "-c", "from imr.cli import main; main()", "serve", "--set-up-only"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "set IMR_HOME" in done.stderr


@pytest.mark.parametrize(
    ("words", "site"),
    [(["--port", "80"], "http://127.0.0.1"), (["--host", "LOCALHOST", "--port", "8001"], "http://localhost:8001")],
    ids=["the usual port", "capitals"],
)
def test_the_address_that_a_start_names_is_taken(monkeypatch, settings, words, site):
    monkeypatch.setattr(cli_site, "_manage", lambda *_: None)
    monkeypatch.setenv("IMR_SITE", "")
    monkeypatch.delenv("IMR_SITE")
    assert CliRunner().invoke(cli_site.serve_command, words).exit_code == 0
    assert os.environ["IMR_SITE"] == site
    settings.SITE = site
    assert environment.problems() == []
