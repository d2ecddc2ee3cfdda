"""Correcting the index on the page: each correction is an event, outlives a new reading, and is taken back by another."""

import re

import pytest
from benchmarks import casefile_generator
from tests.factories.case_file import forget_jobs, read_all, signed_in

from imr.case.file import CorrectionAction
from imr.case.steps.corrections import StatedDocument, Wording
from imr.law.terms import RecordKind
from imr.web import access, accounts, actions
from imr.web.case_files import derived_files, ingestion
from imr.web.models import DocumentRow, EventRow
from imr.web.store import cases

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]


@pytest.fixture
def office(people, filed):
    read_all()
    accounts.give_second_factor(people["coordinator"])
    return signed_in(people["coordinator"])


def digest_of(people, number, pages=2):
    return next(
        line.digest for line in access.file(access.open_case(people["coordinator"], number)) if line.pages == pages
    )


def documents(people, number, digest):
    stated = access.file_index(access.open_case(people["coordinator"], number)).stated
    return [(one.kind, one.first, one.last) for one in ingestion.casefile((digest,), stated).documents]


def post(office, number, digest, page=1, **said):
    return office.post(f"/cases/{number}/file/{digest}/{page}/correct/", said)


def test_a_merge_a_split_and_a_new_name_each_stand_and_are_taken_back(people, filed, office):
    digest = digest_of(people, filed)
    as_read = documents(people, filed, digest)
    assert as_read == [(RecordKind.PROGRESS_REPORT, 1, 1), (RecordKind.IMAGING, 2, 2)]
    assert post(office, filed, digest, do="after").status_code == 302
    assert documents(people, filed, digest) == [(RecordKind.PROGRESS_REPORT, 1, 2)]
    at = {"split-at": 3, "split-record": "LABORATORY", "split-dated_on": "2015-02-03"}
    page = office.get(f"/cases/{filed}/file/{digest}/1/correct/").content.decode()
    assert "pages 2 to 3" in page, "the UR decision comes first in the file"
    assert "Merge with" not in page
    assert post(office, filed, digest, do="split", **at).status_code == 302
    assert documents(people, filed, digest)[1] == (RecordKind.LABORATORY, 2, 2)
    named = {"retype-record": "CONSULTATION", "retype-author": "Invented Reader, MD", "retype-title": "Consult"}
    assert post(office, filed, digest, do="retype", **named).status_code == 302
    page = office.get(f"/cases/{filed}/file/{digest}/1/correct/").content.decode()
    assert "Invented Reader, MD" in page
    assert "Review organization" in page.split("What was corrected")[1]
    shown = access.file_index(access.open_case(people["coordinator"], filed)).history
    assert [one.action.value for one in shown] == ["merge", "split", "retype"]
    for one in reversed(shown):
        assert post(office, filed, digest, do=f"undo-{one.number}").status_code == 302
    assert documents(people, filed, digest) == as_read
    history = access.file_index(access.open_case(people["coordinator"], filed)).history
    assert [one.stands for one in history] == [False] * 6
    assert EventRow.objects.filter(case=filed, kind="document-corrected").count() == 6


def test_a_correction_that_is_sent_twice_is_made_once(people, filed, office):
    digest = digest_of(people, filed)
    page = office.get(f"/cases/{filed}/file/{digest}/1/correct/").content.decode()
    sent = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("key", "seen")}
    for _ in range(2):
        assert post(office, filed, digest, do="retype", **sent, **{"retype-record": "IMAGING"}).status_code == 302
    assert EventRow.objects.filter(case=filed, kind="document-corrected").count() == 1
    assert "it was taken once" in office.get(f"/cases/{filed}/file/{digest}/1/correct/").content.decode()
    other = post(office, filed, digest, do="retype", **sent, **{"retype-record": "LABORATORY"})
    assert other.status_code == 409, "another correction under the same key is refused"


def test_the_words_are_a_document_and_the_event_holds_its_digest_alone(people, filed, office):
    digest = digest_of(people, filed)
    post(office, filed, digest, do="retype", **{"retype-record": "IMAGING", "retype-author": "Invented Reader, MD"})
    row = DocumentRow.objects.get(case=filed, paper="correction of the index")
    assert cases.load_value(Wording, row.digest) == Wording(author="Invented Reader, MD")
    event = EventRow.objects.get(case=filed, kind="document-corrected")
    assert row.digest in str(event.data)
    assert "Invented Reader" not in str(event.data)


def test_a_new_reading_of_the_file_keeps_what_was_corrected(people, filed, office):
    digest = digest_of(people, filed)
    post(office, filed, digest, do="after")
    kept = documents(people, filed, digest)
    for ending in (ingestion.OUTCOME, ingestion.PAGES):
        derived_files.path_of(digest, ending).unlink()
    ingestion.casefile.cache_clear()
    forget_jobs()
    ingestion.enqueue(digest, "application/pdf")
    read_all()
    assert documents(people, filed, digest) == kept == [(RecordKind.PROGRESS_REPORT, 1, 2)]


def test_what_cannot_be_done_is_said_on_the_page(people, filed, office):
    digest = digest_of(people, filed)
    office.post(f"/cases/{filed}/file/{digest}/1/correct/", {"do": "after"})
    wrong = post(office, filed, digest, do="split", **{"split-at": 9, "split-record": "IMAGING"})
    assert "Choose a page from 3 to 3" in wrong.content.decode()
    stale = post(office, filed, digest, do="undo-99")
    assert stale.status_code == 409
    assert "already undone" in stale.content.decode()
    old = post(office, filed, digest, do="retype", seen="1", **{"retype-record": "IMAGING"})
    assert "somebody else has just changed this case" in old.content.decode()
    assert post(office, filed, digest, do="nothing").status_code == 200
    assert post(office, filed, digest, page=7, do="after").status_code == 404


def test_a_party_sees_the_corrected_index_and_cannot_correct(people, filed, office):
    digest = digest_of(people, filed)
    post(office, filed, digest, do="retype", **{"retype-record": "ELECTRODIAGNOSTICS"})
    claims = signed_in(people["adjuster"])
    listed = claims.get(f"/cases/{filed}/file/").content.decode()
    assert "Electrodiagnostics" in listed
    assert "Correct" not in listed
    assert claims.get(f"/cases/{filed}/file/{digest}/1/correct/").status_code == 404
    assert "Correct" in office.get(f"/cases/{filed}/file/").content.decode()
    assert "Correct" in office.get(f"/cases/{filed}/correct-document/").content.decode()


def test_what_is_said_of_a_mental_health_record_is_withheld_with_it(people, filed, office):
    from tests.factories.case_file import send

    from imr.web.store.documents import Upload

    sent = Upload(
        name="m.pdf", data=casefile_generator.draw([["NOTES"]] * 3), kind=RecordKind.OTHER, mental_health=True
    )
    send(people, filed, sent)
    read_all()
    digest = digest_of(people, filed, pages=3)
    post(office, filed, digest, do="retype", **{"retype-record": "OTHER", "retype-title": "Withheld notes"})
    assert access.file_index(access.open_case(people["physician"], filed)).history
    withheld = access.file_index(access.open_case(people["employee"], filed))
    assert (withheld.stated, withheld.history) == ((), ())
    opened = {line.digest for line in access.documents(access.open_case(people["employee"], filed))}
    kept = DocumentRow.objects.get(case=filed, paper="correction of the index").digest
    assert kept not in opened
    assert kept in {line.digest for line in access.documents(access.open_case(people["physician"], filed))}


def test_the_checks_read_the_corrected_documents(people, filed, office):
    from imr.case.chain import replay
    from imr.web.case_files.draft_checks import case_file

    digest = digest_of(people, filed)
    actions.perform("correct-document", people["coordinator"], filed, {"action": CorrectionAction.SPLIT, "file": digest, "documents": tuple(
            StatedDocument(first=n, last=n, record=kind)
            for n, kind in ((1, RecordKind.LABORATORY), (2, RecordKind.PHARMACY))
        )})  # fmt: skip
    file = case_file(cases.sources(replay(cases.chain(filed))))
    assert [d.kind for d in file.documents][1:3] == [RecordKind.LABORATORY, RecordKind.PHARMACY]
