"""Documents in a folder and in an S3-compatible bucket, over real HTTP: whole or not at all, as they came, and by no address."""

import io
import threading

import pikepdf
import pytest
from benchmarks import casefile_generator
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import override_settings
from tests.factories import s3, story
from tests.factories.case_file import NOTE, SCAN, bind_all, forget_jobs, jobs, read_all, signed_in

from imr.case.digests import digest_of_bytes
from imr.errors import Damaged, ImrError
from imr.law.records import Duty
from imr.law.terms import RecordKind
from imr.web import access, actions
from imr.web.case_files import derived_files, ingestion
from imr.web.models import DocumentRow, EventRow, FailureRow
from imr.web.platform import encryption, storage
from imr.web.platform.keys import open_ring
from imr.web.platform.storage import StorageUnreachable, storage_of
from imr.web.store import documents, quarantine
from imr.web.store.failures import Task

DATA = b"Of invention." * 1000
DIGEST = digest_of_bytes(DATA)
NAME = f"{DIGEST[:2]}/{DIGEST}"


def test_what_is_kept_is_given_back_once_and_as_it_came(place):
    assert documents.store(DATA) == documents.store(DATA) == DIGEST
    assert documents.load(DIGEST) == DATA
    assert [name for name, _ in place.listed()] == [NAME]
    assert place.digest(NAME) == DIGEST
    assert place.digest("ab/nothing") is None
    with pytest.raises(Damaged, match="not in the storage"):
        documents.load("0" * 64)


def test_what_was_changed_or_lost_is_said_and_is_mended_by_sending_it_again(place):
    documents.store(DATA)
    place.delete(NAME)
    place.save(NAME, ContentFile(DATA + b" "))
    with pytest.raises(Damaged, match="was changed after it was kept"):
        documents.load(DIGEST)
    documents.store(DATA)
    assert documents.load(DIGEST) == DATA


def test_of_two_writers_at_once_both_are_right_and_a_reader_sees_all_or_nothing(place):
    data = DATA * 200
    digest = digest_of_bytes(data)
    start, done, seen, failed = threading.Barrier(5), threading.Event(), set(), []

    def write():
        start.wait(20)
        try:
            documents.store(data)
        except Exception as error:  # noqa: BLE001 - said below
            failed.append(error)

    def look():
        start.wait(20)
        while not done.is_set():
            try:
                seen.add(len(place.read(f"{digest[:2]}/{digest}")))
            except FileNotFoundError:
                seen.add(None)

    writers = [threading.Thread(target=write) for _ in range(4)]
    reader = threading.Thread(target=look)
    for one in (*writers, reader):
        one.start()
    for one in writers:
        one.join()
    done.set()
    reader.join()
    assert failed == []
    assert seen <= {None, len(data)}
    assert [name for name, _ in place.listed()] == [f"{digest[:2]}/{digest}"]


def test_a_listing_goes_through_more_than_one_page(in_bucket):
    documents.store(DATA)
    for number in range(1_250):
        in_bucket.put(in_bucket.key("documents", digest_of_bytes(b"%d" % number)))
    in_bucket.put("imr-of-another/documents/00/not-ours")
    assert len(list(storage_of().listed())) == 1_251


def test_a_folder_shows_nothing_half_written(in_folder, tmp_path):
    class Cut(ContentFile):
        def chunks(self, chunk_size=None):  # noqa: ARG002 - Django's signature
            yield DATA[:100]
            raise OSError("the machine goes down")

    with pytest.raises(OSError, match="goes down"):
        storage_of().save(NAME, Cut(b""))
    assert not [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]


def test_what_goes_into_a_bucket_is_encrypted_private_and_never_written_over(in_bucket, monkeypatch):
    sent = []
    place = storage_of()
    place.connection.meta.client.meta.events.register(
        "before-call.s3.PutObject", lambda params, **_: sent.append(params)
    )
    documents.store(DATA)
    (params,) = sent
    headers = {name.lower(): value for name, value in params["headers"].items()}
    assert headers["x-amz-server-side-encryption"] == "AES256"
    assert headers["if-none-match"] == "*"
    assert headers["x-amz-checksum-sha256"]
    assert not any("acl" in name or "grant" in name for name in headers)
    with pytest.raises(NotImplementedError):
        place.url(NAME)
    place.encryption = "aws:kms/invented-key"
    assert place._encrypted() == {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "invented-key"}
    place.encryption = "none"
    assert place._encrypted() == {}
    # Another writer was first: what it wrote stands.
    stands = [None, DIGEST]
    monkeypatch.setattr(place, "digest", lambda _: stands.pop(0))
    place.put(NAME, b"other bytes")
    assert stands == []
    assert documents.load(DIGEST) == DATA


def test_no_process_uses_the_connection_that_another_opened(in_bucket):
    place = storage_of()
    assert place.connection is place.connection
    before = place.connection
    place._reached_by = 1
    assert place.connection is not before


def test_a_connection_that_breaks_is_tried_again_and_then_given_up_with_nothing_kept(in_bucket):
    data = DATA * 100
    digest = digest_of_bytes(data)
    in_bucket.line.cut(up=200_000)
    documents.store(data)
    assert in_bucket.line.times_left == 0
    in_bucket.line.cut(down=200_000)
    assert documents.load(digest) == data
    other = data + b"."
    in_bucket.line.cut(up=200_000, times=9)
    with pytest.raises(StorageUnreachable, match="Try again") as raised:
        documents.store(other)
    assert "does not answer" in raised.value.why
    assert in_bucket.line.address not in str(raised.value), "people are told nothing of the house"
    in_bucket.line.cut(times=0)
    assert set(in_bucket.inside) == {in_bucket.key("documents", digest)}
    assert documents.load(documents.store(other)) == other


@pytest.mark.parametrize(
    ("where", "environ", "said"),
    [
        ("s3://of-nobody/imr", {}, "no bucket of-nobody"),
        (s3.WHERE, {"IMR_S3_ENDPOINT": "http://127.0.0.1:9"}, "does not answer.*IMR_S3_ENDPOINT"),
    ],
)
def test_a_storage_that_is_missing_is_said_at_the_start_with_what_to_do(server, keys, settings, where, environ, said):
    settings.STORAGES = settings.STORAGES | server.settings(where, **environ)
    with pytest.raises(ImrError, match=said):
        storage.require_writable()
    (found,) = [one for one in storage.is_reached() if one.id == "imr.E001"]
    assert found.is_serious()
    with pytest.raises(CommandError, match=said):
        call_command("serve", "--set-up-only", stdout=io.StringIO())


def test_keys_that_are_missing_or_refused_are_said_at_the_start(server, keys, in_bucket, monkeypatch, settings):
    in_bucket.guard()
    try:
        with pytest.raises(ImrError, match=r"refuses the keys.*InvalidAccessKeyId.*AWS_ACCESS_KEY_ID"):
            storage.require_writable()
        with pytest.raises(StorageUnreachable):
            documents.store(DATA)
        with pytest.raises(StorageUnreachable):
            list(storage_of().listed())
    finally:
        in_bucket.open()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    settings.STORAGES = settings.STORAGES | server.settings()
    with pytest.raises(ImrError, match="there are no keys"):
        storage.require_writable()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("PermanentRedirect", "another region.*IMR_S3_REGION"),
        ("NotImplemented", "IMR_S3_ENCRYPTION=none"),
        ("KMS.DisabledException", "IMR_S3_ENCRYPTION=none"),
        ("AccessDenied", "refuses the keys.*list, read, write and delete"),
        ("SlowDown", "refuses a request.*SlowDown"),
    ],
)
def test_what_a_server_refuses_is_said_with_what_to_do(in_bucket, monkeypatch, code, said):
    from botocore.exceptions import ClientError

    def refuse(**_):
        raise ClientError({"Error": {"Code": code, "Message": "of the server"}}, "HeadObject")

    client = storage_of().connection.meta.client
    for call in ("list_objects_v2", "head_object", "put_object"):
        monkeypatch.setattr(client, call, refuse)
    monkeypatch.setattr(client, "get_paginator", lambda _: Pages(refuse))
    with pytest.raises(ImrError, match=said):
        storage.require_writable()
    with pytest.raises(StorageUnreachable):
        storage_of().get_modified_time(NAME)


class Pages:
    def __init__(self, call):
        self._call = call

    def paginate(self, **_):
        yield self._call()


def test_a_storage_that_works_has_nothing_to_say_and_keeps_nothing_of_the_trial(place, monkeypatch):
    storage.require_writable()
    assert list(place.listed()) == []
    assert storage.is_reached() == []
    monkeypatch.setenv("IMR_S3_ENDPOINT", "http://storage.example")
    assert [one.id for one in storage.is_reached()] in ([], ["imr.W002"])


def test_a_folder_that_cannot_be_written_into_is_said_at_the_start(settings, tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    settings.STORAGES = settings.STORAGES | storage.configuration(str(tmp_path / "taken" / "documents"), None)
    with pytest.raises(ImrError, match="IMR_DOCUMENTS"):
        storage.require_writable()


@pytest.mark.parametrize("where", ["https://x/y", "s3://", "s3://key:secret@bucket/x", "s3://bucket?x=1"])
def test_what_is_no_place_is_refused(where):
    with pytest.raises(ImrError, match="IMR_DOCUMENTS"):
        storage.configuration(where, None, {})


def answers(people, number):
    """What the site on another machine shows of the case file: the index, a page, its picture."""
    client = signed_in(people["adjuster"])
    index = client.get(f"/cases/{number}/file/").content.decode()
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], number)) if line.pages == 2)
    page = client.get(f"/cases/{number}/file/{digest}/1/").content.decode()
    image = client.get(f"/cases/{number}/file/{digest}/1/image/")
    return index, page, image


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_pages")
def test_a_case_file_is_read_on_one_machine_and_shown_bound_and_given_out_on_another(
    in_bucket, people, settings, tmp_path, monkeypatch
):  # fmt: skip
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    sent = SimpleUploadedFile("a.pdf", casefile_generator.draw([NOTE, SCAN]))
    said = {"files_1": sent, "kind_1": RecordKind.PROGRESS_REPORT.name, "send": "1"}
    assert signed_in(people["adjuster"]).post(f"/cases/{number}/receive-records/", said).status_code == 302
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], number)) if line.pages == 2)
    assert in_bucket.key("documents", digest) in in_bucket.inside

    settings.PAGES = tmp_path / "of the worker"
    read_all()
    pages = {key for key in in_bucket.inside if key.startswith(f"{s3.PREFIX}/pages/")}
    assert in_bucket.key("pages", digest, f".{ingestion.OUTCOME}") in pages

    settings.PAGES = tmp_path / "of the site"
    ingestion.casefile.cache_clear()
    monkeypatch.setattr(ingestion.index, "read", None)  # nothing is read on this machine
    index, page, image = answers(people, number)
    assert "Imaging" in index
    assert "PROGRESS" in page
    assert image.headers["Content-Type"].startswith("image/")
    for shown in (index, page, str(image.headers)):
        assert s3.NAME + "/" not in shown
        assert in_bucket.line.address not in shown
        assert "X-Amz" not in shown
    monkeypatch.undo()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")

    actions.perform("complete-records", people["coordinator"], number, {"missing": (Duty.NEW_ISSUES,)})
    bind_all()
    event = EventRow.objects.get(kind="case-file-bound")
    got = signed_in(people["adjuster"]).get(f"/cases/{number}/file/whole.pdf").content
    assert digest_of_bytes(got) == event.data["file"]
    with pikepdf.open(io.BytesIO(got)) as made:
        assert len(made.pages) == event.data["pages"]
    assert not list((tmp_path / "of the site").rglob("*.part"))
    forget_jobs()


@pytest.mark.django_db(transaction=True)
def test_a_step_whose_document_cannot_be_kept_is_not_taken_and_the_page_says_so(in_bucket, people):
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    forget_jobs()
    before = EventRow.objects.filter(case=number).count(), DocumentRow.objects.filter(case=number).count()
    in_bucket.line.cut(up=1, times=99)
    said = {
        "files_1": SimpleUploadedFile("a.pdf", casefile_generator.draw([NOTE])),
        "kind_1": RecordKind.OTHER.name,
        "send": "1",
    }
    refused = signed_in(people["adjuster"]).post(f"/cases/{number}/receive-records/", said)
    actions.run_maintenance()
    assert FailureRow.objects.filter(task=Task.STORAGE.value, over_at__isnull=True).exists(), (
        "named on the page of problems"
    )
    assert mail.outbox, "mail goes out all the same"
    in_bucket.line.cut(times=0)
    assert refused.status_code == 503
    assert "Nothing of this was kept" in refused.content.decode()
    assert before == (EventRow.objects.filter(case=number).count(), DocumentRow.objects.filter(case=number).count())
    assert jobs() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_read_here_alone_is_shared_when_another_machine_asks(in_bucket, settings, tmp_path):
    settings.PAGES = tmp_path / "here"
    digest = documents.store(casefile_generator.draw([NOTE]))
    ingestion.read_document(digest, "application/pdf")
    for key in [key for key in in_bucket.inside if "/pages/" in key]:
        in_bucket.boto.delete_object(Bucket=s3.NAME, Key=key)
    settings.PAGES = tmp_path / "there"
    assert not ingestion.ingestion_state(digest).done
    settings.PAGES = tmp_path / "here"
    ingestion.read_document(digest, "application/pdf")
    settings.PAGES = tmp_path / "there"
    assert ingestion.ingestion_state(digest).pages == 1
    derived_files.path_of(digest, ingestion.PAGES).write_bytes(b"cut off")
    ingestion.casefile.cache_clear()
    with pytest.raises(Damaged):
        ingestion.casefile((digest,))
    assert not ingestion.ingestion_state(digest).done, "it is read again, for all"


@pytest.mark.django_db(transaction=True)
def test_pages_in_a_bucket_are_under_no_key_of_the_site_and_outlast_each(in_bucket, settings, tmp_path):
    settings.HOME, settings.PAGES, settings.UPLOADS = tmp_path, tmp_path / "here", tmp_path / "uploads"
    settings.KEYS = open_ring(tmp_path, "", "")
    digest = documents.store(casefile_generator.draw([NOTE]))
    ingestion.read_document(digest, "application/pdf")
    names = [in_bucket.key("pages", digest, f".{ending}") for ending in (ingestion.OUTCOME, ingestion.PAGES)]
    shared = {name: in_bucket.boto.get_object(Bucket=s3.NAME, Key=name)["Body"].read() for name in names}
    assert not any(data.startswith(encryption.MARK) for data in shared.values())
    local = derived_files.path_of(digest, ingestion.PAGES)
    assert encryption.read(local) == shared[names[1]] != local.read_bytes()
    settings.PAGES = tmp_path / "there"
    assert ingestion.ingestion_state(digest).pages == 1
    there = derived_files.path_of(digest, ingestion.OUTCOME)
    assert there.read_bytes().startswith(encryption.MARK)
    # The ring is rotated and retired on the one machine; the copies of the other are under the retired key still.
    settings.PAGES = tmp_path / "here"
    call_command("keys", "rotate", "files", stdout=io.StringIO())
    call_command("documents", "encrypt", stdout=io.StringIO())
    call_command("keys", "retire", "files", stdout=io.StringIO())
    settings.PAGES = tmp_path / "there"
    assert not encryption.has_key_of(there)
    assert ingestion.ingestion_state(digest).pages == 1, "it is downloaded again"
    assert encryption.has_key_of(there)
    assert ingestion.casefile((digest,)).pages[0].text
    # What an earlier version put there encrypted, under a key that is gone, is as if nobody had read it.
    other = open_ring(tmp_path / "other", "", "")
    for name in names:
        with override_settings(KEYS=other):
            data = encryption.encode(shared[name], name.rsplit("/", 1)[1])
        in_bucket.boto.put_object(Bucket=s3.NAME, Key=name, Body=data)
    settings.PAGES = tmp_path / "third"
    assert not ingestion.ingestion_state(digest).done
    assert len(list(settings.PAGES.rglob("*.*"))) == 0
    ingestion.read_document(digest, "application/pdf")
    assert ingestion.ingestion_state(digest).pages == 1
    assert in_bucket.boto.get_object(Bucket=s3.NAME, Key=names[1])["Body"].read() == shared[names[1]]


@pytest.mark.django_db(transaction=True)
def test_everything_goes_into_a_bucket_and_back_and_is_checked_by_its_digests(
    server, keys, in_folder, people, settings, tmp_path, monkeypatch
):  # fmt: skip
    server.empty()
    monkeypatch.setenv("IMR_S3_ENDPOINT", server.line.address)
    monkeypatch.setenv("IMR_S3_REGION", "us-east-1")
    number = story.receive(people)
    digests = sorted(actions.referenced_digests())
    assert digests
    read = documents.store(casefile_generator.draw([NOTE]))
    ingestion.read_document(read, "application/pdf")
    storage_of("quarantine").put("ab/abcd", b"not what its name says")
    bad = digest_of_bytes(b"hostile")
    storage_of("quarantine").put(f"{bad[:2]}/{bad}", b"hostile")

    def call(*words):
        said = io.StringIO()
        call_command("documents", *words, stdout=said)
        return said.getvalue()

    assert f"documents: {len(digests)}, of which 0 damaged" in call("check")
    with pytest.raises(CommandError, match="ab/abcd was changed"):
        call("copy", s3.WHERE)
    storage_of("quarantine").delete("ab/abcd")
    server.line.cut(up=1, times=99)
    with pytest.raises(CommandError):
        call("copy", s3.WHERE)
    server.line.cut(times=0)
    assert f"IMR_DOCUMENTS={s3.WHERE}" in call("copy", s3.WHERE)
    written = {key: one.last_modified for key, one in server.inside.items()}
    call("copy", s3.WHERE)
    assert {key: one.last_modified for key, one in server.inside.items()} == written, "what is there is passed over"

    before = settings.STORAGES
    settings.STORAGES = settings.STORAGES | server.settings()
    settings.PAGES = tmp_path / "pages of another machine"
    assert "of which 0 damaged" in call("check")
    assert quarantine.load(bad) == b"hostile"
    assert ingestion.ingestion_state(read).pages == 1
    assert access.application(access.open_case(people["intake"], number))
    back = tmp_path / "back" / "documents"
    settings.PAGES = tmp_path / "back" / "pages"
    call("copy", str(back))
    (back / digests[0][:2] / digests[0]).write_bytes(b"changed")
    settings.STORAGES = {key: value for key, value in before.items() if key != "pages"}
    settings.STORAGES |= storage.configuration(str(back), None)
    assert ingestion.ingestion_state(read).pages == 1
    assert derived_files.path_of(read, ingestion.PAGES).read_bytes().startswith(encryption.MARK)
    with pytest.raises(CommandError, match=digests[0][:12]) as raised:
        call("check")
    assert raised.value.returncode == Damaged.exit_code
    server.empty()
