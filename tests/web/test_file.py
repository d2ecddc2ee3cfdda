"""The case file on the site: read in the background, shown page by page, searched, and never handed out as it came."""

import io
import re
import zipfile

import pikepdf
import pytest
from benchmarks import casefile_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import filled_forms
from tests.factories.case_file import NOTE, SCAN, forget_jobs, jobs, read_all, send, signed_in

from imr.case.digests import digest_of_bytes
from imr.errors import Damaged, Unreadable
from imr.law.terms import RecordKind
from imr.records import search
from imr.records.pdf import Pdf
from imr.web import access, actions
from imr.web.case_files import derived_files, ingestion
from imr.web.models import ViewRow
from imr.web.store import documents
from imr.web.store.documents import TEXT, Upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]


def page_of(people, number, path="", **query):
    return signed_in(people["adjuster"]).get(f"/cases/{number}/file/{path}", query)


def test_documents_wait_in_the_queue_until_a_worker_has_read_them(people, filed):
    assert len(jobs()) == 3  # the UR decision of the application, and two records
    assert "3 documents are being read" in page_of(people, filed).content.decode()
    read_all()
    text = page_of(people, filed).content.decode()
    assert "being read" not in text
    assert "Progress report" in text
    assert "Imaging" in text
    read_all()  # the same jobs once more change nothing
    token = re.compile('name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", page_of(people, filed).content.decode()) == token.sub("", text)


def test_a_job_is_put_once_and_again_where_its_worker_died(people, filed):
    before = len(jobs())
    actions.run_maintenance()
    assert len(jobs()) == before
    forget_jobs()  # as if the workers had been killed with them
    actions.run_maintenance()
    assert len(jobs()) == before


def test_a_page_is_a_picture_with_its_words_and_the_hits_are_marked(people, filed):
    read_all()
    listed = page_of(people, filed, q="ibuprofen 800 mg").content.decode()
    assert "2 places" in listed
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    shown = page_of(people, filed, f"{digest}/1/", q="left hand").content.decode()
    assert 'class="hit-box"' in shown
    assert ">ibuprofen </text>" in shown
    assert "1 place, 1 on this page" in shown
    assert "style=" not in shown
    picture = page_of(people, filed, f"{digest}/1/image/")
    assert picture["Content-Type"] == "image/png"
    assert picture.content[1:4] == b"PNG"
    assert page_of(people, filed, f"{digest}/1/image/").content == picture.content
    assert page_of(people, filed, f"{digest}/9/").status_code == 404
    assert page_of(people, filed, f"{'0' * 64}/1/").status_code == 404


def test_a_text_shows_its_own_words(people, filed):
    read_all()
    digest = next(
        line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.media_type == TEXT
    )
    shown = page_of(people, filed, f"{digest}/1/").content.decode()
    assert "sheet typed" in shown
    assert "<image" not in shown


def test_the_index_sorts_and_filters_and_the_chronology_leads_to_the_words(people, filed):
    read_all()
    for order in ("date", "kind", "author", "place"):
        assert page_of(people, filed, by=order).status_code == 200
    assert "Progress report" not in page_of(people, filed, kind="imaging").content.decode().split("<tbody>")[1]
    told = page_of(people, filed, "chronology/").content.decode()
    assert "ibuprofen 800 mg" in told
    assert told.index("2014") < told.index("2015")
    narrowed = page_of(people, filed, "chronology/", part="left hand", kind="medication").content.decode()
    assert "Disc protrusion" not in narrowed
    assert "give a word" in page_of(people, filed, q="--").content.decode()
    assert "are in none of the documents" in page_of(people, filed, q="scaphoid").content.decode()


def test_completeness_names_what_is_owed_and_whether_a_reviewer_may_have_the_file(people, filed):
    read_all()
    told = page_of(people, filed, "completeness/").content.decode()
    assert "May go to a reviewer" in told
    assert "physicians&#x27; reports" in told.lower()


def test_all_of_it_is_one_pdf_and_the_same_for_the_same_documents(people, filed):
    assert page_of(people, filed, "whole.pdf").status_code == 404
    read_all()
    whole = page_of(people, filed, "whole.pdf")
    with pikepdf.open(io.BytesIO(whole.content)) as made:
        assert len(made.pages) == 1 + 1 + 2 + 1
    assert page_of(people, filed, "whole.pdf")["X-Digest-SHA-256"] == whole["X-Digest-SHA-256"]


def test_only_who_may_see_the_records_opens_the_file_and_each_look_is_logged(people, filed):
    read_all()
    views = ViewRow.objects.count()
    assert page_of(people, filed).status_code == 200
    assert ViewRow.objects.count() > views
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    for stranger in ("other adjuster", "other employee", "other physician"):
        for path in ("", f"{digest}/1/", f"{digest}/1/image/", "whole.pdf", "chronology/", "completeness/"):
            assert signed_in(people[stranger]).get(f"/cases/{filed}/file/{path}").status_code == 404, (stranger, path)
    assert Client().get(f"/cases/{filed}/file/").status_code == 302


def test_a_hostile_document_is_refused_in_its_reading_and_the_others_are_read(people, filed):
    made = pikepdf.open(io.BytesIO(casefile_generator.draw([NOTE])))
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(Unreadable, match="JavaScript"):
        send(people, filed, Upload(name="c.pdf", data=out.getvalue(), kind=RecordKind.OTHER))
    # One that slipped in all the same falls in its reading, and takes nothing with it.
    send(people, filed, Upload(name="c.pdf", data=out.getvalue(), kind=RecordKind.OTHER, ours=True))
    read_all()
    text = page_of(people, filed).content.decode()
    assert "holds a program (JavaScript)" in text
    assert "Imaging" in text


def test_what_was_read_is_a_shadow_that_can_be_made_anew(people, filed):
    read_all()
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    derived_files.path_of(digest, ingestion.OUTCOME).write_text("{", encoding="utf-8")
    assert not ingestion.ingestion_state(digest).done
    ingestion.enqueue(digest, "application/pdf")
    read_all()
    assert ingestion.ingestion_state(digest).pages == 2
    derived_files.path_of(digest, ingestion.PAGES).write_bytes(b"cut off")
    ingestion.casefile.cache_clear()
    with pytest.raises(Damaged, match="is being read again"):
        ingestion.casefile((digest,))
    ingestion.enqueue(digest, "application/pdf")
    read_all()
    assert len(ingestion.casefile((digest,)).pages) == 2


def test_what_another_version_of_the_rules_read_is_passed_over_and_read_anew(people, filed, monkeypatch):
    monkeypatch.setattr(ingestion, "OUTCOME", "0.json")
    read_all()
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    assert ingestion.ingestion_state(digest).done
    monkeypatch.undo()
    derived_files.path_of(digest, "json").write_text('{"of": "a version that had no number"}', encoding="utf-8")
    assert not ingestion.ingestion_state(digest).done
    forget_jobs()
    actions.run_maintenance()
    read_all()
    assert ingestion.ingestion_state(digest).pages == 2


def test_scans_and_a_zip_of_them_are_taken_and_shown_without_the_file_itself(people, filed):
    from PIL import Image

    picture = Image.new("L", (850, 1100), 255)
    picture.paste(0, (100, 100, 500, 130))
    scan = io.BytesIO()
    picture.save(scan, "PNG", dpi=(100, 100))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("scans/one.png", scan.getvalue())
        made.writestr("two.pdf", casefile_generator.draw([SCAN, NOTE]))
    sent = SimpleUploadedFile("records.zip", packed.getvalue())
    uploads = Upload.of(sent, kind=RecordKind.IMAGING).documents()
    assert [upload.name for upload in uploads] == ["scans/one.png", "two.pdf"]
    send(people, filed, *uploads)
    read_all()
    lines = {
        line.media_type: line
        for line in access.file(access.open_case(people["adjuster"], filed))
        if line.kind == "imaging"
    }
    assert set(lines) == {"image/png", "application/pdf"}
    digest = lines["image/png"].digest
    assert "<image" in page_of(people, filed, f"{digest}/1/").content.decode()
    assert page_of(people, filed, f"{digest}/1/image/")["Content-Type"] == "image/png"
    with pytest.raises(Unreadable, match=r"PDF, TIFF, JPEG or PNG"):
        send(people, filed, Upload(name="records.docx", data=b"PK\x03\x04", kind=RecordKind.OTHER))


def test_a_page_that_came_before_says_where_it_stands_also_and_is_kept_twice(people, filed):
    letter = [
        [f"CORRESPONDENCE of {n}", f"The {word} of the year was seen."] for n, word in ((1, "spring"), (2, "fall"))
    ]
    same = [
        "OPERATIVE REPORT",
        "Date of surgery: 02/03/2015",
        "",
        *(f"Line {n} of what was done to the knee." for n in range(30)),
    ]
    send(people, filed, Upload(name="c.pdf", data=casefile_generator.draw([letter[0], same]), kind=RecordKind.OTHER))
    send(people, filed, Upload(name="d.pdf", data=casefile_generator.draw([same, letter[1]]), kind=RecordKind.OTHER))
    read_all()
    lines = access.file(access.open_case(people["adjuster"], filed))
    built = ingestion.casefile(tuple(line.digest for line in lines))
    ((page, before),) = built.repeated.items()
    shown = {
        n: page_of(people, filed, f"{built.pages[n - 1].file}/{built.pages[n - 1].source_page}/").content.decode()
        for n in (page, before)
    }
    assert f">page {before}</a>" in shown[page]
    assert f">page {page}</a>" in shown[before]
    index = page_of(people, filed).content.decode()
    assert "1 page is a repeat" in index
    assert f">page {page}</a> is" in index
    assert len(built.pages) == sum(line.pages or 1 for line in lines)


def test_a_filled_form_with_programs_is_read_shown_and_given_out_without_them(people, filed):
    data = filled_forms.form(spoil=filled_forms.scripted)
    send(people, filed, Upload(name="rfa.pdf", data=data, kind=RecordKind.RFA))
    digest = digest_of_bytes(data)
    assert documents.load(digest) == data, "what was sent is kept as it came"
    given = signed_in(people["employee"]).get(f"/cases/{filed}/documents/{digest}/")
    body = b"".join(given.streaming_content) if given.streaming else given.content
    assert b"JavaScript" not in body
    assert b"AFDate" not in body
    with Pdf(body) as pdf:
        assert "Nightingham, Tobias" in pdf.layer(0).text
    read_all()
    (hit,) = search(ingestion.casefile((digest,)), "epidural steroid injection")
    assert hit.page == 1
    assert any("program (JavaScript)" in remark for remark in ingestion.ingestion_state(digest).remarks)
