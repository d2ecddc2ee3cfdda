"""Dates as American medical records write them."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    name: n
    for n, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
#: A date as American records write it.
DATE = re.compile(
    r"\b(?:(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})[/.-](?P<y>(?:19|20)?\d{2})|(?P<iy>(?:19|20)\d{2})-(?P<im>\d{2})-(?P<id>\d{2})|"
    r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(?P<nd>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<ny>(?:19|20)\d{2})|"
    r"(?P<dd>\d{1,2})(?:st|nd|rd|th)? (?P<dname>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?,? (?P<dy>(?:19|20)\d{2}))\b",
    re.IGNORECASE,
)  # fmt: skip


def dates(text: str) -> Iterator[tuple[int, int, date]]:
    """The dates that stand in a text, each with its place. A date that no calendar knows is passed over."""
    for found in DATE.finditer(text):
        if found["y"]:
            year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
            if year < 100:
                year += 2000 if year < 40 else 1900
        elif found["iy"]:
            year, month, day = int(found["iy"]), int(found["im"]), int(found["id"])
        elif found["dy"]:
            year, month, day = int(found["dy"]), _MONTHS[found["dname"].lower()], int(found["dd"])
        else:
            year, month, day = int(found["ny"]), _MONTHS[found["name"].lower()], int(found["nd"])
        try:
            yield found.start(), found.end(), date(year, month, day)
        except ValueError:
            continue
