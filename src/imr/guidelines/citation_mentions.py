"""Citations inside a whole letter: after the guideline labels, and in the sentences of a summary or a rationale."""

import re
from dataclasses import dataclass

from imr.guidelines import chapter_titles
from imr.guidelines.citation import PAGE_LIST, YEAR, GuidelineCitation, GuidelineSource, page_list, read_basis


@dataclass(frozen=True, slots=True)
class CitationMention:
    """A citation and its place in a text, in characters."""

    citation: GuidelineCitation
    start: int
    end: int


#: Where a citation may begin: a label with the name of its side, or the name of a guideline.
_ANCHOR = re.compile(
    r"MTUS\b|ACOEM\b|ODG\b|Official\s+Disability\b|Medical\s+Treatment\s+Utilization\s+Schedule\b|guideline\s*:"
)
_LABEL_NAME = re.compile(r"(?:\b[A-Z][\w&'-]*\s+){1,5}$")
_RATIONALE = re.compile(r"\bDecision\s+rationale\s*:")
_PAGES_OF = re.compile(rf"\bpages?\s+(?P<list>{PAGE_LIST})\s+of\s+(?:the\s+)?(?:CA\s+|California\s+)?$", re.IGNORECASE)
_MENTION = re.compile(
    r"(?:(?P<mtus>MTUS|Medical\s+Treatment\s+Utilization\s+Schedule)|(?P<acoem>ACOEM)|(?P<odg>ODG|Official\s+Disability(?:\s+Guidelines?)?))\b"
    rf"(?:(?:[\s,;:/()–-]|\b(?:the|for|and|in|on|section|under)\s)*"
    rf"(?:(?P<year>{YEAR})\b|(?P<chapter>\b(?:{chapter_titles.MTUS_PATTERN}|{chapter_titles.ODG_PATTERN})(?=[\s,.;:()/]|$)(?!\s+(?:pain|of|to|that)\b))"
    r"|\bChapter\s+(?P<number>\d+)|\b(?P<edition>(?:\d(?:st|nd|rd|th)|Second|Third)\s+ed(?:ition|\.))"
    r"|\b(?:Chapter|Practice\s+|Medical\s+|Treatment\s+)?Guidelines?\b|\bACOEM\b|\bODG\b|\bMTUS\b|\bMedical\s+Treatment(?:\s+Utilization\s+Schedule)?\b|\bChapter\b"
    rf"|\bTable\s+\d+-\d+|\bfor\s+[\w\s]{{1,40}},\s*(?=pages?\b)|(?:\b(?:pages?|pgs?\.?|pp?\.)\s*(?P<after>{PAGE_LIST}))))*",
    re.IGNORECASE,
)


def find_citations(letter: str) -> tuple[CitationMention, ...]:
    """Give every citation of a letter with its place: after the guideline labels, and inside the other text."""
    found: list[CitationMention] = []
    anchors = [(match.start(), match.end()) for match in _ANCHOR.finditer(letter)]
    labels = [(start, end) for start, end in anchors if letter[start] == "g"]
    following = [*labels[1:], None][: len(labels)]
    ends = [_basis_end(letter, end, then) for (_, end), then in zip(labels, following, strict=True)]
    at = 0
    spans = iter(zip(labels, ends, strict=True))
    for start, _ in anchors:
        if start < at:
            continue
        if letter[start] == "g":
            (_, begin), at = next(spans)
            found += [CitationMention(citation, begin, at) for citation in read_basis(letter[begin:at]).citations]
        else:
            mention = _mention(letter, start, at)
            found.append(mention)
            at = mention.end
    return tuple(found)


def _basis_end(letter: str, begin: int, following: tuple[int, int] | None) -> int:
    """Find where the text after a guideline label ends: at the next label with its side's name, or at the rationale."""
    end = following[0] if following else len(letter)
    if (rationale := _RATIONALE.search(letter, begin, end)) is not None:
        return rationale.start()
    name = _LABEL_NAME.search(letter, max(begin, end - 60), end) if following else None
    return name.start() if name else end


def _mention(letter: str, start: int, floor: int) -> CitationMention:
    match = _MENTION.match(letter, start)
    assert match is not None  # noqa: S101 - the anchor is how a mention begins
    before = _PAGES_OF.search(letter, max(floor, start - 60), start)
    pages = [*page_list(before["list"])] if before else []
    pages += page_list(match["after"]) if match["after"] else []
    source = GuidelineSource.MTUS if match["mtus"] else GuidelineSource.ACOEM if match["acoem"] else GuidelineSource.ODG
    citation = GuidelineCitation(
        source=source,
        chapter=" ".join((match["chapter"] or "").split()),
        number=int(match["number"]) if match["number"] else None,
        year=int(match["year"]) if match["year"] else None,
        edition=match["edition"] or "",
        pages=tuple(pages),
    )
    return CitationMention(citation, before.start() if before else start, match.end())
