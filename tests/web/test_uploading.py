"""Files sent piece by piece: gone on with after a break, by their sender alone, opened by nobody before they are whole."""

import base64
import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from benchmarks import casefile_generator
from django.test import Client
from tests.factories import story

from imr.case.state import Stage
from imr.law.terms import RecordKind
from imr.web import access
from imr.web.actions import uploads
from imr.web.models import UploadRow
from imr.web.platform import clock

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def people(db, settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"
    return story.cast()


@pytest.fixture
def number(people):
    return story.to(Stage.ASSIGNED, people)


@pytest.fixture
def adjuster(people):
    return story.client(people["adjuster"])


DATA = casefile_generator.draw([["PROGRESS NOTE", "Of invention."], ["Second page."]])


def metadata(**said):
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


def begin(client, number, data=DATA, **said):
    named = {"filename": "a.pdf", "sha256": hashlib.sha256(data).hexdigest(), "row": "2"} | said
    return client.post(
        f"/cases/{number}/uploads/", HTTP_UPLOAD_LENGTH=str(len(data)), HTTP_UPLOAD_METADATA=metadata(**named), **TUS
    )


def patch(client, address, offset, piece, **more):
    return client.patch(address, piece, content_type=PIECE, HTTP_UPLOAD_OFFSET=str(offset), **{**TUS, **more})


def come(client, address):
    answer = client.head(address, **TUS)
    return answer.status_code, answer.get("Upload-Offset"), answer.get("Upload-Length")


def test_a_server_says_what_it_can(adjuster, number, settings):
    answer = adjuster.options(f"/cases/{number}/uploads/")
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Max-Size"]) == (
        204, "1.0.0", str(settings.FILE_LIMIT),
    )  # fmt: skip
    assert answer["Tus-Extension"] == "creation,expiration,termination"


def test_a_file_comes_in_pieces_and_goes_on_where_it_broke(adjuster, number):
    begun = begin(adjuster, number)
    assert begun.status_code == 201
    address = begun["Location"]
    assert address.startswith(f"/cases/{number}/uploads/")
    assert "Upload-Expires" in begun
    assert patch(adjuster, address, 0, DATA[:100])["Upload-Offset"] == "100"
    assert come(adjuster, address) == (200, "100", str(len(DATA)))
    wrong = patch(adjuster, address, 50, DATA[50:])
    assert (wrong.status_code, wrong.content.decode()) == (409, "100 bytes have come: continue from there")
    last = patch(adjuster, address, 100, DATA[100:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(DATA)))
    assert uploads._file(UploadRow.objects.get()).read() == DATA


@pytest.mark.parametrize("disk_encrypted", [True, False])
def test_what_a_crash_left_behind_the_offset_is_not_counted(adjuster, number, settings, disk_encrypted):
    settings.DISK_ENCRYPTED = disk_encrypted
    address = begin(adjuster, number)["Location"]
    patch(adjuster, address, 0, DATA[:100])
    file = uploads._file(UploadRow.objects.get())
    with file.path.open("ab") as end:
        end.write(b"half a piece that was never counted")
    patch(adjuster, address, 100, DATA[100:])
    assert file.read() == DATA


def test_a_piece_whose_connection_breaks_is_kept_as_far_as_it_came(adjuster, number, monkeypatch):
    from django.http import HttpRequest, UnreadablePostError

    address = begin(adjuster, number)["Location"]
    really, parts = HttpRequest.read, [DATA[:64]]

    def broken(self, *args):
        if self.method != "PATCH":
            return really(self, *args)
        if parts:
            return parts.pop()
        raise UnreadablePostError("the connection broke")

    monkeypatch.setattr(HttpRequest, "read", broken)
    patch(adjuster, address, 0, DATA)
    monkeypatch.undo()
    assert come(adjuster, address)[1] == "64"


def test_other_bytes_than_were_sent_are_thrown_away(adjuster, number):
    address = begin(adjuster, number)["Location"]
    changed = patch(adjuster, address, 0, DATA[:-1] + b"?")
    assert (changed.status_code, "send it again" in changed.content.decode()) == (460, True)
    assert come(adjuster, address)[0] == 404
    assert not UploadRow.objects.exists()
    assert list(Path(uploads.settings.UPLOADS).iterdir()) == []


def test_only_its_sender_sees_it_goes_on_with_it_or_throws_it_away(people, adjuster, number):
    address = begin(adjuster, number)["Location"]
    for name in ("other adjuster", "employee", "physician"):
        other, theirs = story.client(people[name]), address
        assert come(other, theirs)[0] == 404, name
        assert patch(other, theirs, 0, DATA[:10]).status_code == 404, name
        assert other.delete(theirs, **TUS).status_code == 404, name
    assert begin(story.client(people["other adjuster"]), number).status_code == 404
    assert Client().post(f"/cases/{number}/uploads/", **TUS).status_code == 401
    assert adjuster.delete(address, **TUS).status_code == 204
    assert come(adjuster, address)[0] == 404


def test_what_the_protocol_does_not_know_is_refused_in_its_words(adjuster, number, settings):
    address = begin(adjuster, number)["Location"]
    assert adjuster.head(address).status_code == 412
    assert adjuster.get(address, **TUS).status_code == 405
    assert adjuster.get(f"/cases/{number}/uploads/", **TUS).status_code == 405
    wrong = adjuster.patch(address, b"x", content_type="text/plain", HTTP_UPLOAD_OFFSET="0", **TUS)
    assert wrong.status_code == 415
    assert adjuster.patch(address, b"x", content_type=PIECE, **TUS).status_code == 400
    assert patch(adjuster, address, 0, b"x" * (len(DATA) + 1)).status_code == 413
    assert patch(adjuster, address, 0, b"x", HTTP_CONTENT_LENGTH=str(uploads.PIECE + 1)).status_code in (204, 413)
    settings.FILE_LIMIT = 10
    large = begin(adjuster, number)
    assert (large.status_code, "split it" in large.content.decode()) == (413, True)
    assert adjuster.post(f"/cases/{number}/uploads/", HTTP_UPLOAD_LENGTH="-1", **TUS).status_code == 400
    garbled = adjuster.post(
        f"/cases/{number}/uploads/", HTTP_UPLOAD_LENGTH="5", HTTP_UPLOAD_METADATA="filename ???", **TUS
    )
    assert garbled.status_code == 400


def test_nobody_fills_the_disk(adjuster, number, settings):
    settings.FILE_LIMIT = len(DATA)
    for _ in range(uploads.TIMES):
        assert begin(adjuster, number).status_code == 201
    assert "unsubmitted files already" in begin(adjuster, number).content.decode()


def test_a_name_is_the_last_part_of_a_path_and_never_where_a_file_is_kept(adjuster, number):
    begin(adjuster, number, filename="../../etc/passwd", row="x", sha256="short")
    row = UploadRow.objects.get()
    assert (row.name, row.place, row.sha256) == ("passwd", 1, "")


def test_what_waits_too_long_is_thrown_away(adjuster, number, people):
    address = begin(adjuster, number)["Location"]
    patch(adjuster, address, 0, DATA[:10])
    assert uploads.delete_expired(clock.now()) == 0
    UploadRow.objects.update(until=clock.now() - timedelta(seconds=1))
    assert come(adjuster, address)[0] == 404
    assert uploads.uploads_of(people["adjuster"], number) == ()
    assert uploads.delete_expired(clock.now()) == 1
    assert list(Path(uploads.settings.UPLOADS).iterdir()) == []


def test_files_that_came_are_sent_in_with_the_form_and_then_gone_from_the_way(people, adjuster, number):
    whole = begin(adjuster, number)["Location"]
    patch(adjuster, whole, 0, DATA)
    half = begin(adjuster, number, filename="half.pdf")["Location"]
    patch(adjuster, half, 0, DATA[:100])
    page = adjuster.get(f"/cases/{number}/receive-records/").content.decode()
    upload = whole.split("/")[-2]
    assert f'name="uploaded_2" value="{upload}"' in page
    assert "have not arrived completely" in page
    assert "half.pdf" in page
    said = {"uploaded_1": [upload, half.split("/")[-2], "none"], "kind_1": RecordKind.PROGRESS_REPORT.name, "send": "1"}
    before = len(access.file(access.open_case(people["adjuster"], number)))
    sent = adjuster.post(f"/cases/{number}/receive-records/", said)
    assert sent.status_code == 302, sent.content.decode()
    lines = access.file(access.open_case(people["adjuster"], number))
    assert len(lines) == before + 1
    assert lines[-1].digest == hashlib.sha256(DATA).hexdigest()
    assert [one.name for one in uploads.uploads_of(people["adjuster"], number)] == ["half.pdf"]


def test_what_is_refused_stays_on_the_way_and_nothing_chosen_is_asked_for(adjuster, number, people):
    data = b"PK\x03\x04 no document"
    address = begin(adjuster, number, data, filename="records.docx")["Location"]
    patch(adjuster, address, 0, data)
    said = {"uploaded_1": [address.split("/")[-2]], "kind_1": RecordKind.OTHER.name, "send": "1"}
    refused = adjuster.post(f"/cases/{number}/receive-records/", said)
    assert refused.status_code == 400
    assert "records.docx" in refused.content.decode()
    assert len(uploads.uploads_of(people["adjuster"], number)) == 1
    nothing = adjuster.post(f"/cases/{number}/receive-records/", {"kind_1": RecordKind.OTHER.name, "send": "1"})
    assert "Choose at least one file." in nothing.content.decode()


@pytest.mark.parametrize(("disk_encrypted", "left"), [(True, "150"), (False, "100")])
def test_what_was_acknowledged_is_on_the_disk_and_what_the_disk_lost_is_asked_for_again(
    adjuster, number, monkeypatch, settings, disk_encrypted, left
):
    settings.DISK_ENCRYPTED = disk_encrypted
    synced = []
    really = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: (synced.append(os.fstat(descriptor).st_mode), really(descriptor))
    )
    address = begin(adjuster, number)["Location"]
    patch(adjuster, address, 0, DATA[:100])
    assert any(map(stat.S_ISREG, synced)), "the bytes"
    assert any(map(stat.S_ISDIR, synced)), "and the name that they have"
    patch(adjuster, address, 100, DATA[100:300])
    file = uploads._file(UploadRow.objects.get())
    # What a disk that lied had when the power went: half of the second piece, which is not counted where it is encrypted.
    os.truncate(file.path, 150 if disk_encrypted else file.path.stat().st_size - 50)
    assert come(adjuster, address)[1] == left
    gap = patch(adjuster, address, 300, DATA[300:])
    assert (gap.status_code, gap.content.decode()) == (409, f"{left} bytes have come: continue from there")
    assert patch(adjuster, address, int(left), DATA[int(left) :]).status_code == 204
    assert uploads._file(UploadRow.objects.get()).read() == DATA


def test_a_file_without_a_digest_is_taken_once_its_sender_confirms_ours(people, adjuster, number):
    address = begin(adjuster, number, sha256="")["Location"]
    patch(adjuster, address, 0, DATA)
    digest = hashlib.sha256(DATA).hexdigest()
    shown = adjuster.head(address, **TUS)["Repr-Digest"]
    assert shown == f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"
    page = adjuster.get(f"/cases/{number}/receive-records/").content.decode()
    upload = address.split("/")[-2]
    assert f'value="{upload}:{digest}"' in page
    assert f"SHA-256 {digest}" in page
    said = {"kind_1": RecordKind.PROGRESS_REPORT.name, "send": "1"}
    before = len(access.file(access.open_case(people["adjuster"], number)))
    for ticket in (upload, f"{upload}:{'0' * 64}"):
        asked = adjuster.post(f"/cases/{number}/receive-records/", said | {"uploaded_1": [ticket]})
        assert "came without a digest" in asked.content.decode()
        assert len(access.file(access.open_case(people["adjuster"], number))) == before
    sent = adjuster.post(f"/cases/{number}/receive-records/", said | {"uploaded_1": [f"{upload}:{digest}"]})
    assert sent.status_code == 302
    assert access.file(access.open_case(people["adjuster"], number))[-1].digest == digest
    assert not UploadRow.objects.exists()


@pytest.mark.parametrize("disk_encrypted", [True, False])
def test_a_file_that_changed_after_it_had_come_is_not_taken(people, adjuster, number, settings, disk_encrypted):
    settings.DISK_ENCRYPTED = disk_encrypted
    address = begin(adjuster, number)["Location"]
    patch(adjuster, address, 0, DATA)
    path = uploads._file(UploadRow.objects.get()).path
    path.write_bytes(path.read_bytes()[: -len(DATA)] + b"\0" * len(DATA))
    before = len(access.file(access.open_case(people["adjuster"], number)))
    said = {"kind_1": RecordKind.OTHER.name, "send": "1", "uploaded_1": [address.split("/")[-2]]}
    refused = adjuster.post(f"/cases/{number}/receive-records/", said)
    assert refused.status_code == 400
    assert "was changed after it had come" in refused.content.decode()
    assert len(access.file(access.open_case(people["adjuster"], number))) == before
