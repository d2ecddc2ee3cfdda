"""Whoever owns the database can write any history into it: verification finds each way against the anchors outside."""

import io
import json
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from tests.factories import s3, story
from tests.factories.database import past_triggers

from imr.case import chain
from imr.case.context import StepContext
from imr.case.state import Stage
from imr.errors import Damaged
from imr.law.terms import Decision
from imr.web import access, actions
from imr.web.actions import verification
from imr.web.models import AnchoredCaseRow, AnchorRow, CaseRow, DocumentRow, FailureRow, OutboxRow, ViewRow
from imr.web.platform import clock, signing_key, storage
from imr.web.platform.storage import storage_of
from imr.web.store import anchors, documents, log_seals
from imr.web.store import cases as rows


@contextmanager
def owner():
    """Write as a superuser may, past the triggers that keep history."""
    with transaction.atomic():
        yield SimpleNamespace(execute=past_triggers)


def write_again(number, change):
    """Write the history of a case again, each event as `change` leaves it, with digests that fit."""
    after = None
    with owner() as cursor:
        for item in rows.chain(number):
            event, by = change(item)
            after = chain.record(event, item.case, StepContext(actor=by, at=item.at), after, item.key)
            form = chain.to_record(after)
            cursor.execute(
                'UPDATE imr_eventrow SET data = %s, by_id = %s, previous = %s, digest = %s WHERE "case" = %s AND number = %s',
                [json.dumps(form["data"]), by.id, after.previous, after.digest, number, after.number],
            )
    rows.refresh(number)


def problems(**how):
    return verification.verify_everything(**how).problems


@pytest.fixture
def signed(people):
    """A case whose determination is signed, somebody looked at, and everything is sealed and anchored; then the clock stands."""
    number = story.to(Stage.SIGNED, people)
    access.case(access.open_case(people["intake"], number))
    with later():
        assert log_seals.seal_log() == ViewRow.objects.count() > 1
        assert anchors.anchor() == 1
        assert problems() == ()
        yield number


def later(**by):
    return time_machine.travel(clock.now() + timedelta(**by), tick=False)


def test_cutting_the_tail_is_found(signed):
    with owner() as cursor:
        cursor.execute(
            'DELETE FROM imr_eventrow WHERE "case" = %s AND number > %s', [signed, len(rows.chain(signed)) - 2]
        )
    rows.refresh(signed)
    chain.verify(rows.chain(signed))  # by itself the rest is whole
    assert len(problems()) == 1
    assert f"case {signed}: the chain ends with event" in problems()[0]


def test_turning_a_decision_round_is_found(signed):
    def turned(item):
        event = item.event
        if event.kind == "determination-signed":
            other = {Decision.UPHELD: Decision.OVERTURNED, Decision.OVERTURNED: Decision.UPHELD}
            event = replace(event, decisions=tuple(other[one] for one in event.decisions))
        return event, item.by

    write_again(signed, turned)
    chain.verify(rows.chain(signed))
    assert any("the history was written again" in one for one in problems())


def test_swapping_the_signer_is_found(signed):
    def swapped(item):
        event = replace(item.event, reviewer="R00003") if item.event.kind == "reviewer-assigned" else item.event
        return event, replace(item.by, id="R00003") if item.by.role.value == "reviewer" else item.by

    write_again(signed, swapped)
    chain.verify(rows.chain(signed))
    assert any("the history was written again" in one for one in problems())


def test_removing_a_whole_case_is_found(signed):
    with owner() as cursor:
        for table in ("eventrow", "documentrow"):
            cursor.execute(f'DELETE FROM imr_{table} WHERE "case" = %s', [signed])
        cursor.execute("DELETE FROM imr_anchoredcaserow")
    rows.refresh(signed)
    assert any(f"case {signed}: the chain ends with event 0" in one for one in problems())


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM imr_viewrow", "and 0 are there"),
        ("DELETE FROM imr_viewrow WHERE id = (SELECT min(id) FROM imr_viewrow)", "are there"),
        (
            "UPDATE imr_viewrow SET person_id = NULL WHERE id = (SELECT max(id) FROM imr_viewrow)",
            "was changed after seal 1",
        ),
        ("DELETE FROM imr_viewrow; DELETE FROM imr_logsealrow", "seal 1 is missing; it is one that anchor 1"),
    ],
)
def test_changing_the_audit_log_is_found(signed, statement, says):
    with owner() as cursor:
        cursor.execute(statement)
    assert len(problems()) == 1
    assert says in problems()[0]


def test_emptying_the_audit_log_and_sealing_it_again_is_found(signed):
    with owner() as cursor:
        cursor.execute(
            "DELETE FROM imr_viewrow WHERE id > (SELECT min(id) FROM imr_viewrow); DELETE FROM imr_logsealrow"
        )
    log_seals.seal_log()
    assert list(log_seals.verify_log()) == []
    assert any("seal 1 is not the one that anchor 1" in one for one in problems())


def test_a_document_that_is_gone_changed_or_unlisted_is_found(signed):
    row = DocumentRow.objects.filter(case=signed, paper="record").order_by("pk")[0]
    place = Path(storage_of().path(f"{row.digest[:2]}/{row.digest}"))
    data, stored = documents.load(row.digest), place.read_bytes()
    place.write_bytes(stored + b"more")
    assert [one for one in problems() if "was changed after it was kept" in one]
    assert problems(read_documents=False) == ()
    place.unlink()
    assert [one for one in problems(read_documents=False) if "missing from the storage" in one]
    documents.store(data)
    assert problems() == ()
    with owner() as cursor:
        cursor.execute("DELETE FROM imr_documentrow WHERE id = %s", [row.pk])
    assert [one for one in problems() if "its documents are not those" in one]


@pytest.mark.parametrize(
    ("column", "value"),
    [("reviewer", "R00003"), ("stage", "RECEIVED"), ("employee", "Somebody Else"), ("due_at", None)],
)
def test_a_row_that_is_not_what_the_events_say_is_found(signed, column, value):
    CaseRow.objects.filter(number=signed).update(**{column: value})
    assert [one for one in problems() if f"its row is not what its events say ({column})" in one] == list(problems())
    rows.refresh(signed)
    assert problems() == ()


def test_an_anchor_outside_that_is_gone_or_changed_is_found(signed):
    place = Path(storage_of("anchors").path("00000/00000001.json"))
    text = place.read_text()
    held = json.loads(text)
    held["anchor"]["heads"][0]["events"] -= 1
    place.write_text(json.dumps(held))
    assert any("its signature does not fit" in one for one in problems())
    place.unlink()
    assert any("the anchor 1 was kept outside, and is not there any more" in one for one in problems())
    with pytest.raises(Damaged, match="the anchors outside end with number 0, and 1 were kept there"), later(hours=1):
        anchors.anchor()


def test_an_anchor_that_the_owner_signs_again_with_another_key_is_found(signed, settings, tmp_path):
    real = signing_key.public(signing_key.load())
    settings.ANCHOR_KEY = tmp_path / "key"
    key = signing_key.make()
    place = Path(storage_of("anchors").path("00000/00000001.json"))
    held = json.loads(place.read_text())
    held["anchor"]["key"] = signing_key.public(key)
    held["signature"] = key.sign(anchors.canonical(held["anchor"]).encode()).hex()
    place.write_text(json.dumps(held))
    assert any("it is signed by an unknown key" in one for one in problems(keys=[real]))


def test_an_anchor_is_made_each_hour_and_lists_what_came_since(signed, people):
    assert anchors.anchor() == 0
    with later(minutes=59):
        assert anchors.anchor() == 0
    other = story.receive(people)
    with later(hours=1):
        assert anchors.anchor() == 1
        found, wrong = anchors.read_anchors()
        assert wrong == []
        assert [[head.case for head in one.heads] for one in found] == [[signed], [other]]
        assert found[1].previous == found[0].digest
        assert problems() == ()
    with later(hours=4):
        assert any("the last anchor outside is of" in one for one in problems())


def test_hiding_a_case_from_the_anchors_is_found(signed, people):
    other = story.receive(people)
    AnchoredCaseRow.objects.create(case=other, events=len(rows.chain(other)))
    with later(hours=3):
        log_seals.seal_log()
        anchors.anchor()
        assert [one for one in problems() if f"case {other}: it has events that are older than the last anchor" in one]


def test_without_an_anchor_nothing_is_proven(people):
    story.receive(people)
    assert problems() == ("there is no anchor outside: nothing proves that the histories are whole",)


def verified(*how):
    """Return what `manage.py verify` writes."""
    said = io.StringIO()
    call_command("verify", *how, stdout=said)
    return said.getvalue()


def test_a_restored_database_says_what_it_lost_and_goes_on(signed, people):
    lost, whole = story.receive(people), len(rows.chain(signed))
    kept = whole - 3
    with owner() as cursor:  # two anchors after the backup name the case, the first without its last event
        cursor.execute(
            'CREATE TEMP TABLE tail AS SELECT * FROM imr_eventrow WHERE "case" = %s AND number > %s',
            [signed, whole - 1],
        )
        cursor.execute('DELETE FROM imr_eventrow WHERE "case" = %s AND number > %s', [signed, whole - 1])
        cursor.execute("UPDATE imr_anchoredcaserow SET events = 0")
    with later(hours=1):
        access.case(access.open_case(people["intake"], lost))
        log_seals.seal_log()
        anchors.anchor()
    with owner() as cursor:
        cursor.execute("INSERT INTO imr_eventrow SELECT * FROM tail")
    with later(hours=2):
        access.case(access.open_case(people["intake"], lost))
        log_seals.seal_log()
        anchors.anchor()
    assert [one.seal for one in anchors.read_anchors()[0]] == [1, 2, 3]
    with owner() as cursor:  # as a backup of before both leaves it
        for table in ("eventrow", "documentrow"):
            cursor.execute(f'DELETE FROM imr_{table} WHERE "case" = %s', [lost])
        cursor.execute('DELETE FROM imr_eventrow WHERE "case" = %s AND number > %s', [signed, kept])
        cursor.execute("DELETE FROM imr_anchorrow WHERE number > 1")
        cursor.execute("DELETE FROM imr_viewrow WHERE id > (SELECT last FROM imr_logsealrow WHERE number = 1)")
        cursor.execute("DELETE FROM imr_logsealrow WHERE number > 1")
    for number in (lost, signed):
        rows.refresh(number)
    with later(hours=3):
        access.case(access.open_case(people["intake"], signed))
        assert log_seals.seal_log() > 0, "another seal 2 than the one that was lost"
        with pytest.raises(Damaged, match="the anchors outside go on to number 3, and this database knows of 1"):
            anchors.anchor()
        assert any(f"case {lost}: the chain ends with event 0" in one for one in problems())
        said = io.StringIO()
        call_command("anchors", "restored", stdout=said)
        losses = [
            *(f"case {signed}, event {number}" for number in (whole, whole - 1)),
            f"case {lost}, event 1", "the audit log, seal 2", "the audit log, seal 3",
        ]  # fmt: skip
        assert all(f"\n  {loss}\n" in said.getvalue() for loss in losses)
        assert "does not have: 5\n" in said.getvalue()
        assert len(problems()) == 1
        assert problems(restored=[4]) == ()
    with later(hours=4):
        access.case(access.open_case(people["intake"], signed))
        log_seals.seal_log()
        assert anchors.anchor() == 1
        assert problems(restored=[4]) == ()
        with owner() as cursor:
            cursor.execute("UPDATE imr_logsealrow SET digest = %s WHERE number = 2", ["0" * 64])
        assert any("seal 2 is not the one that anchor 4" in one for one in problems(restored=[4]))


def test_a_cut_that_is_stated_as_a_restore_is_found(signed):
    end = len(rows.chain(signed))
    with owner() as cursor:
        cursor.execute('DELETE FROM imr_eventrow WHERE "case" = %s AND number = %s', [signed, end])
    rows.refresh(signed)
    call_command("anchors", "restored", stdout=io.StringIO())
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"the anchor 2 of .* lost 1 heads .* give --restored 2") as caught:
        call_command("verify", stdout=said)
    assert caught.value.returncode == 6
    assert f"declares as lost:\n  case {signed}, event {end}\n" in said.getvalue()
    said = verified("--restored", "2")
    assert f"declares as lost:\n  case {signed}, event {end}\n" in said, "an acknowledged loss is listed too"
    assert "Nothing is wrong." in said
    with pytest.raises(CommandError, match="no anchor outside has the number 3"):
        call_command("verify", "--restored", "2", "--restored", "3")
    with later(hours=1):
        call_command("anchors", "restored", stdout=io.StringIO())
        assert len(anchors.read_anchors()[0]) == 3
        assert problems(restored=[2]) == (), "what is declared already is not declared again"


def test_a_head_that_came_back_after_its_loss_is_held_to_again(signed):
    end = len(rows.chain(signed))
    with owner() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE tail AS SELECT * FROM imr_eventrow WHERE "case" = %s AND number = %s', [signed, end]
        )
        cursor.execute('DELETE FROM imr_eventrow WHERE "case" = %s AND number = %s', [signed, end])
    anchors.restore()
    with owner() as cursor:
        cursor.execute("INSERT INTO imr_eventrow SELECT * FROM tail")
    rows.refresh(signed)
    anchors.restore()
    assert problems(restored=[2]) == ()
    with owner() as cursor:
        cursor.execute('DELETE FROM imr_eventrow WHERE "case" = %s AND number = %s', [signed, end])
    rows.refresh(signed)
    assert [one for one in problems(restored=[2]) if f"the chain ends with event {end - 1}, and anchor 3" in one]


def test_an_anchor_kept_while_the_site_is_verified_is_no_problem(signed, people, monkeypatch):
    read = anchors.read_anchors

    def busy(keys=()):
        found = read(keys)
        story.receive(people)
        with later(hours=1):
            assert anchors.anchor() == 1
        return found

    monkeypatch.setattr(anchors, "read_anchors", busy)
    assert problems() == ()


@pytest.mark.django_db(transaction=True)
def test_a_step_while_its_case_is_verified_is_no_problem(people, monkeypatch):
    number = story.receive(people)
    assert anchors.anchor() == 1
    read, stepped = rows.chain, []

    def busy(asked):
        found = read(asked)
        if not stepped:
            stepped.append(asked)
            step = Thread(target=elsewhere)
            step.start()
            step.join()
        return found

    def elsewhere():
        try:
            CaseRow.objects.filter(number=number).update(stage=Stage.SIGNED.name)
        finally:
            connection.close()

    monkeypatch.setattr(rows, "chain", busy)
    assert problems() == ()
    assert stepped == [number]
    assert [one for one in problems() if "its row is not what its events say (stage)" in one]


def test_the_outside_that_does_not_answer_is_a_problem_and_is_made_up_for(signed, monkeypatch):
    with later(hours=1):
        with monkeypatch.context() as patched:
            patched.setattr(type(storage_of("anchors")), "put", unreachable)
            actions.run_maintenance()
        assert FailureRow.objects.filter(task="anchors", over_at=None).exists()
        assert AnchorRow.objects.filter(kept_at=None).count() == 1
    with later(hours=1, minutes=5):
        assert actions.run_maintenance()["anchors kept outside"] == 1
        assert not FailureRow.objects.filter(task="anchors", over_at=None).exists()
        assert problems() == ()


def unreachable(*_):
    raise storage.StorageUnreachable("the place of anchors does not answer")


def test_maintenance_seals_and_anchors(people):
    number = story.receive(people)
    access.case(access.open_case(people["intake"], number))
    entries = ViewRow.objects.count()
    done = actions.run_maintenance()
    assert (done["entries of the audit log sealed"], done["anchors kept outside"]) == (entries, 1)
    assert problems() == ()
    assert actions.run_maintenance()["entries of the audit log sealed"] == 0


def test_the_command_says_what_is_wrong_and_ends_with_6(signed):
    said = io.StringIO()
    call_command("verify", stdout=said)
    assert "1 cases, " in said.getvalue()
    assert "Nothing is wrong." in said.getvalue()
    said = io.StringIO()
    call_command("anchors", "key", stdout=said)
    call_command("verify", "--key", said.getvalue().strip(), "--quick")
    with pytest.raises(CommandError, match="it is signed by an unknown key"):
        call_command("verify", "--key", "00" * 32)
    with owner() as cursor:
        cursor.execute("UPDATE imr_eventrow SET at = at - interval '1 hour' WHERE number = 1")
    with pytest.raises(CommandError, match="event 1 was changed after it was recorded") as caught:
        call_command("verify")
    assert caught.value.returncode == 6


def test_a_lost_key_stops_the_anchors_until_a_new_one_is_made(signed, settings, tmp_path):
    old = signing_key.public(signing_key.load())
    settings.ANCHOR_KEY = tmp_path / "key"
    with later(hours=1):
        with pytest.raises(Damaged, match="the key that signs anchors is missing"):
            anchors.anchor()
        said = io.StringIO()
        call_command("anchors", "new-key", stdout=said)
        assert anchors.anchor() == 1
        assert problems(keys=[old, said.getvalue().strip()]) == ()
        assert len(problems()) > 0, "the new key alone did not sign the first anchor"


def test_the_digest_of_one_anchor_a_day_is_mailed_and_proves_the_anchors(people, settings):
    settings.ANCHOR_MAIL = "audit@example.org"
    with time_machine.travel("2026-11-30T09:00-08:00", tick=False):
        story.receive(people)
        assert anchors.anchor() == 1
        with later(hours=1):
            assert anchors.anchor() == 1
        (mail,) = OutboxRow.objects.filter(address="audit@example.org")
        digest = re.search("^digest ([0-9a-f]{64})$", mail.text, re.MULTILINE).group(1)
        assert problems(known=[digest]) == ()
        call_command("verify", "--anchor", digest)
        # whoever holds the key and the place outside writes all anchors again
        Path(storage_of("anchors").path("00000/00000001.json")).unlink()
        Path(storage_of("anchors").path("00000/00000002.json")).unlink()
        AnchorRow.objects.all().delete()
        AnchoredCaseRow.objects.all().delete()
        with later(minutes=5):
            assert anchors.anchor() == 1
            assert problems() == ()
            assert problems(known=[digest]) == (f"no anchor outside has the digest {digest}",)
    with later(days=2):
        anchors.anchor()
        assert OutboxRow.objects.filter(address="audit@example.org").count() >= 2


def test_anchors_are_kept_in_a_bucket(people, server, keys, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "anchors": storage.anchors(
            f"s3://{s3.NAME}/anchors", None, {"IMR_S3_ENDPOINT": server.line.address, "IMR_S3_REGION": "us-east-1"}
        ),
    }
    story.receive(people)
    assert anchors.anchor() == 1
    assert "anchors/00000/00000001.json" in server.inside
    assert problems() == ()


@pytest.mark.django_db(transaction=True)
def test_no_seal_is_made_past_an_entry_that_another_process_has_not_committed(monkeypatch):
    monkeypatch.setattr(log_seals, "WAITS", (50,))

    def entry(thing):
        return ViewRow(at=clock.now(), role="intake", case="CM26-1", thing=thing)

    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:  # as another process writes, with a lower id than the entry after it
            cursor.execute(
                'INSERT INTO imr_viewrow (at, role, "case", thing, digest, action, cases, address, device, session, detail) '
                "VALUES (now(), 'intake', 'CM26-1', 'first', '', 'look', '{}', '', '', '', '')"
            )
        entry("second").save()
        assert log_seals.seal_log() == 0
        other.commit()
    finally:
        other.close()
    assert log_seals.seal_log() == 2
    assert [row.thing for row in ViewRow.objects.order_by("pk")] == ["first", "second"]
    assert list(log_seals.verify_log()) == []


@pytest.mark.django_db(transaction=True)
def test_writers_who_come_without_a_pause_do_not_keep_the_log_from_being_sealed(monkeypatch):
    """The second begins while the first still writes: it waits behind the seal, which comes as soon as the first has ended."""
    monkeypatch.setattr(log_seals, "WAITS", (60_000,))
    written = (
        'INSERT INTO imr_viewrow (at, role, "case", thing, digest, action, cases, address, device, session, detail) '
        "VALUES (now(), 'intake', 'CM26-1', %s, '', 'look', '{}', '', '', '', '')"
    )
    sealed = []

    def seal():
        sealed.append(log_seals.seal_log())
        connection.close()

    def write():
        with connection.cursor() as cursor:  # of this thread
            cursor.execute(written, ["second"])
        connection.close()

    def waiting(count):
        with connection.cursor() as cursor:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone()[0] == count:
                    return
        raise AssertionError(f"{count} wait for the lock")

    first = connection.copy()
    first.set_autocommit(False)
    with first.cursor() as cursor:
        cursor.execute(written, ["first"])
    threads = [threading.Thread(target=seal), threading.Thread(target=write)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        waiting(number)
    first.commit()
    first.close()
    for thread in threads:
        thread.join()
    assert sealed[0] >= 1
    assert [row.thing for row in ViewRow.objects.order_by("pk")] == ["first", "second"]
    log_seals.seal_log()
    assert list(log_seals.verify_log()) == []
