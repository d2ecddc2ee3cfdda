"""What is typed and not sent yet: saved as it is, by version, its owner's alone, and never thrown away by a session's end."""

import secrets
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.http import Http404
from django.test import Client
from tests.factories import story

from imr.case.chain import record
from imr.case.context import Actor, StepContext
from imr.case.digests import digest
from imr.case.events import DraftSaved
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import RecordKind, Role
from imr.plain import canonical
from imr.web import access, accounts, actions
from imr.web.actions.working_copies import discard_old
from imr.web.models import DocumentRow, EventRow, WorkingCopyRow
from imr.web.platform import clock
from imr.web.platform.periods import WORKING_COPIES
from imr.web.store import cases, documents

SCRIPT = {"X-Requested-With": "fetch"}


def client(person, **how):
    if not person.is_staff:
        accounts.give_second_factor(person)
    found = Client(**how)
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def reviewer(people):
    return people["reviewer"]


@pytest.fixture
def desk(reviewer, number):
    """The reviewer's browser and the addresses of the draft."""
    return client(reviewer), f"/cases/{number}/draft/", f"/cases/{number}/draft/saved/"


def test_a_working_copy_is_its_owners_and_counts_its_versions(people, reviewer):
    other = people["other reviewer"]
    assert access.working_copy(reviewer, "form", "1").version == 0
    assert actions.save_working_copy(reviewer, "form", "1", {"a": "x"}, 0).version == 1
    assert actions.save_working_copy(reviewer, "form", "1", {"a": "x"}, 0).version == 1, "sent again, not heard"
    assert actions.save_working_copy(reviewer, "form", "1", {"a": "y"}, 1).version == 2
    with pytest.raises(access.Outdated) as caught:
        actions.save_working_copy(reviewer, "form", "1", {"a": "z"}, 1)
    assert (caught.value.saved.version, caught.value.saved.content) == (2, {"a": "y"})
    assert access.working_copy(other, "form", "1").content is None
    assert actions.save_working_copy(other, "form", "1", {"a": "o"}, 0).version == 1
    assert access.working_copy(reviewer, "form", "1").content == {"a": "y"}
    assert access.browser_key(reviewer) != access.browser_key(other)
    assert access.browser_name(reviewer, "form", "1") != access.browser_name(other, "form", "1")


def test_a_draft_is_saved_without_a_decision_and_is_no_event(people, reviewer, number, desk):
    browser, page, saved = desk
    before = EventRow.objects.count(), DocumentRow.objects.count()
    answer = browser.post(saved, {"summary": "Sum.\r\nTwo.", "rationale_1": "Because\x00.", "version": "0"})
    assert answer.json().keys() >= {"version", "saved", "name", "token"}
    assert answer.json()["version"] == 1
    assert story.written(reviewer, number)["rationale_1"] == "Because."
    assert (EventRow.objects.count(), DocumentRow.objects.count()) == before
    shown = browser.get(page)
    assert "Because." in shown.content.decode()
    assert "Saved " in shown.content.decode()
    assert shown["Cache-Control"] == "no-store, private"
    assert number not in access.browser_name(reviewer, "draft", number)
    assert browser.get(saved).json()["version"] == 1
    for stranger in ("quality", "coordinator", "adjuster", "other reviewer"):
        with pytest.raises(Http404):
            access.working_draft(access.open_case(people[stranger], number))
        assert client(people[stranger]).get(saved).status_code in (403, 404)


def test_a_second_window_is_told_and_shown_both_and_chooses(reviewer, number, desk):
    browser, page, saved = desk
    one = {"summary": "First window.", "rationale_1": "Long work.", "decision_1": "UPHELD"}
    assert browser.post(saved, one | {"version": "0"}).status_code == 200
    late = {"summary": "Second window.", "rationale_1": "Long work.", "decision_1": "OVERTURNED", "version": "0"}
    answer = browser.post(saved, late)
    assert answer.status_code == 409
    part = unescape(answer.json()["conflict"])
    for text in (
        "First window.",
        "Second window.",
        'name="keep-summary"',
        'name="keep-decision_1"',
        "Summary of the case",
    ):
        assert text in part
    assert "Long work." not in part, "what is the same needs no choice"
    assert story.written(reviewer, number)["summary"] == "First window."
    plain = browser.post(page, late | {"send": "1"})
    assert plain.status_code == 409
    assert plain.content.decode().count("Second window.") >= 2, "in its field, and beside the other"
    both = browser.post(page, late | {"merge": "1", "other": "1", "keep-summary": "both", "keep-decision_1": "saved"})
    assert both.status_code == 302
    merged = story.written(reviewer, number)
    assert (merged["summary"], merged["decision_1"]) == ("Second window.\n\nFirst window.", "UPHELD")
    again = browser.post(saved, late | {"merge": "1", "other": "1", "keep-summary": "mine"})
    assert again.status_code == 409, "what was chosen between is not the newest any more"


def test_a_session_that_ended_gives_no_page_into_a_page_and_loses_no_text(reviewer, number, people):
    page, backend = f"/cases/{number}/draft/", "allauth.account.auth_backends.AuthenticationBackend"
    accounts.give_second_factor(reviewer)
    typed = {"summary": "Typed for an hour, and more.", "version": "0", "send": "1"}
    asks = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    token = asks.get("/account/login/").context["csrf_token"]
    typed["csrfmiddlewaretoken"] = str(token)
    for headers in (SCRIPT, {"HX-Request": "true"}):
        answer = asks.post(f"{page}saved/", typed, headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")
        assert "<" not in answer.content.decode()
    assert asks.get(f"/cases/{number}/checks/", headers={"HX-Request": "true"}).status_code == 401
    kept = asks.post(page, typed)
    assert kept.status_code == 401
    assert "You are signed out" in kept.content.decode()
    assert 'name="summary" value="Typed for an hour, and more."' in kept.content.decode()
    assert "csrfmiddlewaretoken" in kept.content.decode()
    assert asks.get(page).status_code == 302, "a page that is opened still leads to the sign-in"

    asks.force_login(reviewer, backend=backend)  # in another window, which changes the token
    stale = typed | {"csrfmiddlewaretoken": "0" * 64}
    script = asks.post(f"{page}saved/", stale, headers=SCRIPT)
    assert (script.status_code, "<" in script.content.decode()) == (403, False)
    again = asks.post(page, stale)
    assert again.status_code == 403
    assert 'value="Typed for an hour, and more."' in again.content.decode()
    fresh = str(again.context["csrf_token"])
    assert asks.post(page, typed | {"csrfmiddlewaretoken": fresh}).status_code == 302
    assert story.written(reviewer, number)["summary"] == "Typed for an hour, and more."
    foreign = asks.post(page, stale, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert "Typed for an hour" not in foreign.content.decode(), "another site's form is not handed a token"
    secret = asks.post("/account/login/", {"login": "a@example.com", "password": "a secret word"})
    assert "a secret word" not in secret.content.decode()


def test_what_is_submitted_is_the_version_that_was_shown(people, reviewer, number, desk):
    browser, page, saved = desk
    drafted = story.draft(number, access.case(access.open_case(reviewer, number)))
    story.write(reviewer, number, drafted)
    confirm = f"/cases/{number}/submit-draft/"
    looked = browser.get(confirm)
    assert looked.context["version"] == 1
    changed = story.written(reviewer, number) | {"summary": "Another summary since."}
    assert browser.post(saved, changed | {"version": "1"}).json()["version"] == 2
    refused = browser.post(confirm, {"send": "1", "version": "1", "seen": looked.context["view"].events})
    assert refused.status_code == 409
    assert "changed in another window" in refused.content.decode()
    assert "Another summary since." in refused.content.decode()
    assert browser.post(confirm, {"send": "1", "seen": looked.context["view"].events}).status_code == 409
    sent = {"send": "1", "version": "2", "seen": looked.context["view"].events}
    assert browser.post(confirm, sent).status_code == 302
    assert access.draft(access.open_case(people["quality"], number)).summary == "Another summary since."
    assert not WorkingCopyRow.objects.exists()

    late = browser.post(saved, changed | {"version": "2", "summary": "Typed on in an open window."})
    assert late.status_code == 409
    assert "quality" in late.json()["problem"]
    plain = browser.post(page, {"summary": "Typed on in an open window.", "version": "2", "send": "1"})
    assert plain.status_code == 409
    assert "Typed on in an open window." in plain.content.decode()
    note = story.upload("note")
    actions.perform("return-draft", people["quality"], number, {"note": replace(note, name="n.txt", data=b"Mend it.")})
    again = browser.get(page)
    assert "Another summary since." in again.content.decode()
    assert again.context["version"] == 0
    assert browser.post(saved, changed | {"version": "2", "summary": "On from before."}).status_code == 409


def test_a_draft_that_decides_nothing_is_no_letter_and_says_so(people, reviewer):
    number = story.to(Stage.UNDER_REVIEW, people)
    browser = client(reviewer)
    answer = browser.get(f"/cases/{number}/draft/letter.pdf")
    assert answer.status_code == 409
    assert "decide at least one treatment" in answer.content.decode()
    assert "letter.pdf" not in browser.get(f"/cases/{number}/submit-draft/").content.decode()
    assert "letter.pdf" not in browser.get(f"/cases/{number}/").content.decode()
    kept = {"summary": "A summary that was typed.", "decision_1": "", "version": "0", "send": "1"}
    assert browser.post(f"/cases/{number}/draft/", kept).status_code == 302
    assert "letter.pdf" not in browser.get(f"/cases/{number}/").content.decode()
    decided = {**kept, "decision_1": "UPHELD", "version": "1"}
    assert browser.post(f"/cases/{number}/draft/", decided).status_code == 302
    assert "letter.pdf" in browser.get(f"/cases/{number}/").content.decode()
    assert browser.get(f"/cases/{number}/draft/letter.pdf").status_code == 200


def test_a_draft_that_is_submitted_between_two_looks_is_shown_as_it_was_submitted(people, reviewer, monkeypatch):
    number = story.to(Stage.UNDER_REVIEW, people)
    browser, looked = client(reviewer), access.working_draft

    def submitted_meanwhile(opened):
        monkeypatch.setattr(access, "working_draft", looked)
        draft = story.draft(number, access.case(opened))
        actions.perform("submit-draft", opened.viewer, number, {"draft": draft})
        return looked(access.open_case(opened.viewer, number))

    monkeypatch.setattr(access, "working_draft", submitted_meanwhile)
    answer = browser.get(f"/cases/{number}/draft/letter.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")


def test_who_signs_signs_the_very_letter_that_was_shown(people, reviewer):
    number = story.to(Stage.PASSED, people)
    accounts.give_second_factor(reviewer)
    browser = story.client(reviewer)
    sign = f"/cases/{number}/sign-determination/"
    shown = browser.get(sign)
    letter = browser.get(f"/cases/{number}/draft/letter.pdf").content
    unseen = browser.post(sign, {"send": "1"})
    assert unseen.status_code == 409
    assert "does not say which draft you saw" in unseen.content.decode()
    assert browser.post(sign, {"send": "1", "seen": shown.context["view"].events}).status_code == 302
    signed = access.determination(access.open_case(reviewer, number))
    assert replace(signed, decided_on=None) == shown.context["determination"]
    kept = [
        line for line in access.documents(access.open_case(reviewer, number)) if line.title == "determination letter"
    ]
    assert letter in [access.document(access.open_case(reviewer, number), line.digest).data for line in kept]


def test_who_signs_and_who_checks_are_shown_what_came_after_the_draft(people, reviewer):
    number = story.to(Stage.QUALITY, people)
    quality, pass_draft = client(people["quality"]), f"/cases/{number}/pass-draft/"
    assert "after the draft was submitted" not in quality.get(pass_draft).content.decode()
    late = story.upload("late consultation", RecordKind.CONSULTATION)
    actions.perform("receive-records", people["adjuster"], number, {"records": (late,)})
    assert "1 document came after the draft was submitted" in quality.get(pass_draft).content.decode()
    actions.perform("pass-draft", people["quality"], number)
    shown = client(reviewer).get(f"/cases/{number}/sign-determination/")
    assert "1 document came after the draft was submitted" in shown.content.decode()
    actions.perform("return-draft", people["quality"], number, {"note": story.upload("note")})
    actions.perform(
        "submit-draft",
        reviewer,
        number,
        {"draft": story.draft(number, access.case(access.open_case(reviewer, number)))},
    )
    assert "after the draft was submitted" not in quality.get(pass_draft).content.decode()


def test_answers_typed_before_a_signature_outlive_the_second_factor(people, reviewer):
    number = story.to(Stage.PASSED, people)
    browser = client(reviewer)
    sent = {
        "send": "1",
        "seen": access.case(access.open_case(reviewer, number)).events,
        "answer-x-1": "Read again and weighed.",
    }
    kept = browser.post(f"/cases/{number}/sign-determination/", sent)
    assert kept.status_code == 403
    assert 'value="Read again and weighed."' in kept.content.decode()
    assert "/account/2fa/reauthenticate/" in kept.content.decode()


def test_a_draft_of_an_older_history_goes_on_as_a_working_copy(reviewer, number, desk):
    browser, page, saved = desk
    old = replace(
        story.draft(number, access.case(access.open_case(reviewer, number))), summary="Saved as an event, long ago."
    )
    documents.store(canonical(old).encode())
    chain = cases.chain(number)
    context = StepContext(actor=Actor(role=Role.REVIEWER, id=reviewer.reviewer_id), at=clock.now())
    event = DraftSaved(draft=digest(old), issues=2, on=context.on)
    cases.append(record(event, number, context, chain[-1], secrets.token_hex(16)))
    cases.refresh(number)
    assert "Saved as an event, long ago." in browser.get(page).content.decode()
    assert browser.post(saved, {"summary": "On from there.", "version": "0"}).status_code == 200
    assert "On from there." in browser.get(page).content.decode()


def test_nothing_is_saved_for_who_is_not_drafting(people, number):
    with pytest.raises(Http404):
        actions.save_draft(people["quality"], number, {}, 0)
    story.take(people, number, "submit-draft")
    with pytest.raises(Refused, match="not being written now"):
        actions.save_draft(people["reviewer"], number, {}, 0)


def test_many_documents_and_a_long_text_are_saved(desk, reviewer, number):
    browser, _, saved = desk
    many = {"documents": [f"{n:064x}" for n in range(3000)], "summary": "word " * 40_000, "version": "0"}
    assert browser.post(saved, many).status_code == 200
    assert len(story.written(reviewer, number)["summary"]) == 200_000


def test_an_old_working_copy_is_thrown_away_and_a_newer_one_is_not(reviewer):
    actions.save_working_copy(reviewer, "form", "old", {}, 0)
    with clock.frozen_at(clock.now() + WORKING_COPIES / 2):
        actions.save_working_copy(reviewer, "form", "new", {}, 0)
    assert discard_old(clock.now() + WORKING_COPIES + timedelta(days=1)) == 1
    assert list(WorkingCopyRow.objects.values_list("key", flat=True)) == ["new"]
