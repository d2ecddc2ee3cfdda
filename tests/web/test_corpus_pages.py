"""The public pages over a corpus: searched, counted, charted, downloaded, by anybody."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pyarrow.parquet as pq
import pytest

from imr.corpus.build import build
from imr.corpus.indexing import rebuild
from imr.corpus.statistics import DIMENSIONS
from imr.determination import write
from imr.examples import determination

LETTERS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A corpus of invented letters."""
    work = tmp_path_factory.mktemp("corpus")
    (work / "letters").mkdir()
    for seed in range(LETTERS):
        (work / "letters" / f"{seed}.txt").write_text(write(determination(seed)), encoding="utf-8")
    build(work / "letters", work / "corpus", workers=1)
    rebuild(work / "corpus")
    return work / "corpus"


@pytest.fixture
def corpus(folder, settings):
    settings.CORPUS = folder
    return folder


def test_without_a_corpus_each_page_says_how_to_make_one(client, settings, tmp_path):
    settings.CORPUS = tmp_path / "none"
    for page in ("/corpus/", "/corpus/statistics/", "/corpus/like/"):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "imr corpus build" in answer.content.decode()


@pytest.mark.usefixtures("corpus")
def test_the_search_finds_counts_and_narrows(client):
    page = client.get("/corpus/")
    assert page.status_code == 200
    total = json.loads(client.get("/corpus/search.json").content)["total"]
    assert total > LETTERS
    assert f"{total} decided treatments" in page.content.decode()
    narrowed = json.loads(client.get("/corpus/search.json", {"decision": "overturned"}).content)
    assert 0 < narrowed["total"] < total
    assert {hit["decision"] for hit in narrowed["hits"]} == {"overturned"}
    text = client.get("/corpus/", {"q": '"medically necessary"', "decision": "overturned"}).content.decode()
    assert "<mark>medically</mark>" in text
    assert "remove" in text
    assert "not understood" in client.get("/corpus/", {"q": '"open'}).content.decode()
    assert client.get("/corpus/", {"page": "2"}).status_code == 200
    assert client.get("/corpus/search.json", {"page": "0"}).status_code == 400


@pytest.mark.usefixtures("corpus")
def test_what_stands_in_a_letter_cannot_mark_up_the_page(client):
    assert "<script" not in client.get("/corpus/", {"q": "<script>alert(1)</script>"}).content.decode()


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("by", DIMENSIONS)
def test_every_dimension_has_a_page_a_chart_and_downloads_of_the_same_figures(client, by):
    assert client.get("/corpus/statistics/", {"by": by}).status_code == 200
    ET.fromstring(client.get(f"/corpus/statistics/{by}.svg").content)
    rates = client.get(f"/corpus/statistics/{by}.json").json()["rates"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/corpus/statistics/{by}.csv").content.decode())))
    assert [row[by] for row in rows] == [rate[by] for rate in rates]
    table = pq.read_table(io.BytesIO(client.get(f"/corpus/statistics/{by}.parquet").content))
    assert table.to_pylist() == rates


@pytest.mark.usefixtures("corpus")
def test_a_dimension_that_is_none_is_not_found(client):
    for page in ("/corpus/statistics/?by=colour", "/corpus/statistics/colour.svg", "/corpus/statistics/colour.csv"):
        assert client.get(page).status_code == 404


@pytest.mark.usefixtures("corpus")
def test_like_cases_come_with_their_split_and_its_interval(client):
    text = client.get("/corpus/like/", {"treatment": "Physical therapy, six sessions, neck"}).content.decode()
    assert "95 % interval" in text
    assert "they do not decide" in text
    assert client.get("/corpus/like/").status_code == 200
