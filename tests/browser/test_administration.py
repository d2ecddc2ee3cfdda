"""Two administrators in two browsers: one asks for a change of an account, the other confirms it."""

from playwright.sync_api import expect
from tests.factories import story

from imr.web import accounts
from imr.web.models import PersonRow


def test_one_administrator_asks_and_another_confirms(visit, people):
    for email in ("first@example.org", "second@example.org"):
        accounts.give_second_factor(accounts.make(email, story.PASSWORD, administrator=True))
    first, second = visit().sign_in("first@example.org"), visit().sign_in("second@example.org")
    page = first.page
    page.goto("/administration/")
    first.look()
    first.follow(page.get_by_role("link", name="ines@example.com"))
    first.look()
    first.follow(page.get_by_role("link", name="Roles and rights"))
    page.get_by_label("Review organization, coordination").check()
    first.follow(page.get_by_role("button", name="Ask for this change"))
    expect(page.get_by_text("Say why.")).to_have_count(2)
    assert any("422" in line for line in first.stopped)
    first.stopped.clear()
    first.look()
    page.get_by_label("Why").fill("Also assigns reviewers from Monday")
    first.follow(page.get_by_role("button", name="Ask for this change"))
    expect(page.get_by_text("You asked for this yourself")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    first.look()
    other = second.page
    other.goto("/administration/")
    expect(other.get_by_text("intake → coordinator, intake")).to_be_visible()
    second.look()
    second.follow(other.get_by_role("button", name="Confirm"))
    expect(other.get_by_text("Confirmed: it is done.")).to_be_visible()
    assert PersonRow.objects.get(pk=people["intake"].pk).roles == ["intake", "coordinator"]
    for address in ("/administration/organizations/", "/administration/affiliations/", "/administration/accounts/new/"):
        other.goto(address)
        second.look()
