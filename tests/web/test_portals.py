"""The portals: each person's own cases, buttons that the server would not refuse, refusals that say what to do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.factories import story
from tests.factories.portals import ELIGIBLE, PORTALS

from imr.case.chain import replay
from imr.case.state import Case, Stage
from imr.determination import read
from imr.law.terms import Decision, Role
from imr.records.pdf import page_texts
from imr.web import access, actions
from imr.web.models import DocumentRow, EventRow
from imr.web.platform import clock
from imr.web.platform.formatting import capitalized
from imr.web.portals.base.stage_texts import stage_text
from imr.web.store import cases
from imr.web.store.documents import load


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.ASSIGNED, Stage.UNDER_REVIEW, Stage.QUALITY, Stage.PUBLISHED])
def test_every_button_of_every_portal_opens_a_page(people, sign_in, stage):
    number = story.to(stage, people)
    shown = 0
    for name, portal in PORTALS.items():
        if name == "reviewer" and stage in (Stage.RECEIVED, Stage.ASSIGNED):
            continue
        client = sign_in(name)
        assert number in client.get(f"/{portal}/").content.decode()
        page = client.get(f"/cases/{number}/")
        assert page.status_code == 200
        for offer in actions.offers(people[name], number):
            assert f"/cases/{number}/{offer.name}/" in page.content.decode(), (name, offer.name)
            assert client.get(f"/cases/{number}/{offer.name}/").status_code == 200, (name, offer.name)
            shown += 1
    assert shown > 2


def test_what_is_not_offered_is_said_so_and_refused(people, sign_in):
    number = story.receive(people)
    client = sign_in("quality")
    assert "not possible now" in client.get(f"/cases/{number}/pass-draft/").content.decode()
    refused = client.post(f"/cases/{number}/pass-draft/", {"send": "1", "seen": "1"})
    assert refused.status_code == 409
    assert "Nothing was changed" in refused.content.decode()
    assert "at the stage" in refused.content.decode()
    assert EventRow.objects.count() == 1


@pytest.mark.parametrize("portal", ["employee", "claims", "physician", "reviewer", "dwc"])
def test_a_portal_is_closed_to_other_roles(people, sign_in, portal):
    number = story.receive(people)
    name = "intake"
    client = sign_in(name)
    assert client.get(f"/{portal}/").status_code == 403
    assert client.get(f"/{portal}/{number}/")["Location"] == f"/cases/{number}/"
    assert 'class="eyebrow">Review organization<' in client.get(f"/cases/{number}/").content.decode()
    for page in ("draft/", "events.jsonl", "sign-determination/", "attest-independence/"):
        assert client.get(f"/cases/{number}/{page}").status_code == 404, page


def test_a_case_of_others_is_not_found(people, sign_in):
    number = story.receive(people)
    for name, portal in (
        ("other employee", "employee"),
        ("other adjuster", "claims"),
        ("other physician", "physician"),
    ):
        client = sign_in(name)
        assert number not in client.get(f"/{portal}/").content.decode()
        for address in ("", "application/", "letter/", "withdraw-application/"):
            assert client.get(f"/cases/{number}/{address}").status_code == 404, (name, address)


def test_nobody_sees_a_case_without_signing_in(people):
    number = story.receive(people)
    for portal in set(PORTALS.values()):
        for address in (f"/{portal}/", f"/cases/{number}/"):
            answer = Client().get(address)
            assert answer.status_code == 302
            assert answer.url.startswith("/account/login/")


def test_two_who_send_the_same_page_find_one_done_and_one_told(people, sign_in):
    number = story.receive(people)
    seen = access.case(access.open_case(people["intake"], number)).events
    data = {"send": "1", "seen": str(seen), **ELIGIBLE}
    client = sign_in("intake")
    assert client.post(f"/cases/{number}/decide-eligibility/", data).status_code == 302
    second = client.post(f"/cases/{number}/decide-eligibility/", data)
    assert second.status_code == 409
    assert "somebody else has just changed this case" in second.content.decode()
    assert EventRow.objects.count() == 2


def test_a_file_that_is_no_pdf_is_refused_with_the_way_out(people, sign_in):
    number = story.to(Stage.ASSIGNED, people)
    before = EventRow.objects.count(), DocumentRow.objects.count()
    data = {"send": "1", "kind_1": "PROGRESS_REPORT", "files_1": SimpleUploadedFile("report.docx", b"PK\x03\x04 no")}
    answer = sign_in("adjuster").post(f"/cases/{number}/receive-records/", data)
    assert answer.status_code == 400
    assert "report.docx is not a PDF, TIFF, JPEG or PNG. Save or scan the document" in answer.content.decode()
    assert (EventRow.objects.count(), DocumentRow.objects.count()) == before


@pytest.mark.parametrize("who", [None, *PORTALS])
def test_the_first_page_offers_what_who_looks_may_do(people, sign_in, who):
    client = sign_in(who) if who else Client()
    page = client.get("/").content.decode()
    at = {
        "employee": "/employee/apply/",
        "attorney": "/employee/apply/",
        "intake": "/imro/apply/",
        None: "/employee/apply/",
    }
    assert [place for place in ("/employee/apply/", "/imro/apply/") if f'href="{place}"' in page] == (
        [at[who]] if who in at else []
    )
    assert ("Sign in to a case" in page) is (who is None)
    if who:
        assert page.count(f'href="/{PORTALS[who]}/"') == 2, "in the menu, and among what can be done"
        assert client.get(at.get(who, "/")).status_code == 200
    spanish = client.get("/es/").content.decode()
    assert ("Pedir una revisión" in spanish) is (at.get(who) == "/employee/apply/")


def test_an_unsigned_application_is_weighed_refused_and_written_to(people, sign_in):
    number = story.receive(people, filed_by=None, signed_on=None)
    client = sign_in("intake")
    page = client.get(f"/cases/{number}/decide-eligibility/").content.decode()
    assert "points were not checked" in page
    refused = client.post(f"/cases/{number}/decide-eligibility/", {"send": "1"})
    assert refused.status_code == 409
    assert "ot looked at: The treatment is still in dispute" in refused.content.decode()
    looked = client.post(f"/cases/{number}/decide-eligibility/", ELIGIBLE | {"look": "1"}).content.decode()
    assert "Not eligible: 2 reasons" in looked
    assert "Decide: not eligible" in looked
    client.post(f"/cases/{number}/decide-eligibility/", ELIGIBLE | {"send": "1"})
    told = sign_in("employee").get(f"/cases/{number}/").content.decode()
    assert "Ineligible" in told
    letter = DocumentRow.objects.get(case=number, title__startswith="Notice of Ineligibility")
    text = " ".join(" ".join(page_texts(load(letter.digest))).split())
    assert "ot signed by the employee" in text
    assert "appeal this finding" in text


def test_the_employee_withdraws_in_words_of_their_own(people, sign_in):
    number = story.to(Stage.ASSIGNED, people)
    client = sign_in("employee")
    empty = client.post(f"/cases/{number}/withdraw-application/", {"send": "1"})
    assert "Write it here, or choose a file." in empty.content.decode()
    done = client.post(f"/cases/{number}/withdraw-application/", {"send": "1", "letter-text": "I feel better."})
    assert done.status_code == 302
    assert access.case(access.open_case(people["employee"], number)).case.stage is Stage.WITHDRAWN
    assert DocumentRow.objects.filter(case=number, title="Notice That the Review Has Ended").count() == 1


def test_the_notice_of_assignment_is_drawn_up_and_sent(people, sign_in):
    number = story.to(Stage.ELIGIBLE, people)
    client = sign_in("coordinator")
    address = f"/cases/{number}/assign-organization/"
    looked = client.post(address, {"look": "1", "service": "ELECTRONIC"})
    assert looked["content-type"] == "application/pdf"
    assert "Request for Information" in " ".join(page_texts(looked.content))
    assert client.post(address, {"send": "1", "service": "ELECTRONIC"}).status_code == 302
    assert access.case(access.open_case(people["coordinator"], number)).case.stage is Stage.ASSIGNED


def test_a_request_for_information_is_drawn_up_from_the_questions(people, sign_in):
    number = story.to(Stage.RECEIVED, people)
    client = sign_in("intake")
    address = f"/cases/{number}/ask-information/"
    assert "One on each line." in client.get(address).content.decode()
    asked = {
        "of": ["EMPLOYEE"],
        "questions": "Which visits?\n\nWho signed?",
        "service": "ELECTRONIC",
    }
    looked = client.post(address, {"look": "1", **asked})
    assert looked["content-type"] == "application/pdf"
    text = " ".join(" ".join(page_texts(looked.content)).split())
    assert "1. Which visits? 2. Who signed?" in text
    assert "Send your answer by" in text
    assert "This field is required" in client.post(address, {"send": "1", **asked, "questions": ""}).content.decode()
    assert client.post(address, {"send": "1", **asked}).status_code == 302
    assert access.case(access.open_case(people["intake"], number)).case.stage is Stage.INFORMATION_ASKED
    (letter,) = [
        line
        for line in access.documents(access.open_case(people["employee"], number))
        if line.title.startswith("request for")
    ]
    assert access.document(access.open_case(people["employee"], number), letter.digest).data == looked.content


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.RECORDS_COMPLETE, "Physician reviewer being chosen"),
        (Stage.REVIEWER_ASSIGNED, "Physician reviewer being chosen"),
        (Stage.UNDER_REVIEW, "With a physician reviewer"),
        (Stage.PASSED, "With a physician reviewer"),
    ],
)
def test_lists_say_where_a_case_stands_in_the_words_of_who_looks(people, sign_in, stage, words):
    story.to(stage, people)
    assert words in sign_in("employee").get("/employee/").content.decode()
    inside = sign_in("coordinator").get("/imro/").content.decode()
    assert capitalized(stage) in inside
    assert words not in inside


def test_a_determination_waits_for_the_claims_administrator_while_there_is_something_to_authorize(people):
    overturned = replay(cases.chain(story.to(Stage.ISSUED, people)))
    assert Decision.OVERTURNED in overturned.decisions
    done = replace(overturned, dates=replace(overturned.dates, implemented_on=timezone.localdate()))
    upheld = replace(overturned, decisions=(Decision.UPHELD,))
    published = Stage.PUBLISHED
    assert stage_text(overturned).who is Role.CLAIMS_ADMINISTRATOR
    assert stage_text(replace(overturned, stage=published)).who is Role.CLAIMS_ADMINISTRATOR
    for case in (done, upheld):
        assert (stage_text(case).who, str(stage_text(case).then)) == (
            Role.DIVISION,
            "The Division publishes it without names.",
        )
        assert (stage_text(replace(case, stage=published)).who, stage_text(replace(case, stage=published)).then) == (
            None,
            "",
        )


def test_a_signature_asks_for_a_fresh_second_factor(people, sign_in, settings):
    number = story.to(Stage.PASSED, people)
    client = Client()
    client.force_login(people["reviewer"])
    from imr.web import accounts

    accounts.give_second_factor(people["reviewer"])
    page = client.get(f"/cases/{number}/sign-determination/").content.decode()
    assert "You are about to sign" in page
    seen = access.case(access.open_case(people["reviewer"], number)).events
    answer = client.post(f"/cases/{number}/sign-determination/", {"send": "1", "seen": seen})
    assert answer.status_code == 302
    assert answer.url.startswith("/account/2fa/reauthenticate/?next=/cases/")
    assert access.case(access.open_case(people["reviewer"], number)).case.stage is Stage.PASSED


def test_a_published_determination_is_found_by_word_decision_and_year(people):
    number = story.to(Stage.PUBLISHED, people)
    year = timezone.localdate().year
    client = Client()
    for query, found in (
        ("", True),
        ("q=guideline therapy", True),
        ("q=unicorn", False),
        ("outcome=overturned", True),
        ("outcome=upheld", False),
        (f"year={year}", True),
        ("year=1999", False),
        ("page=999", True),
    ):
        assert (number in client.get(f"/determinations/?{query}").content.decode()) is found, query
    assert client.get("/determinations/CM00-0000000/").status_code == 404
    pdf = client.get(f"/determinations/{number}.pdf")
    assert read("\n".join(page_texts(pdf.content))).determination is not None
    assert client.get(f"/determinations/{number}.json").json()["outcome"] == "overturned"


def test_time_limits_say_what_contradicts_what_is_unknown_and_give_a_calendar():
    client = Client()
    served = "count=1&track=STANDARD&ur_served_on=2015-02-06&ur_service=MAIL&ur_place=CALIFORNIA"
    assert "Fri, Mar 13, 2015" in client.get(f"/time-limits/?{served}").content.decode()
    wrong = client.get(f"/time-limits/?{served}&injured_on=2016-01-01&ur_decided_on=2015-02-06").content.decode()
    assert "Check the dates" in wrong
    early = client.get(
        "/time-limits/?count=1&track=STANDARD&ur_served_on=1950-02-06&ur_service=MAIL&ur_place=CALIFORNIA"
    )
    assert early.status_code == 200
    assert "Deadlines that do not run" in early.content.decode()
    calendar = client.get(f"/time-limits/calendar.ics?{served}")
    assert "DTSTART;VALUE=DATE:20150313" in calendar.content.decode()
    assert client.get("/time-limits/calendar.ics?ur_served_on=x").status_code == 200


def test_the_time_limits_of_a_case_come_with_the_days_left_and_as_a_calendar(people, sign_in):
    number = story.to(Stage.ASSIGNED, people)
    client = sign_in("adjuster")
    page = client.get(f"/cases/{number}/").content.decode()
    running = access.case(access.open_case(people["adjuster"], number)).deadlines
    assert running
    assert f"/cases/{number}/deadlines.ics" in page
    assert "days left" in page
    text = client.get(f"/cases/{number}/deadlines.ics").content.decode()
    assert text.count("BEGIN:VEVENT") == len(running)


def test_every_role_has_a_portal_and_every_step_a_desk():
    from imr.web.portals.base.registry import PORTAL_INFO
    from imr.web.portals.base.stage_texts import STAGE_TEXTS

    people = {role for info in PORTAL_INFO for role in info.roles}
    assert people == set(Role) - {Role.PUBLIC, Role.CLOCK}
    assert set(STAGE_TEXTS) == set(Stage)


def test_a_request_for_information_waits_for_whom_it_asks():
    asked = Case(
        number="X", stage=Stage.INFORMATION_ASKED, asked_of=(Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
    )
    assert (stage_text(asked).who, stage_text(asked).others) == (
        Role.CLAIMS_ADMINISTRATOR,
        (Role.REQUESTING_PHYSICIAN,),
    )


def test_a_letter_to_be_written_or_chosen_is_not_called_optional(people, sign_in):
    number = story.receive(people)
    page = sign_in("intake").get(f"/cases/{number}/withdraw-application/").content.decode()
    assert "Letter of withdrawal: write it here</label>" in page
    assert "Letter of withdrawal</label>" in page


def test_a_letter_in_pdf_is_not_called_text(people, sign_in):
    number = story.to(Stage.ISSUED, people)
    letters = [
        line
        for line in access.documents(access.open_case(people["employee"], number))
        if line.kind == "determination letter"
    ]
    assert {line.media_type.partition(";")[0] for line in letters} == {"application/pdf", "text/plain"}
    page = sign_in("employee").get(f"/cases/{number}/").content.decode()
    assert (page.count("Determination letter</a>"), page.count("Determination letter (text)</a>")) == (1, 1)


def test_a_right_that_was_not_used_in_time_is_past_and_nobody_is_late(people, sign_in):
    number = story.to(Stage.ISSUED, people)
    running = sign_in("employee").get(f"/cases/{number}/").content.decode()
    assert "You may appeal to the Workers’ Compensation Appeals Board" in running
    with clock.frozen_at(clock.now() + timedelta(days=400)):
        late = sign_in("employee").get(f"/cases/{number}/").content.decode()
    petitions = [row for row in late.split("<tr>") if "Petition appealing the determination" in row]
    assert petitions
    assert [row for row in petitions if "has passed" not in row or "late" in row] == []
    assert "The time to appeal to the Workers’ Compensation Appeals Board has passed" in late
    assert "You may appeal to the Workers’ Compensation Appeals Board" not in late


def test_error_pages_stand_in_the_same_design(people, sign_in):
    client = sign_in("employee")
    missing = client.get("/cases/CM00-0000000/")
    assert missing.status_code == 404
    assert "Skip to the main part" in missing.content.decode()
    closed = client.get("/dwc/")
    assert closed.status_code == 403
    assert "Skip to the main part" in closed.content.decode()


def test_a_document_is_looked_at_page_by_page_and_kept_as_it_came(people, sign_in):
    number = story.to(Stage.UNDER_REVIEW, people)
    record = DocumentRow.objects.get(case=number, title="progress report (PR-2)")
    notice = DocumentRow.objects.get(case=number, title="notice of assignment")
    client = sign_in("reviewer")
    address = f"/cases/{number}/documents/{record.digest}/"
    assert "Page 1 of 1" in client.get(f"{address}pages/?page=9").content.decode()
    picture = client.get(f"{address}pages/1/")
    assert (picture["content-type"], picture["cache-control"]) == ("image/png", "no-store, private")
    assert client.get(f"{address}pages/2/").status_code == 404
    file = client.get(address)
    assert file["content-disposition"].startswith("attachment")
    assert file.content == load(record.digest)
    for closed in (f"/cases/{number}/documents/{notice.digest}/", f"/cases/{number}/documents/{'0' * 64}/"):
        assert client.get(f"{closed}pages/").status_code == 404
        assert client.get(f"{closed}pages/1/").status_code == 404
    typed = story.to(Stage.ASSIGNED, people)
    worker = sign_in("employee")
    said = {"send": "1", "letter-text": "I feel <better>."}
    assert worker.post(f"/cases/{typed}/withdraw-application/", said).status_code == 302
    letter = DocumentRow.objects.get(case=typed, media_type__startswith="text/plain")
    shown = worker.get(f"/cases/{typed}/documents/{letter.digest}/pages/").content.decode()
    assert "I feel &lt;better&gt;." in shown
    assert worker.get(f"/cases/{typed}/documents/{letter.digest}/pages/1/").status_code == 404


def test_a_reviewer_is_chosen_among_those_whom_the_law_clears(people, sign_in):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    client = sign_in("coordinator")
    address = f"/cases/{number}/assign-reviewer/"
    page = client.get(f"{address}?specialties={story.SPECIALTY}").content.decode()
    assert "2 of 2 reviewers are cleared" in page
    assert "Every finding of the screening" in page
    nobody = client.get(f"{address}?specialties=Dermatology").content.decode()
    assert "0 of 2 reviewers are cleared" in nobody
    assert ">Assign<" not in nobody
    refused = client.post(address, {"reviewer": "R00001", "specialties": "Dermatology", "seen": ""})
    assert refused.status_code == 409
    assert client.post(address, {"reviewer": "R00001", "specialties": story.SPECIALTY}).status_code == 302
    assert "Reviewer" in client.get(f"/cases/{number}/").content.decode()
    assert access.reviewer(access.open_case(people["coordinator"], number)).id == "R00001"
    for name in ("employee", "adjuster", "division", "intake"):
        seen = sign_in(name).get(f"/cases/{number}/").content.decode()
        assert not any(secret in seen for secret in story.SECRET_NAMES), name
