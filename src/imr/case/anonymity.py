"""Check that a text does not reveal who reviews a case: no name, national provider identifier or license number (LC 4610.6(f))."""

import re
from collections.abc import Iterator

from imr.determination.identifiers import Identifiers, identifier_patterns, unaccented
from imr.determination.name_patterns import last_name
from imr.identity import in_order
from imr.law.reviewers import Reviewer

#: A license number with fewer letters and digits than this identifies nobody.
_FEWEST = 5
#: Words after which initials are somebody's who wrote or signed.
_BY = r"review(?:ed by|er)?|signed(?: by)?|written by|dictated by|author|initials|/s/"
_DEGREES = r",?\s?(?:M\.?\s?D|D\.?\s?O|D\.?\s?C|D\.?\s?P\.?\s?M|Ph\.?\s?D|Psy\.?\s?D|L\.?\s?Ac)\b"


def tells(text: str, reviewer: Reviewer) -> bool:
    """Say whether a text contains a reviewer's name, in any form used in letters, or one of their numbers."""
    plain = unaccented(text)
    return any(re.search(form, plain) for form in _forms(reviewer, text)) or any(
        len(found[0].split()) > 1
        for form, _ in identifier_patterns(Identifiers(names=(reviewer.name,)), text)
        for found in re.finditer(form, plain)
        if not re.fullmatch(r"(?:\w\.\s?)+", found[0])
    )


def signs(text: str, reviewer: Reviewer) -> bool:
    """Say whether a text has a reviewer's initials where somebody signs, has dictated or has reviewed."""
    plain = unaccented(text)
    return any(
        re.search(pattern, plain, re.MULTILINE)
        for form in _initials(reviewer)
        for pattern in (
            form + _DEGREES,
            rf"(?i:{_BY})\W{{1,4}}(?:Dr\.?\s)?{form}",
            rf"{form}[:/][a-z]{{2,3}}\s{{0,9}}$",  # who dictated and who typed
        )
    )


def tells_beside(text: str, reviewer: Reviewer) -> bool:
    """Say whether texts beside the pages of a document, a line each, contain a reviewer's name or number, or are their initials."""
    plain = unaccented(text)
    return (
        tells(text, reviewer)
        or signs(text, reviewer)
        or any(
            re.search(rf"(?:^|>)[^\w\n<]{{0,9}}{form}[^\w\n>]{{0,9}}(?:$|<)", plain, re.MULTILINE)
            for form in _initials(reviewer)
        )
    )


def _initials(reviewer: Reviewer) -> Iterator[str]:
    """Give patterns for the initials of a name, of two letters and more, with and without their periods."""
    letters = [re.escape(word[0].upper()) for word in in_order(reviewer.name)]
    if len(letters) > 1:
        yield r"(?<!\w)" + r"\.?\s?".join(letters) + r"(?!\w)\.?"
    if len(letters) > 2:  # without what is between the first name and the last
        yield rf"(?<!\w){letters[0]}\.?\s?{letters[-1]}(?!\w)\.?"


def _forms(reviewer: Reviewer, text: str) -> Iterator[str]:
    """Give patterns for the last name, the numbers, and the initials before a degree. A first name alone identifies nobody."""
    numbers = (reviewer.npi, *(licence.number for licence in reviewer.licences))
    told = tuple(number for number in numbers if sum(map(str.isalnum, number)) >= _FEWEST)
    for form, _ in identifier_patterns(Identifiers(names=(last_name(reviewer.name),), numbers=told), text):
        yield form
    for number in told:
        figures = "".join(filter(str.isdigit, number))
        if len(figures) >= _FEWEST:
            yield rf"(?i:licen[cs]e|lic\.?|npi)\W*(?:\w+\W+){{0,2}}[a-z]?{figures}(?!\d)"
    initials = [word[0].upper() for word in in_order(reviewer.name)]
    if len(initials) > 1:
        yield r"(?<!\w)" + r"\.?\s?".join(map(re.escape, initials)) + r"\." + _DEGREES
