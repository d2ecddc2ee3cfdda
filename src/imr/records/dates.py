"""Dates as American medical records write them."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}  # fmt: skip
# Two patterns, each beginning as its dates always begin, with a digit or the first letter of a month. They search a page
# in a third of the time that one pattern takes.
# A date in digits has one separator: "4-6/10" is a pain scale, "8-10/12" a count of visits, and "5-10-15 minutes" a length of time.
_FIGURES = re.compile(
    r"[0-9](?<!\w.)(?:"
    r"(?P<m>\d?)(?P<s>[/.-]| / )(?P<d>\d{1,2})(?P=s)(?P<y>(?:19|20)?\d{2})(?! *(?i:min|sec|hour|day|week|rep|time|visit|degree|mg|%))|"
    r"(?P<iy>\d{3})(?P<is>[/-])(?P<im>\d{2})(?P=is)(?P<id>\d{2})|"
    r"(?P<dd>\d?)(?i:st|nd|rd|th)?[ -]?(?P<month>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))(?i:[a-z]*)\.?,?[ -]?"
    r"(?P<dy>(?:19|20)\d{2}))\b"
)
_NAMED = re.compile(
    r"[JFMASONDjfmasond](?<!\w.)(?i:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)(?i:[a-z]*)(?:\.?,?\s+|-)(?P<d>\d{1,2})(?i:st|nd|rd|th)?,?"
    r"(?:\s+|-)(?P<y>(?:19|20)\d{2})\b"
)
#: The day and year of a date with a month's name, and that name before them. The digits are searched first: they are rarer than letters.
_DAY_YEAR = re.compile(r"[0-9](?<!\w.)\d?(?i:st|nd|rd|th)?,?(?:\s+|-)(?:19|20)\d{2}\b")
_MONTH = re.compile(r"[^\W\d_]+(?:\.?,?\s+|-)$")
#: A year of two digits from here on is in the last century: a date of birth, not a future date.
_LAST_CENTURY = 30
_LONGEST_MONTH = 24


def dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Yield the dates in a text, each with its start and end. Impossible dates are skipped."""
    found = [*_FIGURES.finditer(text), *_named(text)]
    found.sort(key=re.Match.start)
    for one in found:
        day = _day(one)
        if day is not None:
            yield *one.span(), day


def _named(text: str) -> Iterator[re.Match[str]]:
    for figures in _DAY_YEAR.finditer(text):
        first = max(0, figures.start() - _LONGEST_MONTH)
        month = _MONTH.search(text[first : figures.start()])
        named = _NAMED.match(text, first + month.start()) if month else None
        if named:
            yield named


def date_at(text: str, place: int) -> tuple[int, date] | None:
    """Give the end of the date that begins at a position of a text, and the date; None if no date begins there."""
    found = _FIGURES.match(text, place) or _NAMED.match(text, place)
    day = _day(found) if found else None
    return (found.end(), day) if found and day else None


def _day(found: re.Match[str]) -> date | None:
    first = found.group()[0]
    parts = found.groupdict()
    if "month" not in parts:
        year, month, day = int(parts["y"]), _MONTHS[found.group()[:3].lower()], int(parts["d"])
    elif parts["y"]:
        year, month, day = int(parts["y"]), int(first + parts["m"]), int(parts["d"])
        if year < 100:
            year += 1900 if year >= _LAST_CENTURY else 2000
    elif parts["iy"]:
        year, month, day = int(first + parts["iy"]), int(parts["im"]), int(parts["id"])
    else:
        year, month, day = int(parts["dy"]), _MONTHS[parts["month"].lower()], int(first + parts["dd"])
    try:
        return date(year, month, day)
    except ValueError:
        return None
