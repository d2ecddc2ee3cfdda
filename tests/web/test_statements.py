"""Who may state what on the site: one table, which the form and the API follow, and what a party states otherwise is refused."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from tests.factories import story

from imr.case.digests import digest_of_bytes
from imr.case.marks import (
    ConfirmedPaths,
    Input,
    OfficeInput,
    Provided,
    RecordUploads,
    facts_not_stated_by,
    facts_stated_by,
    marks,
)
from imr.case.receipts import Receipt
from imr.case.state import Stage
from imr.case.steps import STEPS
from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.terms import RecordKind, Role
from imr.plain import to_plain
from imr.web import access, actions
from imr.web.api.cases import api
from imr.web.models import DocumentRow, EventRow
from imr.web.platform import clock
from imr.web.portals import claims, employee, physician
from imr.web.portals.base.forms import FactsForm
from imr.web.store.documents import Upload, UploadRejected

#: Every fact that a person states in a step that a party may take: the party itself, or the office (of a party's own step the
#: system records it). A new fact without its line fails.
STATED = {
    ("receive-application", "application"): "party",
    ("receive-application", "received_at"): "office",
    ("receive-application", "receipt"): "office",
    ("receive-application", "as_written"): "party",
    ("answer-information", "application"): "party",
    ("answer-information", "as_written"): "party",
    ("answer-information", "answered_on"): "office",
    ("answer-information", "answered_by"): "office",
    ("answer-information", "receipt"): "office",
    ("receive-records", "sender"): "office",
    ("receive-records", "received_on"): "office",
    ("receive-records", "receipt"): "office",
    ("report-implementation", "on"): "party",
    ("withdraw-consent", "withdrawn_on"): "office",
    ("withdraw-consent", "withdrawn_by"): "office",
    ("withdraw-consent", "receipt"): "office",
    ("report-ending", "because"): "party",
    ("report-ending", "reported_by"): "office",
    ("report-ending", "happened_on"): "party",
    ("answer-ending", "agrees"): "party",
    ("answer-ending", "answered_by"): "office",
}


@pytest.fixture
def people(db):
    return story.cast()


def test_the_table_names_every_fact_that_a_party_could_state():
    found = {
        (step.name, name): "office" if isinstance(mark, OfficeInput) else "party"
        for step in STEPS.values()
        if set(step.roles) & set(PARTIES)
        for name, (_, mark) in marks(step.facts).items()
        if isinstance(mark, Input)
    }
    assert found == STATED


def test_the_form_of_a_party_and_the_api_follow_the_table(people):
    number = story.receive(people)
    actions.perform(
        "ask-information",
        people["intake"],
        number,
        {
            "of": (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN),
            "letter": story.upload("request"),
        },
    )
    schemas = api.get_openapi_schema()["components"]["schemas"]
    for portal, who in (
        (employee.EmployeePortal, "employee"),
        (claims.ClaimsPortal, "adjuster"),
        (physician.PhysicianPortal, "physician"),
    ):
        view = access.case(access.open_case(people[who], number))
        request = type("Request", (), {"method": "GET", "user": people[who]})()
        for step in STEPS.values():
            if not set(step.roles) & set(view.roles):
                continue
            asked = {name.partition("-")[0] for name in portal().form(step, view, request).fields}
            office = {fact for (name, fact), by in STATED.items() if name == step.name and by == "office"}
            assert not asked & office, (who, step.name)
            model = schemas["".join(part.capitalize() for part in step.name.split("-"))]
            assert not office & set(model.get("required", ())), step.name


def test_form_and_api_ask_each_role_for_the_same_facts():
    """The facts of the API are a subset of those of the form, for each role of each step: both come from `facts_stated_by`."""
    schemas = api.get_openapi_schema()["components"]["schemas"]
    for step in STEPS.values():
        if set(step.roles) == {Role.CLOCK}:
            continue
        marked = marks(step.facts)
        sent = schemas["".join(part.capitalize() for part in step.name.split("-"))].get("properties", {})
        everybody = frozenset[str]().union(*(facts_stated_by(step.facts, role) for role in step.roles))
        recorded = {name for name, (_, mark) in marked.items() if isinstance(mark, OfficeInput)}
        assert set(sent) <= everybody | recorded, step.name
        for role in set(step.roles) - {Role.CLOCK}:
            form = FactsForm(step.facts, leave_out=facts_not_stated_by(step.facts, role), role=role)
            asked = {name.removesuffix("-text").partition("-")[0] for name in form.fields}
            by_page = {
                name
                for name, (_, mark) in marked.items()
                if isinstance(mark, Provided | RecordUploads | ConfirmedPaths)
            }
            by_page |= {"draft"} & set(marked)  # the reviewer writes it on pages of its own
            assert asked | by_page >= set(sent) & facts_stated_by(step.facts, role), (step.name, role)
            assert asked <= facts_stated_by(step.facts, role), (step.name, role)


@pytest.mark.parametrize(
    ("who", "step", "fact"),
    [
        ("adjuster", "answer-information", "application"),
        ("physician", "answer-information", "application"),
        ("employee", "answer-information", "signed_page"),
        ("adjuster", "answer-information", "signed_page"),
        ("employee", "withdraw-consent", "signed_page"),
        ("attorney", "withdraw-consent", "signed_page"),
    ],
)
def test_what_the_form_does_not_ask_of_a_role_the_api_refuses_from_it(people, who, step, fact):
    number = story.receive(people)
    if step == "answer-information":
        asked = (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
        actions.perform("ask-information", people["intake"], number, {"of": asked, "letter": story.upload("request")})
    content = base64.b64encode(b"Words.").decode()
    paper = {"name": "answer.txt", "content": content}
    stated = story.application() if fact == "application" else paper
    facts = to_plain({"answer": paper, fact: stated} if step == "answer-information" else {fact: stated})
    events = EventRow.objects.count()
    answer = story.client(people[who]).post(
        f"/api/cases/{number}/{step}", json.dumps(facts), content_type="application/json"
    )
    assert answer.status_code == 409, answer.content
    assert "does not state" in answer.json()["message"]
    assert EventRow.objects.count() == events


@pytest.mark.parametrize("number", ["CM26-0009999", "apply", "x1"])
def test_no_party_chooses_the_number_of_a_case(people, number):
    given = {"application": story.application(), "ur_decision": story.upload("the decision")}
    with pytest.raises(Refused, match="the system gives a new case its number"):
        actions.perform("receive-application", people["employee"], number, given)
    assert not EventRow.objects.exists()


def test_the_office_chooses_a_number_that_an_address_has_and_no_other_case_in_other_letters(people):
    given = {
        "application": story.application(),
        "ur_decision": story.upload("the decision"),
        "received_at": clock.now(),
    }
    for number in ("apply", "new-case", "-1", "a" * 41, "é1"):
        with pytest.raises(Refused, match="at least one digit"):
            actions.perform("receive-application", people["intake"], number, given)
    actions.perform("receive-application", people["intake"], "CM26-0000006", given)
    with pytest.raises(Refused, match="case CM26-0000006 has this number in other letters"):
        actions.perform("receive-application", people["intake"], "cm26-0000006", given)
    assert EventRow.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "facts"),
    [
        ("attorney", {"received_at": -183}),
        ("employee", {"received_at": -1}),
        ("employee", {"receipt": Receipt.STAMP}),
    ],
)
def test_a_party_states_no_day_of_receipt_of_its_application(people, who, facts):
    if "received_at" in facts:
        facts = {"received_at": clock.now() + timedelta(days=facts["received_at"])}
    given = {"application": story.application(), "ur_decision": story.upload("the decision"), **facts}
    with pytest.raises(Refused, match="leave it out"):
        actions.perform("receive-application", people[who], None, given)
    assert not EventRow.objects.exists()
    at = clock.now()
    given = {"application": story.application(), "ur_decision": story.upload("the decision")}
    with clock.frozen_at(at):
        recorded = actions.perform("receive-application", people[who], None, given)
    assert recorded.event.received_at == at


@pytest.mark.parametrize("facts", [{"received_on": -4}, {"sender": Role.EMPLOYEE}, {"receipt": Receipt.FAX}])
def test_a_party_states_neither_day_nor_sender_of_its_records(people, facts):
    number = story.to(Stage.ELIGIBLE, people)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    if "received_on" in facts:
        facts = {"received_on": clock.today() + timedelta(days=facts["received_on"])}
    with pytest.raises(Refused, match="leave it out"):
        actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("report"),), **facts})
    recorded = actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("report"),)})
    assert (recorded.event.sender, recorded.event.received_on) == (Role.CLAIMS_ADMINISTRATOR, clock.today())


def test_the_claims_administrator_that_was_not_asked_replaces_no_application(people):
    number = story.receive(people)
    before = access.application(access.open_case(people["intake"], number))
    actions.perform(
        "ask-information", people["intake"], number, {"of": (Role.EMPLOYEE,), "letter": story.upload("request")}
    )
    other = replace(before, employer="What The Administrator Says", signed_on=clock.today())
    for who in ("adjuster", "physician", "other adjuster"):
        with pytest.raises((Refused, Http404)):
            actions.perform(
                "answer-information", people[who], number, {"application": other, "answer": story.upload("answer")}
            )
    assert access.application(access.open_case(people["intake"], number)) == before


def test_what_was_changed_in_a_signed_application_is_shown(people):
    number = story.receive(people)
    actions.perform(
        "ask-information", people["intake"], number, {"of": (Role.EMPLOYEE,), "letter": story.upload("request")}
    )
    who = people["employee"]
    assert access.amendments(access.open_case(who, number)) == ()
    changed = replace(story.application(), employer="Another Invented Office", signed_on=clock.today())
    actions.perform("answer-information", who, number, {"application": changed, "answer": story.upload("answer")})
    (amended,) = access.amendments(access.open_case(who, number))
    assert amended.by is Role.EMPLOYEE
    said = {question: (before, after) for question, before, after in amended.changes}
    assert ("Invented Offices", "Another Invented Office") in said.values()
    assert len(said) == 2, "the employer, and the day of the signature"
    page = story.client(who).get(f"/cases/{number}/application/").content.decode()
    assert "What has changed since it was filed" in page
    assert "Another Invented Office" in page
    assert "Invented Offices" in page


# A batch of documents


def test_one_refused_file_undoes_nothing_and_the_answer_says_what_was_refused(people):
    number = story.to(Stage.ELIGIBLE, people)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    good, word = story.upload("good", RecordKind.IMAGING), Upload(name="letter.docx", data=b"PK\x03\x04 no")
    done = actions.perform_once("receive-records", people["adjuster"], number, {"records": (good, word, good)})
    assert [record.kind for record in done.recorded.event.records] == [RecordKind.IMAGING]
    assert [name for name, _ in done.left_out] == ["letter.docx", "good.pdf"]
    assert "is not a PDF" in done.left_out[0][1]
    assert [line.name for line in access.refused(access.open_case(people["intake"], number))] == ["letter.docx"]
    with pytest.raises(UploadRejected, match="not a PDF"):
        actions.perform("receive-records", people["adjuster"], number, {"records": (word,)})


def test_the_same_bytes_from_a_second_sender_are_received_and_the_stricter_mark_counts(people):
    number = story.to(Stage.ELIGIBLE, people)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("therapy"),)})
    marked = story.upload("therapy", mental_health=True)
    actions.perform("receive-records", people["physician"], number, {"records": (marked, story.upload("another"))})
    rows = DocumentRow.objects.filter(case=number, paper="record")
    assert rows.count() == 2
    assert rows.get(digest=digest_of_bytes(marked.data)).mental_health
    senders = [one.sender for one in access.case(access.open_case(people["intake"], number)).case.records]
    assert senders == [Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN, Role.REQUESTING_PHYSICIAN]
    actions.perform("receive-records", people["employee"], number, {"records": (story.upload("therapy"),)})
    assert rows.get(digest=digest_of_bytes(marked.data)).mental_health, (
        "a later sender without the mark takes none away"
    )


def test_a_page_says_why_a_step_cannot_be_taken(people):
    number = story.to(Stage.ELIGIBLE, people)
    coordinator = people["coordinator"]
    actions.perform("assign-organization", coordinator, number, {"notice": story.upload("notice")})
    (why,) = access.open_case(coordinator, number).held_back("complete-records")
    with pytest.raises(Refused) as caught:
        actions.perform("complete-records", coordinator, number)
    assert [*caught.value.findings] == [why]
    assert "holds no clinical document" in str(why)
