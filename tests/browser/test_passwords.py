"""The fields of passwords: shown on request, and how strong a new one is."""

import re

import pytest
from playwright.sync_api import expect
from tests.factories import story

pytestmark = pytest.mark.browser


def test_what_is_typed_is_shown_on_request_and_a_new_password_is_judged(visit):
    somebody = visit("employee")
    page = somebody.page
    page.goto("/account/password/change/")
    field, meter = page.locator("#id_password1"), page.get_by_role("meter", name="Strength of the password")
    expect(page.get_by_text("Show what I type")).to_have_count(3)
    expect(meter).to_have_count(1)
    field.fill("oak river")
    expect(page.get_by_text("3 more characters are needed.")).to_be_visible()
    expect(meter).to_have_js_property("value", 1)
    field.fill("aaaaaaaaaaaaaaaa")
    expect(page.get_by_text("of few different characters")).to_be_visible()
    field.fill("oak river moon")
    expect(meter).to_have_js_property("value", 3)
    field.fill("oak river moon candle")
    expect(meter).to_have_js_property("value", 4)
    expect(field).to_have_attribute("type", "password")
    page.locator("#id_password1-shown").check()
    expect(field).to_have_attribute("type", "text")
    somebody.look()
    page.locator("#id_password1-shown").uncheck()
    expect(field).to_have_attribute("type", "password")


def test_a_sign_in_with_the_password_shown_works(visit, people):
    page = visit().page
    page.goto("/account/login/")
    page.locator("#id_login").fill(people["employee"].email)
    page.locator("#id_password").fill(story.PASSWORD)
    page.locator("#id_password-shown").check()
    page.get_by_role("button", name=re.compile("Sign in", re.IGNORECASE)).first.click()
    page.wait_for_url("**/employee/")
