"""A real browser on the real site: invented people sign in, and every page that they open is looked at."""

import os

import pytest
from django.db import connection
from tests.factories import story
from tests.factories.browser_checks import Visitor
from tests.factories.reset_history import emptied_between_tests

from imr.web import accounts

__all__ = ["emptied_between_tests"]


@pytest.fixture(scope="session", autouse=True)
def no_connection_left(django_db_setup, django_db_blocker):
    """A request whose browser went away leaves its connection open: end those before the database is removed."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="package")
def browser(chromium):
    """Chromium, until the last test of this folder: the loop of its driver would be in the way of other tests."""
    from playwright.sync_api import sync_playwright

    # The driver runs a loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(scope="session")
def axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


@pytest.fixture
def people(transactional_db):
    """The cast of the story; the review organization's people have their second factor."""
    from imr.web.platform.authentication import needs_second_factor

    found = story.cast()
    for person in found.values():
        if needs_second_factor(person):
            accounts.give_second_factor(person)
    return found


@pytest.fixture
def visit(browser, live_server, people, axe):
    """Open a browser for somebody of the cast, or for the public.

    Who is signed in has a session of the site; `by_form` fills in the pages that give one, as the path through all portals does.
    """
    opened = []

    def open_browser(name="", *, by_form=False, looking=True, **how):
        visitor = Visitor(browser, live_server.url, axe if looking else None, **how)
        opened.append(visitor)
        if name and by_form:
            visitor.sign_in(people[name].email)
        elif name:
            visitor.take_session(people[name])
        return visitor

    yield open_browser
    for visitor in opened:
        if os.environ.get("IMR_DEBUG"):
            visitor.page.screenshot(path=f"{os.environ['IMR_DEBUG']}/debug-{opened.index(visitor)}.png")
        visitor.done()
