"""Forms made from the marks of facts: what is asked, how it is read back, what is told to mend."""

from dataclasses import replace

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import story
from tests.factories.forms import posted

from imr.case.application import Address, Application, Designee, DisputedTreatment
from imr.case.endings import Ending
from imr.case.steps import STEPS
from imr.case.steps.eligibility import QUESTIONS, DecideEligibility
from imr.case.steps.ending import ReportEnding
from imr.case.steps.intake import AskInformation
from imr.case.steps.termination import WithdrawApplication
from imr.case.text_limits import LINE, PAPER
from imr.law.terms import Filer, ReviewType, Role, Service
from imr.web import accounts
from imr.web.platform.formatting import describe
from imr.web.portals.base.fields import TextField
from imr.web.portals.base.forms import FactsForm
from imr.web.store.documents import Upload


def full():
    form = story.application()
    return replace(
        form,
        employee=replace(form.employee, address=Address(street="1 Invented Way", city="Nowhere", zip="90000")),
        designee=Designee(first_name="Dee", last_name="Made-up", designated_on=story.days_ago(12)),
        treatments=(*form.treatments, DisputedTreatment(description="A brace", given=True, authorized="one brace")),
        ur_service=Service.FAX,
    )


@pytest.mark.parametrize("application", [story.application, full])
def test_an_application_survives_its_form(application):
    sent = application()
    form = FactsForm(Application, posted(sent))
    assert form.is_valid(), form.errors
    assert Application(**form.values()) == sent


def test_every_step_has_a_form_with_labels():
    for step in STEPS.values():
        form = FactsForm(step.facts)
        for bound in form:
            assert bound.label, (step.name, bound.name)
        assert {bound.name for group in form.groups() for bound in group.fields} == set(form.fields)


def test_a_group_that_was_begun_asks_for_its_rest_and_one_left_empty_does_not():
    begun = posted(story.application()) | {"designee-first_name": "Dee"}
    form = FactsForm(Application, begun)
    assert not form.is_valid()
    assert set(form.errors) == {"designee-last_name", "designee-designated_on"}
    assert FactsForm(Application, posted(story.application())).is_valid()


def test_what_must_be_given_and_what_is_no_date_is_told_field_by_field():
    form = FactsForm(Application, {"injured_on": "2015-13-41"})
    assert not form.is_valid()
    assert "Enter a valid date." in form.errors["injured_on"]
    assert {"employer", "claim_number", "employee-first_name", "treatments-0-description"} <= set(form.errors)


def test_a_list_grows_by_a_row_on_request_to_a_limit():
    sent = posted(story.application())
    assert sum(name.endswith("-description") for name in FactsForm(Application, sent).fields) == 2
    assert (
        sum(name.endswith("-description") for name in FactsForm(Application, sent | {"add-treatments": "1"}).fields)
        == 3
    )
    many = {f"treatments-{n}-description": "x" for n in range(50)}
    assert sum(name.endswith("-description") for name in FactsForm(Application, many).fields) == 50
    more = FactsForm(Application, {f"treatments-{n}-description": "x" for n in range(501)})
    assert not more.is_valid()
    assert "at most 500" in str(more.non_field_errors())
    assert FactsForm(Application).lists == (("treatments", "Disputed treatments"),)


def test_a_paper_is_written_here_or_sent_as_a_file():
    written = FactsForm(WithdrawApplication, {"letter-text": "I withdraw."})
    assert written.is_valid()
    assert written.values() == {"letter": Upload(name="letter.txt", data=b"I withdraw.\n")}
    file = SimpleUploadedFile("letter.pdf", story.pdf("letter"))
    sent = FactsForm(WithdrawApplication, {}, {"letter": file})
    assert sent.is_valid()
    assert sent.values()["letter"] is file
    neither = FactsForm(WithdrawApplication, {})
    assert not neither.is_valid()
    assert neither.errors == {"letter-text": ["Write it here, or choose a file."]}


def test_choices_numbers_and_ticks_come_back_as_the_facts_take_them():
    form = FactsForm(
        DecideEligibility,
        {"reviewed_before": "1, 3", "ur_outcome": "MODIFIED", "on_necessity": "yes", "form_supplied": "no"},
    )
    assert form.is_valid(), form.errors
    said = form.values()
    assert (said["reviewed_before"], said["ur_outcome"].value, said["on_necessity"]) == ((1, 3), "modified", True)
    assert (said["form_supplied"], said["facts_changed"]) == (False, None), "what nobody looked at is no answer"
    assert not FactsForm(DecideEligibility, {"reviewed_before": "one", "ur_outcome": "DENIED"}).is_valid()
    asked = FactsForm(AskInformation, {"of": ["EMPLOYEE"], "letter-text": "Which?", "service": "ELECTRONIC"})
    assert asked.is_valid(), asked.errors
    assert asked.values()["of"] == (Role.EMPLOYEE,)
    ended = FactsForm(ReportEnding, {"because": "SETTLED", "letter-text": "Settled."}, leave_out=("reported_by",))
    assert ended.is_valid(), ended.errors
    assert ended.values()["because"] is Ending.SETTLED


def test_an_application_is_told_answer_by_answer():
    groups = dict(describe(full()))
    assert ("Claim number", "WC-0001") in groups["General"]
    assert ("Who signed and files", "Employee") in groups["General"]
    assert groups["Disputed treatments: 3"][0] == ("Service or good, as the UR decision names it", "A brace")
    assert dict(groups["Address"])["City"] == "Nowhere"
    assert Filer.EMPLOYEE.value not in groups


def test_a_question_that_may_have_to_be_answered_is_not_called_optional(people):
    number = story.receive(people)
    accounts.give_second_factor(people["intake"])
    shown = story.client(people["intake"]).get(f"/cases/{number}/decide-eligibility/").content.decode()
    question = shown.split("The UR decision rests on medical necessity</legend>")
    assert len(question) == 2, "nothing stands behind the question"
    assert "Not checked" in question[1][:600]
    form = FactsForm(DecideEligibility)
    expected = {name for name, field in form.fields.items() if field.expected}
    assert expected == {question.fact for question in QUESTIONS}
    assert "What UR decided</legend>" in shown
    assert "Day of that earlier denial</label>" in shown
    assert 'Treatments already under review <span class="optional">(optional)' in shown


def test_eligibility_asks_what_can_matter_in_the_case_alone(people):
    accounts.give_second_factor(people["intake"])
    intake = story.client(people["intake"])
    asked = (
        "The claims administrator agrees to the review",
        "Notice that the liability dispute is resolved",
        "How that notice was served",
        "Emergency treatment under an imminent and serious threat",
        "Imminent and serious threat is certified",
    )
    plain = intake.get(f"/imro/{story.receive(people)}/decide-eligibility/").content.decode()
    assert [question for question in asked if question in plain] == []
    number = story.receive(
        people, review_type=ReviewType.EXPEDITED, liability_disputed=True, filed_by=Filer.EMERGENCY_PROVIDER
    )
    full = intake.get(f"/cases/{number}/decide-eligibility/").content.decode()
    assert [question for question in asked if question not in full] == []


def test_what_a_page_sends_along_is_not_shown_as_typed(people):
    said = {"key": "k" * 32, "employer": "An invented employer of many words"}
    answer = Client().post("/employee/apply/", said)
    assert answer.status_code == 401
    assert [value for _, value in answer.context["typed"]] == [said["employer"]]
    assert dict(answer.context["sent"]) == said


@pytest.mark.parametrize("limit", [LINE, PAPER])
def test_a_form_refuses_marks_that_would_take_long_to_sort_before_it_sorts_them(limit):
    field = TextField(limit, label="", help_text="", required=True, strip=True, widget=forms.Textarea())
    assert field.clean("e\u0301" * limit.longest) == "\u00e9" * limit.longest
    for text in ("a" + "\u0315\u0323" * 600_000, "a" + "\u0315\u0323" * 50):  # the first would take an hour
        with pytest.raises(forms.ValidationError, match=r"shorten it|accents on one letter"):
            field.clean(text)
