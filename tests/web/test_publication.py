"""What is published can be called back, and what was set aside says so: at once, wherever it is, and for good."""

import json
import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.test import Client
from tests.factories import story

from imr.case.appeals import AppealGround
from imr.case.publication import WithdrawalReason
from imr.case.state import Stage
from imr.corpus.search import Search
from imr.corpus.statistics import Statistics
from imr.examples import write_letters
from imr.records.pdf import Pdf
from imr.web import access, accounts, actions
from imr.web.actions.publish_to_corpus import HERE, update_corpus
from imr.web.platform import clock
from imr.web.portals import public
from imr.web.store import site_corpus

DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ENTRY = "{http://www.w3.org/2005/Atom}entry"
ASKED = "Physical therapy, six sessions"


@pytest.fixture
def people(db, settings, tmp_path):
    settings.CORPUS, settings.LETTERS = tmp_path / "corpus", tmp_path / "letters"
    write_letters(settings.LETTERS, 40)
    public._words.cache_clear()
    return story.cast()


@pytest.fixture
def number(people):
    """A case of this site that is published, and gathered into its corpus among forty others."""
    made = story.to(Stage.PUBLISHED, people)
    update_corpus()
    return made


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def reverse(people, number):
    actions.perform(
        "receive-appeal",
        people["division"],
        number,
        {"petition": story.upload("petition"), "grounds": (AppealGround.CONFLICT,), "filed_on": clock.today()},
    )
    actions.perform(
        "reverse-determination",
        people["division"],
        number,
        {"order": story.upload("order"), "ground": AppealGround.CONFLICT},
    )


def withdraw(people, number, step="withdraw-publication"):
    actions.perform(step, people["coordinator"], number, {"because": WithdrawalReason.IDENTIFIES})


def figures(visitor):
    """What the statistics say in all, and of how many issues the reviewer was licensed in California."""
    totals = visitor.get("/api/corpus/statistics").json()["totals"]
    by = visitor.get("/api/corpus/statistics/licensure").json()["rates"]
    return totals, next(rate["issues"] for rate in by if rate["value"] == "California")


def entries(visitor, kind):
    return [
        one.get("ref") or one.findtext("{http://www.w3.org/2005/Atom}title")
        for one in ET.fromstring(visitor.get("/determinations/feed.xml").content).iter(kind)
    ]


def pages_of(data):
    with Pdf(data) as pdf:
        return " ".join(" ".join(pdf.text(n).split()) for n in range(len(pdf)))


def test_a_determination_that_is_set_aside_says_so_at_once_wherever_it_is(people, number, visitor):
    before, counted = figures(visitor)
    assert (before["set_aside"], before["letters"]) == (0, 41)
    reverse(people, number)
    today = clock.today().isoformat()

    page = visitor.get(f"/determinations/{number}/").content.decode()
    assert "Set aside on" in page
    assert "no longer in force" in page
    assert "Set aside" in visitor.get("/determinations/").content.decode()
    assert visitor.get(f"/determinations/{number}.json").json()["set_aside_on"] == today
    assert "Set aside on" in pages_of(visitor.get(f"/determinations/{number}.pdf").content)
    assert visitor.get(f"/api/published/{number}").json()["set_aside_on"] == today
    (line,) = visitor.get("/api/published").json()
    assert line["set_aside_on"] == today
    assert entries(visitor, ENTRY)[0].startswith(f"Set aside on {today}")

    # The corpus, before anything of it is read or made again.
    hits = visitor.get("/api/corpus/search", {"q": f"case_number:{number}"}).json()["hits"]
    assert [hit["set_aside_on"] for hit in hits] == [today, today]
    assert "Set aside" in visitor.get("/corpus/", {"q": f"case_number:{number}"}).content.decode()
    assert visitor.get(f"/api/corpus/letters/{number}").json()["set_aside_on"] == today
    assert "Set aside on" in visitor.get(f"/corpus/letters/{number}/").content.decode()
    like = visitor.get("/api/corpus/like", {"treatment": ASKED, "nearest": 100}).json()
    marked = [hit for hit in like["hits"] if hit["case_number"] == number]
    assert marked
    assert like["set_aside"] == len(marked)
    assert like["decided"] == len(like["hits"]) - len(marked), "it is in no share"
    assert "Set aside" in visitor.get("/corpus/like/", {"treatment": ASKED}).content.decode()

    after, now = figures(visitor)
    assert after["set_aside"] == 1
    assert after["letters"] == before["letters"] - 1
    assert after["issues"] == before["issues"] - 2
    assert after["overturned"] == before["overturned"] - 2
    assert now == counted - 2
    assert sum(count for _, count in after["outcomes"]) == after["letters"]
    assert "no figure on this page includes it" in " ".join(
        visitor.get("/corpus/statistics/").content.decode().replace("it is", "").split()
    )
    update_corpus()
    assert figures(visitor) == (after, now), "made again, it stays so"


@pytest.mark.parametrize("reversed_before", [False, True])
def test_one_withdrawal_reaches_everything_and_leaves_a_tombstone(people, number, visitor, settings, reversed_before):
    text = "The invented guideline supports this"
    if reversed_before:
        reverse(people, number)
    before, _ = figures(visitor)
    withdraw(people, number, "withdraw-reversed-publication" if reversed_before else "withdraw-publication")

    def gone():
        for path in ("/", ".json", ".pdf"):
            answer = visitor.get(f"/determinations/{number}{path}")
            assert answer.status_code == 410, path
            assert "could tell who a person is" in answer.content.decode(), path
            assert text not in answer.content.decode()
        for path in (f"/api/published/{number}", f"/api/corpus/letters/{number}"):
            answer = visitor.get(path)
            assert answer.status_code == 410, path
            said = answer.json()
            assert (said["number"], said["withdrawn_on"]) == (number, clock.today().isoformat())
            assert said["message"]
        assert visitor.get(f"/corpus/letters/{number}/").status_code == 410
        assert number not in visitor.get("/determinations/", {"q": "invented guideline"}).content.decode()
        assert visitor.get("/api/published").json() == []
        assert visitor.get("/api/corpus/search", {"q": f"case_number:{number}"}).json()["total"] == 0
        found = visitor.get("/api/corpus/search", {"q": '"invented guideline supports"'}).json()
        assert number not in json.dumps(found)
        like = visitor.get("/api/corpus/like", {"treatment": ASKED, "nearest": 100}).json()
        assert number not in json.dumps(like)
        after, _ = figures(visitor)
        assert after["set_aside"] == 0
        assert after["letters"] == 40
        for form in site_corpus.FORMS:
            assert visitor.get(f"/api/corpus/statistics/review_type/{form}").status_code == 200
        rates = pq.read_table(BytesIO(visitor.get("/api/corpus/statistics/year/parquet").content)).to_pylist()
        assert sum(row["issues"] or 0 for row in rates) <= after["issues"]
        assert entries(visitor, DELETED) == [f"{settings.SITE}/determinations/{number}/"]
        assert entries(visitor, ENTRY) == []

    gone()
    assert update_corpus() == 1, "its letter goes from the folder"
    gone()
    files = [file for folder in (settings.CORPUS, settings.LETTERS) for file in folder.rglob("*") if file.is_file()]
    assert not any(file.name == f"{number}.txt" for file in files)
    for file in files:
        if file.suffix == ".parquet":
            assert number not in str(pq.read_table(file).to_pylist()), file
    assert not (settings.LETTERS / HERE / f"{number}.txt").exists()
    assert Search(settings.CORPUS).find(f"case_number:{number}").total == 0
    assert Statistics(settings.CORPUS).totals().letters == 40
    assert before["letters"] + before["set_aside"] == 41
    kinds = [moment.kind for moment in access.timeline(access.open_case(people["adjuster"], number))]
    assert "publication-withdrawn" in kinds


def test_what_was_withdrawn_can_be_published_again_and_then_is_whole(people, number, visitor):
    withdraw(people, number)
    assert "publish-determination" in {
        step.name for step in access.case(access.open_case(people["coordinator"], number)).offers
    }
    story.publish(people["coordinator"], number)
    assert visitor.get(f"/determinations/{number}/").status_code == 200
    update_corpus()
    assert visitor.get("/api/corpus/search", {"q": f"case_number:{number}"}).json()["total"] == 2
    assert entries(visitor, DELETED) == []


def test_the_oversight_counts_what_was_set_aside_in_no_share(people, number):
    accounts.give_second_factor(people["division"])
    division = story.client(people["division"])

    def figures():
        page = " ".join(division.get("/dwc/").content.decode().split())
        shares = re.findall(r'data-label="Share">(\d+) %', page)
        return re.search(r"<b>(\d+)</b> Decided", page)[1], re.search(r"<b>(\d+)</b> Set aside", page)[1], shares

    assert figures() == ("1", "0", ["0", "100", "0"])
    reverse(people, number)
    assert figures() == ("0", "1", ["0", "0", "0"])


def test_search_engines_may_list_nothing_by_default(people, number, visitor):
    said = visitor.get("/robots.txt").content.decode().split("\n")
    assert said == ["User-agent: *", "Disallow: /", ""]
    paths = [
        "/",
        "/determinations/",
        f"/determinations/{number}/",
        f"/determinations/{number}.pdf",
        "/api/published",
        "/no/such/page",
    ]
    for path in (*paths, f"/determinations/{number}.json", f"/corpus/letters/{number}/", "/account/login/"):
        assert "noindex" in visitor.get(path).headers["X-Robots-Tag"], path


def test_the_organization_may_let_them_list_published_determinations_alone(people, number, visitor, settings):
    settings.PUBLISHED_INDEXED = True
    said = visitor.get("/robots.txt").content.decode().split("\n")
    assert said == ["User-agent: *", "Allow: /determinations/", "Allow: /corpus/letters/", "Disallow: /", ""]
    open_now = [
        "/determinations/",
        f"/determinations/{number}/",
        f"/determinations/{number}.pdf",
        f"/corpus/letters/{number}/",
    ]
    for path in open_now:
        assert "X-Robots-Tag" not in visitor.get(path).headers, path
    for path in ("/", "/account/login/", "/api/published", "/corpus/"):
        assert "noindex" in visitor.get(path).headers["X-Robots-Tag"], path
    withdraw(people, number)
    for path in open_now[1:]:
        assert "noindex" in visitor.get(path).headers["X-Robots-Tag"], "a tombstone is not listed"
