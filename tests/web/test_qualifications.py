"""What the draft states of its reviewer: what several of the panel share, with a warning where it could tell who it is."""

from dataclasses import replace

import pytest
from tests.factories import story

from imr.case.qualifications import FEWEST
from imr.case.state import Stage
from imr.checks import Severity
from imr.plain import to_plain
from imr.web import access, accounts
from imr.web.case_files import step_inputs
from imr.web.models import PersonRow, ReviewerRow
from imr.web.platform import clock
from imr.web.portals.reviewer.portal import ReviewerPortal
from imr.web.store import cases, reviewers


@pytest.fixture
def people(db):
    """The cast, whose reviewer has a license of another state too, and colleagues who share the specialty and California alone."""
    found = story.cast()
    accounts.give_second_factor(found["reviewer"])
    row = ReviewerRow.objects.get(pk="R00001")
    mine = story.reviewer("R00001", *story.SECRET_NAMES)
    elsewhere = replace(mine.licences[0], state="Nevada", number="N1234567")
    row.facts = to_plain(replace(mine, licences=(elsewhere, *mine.licences)))
    row.save()
    for number in range(FEWEST):
        colleague = story.reviewer(f"R001{number:02}", "Colleague", f"Nummer{number}")
        ReviewerRow.objects.create(id=colleague.id, facts=to_plain(colleague), capacity=1, terms={})
    return found


def warned(number, **stated):
    case = cases.replay(cases.chain(number))
    draft = replace(story.draft(number, access.case(access.open_case(_reviewer(), number))), **stated)
    found = step_inputs.concerns(case, draft, clock.today())
    return [one for one in found if one.check == "qualifications"]


def _reviewer():
    return PersonRow.objects.get(reviewer_id="R00001")


def test_a_new_draft_states_what_enough_reviewers_share(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    page = story.client(people["reviewer"]).get(f"/cases/{number}/draft/").content.decode()
    assert 'name="licensure" value="California"' in page
    assert "Nevada" not in page
    assert story.SPECIALTY in page
    assert "could tell who you are" in page


def test_a_draft_that_states_what_is_one_reviewers_is_warned_of_and_not_stopped(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    assert warned(number, licensure=("California",)) == []
    (one,) = warned(number, licensure=("California", "Nevada"))
    assert one.severity is Severity.NOTE
    assert "fit 1 of the panel" in one.says
    assert not any(name in str(one) for name in (*story.SECRET_NAMES, "R00001"))
    assert warned(number, licensure=(), specialty="") == []


def test_the_panel_is_read_without_who_is_who(people):
    found = reviewers.qualifications()
    assert len(found) == ReviewerRow.objects.count()
    assert not any(name in str(found) for name in (*story.SECRET_NAMES, "R00001"))


def test_the_letter_of_a_draft_that_is_submitted_meanwhile_comes(people, monkeypatch):
    number = story.to(Stage.UNDER_REVIEW, people)
    drafted = ReviewerPortal.drafted

    def late(self, view):
        story.take(people, number, "submit-draft")
        return drafted(self, view)

    monkeypatch.setattr(ReviewerPortal, "drafted", late)
    letter = story.client(people["reviewer"]).get(f"/cases/{number}/draft/letter.pdf")
    assert letter.status_code == 200
    assert letter.content.startswith(b"%PDF-")
