"""Full-text search over a corpus: words, phrases and fields, ranked, with passages and counts by field. Uses Tantivy.

A document of the index is an issue: what was requested, what was decided, and why. The query language is the same on the page,
in the API and in the command: all words must occur; `"not medically necessary"` is a phrase (no word is too common to count);
`category:pharmaceuticals`, `body_part:"low back"`, `decision:overturned`, `specialty:neurology`, `year:[2015 TO 2017]`
name a field; AND, OR, NOT and brackets join them.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from imr.corpus.fields import FIELDS
from imr.corpus.indexing import current_index, phrases_of
from imr.corpus.model import SearchHit, SearchResults
from imr.corpus.phrases import WORDS, loosened
from imr.corpus.publication_status import publication_status
from imr.corpus.query_language import explained, simplified, without_common_words
from imr.errors import ImrError

#: How much more a phrase in a heading weighs than one in a rationale.
_HEADING = 4.0
_PASSAGE = 320
_SHOWN = ("letter", "issue", "case_number", "year", "decision", "category", "subcategory", "treatment", "heading")


class Search:
    """The index of a corpus, opened for reading. After a rebuild, the next query uses the new index."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self._name = ""
        self._beside = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="counting")
        self._follow()

    def find(
        self, query: str, *, limit: int = 10, offset: int = 0, counts: Sequence[str] = ("decision", "category", "year")
    ) -> SearchResults:
        """Find the issues that match a query, best first. An empty query finds all. Raises ImrError on an unknown field in `counts`."""
        unknown = [name for name in counts if name not in FIELDS]
        if unknown:
            raise ImrError(f"there is no field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        self._follow()
        asked, shown, problems = self._parse(query)
        if asked is None:
            return SearchResults(total=0, hits=(), counts=dict.fromkeys(counts, ()), problems=problems)
        asked = self._public(asked)
        # Each issue has one decision, so the counts by decision add up to the total: without scoring every issue, and in
        # parallel with the search for the best.
        counting = self._beside.submit(self._counts, self._searcher, asked, (*counts, "decision"))
        hits = self._best(asked, shown, limit, offset)
        counted = counting.result()
        return SearchResults(
            total=sum(count for _, count in counted["decision"]),
            hits=hits,
            counts={name: counted[name] for name in counts},
            problems=problems,
        )

    def run(self, query: tantivy.Query, *, limit: int) -> tuple[SearchHit, ...]:
        """Give the best hits of a query built from `term` and the engine's own operators."""
        self._follow()
        return self._best(self._public(query), query, limit, 0)

    def term(self, field: str, value: str) -> tantivy.Query:
        """Give a query for one value of a field, or for one word of a text field."""
        return tantivy.Query.term_query(self._index.schema, field, value)

    def place(self, case_number: str) -> tuple[str, str] | None:
        """Give the letter of a case and the part of the tables that holds it; None where the index has no such case, or it was withdrawn."""
        self._follow()
        if case_number in self._standing.withdrawn:
            return None
        hits = self._searcher.search(self.term("case_number", case_number), limit=1, count=False).hits
        if not hits:
            return None
        document = self._searcher.doc(hits[0][1])
        return str(document.get_first("letter")), str(document.get_first("part"))

    def set_aside_on(self, case_number: str) -> date | None:
        """Give the day on which a determination was set aside; None while it is in force."""
        return self._standing.set_aside.get(case_number)

    def frequency(self, field: str, word: str) -> int:
        """Give the number of issues that have a word in a field."""
        return int(self._searcher.doc_freq(field, word))

    @property
    def size(self) -> int:
        """The number of issues in the index."""
        return int(self._searcher.num_docs)

    def _best(self, asked: tantivy.Query, shown: tantivy.Query, limit: int, offset: int) -> tuple[SearchHit, ...]:
        if limit < 1:
            return ()
        result: Any = self._searcher.search(asked, limit=limit, offset=offset, count=False)
        snippets = tantivy.SnippetGenerator.create(self._searcher, shown, self._index.schema, "rationale")
        snippets.set_max_num_chars(_PASSAGE)
        return tuple(self._hit(score, at, snippets) for score, at in result.hits)

    def _parse(self, query: str) -> tuple[Any, Any, tuple[str, ...]]:
        """Give the query for the index (None where it is too long), the words to mark in passages, and what was not understood."""
        limit, problems = simplified(query)
        if limit is None:
            return None, None, problems
        if not limit.strip():
            return tantivy.Query.all_query(), tantivy.Query.all_query(), problems
        asked, errors = self._parsed(limit)
        rewritten = self._phrases.rewritten(without_common_words(limit, self._in_all), "heading", _HEADING)
        if rewritten != limit:
            asked, _ = self._parsed(rewritten)
        shown, _ = self._parsed(loosened(limit), "rationale")
        return asked, shown, (*problems, *explained(errors))

    def _in_all(self, word: str) -> bool:
        return bool(self._searcher.doc_freq(WORDS, word) == self._searcher.num_docs)

    def _parsed(self, query: str, field: str = WORDS) -> tuple[Any, Sequence[Any]]:
        return self._index.parse_query_lenient(query, [field], conjunction_by_default=True)

    def _hit(self, score: float, address: Any, snippets: Any) -> SearchHit:
        document = self._searcher.doc(address)
        one: dict[str, Any] = {name: document.get_first(name) for name in _SHOWN}
        snippet = snippets.snippet_from_doc(document)
        rationale = str(document.get_first("rationale"))
        passage = snippet.fragment() or rationale[:_PASSAGE]
        return SearchHit(
            **one,
            rationale=rationale,
            passage=passage,
            marks=_as_characters(passage, [(mark.start, mark.end) for mark in snippet.highlighted()]),
            score=score,
            set_aside_on=self.set_aside_on(one["case_number"]),
        )

    def _public(self, asked: tantivy.Query) -> tantivy.Query:
        """Give the same query without cases withdrawn since the index was built."""
        if not self._standing.withdrawn:
            return asked
        withdrawn = [(tantivy.Occur.MustNot, self.term("case_number", case)) for case in self._standing.withdrawn]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *withdrawn])

    @staticmethod
    def _counts(searcher: Any, asked: Any, fields: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        terms = {name: {"terms": {"field": name if name == "year" else f"{name}_is", "size": 50}} for name in fields}
        answer = searcher.aggregate(asked, terms)
        return {
            name: tuple((_key(bucket["key"]), bucket["doc_count"]) for bucket in answer[name]["buckets"])
            for name in fields
        }

    def _follow(self) -> None:
        self._standing = publication_status(self.corpus)
        name = current_index(self.corpus)
        if name != self._name:
            self._index = tantivy.Index.open(str(self.corpus / name))
            self._searcher = self._index.searcher()
            self._phrases = phrases_of(self.corpus / name)
            self._name = name


def _key(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


def _as_characters(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Convert marks from byte offsets in UTF-8 to character offsets."""
    if text.isascii():
        return tuple(marks)
    data = text.encode()
    return tuple((len(data[:start].decode()), len(data[:end].decode())) for start, end in marks)
