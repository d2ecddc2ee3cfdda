"""Files at rest: encrypted where the disk is not said to be, whole or refused, and brought to what the settings say."""

import io
import json
import os
from pathlib import Path

import pytest
from benchmarks import casefile_generator
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import story
from tests.factories.case_file import send

from imr.errors import Damaged, ImrError
from imr.law.terms import RecordKind
from imr.web import access
from imr.web.case_files import derived_files, ingestion, page_images
from imr.web.models import DocumentRow
from imr.web.platform import encryption, reencryption
from imr.web.platform import keys as key_ring
from imr.web.platform.growing_files import GrowingFile
from imr.web.platform.keys import Purpose, open_ring
from imr.web.platform.storage import storage_of
from imr.web.store import documents, quarantine
from imr.web.store.documents import Upload

DATA = b"Patient: an invented person's medical record. " * 4_000


@pytest.fixture
def place(settings, tmp_path, in_folder):
    """Every folder of files, the home and the keys are this test's alone."""
    settings.HOME, settings.UPLOADS, settings.PAGES = tmp_path, tmp_path / "uploads", tmp_path / "pages"
    settings.KEYS = open_ring(tmp_path, "", "")
    return tmp_path


def everything(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize(
    "size", [0, 1, encryption.CHUNK - 1, encryption.CHUNK, encryption.CHUNK + 1, 3 * encryption.CHUNK]
)
def test_every_size_comes_back_whole_and_in_parts(size, place):
    data = os.urandom(size)
    stored = encryption.encode(data, "a")
    assert len(stored) == encryption.HEADER + size + encryption.TAG * max(1, -(-size // encryption.CHUNK))
    assert encryption.decode(stored, "a") == data
    found = encryption.contents_of(stored, "a")
    assert len(found) == size
    for start, stop in ((0, 1), (size // 2, size), (encryption.CHUNK - 3, encryption.CHUNK + 3), (size - 1, size + 9)):
        assert found[start:stop] == data[start:stop]


@given(st.lists(st.binary(max_size=90_000), max_size=4), st.integers(0, 200_000), st.integers(0, 200_000))
def test_written_in_any_pieces_any_part_is_read(pieces, start, stop):
    out = io.BytesIO()
    writes = encryption.sink(out, "a")
    for piece in pieces:
        writes.write(piece)
    writes.finish()
    assert encryption.contents_of(out.getvalue(), "a")[start:stop] == b"".join(pieces)[start:stop]


def test_what_was_changed_cut_put_together_or_moved_is_damaged(place):
    chunk = encryption.CHUNK + encryption.TAG
    stored = encryption.encode(os.urandom(3 * encryption.CHUNK), "a")
    other = encryption.encode(os.urandom(3 * encryption.CHUNK), "a")
    head = encryption.HEADER
    for wrong in (
        stored[:-1],
        stored[: head + 2 * chunk],  # cut between two chunks
        stored[: head + 2 * chunk + 5],
        stored[:head],
        stored[:20],
        stored + b"\0",
        stored[: head + chunk] + stored[head + 2 * chunk : head + 3 * chunk] + stored[head + chunk : head + 2 * chunk],
        stored[:head] + other[head:],
        stored[: head - 1] + bytes([stored[head - 1] ^ 1]) + stored[head:],
        stored[: head + 9] + bytes([stored[head + 9] ^ 1]) + stored[head + 10 :],
    ):
        with pytest.raises(Damaged, match="was changed after it was kept"):
            encryption.decode(wrong, "a")
    with pytest.raises(Damaged):
        encryption.decode(stored, "b")
    unknown = stored[: len(encryption.MARK)] + bytes(encryption.KEY) + stored[len(encryption.MARK) + encryption.KEY :]
    with pytest.raises(Damaged, match="a key that the key ring does not have"):
        encryption.decode(unknown, "a")


def test_two_files_of_the_same_bytes_are_not_the_same_on_the_disk(place):
    first, second = encryption.encode(DATA, "a"), encryption.encode(DATA, "a")
    assert first[encryption.HEADER :] != second[encryption.HEADER :]
    assert first[: len(encryption.MARK)] == encryption.MARK


def test_nothing_of_a_case_is_readable_on_the_disk(place, people, fresh_pages, settings, tmp_path):
    """A PDF, its readings and images, a typed record, a refused file and an upload on its way: none of their words is there."""
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    story.assign(people, number)
    words = ["PROGRESS NOTE", "Date of service: 03/04/2015", "", "Quetzalcoatlus numbness of the left hand."]
    drawn = casefile_generator.draw([words])
    send(people, number, Upload(name="a.pdf", data=drawn, kind=RecordKind.PROGRESS_REPORT),
         Upload(name="b.txt", data=b"Quetzalcoatlus ibuprofen 800 mg\n", kind=RecordKind.PHARMACY))  # fmt: skip
    digest = documents.digest_of_bytes(drawn)
    ingestion.read_document(digest, documents.PDF)
    quarantine.store(
        number, "c.txt", b"Quetzalcoatlus refused", "why", story.Role.CLAIMS_ADMINISTRATOR, people["adjuster"]
    )
    GrowingFile(settings.UPLOADS, "d").append(0, b"Quetzalcoatlus on its way")
    page_images.page_image(digest, 1)
    assert ingestion.casefile((digest,)).pages[0].text.count("Quetzalcoatlus") == 1
    stored = [
        path for folder in ("kept", "pages", "uploads") for path in (tmp_path / folder).rglob("*") if path.is_file()
    ]
    kinds = {path.suffix for path in stored}
    assert {".json", ".pages", ".picture", ".sealed", ""} <= kinds
    for path in stored:
        data = path.read_bytes()
        assert data.startswith(encryption.MARK) or path.parent.name == "site", path
        for seen in (b"Quetzalcoatlus", b"%PDF", b"PNG\r\n", b"PROGRESS", b"2015"):
            assert seen not in data[encryption.HEADER :] or len(seen) < 5, path
    for row in DocumentRow.objects.filter(case=number):
        assert documents.digest_of_bytes(documents.load(row.digest)) == row.digest
    assert quarantine.load(documents.digest_of_bytes(b"Quetzalcoatlus refused")) == b"Quetzalcoatlus refused"
    assert b"Quetzalcoatlus" in access.document(access.open_case(people["coordinator"], number), documents.digest_of_bytes(b"Quetzalcoatlus ibuprofen 800 mg\n")).data  # fmt: skip


def test_pages_of_one_document_are_not_taken_for_another_s(place, db):
    one, two = (derived_files.path_of(digest * 32, ingestion.OUTCOME) for digest in ("aa", "bb"))
    derived_files.write(one, b"{}")
    two.parent.mkdir(parents=True)
    two.write_bytes(one.read_bytes())
    assert encryption.read(one) == b"{}"
    with pytest.raises(Damaged):
        encryption.read(two)
    assert not ingestion.ingestion_state("bb" * 32).done
    assert not two.exists(), "it is read again"


def test_an_image_that_cannot_be_decrypted_is_drawn_again(place):
    digest = documents.store(casefile_generator.draw([["A page."]]))
    drawn = page_images.page_image(digest, 1)
    kept = derived_files.path_of(digest, f"1.{page_images.VERSION}.picture")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert page_images.page_image(digest, 1) == drawn
    assert encryption.read(kept) == drawn


def test_where_the_disk_is_encrypted_files_are_stored_as_they_are(place, settings):
    settings.DISK_ENCRYPTED = True
    digest = documents.store(DATA)
    path = Path(storage_of().path(f"{digest[:2]}/{digest}"))
    assert path.read_bytes() == documents.load(digest) == DATA
    GrowingFile(settings.UPLOADS, "d").append(0, DATA)
    assert [one.name for one in settings.UPLOADS.iterdir()] == ["d.part"]
    feigned = encryption.MARK + bytes(99)
    digest = documents.store(feigned)
    assert documents.load(digest) == feigned
    assert encryption.key_of(Path(storage_of().path(f"{digest[:2]}/{digest}"))), "else nobody could read it"


def test_a_file_of_the_storage_is_opened_as_it_came_and_for_reading_alone(place):
    digest = documents.store(DATA)
    name = f"{digest[:2]}/{digest}"
    with storage_of().open(name) as file:
        assert file.read() == DATA
    assert storage_of().size(name) == len(DATA)
    with pytest.raises(ValueError, match="for reading alone"):
        storage_of().open(name, "wb")


def test_a_damaged_document_is_stored_over(place):
    digest = documents.store(DATA)
    path = Path(storage_of().path(f"{digest[:2]}/{digest}"))
    path.write_bytes(path.read_bytes()[:-1])
    assert storage_of().digest(f"{digest[:2]}/{digest}") == ""
    with pytest.raises(Damaged):
        documents.load(digest)
    documents.store(DATA)
    assert documents.load(digest) == DATA


def test_a_home_of_an_earlier_version_is_encrypted_by_upgrade_and_back(place, settings, db):
    settings.DISK_ENCRYPTED = True
    digest = documents.store(DATA)
    path = Path(storage_of().path(f"{digest[:2]}/{digest}"))
    os.utime(path, ns=(5, 5))
    page = derived_files.path_of(digest, ingestion.OUTCOME)
    derived_files.write(page, b"{}")
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA[:100])
    growing.append(100, DATA[100:])
    mark = Path(storage_of().path("site/mark.json"))
    storage_of().put("site/mark.json", b"{}")
    inode = mark.stat().st_ino
    settings.DISK_ENCRYPTED = False
    assert documents.load(digest) == DATA == growing.read()
    assert reencryption.is_due()
    assert reencryption.under_other_keys() == 3
    out = io.StringIO()
    call_command("documents", "encrypt", stdout=out)
    assert "3 files encrypted with the newest key" in out.getvalue()
    assert (reencryption.is_due(), reencryption.under_other_keys()) == (False, 0)
    assert DATA[:40] not in everything(place)
    assert documents.load(digest) == DATA == growing.read()
    assert encryption.read(page) == b"{}"
    assert path.stat().st_mtime_ns == 5
    assert (mark.stat().st_ino, mark.read_bytes()) == (inode, b"{}"), "else the site takes its storage for a copy"
    growing.append(len(DATA), b"more")
    assert growing.read() == DATA + b"more"
    call_command("documents", "encrypt", stdout=out)
    assert "0 files encrypted" in out.getvalue()
    settings.DISK_ENCRYPTED = True
    assert reencryption.is_due()
    call_command("documents", "encrypt", stdout=out)
    assert "3 files written plain" in out.getvalue()
    assert path.read_bytes() == DATA


def test_a_rotated_key_is_retired_after_every_file_is_under_the_newest(place, settings):
    digest = documents.store(DATA)
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA)
    out = io.StringIO()
    call_command("keys", "rotate", "files", stdout=out)
    assert "files are encrypted with it from now on" in out.getvalue()
    assert documents.load(digest) == DATA == growing.read()
    with pytest.raises(CommandError, match=r"2 files are not encrypted with the newest key: stop the site and run"):
        call_command("keys", "retire", "files")
    call_command("documents", "encrypt", stdout=out)
    call_command("keys", "retire", "files", stdout=out)
    assert len(settings.KEYS.keys(Purpose.FILES)) == 1
    assert documents.load(digest) == DATA == growing.read()


def test_a_file_that_no_key_opens_is_named_and_stops_no_other(place, settings):
    lost = documents.store(DATA)
    page = derived_files.path_of(lost, ingestion.OUTCOME)
    derived_files.write(page, b"{}")
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA)
    settings.KEYS = open_ring(place / "other", "", "")
    fine = documents.store(DATA + b"fine")
    with pytest.raises(CommandError, match="cannot be decrypted") as raised:
        call_command("documents", "encrypt", stdout=io.StringIO())
    assert lost in str(raised.value)
    assert "d.sealed" in str(raised.value)
    assert not page.exists(), "it is derived, and made again"
    assert documents.load(fine) == DATA + b"fine"
    assert reencryption.under_other_keys() == 2
    with pytest.raises(Damaged, match="a key that the key ring does not have"):
        documents.load(lost)
    assert documents.store(DATA) == lost
    assert documents.load(lost) == DATA, "who sends it again repairs it"


def test_a_ring_of_an_earlier_version_gets_its_key_for_files_the_same_on_every_machine(tmp_path):
    ring = open_ring(tmp_path, "", "")
    keys = json.loads(ring.file.read_text())
    del keys["files"]
    for machine in ("one", "two"):
        (tmp_path / machine).mkdir()
        (tmp_path / machine / "keys.json").write_text(json.dumps(keys))
    one, two = (open_ring(tmp_path / machine, "", "") for machine in ("one", "two"))
    assert one.keys(Purpose.FILES) == two.keys(Purpose.FILES)
    assert one.keys(Purpose.FILES) == open_ring(tmp_path / "one", "", "").keys(Purpose.FILES)
    assert one.current(Purpose.FILES) not in one.keys(Purpose.SECOND_FACTORS)
    assert one.problems() == []
    assert one.keys(Purpose.SIGNING) == ring.keys(Purpose.SIGNING)


def test_a_ring_that_cannot_be_changed_here_is_said_in_words(tmp_path, monkeypatch):
    ring = open_ring(tmp_path, "", "")
    held = json.loads(ring.file.read_text())
    del held["files"]
    ring.file.write_text(json.dumps(held))

    def refused(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(key_ring, "_write_new", refused)
    with pytest.raises(
        ImrError, match=r"has no key for files yet, and cannot be changed here \(Read-only file system\)"
    ):
        open_ring(tmp_path, "", "")


def test_a_reading_under_a_key_that_the_ring_lacks_is_an_error_of_its_own_and_deletes_nothing(place, settings, db):
    digest = documents.store(casefile_generator.draw([["A page."]]))
    ingestion.read_document(digest, documents.PDF)
    kept = [derived_files.path_of(digest, ending) for ending in (ingestion.OUTCOME, ingestion.PAGES)]
    before, ring = everything(place / "pages"), settings.KEYS
    settings.KEYS = open_ring(place / "other", "", "")
    with pytest.raises(encryption.KeyMissing):
        encryption.read(kept[1])
    ingestion._outcome.cache_clear()
    with pytest.raises(encryption.KeyMissing, match="restore the ring from the backup"):
        ingestion.ingestion_state(digest)
    with pytest.raises(encryption.KeyMissing):
        ingestion._pages(digest)
    assert everything(place / "pages") == before
    settings.KEYS = ring
    assert ingestion.ingestion_state(digest).pages == 1


def test_a_plain_file_in_the_place_of_an_encrypted_one_is_refused_where_its_digest_is_known(place, people):
    number = story.receive(people)
    digest = documents.store(DATA)
    Path(storage_of().path(f"{digest[:2]}/{digest}")).write_bytes(b"planted")
    with pytest.raises(Damaged):
        documents.load(digest)
    quarantine.store(number, "c.txt", DATA, "why", story.Role.CLAIMS_ADMINISTRATOR, people["adjuster"])
    assert quarantine.load(digest) == DATA
    Path(storage_of("quarantine").path(f"{digest[:2]}/{digest}")).write_bytes(b"planted")
    with pytest.raises(Damaged, match="was changed after it was kept"):
        quarantine.load(digest)


class PowerLoss(BaseException):
    """The end of a process at any place."""


@pytest.mark.parametrize("encrypt", [True, False])
def test_a_run_that_ends_before_it_removes_the_other_form_is_finished_by_the_next(
    encrypt, place, settings, monkeypatch
):
    settings.DISK_ENCRYPTED = encrypt
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA)
    (place / "encryption").unlink(missing_ok=True)
    settings.DISK_ENCRYPTED = not encrypt
    unlink = Path.unlink

    def at_the_end(path: Path, missing_ok: bool = False) -> None:
        if path.parent == settings.UPLOADS and not missing_ok:
            raise PowerLoss
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", at_the_end)
    with pytest.raises(PowerLoss):
        reencryption.reencrypt()
    monkeypatch.setattr(Path, "unlink", unlink)
    assert {path.name for path in settings.UPLOADS.iterdir()} == {"d.part", "d.sealed"}
    assert reencryption.is_due()
    assert reencryption.under_other_keys() == 1
    assert reencryption.reencrypt().changed == 1
    assert [path.name for path in settings.UPLOADS.iterdir()] == ["d.sealed" if encrypt else "d.part"]
    assert growing.read() == DATA
    assert (reencryption.is_due(), reencryption.under_other_keys()) == (False, 0)


def test_what_a_run_that_ended_left_half_is_removed(place, settings):
    digest = documents.store(DATA)
    half = Path(storage_of().path(f"{digest[:2]}/.{digest}.again"))
    half.write_bytes(DATA)
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA)
    (settings.UPLOADS / "d.part.again").write_bytes(DATA)
    assert reencryption.under_other_keys() == 1
    assert reencryption.reencrypt().damaged == []
    assert not half.exists()
    assert [path.name for path in settings.UPLOADS.iterdir()] == ["d.sealed"]
    (settings.UPLOADS / "d.part.again").write_bytes(DATA)
    growing.delete()
    assert not list(settings.UPLOADS.iterdir())
    assert documents.load(digest) == DATA


def test_the_folder_of_the_ring_is_flushed_after_each_change(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(key_ring, "sync_folder", flushed.append)
    ring = open_ring(tmp_path / "home", "", "")
    assert flushed == [tmp_path / "home"]
    ring.rotate(Purpose.FILES)
    assert flushed == [tmp_path / "home"] * 2


def test_an_upload_goes_on_only_where_its_pieces_end(place, settings):
    growing = GrowingFile(settings.UPLOADS, "d")
    growing.append(0, DATA[:100])
    with pytest.raises(Damaged, match="does not go on here"):
        growing.append(50, DATA[50:])
    growing.append(100, DATA[100:])
    assert len(growing) == len(DATA)
    growing.append(100, b"another end")  # what is behind it is dropped
    assert growing.read() == DATA[:100] + b"another end"
    growing.delete()
    assert len(growing) == 0
