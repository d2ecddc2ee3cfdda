"""The public pages over a corpus: searched, counted, charted, downloaded, by anybody."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pyarrow.parquet as pq
import pytest

from imr.corpus.fields import DIMENSIONS

pytestmark = pytest.mark.django_db

LETTERS = 300


@pytest.fixture
def corpus(invented_corpus, settings):
    settings.CORPUS = invented_corpus
    return invented_corpus


def test_without_a_corpus_each_page_says_how_to_make_one(client, settings, tmp_path):
    settings.CORPUS = tmp_path / "none"
    for page in ("/corpus/", "/corpus/statistics/", "/corpus/like/", "/corpus/letters/CM16-0000001/"):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "imr corpus build" in answer.content.decode()


@pytest.mark.usefixtures("corpus")
def test_the_search_finds_counts_and_narrows(client):
    page = client.get("/corpus/")
    assert page.status_code == 200
    total = json.loads(client.get("/api/corpus/search").content)["total"]
    assert total > LETTERS
    assert f"{total} decided treatments" in page.content.decode()
    narrowed = json.loads(client.get("/api/corpus/search", {"q": "decision:overturned"}).content)
    assert 0 < narrowed["total"] < total
    assert {hit["decision"] for hit in narrowed["hits"]} == {"overturned"}
    text = client.get("/corpus/", {"q": '"medically necessary"', "decision": "overturned"}).content.decode()
    assert "<mark>medically</mark>" in text
    assert "remove" in text
    assert "not understood" in client.get("/corpus/", {"q": '"open'}).content.decode()
    assert client.get("/corpus/", {"page": "2"}).status_code == 200
    assert client.get("/api/corpus/search", {"page": "0"}).status_code == 422


@pytest.mark.usefixtures("corpus")
def test_a_hit_leads_to_its_letter(client):
    hit = client.get("/api/corpus/search", {"q": "acupuncture"}).json()["hits"][0]
    address = f"/corpus/letters/{hit['case_number']}/"
    assert f"{address}#issue-{hit['issue']}" in client.get("/corpus/", {"q": "acupuncture"}).content.decode()
    assert address in client.get("/corpus/like/", {"treatment": hit["heading"]}).content.decode()
    page = client.get(address).content.decode()
    assert hit["treatment"] in page
    assert f'id="issue-{hit["issue"]}"' in page
    whole = client.get(f"/api/corpus/letters/{hit['case_number']}").json()
    assert whole["issues"][hit["issue"] - 1]["rationale"] == hit["rationale"]
    for nobody in ("/corpus/letters/CM00-0000000/", "/api/corpus/letters/CM00-0000000"):
        assert client.get(nobody).status_code == 404


@pytest.mark.usefixtures("corpus")
def test_the_last_page_is_given_where_a_later_one_is_asked_for(client):
    found = client.get("/api/corpus/search", {"q": "acupuncture"}).json()["total"]
    last = -(-found // 20)
    for page in ("999999", str(last)):
        assert f"Page {last} of {last}" in client.get("/corpus/", {"q": "acupuncture", "page": page}).content.decode()
    for page in ("0", "-1", "x", "9" * 30):
        assert "Page 1 of" in client.get("/corpus/", {"q": "acupuncture", "page": page}).content.decode()
    assert "a search can have 1,000 characters" in client.get("/corpus/", {"q": "a " * 2_000}).content.decode()


@pytest.mark.usefixtures("corpus")
def test_what_stands_in_a_letter_cannot_mark_up_the_page(client):
    assert "<script" not in client.get("/corpus/", {"q": "<script>alert(1)</script>"}).content.decode()


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("by", DIMENSIONS)
def test_every_dimension_has_a_page_a_chart_and_downloads_of_the_same_figures(client, by):
    assert client.get("/corpus/statistics/", {"by": by}).status_code == 200
    ET.fromstring(client.get(f"/corpus/statistics/{by}.svg").content)
    rates = client.get(f"/api/corpus/statistics/{by}").json()["rates"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/api/corpus/statistics/{by}/csv").content.decode("utf-8-sig"))))
    assert [row[by] for row in rows] == [rate["value"] for rate in rates]
    table = pq.read_table(io.BytesIO(client.get(f"/api/corpus/statistics/{by}/parquet").content))
    assert [(row[by], row["issues"], row["overturned"], row["low95"]) for row in table.to_pylist()] == [
        (rate["value"], rate["issues"], rate["overturned"], rate["rate"] and rate["rate"]["low"]) for rate in rates
    ]


@pytest.mark.usefixtures("corpus")
def test_a_dimension_that_is_none_is_not_found(client):
    for page in ("/corpus/statistics/?by=colour", "/corpus/statistics/colour.svg"):
        assert client.get(page).status_code == 404


@pytest.mark.usefixtures("corpus")
def test_like_cases_come_with_their_split_and_its_interval(client):
    text = client.get("/corpus/like/", {"treatment": "Physical therapy, six sessions, neck"}).content.decode()
    assert "95 % interval" in text
    assert "they do not decide" in text
    assert client.get("/corpus/like/").status_code == 200


@pytest.mark.usefixtures("corpus")
def test_the_api_is_described_and_gives_what_the_pages_give(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    described = {path: found["get"] for path, found in paths.items() if path.startswith("/api/corpus/")}
    assert set(described) == {
        "/api/corpus/search",
        "/api/corpus/like",
        "/api/corpus/letters/{number}",
        "/api/corpus/statistics",
        "/api/corpus/statistics/{by}",
        "/api/corpus/statistics/{by}/{form}",
    }
    assert all(found["summary"] and found["responses"]["200"]["content"] for found in described.values())
    asked = client.get("/api/corpus/search", {"q": "decision:upheld", "counts": ["year", "decision"]}).json()
    assert set(asked["counts"]) == {"year", "decision"}
    assert len(asked["hits"]) == 20
    near = client.get("/api/corpus/like", {"treatment": "Acupuncture, neck", "nearest": 12}).json()
    assert len(near["hits"]) == near["decided"] == 12
    assert near["share"]["low"] <= near["share"]["share"] <= near["share"]["high"]
    held = client.get("/api/corpus/statistics").json()
    assert held["totals"]["letters"] == LETTERS
    assert sum(count for _, count in held["totals"]["issues_a_letter"]) == LETTERS
    for wrong in ("search?counts=colour", "like", "like?treatment=", "statistics/colour", "statistics/year/xlsx"):
        assert client.get(f"/api/corpus/{wrong}").status_code in (404, 422)


def test_without_a_corpus_the_api_says_that_there_is_none(client, settings, tmp_path):
    settings.CORPUS = tmp_path / "none"
    for path in (
        "search",
        "like?treatment=x",
        "letters/CM16-0000001",
        "statistics",
        "statistics/year",
        "statistics/year/csv",
    ):
        assert client.get(f"/api/corpus/{path}").status_code == 404
