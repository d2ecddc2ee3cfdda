"""The checks at their place in a case: beside the draft, before quality, before signature; answers kept, and by whom seen."""

import re
from dataclasses import replace

import pytest
from django.http import Http404
from django.test import Client
from tests.factories import story

from imr.case.answers import ConcernAnswer, ConcernAnswers
from imr.case.chain import replay
from imr.case.digests import digest
from imr.case.state import Stage
from imr.checks import Severity
from imr.determination import Decision, Determination
from imr.errors import Refused
from imr.web import access, accounts, actions
from imr.web.case_files.draft_checks import answerable_by_name, case_file
from imr.web.models import DocumentRow
from imr.web.platform import clock, storage
from imr.web.store import cases

ABSENT = "The records do not mention side effects of the medication. Therefore, the request is medically necessary."


def faulty(people: dict, number: str, rationale: str) -> Determination:
    """A draft of the case with this rationale on its first treatment."""
    sound = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    return replace(sound, issues=(replace(sound.issues[0], rationale=rationale), *sound.issues[1:]))


def test_a_stop_keeps_the_draft_from_the_quality_review(people, number):
    wrong = faulty(people, number, "Therefore, the request is not medically necessary.")
    (stop,) = [
        c for c in access.concerns(access.open_case(people["reviewer"], number), wrong) if c.severity is Severity.STOP
    ]
    answers = ConcernAnswers(given=(ConcernAnswer(concern=stop.id, reason="it is right"),))
    with pytest.raises(Refused, match="the checks stop the draft \\(verdict\\)"):
        actions.perform("submit-draft", people["reviewer"], number, {"draft": wrong, "answers": answers})


def test_a_question_needs_an_answer_and_the_answer_is_kept_by_its_digest(people, number):
    reviewer = people["reviewer"]
    unread = faulty(people, number, ABSENT)
    unread = replace(unread, issues=(replace(unread.issues[0], reviewer_basis="An invented book."), *unread.issues[1:]))
    asked = answerable_by_name(access.concerns(access.open_case(reviewer, number), unread)).asks
    assert asked
    with pytest.raises(Refused, match="open questions of the checks: 1 \\(content-missing"):
        actions.perform("submit-draft", reviewer, number, {"draft": unread})
    answers = ConcernAnswers(given=tuple(ConcernAnswer(concern=name, reason="The book is on file.") for name in asked))
    done = actions.perform("submit-draft", reviewer, number, {"draft": unread, "answers": answers})
    assert done.event.answers == digest(answers)
    assert "The book" not in str(done.event)
    assert access.answers(access.open_case(people["quality"], number)) == answers
    row = DocumentRow.objects.get(case=number, digest=digest(answers))
    assert row.paper == "answers to the checks"
    for stranger in ("adjuster", "employee"):
        with pytest.raises(Http404):
            access.answers(access.open_case(people[stranger], number))
        with pytest.raises(Http404):
            access.concerns(access.open_case(people[stranger], number))
        assert access.case(access.open_case(people[stranger], number)).case.answers == ""


def test_the_signature_is_held_to_the_same_answers(people, number):
    reviewer = people["reviewer"]
    unread = faulty(people, number, ABSENT)
    unread = replace(unread, issues=(replace(unread.issues[0], reviewer_basis="An invented book."), *unread.issues[1:]))
    asked = answerable_by_name(access.concerns(access.open_case(reviewer, number), unread)).asks
    answers = ConcernAnswers(given=tuple(ConcernAnswer(concern=name, reason="The book is on file.") for name in asked))
    actions.perform("submit-draft", reviewer, number, {"draft": unread, "answers": answers})
    actions.perform("pass-draft", people["quality"], number)
    with pytest.raises(Refused, match="open questions of the checks"):
        actions.perform("sign-determination", reviewer, number)
    assert actions.perform("sign-determination", reviewer, number, {"answers": answers}).event.answers == digest(
        answers
    )


@pytest.fixture
def issued(people):
    """A case that was issued, as its events left it."""
    return access.case(access.open_case(people["coordinator"], story.to(Stage.ISSUED, people))).case


@pytest.fixture
def like_it(people, issued):
    """The number of a case of the same employee, claim and reviewer, under review."""
    number = story.to(Stage.RECORDS_COMPLETE, people)
    whose = {"reviewer": issued.reviewer, "specialties": issued.specialties, "reason": story.upload("reason")}
    actions.perform("assign-reviewer", people["coordinator"], number, whose)
    dict(story.PATH)[Stage.UNDER_REVIEW](people, number)
    return number


def test_a_letter_that_is_lost_costs_only_its_own_comparison(people, issued, like_it):
    """What is not compared is said: the rest of the checks goes on, and so does what is compared with other letters."""
    reviewer, number = people["reviewer"], like_it
    opposite = faulty(people, number, "Therefore, the request is not medically necessary.")
    opposite = replace(opposite, issues=(replace(opposite.issues[0], decision=Decision.UPHELD), *opposite.issues[1:]))

    def said() -> list[str]:
        return [found.says for found in access.concerns(access.open_case(reviewer, number), opposite)]

    whole = said()
    assert [says for says in whole if "decided the opposite" in says]
    storage.storage_of().delete(f"{issued.letter[:2]}/{issued.letter}")
    of_letter = "This draft was not compared with all earlier letters of the reviewer: 1 cannot be read, being lost or changed since."
    assert [says for says in said() if "decided the opposite" in says]
    assert [says for says in said() if says not in whole] == [of_letter]
    storage.storage_of().delete(f"{issued.determination[:2]}/{issued.determination}")
    of_claim = of_letter.replace("letters of the reviewer", "determinations of the claim")
    assert not [says for says in said() if "decided the opposite" in says]
    assert sorted(says for says in said() if says not in whole) == sorted([of_letter, of_claim])
    story.write(reviewer, number, opposite)
    shown = signed_in(reviewer).get(f"/cases/{number}/checks/").content.decode()
    assert of_letter in shown
    assert of_claim in shown


def test_what_is_lost_of_another_claim_is_no_loss_of_this_one(people, number):
    other = story.receive(people, claim_number="OTHER-9")
    cases.CaseRow.objects.filter(number=other).update(issued_on=clock.today())
    form = replay(cases.chain(other)).filing.application
    storage.storage_of().delete(f"{form[:2]}/{form}")
    sound = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    assert not [
        c for c in access.concerns(access.open_case(people["reviewer"], number), sound) if "not compared" in c.says
    ]


def test_the_case_file_of_the_checks_is_what_was_filed(people, number):
    file = case_file(cases.sources(replay(cases.chain(number))))
    assert {document.kind.value for document in file.documents} >= {"UR decision", "progress report (PR-2)"}
    assert [page.number for page in file.pages] == list(range(1, len(file.pages) + 1))


def signed_in(person):
    accounts.give_second_factor(person)
    found = Client()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_the_pages_show_the_concerns_and_take_the_answers(people, number):
    reviewer = people["reviewer"]
    unread = faulty(people, number, ABSENT)
    unread = replace(unread, issues=(replace(unread.issues[0], reviewer_basis="An invented book."), *unread.issues[1:]))
    story.write(reviewer, number, unread)
    client = signed_in(reviewer)
    shown = client.get(f"/cases/{number}/checks/", HTTP_HX_REQUEST="true").content.decode()
    assert "The letter lacks a guideline or study that can be understood" in shown
    assert "<html" not in shown
    assert "<h1>" in client.get(f"/cases/{number}/checks/").content.decode()
    page = client.get(f"/cases/{number}/submit-draft/").content.decode()
    asked = re.findall(r'name="answer-([^"]+)"', page)
    assert asked
    shown = {"send": "1", "version": "1"}
    refused = client.post(f"/cases/{number}/submit-draft/", shown | {f"answer-{asked[0]}": "  "})
    assert refused.status_code == 409
    sent = shown | {f"answer-{name}": "The book is on file." for name in asked}
    assert client.post(f"/cases/{number}/submit-draft/", sent).status_code == 302
    weighed = signed_in(people["quality"]).get(f"/cases/{number}/pass-draft/").content.decode()
    assert "The book is on file." in weighed
