"""The pages that are open to everybody."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_public_pages_have_no_grave_fault_and_fit_a_phone(visit):
    somebody = visit()
    for address in (
        "/",
        "/how-a-review-works/",
        "/privacy/",
        "/es/",
        "/time-limits/",
        "/determinations/",
        "/account/login/",
    ):
        assert somebody.page.goto(address).status == 200, address
        somebody.look({"/": "home", "/time-limits/": ""}.get(address, ""))


def test_they_hold_in_the_dark_too(visit):
    somebody = visit(scheme="dark")
    for address in ("/", "/how-a-review-works/", "/time-limits/"):
        somebody.page.goto(address)
        somebody.look()


def test_a_time_limit_is_counted_with_the_keyboard_alone(visit):
    somebody = visit()
    page = somebody.page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile(r"^\s*Skip to the main part"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # past the application, to the time limits
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Find your deadline")
    page.keyboard.press("Enter")
    page.wait_for_url("**/time-limits/")
    answers = {"ur_served_on": "02062015", "ur_service": "Mail"}
    for _ in range(90):  # each part of a date is a stop of its own
        page.keyboard.press("Tab")
        name, text = page.evaluate("[document.activeElement.name, document.activeElement.textContent]")
        if name in answers:
            page.keyboard.type(answers.pop(name))
        elif text == "Count the deadlines":
            page.keyboard.press("Enter")
            break
    page.wait_for_url("**count=1**")
    expect(page.get_by_text("Fri, Mar 13, 2015")).to_have_count(1)
    somebody.look("time-limits")


def test_every_deadline_opens_its_reasoning_without_script(visit):
    somebody = visit(script=False, looking=False)
    page = somebody.page
    page.goto("/time-limits/?count=1&track=STANDARD&ur_served_on=2015-02-06&ur_service=MAIL&ur_place=CALIFORNIA")
    page.get_by_text("How this was counted").first.click()
    expect(page.get_by_text("5 calendar days added")).to_be_visible()
