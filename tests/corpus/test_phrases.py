"""A phrase of common words, sought as runs, finds exactly what the phrase finds word by word."""

import re

import pyarrow.parquet as pq
import pytest

from imr.corpus.build import build
from imr.corpus.indexing import rebuild
from imr.corpus.phrases import Phrases, common_words
from imr.corpus.search import Search
from imr.examples import write_letters
from imr.examples.people import chance

WORDS = frozenset({"is", "not", "medically", "necessary"})


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """Eighty invented letters as a corpus with its index."""
    work = tmp_path_factory.mktemp("phrases")
    write_letters(work / "letters", 80)
    build(work / "letters", work / "corpus", workers=1)
    rebuild(work / "corpus")
    return work / "corpus"


def test_runs_are_the_pairs_and_triples_of_common_words_that_stand_together():
    phrases = Phrases(WORDS, frozenset())
    assert (
        phrases.runs("It is NOT medically, zebra necessary is") == "is_not not_medically is_not_medically necessary_is"
    )
    assert phrases.runs("") == ""
    assert common_words(["a b", "a c", "a"] * 50 + ["a e"] * 10 + ["d"]) == ({"a", "b", "c", "e"}, {"a", "b", "c"})
    everywhere = Phrases(WORDS, WORDS - {"necessary"})
    runs = everywhere.runs("is not medically is not necessary").split()
    assert " ".join(runs) == (
        "is_not not_medically is_not_medically medically_is not_medically_is is_not_medically_is is_not_medically_is_not is_not "
        "medically_is_not not_medically_is_not not_necessary is_not_necessary"
    )


def test_only_phrases_of_common_words_without_a_field_of_their_own_are_rewritten():
    phrases = Phrases(WORDS, frozenset())
    assert (
        phrases.rewritten('"Not medically"', "heading", 4.0) == '(phrase:not_medically OR heading:"not medically"^4.0)'
    )
    four = phrases.rewritten('mri -"is not medically necessary"', "heading", 4.0)
    assert four == (
        'mri -((phrase:is_not_medically AND phrase:not_medically_necessary AND "is not medically necessary")'
        ' OR heading:"is not medically necessary"^4.0)'
    )
    everywhere = Phrases(WORDS, WORDS).rewritten('"is not medically necessary"', "heading", 4.0)
    assert everywhere == '(phrase:is_not_medically_necessary OR heading:"is not medically necessary"^4.0)'
    for as_it_was in ('"zebra crossing"', 'heading:"is not"', '"is not"~2', '"necessary"', "is not", '"is not'):
        assert phrases.rewritten(as_it_was, "heading", 4.0) == as_it_was


def test_a_phrase_finds_the_same_issues_either_way(invented):
    search = Search(invented)
    texts = [
        " ".join(filter(None, row.values()))
        for row in pq.read_table(invented / "issues", columns=["heading", "rationale", "reviewer_basis"]).to_pylist()
    ]
    draw = chance("phrases", 7)
    seen = 0
    for _ in range(300):
        words = re.findall(r"\w+", draw.choice(texts))
        start = draw.randrange(len(words))
        phrase = " ".join(words[start : start + draw.choice((2, 3, 4, 5, 6, 7))])
        query = f'"{phrase}"'
        found = search.find(query, limit=400)
        wanted = search._searcher.search(search._parsed(query)[0], limit=400)
        assert found.total == wanted.count, phrase
        seen += search._phrases.rewritten(query, "heading", 4.0) != query
    assert seen > 100
    assert search.find('"medically necessary is"').total == 0
