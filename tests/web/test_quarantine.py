"""A hostile file: its sender is refused clearly, its bytes are kept apart, and nothing gives them out."""

import io
import re
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from benchmarks import casefile_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from tests.factories import hostile_files, story

from imr.case.digests import digest_of_bytes
from imr.case.state import Stage
from imr.errors import Unreadable
from imr.law.terms import RecordKind, Role
from imr.web import access, accounts, actions
from imr.web.models import DocumentRow, QuarantineRow
from imr.web.platform import clock
from imr.web.platform.periods import REFUSED_FILES
from imr.web.platform.storage import storage_of
from imr.web.store import quarantine
from imr.web.store.documents import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return story.cast()


@pytest.fixture
def number(people):
    return story.to(Stage.ASSIGNED, people)


@pytest.fixture
def hostile():
    made = pikepdf.open(io.BytesIO(casefile_generator.draw([["PROGRESS NOTE", "Of invention."]])))
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def send(people, number, *uploads):
    facts = {"records": uploads, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()}
    return actions.perform("receive-records", people["adjuster"], number, facts)


def test_it_is_refused_alone_and_kept_apart_as_it_came(people, number, hostile):
    good = Upload(name="good.pdf", data=casefile_generator.draw([["GOOD"]]), kind=RecordKind.OTHER)
    before = DocumentRow.objects.filter(case=number).count()
    taken = send(people, number, good, Upload(name="bad.pdf", data=hostile, kind=RecordKind.OTHER))
    assert [record.digest for record in taken.event.records] == [digest_of_bytes(good.data)]
    assert DocumentRow.objects.filter(case=number).count() == before + 1
    (line,) = access.refused(access.open_case(people["coordinator"], number))
    assert (line.name, line.digest, line.sender) == ("bad.pdf", digest_of_bytes(hostile), Role.CLAIMS_ADMINISTRATOR)
    assert "JavaScript" in line.reason
    assert quarantine.load(line.digest) == hostile
    with pytest.raises(Unreadable):
        send(people, number, Upload(name="again.pdf", data=hostile, kind=RecordKind.OTHER))
    assert QuarantineRow.objects.count() == 1, "kept once"


def test_the_office_sees_the_list_and_nobody_is_given_the_file(people, number, hostile, tmp_path):
    said = {"files_1": SimpleUploadedFile("bad.pdf", hostile), "kind_1": RecordKind.OTHER.name, "send": "1"}
    refused = story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said)
    assert refused.status_code == 400
    assert "holds a program (JavaScript)" in refused.content.decode()
    digest = digest_of_bytes(hostile)
    accounts.give_second_factor(people["intake"])
    accounts.give_second_factor(people["quality"])
    assert digest in story.client(people["intake"]).get(f"/cases/{number}/file/").content.decode()
    for name in ("adjuster", "employee", "quality"):
        client = story.client(people[name])
        assert digest not in client.get(f"/cases/{number}/file/").content.decode(), name
    for name in ("adjuster", "intake"):
        for path in (f"documents/{digest}/", f"documents/{digest}/pages/", f"file/{digest}/1/image/"):
            assert story.client(people[name]).get(f"/cases/{number}/{path}").status_code == 404, path
    call_command("quarantine", digest, str(tmp_path / "out"), stdout=io.StringIO())
    assert (tmp_path / "out").read_bytes() == hostile
    with pytest.raises(CommandError, match="no rejected file"):
        call_command("quarantine", "0" * 64, str(tmp_path / "out"))


def test_what_was_left_out_is_named_once_in_a_whole_sentence(people, number):
    files_ = [SimpleUploadedFile("notes.exe", b"MZ" * 50), SimpleUploadedFile("good.pdf", story.pdf("good"))]
    said = {"files_1": files_, "kind_1": RecordKind.OTHER.name, "send": "1"}
    shown = story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said, follow=True)
    (line,) = re.findall(r"<p>(Rejected[^<]*)</p>", shown.content.decode())
    assert line == (
        "Rejected: notes.exe is not a PDF, TIFF, JPEG or PNG. Save or scan the document as one of these, then send it again. "
        "The rest was accepted."
    )


def test_a_zip_that_cannot_be_unpacked_is_kept_apart_too(people, number):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.pdf", b"%PDF-1.4\n" + b"\0" * 400_000_000)
    said = {"files_1": SimpleUploadedFile("r.zip", packed.getvalue()), "kind_1": RecordKind.OTHER.name, "send": "1"}
    refused = story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said)
    assert refused.status_code == 400
    assert "r.zip" in refused.content.decode()
    assert [line.name for line in access.refused(access.open_case(people["intake"], number))] == ["r.zip"]


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("a.pdf", hostile_files.zip_and_pdf, "is not a PDF"),
        ("a.txt", hostile_files.zip_and_pdf, "is not"),
        ("a.pdf", hostile_files.jpeg_and_pdf, "a JPEG and a PDF at once"),
        ("a.html", hostile_files.html_and_pdf, "a page for a browser at once"),
        ("a.zip", hostile_files.pdf_and_zip, "a PDF and a ZIP file at once"),
    ],
)
def test_what_is_two_things_at_once_is_kept_as_neither(people, number, name, make, reason):
    data = make()
    for upload in Upload.of(SimpleUploadedFile(name, data), kind=RecordKind.OTHER).documents():
        with pytest.raises(Unreadable, match=reason):
            send(people, number, upload)
    (line,) = access.refused(access.open_case(people["coordinator"], number))
    assert line.digest == digest_of_bytes(data)


def test_no_name_of_a_file_or_of_a_member_of_a_zip_does_harm(people, number):
    names = [
        "../../etc/passwd",
        "/etc/cron.d/x",
        "a\x00.exe",
        "e" * 60_000 + ".pdf",
        "f\n\x1b[2J\u202efdp.pdf",
        "<script>.pdf",
    ]
    packed = hostile_files.zipped(*((name, hostile_files.harmless([f"PAGE {n}"])) for n, name in enumerate(names)))
    said = {"files_1": SimpleUploadedFile("r.zip", packed), "kind_1": RecordKind.OTHER.name, "send": "1"}
    sent = story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said)
    assert sent.status_code == 302, sent.content.decode()
    kept_as = DocumentRow.objects.filter(case=number, kind=RecordKind.OTHER.value)
    shown = story.client(people["adjuster"]).get(f"/cases/{number}/file/").content.decode()
    assert "<script>.pdf" not in shown
    assert kept_as.count() == len(names)
    long = SimpleUploadedFile("n" * 5_000 + ".pdf", hostile_files.harmless(["BY ITSELF"]))
    said = {"files_1": long, "kind_1": RecordKind.OTHER.name, "send": "1"}
    assert story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said).status_code == 302


def test_it_is_thrown_away_in_time_and_one_person_fills_no_disk(people, number, hostile, monkeypatch):
    def refuse(data):
        with pytest.raises(Unreadable):
            send(people, number, Upload(name="bad.pdf", data=data, kind=RecordKind.OTHER))

    refuse(hostile)
    refuse(b"")
    monkeypatch.setattr(quarantine, "MOST", 1)
    refuse(hostile + b"%")
    assert QuarantineRow.objects.count() == 1
    assert quarantine.delete_expired(clock.now()) == 0
    QuarantineRow.objects.update(at=clock.now() - REFUSED_FILES - timedelta(days=1))
    actions.run_maintenance()
    assert not QuarantineRow.objects.exists()
    assert not storage_of("quarantine").digest(quarantine._place(digest_of_bytes(hostile)))
