"""The API: the same doors for programs."""

import base64
from dataclasses import replace
from unittest.mock import ANY

import pytest
from django.test import Client
from tests.factories import hostile_files, story
from tests.factories.api_client import enrolled, post, sent
from tests.factories.story import client

from imr.case.document_types import DocumentType
from imr.case.state import Stage
from imr.case.steps import STEPS
from imr.law.terms import Role, Service
from imr.web.api.cases import api
from imr.web.models import DocumentRow, EventRow, ProposalRow
from imr.web.platform import clock
from imr.web.store.documents import Upload


@pytest.fixture
def people(db):
    return story.cast()


def test_every_step_of_the_table_has_its_route_and_every_route_its_description():
    schema = api.get_openapi_schema()
    steps = {path.rsplit("/", 1)[-1] for path, methods in schema["paths"].items() if "post" in methods}
    assert steps == {name for name, step in STEPS.items() if set(step.roles) != {Role.CLOCK}}
    for path, methods in schema["paths"].items():
        for method in methods.values():
            assert method["summary"], path
            assert method["description"], path
    facts = schema["components"]["schemas"]["ReceiveApplication"]
    assert {"application", "ur_decision", "received_at", "receipt", "as_written"} == set(facts["properties"])
    assert not facts["additionalProperties"]
    assert "draft" not in schema["components"]["schemas"]["PassDraft"].get("properties", {})
    assert "/api/cases/{number}/save-draft" not in schema["paths"], "a draft is no event before it is submitted"


def test_a_case_begins_and_goes_on_over_the_api(people):
    enrolled(people, "intake", "coordinator")
    intake = client(people["intake"])
    begun = post(
        intake,
        "/api/begin/receive-application",
        application=story.application(),
        ur_decision=sent(story.upload("UR decision")),
        received_at=clock.now(),
    )
    assert begun.status_code == 200, begun.content
    number = begun.json()["case"]
    story.confirm_parties(people["intake"], number)
    assert post(intake, f"/api/cases/{number}/decide-eligibility", **story.LOOKED_AT).json()["kind"] == "found-eligible"
    coordinator = client(people["coordinator"])
    assigned = post(coordinator, f"/api/cases/{number}/assign-organization?seen=2", notice=sent(story.upload("notice")))
    assert assigned.json()["number"] == 3
    (waits,) = coordinator.get(f"/api/cases/{number}").json()["not_started"]
    assert (waits["letter"], waits["roles"]) == (3, [Role.CLAIMS_ADMINISTRATOR.value])
    served = post(
        coordinator,
        f"/api/cases/{number}/record-service",
        letter=3,
        recipients=[Role.CLAIMS_ADMINISTRATOR],
        service=Service.MAIL,
        on=clock.today(),
    )
    assert served.json()["kind"] == "letter-served"
    assert coordinator.get(f"/api/cases/{number}").json()["not_started"] == []
    adjuster = client(people["adjuster"])
    received = post(
        adjuster,
        f"/api/cases/{number}/receive-records",
        records=[sent(story.upload("report"))],
        sender=Role.CLAIMS_ADMINISTRATOR,
        received_on=clock.today(),
    )
    assert received.status_code == 200, received.content
    view = adjuster.get(f"/api/cases/{number}").json()
    assert view["stage"] == Stage.ASSIGNED.value
    assert view["events"] == 5
    assert "receive-records" in view["offers"]
    assert any("It starts with" in " ".join(deadline["reasoning"]) for deadline in view["deadlines"])
    (line,) = adjuster.get("/api/cases").json()
    assert line["number"] == number
    moments = adjuster.get(f"/api/cases/{number}/timeline").json()
    assert moments[0]["kind"] == "application-received"
    documents = adjuster.get(f"/api/cases/{number}/documents").json()
    digest = next(document["digest"] for document in documents if document["kind"] == "UR decision")
    file = adjuster.get(f"/api/cases/{number}/documents/{digest}")
    assert file.content.startswith(b"%PDF-")
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "no-store, private"
    assert adjuster.get(f"/api/cases/{number}/application").json()["claim_number"] == "WC-0001"


def test_a_zip_stands_for_the_documents_in_it_as_on_the_page(people):
    number = story.to(Stage.ASSIGNED, people)
    adjuster = client(people["adjuster"])

    def zipped(name, *members):
        return sent(Upload(name=name, data=hostile_files.zipped(*members)))

    two = zipped("r.zip", ("a/one.pdf", story.pdf("one")), ("two.pdf", story.pdf("two")), ("notes.docx", b"PK\x03\x04"))
    answer = post(
        adjuster, f"/api/cases/{number}/receive-records", records=[two, zipped("empty.zip", ("__MACOSX/a", b"x"))]
    )
    assert answer.status_code == 200, answer.content
    assert [(one["name"], one["reason"]) for one in answer.json()["left_out"]] == [
        ("empty.zip", "empty.zip contains no file. Pack the documents into it again, or send them one by one."),
        ("notes.docx", ANY),
    ]
    assert DocumentRow.objects.filter(case=number, paper=DocumentType.RECORD.value).count() == 2
    refused = post(
        adjuster, f"/api/cases/{number}/receive-records", records=[zipped("empty.zip", ("__MACOSX/a", b"x"))]
    )
    assert (refused.status_code, "contains no file" in refused.json()["message"]) == (400, True)


def test_the_office_reads_who_may_be_a_party_and_what_is_alike(people):
    enrolled(people, "intake", "quality")
    first, number = story.receive(people), story.receive(people)
    row = ProposalRow.objects.filter(case=number).first()
    ProposalRow.objects.filter(pk=row.pk).update(settled_at=None, settled_by=None, accepted=None)
    intake = client(people["intake"])
    (line,) = intake.get("/api/proposals").json()
    assert (line["id"], line["case"], line["role"]) == (row.pk, number, row.role)
    found = intake.get(f"/api/cases/{number}/parties").json()
    assert found["waiting"] == [line]
    assert found["may_settle"] is True
    (same,) = intake.get(f"/api/cases/{number}/alike").json()["duplicates"]
    assert (same["case"], same["employee"]) == (first, "Ada Invented")
    for path in ("proposals", f"cases/{number}/parties"):
        for name in ("quality", "employee"):
            assert client(people[name]).get(f"/api/{path}").status_code == 404, (path, name)
    assert client(people["other employee"]).get(f"/api/cases/{number}/alike").status_code == 404


@pytest.mark.parametrize(
    ("facts", "status", "says"),
    [
        ({"colour": "red"}, 422, "colour"),
        ({"application": {}, "received_at": "today"}, 422, "received_at"),
    ],
)
def test_facts_that_do_not_fit_are_named(people, facts, status, says):
    enrolled(people, "intake")
    answer = post(client(people["intake"]), "/api/begin/receive-application", **facts)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not EventRow.objects.exists()


def test_what_no_column_can_hold_is_refused_and_the_longest_name_is_not(people):
    enrolled(people, "intake")
    visitor = client(people["intake"])
    form = replace(story.application(), ur_decision_attached=False)

    def received(last_name):
        applied = replace(form, employee=replace(form.employee, last_name=last_name))
        return post(visitor, "/api/begin/receive-application", application=applied, received_at=clock.now())

    assert received("In\0vented").status_code == 400
    assert "that cannot be stored" in received("In\0vented").json()["message"]
    marks = received("a" + "\u0315\u0323" * 200_000)  # sorted, they would take minutes
    assert (marks.status_code, "shorten it" in marks.json()["message"]) == (400, True)
    marks = received("a" + "\u0315\u0323" * 100_000)
    assert (marks.status_code, "accents on one letter" in marks.json()["message"]) == (400, True)
    assert not EventRow.objects.exists()
    too_long = received("x" * 201)
    assert too_long.status_code == 409
    assert "at most 200" in too_long.json()["message"]
    long = received("x" * 200)
    assert long.status_code == 200, long.content
    kept = visitor.get(f"/api/cases/{long.json()['case']}/application").json()
    assert kept["employee"]["last_name"] == "x" * 200
    for path in ("/api/cases/a%00b", "/cases/a%00b/", "/determinations/a%00b/"):
        assert visitor.get(path).status_code == 400


def test_a_refusal_is_json_with_its_findings(people):
    enrolled(people, "intake")
    number = story.receive(people)
    answer = post(client(people["employee"]), f"/api/cases/{number}/decide-eligibility")
    assert answer.status_code == 409
    body = answer.json()
    assert body["title"] == "Not possible"
    assert any("4610.5(k)" in finding for finding in body["findings"])
    broken = post(
        client(people["employee"]),
        f"/api/cases/{number}/withdraw-application",
        letter={"name": "letter.pdf", "content": "***"},
    )
    assert broken.status_code == 400
    assert "base64" in broken.json()["message"]
    not_pdf = post(
        client(people["employee"]),
        f"/api/cases/{number}/withdraw-application",
        letter={"name": "letter.docx", "content": base64.b64encode(b"PK").decode()},
    )
    assert not_pdf.status_code == 400
    assert "not a PDF" in not_pdf.json()["message"]


def test_nobody_reads_without_signing_in_and_nobody_writes_without_the_token(people):
    number = story.receive(people)
    stranger = Client(raise_request_exception=False)
    for path in ("/api/cases", f"/api/cases/{number}", f"/api/cases/{number}/application"):
        assert stranger.get(path).status_code == 401
    assert client(people["other employee"]).get(f"/api/cases/{number}").status_code == 404
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(people["employee"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(strict, f"/api/cases/{number}/withdraw-application").status_code == 403


def test_an_account_that_needs_a_second_factor_is_sent_to_set_it_up(people):
    answer = client(people["intake"], factor=None).get("/api/cases")
    assert answer.status_code == 403
    assert "second factor" in answer.json()["message"]


def test_a_signature_over_the_api_needs_the_fresh_second_factor(people):
    enrolled(people, "reviewer")
    number = story.to(Stage.PASSED, people)
    stale = post(client(people["reviewer"], factor=None), f"/api/cases/{number}/sign-determination")
    assert stale.status_code == 409
    assert "second factor" in stale.json()["message"]
    signed = post(client(people["reviewer"]), f"/api/cases/{number}/sign-determination")
    assert signed.json()["kind"] == "determination-signed"
    number = signed.json()["case"]
    assert client(people["employee"]).get(f"/api/cases/{number}/determination").json() is None
    assert client(people["reviewer"]).get(f"/api/cases/{number}/draft").json()["issues"]


def test_everybody_reads_what_is_published(people):
    number = story.to(Stage.PUBLISHED, people)
    stranger = Client()
    assert [line["number"] for line in stranger.get("/api/published").json()] == [number]
    published = stranger.get(f"/api/published/{number}").json()
    assert published["issues"][0]["decision"] == "overturned"
    assert published["outcome"] == "overturned"
    assert published["case_number"] == number
    assert Client(raise_request_exception=False).get("/api/published/CM00-1").status_code == 404
    verified = client(people["employee"]).get(f"/api/cases/{number}/events").json()
    assert all("key" not in event for event in verified)
