"""A phrase of common words, sought as runs, finds exactly what the phrase finds word by word."""

import re

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.corpus.phrases import Phrases, common_words, frequent_runs, loosened
from imr.corpus.query_language import CHARACTERS, explained, simplified, without_common_words
from imr.corpus.query_language import WORDS as MOST
from imr.corpus.search import Search
from imr.examples.people import chance

COMMON = frozenset({"is", "not", "medically", "necessary"})
FREQUENT = ("is", "not", "medically", "is_not", "not_medically", "is_not_medically")


def test_a_run_is_indexed_where_all_but_its_last_word_are_frequent():
    phrases = Phrases(COMMON, FREQUENT)
    assert phrases.runs("It is NOT medically necessary, zebra is") == (
        "0_not 3_medically 5_necessary 1_medically 4_necessary 2_necessary"
    )
    assert phrases.runs("necessary is zebra") == ""
    assert phrases.runs("") == ""


def test_common_words_and_frequent_runs_are_counted_by_issue():
    assert common_words(["a b", "a c", "a"] * 50 + ["a e"] * 10 + ["d"]) == {"a", "b", "c", "e"}
    issues = [("x y z", "y z"), ("x y w",), ("y z y z",), *[("w",)] * 27]
    found = frequent_runs(issues * 10, frozenset("wxyz"))
    # Seven in a hundred of 300 issues are 21: y occurs in 30, "x y" and "y z" in 20.
    assert found == ("w", "y")
    assert frequent_runs([("x y", "x y")], frozenset("xy")) == (), "one issue shows nothing"
    assert frequent_runs(issues[:3] * 6, frozenset("wxyz")) == (), "and so do a few"
    assert frequent_runs(issues[:3] * 10, frozenset("wxyz")) == ("x", "y", "z", "x_y", "y_z")


def test_only_phrases_of_common_words_without_a_field_of_their_own_are_rewritten():
    phrases = Phrases(COMMON, FREQUENT)
    whole = phrases.rewritten('mri -"Is not medically necessary"', "heading", 4.0)
    assert whole == 'mri -(phrase:5_necessary OR heading:"is not medically necessary"^4.0)'
    pieces = phrases.rewritten('"not medically is not necessary"', "heading", 4.0)
    assert pieces == (
        '((phrase:4_is AND phrase:3_necessary AND text:"not medically is not necessary")'
        ' OR heading:"not medically is not necessary"^4.0)'
    )
    joined = phrases.rewritten("zebra is-not", "heading", 4.0)
    assert joined == 'zebra (phrase:0_not OR heading:"is not"^4.0)'
    for as_it_was in (
        '"zebra crossing"', 'heading:"is not"', '"is not"~2', '"necessary"', '"necessary is"', "is not", '"is not',
        "heading:is-not", "year:[2014-01 TO not-is]", "l4-l5",
    ):  # fmt: skip
        assert phrases.rewritten(as_it_was, "heading", 4.0) == as_it_was
    assert loosened('mri "is not" heading:"is not"') == 'mri (is not) heading:"is not"'


def test_a_phrase_finds_the_same_issues_either_way(invented_corpus):
    search = Search(invented_corpus)
    texts = [
        " ".join(filter(None, row.values()))
        for row in pq.read_table(
            invented_corpus / "issues", columns=["heading", "rationale", "reviewer_basis"]
        ).to_pylist()
    ]
    draw = chance("phrases", 7)
    rewritten, pieced = 0, 0
    for _ in range(300):
        words = re.findall(r"\w+", draw.choice(texts))
        start = draw.randrange(len(words))
        phrase = " ".join(words[start : start + draw.choice((2, 3, 4, 5, 6, 7, 12))])
        query = f'"{phrase}"'
        found = search.find(query, limit=1_000)
        wanted = search._searcher.search(search._parsed(query)[0], limit=1_000)
        assert found.total == wanted.count, phrase
        asked = search._phrases.rewritten(query, "heading", 4.0)
        rewritten += asked != query
        pieced += "AND text:" in asked
    assert rewritten > 100
    assert pieced > 10
    assert search.find('"medically necessary is"').total == 0
    assert search.find('"the request is not medically necessary"').total > 300


def test_what_the_language_does_not_know_is_left_out_and_told(invented_corpus):
    search = Search(invented_corpus)
    for query, same, problem in (
        ('"not medically"*', '"not medically"', "word for word"),
        ('"not medically"~3', '"not medically"', "word for word"),
        ("acupunct* shoulder", "acupunct shoulder", "whole words"),
        ("shoulder rationale:*", "shoulder", "needs a value"),
        ("shoulder heading:[a TO z]", "shoulder", "only the year"),
        ("shoulder category:>a", "shoulder", "only the year"),
        ("shoulder rationale:/.*/", None, "between / and /"),
        ("colour:blue", None, "there is no field colour"),
        ('"open', None, "not closed"),
        ("(shoulder", None, "bracket"),
        ("year:soon", None, "a year is a number"),
    ):
        found = search.find(query)
        assert any(problem in one for one in found.problems), (query, found.problems)
        if same is not None:
            assert found.total == search.find(same).total
    assert search.find("year:[2014 TO 2030] shoulder").problems == ()
    assert search.find("year:>2010").problems == ()


def test_a_query_that_only_excludes_is_no_problem(invented_corpus):
    search = Search(invented_corpus)
    found = search.find("NOT shoulder")
    assert found.problems == ()
    assert found.total == search.find("").total - search.find("shoulder").total > 0


def test_what_is_too_long_is_not_asked_and_says_so(invented_corpus):
    search = Search(invented_corpus)
    for query, problem in (("the " * (MOST + 1), "words"), ("(" * (CHARACTERS + 1), "characters")):
        found = search.find(query, counts=("year",))
        assert (found.total, found.hits, found.counts) == (0, (), {"year": ()})
        assert problem in found.problems[0]
    assert simplified("the " * MOST) == ("the " * MOST, ())
    sentence = '"a sentence of a letter is one phrase, however long it is, and more than twenty-four words stand in this one, as anybody can see who counts"'
    assert simplified(sentence) == (sentence, ())
    assert simplified(f"{sentence} " * 5)[0] is None
    assert explained(["Something new"] * 2) == ("Something new",)
    assert search.find("(" * CHARACTERS).problems


def test_words_that_stand_in_every_issue_are_not_asked_where_all_must_occur(invented_corpus):
    everywhere = {"the", "of"}.__contains__
    for query, asked in (
        ("the shoulder of", "shoulder"),
        ('The AND "the shoulder" AND category:the', '"the shoulder" category:the'),
        ("the of", "the"),
        ("the OR shoulder", "the OR shoulder"),
        ("NOT the", "NOT the"),
        ("shoulder -the", "shoulder -the"),
        ("(the shoulder)", "(the shoulder)"),
        ("", ""),
    ):
        assert without_common_words(query, everywhere) == asked
    search = Search(invented_corpus)
    assert search._in_all("the")
    assert not search._in_all("shoulder")
    assert search.find("the shoulder").total == search.find("shoulder").total > 0
    assert search.find("the").total == search.find("").total


@given(st.text(st.sampled_from("abthe is not \"*~:[]{}()/^\\'-+<>=0123 ANDORNOT year: heading: x\n"), max_size=60))
def test_no_query_fails(invented_corpus, query):
    found = Search(invented_corpus).find(query, limit=3)
    assert found.total >= 0


@pytest.mark.parametrize(
    "query",
    [
        *('x "', "a:b:c", "http://x.y", "1/2", "'", "^", ":", "\x00", "* AND *", "year:*"),
        # whatever the engine takes for the name of a field with any value
        *("<:*", "x<:*", "-<>:*", "a.b:*", "é:*", "a\\:b:*", "heading: *", "year :*", "year: **", "(<:*)", "x (a:*) y"),
    ],
)
def test_odd_queries_are_answered(invented_corpus, query):
    assert Search(invented_corpus).find(query).total >= 0
