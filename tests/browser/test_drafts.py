"""The draft while it is typed, in a browser: saved by itself, in two windows, signed out, without a connection, without script."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.factories import story

from imr.case.state import Stage
from imr.web.models import EventRow

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^\s*Saved \d")


@pytest.fixture
def desk(visit, people):
    """The reviewer at the draft of a new case, and the number of the case."""
    number = story.to(Stage.UNDER_REVIEW, people)
    visitor = visit("reviewer")
    visitor.page.goto(f"/cases/{number}/draft/")
    return visitor, number


def state(page):
    return page.locator("#saved")


def summary(page):
    return page.get_by_label("Summary of the case")


def signs_in_again(visitor, page, people):
    cache.clear()  # a code of a second factor is good for one sign-in
    visitor.page.remove_listener("console", visitor._hear)  # which goes on asking, and is answered 401
    visitor.stopped.clear()
    visitor.page = page
    visitor.sign_in(people["reviewer"].email)


def left_behind(page):
    """What the browser keeps of drafts."""
    return page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('imr-'))")


def test_what_is_typed_is_saved_where_one_types_without_leaving_the_field(desk, people):
    visitor, number = desk
    page, before = visitor.page, EventRow.objects.count()
    expect(state(page)).to_have_text("Nothing is saved yet")
    reasons = page.get_by_label("Why").first
    reasons.press_sequentially("Reasons before any decision.")
    expect(state(page)).to_have_text(SAVED)
    expect(state(page)).to_be_in_viewport()
    expect(reasons).to_be_focused()
    assert story.written(people["reviewer"], number)["rationale_1"] == "Reasons before any decision."
    assert EventRow.objects.count() == before
    assert left_behind(page) == []
    visitor.look("draft-saved")
    page.reload()
    expect(page.get_by_label("Why").first).to_have_value("Reasons before any decision.")


def test_a_second_window_is_told_and_both_texts_are_kept(desk, people):
    visitor, number = desk
    page = visitor.page
    other = page.context.new_page()
    other.goto(f"/cases/{number}/draft/")
    summary(page).fill("An hour of the first window.")
    expect(state(page)).to_have_text(SAVED)
    summary(other).fill("A word of the second.")
    expect(state(other)).to_contain_text("Not saved: this draft was changed in another window.")
    found = other.locator("#conflict-found")
    expect(found).to_contain_text("An hour of the first window.")
    expect(found).to_contain_text("A word of the second.")
    assert len(left_behind(other)) == 1
    visitor.page = other
    visitor.stopped.clear()  # the answer 409
    visitor.look("draft-conflict")
    assert story.written(people["reviewer"], number)["summary"] == "An hour of the first window."
    visitor.follow(other.get_by_role("button", name="Save what I chose"))
    expect(summary(other)).to_have_value("A word of the second.\n\nAn hour of the first window.")
    expect(state(other)).to_have_text(SAVED)
    expect(other.locator("#conflict-found")).to_have_count(0)
    assert left_behind(other) == []


def test_the_end_of_a_session_loses_nothing_and_the_page_goes_on_after_it(desk, people):
    visitor, number = desk
    page, context = visitor.page, visitor.page.context
    summary(page).fill("Before.")
    expect(state(page)).to_have_text(SAVED)
    context.clear_cookies()
    summary(page).fill("Before. And after the session had ended.")
    expect(state(page)).to_contain_text("Not saved: you are signed out.")
    expect(state(page)).to_contain_text("kept in this browser, encrypted")
    expect(page.locator("body")).not_to_contain_text("Forgot your password")
    page.wait_for_timeout(2500)  # the parts beside the draft ask too
    expect(page.locator("form[action*=login], input[type=password]")).to_have_count(0)
    (kept,) = left_behind(page)
    assert "Before" not in kept[1]
    assert number not in "".join(kept)
    with context.expect_page() as opened:
        state(page).get_by_role("link", name="Sign in (new window)").click()
    signs_in_again(visitor, opened.value, people)
    expect(state(page)).to_have_text(SAVED)
    assert story.written(people["reviewer"], number)["summary"] == "Before. And after the session had ended."
    assert left_behind(page) == []
    visitor.stopped.clear()


def test_without_a_connection_the_text_is_kept_encrypted_and_put_back(desk, people):
    visitor, number = desk
    page, context = visitor.page, visitor.page.context
    summary(page).fill("Online.")
    expect(state(page)).to_have_text(SAVED)
    context.set_offline(True)
    summary(page).fill("Typed in the train.")
    expect(state(page)).to_contain_text("Not saved: the site cannot be reached.")
    (kept,) = left_behind(page)
    assert "train" not in kept[1]
    page.close()  # and the window is closed over it
    context.set_offline(False)
    assert story.written(people["reviewer"], number)["summary"] == "Online."
    visitor.page = again = context.new_page()
    again.goto(f"/cases/{number}/draft/")
    expect(summary(again)).to_have_value("Typed in the train.")
    expect(state(again)).to_have_text(SAVED)
    expect(state(again)).to_contain_text("What you typed in this browser without saving is restored.")
    assert story.written(people["reviewer"], number)["summary"] == "Typed in the train."
    assert left_behind(again) == []
    context.set_offline(True)
    summary(again).fill("Typed in the train, and on.")
    expect(state(again)).to_contain_text("Not saved: the site cannot be reached.")
    context.set_offline(False)
    expect(state(again)).to_have_text(SAVED)
    visitor.stopped.clear()


def test_what_two_closed_windows_left_is_offered_together(desk, people):
    visitor, number = desk
    page, context = visitor.page, visitor.page.context
    other = context.new_page()
    other.goto(f"/cases/{number}/draft/")
    context.set_offline(True)
    for window, text in ((page, "Typed in the first window."), (other, "Typed in the second.")):
        summary(window).fill(text)
        expect(state(window)).to_contain_text("kept in this browser, encrypted")
    page.close()
    other.close()
    context.set_offline(False)
    visitor.page = again = context.new_page()
    again.goto(f"/cases/{number}/draft/")
    found = again.locator("#conflict-found")
    expect(found).to_contain_text("Typed in the first window.")
    expect(found).to_contain_text("Typed in the second.")
    expect(state(again)).to_contain_text("What you typed in this browser without saving is restored.")
    visitor.stopped.clear()  # what the closed windows could not reach, and the answer 409
    visitor.look("draft-left-twice")
    visitor.follow(again.get_by_role("button", name="Save what I chose"))
    expect(summary(again)).to_have_value("Typed in the second.\n\nTyped in the first window.")
    expect(state(again)).to_have_text(SAVED)
    assert left_behind(again) == []
    visitor.stopped.clear()


def test_an_address_that_is_not_secure_keeps_nothing_in_the_browser_and_says_so(desk):
    visitor, number = desk
    page = visitor.page
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(f"/cases/{number}/draft/")
    summary(page).fill("Saved all the same.")
    expect(state(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    summary(page).fill("Not saved.")
    expect(state(page)).to_contain_text("This browser does not keep it: leave this page open.")
    assert left_behind(page) == []
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    visitor.stopped.clear()


def test_without_script_the_draft_is_saved_by_its_button_and_nothing_is_lost(visit, people):
    number = story.to(Stage.UNDER_REVIEW, people)
    visitor = visit("reviewer", script=False, width=360, looking=False)
    page = visitor.page
    page.goto(f"/cases/{number}/draft/")
    other = page.context.new_page()
    other.goto(f"/cases/{number}/draft/")
    summary(page).fill("First.")
    visitor.follow(page.get_by_role("button", name="Save", exact=True))
    expect(state(page)).to_have_text(SAVED)
    summary(other).fill("Second.")
    visitor.follow(other.get_by_role("button", name="Save", exact=True))
    expect(summary(other)).to_have_value("Second.")
    expect(other.locator("#conflict-found")).to_contain_text("First.")
    other.get_by_label("Keep what is typed here").check()
    visitor.follow(other.get_by_role("button", name="Save what I chose"))
    expect(summary(other)).to_have_value("Second.")
    summary(other).fill("Typed when the session had ended.")
    other.context.clear_cookies()
    visitor.follow(other.get_by_role("button", name="Save", exact=True))
    expect(other.get_by_role("heading", level=1)).to_contain_text("What you typed is still here")
    with other.context.expect_page() as opened:
        other.get_by_role("link", name="Sign in (new window)").click()
    signs_in_again(visitor, opened.value, people)
    other.get_by_role("button", name="Then send it again").click()
    visitor.follow(other.get_by_role("button", name="Send it again"))
    expect(summary(other)).to_have_value("Typed when the session had ended.")
    visitor.stopped.clear()
