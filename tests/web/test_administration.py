"""Administration through actions: two people for what gives access, a pause of signatures after a reset, and no act without a trace."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from tests.factories import story
from tests.factories.url_walk import routes

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.roster import Affiliation, AffiliationKind
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.access import ChangeKind, Rights
from imr.web.actions import account_changes
from imr.web.models import (
    AccountAnswerRow,
    AccountChangeRow,
    AffiliationRow,
    MembershipRow,
    OrganizationRow,
    OutboxRow,
    PersonRow,
    ViewRow,
)
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactor, SecondFactorExpired

WHY = "The telephone was lost"
AFFILIATION = Affiliation(
    name="Fictive Holding", kind=next(iter(AffiliationKind)), relation="owner", since=date(2020, 1, 1)
)


@pytest.fixture
def people(db):
    return story.cast()


def administrator(email):
    person = accounts.make(email, story.PASSWORD, administrator=True)
    accounts.give_second_factor(person)
    person.second_factor = SecondFactor(how="totp", at=clock.now())
    return person


@pytest.fixture
def first(people):
    return administrator("first@example.org")


@pytest.fixture
def second(people):
    return administrator("second@example.org")


def again(person):
    return PersonRow.objects.get(pk=person.pk)


def mail_to(address):
    return [row.text for row in OutboxRow.objects.filter(address=address)]


# What one administrator can do alone (the questions of scripts 27 and 27b).


def test_one_administrator_alone_takes_over_no_account_and_signs_nothing(people, first):
    """The whole attack: another address, no second factor, a password by mail, a new factor, a signature."""
    number = story.to(Stage.PASSED, people)
    reviewer, browser = people["reviewer"], story.client(first)
    accounts.give_second_factor(reviewer)
    pages = f"/administration/accounts/{reviewer.pk}/"
    assert browser.post(f"{pages}address/", {"email": "intruder@example.org", "why": WHY}).status_code == 302
    assert browser.post(f"{pages}second-factor/", {"why": WHY}).status_code == 302
    for change in AccountChangeRow.objects.all():
        answer = browser.post("/administration/answer/", {"change": change.pk, "answer": "confirm"}, follow=True)
        assert "another administrator has to confirm it" in answer.content.decode()
    assert again(reviewer).email == "rev@example.com"
    assert Authenticator.objects.filter(user=reviewer).count() == 1
    Client().post("/account/password/reset/", {"email": "intruder@example.org"})
    assert not any("password/reset/key" in message.body for message in mail.outbox)
    assert len(mail_to("rev@example.com")) == 2, "the owner learns of both requests at once"
    assert access.case(access.open_case(people["intake"], number)).case.stage is Stage.PASSED


def test_two_administrators_who_reset_an_account_sign_nothing_with_it_for_a_day(people, first, second):
    number = story.to(Stage.PASSED, people)
    reviewer = people["reviewer"]
    accounts.give_second_factor(reviewer)
    for ask in (
        lambda: actions.ask_address(first, reviewer.pk, "new@example.org", WHY),
        lambda: actions.ask_second_factor_reset(first, reviewer.pk, WHY),
    ):
        actions.answer(second, ask(), confirmed=True)
    assert mail_to("rev@example.com"), "the old address is told"
    assert mail_to("new@example.org"), "and the new one"
    assert again(reviewer).email == "new@example.org"
    accounts.give_second_factor(again(reviewer))
    browser = story.client(again(reviewer))
    page = browser.get(f"/cases/{number}/sign-determination/")
    assert "nobody signs with an account for 24 hours" in " ".join(page.content.decode().split())
    seen = access.case(access.open_case(reviewer, number)).events
    refused = browser.post(f"/cases/{number}/sign-determination/", {"send": "1", "seen": seen})
    assert refused.status_code == 409
    assert "you can sign again from" in refused.content.decode().lower()
    with clock.frozen_at(clock.now() + timedelta(hours=23, minutes=59)), pytest.raises(Refused, match="can sign again"):
        sign(reviewer, number)
    with clock.frozen_at(clock.now() + timedelta(hours=24, minutes=1)):
        assert sign(reviewer, number).event.kind == "determination-signed"


def sign(reviewer, number):
    reviewer.second_factor = SecondFactor(how="totp", at=clock.now())
    return actions.perform("sign-determination", reviewer, number)


def test_no_address_of_the_raw_administration_is_left():
    pages = {route for route in routes() if route.startswith("administration/")}
    assert pages == {
        "administration/", "administration/answer/", "administration/organizations/", "administration/affiliations/",
        "administration/accounts/new/", "administration/accounts/<int:pk>/", "administration/accounts/<int:pk>/rights/",
        "administration/accounts/<int:pk>/address/", "administration/accounts/<int:pk>/second-factor/",
        "administration/accounts/<int:pk>/active/", "administration/accounts/<int:pk>/cases/<int:part>/",
    }  # fmt: skip
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")


@pytest.mark.parametrize(
    "page",
    [
        "axes/accesslog/", "axes/accesslog/1/delete/", "mfa/authenticator/", "account/emailaddress/", "auth/group/",
        "imr/eventrow/", "imr/viewrow/", "imr/membershiprow/add/", "imr/membershiprow/1/delete/", "imr/personrow/1/password/",
    ],
)  # fmt: skip
def test_what_the_raw_administration_showed_and_deleted_is_gone(first, page):
    browser = story.client(first)
    assert browser.get(f"/administration/{page}").status_code == 404
    assert browser.post(f"/administration/{page}", {"post": "yes"}).status_code == 404


def test_an_administrator_does_not_learn_who_reviews_a_case(people, first):
    number = story.to(Stage.UNDER_REVIEW, people)
    browser = story.client(first)
    for address in (
        f"/cases/{number}/",
        f"/api/cases/{number}",
        f"/api/cases/{number}/events",
        "/panel/",
        "/audit/",
        "/audit/accounts/",
    ):
        assert browser.get(address).status_code == 404, address
    index = browser.get("/administration/", {"q": number}).content.decode()
    assert "R00001" not in index


def test_no_one_is_made_a_party_by_administration(people, first):
    number = story.receive(people)
    stranger = people["other adjuster"]
    before = MembershipRow.objects.count()
    for address in ("/administration/answer/", f"/administration/accounts/{stranger.pk}/"):
        story.client(first).post(address, {"case": number, "role": "claims administrator", "person": stranger.pk})
    assert MembershipRow.objects.count() == before
    assert story.client(stranger).get(f"/cases/{number}/").status_code == 404


# Two people.

RIGHTS = Rights(name="Ines Intake", roles=(Role.INTAKE, Role.COORDINATOR))


def asked(kind, people, by):
    """Ask for a change of this kind; return its number and how to see whether it was made."""
    person = people["intake"]
    accounts.give_second_factor(person)
    inactive = people["quality"]
    PersonRow.objects.filter(pk=inactive.pk).update(is_active=False)
    asks = {
        ChangeKind.NEW: lambda: actions.ask_new_account(by, "New@example.org", RIGHTS, WHY),
        ChangeKind.RIGHTS: lambda: actions.ask_rights(by, person.pk, RIGHTS, WHY),
        ChangeKind.ADDRESS: lambda: actions.ask_address(by, person.pk, "Moved@example.org", WHY),
        ChangeKind.SECOND_FACTOR: lambda: actions.ask_second_factor_reset(by, person.pk, WHY),
        ChangeKind.ACTIVE: lambda: actions.ask_activation(by, inactive.pk, WHY),
    }
    made = {
        ChangeKind.NEW: lambda: PersonRow.objects.filter(
            email="new@example.org", roles=["intake", "coordinator"]
        ).exists(),
        ChangeKind.RIGHTS: lambda: again(person).roles == ["intake", "coordinator"],
        ChangeKind.ADDRESS: lambda: again(person).email == "moved@example.org",
        ChangeKind.SECOND_FACTOR: lambda: not Authenticator.objects.filter(user=person).exists(),
        ChangeKind.ACTIVE: lambda: again(inactive).is_active,
    }
    return asks[kind](), made[kind]


TWO = [kind for kind in ChangeKind if not kind.at_once]


@pytest.mark.parametrize("kind", TWO, ids=lambda kind: kind.name.lower())
def test_each_change_is_made_when_another_confirms_it_and_not_before(people, first, second, kind):
    change, made = asked(kind, people, first)
    assert not made()
    with pytest.raises(Refused, match="another administrator has to confirm it"):
        actions.answer(first, change, confirmed=True)
    assert not made()
    actions.answer(second, change, confirmed=True)
    assert made()
    with pytest.raises(Refused, match="answered this already"):
        actions.answer(second, change, confirmed=True)
    log = list(ViewRow.objects.filter(action="account").order_by("pk").values_list("person__email", "detail"))
    named = [line for line in log if f", {kind.value}: " in line[1]]
    assert [email for email, _ in named] == ["first@example.org", "second@example.org"]
    assert [detail.split()[0] for _, detail in named] == ["asked", "confirmed"]


@pytest.mark.parametrize("kind", TWO, ids=lambda kind: kind.name.lower())
def test_a_change_that_is_refused_or_has_lapsed_is_not_made(people, first, second, kind):
    change, made = asked(kind, people, first)
    with clock.frozen_at(clock.now() + access.LAPSES + timedelta(minutes=1)):
        second.second_factor = SecondFactor(how="totp", at=clock.now())
        with pytest.raises(Refused, match="more than 7 days ago"):
            actions.answer(second, change, confirmed=True)
    second.second_factor = SecondFactor(how="totp", at=clock.now())
    actions.answer(first, change, confirmed=False)
    with pytest.raises(Refused, match="answered this already"):
        actions.answer(second, change, confirmed=True)
    assert not made()


def test_nobody_confirms_what_is_about_their_own_account(people, first, second):
    change = actions.ask_address(first, second.pk, "elsewhere@example.org", WHY)
    with pytest.raises(Refused, match="about your own account"):
        actions.answer(second, change, confirmed=True)
    third = administrator("third@example.org")
    actions.answer(third, change, confirmed=True)
    assert again(second).email == "elsewhere@example.org"


def test_nobody_confirms_what_was_asked_for_by_somebody_who_administers_no_accounts_any_more(people, first, second):
    change = actions.ask_address(first, people["intake"].pk, "elsewhere@example.org", WHY)
    actions.deactivate(second, first.pk, WHY)
    with pytest.raises(Refused, match="administers no accounts any more"):
        actions.answer(second, change, confirmed=True)
    assert again(people["intake"]).email == "ines@example.com"
    assert "administers no accounts any more" in story.client(second).get("/administration/").content.decode()
    actions.answer(second, change, confirmed=False)


def test_an_answer_that_the_database_refuses_is_refused_in_words(people, first, second, monkeypatch):
    change = actions.ask_address(first, people["intake"].pk, "taken@example.org", WHY)
    PersonRow.objects.create(email="taken@example.org")
    monkeypatch.setattr(account_changes, "_insist_free", lambda *_: None)  # as it was a moment before
    with pytest.raises(Refused, match="at the same moment"):
        actions.answer(second, change, confirmed=True)
    assert not AccountAnswerRow.objects.exists()


@pytest.mark.parametrize("who", ["first", "second"])
def test_the_database_itself_refuses_a_confirmation_by_whoever_asked_or_whom_it_is_about(people, first, second, who):
    change = actions.ask_address(first, second.pk, "elsewhere@example.org", WHY)
    by = {"first": first, "second": second}[who]
    with pytest.raises(IntegrityError, match="another administrator alone"), transaction.atomic():
        AccountAnswerRow.objects.create(change_id=change, at=clock.now(), by=by, confirmed=True)
    AccountAnswerRow.objects.create(change_id=change, at=clock.now(), by=by, confirmed=False)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (ChangeKind.RIGHTS, {"name": "Somebody Else"}),
        (ChangeKind.ADDRESS, {"email": "meanwhile@example.org"}),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, ChangeKind) else "",
)
def test_a_change_of_an_account_that_has_changed_since_is_not_made(people, first, second, kind, changed):
    change, made = asked(kind, people, first)
    PersonRow.objects.filter(pk=people["intake"].pk).update(**changed)
    with pytest.raises(Refused, match="changed since this was asked for"):
        actions.answer(second, change, confirmed=True)
    assert not made()


def test_an_address_that_another_account_takes_meanwhile_is_not_given(people, first, second):
    change = actions.ask_address(first, people["intake"].pk, "ada@example.org", WHY)
    accounts.make("ada@example.org", story.PASSWORD, Role.EMPLOYEE)
    with pytest.raises(Refused, match="the address of another account"):
        actions.answer(second, change, confirmed=True)
    assert again(people["intake"]).email == "ines@example.com"


def test_the_same_is_not_asked_for_twice(people, first, second):
    actions.ask_address(first, people["intake"].pk, "one@example.org", WHY)
    with pytest.raises(Refused, match="asked for already"):
        actions.ask_address(second, people["intake"].pk, "two@example.org", WHY)
    actions.ask_new_account(first, "new@example.org", Rights(), WHY)
    with pytest.raises(Refused, match="asked for already"):
        actions.ask_new_account(second, "new@example.org", Rights(), WHY)


@pytest.mark.parametrize(
    ("rights", "says"),
    [
        (Rights(organization="Nobody's"), "there is no organization"),
        (Rights(reviewer="R00001"), "only an account with the role reviewer"),
        (Rights(roles=(Role.REVIEWER,), reviewer="R99999"), "the panel has no reviewer"),
        (Rights(roles=(Role.REVIEWER,), reviewer="R00001"), "another account is the one of reviewer R00001"),
        (Rights(officer=True, administrator=True), "administers nothing"),
        (Rights(officer=True, roles=(Role.INTAKE,)), "administers nothing"),
        (Rights(administrator=True, roles=(Role.QUALITY,)), "acts in no case"),
        (Rights(roles=(Role.INTAKE,)), "nothing would change"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_rights_that_exclude_themselves_are_refused(people, first, rights, says):
    with pytest.raises(Refused, match=says):
        actions.ask_rights(first, people["intake"].pk, rights, WHY)
    assert not AccountChangeRow.objects.exists()


def test_another_account_that_becomes_a_reviewer_waits_a_day_before_it_signs(people, first, second):
    PersonRow.objects.filter(pk=people["reviewer"].pk).update(reviewer=None)
    other = people["other employee"]
    rights = Rights(roles=(Role.REVIEWER,), reviewer="R00001")
    actions.answer(second, actions.ask_rights(first, other.pk, rights, WHY), confirmed=True)
    assert again(other).reviewer_id == "R00001"
    assert again(other).signs_from > clock.now() + timedelta(hours=23)


def test_what_would_change_nothing_is_refused(people, first):
    person = people["intake"]
    for ask, says in (
        (lambda: actions.ask_address(first, person.pk, "INES@example.com", WHY), "this address already"),
        (lambda: actions.ask_address(first, person.pk, "ada@example.com", WHY), "the address of another account"),
        (lambda: actions.ask_second_factor_reset(first, person.pk, WHY), "no second factor"),
        (lambda: actions.ask_activation(first, person.pk, WHY), "active already"),
        (lambda: actions.ask_address(first, person.pk, "new@example.org", "  "), "say why"),
    ):
        with pytest.raises(Refused, match=says):
            ask()


def test_an_address_that_another_account_has_verified_is_refused(people, first):
    people["employee"].emailaddress_set.create(email="second-one@example.org", verified=True)
    with pytest.raises(Refused, match="another account has verified"):
        actions.ask_new_account(first, "second-one@example.org", Rights(), WHY)


# What takes effect at once, because it takes access away.


def test_an_account_is_made_inactive_at_once_and_used_again_by_two(people, first, second):
    person = people["adjuster"]
    browser = story.client(person)
    assert browser.get("/claims/").status_code == 200
    actions.deactivate(first, person.pk, "Left the company")
    assert browser.get("/claims/").status_code == 302
    assert not again(person).is_active
    assert len(mail_to(person.email)) == 1
    with pytest.raises(Refused, match="inactive already"):
        actions.deactivate(first, person.pk, WHY)
    with pytest.raises(Refused, match="your own account"):
        actions.deactivate(first, first.pk, WHY)
    change = AccountChangeRow.objects.get(kind="inactive").pk
    with pytest.raises(Http404):
        actions.answer(second, change, confirmed=False)
    actions.answer(second, actions.ask_activation(first, person.pk, "Came back"), confirmed=True)
    assert again(person).is_active


def test_of_two_administrators_who_deactivate_each_other_one_stays(people, first, second):
    """Both were administrators when their requests began; all rows of administrators are locked, in order, before one is changed."""
    with CaptureQueriesContext(connection) as asked:
        actions.deactivate(first, second.pk, WHY)
    locks = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    assert "is_superuser" in locks[0].partition("WHERE")[2]
    assert "ORDER BY" in locks[0]
    assert second.is_active, "as its request has read it"
    change = actions.ask_address(first, people["intake"].pk, "elsewhere@example.org", WHY)
    for act in (
        lambda: actions.deactivate(second, first.pk, WHY),
        lambda: actions.answer(second, change, confirmed=True),
    ):
        with pytest.raises(Http404):
            act()
    assert again(first).is_active


def test_the_access_to_a_case_is_ended_at_once_in_the_log_with_its_case(people, first):
    number = story.receive(people)
    part = MembershipRow.objects.get(case=number, person=people["employee"])
    address = f"/administration/accounts/{people['employee'].pk}/cases/{part.pk}/"
    browser = story.client(first)
    assert number in browser.get(address).content.decode()
    assert browser.post(address, {"why": "The wrong Ada"}).status_code == 302
    assert story.client(people["employee"]).get(f"/cases/{number}/").status_code == 404
    row = ViewRow.objects.filter(action="account").latest("pk")
    assert (row.person, row.case) == (first, number)
    assert row.detail == "ended that ada@example.com is employee of this case: The wrong Ada"
    assert len(mail_to("ada@example.com")) == 1
    assert browser.get(address).status_code == 404
    with pytest.raises(Refused, match="ended already"):
        actions.end_membership(first, part.pk, WHY)


# Who, and with which factor.


def acts(person, change):
    return {
        "ask_new_account": lambda who: actions.ask_new_account(who, "new@example.org", Rights(), WHY),
        "ask_rights": lambda who: actions.ask_rights(who, person.pk, RIGHTS, WHY),
        "ask_address": lambda who: actions.ask_address(who, person.pk, "new@example.org", WHY),
        "ask_second_factor_reset": lambda who: actions.ask_second_factor_reset(who, person.pk, WHY),
        "ask_activation": lambda who: actions.ask_activation(who, person.pk, WHY),
        "deactivate": lambda who: actions.deactivate(who, person.pk, WHY),
        "end_membership": lambda who: actions.end_membership(who, 1, WHY),
        "answer": lambda who: actions.answer(who, change, confirmed=True),
        "enter_organization": lambda who: actions.enter_organization(who, "Third Office"),
        "remove_organization": lambda who: actions.remove_organization(who, 1),
        "enter_affiliation": lambda who: actions.enter_affiliation(who, AFFILIATION),
        "remove_affiliation": lambda who: actions.remove_affiliation(who, 1),
    }


def test_every_act_needs_an_administrator_whose_second_factor_is_recent(people, first, second):
    change = actions.ask_address(second, people["quality"].pk, "moved@example.org", WHY)
    for name, act in acts(people["intake"], change).items():
        for factor in (None, SecondFactor(how="totp", at=clock.now() - timedelta(minutes=11))):
            first.second_factor = factor
            with pytest.raises(SecondFactorExpired):
                act(first)
        for other in ("intake", "coordinator", "division", "reviewer", "employee"):
            with pytest.raises(Http404):
                act(people[other])
        assert AccountChangeRow.objects.count() == 1, name


def test_every_page_is_for_administrators_alone(people, first):
    officer = PersonRow.objects.create_user("officer@example.org", story.PASSWORD, is_staff=True)
    accounts.give_second_factor(officer)
    for page in (
        "",
        "organizations/",
        "affiliations/",
        "accounts/new/",
        f"accounts/{first.pk}/",
        f"accounts/{first.pk}/rights/",
    ):
        address = f"/administration/{page}"
        assert Client().get(address).status_code == 302, address
        assert story.client(officer).get(address).status_code == 404, address
        assert story.client(people["employee"]).get(address).status_code == 404, address
        assert story.client(first).get(address).status_code == 200, address


def test_a_form_asks_for_the_second_factor_and_keeps_what_was_typed(people, first):
    browser = story.client(first, factor=None)
    address = f"/administration/accounts/{people['intake'].pk}/address/"
    answer = browser.post(address, {"email": "moved@example.org", "why": "The provider of the mailbox was changed"})
    assert answer.status_code == 403
    assert "The provider of the mailbox was changed" in answer.content.decode()
    assert not AccountChangeRow.objects.exists()


def test_an_answer_asks_for_the_second_factor(people, first, second):
    change = actions.ask_address(first, people["intake"].pk, "moved@example.org", WHY)
    browser = story.client(second, factor=None)
    assert browser.post("/administration/answer/", {"change": change, "answer": "confirm"}).status_code == 403
    assert again(people["intake"]).email == "ines@example.com"
    for sent in (
        {},
        {"change": "x", "answer": "confirm"},
        {"change": "9" * 30, "answer": "confirm"},
        {"change": "9" * 5_000, "answer": "confirm"},
        {"change": change, "answer": "perhaps"},
    ):
        assert browser.post("/administration/answer/", sent).status_code == 302
    assert (
        story.client(second).post("/administration/answer/", {"change": 10**9, "answer": "confirm"}).status_code == 404
    )


# The pages.


def test_the_pages_show_what_waits_what_was_done_and_what_is_refused(people, first, second):
    one, other = story.client(first), story.client(second)
    person = people["intake"]
    assert "Nothing waits" in one.get("/administration/").content.decode()
    pages = f"/administration/accounts/{person.pk}/"
    form = {"name": "Ines", "roles": ["intake", "quality"], "why": "Also checks drafts"}
    assert one.post(f"{pages}rights/", {**form, "why": ""}).status_code == 422
    assert one.post(f"{pages}rights/", {**form, "organization": "Nobody's"}).status_code == 409
    assert one.post(f"{pages}rights/", form).status_code == 302
    own, waits = one.get("/administration/").content.decode(), other.get("/administration/").content.decode()
    assert "you asked for this yourself" in own.lower()
    assert 'value="confirm"' not in own
    assert 'value="confirm"' in waits
    assert "intake → intake, quality" in waits
    change = AccountChangeRow.objects.get().pk
    done = other.post("/administration/answer/", {"change": change, "answer": "confirm"}, follow=True).content.decode()
    assert "Confirmed: it is done." in done
    shown = one.get(pages).content.decode()
    assert "Also checks drafts" in shown
    assert "second@example.org" in shown
    assert one.post(f"{pages}active/", {"why": "Left"}, follow=True).status_code == 200
    assert "This account is inactive" in one.get(pages).content.decode()
    assert one.post(f"{pages}active/", {"why": "Back"}).status_code == 302
    refused = other.post("/administration/answer/", {"change": change + 2, "answer": "refuse"}, follow=True)
    assert "Refused: nothing was changed." in refused.content.decode()
    assert one.get("/administration/accounts/999999/").status_code == 404
    assert one.get(f"/administration/accounts/{'9' * 25}/").status_code == 404
    assert "No account fits" in one.get("/administration/?q=nobody-at-all").content.decode()


def test_the_only_administrator_reads_that_nobody_can_confirm(people, first):
    assert "You are the only administrator" in story.client(first).get("/administration/").content.decode()
    administrator("second@example.org")
    assert "You are the only administrator" not in story.client(first).get("/administration/").content.decode()


def test_a_new_account_has_its_address_told_and_no_password(people, first, second):
    OrganizationRow.objects.create(name="Third Office")
    browser = story.client(first)
    sent = {
        "email": "eva@example.org",
        "name": "Eva",
        "roles": ["claims administrator"],
        "organization": "Third Office",
        "why": WHY,
    }
    assert browser.post("/administration/accounts/new/", sent).status_code == 302
    change = AccountChangeRow.objects.get().pk
    assert mail_to("eva@example.org") == [], "a stranger is not written to before it is confirmed"
    actions.answer(second, change, confirmed=True)
    made = PersonRow.objects.get(email="eva@example.org")
    assert made.organization.name == "Third Office"
    assert not made.has_usable_password()
    assert "I have forgotten my password" in mail_to("eva@example.org")[0]
    assert "Third Office" in browser.get(f"/administration/accounts/{made.pk}/").content.decode()


def test_organizations_and_affiliations_are_entered_and_removed_in_the_log(people, first):
    browser = story.client(first)
    address = "/administration/organizations/"
    assert browser.post(address, {"enter": "1", "name": " Third  Office "}).status_code == 302
    row = OrganizationRow.objects.get(name="Third Office")
    assert (
        "is an organization THIRD office already"
        in browser.post(address, {"enter": "1", "name": "THIRD office"}, follow=True).content.decode()
    )
    assert "This field is required" in browser.post(address, {"enter": "1", "name": ""}).content.decode()
    browser.post(address, {"remove": row.pk})
    assert "removed already" in browser.post(address, {"remove": row.pk}, follow=True).content.decode()
    assert browser.post(address, {"remove": "9" * 5_000}).status_code == 200
    address = "/administration/affiliations/"
    assert browser.post(address, {"remove": "9" * 5_000}).status_code == 200
    form = {
        "enter": "1",
        "name": "Fictive Holding",
        "kind": "disability insurer",
        "relation": "owner",
        "since": "2020-01-01",
    }
    page = browser.get(address).content.decode()
    form["kind"] = re.search(r'<option value="([^"]+)"', page)[1]
    assert browser.post(address, form).status_code == 302
    assert "Fictive Holding" in browser.get(address).content.decode()
    entered = AffiliationRow.objects.get().pk
    browser.post(address, {"remove": entered})
    assert not AffiliationRow.objects.exists()
    assert "removed already" in browser.post(address, {"remove": entered}, follow=True).content.decode()
    said = list(ViewRow.objects.filter(action="account", person=first).order_by("pk").values_list("detail", flat=True))
    assert said == [
        "entered the organization Third Office", "removed the organization Third Office",
        "entered the affiliation Fictive Holding: owner", "removed the affiliation Fictive Holding: owner",
    ]  # fmt: skip


# What a reset ends.


@pytest.mark.parametrize("how", ["address", "second factor", "inactive", "operator"])
def test_a_reset_signs_the_stolen_laptop_out(people, first, second, how):
    person, laptop = people["employee"], Client()
    assert laptop.post("/account/login/", {"login": person.email, "password": story.PASSWORD}).status_code == 302
    other = story.client(people["adjuster"])
    assert laptop.get("/account/").status_code == other.get("/account/").status_code == 200
    accounts.give_second_factor(person)
    match how:
        case "address":
            actions.answer(second, actions.ask_address(first, person.pk, "moved@example.org", WHY), confirmed=True)
        case "second factor":
            actions.answer(second, actions.ask_second_factor_reset(first, person.pk, WHY), confirmed=True)
        case "inactive":
            actions.deactivate(first, person.pk, WHY)
            actions.answer(second, actions.ask_activation(first, person.pk, WHY), confirmed=True)
        case "operator":
            accounts.reset_second_factor(person.email)
    assert laptop.get("/account/").status_code == 302
    assert not UserSession.objects.filter(user=person).exists()
    assert other.get("/account/").status_code == 200, "nobody else is signed out"


def test_the_pause_of_signatures_lasts_24_hours_when_the_clock_is_set_forward(people):
    at = datetime(2027, 3, 13, 20, tzinfo=UTC)
    with clock.frozen_at(at):
        actions.pause_signing(people["reviewer"])
    with clock.frozen_at(at + timedelta(hours=23, minutes=59)):
        assert access.signs_from(again(people["reviewer"])) == at + timedelta(hours=24)
    with clock.frozen_at(at + timedelta(hours=24)):
        assert access.signs_from(again(people["reviewer"])) is None


# Resets by the owner and the operator.


def test_a_password_that_was_reset_by_mail_signs_nothing_for_a_day(people):
    reviewer = people["reviewer"]
    Client().post("/account/password/reset/", {"email": reviewer.email})
    (link,) = re.findall(r"http\S+(/account/password/reset/key/\S+)", mail.outbox[-1].body)
    browser = Client()
    page = browser.get(link)
    password = {"password1": "another invented phrase", "password2": "another invented phrase"}
    assert browser.post(page.url, password).status_code == 302
    assert again(reviewer).check_password("another invented phrase")
    assert access.signs_from(again(reviewer)) > clock.now() + timedelta(hours=23)


def test_a_second_factor_that_the_operator_or_its_owner_removes_signs_nothing_for_a_day(people):
    accounts.give_second_factor(people["reviewer"])
    accounts.reset_second_factor("rev@example.com")
    assert access.signs_from(again(people["reviewer"])) is not None
    other = people["other reviewer"]
    assert access.signs_from(other) is None
    accounts.give_second_factor(other)
    browser = story.client(other)
    assert (
        browser.post("/account/2fa/reauthenticate/", {"code": accounts.code("other-rev@example.com")}).status_code
        == 302
    )
    left = browser.post("/account/2fa/totp/deactivate/")
    assert (left.status_code, left.url) == (302, "/account/2fa/")
    assert not Authenticator.objects.filter(user=other).exists()
    assert access.signs_from(again(other)) is not None


def test_the_pause_is_read_from_the_database_as_it_is_now(people):
    number = story.to(Stage.PASSED, people)
    reviewer = people["reviewer"]
    with connection.cursor() as cursor:  # after the account was loaded
        cursor.execute("UPDATE imr_personrow SET signs_from = now() + interval '1 hour' WHERE id = %s", [reviewer.pk])
    with pytest.raises(Refused, match="can sign again from"):
        sign(reviewer, number)
