"""Full text over a corpus: words, phrases and fields, ranked, with passages and counts by field. Knows Tantivy alone.

A document of the index is an issue: what was asked, what was decided, and why. The query language is the same in page,
API and command: words must all occur; `"not medically necessary"` is a phrase (no word is too common to count);
`category:pharmaceuticals`, `body_part:"low back"`, `decision:overturned`, `specialty:neurology`, `year:[2015 TO 2017]`
name a field; AND, OR, NOT and brackets join them.

The index is a shadow of the Parquet: `rebuild` writes a new one beside the old and then points to it, so that the old
one serves until the new one is whole.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import tantivy

from imr.corpus.build import Progress, unwatched
from imr.errors import ImrError

#: Fields by name that a query may name and that issues are counted by, with words for a heading.
FIELDS: Mapping[str, str] = {
    "decision": "Decision",
    "category": "Category",
    "subcategory": "Subcategory",
    "drug_class": "Drug class",
    "body_part": "Body part",
    "guideline": "Guideline",
    "specialty": "Specialty",
    "licence": "Licence",
    "review_type": "Standard or expedited",
    "year": "Year",
}
_TEXT = ("heading", "rationale", "summary", "basis")
_BOOSTS = {"heading": 4.0, "rationale": 1.0, "summary": 0.6, "basis": 1.5}
_POINTER = "index.json"
_PASSAGE = 320
_SHOWN = ("letter", "issue", "case_number", "year", "decision", "category", "subcategory", "heading")
_ROWS = (
    "WITH one AS (SELECT * FROM read_parquet('{corpus}/letters/part-*.parquet')"
    " QUALIFY row_number() OVER (PARTITION BY coalesce(case_number, letter) ORDER BY letter) = 1),"
    " cited AS (SELECT letter, issue, list_distinct(list(CASE WHEN title = '' THEN source ELSE source || ': ' || title END)) AS guidelines"
    " FROM read_parquet('{corpus}/citations/part-*.parquet') WHERE side = 'reviewer' GROUP BY letter, issue)"
    " SELECT i.letter, i.issue, l.case_number, l.year, i.decision, i.category, i.subcategory, i.drug_class, i.body_parts,"
    " c.guidelines, l.specialty, l.licensure, l.review_type, i.heading, i.rationale, l.summary,"
    " i.administrator_basis || ' ' || i.reviewer_basis AS basis"
    " FROM read_parquet('{corpus}/issues/part-*.parquet') i JOIN one l USING (letter) LEFT JOIN cited c USING (letter, issue)"
)
_COLUMNS = (
    "letter", "issue", "case_number", "year", "decision", "category", "subcategory", "drug_class", "body_part",
    "guideline", "specialty", "licence", "review_type", "heading", "rationale", "summary", "basis",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An issue that was found. `passage` is a stretch of it; `marks` the places in it, from and to, that the query meant."""

    letter: str
    issue: int
    case_number: str
    year: int | None
    decision: str
    category: str
    subcategory: str
    heading: str
    rationale: str
    passage: str
    marks: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query found: how many issues in all, a page of them, counts by field, and what of it was not understood."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, tuple[tuple[str, int], ...]]
    problems: tuple[str, ...] = ()


class Search:
    """A corpus's index, opened for reading. It follows the pointer: after a rebuild, the next question asks the new one."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self._name = ""
        self._follow()

    def find(
        self, query: str, *, limit: int = 10, offset: int = 0, counts: Sequence[str] = ("decision", "category", "year")
    ) -> Found:
        """Find the issues that a query asks for, best first. An empty query finds all."""
        self._follow()
        parsed, problems = self._parse(query)
        total, hits = self._run(parsed, limit, offset)
        return Found(total=total, hits=hits, counts=self._counts(parsed, counts), problems=problems)

    def run(self, query: tantivy.Query, *, limit: int) -> tuple[Hit, ...]:
        """Give the best hits of a query made of `term` and the engine's own joints."""
        self._follow()
        return self._run(query, limit, 0)[1]

    def term(self, field: str, value: str) -> tantivy.Query:
        """A query for one value of a field, or one word of a text."""
        return tantivy.Query.term_query(self._index.schema, field, value)

    def frequency(self, field: str, word: str) -> int:
        """In how many issues a word stands in a text."""
        return int(self._searcher.doc_freq(field, word))

    @property
    def size(self) -> int:
        """How many issues the index holds."""
        return int(self._searcher.num_docs)

    def _run(self, query: tantivy.Query, limit: int, offset: int) -> tuple[int, tuple[Hit, ...]]:
        result: Any = self._searcher.search(query, limit=max(limit, 1), offset=offset, count=True)
        snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._index.schema, "rationale")
        snippets.set_max_num_chars(_PASSAGE)
        return int(result.count or 0), tuple(self._hit(score, at, snippets) for score, at in result.hits[:limit])

    def _parse(self, query: str) -> tuple[Any, tuple[str, ...]]:
        if not query.strip():
            return tantivy.Query.all_query(), ()
        parsed, errors = self._index.parse_query_lenient(
            query, list(_TEXT), field_boosts=_BOOSTS, conjunction_by_default=True
        )
        return parsed, tuple(str(error) for error in errors)

    def _hit(self, score: float, address: Any, snippets: Any) -> Hit:
        document = self._searcher.doc(address)
        one: dict[str, Any] = {name: document.get_first(name) for name in _SHOWN}
        snippet = snippets.snippet_from_doc(document)
        rationale = str(document.get_first("rationale"))
        passage = snippet.fragment() or rationale[:_PASSAGE]
        return Hit(
            **one,
            rationale=rationale,
            passage=passage,
            marks=_as_characters(passage, [(mark.start, mark.end) for mark in snippet.highlighted()]),
            score=score,
        )

    def _counts(self, parsed: Any, fields: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        unknown = [name for name in fields if name not in FIELDS]
        if unknown:
            raise ImrError(f"there is no field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        if not fields:
            return {}
        asked = {name: {"terms": {"field": name if name == "year" else f"{name}_is", "size": 50}} for name in fields}
        answer = self._searcher.aggregate(parsed, asked)
        return {
            name: tuple((_key(bucket["key"]), bucket["doc_count"]) for bucket in answer[name]["buckets"])
            for name in fields
        }

    def _follow(self) -> None:
        try:
            name = json.loads((self.corpus / _POINTER).read_text(encoding="utf-8"))["index"]
        except OSError as error:
            raise ImrError(f"{self.corpus} has no index; make one with `imr corpus index`") from error
        if name != self._name:
            self._index = tantivy.Index.open(str(self.corpus / name))
            self._searcher = self._index.searcher()
            self._name = name


def rebuild(corpus: Path, progress: Progress = unwatched) -> int:
    """Make the index of a corpus anew and point to it; give the number of issues. The old one serves until then."""
    if not (corpus / "corpus.json").is_file():
        raise ImrError(f"{corpus} holds no corpus; build one with `imr corpus build`")
    total = json.loads((corpus / "corpus.json").read_text(encoding="utf-8"))["rows"]["issues"]
    name = f"index-{_next(corpus)}"
    folder = corpus / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(256_000_000, os.cpu_count() or 1)
    count = 0
    progress(0, total)
    for row in _rows(corpus):
        writer.add_document(_document(row))
        count += 1
        if count % 5_000 == 0:
            progress(count, total)
    writer.commit()
    writer.wait_merging_threads()
    progress(total, total)
    temporary = corpus / f".{_POINTER}.{os.getpid()}"
    temporary.write_text(json.dumps({"index": name, "issues": count}) + "\n", encoding="utf-8")
    temporary.replace(corpus / _POINTER)
    for old in corpus.glob("index-*"):
        if old.name != name:
            shutil.rmtree(old)
    return count


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("letter", stored=True, tokenizer_name="raw")
    builder.add_integer_field("issue", stored=True)
    builder.add_text_field("case_number", stored=True, tokenizer_name="raw")
    builder.add_integer_field("year", stored=True, indexed=True, fast=True)
    for name in FIELDS:
        if name != "year":
            builder.add_text_field(name, stored=True)
            builder.add_text_field(f"{name}_is", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("heading", stored=True)
    builder.add_text_field("rationale", stored=True)
    builder.add_text_field("summary")
    builder.add_text_field("basis")
    return builder.build()


def _rows(corpus: Path) -> Iterator[dict[str, Any]]:
    db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "preserve_insertion_order": False})
    db.execute(_ROWS.format(corpus=str(corpus).replace("'", "''")))
    while rows := db.fetchmany(2_000):
        for row in rows:
            yield dict(zip(_COLUMNS, row, strict=True))


def _document(row: Mapping[str, Any]) -> Any:
    document = tantivy.Document()
    for name in ("letter", "case_number", "heading", "rationale", "summary", "basis"):
        document.add_text(name, row[name] or "")
    document.add_integer("issue", row["issue"])
    if row["year"] is not None:
        document.add_integer("year", row["year"])
    for name in FIELDS:
        if name != "year":
            value = row[name]
            for each in value if isinstance(value, list) else [value]:
                if each:
                    document.add_text(name, each)
                    document.add_text(f"{name}_is", each)
    return document


def _next(corpus: Path) -> int:
    """The number after the greatest that an index of this corpus bears."""
    return max((int(old.name.split("-")[1]) for old in corpus.glob("index-*")), default=0) + 1


def _key(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


def _as_characters(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks counted in bytes of UTF-8, as marks counted in characters."""
    if text.isascii():
        return tuple(marks)
    data = text.encode()
    return tuple((len(data[:start].decode()), len(data[:end].decode())) for start, end in marks)
