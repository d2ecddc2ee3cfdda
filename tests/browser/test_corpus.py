"""The pages over the corpus in a browser: searched, counted and compared by anybody, and beside the reviewer's draft."""

from playwright.sync_api import expect
from tests.factories import story

from imr.case.state import Stage
from imr.web import access

PAGES = (
    "/corpus/",
    "/corpus/?q=acupuncture",
    "/corpus/?q=zebra",
    '/corpus/?q="open',
    "/corpus/statistics/",
    "/corpus/statistics/?by=body_part",
    "/corpus/like/",
    "/corpus/like/?treatment=Acupuncture,+six+sessions,+neck",
)


def test_the_pages_over_the_corpus_have_no_grave_fault_and_fit_a_phone(visit, invented_corpus, settings):
    settings.CORPUS = invented_corpus
    somebody = visit()
    for address in PAGES:
        assert somebody.page.goto(address).status == 200, address
        somebody.look()
    somebody.page.goto("/corpus/?q=acupuncture")
    somebody.follow(somebody.page.locator("article.hit h2 a").first)
    somebody.page.wait_for_url("**/corpus/letters/**")
    somebody.look()


def test_a_site_without_a_corpus_says_so_without_fault(visit, settings, tmp_path):
    settings.CORPUS = tmp_path / "none"
    somebody = visit()
    somebody.page.goto("/corpus/")
    expect(somebody.page.get_by_text("imr corpus build")).to_be_visible()
    somebody.stopped.clear()  # the browser tells of the 404
    somebody.look()


def test_a_search_is_narrowed_and_widened_without_script(visit, invented_corpus, settings):
    settings.CORPUS = invented_corpus
    visitor = visit(script=False, looking=False)
    page = visitor.page
    page.goto("/corpus/")
    page.get_by_label("Words").fill("shoulder")
    visitor.follow(page.get_by_role("button", name="Search"))
    found = page.get_by_role("status")
    all_found = found.inner_text()
    visitor.follow(page.get_by_role("complementary", name="Counts by field").get_by_role("link", name="Overturned"))
    expect(found).not_to_have_text(all_found)
    visitor.follow(page.get_by_role("link", name="Decision: overturned"))
    expect(found).to_have_text(all_found)
    page.goto("/corpus/statistics/")
    page.get_by_label("Counted by").select_option("year")
    visitor.follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("heading", name="Year of the decision")).to_be_visible()


def test_like_cases_stand_beside_the_draft(visit, people, invented_corpus, settings):
    settings.CORPUS = invented_corpus
    reviewer = people["reviewer"]
    number = story.to(Stage.UNDER_REVIEW, people)
    story.write(reviewer, number, story.draft(number, access.case(access.open_case(reviewer, number))))
    visitor = visit("reviewer")
    visitor.page.goto(f"/cases/{number}/like/")
    expect(visitor.page.get_by_text("it is not a forecast").first).to_be_visible()
    visitor.look()
    visitor.page.goto(f"/cases/{number}/draft/")
    visitor.look()
