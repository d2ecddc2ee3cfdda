"""Similar cases: the decided issues nearest to a disputed treatment, how they were decided, and how they differ.

Similarity is BM25 over the words of the request and the circumstances, with extra weight for the same category, drug class and
body part. The split of decisions comes with its 95% interval, and with the words that the rationales of one outcome use and
those of the other do not. It informs and does not decide: published determinations are not precedent.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

import tantivy

from imr.corpus.model import SearchHit, SimilarCases, wilson
from imr.corpus.search import Search
from imr.guidelines.treatments import classify

#: How many similar cases are counted in the split; the site shows ten of them.
NEAREST = 30
#: A word can distinguish the outcomes only if at least this many rationales of one outcome use it.
_AT_LEAST = 3
_TELLING = 6
_KEYWORDS = 24
_WORD = re.compile(r"[a-z][a-z-]{3,}")
_ASKED = re.compile(r"[a-z0-9]{2,}")
_WEIGHTS = {"category": 3.0, "subcategory": 4.0, "drug_class": 4.0, "body_part": 2.0}
#: Words of the form and of every letter, which distinguish nothing.
_FORM_WORDS = """
therefore request requested medically necessary necessity guidelines guideline recommended recommend patient injured
worker applicant treatment medical medicine records record documented documentation provider physician treating mtus
acoem chronic pain complaints california there this that with from have been which were will would should also other
such these those their than then when into over most without including
"""
_FORM = frozenset(_FORM_WORDS.split())


def find_similar(
    search: Search, treatment: str, circumstances: str = "", *, nearest: int = NEAREST, but: Iterable[str] = ()
) -> SimilarCases:
    """Find the decided issues most similar to a disputed treatment. `but` names cases to leave out, such as this one."""
    query = _query(search, treatment, circumstances, but)
    hits = search.run(query, limit=nearest)
    standing = [hit for hit in hits if hit.set_aside_on is None]
    overturned = sum(hit.decision == "overturned" for hit in standing)
    upheld_words, overturned_words = _telling(standing)
    return SimilarCases(
        hits=hits,
        overturned=overturned,
        decided=len(standing),
        share=wilson(overturned, len(standing)) if standing else None,
        of_upheld=upheld_words,
        of_overturned=overturned_words,
        set_aside=len(hits) - len(standing),
    )


def _query(search: Search, treatment: str, circumstances: str, but: Iterable[str]) -> tantivy.Query:
    asked = classify(treatment)
    should: list[tuple[tantivy.Occur, tantivy.Query]] = []

    def want(field: str, words: str, weight: float) -> None:
        should.append((tantivy.Occur.Should, tantivy.Query.boost_query(search.term(field, words), weight)))

    for field, value in (
        ("category", asked.category),
        ("subcategory", asked.subcategory),
        ("drug_class", asked.drug_class),
    ):
        if value and value != "unknown":
            want(f"{field}_is", value, _WEIGHTS[field])
    for part in asked.body_parts:
        want("body_part_is", part.value, _WEIGHTS["body_part"])
    for word in dict.fromkeys(_ASKED.findall(treatment.lower())):
        want("heading", word, 1.5)
    for word in _keywords(search, circumstances):
        want("summary", word, 0.3)
        want("rationale", word, 0.3)
    clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))] if should else []
    clauses += [(tantivy.Occur.MustNot, search.term("case_number", case)) for case in but]
    return tantivy.Query.boolean_query(clauses)


def _keywords(search: Search, text: str) -> Sequence[str]:
    """Give the words of a text that are rarest in the corpus, among those that occur in it."""
    counts = Counter(_WORD.findall(text.lower()))
    weighed = []
    for word, count in counts.items():
        frequency = search.frequency("rationale", word)
        if frequency and word not in _FORM:
            weighed.append((-count * log((search.size + 1) / frequency), word))
    return [word for _, word in sorted(weighed)[:_KEYWORDS]]


def _telling(hits: Sequence[SearchHit]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the words that distinguish the rationales of the two outcomes, by log odds with half a count added."""
    uses: dict[str, Counter[str]] = {"upheld": Counter(), "overturned": Counter()}
    of: Counter[str] = Counter()
    for hit in hits:
        of[hit.decision] += 1
        uses[hit.decision].update(set(_WORD.findall(hit.rationale.lower())) - _FORM)
    if not of["upheld"] or not of["overturned"]:
        return (), ()

    def odds(word: str, outcome: str) -> float:
        return log((uses[outcome][word] + 0.5) / (of[outcome] - uses[outcome][word] + 0.5))

    def words(one: str, other: str) -> tuple[str, ...]:
        ranked = sorted(
            (odds(word, other) - odds(word, one), word) for word, n in uses[one].items() if n >= min(_AT_LEAST, of[one])
        )
        return tuple(word for score, word in ranked[:_TELLING] if score < -1.0)

    return words("upheld", "overturned"), words("overturned", "upheld")
