"""Mail: kept with the event, sent by maintenance alone, tried again with growing pauses, and never given up unseen."""

import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.db import connection, connections
from django.test import Client
from tests.factories import story

from imr.case.state import Stage
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.models import MembershipRow, OutboxRow
from imr.web.platform import clock
from imr.web.platform.periods import MAIL_PAUSES
from imr.web.store import notifications

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LONG = timedelta(days=30)


class Refusing(Memory):
    """A server that takes no message for one address, and all others."""

    address = ""
    error: Exception = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})

    def send_messages(self, messages):
        if any(self.address in message.to for message in messages):
            raise self.error
        return super().send_messages(messages)


class Away(Memory):
    """A server that is not there."""

    error: Exception = ConnectionRefusedError()

    def open(self):
        raise self.error


@pytest.fixture
def people(db):
    found = story.cast()
    for who in found.values():
        accounts.give_second_factor(who)
    return found


@pytest.fixture
def waiting(people) -> list[OutboxRow]:
    """Messages to the parties of a case that has come in."""
    story.receive(people)
    rows = list(OutboxRow.objects.order_by("pk"))
    assert len(rows) >= 3
    return rows


@pytest.fixture
def deaf():
    """A mail server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def to_the_deaf(settings, deaf):
    settings.MAIL_TRANSPORT = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", deaf, 0.2


@pytest.mark.django_db(transaction=True)
def test_a_step_writes_its_mail_and_waits_for_no_server(monkeypatch):
    """Taken in transactions that are really committed: what a commit sets off is tried too."""
    people = story.cast()
    monkeypatch.setattr(notifications, "get_connection", lambda _: pytest.fail("a step asked for a mail server"))
    monkeypatch.setattr(EmailMessage, "send", lambda *_, **__: pytest.fail("a step sent mail"))
    story.to(Stage.ASSIGNED, people)
    assert OutboxRow.objects.filter(sent_at__isnull=True, attempts=0).count() > 5


def test_what_an_account_is_told_waits_for_no_server_either(people, settings, to_the_deaf):
    settings.EMAIL_BACKEND = "imr.web.store.notifications.EmailBackend"
    asked = Client().post("/account/password/reset/", {"email": "ada@example.com"})
    assert asked.status_code == 302
    row = OutboxRow.objects.get()
    assert (row.address, row.person, row.case, row.attempts) == ("ada@example.com", None, "", 0)
    assert "/account/password/reset/key/" in row.text
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert notifications.send_pending() == 1
    assert "/account/password/reset/key/" in mail.outbox[0].body
    row.refresh_from_db()
    assert row.text == ""  # the link is nobody's to find in a table


def test_nothing_is_sent_inside_a_transaction(waiting, monkeypatch):
    """Each message is claimed and committed before a server hears of it."""
    depth = len(connection.savepoint_ids)
    seen = []

    def send(self, **_):
        seen.append(len(connection.savepoint_ids) - depth)
        row = OutboxRow.objects.get(person__email=self.to[0])
        assert row.next_at > clock.now()
        assert row.attempts == 1

    monkeypatch.setattr(EmailMessage, "send", send)
    assert notifications.send_pending() == len(waiting) == len(seen)
    assert set(seen) == {0}


def test_a_deaf_server_costs_a_round_one_try_and_leaves_the_rest_alone(waiting, to_the_deaf):
    done = actions.run_maintenance()
    assert done["messages"] == 0
    tried = OutboxRow.objects.filter(attempts=1)
    assert tried.get().problem == "the mail server did not answer within 0.2 seconds"
    assert OutboxRow.objects.filter(attempts=0).count() == len(waiting) - 1


def speaking(server, answers, heard):
    """Answer each line of a client by its first word; an answer of nothing breaks the connection off."""
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line, line.makefile("rb") as lines:
            said = answers.get("", "220 here")
            line.sendall(f"{said}\r\n".encode())
            for got in lines:
                word = got.split()[0].decode().upper().partition(":")[0] if got.split() else ""
                heard.append(got.decode().strip())
                said = answers.get(word, {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 fine"))
                if not said:
                    break
                line.sendall(f"{said}\r\n".encode())
                if said.startswith("354"):
                    while lines.readline().strip() != b".":
                        pass
                    line.sendall(f"{answers.get('.', '250 taken')}\r\n".encode())


@pytest.mark.parametrize(
    ("answers", "problem", "others_are_tried"),
    [
        ({}, "", True),
        ({"RCPT": "550 no such user"}, "the mail server refused the address (550)", True),
        ({"RCPT": "421 later"}, "the mail server refused the address (421)", True),
        ({".": "552 too large"}, "the mail server refused the message (552)", True),
        ({"": "554 not you"}, "the mail server refused the message (554)", False),
        ({"MAIL": "530 sign in first"}, "the mail server refused the sender IMR_MAIL_FROM (530)", False),
        ({"MAIL": ""}, "the mail server closed the connection", False),
        ({"QUIT": ""}, "", True),
    ],
)
def test_what_a_server_says_decides_about_one_message_or_the_round(
    waiting, settings, answers, problem, others_are_tried
):
    settings.MAIL_TRANSPORT, settings.EMAIL_USE_TLS = SMTP, False
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        thread = threading.Thread(target=speaking, args=(server, answers, heard))
        thread.start()
        try:
            sent = notifications.send_pending()
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()
    assert sent == (0 if problem else len(waiting))
    tried = OutboxRow.objects.filter(attempts=1)
    assert tried.count() == (len(waiting) if others_are_tried else 1)
    assert set(tried.values_list("problem", flat=True)) == {problem}
    if not problem:
        addresses = sorted(
            line.lower().partition("<")[2].rstrip(">") for line in heard if line.lower().startswith("rcpt")
        )
        assert addresses == sorted(row.person.email for row in waiting)
        assert sum(line.upper().startswith("EHLO") for line in heard) == 1, "one connection a round"


def test_a_server_without_tls_is_told_what_to_set(waiting, settings):
    settings.MAIL_TRANSPORT, settings.EMAIL_USE_TLS = SMTP, True
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        thread = threading.Thread(target=speaking, args=(server, {}, []))
        thread.start()
        try:
            assert notifications.send_pending() == 0
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()
    assert "check IMR_MAIL_TLS" in OutboxRow.objects.get(attempts=1).problem


def test_a_round_ends_when_its_time_is_up(waiting):
    assert notifications.send_pending(seconds=0) == 0
    assert notifications.send_pending() == len(waiting)


def test_a_server_that_is_away_burns_no_tries_and_all_goes_out_when_it_is_back(waiting, settings):
    settings.MAIL_TRANSPORT = f"{__name__}.Away"
    for _ in range(20):
        notifications.send_pending()
    assert OutboxRow.objects.filter(attempts=1).count() == len(waiting)
    assert OutboxRow.objects.filter(next_at__isnull=False).count() == len(waiting)
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    with clock.frozen_at(clock.now() + MAIL_PAUSES[0]):
        assert notifications.send_pending() == len(waiting)


@pytest.mark.parametrize(
    "error", [Refusing.error, smtplib.SMTPDataError(552, b"too large"), UnicodeEncodeError("ascii", "é", 0, 1, "no")]
)
def test_a_message_that_is_refused_holds_up_no_other(waiting, settings, monkeypatch, error):
    monkeypatch.setattr(Refusing, "address", waiting[0].person.email)
    monkeypatch.setattr(Refusing, "error", error)
    settings.MAIL_TRANSPORT = f"{__name__}.Refusing"
    assert notifications.send_pending() == len(waiting) - 1
    row = OutboxRow.objects.get(sent_at__isnull=True)
    assert row.pk == waiting[0].pk
    assert row.problem


def test_pauses_grow_and_then_a_person_is_asked_on_a_page(people, waiting, settings, monkeypatch):
    assert list(MAIL_PAUSES) == sorted(MAIL_PAUSES)
    slowest = 20 * settings.EMAIL_TIMEOUT  # a server that answers each line at the last moment
    assert MAIL_PAUSES[0] > timedelta(seconds=slowest)
    monkeypatch.setattr(Refusing, "address", waiting[0].person.email)
    settings.MAIL_TRANSPORT = f"{__name__}.Refusing"
    at = clock.now()
    for pause in MAIL_PAUSES:
        with clock.frozen_at(at):
            notifications.send_pending()
            row = OutboxRow.objects.get(pk=waiting[0].pk)
            assert row.next_at == at + pause
            assert notifications.send_pending() == 0  # not before its time
        at += pause
    with clock.frozen_at(at):
        notifications.send_pending()
    with clock.frozen_at(at + LONG):
        assert notifications.send_pending() == 0
        office = story.client(people["coordinator"])
        assert "1 message did not go out." in office.get("/imro/").content.decode()
        page = " ".join(office.get("/imro/mail/").content.decode().split())
        assert "Waiting for you" in page
        assert waiting[0].person.email in page
        assert "The mail server refused the address (550). 9 attempts." in page
        monkeypatch.setattr(Refusing, "address", "nobody")
        answer = office.post("/imro/mail/", {"message": str(waiting[0].pk)}, follow=True)
        assert "1 message is tried in the next round" in answer.content.decode()
        assert notifications.send_pending() == 1
        assert "Every message went out" in office.get("/imro/mail/").content.decode()
        assert "did not go out" not in office.get("/imro/").content.decode()


def test_all_are_tried_again_by_one_button(people, waiting, settings):
    settings.MAIL_TRANSPORT = f"{__name__}.Away"
    for _ in waiting:
        notifications.send_pending()
    office = story.client(people["coordinator"])
    page = " ".join(office.get("/imro/mail/").content.decode().split())
    assert f"Tried again by the site <small>({len(waiting)})</small>" in page
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert notifications.send_pending() == 0
    office.post("/imro/mail/", {"message": "all"})
    assert notifications.send_pending() == len(waiting)


def test_a_maintenance_that_does_not_run_is_said_on_the_page(people, waiting):
    with clock.frozen_at(clock.now() + notifications.FORGOTTEN + timedelta(minutes=1)):
        page = story.client(people["coordinator"]).get("/imro/mail/").content.decode()
    assert page.count("Not tried yet") == len(waiting)


def test_mail_that_did_not_go_out_is_for_coordinators_alone(people, waiting):
    for name, who in people.items():
        may = Role.COORDINATOR.value in who.roles
        browser = story.client(who)
        assert (browser.get("/imro/mail/").status_code == 200) == may, name
        assert (browser.post("/imro/mail/", {"message": "all"}).status_code == 302) == may, name
    assert Client().get("/imro/mail/").status_code == 302


def test_a_sender_that_is_killed_leaves_a_message_that_is_tried_again(waiting, monkeypatch):
    def killed(self, **_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            notifications.send_pending()
    row = OutboxRow.objects.get(attempts=1)
    assert "not finished" in row.problem
    with clock.frozen_at(row.next_at):
        assert notifications.send_pending() == len(waiting)


@pytest.mark.django_db(transaction=True)
def test_several_maintenance_processes_send_each_message_once(monkeypatch):
    story.receive(story.cast())
    count = OutboxRow.objects.count()
    begin, sent = threading.Barrier(4), []
    monkeypatch.setattr(EmailMessage, "send", lambda self, **_: sent.append(self.to[0]))

    def go():
        begin.wait()
        notifications.send_pending()
        connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(sent) == sorted(OutboxRow.objects.values_list("person__email", flat=True))
    assert len(sent) == count


def test_the_list_of_mail_asks_the_database_for_one_page(people, waiting, django_assert_max_num_queries):
    person = waiting[0].person
    OutboxRow.objects.bulk_create(
        OutboxRow(
            case=waiting[0].case,
            event=100 + n,
            person=person,
            subject="s",
            text="t",
            created_at=clock.now(),
            attempts=9,
        )
        for n in range(300)
    )
    assert MembershipRow.objects.exists()
    office = story.client(people["coordinator"])
    with django_assert_max_num_queries(16):
        page = office.get("/imro/mail/?stopped=2").content.decode()
    assert "Page 2 of 6" in page
    assert access.mail(people["coordinator"]).due == len(waiting)
