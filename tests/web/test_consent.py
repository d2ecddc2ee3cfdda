"""The consent to the release of records on the site: what the employee limits, until when, how it is withdrawn, and who sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import story
from tests.factories.api_client import enrolled, post
from tests.factories.case_file import read_all
from tests.factories.forms import posted
from tests.factories.portals import ELIGIBLE, PORTALS

from imr.case.application import Application, ConsentLimits
from imr.case.receipts import Receipt
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.days import months_after
from imr.law.terms import Role
from imr.records.pdf import page_texts
from imr.web import access, actions
from imr.web.models import DocumentRow, OutboxRow
from imr.web.platform import clock
from imr.web.platform.formatting import only_day
from imr.web.store import cases

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]

UNSEEN = "not verified in the text of the law"


@pytest.fixture(autouse=True)
def factors(people):
    """Whoever needs a second factor has one."""
    enrolled(people, "intake", "coordinator", "quality", "reviewer", "division")


def limits(**changed):
    said = {"only_records": "the knee", "left_out_records": "my counselling", "ends_on": story.days_ago(-30)}
    return ConsentLimits(**{**said, **changed})


def page(people, name, number, rest=""):
    answer = story.client(people[name]).get(f"/cases/{number}/{rest}")
    assert answer.status_code == 200, (name, rest, answer.status_code)
    return " ".join(answer.content.decode().split())


def paper():
    return SimpleUploadedFile("page.pdf", story.pdf("I withdraw my consent"))


# What the employee gives


def test_an_employee_limits_the_consent_on_the_form_and_finds_it_again(people):
    sent = story.application(consent_limits=limits())
    data = posted(sent) | {"page": "sign", "send": "1", "ur_decision": SimpleUploadedFile("d.pdf", story.pdf("no"))}
    client = story.client(people["employee"])
    asked = client.post("/employee/apply/", posted(sent) | {"page": "pace"}).content.decode()
    assert "Do not release these records" in asked
    assert '<textarea name="consent_limits-left_out_records"' in asked
    answer = client.post("/employee/apply/", data)
    assert answer.status_code == 302, answer.content.decode()
    number = answer.url.split("/")[2]
    assert access.application(access.open_case(people["employee"], number)) == sent
    until = only_day(limits().ends_on)
    for rest in ("", "application/"):
        shown = page(people, "employee", number, rest)
        for words in (
            "Only these: the knee",
            "my counselling",
            "Tests for HIV",
            f"{until}, the day that the employee named",
        ):
            assert words in shown, (rest, words)
    received = page(people, "employee", number, "receipt/")
    assert "What the consent covers" in received
    assert "Only these: the knee" in received
    pdf = client.get(f"/cases/{number}/receipt.pdf").content
    text = " ".join(" ".join(page_texts(pdf)).split())
    assert "Only these: the knee" in text
    assert f"Tests for HIV (a setting of the review organization, {UNSEEN})" in text


def test_limits_without_a_consent_are_refused_and_nothing_is_lost(people):
    sent = story.application(consent_limits=limits(), records_consent=False)
    answer = story.client(people["employee"]).post("/employee/apply/", posted(sent) | {"page": "sign", "send": "1"})
    assert answer.status_code == 409
    assert "tick the consent too" in answer.content.decode()
    assert "my counselling" in answer.content.decode()


def test_a_consent_as_the_form_has_it_lasts_as_the_setting_says_shown_as_unverified(people, settings):
    number = story.receive(people)
    signed = story.application().signed_on
    for months in (12, 6, 0):
        settings.CONSENT_MONTHS = months
        shown = page(people, "intake", number)
        if months:
            assert f"{only_day(months_after(signed, months))}, {months} months after the signature" in shown
            assert f"a setting, {UNSEEN}" in shown
            assert f"set by the review organization, {UNSEEN}" in page(people, "employee", number)
        else:
            assert "No end is named" in shown
    settings.CONSENT_WITHOUT_HIV = False
    shown = page(people, "intake", number)
    assert "Tests for HIV" not in shown
    assert f"a setting, {UNSEEN}" not in shown


# Withdrawal


def test_the_employee_withdraws_with_one_plain_form_and_is_told_what_that_does(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    assert "Withdraw this consent" in page(people, "employee", number)
    told = page(people, "employee", number, "withdraw-consent/")
    for words in (
        "What this does not do",
        "does not stop the review",
        "does not remove records",
        "not withdraw the application",
    ):
        assert words in told, words
    for fact in ("withdrawn_on", "withdrawn_by", "receipt", "signed_page"):
        assert f'name="{fact}"' not in told
    client = story.client(people["employee"])
    done = client.post(f"/cases/{number}/withdraw-consent/", {"send": "1"}, follow=True).content.decode()
    assert "Done: Withdraw the consent" in done
    assert "Withdraw this consent" not in done
    assert f"{only_day(clock.today())}, by the employee" in done
    assert "Nothing stopped automatically: the review organization decides what follows." in done
    assert "Consent withdrawn" in done
    case = access.case(access.open_case(people["coordinator"], number)).case
    assert case.stage is Stage.UNDER_REVIEW
    assert len(case.records) == 2
    for name in ("coordinator", "intake", "quality", "division"):
        lines = {line.number: line.consent_withdrawn for line in access.cases(people[name])}
        assert lines[number]
        listed = story.client(people[name]).get(f"/{PORTALS[name]}/").content.decode()
        assert "Consent withdrawn" in listed
        shown = page(people, name, number)
        assert "decide with counsel" in shown
        assert UNSEEN in shown
    for name in ("coordinator", "reviewer"):
        assert "withdrew the consent on" in page(people, name, number, "file/")
    for name in ("adjuster", "physician", "attorney", "reviewer"):
        assert "withdrew the consent on" in page(people, name, number), name
    for name in ("employee", "adjuster", "reviewer"):
        assert not [line for line in access.cases(people[name]) if line.consent_withdrawn]
    again = client.post(f"/cases/{number}/withdraw-consent/", {"send": "1"})
    assert again.status_code == 409
    actions.perform("receive-records", people["adjuster"], number, {"records": (story.upload("a later report"),)})


def test_a_withdrawal_on_paper_is_entered_by_intake_with_its_signed_page(people):
    number = story.receive(people)
    client, address = story.client(people["intake"]), f"/cases/{number}/withdraw-consent/"
    day = story.days_ago(1)
    data = {"send": "1", "withdrawn_on": day.isoformat(), "withdrawn_by": "EMPLOYEE_ATTORNEY", "receipt": "STAMP"}
    asked = client.get(address).content.decode()
    assert f'value="{clock.today().isoformat()}"' in asked
    assert 'value="CLAIMS_ADMINISTRATOR"' not in asked
    assert "Signed page: This field is required." in client.post(address, data).content.decode()
    assert access.case(access.open_case(people["employee"], number)).case.consent_withdrawal is None
    assert client.post(address, data | {"signed_page": paper()}).status_code == 302
    gone = access.case(access.open_case(people["employee"], number)).case.consent_withdrawal
    assert (gone.on, gone.by) == (day, Role.EMPLOYEE_ATTORNEY)
    for name in ("employee", "attorney", "coordinator"):
        assert gone.signed_page in {line.digest for line in access.documents(access.open_case(people[name], number))}
    shown = page(people, "employee", number)
    assert "Withdrawn on:" in shown
    assert "by the employee’s attorney" in shown


def test_no_other_party_withdraws_it_by_page_or_api(people):
    number = story.receive(people)
    for name in ("adjuster", "physician", "coordinator"):
        assert story.client(people[name]).get(f"/cases/{number}/withdraw-consent/").status_code in (200, 404)
        with pytest.raises(Refused, match="may do this, not the"):
            actions.perform("withdraw-consent", people[name], number)
    with pytest.raises(Refused, match="leave it out"):
        actions.perform(
            "withdraw-consent", people["employee"], number, {"withdrawn_on": story.days_ago(3), "receipt": Receipt.FAX}
        )


def test_the_api_takes_limits_and_a_withdrawal_and_says_where_a_consent_stands(people):
    employee, intake = story.client(people["employee"]), story.client(people["intake"])
    asked = story.application(consent_limits=limits())
    begun = post(employee, "/api/begin/receive-application", application=replace(asked, ur_decision_attached=False))
    assert begun.status_code == 200, begun.content
    number = begun.json()["case"]
    told = employee.get(f"/api/cases/{number}").json()["consent"]
    assert told == {
        "state": "given",
        "signed_on": asked.signed_on.isoformat(),
        "scope": "only the records that the employee names",
        "excludes": True,
        "without_hiv": True,
        "last_day": limits().ends_on.isoformat(),
        "withdrawn_on": None,
        "verified": False,
    }
    assert employee.get(f"/api/cases/{number}/application").json()["consent_limits"]["only_records"] == "the knee"
    assert post(employee, f"/api/cases/{number}/withdraw-consent").json()["kind"] == "consent-withdrawn"
    told = intake.get(f"/api/cases/{number}").json()["consent"]
    assert (told["state"], told["withdrawn_on"]) == ("withdrawn", clock.today().isoformat())
    bare = post(
        employee,
        "/api/begin/receive-application",
        application=story.application(records_consent=False, ur_decision_attached=False),
    )
    told = employee.get(f"/api/cases/{bare.json()['case']}").json()["consent"]
    assert (told["state"], told["last_day"]) == ("not given", None)


def test_an_application_to_be_signed_again_does_not_give_back_what_was_withdrawn_by_itself(people):
    number = story.receive(people, consent_limits=limits())
    actions.perform(
        "ask-information", people["intake"], number, {"of": (Role.EMPLOYEE,), "letter": story.upload("question")}
    )
    ticked = 'name="application-records_consent" id="id_application-records_consent" checked'
    before = page(people, "employee", number, "answer-information/")
    assert "application-records_consent" in before
    assert 'value="' + limits().ends_on.isoformat() in before
    actions.perform("withdraw-consent", people["employee"], number)
    after = page(people, "employee", number, "answer-information/")
    assert ticked not in after
    assert "my counselling" not in after
    signed = story.application(signed_on=clock.today(), diagnosis="Another")
    actions.perform(
        "answer-information", people["employee"], number, {"application": signed, "answer": story.upload("the answer")}
    )
    assert access.case(access.open_case(people["employee"], number)).case.consent_withdrawal is None


# Eligibility


def test_eligibility_waits_for_a_person_where_the_consent_was_withdrawn(people):
    number = story.receive(people)
    actions.perform("withdraw-consent", people["employee"], number)
    client, address = story.client(people["intake"]), f"/cases/{number}/decide-eligibility/"
    looked = " ".join(client.post(address, ELIGIBLE | {"look": "1"}).content.decode().split())
    assert "Not decided: 1 point was not checked" in looked
    assert "the employee&#x27;s side withdrew the consent" in looked
    assert UNSEEN in looked
    assert client.post(address, ELIGIBLE | {"send": "1"}).status_code == 409
    assert access.case(access.open_case(people["intake"], number)).case.stage is Stage.RECEIVED
    against = client.post(address, ELIGIBLE | {"look": "1", "goes_on": "no"}).content.decode()
    assert "Decide: not eligible" in against
    assert client.post(address, ELIGIBLE | {"send": "1", "goes_on": "yes"}).status_code == 302
    assert access.case(access.open_case(people["intake"], number)).case.stage is Stage.ELIGIBLE


def test_a_consent_that_is_past_its_day_is_shown_and_decided_by_a_person(people, settings):
    settings.CONSENT_MONTHS = 1
    number = story.receive(people, signed_on=story.days_ago(20))
    with clock.frozen_at(clock.now() + timedelta(days=12)):
        assert "is for a person to decide" in page(people, "coordinator", number)
        with pytest.raises(Refused, match="not looked at"):
            story.decide_eligibility(people["intake"], number)
    settings.CONSENT_MONTHS = 12
    story.decide_eligibility(people["intake"], number)


# Records that it leaves out


def test_a_record_is_marked_by_a_person_and_shown_to_who_may_know_alone(people, filed):
    read_all()
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    client, address = story.client(people["coordinator"]), f"/cases/{filed}/mark-consent-exclusion/"
    shown = client.get(address).content.decode()
    assert "the consent leaves out tests for HIV, by a setting" in shown.lower().replace("hiv", "HIV")
    assert UNSEEN in shown
    assert client.post(address, {"send": "1", "file": digest, "left_out": "on"}).status_code == 302
    actions.perform("complete-records", people["coordinator"], filed)
    actions.perform(
        "assign-reviewer", people["coordinator"], filed, {"reviewer": "R00001", "specialties": (story.SPECIALTY,)}
    )
    tag = "left out by the consent"
    for name in ("coordinator", "intake", "reviewer", "employee", "attorney"):
        assert {line.digest for line in access.file(access.open_case(people[name], filed)) if line.outside_consent} == {
            digest
        }
        assert tag in page(people, name, filed)
        index = page(people, name, filed, "file/")
        assert tag in index
        assert "A person marked 1 document" in index
        assert "A person marked this document" in page(people, name, filed, f"file/{digest}/1/")
    for name in ("adjuster", "physician", "division"):
        assert not [line for line in access.documents(access.open_case(people[name], filed)) if line.outside_consent]
        for rest in ("", "file/", f"file/{digest}/1/"):
            text = page(people, name, filed, rest)
            assert tag not in text
            assert "A person marked" not in text
        chain = story.client(people[name]).get(f"/api/cases/{filed}/events").json()
        assert "consent-exclusion-marked" not in {item["kind"] for item in chain}
    assert digest in access.case(access.open_case(people["coordinator"], filed)).case.file
    happened = "consent exclusion marked"
    for name in ("employee", "attorney", "intake", "coordinator", "reviewer"):
        assert happened in page(people, name, filed).lower()
    marked = next(one for one in cases.chain(filed) if one.event.kind == "consent-exclusion-marked")
    told = set(OutboxRow.objects.filter(case=filed, event=marked.number).values_list("person__email", flat=True))
    assert told == {people["employee"].email, people["attorney"].email}
    for name in ("adjuster", "physician", "division"):
        assert happened not in page(people, name, filed).lower().partition("chain of events")[0]
    again = client.get(address).content.decode()
    assert "marked as left out by the consent" in again
    actions.perform("mark-consent-exclusion", people["coordinator"], filed, {"file": digest, "left_out": False})
    assert tag not in page(people, "reviewer", filed, "file/")
    assert "taken back" in page(people, "coordinator", filed)


# Older histories


def test_an_older_history_says_what_was_not_asked_then_and_can_be_withdrawn_from(people, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(Application, "consent", property(lambda _: None))
        number = story.receive(people)
    stored = DocumentRow.objects.get(case=number, paper="application")
    assert b"consent_limits" not in access.document(access.open_case(people["employee"], number), stored.digest).data
    shown = page(people, "employee", number)
    assert shown.count("Recorded before it was asked") == 2
    assert "Withdraw this consent" in shown
    assert "Recorded before it was asked" in page(people, "employee", number, "receipt/")
    story.decide_eligibility(people["intake"], number)
    actions.perform("withdraw-consent", people["attorney"], number)
    assert "by the employee’s attorney" in page(people, "coordinator", number)
