"""The list of documents reviewed, as the letter prints it: a numbered line a document, with its details in brackets.

`1. Follow-up visit [progress report (PR-2); dated 01/27/2015; by Pat Example, MD; 4 pages]`
"""

import re
from collections.abc import Iterator
from typing import Any

from imr.determination.fields import FieldKind, one_line
from imr.determination.model import ReviewedDocument
from imr.law.terms import RecordKind

_FIRST = re.compile(r"\s*1\.\s+")
_NEXT = re.compile(r"\]\s+(\d{1,5})\.\s+")
_LAST = re.compile(r"\]\s*$")
_KINDS = {kind.value: kind for kind in RecordKind}
_TOLD = re.compile(
    rf"(?P<title>.*) \[(?P<kind>{'|'.join(map(re.escape, _KINDS))})(; dated (?P<day>[\d/]+))?(; by (?P<author>.+?))?"
    r"(; (?P<pages>\d{1,9}) pages?)?\]"
)


def write_document(document: ReviewedDocument) -> str:
    """Give the line of one document, without its number."""
    known = [document.kind.value]
    if document.dated_on is not None:
        known.append(f"dated {FieldKind.DATE.write(document.dated_on)}")
    if document.author is not None:
        known.append(f"by {one_line(document.author)}")
    if document.pages is not None:
        known.append(f"{document.pages} page{'' if document.pages == 1 else 's'}")
    return f"{one_line(document.title)} [{'; '.join(known)}]"


def read_documents(text: str, start: int, stop: int) -> Iterator[tuple[int, int, int, ReviewedDocument]]:
    """Yield each document in the list between `start` and `stop`, with the offsets of its number, its line and its end.

    Lines of another form are left out.
    """
    first = _FIRST.match(text, start, stop)
    if first is None:
        return
    numbered, place, number = first.start(), first.end(), 1
    for mark in _NEXT.finditer(text, place, stop):
        if int(mark[1]) == number + 1:
            yield from _document(text, numbered, place, mark.start() + 1)
            numbered, place, number = mark.start(1), mark.end(), number + 1
    last = _LAST.search(text, max(place, stop - 100), stop)
    yield from _document(text, numbered, place, last.start() + 1 if last else stop)


def _document(text: str, numbered: int, start: int, stop: int) -> Iterator[tuple[int, int, int, ReviewedDocument]]:
    line = one_line(text[start:stop])
    told = (
        _TOLD.fullmatch(line) if line.endswith("]") else None
    )  # otherwise every bracket would be tried with all text after it
    if told is None or (told["day"] and FieldKind.DATE.read(told["day"]) is None):
        return
    values: dict[str, Any] = {}
    if told["day"]:
        values["dated_on"] = FieldKind.DATE.read(told["day"])
    if told["author"]:
        values["author"] = told["author"]
    if told["pages"]:
        values["pages"] = int(told["pages"])
    yield numbered, start, stop, ReviewedDocument(title=told["title"], kind=_KINDS[told["kind"]], **values)
