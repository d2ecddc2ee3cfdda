"""Like cases beside the reviewer's draft, and the sentence of reason where it goes against a clear majority of them."""

from dataclasses import replace

import pytest
from tests.factories import story
from tests.factories.story import client

from imr.case.answers import ConcernAnswer, ConcernAnswers
from imr.case.digests import digest
from imr.case.state import Stage
from imr.determination import Decision
from imr.errors import Refused
from imr.web import access, accounts, actions
from imr.web.store import site_corpus


@pytest.fixture
def people(db):
    return story.cast()


@pytest.fixture
def number(people, invented_corpus, settings):
    settings.CORPUS = invented_corpus
    return story.to(Stage.UNDER_REVIEW, people)


def decided(people, number, decision):
    """A draft that decides the first treatment so, and the second the other way."""
    made = story.draft(number, access.case(access.open_case(people["reviewer"], number)))
    verdict = "is" if decision is Decision.OVERTURNED else "is not"
    first = replace(
        made.issues[0], decision=decision, rationale=f"Therefore, the request {verdict} medically necessary."
    )
    return replace(made, issues=(first,))


def test_a_draft_against_a_clear_majority_is_asked_why_and_the_reason_is_kept(people, number):
    reviewer = people["reviewer"]
    draft = decided(people, number, Decision.OVERTURNED)
    (one,) = site_corpus.compare_draft(draft, number)
    assert (one.against, one.found.majority, one.alike) == ("upheld", "upheld", True)
    found = site_corpus.concerns(draft, number)
    (ask,) = found
    assert ask.issue == 1
    assert f"{one.found.decided - one.found.overturned} were upheld; this draft says overturned" in ask.says
    assert len(ask.evidence) == 3
    assert ask.id in {concern.id for concern in access.concerns(access.open_case(reviewer, number), draft)}


def test_a_draft_with_the_majority_is_not_asked(people, number, settings, tmp_path):
    upheld = decided(people, number, Decision.UPHELD)
    (one,) = site_corpus.compare_draft(upheld, number)
    assert one.against == ""
    assert site_corpus.concerns(upheld, number) == ()
    unlike = replace(upheld.issues[0], heading="Zebra riding", treatment="Zebra riding", decision=Decision.OVERTURNED)
    (far,) = site_corpus.compare_draft(replace(upheld, issues=(unlike,)), number)
    assert (far.alike, far.against) == (False, "")
    settings.CORPUS = tmp_path / "none"
    assert site_corpus.compare_draft(upheld, number) == ()


def test_the_draft_is_not_submitted_without_the_sentence_and_the_page_shows_what_is_near(people, number):
    reviewer = people["reviewer"]
    draft = story.draft(number, access.case(access.open_case(reviewer, number)))
    story.write(reviewer, number, draft)
    asked = site_corpus.concerns(draft, number)
    assert asked
    with pytest.raises(Refused, match="like-cases"):
        actions.perform("submit-draft", reviewer, number, {"draft": draft})
    for office in ("reviewer", "other reviewer", "quality"):
        accounts.give_second_factor(people[office])
    page = client(reviewer).get(f"/cases/{number}/like/").content.decode()
    assert "Most similar ones were upheld" in page
    assert "95 % interval" in page
    assert "no precedent" in page
    empty = client(reviewer).post(f"/cases/{number}/like/", {}, headers={"HX-Request": "true"}).content.decode()
    assert "no treatment is drafted yet" in empty
    part = client(reviewer).get(f"/cases/{number}/like/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "95 % interval" in part
    assert f"/cases/{number}/like/" in client(reviewer).get(f"/cases/{number}/draft/").content.decode()
    for stranger in ("adjuster", "employee", "other reviewer", "quality"):
        assert client(people[stranger]).get(f"/cases/{number}/like/").status_code in (403, 404)
    answers = ConcernAnswers(
        given=tuple(ConcernAnswer(concern=one.id, reason="The gain in function is measured.") for one in asked)
    )
    done = actions.perform("submit-draft", reviewer, number, {"draft": draft, "answers": answers})
    assert done.event.answers == digest(answers)
    assert access.answers(access.open_case(people["quality"], number)) == answers
