"""The search for evidence in a browser: without script, on a phone, and as the draft then stands."""

import os
import re

from playwright.sync_api import expect
from tests.factories import story

from imr.case.state import Stage
from imr.web import access


def test_evidence_is_searched_step_by_step_without_script_on_a_phone(visit, people):
    reviewer = people["reviewer"]
    number = story.to(Stage.UNDER_REVIEW, people)
    story.write(reviewer, number, story.draft(number, access.case(access.open_case(reviewer, number))))
    visitor = visit("reviewer", script=False, width=360, looking=False)
    page = visitor.page
    page.goto(f"/cases/{number}/draft/")
    visitor.follow(page.get_by_role("link", name="Search for treatment 1"))
    page.get_by_role("heading", name="The open step: the MTUS").wait_for()
    if folder := os.environ.get("IMR_DEBUG"):
        page.screenshot(path=f"{folder}/evidence-1.png", full_page=True)
    page.get_by_label("The reason in words").fill("No chapter in force speaks of a kit for exercise.")
    visitor.follow(page.get_by_role("button", name="Set aside, and continue to the next step"))
    page.get_by_role("heading", name="The open step: the current ACOEM guidelines or ODG").wait_for()
    page.get_by_label("ODG Pain (Chronic)").check()
    visitor.follow(page.get_by_role("button", name="Rely on this and write the citation"))
    page.get_by_text("The search is complete, and its result is in the draft.").wait_for()
    if folder:
        page.screenshot(path=f"{folder}/evidence-2.png", full_page=True)
    visitor.follow(page.get_by_role("link", name="Back to the draft"))
    basis, why = page.get_by_label("What you rely on").first, page.get_by_label("Why").first
    expect(basis).to_have_value(re.compile(re.escape("Official Disability Guidelines (ODG)")))
    expect(why).to_have_value(re.compile("^The MTUS: set aside;"))


def test_the_pages_of_evidence_are_sound(visit, people):
    reviewer = people["reviewer"]
    number = story.to(Stage.UNDER_REVIEW, people)
    story.write(reviewer, number, story.draft(number, access.case(access.open_case(reviewer, number))))
    visitor = visit("reviewer")
    visitor.page.goto(f"/cases/{number}/evidence/1/")
    visitor.look("evidence")
    if folder := os.environ.get("IMR_DEBUG"):
        visitor.page.screenshot(path=f"{folder}/evidence-3.png", full_page=True)
    office = visit("coordinator")
    office.page.goto("/imro/guidelines/")
    office.look("own-guidelines")
