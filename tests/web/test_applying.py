"""The application page by page: answers travel along, nothing is kept before the last page, a fault leads to its page."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import story
from tests.factories.forms import paper, posted

from imr.case.application import Application
from imr.case.marks import marks
from imr.case.state import Stage
from imr.web import access
from imr.web.models import DocumentRow, EventRow
from imr.web.portals.application.wizard import PAGES
from imr.web.portals.base.forms import FactsForm


@pytest.fixture
def apply(people, sign_in):
    client = sign_in("employee")
    return lambda data: client.post("/employee/apply/", data)


def test_every_question_of_the_form_is_asked_on_one_page():
    asked = [name for page in PAGES for name in page.asks]
    assert sorted([*asked, "ur_decision_attached"]) == sorted(marks(Application)), "the last is known from the file"


def test_answers_travel_along_and_nothing_is_kept(apply):
    first = apply({"page": "employee", "employee-first_name": "Ada", "employee-last_name": "Invented"}).content.decode()
    assert "The claim" in first
    assert '<input type="hidden" name="employee-last_name" value="Invented">' in first
    assert "it may ask whether to send the form again" in first
    back = apply({"page": "claim", "go": "employee", "employee-last_name": "Invented"}).content.decode()
    assert "it may ask whether to send the form again" not in back, "there is nothing before the first page"
    assert re.search('<input type="text" name="employee-last_name" value="Invented"[^>]*>', back)
    assert "There is a problem" not in back
    assert not EventRow.objects.exists()
    assert not DocumentRow.objects.exists()


def test_a_fault_stands_beside_its_field_and_at_the_top(apply):
    page = apply({"page": "employee", "employee-first_name": "Ada"}).content.decode()
    assert 'href="#id_employee-last_name"' in page
    assert 'aria-invalid="true"' in page


def test_a_row_is_added_without_losing_or_judging_anything(apply):
    page = apply({"page": "treatments", "treatments-0-description": "A brace", "add-treatments": "1"}).content.decode()
    assert "Disputed treatments: 2" in page
    assert 'value="A brace"' in page
    assert "There is a problem" not in page


def test_the_last_page_sends_it_and_shows_its_number(apply, people):
    data = posted(story.application()) | {"page": "sign", "send": "1", "ur_decision": paper()}
    answer = apply(data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    number = answer.url.split("/")[2]
    held = access.application(access.open_case(people["employee"], number))
    assert held == story.application()
    assert access.case(access.open_case(people["employee"], number)).case.stage is Stage.RECEIVED


def test_without_the_ur_decision_it_is_received_as_it_is(apply, people):
    answer = apply(posted(story.application()) | {"page": "sign", "send": "1"})
    number = answer.url.split("/")[2]
    assert access.application(access.open_case(people["employee"], number)).ur_decision_attached is False


def test_a_fault_on_an_earlier_page_leads_back_to_it(apply):
    data = posted(story.application()) | {"page": "sign", "send": "1", "injured_on": "2015-02-31"}
    page = apply(data).content.decode()
    assert "<h1>The claim</h1>" in page
    assert "Enter a valid date." in page


def test_a_decision_before_the_injury_is_refused_with_the_way_out_and_nothing_is_lost(apply):
    data = posted(story.application(ur_decided_on=story.days_ago(500), ur_served_on=story.days_ago(500)))
    answer = apply(data | {"page": "sign", "send": "1", "ur_decision": paper()})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "cannot be older than the injury" in page
    assert 'value="Invented Offices"' in page
    assert not EventRow.objects.exists()
    assert not DocumentRow.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_and_the_answers_stay(apply):
    file = SimpleUploadedFile("decision.pdf", b"%PDF-1.7 broken")
    answer = apply(posted(story.application()) | {"page": "sign", "send": "1", "ur_decision": file})
    assert answer.status_code == 409
    assert 'value="Invented Offices"' in answer.content.decode()
    assert not EventRow.objects.exists()


def test_intake_enters_an_application_that_came_on_paper(people, sign_in):
    client = sign_in("intake")
    assert "If it came on paper" not in client.get("/imro/apply/").content.decode()
    came = f"{story.days_ago(3).isoformat()}T10:30"
    data = posted(story.application()) | {
        "page": "sign",
        "send": "1",
        "ur_decision": paper(),
        "received_at": came,
        "receipt": "STAMP",
    }
    answer = client.post("/imro/apply/", data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    number = answer.url.split("/")[2]
    assert access.case(access.open_case(people["intake"], number)).case.received_at.date() == story.days_ago(3)
    assert number in client.get(answer.url).content.decode()


def test_the_last_page_shows_every_answer_also_where_it_is_what_stood_there_at_first(people):
    form = replace(story.application(), designee=None)
    browser = story.client(people["employee"])
    page = browser.post("/employee/apply/", posted(form) | {"page": "treatment", "go": "sign"}).content.decode()
    shown = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "How the UR decision was served Mail" in shown
    assert "Where it was mailed from and to California" in shown
    assert "Type of review asked for Standard" in shown
    assert "No answer" not in shown


def test_a_group_that_was_begun_says_how_to_go_on():
    form = FactsForm(Application, posted(story.application()) | {"administrator-address-zip": "90001"})
    assert not form.is_valid()
    assert form.errors["administrator-address-city"] == [
        "The other answers of this group need this one too: fill it in, or leave the group empty."
    ]
