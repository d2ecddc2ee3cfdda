"""The audit log: every look, list, export, refusal and sign-in, and what a privacy officer reads of it."""

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from tests.factories import story
from tests.factories.url_walk import addresses, blanks, routes, words

from imr.case.state import Stage
from imr.web import access, accounts, actions
from imr.web.access import AuditAction
from imr.web.models import AccountChangeRow, OutboxRow, PersonRow, ProposalRow, RepeatedEntryRow, ViewRow
from imr.web.platform import clock, request_origin
from imr.web.platform.authentication import needs_second_factor
from imr.web.store import audit_log, log_seals


@pytest.fixture
def officer(db) -> PersonRow:
    """A privacy officer, who administers nothing and acts in no case."""
    person = PersonRow.objects.create_user(
        "privacy@example.org", "correct horse battery", name="Ola Officer", is_staff=True, joined_at=clock.now()
    )
    person.user_permissions.add(Permission.objects.get(codename="view_viewrow"))
    return PersonRow.objects.get(pk=person.pk)


def browser(person, **more):
    if needs_second_factor(person) and not is_mfa_enabled(person):
        accounts.give_second_factor(person)
    one = story.client(person)
    one.defaults |= {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "Browser of a test", **more}
    return one


def last(**asked) -> ViewRow:
    return ViewRow.objects.filter(**asked).order_by("-pk")[0]


def test_a_look_says_from_where_and_in_which_session(people):
    number = story.receive(people)
    first, second = browser(people["intake"]), browser(people["intake"])
    assert first.get(f"/cases/{number}/").status_code == 200
    row = last(case=number)
    assert (row.action, row.thing, row.role) == ("look", "application", "intake")
    assert (row.address, row.device) == ("198.51.100.7", "Browser of a test")
    assert len(row.session) == 16
    assert second.get(f"/cases/{number}/").status_code == 200
    assert last(case=number).session != row.session
    assert first.session.session_key not in str(row.__dict__), "the log does not sign anybody in"


@pytest.mark.parametrize("address", ["/cases/{}/", "/cases/{}/application/", "/api/cases/{}", "/api/cases/{}/events"])
def test_a_refused_look_is_logged(people, address):
    number = story.receive(people)
    stranger = accounts.make("stranger@example.org", "correct horse battery", *story.Role)
    stranger.roles = ["employee"]
    stranger.save()
    looks = ViewRow.objects.filter(action="look").count()
    assert browser(stranger).get(address.format(number)).status_code == 404
    row = last(person=stranger)
    assert (row.action, row.case, row.detail) == ("refused", number, f"GET {address.format(number)}")
    assert ViewRow.objects.filter(action="look").count() == looks


def test_who_has_not_signed_in_writes_nothing(people, client):
    number = story.receive(people)
    before = ViewRow.objects.count()
    client.get(f"/cases/{number}/")
    client.get("/determinations/CM26-0000001/")
    assert ViewRow.objects.count() == before


def test_a_list_names_the_cases_whose_employees_it_shows(people):
    numbers = sorted(story.receive(people) for _ in range(2))
    assert browser(people["intake"]).get("/imro/").status_code == 200
    row = last(action="list")
    assert (row.person, row.thing, row.cases) == (people["intake"], "cases", numbers)


def test_an_export_is_logged(people):
    number = story.receive(people)
    assert browser(people["division"]).get(f"/cases/{number}/events.jsonl").status_code == 200
    row = last(action="export")
    assert (row.thing, row.case) == ("cases:chain", number)


def test_the_register_of_reviewers_and_its_sheet_are_logged(people):
    assert browser(people["coordinator"]).get("/panel/register.csv").status_code == 200
    assert last(action="export").thing == "panel:sheet"
    assert browser(people["coordinator"]).get("/panel/").status_code == 200
    assert last(action="list").thing == "register of reviewers"


def test_every_page_of_the_administration_is_logged(people):
    boss = accounts.make("boss@example.org", "correct horse battery", administrator=True)
    assert browser(boss).get("/administration/?q=example.com").status_code == 200
    row = last(person=boss, action="administration")
    assert row.thing == "administration:index"
    assert row.detail == "GET /administration/?q=example.com"
    row = last(person=boss, action="list")
    assert (row.thing, row.detail) == ("accounts", "example.com")
    assert browser(boss).get(f"/administration/accounts/{people['intake'].pk}/").status_code == 200
    assert ViewRow.objects.filter(person=boss, thing="account", detail=people["intake"].email).exists()


def test_sign_ins_that_succeed_and_fail_are_logged(people, client):
    person = people["employee"]
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    client.post("/account/login/", {"login": person.email, "password": "wrong horse battery"})
    row = last(action="failed sign-in")
    assert (row.person, row.address) == (person, "203.0.113.9")
    client.post("/account/login/", {"login": "secret@nowhere.example", "password": "x"})
    row = last(action="failed sign-in")
    assert row.person is None
    assert "secret" not in str(row.__dict__)
    person.set_password("correct horse battery")
    person.save()
    client.post("/account/login/", {"login": person.email, "password": "correct horse battery"})
    assert last(action="sign-in").person == person
    client.post("/account/logout/")
    assert last(action="sign-out").person == person


def test_a_sign_in_has_the_session_that_the_looks_after_it_have(people, client):
    number, person = story.receive(people), people["employee"]
    client.get("/account/login/")
    client.post("/account/login/", {"login": person.email, "password": "wrong horse battery"})
    client.post("/account/login/", {"login": person.email, "password": story.PASSWORD})
    assert client.get(f"/cases/{number}/").status_code == 200
    client.post("/account/logout/")
    session = last(action="look", person=person).session
    assert len(session) == 16
    assert last(action="sign-in", person=person).session == session
    assert last(action="sign-out", person=person).session == session


def test_an_operator_who_resets_a_second_factor_is_in_the_log(people):
    accounts.give_second_factor(people["intake"])
    accounts.reset_second_factor(people["intake"].email)
    assert last(action="account").detail == "second factors were removed by the operator"


@pytest.mark.parametrize(
    ("behind", "forwarded", "address"),
    [
        (False, "192.0.2.1", "198.51.100.7"),
        (True, "192.0.2.1", "192.0.2.1"),
        (True, "127.0.0.1, 192.0.2.1", "192.0.2.1"),
        (True, "", "198.51.100.7"),
        (True, "192.0.2.1:4711", "192.0.2.1"),
        (True, "192.0.2.9, [2001:DB8::1]:4711", "2001:db8::1"),
        (True, "::ffff:192.0.2.1", "192.0.2.1"),
        (True, "unknown", "198.51.100.7"),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings, behind, forwarded, address):
    settings.BEHIND_PROXY = behind
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert request_origin.client_address(request) == address


def test_an_officer_finds_who_saw_the_data_of_a_person(people, officer):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    other = story.receive(
        people, employee=replace(story.application().employee, first_name="Quite", last_name="Another")
    )
    browser(people["intake"]).get(f"/cases/{number}/")
    browser(people["coordinator"]).get("/imro/")
    page = browser(officer).get("/audit/", {"employee": story.application().employee.name})
    assert page.status_code == 200
    lines = list(page.context["page"].object_list)
    assert {"look", "list"} <= {line.action for line in lines}
    assert other not in {line.case for line in lines}
    assert {line.email for line in lines} >= {people["intake"].email, people["coordinator"].email}
    by_case = browser(officer).get("/audit/", {"case": number}).context["page"]
    assert {line.case for line in by_case.object_list} <= {number, ""}
    row = last(person=officer, action="search")
    assert (row.detail, row.cases) == (f"case {number}", [number])


def test_the_export_has_every_entry_and_no_formula(people, officer):
    number = story.receive(people)
    browser(people["intake"], HTTP_USER_AGENT="=HYPERLINK(1)").get(f"/cases/{number}/")
    answer = browser(officer).get("/audit/log.csv", {"case": number})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    look = next(row for row in rows if row["action"] == "look")
    assert (look["account"], look["case"], look["address"]) == (people["intake"].email, number, "198.51.100.7")
    assert look["device"] == "'=HYPERLINK(1)"
    assert last(action="export", person=officer).thing == "audit:log-file"


@pytest.mark.parametrize("address", ["/audit/", "/audit/log.csv"])
@pytest.mark.parametrize(
    "asked", [{"since": "yesterday"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}, {"case": "C" * 41}]
)
def test_a_query_that_cannot_be_read_is_refused_and_shows_nothing(people, officer, address, asked):
    browser(people["intake"]).get("/imro/")
    answer = browser(officer).get(address, {"account": people["intake"].email, **asked})
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")
    assert set(answer.context["form"].errors) == set(asked)
    assert "Browser of a test" not in answer.content.decode()
    assert not ViewRow.objects.filter(person=officer, action="search").exists()


def test_the_first_and_last_day_that_can_be_asked_about(officer):
    asked = {"since": "1900-01-01", "until": "2999-12-31"}
    assert browser(officer).get("/audit/", asked).status_code == 200
    assert browser(officer).get("/audit/log.csv", asked).status_code == 200


@pytest.mark.parametrize("address", ["/audit/", "/audit/log.csv", "/audit/accounts/", "/audit/accounts.csv"])
def test_nobody_else_reads_the_log(people, address):
    for who in ("employee", "intake", "coordinator", "division", "reviewer"):
        assert browser(people[who]).get(address).status_code == 404, who
        assert last(person=people[who]).action == "refused"


def test_the_access_review_asks_about_what_is_unusual(people, officer):
    idle = people["adjuster"]
    idle.last_login = clock.now() - timedelta(days=100)
    idle.save()
    lines = {line.email: line for line in browser(officer).get("/audit/accounts/").context["lines"]}
    assert set(lines) == set(PersonRow.objects.values_list("email", flat=True))
    assert "not used for 90 days: is it still needed?" in lines[idle.email].questions
    assert "has no second factor yet" in lines[people["quality"].email].questions
    assert lines[officer.email].questions == ()
    assert browser(officer).get("/audit/accounts.csv").status_code == 200


def test_an_administrator_makes_a_privacy_officer_and_ends_it(people):
    boss = accounts.make("boss@example.org", "correct horse battery", administrator=True)
    other = accounts.make("other@example.org", "correct horse battery", administrator=True)
    person = people["intake"]
    address = f"/administration/accounts/{person.pk}/rights/"
    for given in (True, False):
        form = {"name": person.name, "why": "Audits from now on", **({"officer": "on"} if given else {})}
        assert browser(boss).post(address, form).status_code == 302
        assert PersonRow.objects.get(pk=person.pk).has_perm("imr.view_viewrow") is not given
        change = AccountChangeRow.objects.latest("pk").pk
        browser(other).post("/administration/answer/", {"change": change, "answer": "confirm"})
        assert PersonRow.objects.get(pk=person.pk).has_perm("imr.view_viewrow") is given
        assert ('id="id_officer" checked' in browser(boss).get(address).content.decode()) is given


def test_what_was_logged_is_sealed_with_where_it_came_from(people):
    number = story.receive(people)
    browser(people["intake"]).get(f"/cases/{number}/")
    log_seals.seal_log()
    assert list(log_seals.verify_log()) == []


def test_lists_that_name_people_over_the_interface_and_by_mail_are_logged(people):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    other = people["other attorney"]
    other.name = "Dan Fabled"
    other.save()
    ProposalRow.objects.create(case=number, role="employee attorney", person=other, why="the name", at=clock.now())
    intake, coordinator = browser(people["intake"]), browser(people["coordinator"])
    assert [line["case"] for line in intake.get("/api/proposals").json()] == [number]
    row = last(action="list", person=people["intake"])
    assert (row.thing, row.cases) == ("parties", [number])
    assert intake.get(f"/api/cases/{number}/parties").status_code == 200
    row = last(person=people["intake"])
    assert (row.action, row.thing, row.case) == ("look", "application", number)
    OutboxRow.objects.filter(case=number).update(next_at=None, sent_at=None)
    assert coordinator.get("/imro/mail/").status_code == 200
    row = last(action="list", person=people["coordinator"])
    assert (row.thing, row.cases) == ("mail", [number])
    assert coordinator.get("/panel/day/").status_code == 200
    row = last(thing="plan of the day")
    assert (row.person, row.cases) == (people["coordinator"], [number])


#: What a page or file says that names somebody: the employee, a party, a reviewer.
NAMES = ("Ada Invented", "Fabled", "Imagined", *story.SECRET_NAMES, "Nowhereman")


@pytest.mark.long
@pytest.mark.parametrize(
    "who", ["intake", "coordinator", "quality", "division", "reviewer", "adjuster", "boss", "officer"]
)
def test_no_address_names_anybody_without_an_entry_in_the_log(people, officer, who):
    number = story.to(Stage.UNDER_REVIEW, people)
    boss = accounts.make("boss@example.org", "correct horse battery", administrator=True)
    if who == "boss":  # others have the name of nobody else on a page of accounts, and their own on each
        PersonRow.objects.filter(pk=people["reviewer"].pk).update(name=" ".join(story.SECRET_NAMES))
    person = {**people, "boss": boss, "officer": officer}[who]
    one = browser(person)
    filled = {"number": number, "pk": str(people["reviewer"].pk), "digest": "0" * 64}
    named = 0
    for pattern in sorted(set(routes())):
        if pattern.startswith(("account/logout", "static")):
            continue
        blank = {name: (filled.get(name, "1"),) for name in blanks(pattern)}
        for address in addresses(pattern, blank):
            entries = ViewRow.objects.count()
            answer = one.get(address)
            said = words(answer) if answer.status_code == 200 else ""
            if any(name in said for name in NAMES):
                named += 1
                assert ViewRow.objects.count() > entries, address
    assert named or who == "officer"


def test_a_flood_of_failed_sign_ins_is_counted_beyond_a_number_and_told_after_the_hour(people, monkeypatch, settings):
    settings.UNUSUAL = {**settings.UNUSUAL, "failures": 1, "refusals": 1}
    monkeypatch.setattr(audit_log, "HOURLY", {AuditAction.FAILED_SIGN_IN: (3, 4), AuditAction.REFUSED: (2, 5)})
    at = clock.now().replace(minute=10)
    with clock.frozen_at(at):
        for place in range(5):
            with request_origin.of(request_from("203.0.113.9")):
                access.log_failed_sign_in("ada@example.com")
            with request_origin.of(request_from(f"203.0.113.{place}")):
                access.log_failed_sign_in("nobody@example.com")
            access.log_request(people["employee"], AuditAction.REFUSED, detail=f"GET /cases/{place}/")
        assert log_seals.seal_log() > 0, "the hour is not over: nothing more is told"
        assert ViewRow.objects.filter(action="failed sign-in").count() == 7
        assert ViewRow.objects.filter(action="refused").count() == 2
        assert not ViewRow.objects.filter(thing="repeated entries").exists()
    with clock.frozen_at(at + timedelta(hours=1)):
        log_seals.seal_log()
        log_seals.seal_log()
    found = ViewRow.objects.filter(thing="repeated entries").order_by("pk")
    assert [(row.action, row.address, row.person, row.detail.partition(" between")[0]) for row in found] == [
        ("failed sign-in", "203.0.113.9", people["employee"], "2 more"),
        ("failed sign-in", "", None, "1 more from all addresses together"),
        ("refused", "", people["employee"], "3 more"),
    ]
    assert not RepeatedEntryRow.objects.exists()
    assert list(log_seals.verify_log()) == []


def test_a_flood_of_one_account_leaves_the_entries_of_the_others_in_the_log(people, monkeypatch, settings):
    settings.UNUSUAL = {**settings.UNUSUAL, "failures": 2, "refusals": 2}
    monkeypatch.setattr(audit_log, "HOURLY", {AuditAction.FAILED_SIGN_IN: (3, 6), AuditAction.REFUSED: (3, 6)})
    for place in range(20):
        access.log_request(people["employee"], AuditAction.REFUSED, detail=f"GET /cases/{place}/")
        with request_origin.of(request_from(f"203.0.113.{place}")):
            access.log_failed_sign_in("nobody@example.com")
            access.log_failed_sign_in("ada@example.com")
    for _ in range(3):
        access.log_request(people["coordinator"], AuditAction.REFUSED, detail="GET /cases/1/")
        with request_origin.of(request_from("203.0.113.99")):
            access.log_failed_sign_in(people["coordinator"].email)
    written = Counter(ViewRow.objects.values_list("action", "person"))
    assert written == {
        ("refused", people["employee"].pk): 3,
        ("refused", people["coordinator"].pk): 3,
        ("failed sign-in", None): 6,
        ("failed sign-in", people["employee"].pk): 6,
        ("failed sign-in", people["coordinator"].pk): 3,
    }
    told = {(each.kind, each.person) for each in actions.unusual_activity()}
    assert {("refusals", people["coordinator"].pk), ("failures", people["coordinator"].pk)} <= told


def test_a_look_is_never_counted_in_place_of_its_entry():
    assert set(audit_log.HOURLY) == {AuditAction.FAILED_SIGN_IN, AuditAction.REFUSED}


def test_what_is_unusual_is_written_and_not_only_counted(people, settings):
    settings.UNUSUAL = {**settings.UNUSUAL, "refusals": 230}
    for place in range(232):
        access.log_request(people["employee"], AuditAction.REFUSED, detail=f"GET /cases/{place}/")
    assert [each.count for each in actions.unusual_activity()] == [231]


def request_from(address):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.session = SessionStore()
    return request


def test_the_access_review_asks_nothing_for_each_account(people, officer):
    access.access_review(officer)  # after which the permissions of the officer are known
    with CaptureQueriesContext(connection) as few:
        access.access_review(officer)
    for place in range(20):
        PersonRow.objects.create(email=f"person{place}@example.org", joined_at=clock.now())
    with CaptureQueriesContext(connection) as many:
        lines = access.access_review(officer)
    assert len(many) == len(few)
    assert sum("has no role" in line.questions for line in lines) == 20
