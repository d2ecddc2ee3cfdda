"""A request that comes twice is answered once: by its key, or by being the same, also at the same moment."""

import base64
import json
import re
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from tests.factories import story
from tests.factories.forms import posted

from imr.case.receipts import Receipt
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role
from imr.plain import to_plain
from imr.web import accounts, actions
from imr.web.models import CaseRow, DocumentRow, EventRow, IdempotencyKeyRow
from imr.web.platform import clock
from imr.web.store import cases

BEGIN = "/api/begin/receive-application"


@pytest.fixture
def people(db):
    found = story.cast()
    for name in ("intake", "coordinator"):
        accounts.give_second_factor(found[name])
    return found


def body(*, by_office: bool = True, **changed) -> str:
    """An application as intake enters it, or as a party sends it."""
    decision = story.upload("UR decision")
    facts = {
        "application": story.application(**changed),
        "ur_decision": {"name": decision.name, "content": base64.b64encode(decision.data).decode()},
    }
    if by_office:
        facts |= {"received_at": clock.now() - timedelta(days=5), "receipt": Receipt.STAMP}
    return json.dumps(to_plain(facts))


def send(browser, text, key=None, path=BEGIN):
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = browser.post(path, text, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_a_program_that_sends_twice_under_one_key_gets_the_first_answer(people):
    intake, text = story.client(people["intake"]), body()
    status, first = send(intake, text, "a-key-of-mine")
    assert status == 200, first
    assert first["repeated"] is False
    assert send(intake, text, "a-key-of-mine") == (200, first | {"repeated": True})
    assert CaseRow.objects.count() == EventRow.objects.count() == 1
    # Another key says that it is another request; another person's key is another key.
    assert send(intake, text, "another-key")[1]["case"] != first["case"]
    assert send(story.client(people["employee"]), body(by_office=False), "a-key-of-mine")[1]["repeated"] is False
    assert CaseRow.objects.count() == 3


def test_a_key_that_is_used_for_something_else_is_refused(people):
    intake = story.client(people["intake"])
    _, first = send(intake, body(), "a-key-of-mine")
    status, refused = send(intake, body(claim_number="WC-0002"), "a-key-of-mine")
    assert status == 409
    assert first["case"] in refused["message"]
    assert "use another key" in refused["message"]
    assert CaseRow.objects.count() == 1


@pytest.mark.parametrize("key", ["two words", "é", "x" * 201])
def test_a_key_that_no_header_carries_is_refused(people, key):
    status, _ = send(story.client(people["intake"]), body(), key)
    assert status == 422
    assert not CaseRow.objects.exists()


def test_without_a_key_the_same_within_a_day_is_the_first_case_and_later_another(people):
    intake, text, at = story.client(people["intake"]), body(), clock.now()
    _, first = send(intake, text)
    with clock.frozen_at(at + timedelta(hours=23)):
        status, again = send(intake, text)
    assert (status, again) == (200, first | {"repeated": True})
    assert send(intake, body(claim_number="WC-0002"))[1]["repeated"] is False
    assert send(story.client(people["employee"]), body(by_office=False))[1]["repeated"] is False
    assert CaseRow.objects.count() == 3
    with clock.frozen_at(at + timedelta(hours=25)):
        later = story.client(people["intake"])
        _, other = send(later, text)
        assert other["repeated"] is False
        assert other["case"] != first["case"]
        assert send(later, text)[1] == other | {"repeated": True}


def test_what_was_refused_may_be_sent_again_under_its_key(people):
    with pytest.raises(Refused):
        actions.perform_once(
            "receive-application",
            people["intake"],
            None,
            {"application": story.application(ur_decision_attached=True), "received_at": clock.now()},
            key="k",
            alike=True,
        )
    assert not IdempotencyKeyRow.objects.exists()
    assert not DocumentRow.objects.exists()


def test_any_later_step_takes_a_key_too(people):
    number = story.to(Stage.ELIGIBLE, people)
    notice = story.upload("notice")
    text = json.dumps({"notice": {"name": "n.pdf", "content": base64.b64encode(notice.data).decode()}})
    coordinator, path = story.client(people["coordinator"]), f"/api/cases/{number}/assign-organization"
    _, first = send(coordinator, text, "key", path)
    assert send(coordinator, text, "key", path) == (200, first | {"repeated": True})
    assert len(cases.chain(number)) == first["number"]


def test_documents_that_come_twice_without_a_key_are_one_receipt(people):
    number = story.to(Stage.ASSIGNED, people)
    paper = {"name": "r.pdf", "content": base64.b64encode(story.upload("report").data).decode()}
    browser, path = story.client(people["adjuster"]), f"/api/cases/{number}/receive-records"
    status, first = send(browser, json.dumps({"records": [paper]}), path=path)
    assert status == 200, first
    assert send(browser, json.dumps({"records": [paper]}), path=path) == (200, first | {"repeated": True})
    assert len(cases.chain(number)) == first["number"]
    # The same from somebody else is a receipt of its own.
    _, other = send(story.client(people["physician"]), json.dumps({"records": [paper]}), path=path)
    assert other["number"] == first["number"] + 1


@pytest.mark.parametrize("step", ["receive-records", "answer-information"])
def test_a_form_of_a_case_that_is_sent_twice_is_taken_once(people, step):
    number = story.to(Stage.ASSIGNED, people) if step == "receive-records" else story.receive(people)
    if step == "answer-information":
        asked = (Role.CLAIMS_ADMINISTRATOR,)
        actions.perform("ask-information", people["intake"], number, {"of": asked, "letter": story.upload("request")})
    browser, address = story.client(people["adjuster"]), f"/cases/{number}/{step}/"
    page = browser.get(address).content.decode()
    fields = {"send": "1", "key": hidden_key(page), "seen": re.search('name="seen" value="([0-9]+)"', page)[1]}

    def sent():
        paper = SimpleUploadedFile("report.pdf", story.pdf("report"))
        own = {"files_1": paper, "kind_1": "IMAGING"} if step == "receive-records" else {"answer-text": "Here it is."}
        return browser.post(address, {**fields, **own}, follow=True).content.decode()

    assert "Done: " in sent()
    events = len(cases.chain(number))
    assert "You sent this before; it was taken once." in sent()
    assert len(cases.chain(number)) == events


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["one-key", None])
def test_twice_at_the_same_moment_makes_one_case(key):
    people = story.cast()
    accounts.give_second_factor(people["intake"])
    text, count = body(), 6
    browsers = [story.client(people["intake"]) for _ in range(count)]
    begin, answers = threading.Barrier(count), []

    def go(browser):
        begin.wait()
        answers.append(send(browser, text, key))
        connections.close_all()

    threads = [threading.Thread(target=go, args=(browser,)) for browser in browsers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert CaseRow.objects.count() == EventRow.objects.count() == 1
    assert {status for status, _ in answers} == {200}
    assert sorted(answer["repeated"] for _, answer in answers) == [False] + [True] * (count - 1)
    assert len({answer["digest"] for _, answer in answers}) == 1


def hidden_key(page: str) -> str:
    return re.search('name="key" value="([^"]+)"', page)[1]


def sent_form(browser, key, **changed):
    decision = SimpleUploadedFile("decision.pdf", story.pdf("UR decision"))
    data = posted(story.application(**changed)) | {"page": "sign", "send": "1", "ur_decision": decision, "key": key}
    return browser.post("/employee/apply/", data, follow=True)


def test_the_form_carries_its_key_and_a_second_tab_opens_no_second_case(people):
    browser = story.client(people["employee"])
    key = hidden_key(browser.get("/employee/apply/").content.decode())
    page = browser.post(
        "/employee/apply/", {"page": "employee", "key": key, "employee-last_name": "I"}
    ).content.decode()
    assert hidden_key(page) == key
    assert page.count('name="key"') == 1
    first = sent_form(browser, key)
    (number,) = CaseRow.objects.values_list("number", flat=True)
    assert "You sent this same application before" not in first.content.decode()
    other_tab = hidden_key(browser.get("/employee/apply/").content.decode())
    assert other_tab != key
    for again in (key, other_tab):
        answer = sent_form(browser, again)
        said = answer.content.decode()
        assert answer.redirect_chain[-1][0].endswith(f"/cases/{number}/receipt/")
        assert "You sent this same application before" in said
        assert f"It is case {number}" in said or f"it is case {number}" in said
    assert CaseRow.objects.count() == 1


def test_a_form_that_comes_back_with_other_answers_is_asked_about_and_nothing_is_lost(people):
    browser = story.client(people["employee"])
    key = hidden_key(browser.get("/employee/apply/").content.decode())
    sent_form(browser, key)
    (number,) = CaseRow.objects.values_list("number", flat=True)
    answer = sent_form(browser, key, claim_number="WC-0002")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"opened case {number}" in page
    assert 'value="WC-0002"' in page
    assert sent_form(browser, hidden_key(page), claim_number="WC-0002").redirect_chain
    assert CaseRow.objects.count() == 2


def test_keys_are_forgotten_in_the_end(people):
    send(story.client(people["intake"]), body(), "a-key-of-mine")
    assert IdempotencyKeyRow.objects.count() == 1
    assert actions.run_maintenance()["old idempotency keys removed"] == 0
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        assert actions.run_maintenance()["old idempotency keys removed"] == 1
