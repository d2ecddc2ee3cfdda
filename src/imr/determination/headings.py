"""The heading of a disputed treatment: where it begins in running text, and its statement of a partial approval.

Only the page layout marks where a rationale ends and the next heading begins, and extractors lose it. What remains is
the form of letters: a rationale ends with a sentence, a heading begins a line, and a heading about a partial approval
has sentences of its own, always the same.
"""

import re
from itertools import pairwise

#: The longest heading, in characters; a rationale that runs on is not searched further.
LONGEST = 1_500

_LINE = re.compile(r"[^\n\r\f]*\S[^\n\r\f]*")
_QUOTES = r"[\"'\u2019\u201d)\]*]{0,20}"
_SENTENCE_END = re.compile(rf"[.?!]{_QUOTES}\s*$")
_VERDICT = r"\b(?:medically\s+)?(?:necessary|appropriate|indicated|warranted|supported)"
_STANDS = r"\b(?:upheld|overturned|established)\."
_VERDICT_END = re.compile(rf"(?:{_VERDICT}{_QUOTES}[.!]?|{_STANDS}){_QUOTES}\s*$", re.IGNORECASE)
#: Sentences about a partial approval. In a heading they have no verdict; in a rationale that repeats them they do.
_SAYS_VERDICT = re.compile(r"\bmedical(?:ly)?\s+necess", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(?:[DM]rs?|Ms|St|Nos?|Hosp|vs|approx|e\.g|i\.e)\.\s*$", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|been?|ha[sd]|have|do(?:es)?|did|may|might|can(?:not)?|could|should|would|will|must"
    r"|recommends?|states?|requires?|exceeds?)\b",
    re.IGNORECASE,
)
#: The most lines of a heading before the line that seems to begin it.
_LINES_BEFORE = 4
#: The end of a sentence with a verdict, or of the verdict if the sentence has no end.
_VERDICT_WITHIN = re.compile(
    rf"(?:(?i:{_VERDICT}){_QUOTES}[.!]|(?i:{_STANDS})|\b(?i:medically\s+necessary)(?=\s+[A-Z0-9])"
    rf"|(?i:\bmedical(?:ly)?\s+necess(?:ary|ity))(?:[^.?!]|\.(?=\d)){{0,200}}[.!]){_QUOTES}\s+(?=\S)"
)
_SENTENCE_WITHIN = re.compile(rf"[.?!]{_QUOTES}\s+(?=[A-Z0-9\"(\u201c])")
_PARTIAL = re.compile(r"\b(?:was|were)\s+the\s+original\s+requests?(?:\s+for\s+authorization)?\s*[.,;]", re.IGNORECASE)
_STILL_HEADING = re.compile(r"\b(?i:original\s+request)\b(?:(?![.?!]\s+[A-Z]).)*$", re.DOTALL)
#: A line this much shorter than the longest one near it ends a paragraph.
_SHORT = 0.75


def start_of_heading(text: str, start: int, stop: int) -> int | None:
    """Give where the heading that ends at `stop` begins in `text`; `start` is where a rationale begins.

    None if no line and no sentence shows it.
    """
    start = max(start, stop - LONGEST)
    end = stop
    partials = list(_PARTIAL.finditer(text, start, stop))
    # The last such sentence belongs to the heading, unless a sentence of a rationale ends after it.
    if partials:
        after = partials[-1].end()
        if _STILL_HEADING.search(text, after, stop) and not _SAYS_VERDICT.search(text, after, stop):
            end = partials[-1].start()
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    if not lines:
        return None
    widest = max(stop - start for start, stop in lines)
    usual = min((_feeds(text, a[1], b[0]) for a, b in pairwise(lines)), default=1)
    first = len(lines) - 1
    while first > 0 and not _ended(text, lines[first - 1], lines[first], widest, usual):
        first -= 1
    place = lines[_with_sentences(text, lines, first)][0]
    for sentence in _VERDICT_WITHIN.finditer(text, place, end):
        place = sentence.end()
    if first == 0:
        # No line ends the rationale: the text has no lines, or the extractor glued them.
        ends = _SENTENCE_WITHIN.finditer(text, place, end)
        sentences = [found.end() for found in ends if not _ABBREVIATED.search(text, place, found.start() + 1)]
        if place == lines[0][0]:
            if not sentences:
                return None
            place = sentences[-1]
        for behind in sentences:
            if _VERB.search(text, place, behind):
                place = behind
    return place + len(text[place:end]) - len(text[place:end].lstrip())


def _with_sentences(text: str, lines: list[tuple[int, int]], first: int) -> int:
    """Give the line that begins the heading, if one of its lines ends like a sentence ("for 6 weeks.").

    Nothing between the verdict of the preceding rationale and the line `first` is then a statement.
    """
    begin = lines[max(0, first - 2 - _LINES_BEFORE)][0]
    verdicts = list(_VERDICT_WITHIN.finditer(text, begin, lines[first][0]))
    if not verdicts or _VERB.search(text, verdicts[-1].end(), lines[first][0]):
        return first
    ended = verdicts[-1].end()
    return next((number for number, (start, _) in enumerate(lines[:first]) if start >= ended), first)


def _feeds(text: str, start: int, stop: int) -> int:
    return text.count("\n", start, stop) or text.count("\r", start, stop)


def _ended(text: str, before: tuple[int, int], after: tuple[int, int], widest: int, usual: int) -> bool:
    """Say whether the line `before` ends a paragraph, so that the line `after` begins one."""
    line = text[before[0] : before[1]].rstrip()
    following = text[after[0] : after[1]].lstrip()
    if _VERDICT_END.search(line):
        return True
    gap = "\f" not in text[before[1] : after[0]] and _feeds(text, before[1], after[0]) > usual
    short = len(line.lstrip()) + 1 + len(following.split(maxsplit=1)[0]) < _SHORT * widest
    if _SENTENCE_END.search(line) and not _ABBREVIATED.search(line):
        return not following[0].islower() or gap or short or _VERB.search(line) is not None
    return gap and short


_ORIGINAL = re.compile(
    r"(?P<original>.+?) (?:was|were) the original requests?(?: for authorization)?[.,;] ?(?P<rest>.+)", re.IGNORECASE
)
_BY = r"by (?:the )?(?:Claims Administrator|Utilization Review(?:er)?|UR)"
_CERTIFIED = r"(?:authorized|approved|certified|allowed|granted)"
_AUTHORIZED = re.compile(
    rf"(?:The Claims Administrator (?:has )?{_CERTIFIED} (?P<active>.+?)(?:, leaving the original request IMR eligible)?"
    rf"|(?P<passive>.+?) (?:was|were|has been|have been) {_CERTIFIED} {_BY})\. (?P<rest>.+)",
    re.IGNORECASE,
)
_REMAINING = re.compile(
    r"The (?:remaining (?:IMR[- ]eligible )?(?:portion|part|balance) of the )?original request,?(?: for)? "
    r"(?P<treatment>.+?)(?:,? is| are)?",
    re.IGNORECASE,
)


def treatment_of(heading: str) -> tuple[str, str | None, str | None]:
    """Give the treatment in dispute, the original request, and the part that UR authorized.

    The last two are None if the heading is only the treatment.
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
    """Give the heading of a treatment of which UR had authorized a part."""
    return (
        f"{original} was the original request. {authorized} was authorized by the Claims Administrator. "
        f"The remaining IMR eligible portion of the original request, {remaining} is"
    )
