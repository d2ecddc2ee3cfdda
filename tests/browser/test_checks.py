"""The checks beside the draft in a browser: they follow what is typed, and an answer lets the draft go on."""

import re
from dataclasses import replace

from playwright.sync_api import expect
from tests.factories import story

from imr.case.state import Stage
from imr.web import access

ABSENT = "There is no documentation of functional improvement. Therefore, the request is not medically necessary."


def test_the_checks_follow_the_draft_and_ask_for_answers(visit, people):
    reviewer = people["reviewer"]
    number = story.to(Stage.UNDER_REVIEW, people)
    sound = story.draft(number, access.case(access.open_case(reviewer, number)))
    unread = replace(sound.issues[0], reviewer_basis="An invented book.")
    story.write(reviewer, number, replace(sound, issues=(unread, *sound.issues[1:])))
    visitor = visit("reviewer")
    page = visitor.page
    page.goto(f"/cases/{number}/draft/")
    beside = page.locator("#concerns")
    beside.get_by_text("The letter lacks a guideline or study that can be understood").wait_for()
    page.get_by_label("Why").first.fill(ABSENT)
    beside.get_by_text("The heading says overturned; this sentence says the opposite.").wait_for()
    visitor.look("draft-checks")
    page.get_by_label("Upheld").first.check()
    for document in page.get_by_role("group", name="Documents that you reviewed").get_by_role("checkbox").all():
        document.check()
    page.locator("#saved", has_text=re.compile(r"^Saved \d")).wait_for()
    beside.get_by_role("button", name="Save, and add this to the reasons for treatment 1").click()
    expect(page.get_by_label("Why").first).to_have_value(re.compile(r"before the treatment\.$"))
    taken = story.written(reviewer, number)["rationale_1"]
    assert taken.endswith("documented: (1) what the employee can do now that was not possible before the treatment.")
    page.goto(f"/cases/{number}/submit-draft/")
    visitor.look("checks")
    visitor.follow(page.get_by_role("button", name="Submit the draft to the quality review"))
    page.get_by_text("open questions of the checks").wait_for()
    assert any("409" in line for line in visitor.stopped)
    visitor.stopped.clear()
    for field in page.get_by_label("Why the draft is right as it is").all():
        field.fill("The book is on file.")
    visitor.follow(page.get_by_role("button", name="Submit the draft to the quality review"))
    page.get_by_text("Done: Submit the draft to the quality review").wait_for()
