"""The heading of a disputed treatment: where it begins in running text, and what it says of a partial approval.

Nothing but the page marks where a rationale ends and the next heading begins, and extractors lose the page. What is
left is how letters are set: a rationale ends with a sentence, a heading begins a line, and a heading that says what UR
had approved has sentences of its own, always the same.
"""

import re
from itertools import pairwise

#: No heading is longer than this, in characters; a rationale that runs on without end is not searched further.
LONGEST = 1_500

_LINE = re.compile(r"[^\n\r\f]*\S[^\n\r\f]*")
_QUOTES = r"[\"'\u2019\u201d)\]*]*"
_SENTENCE_END = re.compile(rf"[.?!]{_QUOTES}\s*$")
_VERDICT = r"\b(?:medically\s+)?(?:necessary|appropriate|indicated|warranted|supported)"
_VERDICT_END = re.compile(rf"{_VERDICT}{_QUOTES}[.!]?{_QUOTES}\s*$", re.IGNORECASE)
_VERDICT_WITHIN = re.compile(rf"{_VERDICT}{_QUOTES}[.!]{_QUOTES}\s+(?=\S)", re.IGNORECASE)
_SENTENCE_WITHIN = re.compile(rf"[.?!]{_QUOTES}\s+(?=[A-Z0-9\"(\u201c])")
_PARTIAL = re.compile(r"\b(?:was|were)\s+the\s+original\s+request\s*\.")
_STILL_HEADING = re.compile(r"\boriginal\s+request\b(?:(?![.?!]\s+[A-Z]).)*$", re.DOTALL)
#: A line so much shorter than the longest beside it was ended, not broken.
_SHORT = 0.75


def start_of_heading(text: str, start: int, stop: int) -> int | None:
    """Where the heading that ends at `stop` begins in `text`, of which `start` is where a rationale begins.

    None where no line and no sentence shows it.
    """
    start = max(start, stop - LONGEST)
    end = stop
    partials = list(_PARTIAL.finditer(text, start, stop))
    # The last such sentence belongs to the heading, unless a sentence of a rationale came to its end behind it.
    if partials and _STILL_HEADING.search(text, partials[-1].end(), stop):
        end = partials[-1].start()
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    if not lines:
        return None
    widest = max(stop - start for start, stop in lines)
    usual = min((_feeds(text, a[1], b[0]) for a, b in pairwise(lines)), default=1)
    first = len(lines) - 1
    while first > 0 and not _ended(text, lines[first - 1], lines[first], widest, usual):
        first -= 1
    place = lines[first][0]
    for sentence in _VERDICT_WITHIN.finditer(text, place, end):
        place = sentence.end()
    if first == 0 and place == lines[0][0]:
        # No line ends the rationale: the text has no lines, or the extractor glued them.
        sentences = list(_SENTENCE_WITHIN.finditer(text, place, end))
        if not sentences:
            return None
        place = sentences[-1].end()
    return place + len(text[place:end]) - len(text[place:end].lstrip())


def _feeds(text: str, start: int, stop: int) -> int:
    return text.count("\n", start, stop) or text.count("\r", start, stop)


def _ended(text: str, before: tuple[int, int], after: tuple[int, int], widest: int, usual: int) -> bool:
    """Whether the line `before` ends a paragraph, so that the line `after` begins one."""
    line = text[before[0] : before[1]].rstrip()
    following = text[after[0] : after[1]].lstrip()
    if _VERDICT_END.search(line):
        return True
    gap = "\f" not in text[before[1] : after[0]] and _feeds(text, before[1], after[0]) > usual
    short = len(line.lstrip()) + 1 + len(following.split(maxsplit=1)[0]) < _SHORT * widest
    if _SENTENCE_END.search(line):
        return not following[0].islower() or gap or short
    return gap and short


_ORIGINAL = re.compile(r"(?P<original>.+?) (?:was|were) the original request\. ?(?P<rest>.+)")
_AUTHORIZED = re.compile(
    r"(?:The Claims Administrator (?:has )?(?:authorized|approved|certified) (?P<active>.+?)(?:, leaving the original request IMR eligible)?"
    r"|(?P<passive>.+?) (?:was|were) (?:authorized|approved|certified) by the Claims Administrator)\. (?P<rest>.+)"
)
_REMAINING = re.compile(
    r"The (?:remaining (?:IMR eligible )?portion of the )?original request,? (?P<treatment>.+?)(?: is| are)?"
)


def treatment_of(heading: str) -> tuple[str, str | None, str | None]:
    """What is in dispute, what was asked for at first, and what UR authorized of it.

    The last two are None where the heading is the treatment alone.
    """
    whole = _ORIGINAL.fullmatch(heading)
    if whole is None:
        return heading, None, None
    authorized = _AUTHORIZED.fullmatch(whole["rest"])
    remaining = _REMAINING.fullmatch(authorized["rest"] if authorized else whole["rest"])
    if remaining is None:
        return heading, None, None
    return (
        remaining["treatment"],
        whole["original"],
        (authorized["active"] or authorized["passive"]) if authorized else None,
    )


def partial_heading(original: str, authorized: str, remaining: str) -> str:
    """The heading of a treatment of which UR had authorized a part."""
    return (
        f"{original} was the original request. {authorized} was authorized by the Claims Administrator. "
        f"The remaining IMR eligible portion of the original request, {remaining} is"
    )
