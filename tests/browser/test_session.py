"""The end of a session in a browser: the warning, the covered page, and what was typed."""

import re

import pytest
from playwright.sync_api import expect
from tests.factories import story

from imr.web.platform import clock, session_limits

pytestmark = pytest.mark.browser

SAID = "I feel better now, and do not want the review any more."


@pytest.fixture
def later(monkeypatch):
    """Let seconds pass for sessions; the page warns soon after it was opened."""
    passed = [0.0]
    real = clock.elapsed
    monkeypatch.setattr(clock, "elapsed", lambda: real() + passed[0])

    def wait(seconds):
        passed[0] += seconds

    return wait


def open_form(visitor, number):
    visitor.page.goto(f"/cases/{number}/withdraw-application/")
    visitor.page.locator("textarea").first.fill(SAID)


def test_a_page_warns_before_its_session_ends_and_one_click_prolongs_it(visit, people, later, settings, monkeypatch):
    number = story.receive(people)
    settings.IDLE_SECONDS = 1_000
    monkeypatch.setattr(session_limits, "WARNING", 998)  # two seconds after the page was opened
    visitor = visit("employee")
    page = visitor.page
    open_form(visitor, number)
    later(500)  # half of the time has passed when the page asks
    warned = page.get_by_role("dialog", name="Are you still there?")
    expect(warned).to_be_visible()
    visitor.look("session-ending")
    monkeypatch.setattr(session_limits, "WARNING", 120)
    with page.expect_response(re.compile("/account/session/")) as answered:
        warned.get_by_role("button", name="Stay signed in").click()
    assert answered.value.request.method == "POST"
    assert answered.value.json()["left"] > 990
    expect(page.locator("textarea").first).to_have_value(SAID)


def test_the_warning_of_the_longest_session_says_when_it_ends_and_can_be_closed(
    visit, people, later, settings, monkeypatch
):
    number = story.receive(people)
    settings.IDLE_SECONDS = 100_000
    settings.SESSION_COOKIE_AGE = 50_000
    monkeypatch.setattr(session_limits, "WARNING", 49_998)
    visitor = visit("employee")
    page = visitor.page
    open_form(visitor, number)
    warned = page.get_by_role("dialog", name="Your sign-in ends soon")
    expect(warned).to_be_visible()
    expect(warned).to_contain_text(re.compile(r"are signed out at:\s+\d+:\d\d"))
    expect(warned.get_by_role("button", name="Stay signed in")).to_be_hidden()
    visitor.look("session-final")
    warned.get_by_role("button", name="Close").click()
    expect(warned).to_be_hidden()
    with page.expect_response(re.compile("/account/session/")) as answered:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answered.value.json()["final"] is True
    expect(warned).to_be_hidden()
    expect(page.locator("textarea").first).to_have_value(SAID)


def test_a_page_whose_session_has_ended_is_covered_and_keeps_what_was_typed(
    visit, people, later, settings, monkeypatch
):
    number = story.receive(people)
    settings.IDLE_SECONDS = 1_000
    monkeypatch.setattr(session_limits, "WARNING", 998)
    visitor = visit("employee")
    page = visitor.page
    open_form(visitor, number)
    later(2_000)
    ended = page.get_by_role("dialog", name="You are signed out")
    expect(ended).to_be_visible()
    expect(page.locator("#main")).to_be_hidden()
    visitor.look("session-ended")
    page.keyboard.press("Escape")
    expect(ended).to_be_visible()
    ended.get_by_role("button", name="Show the page again").click()
    expect(ended.get_by_text("Nobody is signed in yet.")).to_be_visible()
    settings.IDLE_SECONDS = 100_000
    with page.context.expect_page() as opened:
        ended.get_by_role("link", name="Sign in (new window)").click()
    window = opened.value
    window.get_by_label("Email").fill(people["employee"].email)
    window.get_by_label("Password").fill(story.PASSWORD)
    window.get_by_role("button", name="Sign in").click()
    window.get_by_role("button", name="Sign out").wait_for()
    window.close()
    ended.get_by_role("button", name="Show the page again").click(force=True)
    expect(ended).to_be_hidden()
    expect(page.locator("textarea").first).to_have_value(SAID)
    page.get_by_role("button", name=re.compile("Withdraw|Send|Continue")).first.click()
    page.get_by_text("Done").first.wait_for()
