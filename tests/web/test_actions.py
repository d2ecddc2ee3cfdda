"""Writing: one step, one transaction, or nothing."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.http import Http404
from tests.factories import story

from imr.case.chain import verify
from imr.case.state import Stage
from imr.errors import Refused, Unreadable
from imr.law.terms import RecordKind, Role
from imr.web import access, actions
from imr.web.models import CaseRow, DocumentRow, EventRow, OutboxRow
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactor, SecondFactorExpired
from imr.web.store import notifications
from imr.web.store.documents import Upload


@pytest.fixture
def people(db):
    return story.cast()


def test_a_case_goes_from_application_to_publication(people):
    number = story.to(Stage.PUBLISHED, people)
    row = CaseRow.objects.get(pk=number)
    assert (row.stage, row.outcome, row.employee) == ("PUBLISHED", "overturned", "Ada Invented")
    verify(access.events(access.open_case(people["coordinator"], number)))
    verify(access.events(access.open_case(people["employee"], number)))
    assert [line.number for line in access.published()] == [number]
    assert access.public_determination(number).issues


def test_numbers_follow_each_other_and_one_that_exists_is_refused(people):
    first, second = story.receive(people), story.receive(people)
    assert first.startswith(f"CM{clock.today():%y}-")
    assert int(second[-7:]) == int(first[-7:]) + 1
    with pytest.raises(Refused, match="exists already"):
        story.receive(people, number=first)
    assert story.receive(people, number="CM26-0099999") == "CM26-0099999"


@pytest.mark.parametrize("number", ["", "a/b", "<b>", "..", "a\0b", "9" * 41, "CM26-1\n"])
def test_a_number_that_no_address_can_hold_is_refused(people, number):
    with pytest.raises(Refused, match="letters, hyphens and at least one digit"):
        story.receive(people, number=number)
    assert not EventRow.objects.exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ur_decided_on": story.days_ago(500), "ur_served_on": story.days_ago(500)}, "injury"),
        ({"ur_served_on": story.days_ago(30)}, "served before it was made"),
        ({"signed_on": story.days_ago(-3)}, "future"),
        ({"treatments": ()}, "treatment"),
    ],
)
def test_an_application_that_cannot_be_is_refused_and_nothing_is_kept(people, changed, says):
    with pytest.raises(Refused, match=says):
        story.receive(people, **changed)
    assert not EventRow.objects.exists()
    assert not DocumentRow.objects.exists()
    assert not CaseRow.objects.exists()


def test_a_step_by_the_wrong_role_or_out_of_order_is_refused(people):
    number = story.receive(people)
    with pytest.raises(Refused, match="only the intake"):
        actions.perform("decide-eligibility", people["employee"], number)
    with pytest.raises(Refused, match="at the stage"):
        actions.perform("pass-draft", people["quality"], number)
    with pytest.raises(Refused, match="no step is called"):
        actions.perform("approve", people["intake"], number)
    assert EventRow.objects.count() == 1


def test_a_case_of_others_is_not_there(people):
    number = story.receive(people)
    for who in ("other employee", "other adjuster", "reviewer"):
        with pytest.raises(Http404):
            actions.perform("withdraw-application", people[who], number, {"letter": story.upload("letter")})
    with pytest.raises(Http404):
        actions.perform("decide-eligibility", people["intake"], "CM26-0000000")


@pytest.mark.parametrize("seen", ["²", "9" * 5000, "-1"])
def test_a_page_that_sends_back_no_number_is_taken_for_the_newest(people, seen):
    number = story.receive(people)
    sent = {"send": "1", "seen": seen, "letter-text": "I withdraw my application."}
    answer = story.client(people["employee"]).post(f"/cases/{number}/withdraw-application/", sent)
    assert answer.status_code == 302, answer.content.decode()


def test_who_looked_at_an_older_case_is_told_to_reload(people):
    number = story.receive(people)
    seen = access.case(access.open_case(people["intake"], number)).events
    story.decide_eligibility(people["division"], number)
    with pytest.raises(Refused, match="somebody else has just changed this case \\(found eligible\\): reload"):
        actions.perform("decide-eligibility", people["intake"], number, seen=seen)


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (Upload(name="report.pdf", data=b""), "empty"),
        (Upload(name="report.docx", data=b"PK\x03\x04..."), "not a PDF"),
        (Upload(name="report.pdf", data=b"%PDF-1.7\nnothing more"), "report.pdf"),
        (Upload(name="note.txt", data="año".encode("latin-1")), "UTF-8"),
        (Upload(name="note.txt", data=b"a\0b"), "plain text"),
    ],
)
def test_what_is_not_a_document_is_refused_and_nothing_is_kept(people, upload, says):
    number = story.to(Stage.ASSIGNED, people)
    kept = DocumentRow.objects.count()
    with pytest.raises(Unreadable, match=says):
        actions.perform(
            "receive-records",
            people["adjuster"],
            number,
            {"records": (upload,), "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()},
        )
    assert DocumentRow.objects.count() == kept


def test_a_sound_pdf_is_looked_at_in_a_child_and_kept_with_its_pages(people):
    number = story.to(Stage.ASSIGNED, people)
    actions.perform(
        "receive-records",
        people["adjuster"],
        number,
        {
            "records": (Upload(name="sound.pdf", data=story.pdf("sound"), kind=RecordKind.IMAGING),),
            "sender": Role.CLAIMS_ADMINISTRATOR,
            "received_on": clock.today(),
        },
    )
    assert DocumentRow.objects.get(kind="imaging").pages == 1


def test_an_encrypted_pdf_is_refused_with_the_way_out(people):
    from io import BytesIO

    import pikepdf

    made, buffer = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    number = story.to(Stage.ASSIGNED, people)
    with pytest.raises(Unreadable, match="password"):
        actions.perform(
            "receive-records",
            people["adjuster"],
            number,
            {
                "records": (Upload(name="locked.pdf", data=buffer.getvalue(), kind=RecordKind.IMAGING),),
                "sender": Role.CLAIMS_ADMINISTRATOR,
                "received_on": clock.today(),
            },
        )


def test_a_signature_needs_a_fresh_second_factor(people):
    number = story.to(Stage.PASSED, people)
    who = people["reviewer"]
    for factor in (None, SecondFactor(how="totp", at=clock.now() - timedelta(minutes=11))):
        who.second_factor = factor
        with pytest.raises(SecondFactorExpired, match="second factor"):
            actions.perform("sign-determination", who, number)
    who.second_factor = SecondFactor(how="webauthn", at=clock.now())
    signed = actions.perform("sign-determination", who, number)
    assert signed.event.second_factor == "webauthn"


def test_facts_that_are_missing_or_unknown_are_named(people):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    with pytest.raises(Refused, match="Specialties"):
        actions.perform("assign-reviewer", people["coordinator"], number, {"reviewer": "R00001"})
    with pytest.raises(Refused, match="this step has no colour"):
        actions.perform("assign-reviewer", people["coordinator"], number, {"colour": "red"})
    with pytest.raises(Refused, match="no reviewer R9"):
        actions.perform(
            "assign-reviewer", people["coordinator"], number, {"reviewer": "R9", "specialties": (story.SPECIALTY,)}
        )


def test_offers_are_what_would_not_be_refused_for_role_or_stage(people):
    number = story.to(Stage.RECORDS_COMPLETE, people)
    offered = {step.name for step in actions.offers(people["coordinator"], number)}
    assert "assign-reviewer" in offered
    assert "complete-records" not in offered
    assert actions.offers(people["other employee"], number) == ()


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_exactly_one_wins():
    people = story.cast()
    number = story.to(Stage.RECORDS_COMPLETE, people)
    before = EventRow.objects.filter(case=number).count()
    ready = threading.Barrier(2)
    results = []

    def write(reviewer):
        ready.wait()
        try:
            results.append(
                actions.perform(
                    "assign-reviewer",
                    people["coordinator"],
                    number,
                    {"reviewer": reviewer, "specialties": (story.SPECIALTY,)},
                    seen=before,
                )
            )
        except Refused as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("R00001", "R00002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(results) == 2
    assert len(refusals) == 1
    assert "somebody else has just changed this case" in str(refusals[0])
    assert EventRow.objects.filter(case=number).count() == before + 1
    verify(access.events(access.open_case(people["coordinator"], number)))


@pytest.mark.django_db(transaction=True)
def test_of_two_applications_of_one_number_at_once_exactly_one_is_kept():
    people = story.cast()
    ready = threading.Barrier(2)
    results = []

    def write():
        ready.wait()
        try:
            results.append(story.receive(people, number="CM26-0000007"))
        except Refused as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert EventRow.objects.filter(case="CM26-0000007").count() == 1


def test_mail_says_that_there_is_news_and_never_what(people):
    number = story.to(Stage.ISSUED, people)
    notifications.send_pending()
    assert not OutboxRow.objects.filter(sent_at__isnull=True).exists()
    to = [address for message in mail.outbox for address in message.to]
    assert {"ada@example.com", "dan@example.com", "eve@example.com", "bea@example.com"} <= set(to)
    assert not {"other-ada@example.com", "other-eve@example.com", "other-rev@example.com"} & set(to)
    for message in mail.outbox:
        assert number in message.subject
        text = (message.subject + message.body).lower()
        assert not any(word in text for word in ("overturned", "therapy", "pain", "zanzibarski", "invented joint"))
    count = len(mail.outbox)
    assert notifications.send_pending() == 0
    assert len(mail.outbox) == count


def test_the_row_of_a_case_is_what_its_events_come_to(people):
    number = story.to(Stage.ISSUED, people)
    kept = CaseRow.objects.filter(pk=number).values().get()
    CaseRow.objects.filter(pk=number).update(stage="RECEIVED", employee="Somebody Else")
    actions.rebuild()
    assert CaseRow.objects.filter(pk=number).values().get() == kept


def test_the_clock_notes_overdue_records_once(people, monkeypatch):
    number = story.to(Stage.ELIGIBLE, people)
    story.assign(people, number)
    assert actions.run_clock_steps(number) == ()
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    (noted,) = actions.run_clock_steps(number)
    assert noted.event.kind == "records-overdue"
    assert noted.by.role is Role.CLOCK
    assert actions.run_clock_steps(number) == ()


def test_the_embedded_server_is_asked_for_a_lock_a_case(people):
    story.receive(people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 1
