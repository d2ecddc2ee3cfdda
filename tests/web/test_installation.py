"""Whose the storage of documents is, and what is removed from it: what steps gave up, and nothing else."""

import io
import json
import os
import shutil
import threading
import uuid
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from tests.factories import s3, story
from tests.factories.database import past_triggers

from imr.case.digests import digest_of_bytes
from imr.errors import ImrError, Refused
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.actions import stored_documents
from imr.web.models import DocumentRow, EventRow, FailureRow, GivenUpRow, InstallationRow, OutboxRow
from imr.web.platform import clock, storage
from imr.web.platform.storage import WrongStore, storage_of
from imr.web.store import documents, installation


def refused_application(people, name="stray"):
    """An application that is refused after its paper was kept; the digest of that paper."""
    stray = story.upload(name)
    with pytest.raises(Refused, match="future"):
        actions.perform("receive-application", people["intake"], None, {"application": story.application(signed_on=story.days_ago(-3)), "ur_decision": stray, "received_at": clock.now()})  # fmt: skip
    return digest_of_bytes(stray.data)


def give_up(data):
    """A step that keeps a document and comes to nothing."""

    def come_to_nothing():
        with stored_documents.step_transaction():
            stored_documents.store_document(data)
            raise Refused("no")

    with pytest.raises(Refused):
        come_to_nothing()


def names():
    return {name.partition("/")[2] for name, _ in storage_of().listed()}


def call(*words):
    said = io.StringIO()
    call_command("documents", *words, stdout=said)
    return said.getvalue()


def told(error):
    return error.value.why


@pytest.fixture
def people(db):
    return story.cast()


# What is removed


def test_what_a_step_gave_up_is_removed_and_what_nobody_names_is_listed(place, people):
    number = story.receive(people)
    of_the_case = names()
    stray = refused_application(people)
    orphan = documents.store(b"of a process that was killed, or of a step taken after the backup")
    assert GivenUpRow.objects.filter(digest=stray).exists()
    if isinstance(place, storage.folder.Folder):
        os.utime(place.path(f"{orphan[:2]}/{orphan}"), (0, 0))
    listed = call("list-unclaimed")
    assert f"{stray[:2]}/{stray}" in listed
    assert f"{orphan[:2]}/{orphan}" in listed
    actions.run_maintenance()
    assert names() == of_the_case | {orphan}
    assert not GivenUpRow.objects.exists()
    assert access.application(access.open_case(people["intake"], number))
    with pytest.raises(CommandError, match="it stays"):
        call("remove-unclaimed", min(of_the_case))
    call("remove-unclaimed", f"{orphan[:2]}/{orphan}")
    assert names() == of_the_case


def test_what_a_step_gave_up_and_another_brought_again_stays(in_folder, people):
    digest = refused_application(people)
    papers = {"application": story.application(), "received_at": clock.now()}
    actions.perform("receive-application", people["intake"], None, {"ur_decision": story.upload("stray"), **papers})
    assert actions.delete_unreferenced() == 1, "the application that was refused, and not its paper"
    assert documents.load(digest)
    assert not GivenUpRow.objects.exists()


def test_what_stood_there_before_is_not_the_steps_to_give_up(in_folder, people):
    installation.check_at_start()
    orphan = documents.store(story.upload("stray").data)
    assert refused_application(people) == orphan
    assert actions.delete_unreferenced() == 1, "the application that was refused, and not its paper"
    assert documents.load(orphan)


@pytest.mark.django_db(transaction=True)
def test_no_sweep_takes_a_document_that_a_step_under_way_brings(in_folder):
    give_up(b"brought twice")
    under_way, go_on = threading.Event(), threading.Event()

    def bring():
        with stored_documents.step_transaction():
            digest = stored_documents.store_document(b"brought twice")
            under_way.set()
            go_on.wait(20)
            DocumentRow.objects.create(case="CM26-1", digest=digest, paper="record", size=1, at=clock.now(), sender="x")
        connection.close()

    other = threading.Thread(target=bring)
    other.start()
    assert under_way.wait(20)
    assert actions.delete_unreferenced() == 0
    go_on.set()
    other.join(20)
    assert actions.delete_unreferenced() == 0
    assert documents.load(digest_of_bytes(b"brought twice")) == b"brought twice"


# Whose the storage is


def lose_mark():
    storage_of().delete("site/mark.json")


def as_another_site():
    """This database becomes that of another site, as a fresh one is."""
    InstallationRow.objects.update(identity=uuid.uuid4(), store="", store_origin="")


def forget_documents():
    """This database names no document, as a fresh one does: past the trigger that keeps what history names."""
    past_triggers("DELETE FROM imr_documentrow")


def insist_refused(people, number, why):
    """A step with documents is refused with the reason, over HTTP and by the sweep; nothing of it is kept."""
    before = EventRow.objects.count(), DocumentRow.objects.count()
    said = {"files_1": SimpleUploadedFile("a.txt", b"Words."), "kind_1": "OTHER", "send": "1"}
    answer = story.client(people["adjuster"]).post(f"/cases/{number}/receive-records/", said)
    assert answer.status_code == 503
    assert "not in their place" in answer.content.decode()
    assert before == (EventRow.objects.count(), DocumentRow.objects.count())
    with pytest.raises(WrongStore) as error:
        actions.delete_unreferenced()
    assert why in told(error)
    assert why in installation.problem()
    with pytest.raises(ImrError, match=why):
        installation.check_at_start()


def ready(people):
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    return number


def test_a_new_storage_is_marked_at_the_first_start_and_no_document_is(place, people):
    installation.check_at_start()
    mark = installation.read_mark()
    assert mark.site == str(InstallationRow.objects.get().identity)
    assert (list(place.listed()), list(place.own())) == ([], ["site/mark.json"])
    installation.check_at_start()
    assert installation.read_mark() == mark


def test_a_storage_that_fell_away_while_running_is_noticed_and_nothing_is_put_into_it(place, people):
    number = ready(people)
    before = names()
    lose_mark()
    insist_refused(people, number, "has no mark")
    assert names() == before
    call("adopt")
    actions.delete_unreferenced()
    assert installation.problem() == ""


def test_a_machine_that_sees_other_documents_is_refused(in_folder, people, settings, tmp_path):
    number = ready(people)
    settings.STORAGES = settings.STORAGES | storage.configuration(str(tmp_path / "its own" / "documents"), None)
    insist_refused(people, number, "has no mark")
    assert not list((tmp_path / "its own").rglob("*.json"))


def test_an_empty_site_over_the_documents_of_another_takes_nothing_and_is_refused(place, people):
    number = ready(people)
    everything = names()
    as_another_site()
    insist_refused(people, number, "marked as another site's")
    forget_documents()
    actions.run_maintenance()
    assert "another site" in FailureRow.objects.get(task="storage").problem
    assert names() == everything
    with pytest.raises(CommandError, match="two sites cannot share one"):
        call("adopt")
    lose_mark()  # so are documents of before there were marks
    with pytest.raises(WrongStore) as error:
        installation.require_own_storage()
    assert "does not hold the documents that this database names" in told(error)
    assert names() == everything


def test_an_installation_of_before_there_were_marks_gets_one_where_it_holds_its_documents(place, people):
    story.receive(people)
    InstallationRow.objects.update(store="", store_origin="")
    lose_mark()
    digest = DocumentRow.objects.order_by("-pk").first().digest
    documents.delete(digest)  # one of them was lost long ago
    installation.check_at_start()
    assert installation.read_mark().store == InstallationRow.objects.get().store
    InstallationRow.objects.update(store="", store_origin="")
    lose_mark()
    for name, _ in list(storage_of().listed()):
        storage_of().delete(name)
    with pytest.raises(ImrError, match="does not hold the documents"):
        installation.check_at_start()


def test_after_a_move_the_copy_is_taken_and_the_old_place_is_refused(in_folder, people, settings, tmp_path):
    number = ready(people)
    old, new = settings.STORAGES, str(tmp_path / "new" / "documents")
    call("copy", new)
    settings.STORAGES = old | storage.configuration(new, None)
    assert installation.problem() == ""
    who = people["adjuster"]
    papers = (story.upload("progress report", None),)
    actions.perform("receive-records", who, number, {"records": papers, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()})  # fmt: skip
    settings.STORAGES = old
    insist_refused(people, number, "an earlier one or a copy")


def test_everything_copied_back_by_hand_is_known_by_its_mark(in_folder, people, settings, tmp_path):
    ready(people)
    here = Path(storage_of().location)
    shutil.copytree(here, tmp_path / "back" / "documents")
    settings.STORAGES = settings.STORAGES | storage.configuration(str(tmp_path / "back" / "documents"), None)
    assert installation.problem() == ""
    (tmp_path / "back" / "documents" / "site" / "mark.json").write_text("{")
    assert "cannot be read" in installation.problem()


def test_a_mark_in_a_bucket_is_where_documents_are(in_bucket, people):
    installation.check_at_start()
    mark = json.loads(in_bucket.boto.get_object(Bucket=s3.NAME, Key=f"{s3.PREFIX}/documents/site/mark.json")["Body"].read())  # fmt: skip
    assert mark["site"] == str(InstallationRow.objects.get().identity)


# A database that was restored from a backup


def restore(*, documents_too=False):
    """This database turns out to be a copy, on another server; the documents are those that the site wrote to, or copied back."""
    InstallationRow.objects.update(database="another server")
    if documents_too:
        here = Path(storage_of().location)
        shutil.copytree(here, here.with_name("copied"))
        shutil.rmtree(here)
        shutil.copytree(here.with_name("copied"), here)


def count(number):
    return int(number.rpartition("-")[2])


def test_numbers_given_out_after_the_backup_are_not_given_out_again(place, people):
    before = count(story.receive(people))
    after = [count(story.receive(people)) for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('imr_case_number', %s)", [before])  # as the backup has it
    restore()
    given = count(story.receive(people))
    assert given > max(after)
    assert given <= before + 2 * installation.BLOCK
    assert count(story.receive(people)) == given + 1
    assert not installation.held_state().numbers_held


def test_where_the_documents_are_a_copy_too_nothing_is_numbered_until_the_highest_is_stated(in_folder, people):
    number = story.receive(people)
    restore(documents_too=True)
    for _ in range(2):
        with pytest.raises(Refused, match="the last number that was given out is not stated yet"):
            story.receive(people)
    story.decide_eligibility(people["intake"], number)  # cases that have their number go on
    said = io.StringIO()
    call_command("restored", stdout=said)
    assert "Case numbers: held" in said.getvalue()
    with pytest.raises(CommandError, match="given out number"):
        call_command("restored", highest=str(count(number) - 1), stdout=said)
    with pytest.raises(CommandError, match="is not a case number"):
        call_command("restored", highest="CM26", stdout=said)
    call_command("restored", highest=f"CM26-{count(number) + 7:07d}", stdout=said)
    assert "Case numbers: given out" in said.getvalue()
    assert count(story.receive(people)) == count(number) + 8


def test_documents_from_a_backup_are_known_for_such_where_they_are_taken_first(in_folder, people, settings, tmp_path):
    story.receive(people)
    call("copy", str(tmp_path / "backup" / "documents"))
    restore()
    settings.STORAGES = settings.STORAGES | storage.configuration(str(tmp_path / "backup" / "documents"), None)
    assert installation.problem() == ""
    assert installation.held_state().numbers_held


def test_mail_that_waited_at_the_backup_is_held_until_somebody_has_it_sent(in_folder, people):
    installation.detect_copy()
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    waited = OutboxRow.objects.filter(sent_at__isnull=True).count()
    assert waited
    restore()
    actions.run_maintenance()
    assert mail.outbox == []
    assert installation.held_state().messages_held == waited
    accounts.give_second_factor(people["coordinator"])
    page = story.client(people["coordinator"])
    shown = page.get("/imro/mail/")
    assert "may have gone out before" in shown.content.decode()
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    new = OutboxRow.objects.filter(sent_at__isnull=True, next_at__isnull=False).count()
    actions.run_maintenance()
    assert len(mail.outbox) == new > 0, "what happens after the restore goes out"
    page.post("/imro/mail/", {"message": "all"})
    actions.run_maintenance()
    assert len(mail.outbox) == new + waited


def test_what_was_given_up_before_the_backup_is_listed_after_a_restore_and_not_removed(in_folder, people):
    installation.detect_copy()
    digest = refused_application(people)
    restore()
    actions.run_maintenance()
    assert documents.load(digest)
    assert "removed in the next round" not in call("list-unclaimed")


def test_a_restore_that_cannot_be_seen_is_stated(in_folder, people):
    story.receive(people)
    assert installation.held_state().restored_at is None
    said = io.StringIO()
    call_command("restored", hold=True, stdout=said)
    assert "was restored" in said.getvalue()
    assert "Messages held:" in said.getvalue()
