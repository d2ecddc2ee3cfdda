"""What the site refuses, and in which words: facts that a step lacks, notes, parties, mail that does not go out."""

import smtplib
import ssl
from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils.safestring import mark_safe

from imr.case.chain import replay
from imr.case.context import Actor, StepContext
from imr.errors import Refused
from imr.law.terms import Role
from imr.web.actions import notes, parties
from imr.web.actions.provided_facts import SiteFacts
from imr.web.models import NoteRow
from imr.web.platform import clock, formatting
from imr.web.store import cases, notifications
from imr.web.templatetags import imr as tags


@pytest.fixture
def facts(people, number):
    """The facts of a step of a case under review, which nothing came with."""
    context = StepContext(actor=Actor(role=Role.COORDINATOR, id="somebody"), at=clock.now())
    chain = cases.chain(number)
    return SiteFacts(context=context, case=replay(chain), stated={}, user=people["coordinator"], history=chain)


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        ("bundle", "the case file is being bundled in the background: wait a minute, then try again"),
        ("message", "the system records service by e-mail itself"),
        ("new_draft_checks", "there is no draft yet: write one first"),
        ("draft", "there is no draft yet: write one first"),
        (
            "earlier_case",
            "there is no case of no number that you may see: give the number of the case that was reversed",
        ),
    ],
)
def test_a_fact_that_is_not_there_is_refused_with_what_to_do(facts, fact, says):
    with pytest.raises(Refused, match=says):
        getattr(facts, fact)()


def test_a_note_is_neither_empty_nor_of_any_length(people, number):
    for text in ("", "  \n", "x" * (notes.NOTE + 1)):
        with pytest.raises(Refused, match=f"a note has 1 to {notes.NOTE} characters"):
            notes.note(people["reviewer"], number, "0" * 64, 1, text)
    with pytest.raises(Http404):
        notes.note(people["reviewer"], number, "0" * 64, 1, "on a page of no file")
    with pytest.raises(Http404):
        notes.remove_note(people["reviewer"], number, 1)
    assert not NoteRow.objects.exists()


def test_only_a_role_of_a_party_is_named_as_one(people, number):
    with pytest.raises(Refused, match="reviewer is not a party of a case: choose one of employee,"):
        parties.name_party(people["intake"], number, Role.REVIEWER, people["reviewer"].email)
    with pytest.raises(Refused, match=r"no account nobody@example\.org has the role employee: check the spelling"):
        parties.name_party(people["intake"], number, Role.EMPLOYEE, " nobody@example.org ")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}), "refused the address (550)"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "refused IMR_MAIL_USER or IMR_MAIL_PASSWORD (535)"),
        (smtplib.SMTPSenderRefused(553, b"no", "imr@example.org"), "refused the sender IMR_MAIL_FROM (553)"),
        (smtplib.SMTPDataError(554, b"a@example.org is spam"), "refused the message (554)"),
        (smtplib.SMTPNotSupportedError("STARTTLS"), "offers no TLS or no sign-in"),
        (smtplib.SMTPServerDisconnected("read timed out"), "did not answer within"),
        (smtplib.SMTPServerDisconnected("please run connect() first"), "closed the connection"),
        (ssl.SSLError("certificate verify failed"), "no encrypted connection to the mail server"),
        (ConnectionRefusedError("refused"), "no mail server answers at mail.example.org, port"),
    ],
)
def test_mail_that_does_not_go_out_says_what_to_correct_and_no_address(settings, error, says):
    settings.EMAIL_HOST = "mail.example.org"
    said = notifications._said(error)
    assert says in said
    assert "a@example.org" not in said


def test_mail_into_a_folder_that_cannot_be_written_says_so(settings):
    settings.EMAIL_HOST = ""
    assert notifications._said(OSError("read-only")) == "the folder for mail cannot be written to"


def test_what_has_no_deadline_is_neither_late_nor_soon():
    assert (tags.days_left(None), tags.urgency(None)) == ("", "")
    late = clock.today() - timedelta(days=2)
    assert (tags.days_left(late), tags.urgency(late)) == ("2 days late", "late")
    assert tags.days_left(late + timedelta(days=1)) == "1 day late"


def test_a_rule_of_an_older_law_is_named_by_its_name():
    assert tags._titles("app-signed-then") == "app-signed-then"
    assert tags._titles("day-count, app-signed-then") == "How days are counted; app-signed-then"


def test_answers_and_words_are_shown_as_people_write_them():
    assert [formatting.capitalized(value) for value in (True, False, Role.EMPLOYEE, "MRI of it")] == [
        "Yes", "No", "Employee", "MRI of it",
    ]  # fmt: skip
    assert formatting.capitalized(mark_safe("<b>as it is</b>")) == "<b>as it is</b>"
    assert formatting.format_value((True, date(2015, 3, 10))) == "Yes, Tue, Mar 10, 2015"
    assert formatting.to_initial("no value with fields") == {}
