"""The page that says what the site keeps about people, and where it is found."""

import pytest
from django.test import Client


@pytest.mark.parametrize("contact", ["", "1 Invented Street, (000) 000-0000"])
def test_everybody_finds_what_is_kept_why_and_who_sees_it(db, settings, contact):
    settings.ORGANIZATION, settings.CONTACT = "Invented Review Organization", contact
    assert b'href="/privacy/"' in Client().get("/account/login/").content
    shown = Client().get("/privacy/").content.decode()
    for heading in (
        "What and why",
        "Your consent",
        "Who sees it",
        "For how long",
        "In your browser",
        "What you can do",
    ):
        assert f">{heading}</h2>" in shown
    assert "write to Invented Review Organization." in shown
    assert contact in shown


def test_the_only_cookies_are_those_that_the_page_names(people):
    from tests.factories import story

    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": people["employee"].email, "password": story.PASSWORD})
    client.get("/employee/")
    assert set(client.cookies) <= {"sessionid", "csrftoken", "device", "messages"}
