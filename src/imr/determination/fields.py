"""Fields of the letter: how a value of the model is printed, and how the printed text is read.

Each kind is a pair of inverse functions and the pattern of the printed text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from operator import itemgetter
from typing import Any

from imr.determination.typography import CUT
from imr.law.terms import Decision, ReviewType

#: The text of a blank in the header table without a value.
NOT_STATED = "Not stated"

_EMPTY_LINES = re.compile(r"\n[ \t\r]*\n")
_DATE = re.compile(r"(\d{1,2})\s?[/-]\s?(\d{1,2})\s?[/-]\s?(\d{4})(?!\d)")
_CASE_NUMBER = re.compile(r"(?:[A-Za-z]{1,8}[/_.-]?\d|\d{5})[A-Za-z0-9/_.-]*")
# A line may be broken after a hyphen or a slash, where no space is to be restored.
_CUT = re.compile(rf"{CUT}\s*")
_BROKEN_WORD = re.compile(r"([-/\u2010\u2011])(?<=[\w)].)[ \t]*[\r\n\f]\s*(?=[\w(])")


def one_line(text: str) -> str:
    """Put `text` on one line: a run of white space becomes one space, and a word broken after a hyphen or a cut is joined."""
    if CUT in text:
        text = _CUT.sub("", text)
    if "\ufffe" in text:  # the hyphen at the end of a line, from one PDF library
        text = text.replace("\ufffe", "-")
    if ("\n" in text or "\r" in text or "\f" in text) and (
        "-" in text or "/" in text or "\u2010" in text or "\u2011" in text
    ):
        text = _BROKEN_WORD.sub(itemgetter(1), text)  # a template would be parsed by Python for each text
    return " ".join(text.split())


def paragraphs(text: str) -> list[str]:
    """Split `text` at empty lines into paragraphs, each on one line."""
    return [line for line in map(one_line, _EMPTY_LINES.split(text)) if line]


def _read_date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    month, day, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _write_date(day: date) -> str:
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def _read_list(text: str) -> tuple[str, ...]:
    return tuple(part for part in map(one_line, text.split(",")) if part)


def _term(terms: type[Enum]) -> tuple[re.Pattern[str], Callable[[str], Any], Callable[[Any], str]]:
    by_word = {term.value.casefold(): term for term in terms}
    shape = re.compile(rf"(?i:{'|'.join(by_word)})\b")
    return shape, lambda text: by_word.get(text.casefold()), lambda term: term.value.capitalize()


class FieldKind(Enum):
    """A kind of field: `shape` matches the printed text, `read` gives its value (or None), `write` prints a value."""

    TEXT = (re.compile(r"(?s:.+)"), one_line, one_line)
    LIST = (re.compile(r"(?s:.+)"), _read_list, ", ".join)
    DATE = (_DATE, _read_date, _write_date)
    CASE_NUMBER = (_CASE_NUMBER, str, str)
    REVIEW_TYPE = _term(ReviewType)
    DECISION = _term(Decision)

    def __init__(self, shape: re.Pattern[str], read: Callable[[str], Any], write: Callable[[Any], str]) -> None:
        self.shape = shape
        self.read = read
        self.write = write


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the model and its kind."""

    field: str
    kind: FieldKind = FieldKind.TEXT
