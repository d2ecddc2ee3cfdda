"""The list of documents reviewed goes into the draft by itself, document by document, as the index stands now."""

from datetime import date

import pytest
from benchmarks import casefile_generator
from tests.factories import story
from tests.factories.case_file import SCAN, read_all, send

from imr.case.file import CorrectionAction
from imr.case.steps.corrections import StatedDocument
from imr.determination.model import ReviewedDocument
from imr.law.terms import RecordKind
from imr.web import access, actions
from imr.web.portals.reviewer.documents_reviewed import listed
from imr.web.store.documents import Upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]

FAX = ["FAX COVER SHEET", "To: Invented Claims", "From: Sierra Vista Medical Group", "Number of pages: 2"]
TEXT = {"summary": "A summary.", "specialty": story.SPECIALTY, "licensure": "California"}


def ticked(people, number):
    """The keys that the page of the draft has ticked at first."""
    page = story.client(people["reviewer"]).get(f"/cases/{number}/draft/")
    return list(page.context["form"]["documents"].initial)


def saved(people, number, keys):
    client = story.client(people["reviewer"])
    form = client.get(f"/cases/{number}/draft/").context["form"]
    version = access.working_draft(access.open_case(people["reviewer"], number)).version
    sent = TEXT | {"documents": keys, "version": version, "as_of": form["as_of"].initial}
    answer = client.post(f"/cases/{number}/draft/saved/", sent)
    assert answer.json()["version"] == version + 1
    return client.get(f"/cases/{number}/draft/").context["form"].draft().documents


def test_each_document_of_a_file_is_listed_with_what_is_known_of_it(people, reviewed):
    read_all()
    kept = saved(people, reviewed, ticked(people, reviewed))
    assert (
        ReviewedDocument(title="Imaging", kind=RecordKind.IMAGING, dated_on=date(2014, 11, 3), author=None, pages=1)
        in kept
    )
    kinds = [one.kind for one in kept]
    assert kinds.count(RecordKind.PROGRESS_REPORT) == 1
    assert RecordKind.PHARMACY in kinds
    assert ticked(people, reviewed) == [one.key for one in listed(access.open_case(people["reviewer"], reviewed))]


def test_a_file_that_is_not_read_yet_is_listed_as_a_whole_and_its_documents_take_its_place(people, reviewed):
    before = saved(people, reviewed, ticked(people, reviewed))
    assert RecordKind.IMAGING not in {one.kind for one in before}
    assert len(before) == 3
    read_all()
    assert len(ticked(people, reviewed)) == 4, "what took the place of a file that was listed is listed"


def test_what_the_reviewer_takes_out_stays_out_and_what_comes_or_is_corrected_later_is_in(people, reviewed):
    read_all()
    imaging = next(
        one for one in listed(access.open_case(people["reviewer"], reviewed)) if one.reviewed.kind is RecordKind.IMAGING
    )
    keys = [key for key in ticked(people, reviewed) if key != imaging.key]
    saved(people, reviewed, keys)
    assert ticked(people, reviewed) == keys
    late = Upload(name="late.txt", data=b"LABORATORY REPORT\nHemoglobin 14.1 g/dL\n", kind=RecordKind.LABORATORY)
    send(people, reviewed, late)
    read_all()
    assert len(ticked(people, reviewed)) == len(keys) + 1
    file = imaging.key.partition("-")[0]
    one = StatedDocument(first=2, last=2, record=RecordKind.ELECTRODIAGNOSTICS, author="Invented Reader, MD")
    actions.perform(
        "correct-document",
        people["reviewer"],
        reviewed,
        {"action": CorrectionAction.RETYPE, "file": file, "documents": (one,)},
    )
    named = {one.key: one.reviewed for one in listed(access.open_case(people["reviewer"], reviewed))}
    assert "Invented Reader, MD" in {named[key].author for key in ticked(people, reviewed)}


def test_a_document_that_came_twice_is_named_once_and_a_fax_cover_is_left_to_the_reviewer(people, reviewed):
    again = casefile_generator.draw(
        [FAX, [*SCAN, "The same again in another envelope of invention, with words enough to tell."]]
    )
    other = casefile_generator.draw(
        [[*SCAN, "The same again in another envelope of invention, with words enough to tell."]]
    )
    send(people, reviewed, Upload(name="x.pdf", data=again, kind=RecordKind.OTHER))
    send(people, reviewed, Upload(name="y.pdf", data=other, kind=RecordKind.OTHER))
    read_all()
    offered = {one.key: one.reviewed.kind for one in listed(access.open_case(people["reviewer"], reviewed))}
    chosen = [offered[key] for key in ticked(people, reviewed)]
    assert RecordKind.FAX_COVER in offered.values()
    assert RecordKind.FAX_COVER not in chosen
    assert chosen.count(RecordKind.IMAGING) == 2, "the first one of the file, and the one that came twice"
