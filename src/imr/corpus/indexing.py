"""The full-text index of a corpus, derived from its Parquet. `rebuild` makes a new one while the old one serves."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy

from imr.corpus.build import Progress, no_progress
from imr.corpus.database import connect, issues
from imr.corpus.fields import FIELDS
from imr.corpus.phrases import FIELD, WORDS, Phrases, common_words, frequent_runs
from imr.errors import SetupError

#: Raise this when the fields of the index or their content change: an index of another version must be rebuilt.
INDEX_VERSION = 6
POINTER = "index.json"
_COMMON = "common.json"
#: How many issues are sampled, evenly over the parts, to find the common words; and how many of those to find frequent runs.
_SAMPLE, _SOME = 20_000, 4_000
#: How often the heading is repeated among the words of an issue, so that the request weighs more than the discussion.
_HEADING = 3
#: Bytes of memory for a segment of the index before it is written.
_HEAP = 512_000_000
_COLUMNS = (
    "letter", "issue", "case_number", "year", "decision", "category", "subcategory", "drug_class", "body_parts",
    "guidelines", "specialty", "licensure", "review_type", "treatment", "heading", "rationale", "summary", "basis",
)  # fmt: skip
_NAMED = {"body_parts": "body_part", "guidelines": "guideline", "licensure": "licence"}


def rebuild(corpus: Path, progress: Progress = no_progress) -> int:
    """Rebuild the index of a corpus and switch to it; give the number of issues. The old index serves until then."""
    rows = _Rows(corpus)
    total = json.loads((corpus / "corpus.json").read_text(encoding="utf-8"))["rows"]["issues"]
    last = max((int(old.name.split("-")[1]) for old in corpus.glob("index-*")), default=0)
    name = f"index-{last + 1}"
    folder = corpus / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    sample = [_texts(row) for row in rows.sample()]
    common = common_words(map(" ".join, sample))
    phrases = Phrases(common, frequent_runs(sample[:: -(-len(sample) // _SOME)], common))
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_HEAP, os.cpu_count() or 1)
    count = 0
    progress(0, total)
    for row in rows:
        writer.add_document(_document(row, phrases))
        count += 1
        if count % 5_000 == 0:
            progress(count, total)
    writer.commit()
    writer.wait_merging_threads()
    progress(total, total)
    words = {"common": sorted(phrases.common), "frequent": phrases.frequent}
    (folder / _COMMON).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    temporary = corpus / f".{POINTER}.{os.getpid()}"
    temporary.write_text(json.dumps({"form": INDEX_VERSION, "index": name, "issues": count}) + "\n", encoding="utf-8")
    temporary.replace(corpus / POINTER)
    for old in corpus.glob("index-*"):
        if old.name != name:
            shutil.rmtree(old)
    return count


def current_index(corpus: Path) -> str:
    """Give the name of the index in use. Raises SetupError where there is none, or one of another version."""
    try:
        pointer = json.loads((corpus / POINTER).read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"{corpus} has no index; make one with `imr corpus index`") from error
    if pointer.get("form") != INDEX_VERSION:
        raise SetupError(f"the index of {corpus} was made by another version; rebuild it with `imr corpus index`")
    return str(pointer["index"])


def is_current(corpus: Path) -> bool:
    """Say whether a corpus has an index made by this version."""
    try:
        return (corpus / current_index(corpus)).is_dir()
    except (SetupError, ValueError, KeyError):
        return False


def phrases_of(folder: Path) -> Phrases:
    """Give the frequent phrases that an index holds as single terms."""
    words = json.loads((folder / _COMMON).read_text(encoding="utf-8"))
    return Phrases(words["common"], words["frequent"])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("letter", stored=True, tokenizer_name="raw")
    builder.add_text_field("part", stored=True, index_option="basic", tokenizer_name="raw")
    builder.add_integer_field("issue", stored=True)
    builder.add_text_field("case_number", stored=True, tokenizer_name="raw")
    builder.add_integer_field("year", stored=True, indexed=True, fast=True)
    for name in FIELDS:
        if name != "year":
            builder.add_text_field(name, stored=True)
            builder.add_text_field(f"{name}_is", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("treatment", stored=True, index_option="basic", tokenizer_name="raw")
    builder.add_text_field("heading", stored=True)
    builder.add_text_field("rationale", stored=True, index_option="freq")
    builder.add_text_field("summary", index_option="freq")
    builder.add_text_field(WORDS)
    builder.add_text_field(FIELD, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


class _Rows:
    """Iterates over the issues of a corpus part by part, so that a large corpus is never wholly in memory."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._db = connect(corpus)
        self._parts = sorted(file.stem.removeprefix("part-") for file in (corpus / "issues").glob("part-*.parquet"))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for part in self._parts:
            yield from self._of(part)

    def sample(self) -> Iterator[dict[str, Any]]:
        """Some issues of some parts."""
        some = self._parts[:: max(1, len(self._parts) // 10)]
        for part in some:
            yield from islice(self._of(part), -(-_SAMPLE // len(some)))

    def _of(self, part: str) -> Iterator[dict[str, Any]]:
        columns = ", ".join(_COLUMNS[:-1])
        self._db.execute(
            f"SELECT {columns}, administrator_basis || ' ' || reviewer_basis FROM ({issues(self._corpus, part)})"  # noqa: S608 - names are ours
            " ORDER BY letter, issue"
        )
        names = [_NAMED.get(name, name) for name in _COLUMNS]
        for row in self._db.fetchall():
            yield dict(zip(names, row, strict=True)) | {"part": part}


def _texts(row: Mapping[str, Any]) -> Sequence[str]:
    return [row[name] or "" for name in ("rationale", "summary", "basis")]


def _document(row: Mapping[str, Any], phrases: Phrases) -> Any:
    document = tantivy.Document()
    for name in ("letter", "part", "case_number", "heading", "rationale", "summary"):
        document.add_text(name, row[name] or "")
    document.add_text("treatment", row["treatment"] or row["heading"])
    texts = _texts(row)
    for text in (*[row["heading"] or ""] * _HEADING, *texts):  # each a value of its own, so that no phrase spans two
        document.add_text(WORDS, text)
    document.add_text(FIELD, " ".join(map(phrases.runs, texts)))
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
