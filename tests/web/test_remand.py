"""A reversed case is opened again from its page, once, with its case file, the order, and what the order found wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import story

from imr.case.appeals import AppealGround
from imr.case.chain import replay
from imr.case.document_types import DocumentType
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.models import CaseRow, DocumentRow
from imr.web.platform import clock
from imr.web.store import cases
from imr.web.store.documents import load

FOUND_WRONG = "The decision says that six sessions were given. The record of the therapist says two."


@pytest.fixture
def people(db):
    return story.cast()


@pytest.fixture
def number(people):
    """A case whose determination was reversed on appeal."""
    made = story.to(Stage.ISSUED, people)
    petition = {"petition": story.upload("petition"), "grounds": (AppealGround.PLAIN_ERROR,), "filed_on": clock.today()}
    actions.perform("receive-appeal", people["division"], made, petition)
    order = {"order": story.upload("order"), "ground": AppealGround.PLAIN_ERROR}
    actions.perform("reverse-determination", people["division"], made, order)
    return made


def open_again(client, number, **changes):
    order = SimpleUploadedFile("order.pdf", story.pdf("order of remand"), "application/pdf")
    return client.post(
        f"/cases/{number}/open-remand/", {"order": order, "finding-text": FOUND_WRONG, "send": "1"} | changes
    )


def by_program(people, number):
    facts = {"earlier": number, "order": story.upload("order"), "finding": story.upload("finding")}
    return actions.perform("open-remand", people["division"], None, facts)


def file_of(number):
    return [
        (row.digest, row.paper, row.kind, row.title, row.sender, row.at, row.mental_health, row.media_type, row.pages)
        for row in cases.case_file_documents(replay(cases.chain(number)))
    ]


def test_the_office_opens_a_reversed_case_again_from_its_page(people, number, sign_in):
    client = sign_in("division")
    address = f"/cases/{number}/open-remand/"
    assert f'href="{address}"' in client.get(f"/cases/{number}/").content.decode()
    answer = open_again(client, number)
    case = replay(cases.chain(number))
    assert answer.status_code == 302
    assert answer["Location"] == f"/cases/{case.remanded_to}/"
    new = replay(cases.chain(case.remanded_to))
    assert (new.stage, new.remanded_from) == (Stage.ELIGIBLE, number)

    finding = DocumentRow.objects.get(case=new.number, paper=DocumentType.REMAND_FINDING.value)
    assert FOUND_WRONG in load(finding.digest).decode()
    assert new.remand_papers[1] == finding.digest
    carried = [row for row in file_of(new.number) if row[0] not in new.remand_papers]
    assert carried == file_of(number)
    assert len(carried) > 1
    assert {row[0] for row in file_of(new.number)} == set(new.file)
    assert DocumentRow.objects.filter(case=new.number, paper=DocumentType.APPLICATION.value).exists()
    assert not DocumentRow.objects.filter(case=new.number, paper=DocumentType.DETERMINATION.value).exists()

    shown = client.get(f"/cases/{number}/").content.decode()
    assert f'<a href="/cases/{new.number}/">{new.number}</a>' in shown
    assert address not in shown
    assert f'<a href="/cases/{number}/">{number}</a>' in client.get(f"/cases/{new.number}/").content.decode()


def test_a_dispute_goes_to_another_review_once(people, number, sign_in):
    new = by_program(people, number).case
    rows = CaseRow.objects.count(), DocumentRow.objects.count()
    with pytest.raises(Refused, match=f"goes on as case {new} already"):
        by_program(people, number)
    page = sign_in("division").get(f"/cases/{number}/open-remand/").content.decode()
    assert "This step is not possible now" in page
    assert f"goes on as case {new} already" in page
    assert (CaseRow.objects.count(), DocumentRow.objects.count()) == rows


def test_the_earlier_case_is_asked_again_under_its_lock(people, number, monkeypatch):
    """Of two that read it as not remanded, the second is refused with everything that it began."""
    before = replay(cases.chain(number))
    new = by_program(people, number).case
    monkeypatch.setattr("imr.web.actions.provided_facts.SiteFacts.earlier_case", lambda _: before)
    rows = CaseRow.objects.count(), DocumentRow.objects.count()
    with pytest.raises(Refused, match=f"goes on as case {new} already"):
        by_program(people, number)
    assert (CaseRow.objects.count(), DocumentRow.objects.count()) == rows


def test_a_case_that_stands_or_an_empty_form_is_not_opened_again(people, number, sign_in):
    client = sign_in("intake")
    empty = open_again(client, number, **{"finding-text": ""})
    assert empty.status_code == 200
    assert "Write it here, or choose a file." in empty.content.decode()
    assert not replay(cases.chain(number)).remanded_to
    standing = story.to(Stage.ASSIGNED, people)
    refused = open_again(client, standing)
    assert refused.status_code == 409
    assert "was not reversed on appeal" in refused.content.decode()
    assert sign_in("employee").get(f"/cases/{number}/open-remand/").status_code == 404
    coordinator = sign_in("coordinator")
    assert "This step is not possible now" in coordinator.get(f"/cases/{number}/open-remand/").content.decode()
    assert open_again(coordinator, number).status_code == 409
    assert not replay(cases.chain(number)).remanded_to


def test_the_next_reviewer_reads_the_order_and_what_it_found_wrong(people, number):
    new = by_program(people, number).case
    case = replay(cases.chain(new))
    lines = access.file(access.open_case(people["coordinator"], new))
    assert set(case.remand_papers) <= {line.digest for line in lines}
    assert Role.REVIEWER in DocumentType.REMAND_ORDER.readers
    assert Role.REVIEWER in DocumentType.REMAND_FINDING.readers
