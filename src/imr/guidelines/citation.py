"""Citations of medical evidence: what the text after the two guideline labels of a letter says.

`read_basis` takes the text after one label and gives a `Basis`; `write_basis` gives the text of one, in one consistent form;
`read_basis(write_basis(basis)) == basis`. What is not understood is kept as it is and named in `unread`.

The form (8 CCR 9792.21.1(d)): a citation of the MTUS names the chapter, its year and its sections; of another
guideline the organization, year, chapter and section. Letters of 2014 and 2015 name pages instead.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

from imr.guidelines import chapter_titles


class GuidelineSource(Enum):
    """The publisher of the guideline that a citation names."""

    MTUS = "MTUS"
    ACOEM = "ACOEM"
    ODG = "ODG"
    OTHER = "other"


class Statement(Enum):
    """What a text after a guideline label says as a whole."""

    CITED = "evidence is cited"
    OUTSIDE = "the decision rests on recommendations outside of the MTUS"
    NONE = "no medical evidence was cited"
    UNREAD = "not understood"


@dataclass(frozen=True, slots=True, order=True)
class PageRange:
    """Pages from first to last, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineCitation:
    """One place in one guideline, as cited.

    `chapter` is the title as printed, without the words chapter or section; `number` the number of an ACOEM chapter;
    `sections` the sections, topics or treatments named within it. A source that is none of the known guidelines is
    whole in `chapter`.
    """

    source: GuidelineSource
    chapter: str = ""
    number: int | None = None
    year: int | None = None
    edition: str = ""
    updated_on: date | None = None
    sections: tuple[str, ...] = ()
    pages: tuple[PageRange, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What one side's decision rests on: who, what is said of it, the citations, and what was not understood."""

    statement: Statement
    by: str = ""
    citations: tuple[GuidelineCitation, ...] = ()
    unread: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------ reading

_PARTS = re.compile(
    r"(?P<none>did not (?:cite|base (?:its|their|his/her) decision on) any (?:medical evidence|evidence[- ]based criteria|medical basis)(?: for (?:its|their|his/her) decision)?\b)"
    r"|(?P<outside>based (?:its|their|his/her) decision on recommendation(?:\(s\)|s)? outside of the MTUS(?: Guidelines?)?\b)"
    r"|(?P<said>(?:based (?:its|their|his/her) decision on|cited the following (?:medical evidence|evidence[- ]based criteria) for (?:its|their|his/her) decision:?)\s+(?:the\s+)?(?P<named>(?:CA )?MTUS\b|(?=Official Disability|ODG\b|ACOEM\b)))"
    r"|(?P<non>Decision based on Non-? ?MTUS Citations?\b)|(?P<mtus>Decision based on (?:the )?(?:CA )?MTUS\b)"
)
_LINK = re.compile(r",?\s{0,20}<?\b(?P<link>(?:https?://|www\.)[^\s<>,;]*[^\s<>,;.)\]])>?", re.IGNORECASE)
PAGE_LIST = r"\d+(?:\s*[-–]\s*\d+)?(?:\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)\d+(?:\s*[-–]\s*\d+)?)*"
_PAGES = re.compile(
    rf"[,;]?\s{{0,20}}\(?\b(?:Page\s?\(s\)|pages?|pgs?\.?|pp\.?|p\.)\s{{0,20}}[:.]?\s{{0,20}}(?P<list>{PAGE_LIST})(?!\w)\)?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LISTED = re.compile(r",|&|\band\b")
_SECTION = re.compile(r"[,;]?\s{0,20}\bSections?\s?(?:\(s\))?\s*:\s*", re.IGNORECASE)
_BARE_SECTION = re.compile(r"^[\s,;]*Section\s+(?=[A-Z])")
_UPDATED = re.compile(r"\s{0,20}\((?:last )?updated (?:on )?(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\)", re.IGNORECASE)
YEAR = r"(?:19|20)\d\d"
_JOIN = r"(?:^|,\s*(?:and\s+)?|;\s*(?:and\s+)?|\s{1,20}and\s+)"
#: A chapter of the MTUS by a title that is known, by its number in the ACOEM book, or both.
_KNOWN_HEAD = re.compile(
    rf"{_JOIN}(?P<name>(?:(?P<acoem>ACOEM)(?:\s+(?:Occupational Medicine\s+)?Practice Guidelines)?\b[,:]?\s*)?"
    rf"(?:\(?\bChapter\s+(?P<number>\d+)\)?[,:]?\s*)?(?:\(?(?P<title>{chapter_titles.MTUS_PATTERN})\b\)?)?)"
    rf"(?:,?\s*\(?(?P<year>{YEAR})\b\)?)?",
    re.IGNORECASE,
)
#: A chapter of the MTUS by any title that is followed by its year.
_DATED_HEAD = re.compile(
    rf"{_JOIN}(?P<title>[A-Z][^:;.,()]{{0,200}}?)\s{{1,20}}(?P<year>{YEAR})(?=\s*(?:,|;|\.|$|Page))"
)
_OTHER_JOIN = re.compile(
    r"(?:^|[,;]?\s{0,20}(?:\band )?)Other Medical Treatment Guidelines?(?: or Medical Evidence)?\b\s*:?\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?P<odg>\(?(?:Official Disability Guidelines?(?:\s{0,20},?\s{0,20}\(ODG\))?|\bODG\b(?:\s+guidelines\b)?)\)?(?:-(?=TWC\b))?)"
    r"|(?P<acoem>\bACOEM\b(?:\s+(?:(?:Occupational Medicine\s+)?Practice\s+)?Guidelines\b)?)",
    re.IGNORECASE,
)
_ODG_CHAPTER = re.compile(
    rf"(?:^|[,;:/]\s*(?:and\s+)?|\s[-–]\s?|\s(?=(?:{chapter_titles.ODG_PATTERN})(?:\s+Chapter)?\s*$))"
    rf"(?P<title>{chapter_titles.ODG_PATTERN})(?:\s+(?:Chapter|section|complaints)\b)?(?=$|[\s,;:./)–-])",
    re.IGNORECASE,
)
_ACOEM_CHAPTER = re.compile(rf"{chapter_titles.MTUS_PATTERN}$|.*\b(?:disorders|complaints|guideline)$", re.IGNORECASE)
_EDITION = re.compile(
    r"\bed(?:ition\b|\.)|\btreatment index\b|\bwork loss data\b|\bonline\b|^\(?web\b|^TWC\b|\btreatment in workers",
    re.IGNORECASE,
)
#: A year in the words of an edition: (Web, 2016), 2nd Edition (2004), 2004 edition.
_YEAR_OF_EDITION = re.compile(rf"(?:,\s{{0,20}}|\s{{0,20}}\(|^)(?P<year>{YEAR})(?:\)|(?=\s*$)|\s+(?=ed))")
_NUMBERED = re.compile(r"(?:Chapter|Ch\.?)\s+(\d+)$", re.IGNORECASE)
_LONE_YEAR = re.compile(rf"\(?({YEAR})\)?$")
_LEADING_YEAR = re.compile(rf"\(?({YEAR})\)?(?:,\s*|\s+|$)")


def read_basis(text: str) -> Basis:
    """Give what a text after a guideline label says. Never raises."""
    return _read(" ".join(text.split()))


@lru_cache(maxsize=4096)
def _read(text: str) -> Basis:
    parts = list(_PARTS.finditer(text))
    if not parts:
        return Basis(statement=Statement.UNREAD, unread=(text,) if text else ())
    statement, by, at = Statement.CITED, "", 0
    citations: list[GuidelineCitation] = []
    unread: list[str] = []
    for n, part in enumerate(parts):
        before = text[at : part.start()].strip()
        at = part.end()
        if part["none"] or part["outside"]:
            statement = Statement.NONE if part["none"] else Statement.OUTSIDE
            first, _, by = before.rpartition(". ")
            by = by.removeprefix("The ")
            unread.append(first.strip(" ."))
            continue
        if part["said"]:
            before, _, by = before.rpartition(". ")
            by = by.removeprefix("The ")
        unread.append(before.strip(" ."))
        following = parts[n + 1] if n + 1 < len(parts) else None
        end = following.start() if following else len(text)
        if following and (following["none"] or following["outside"] or following["said"]):
            end = at + max(text[at:end].rfind(". ") + 1, 0)
        body = _bare(text[at:end])
        citations += _read_mtus(body) if part["mtus"] or part["named"] else _read_non_mtus(body)
        at = end
    unread.append(text[at:].strip(" ."))
    return Basis(statement=statement, by=by, citations=tuple(citations), unread=tuple(rest for rest in unread if rest))


def _bare(body: str) -> str:
    """Give the text of a citation without the separators around it and its full stop."""
    body = body.lstrip(" :,;").rstrip(" ,;")
    return body[:-1].rstrip(" ,;") if body.endswith(".") else body


def _read_mtus(body: str) -> list[GuidelineCitation]:
    heads = _mtus_heads(body)
    if not heads or heads[0][0] > 0:
        heads.insert(0, (0, 0, {}))
    found = []
    for (_, after, head), end in zip(heads, [h[0] for h in heads[1:]] + [len(body)], strict=True):
        found.append(GuidelineCitation(source=GuidelineSource.MTUS, **head, **_tail(body[after:end])))
    return found


def _mtus_heads(body: str) -> list[tuple[int, int, dict[str, Any]]]:
    """Give where each chapter begins, where its name ends, and what the name says."""
    heads: list[tuple[int, int, dict[str, Any]]] = []
    at = 0
    while True:
        known, dated = _known_head(body, at, listing=bool(heads)), _DATED_HEAD.search(body, at)
        if known is not None and (dated is None or known.start() <= dated.start() or known.end() >= dated.end()):
            title = known["title"] or ("ACOEM" if not known["number"] else "")
            number = int(known["number"]) if known["number"] else None
            head = {"chapter": title, "number": number, "year": int(known["year"]) if known["year"] else None}
        elif dated is not None:
            known, head = dated, {"chapter": dated["title"], "year": int(dated["year"])}
        else:
            return heads
        heads.append((known.start(), known.end(), head))
        at = known.end()


def _known_head(body: str, at: int, *, listing: bool) -> re.Match[str] | None:
    """Give the next chapter by title or number; within a list of sections only one that has its year."""
    label = _SECTION.search(body, at) if listing else None
    for match in _KNOWN_HEAD.finditer(body, at):
        if not match["name"]:
            continue
        if label is None or match.start() < label.start() or match["year"] or match["number"]:
            return match
    return None


def _tail(text: str) -> dict[str, Any]:
    """Read sections, pages, date of update and link of one citation: what follows its chapter."""
    found: dict[str, Any] = {}
    if not text.strip(" ,;:."):
        return found
    if ("http" in text or "www" in text) and (link := _LINK.search(text)) is not None:
        found["link"] = link["link"]
        text = text[: link.start()] + text[link.end() :]
    pages: list[PageRange] = []
    for match in _PAGES.finditer(text) if _DIGIT.search(text) else ():
        pages += page_list(match["list"])
    if pages:
        found["pages"] = tuple(pages)
        text = _PAGES.sub("", text)
    if "pdated" in text and (updated := _UPDATED.search(text)) is not None and (day := _day(updated)) is not None:
        found["updated_on"] = day
        text = text[: updated.start()] + text[updated.end() :]
        text = re.sub(r"^\s*(?:Chapter|section)\b", "", text, flags=re.IGNORECASE)
    text = _BARE_SECTION.sub(", ", _SECTION.sub(", ", text))
    sections = chapter_titles.split_sections(text.strip(" ,;:/–-."))
    if sections:
        found["sections"] = sections
    return found


def page_list(text: str) -> list[PageRange]:
    """Give the pages of a list such as "46-47, 60 and 82"."""
    pages = []
    for item in _LISTED.split(text):
        first, _, last = item.replace("–", "-").partition("-")
        if first.strip():
            start = int(first)
            pages.append(PageRange(start, int(last) if last.strip() else start))
    return pages


def _day(match: re.Match[str]) -> date | None:
    month, day, year = (int(group) for group in match.groups())
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def _read_non_mtus(body: str) -> list[GuidelineCitation]:
    found: list[GuidelineCitation] = []
    for part in (piece.strip(" ,;") for piece in _OTHER_JOIN.split(body)):
        links = [link.span() for link in _LINK.finditer(part)]
        names = [n for n in _NAMED.finditer(part) if not any(start <= n.start() < end for start, end in links)]
        if not names:
            if part:
                found.append(_other(part))
            continue
        lead = part[: names[0].start()].strip(" ,;:")
        if lead and names[0]["odg"] and _ODG_CHAPTER.match(lead):
            found += _read_odg(lead)
        elif lead:
            found.append(_other(part))
            continue
        for name, end in zip(names, [n.start() for n in names[1:]] + [len(part)], strict=True):
            rest = part[name.end() : end].strip(" ,;:/–-")
            found += _read_odg(rest) if name["odg"] else [_read_acoem(rest)]
    return found


def _other(text: str) -> GuidelineCitation:
    link = _LINK.search(text)
    return GuidelineCitation(source=GuidelineSource.OTHER, chapter=text, link=link["link"] if link else "")


def _read_odg(text: str) -> list[GuidelineCitation]:
    """Give the citations after the name of the Official Disability Guidelines: one a chapter; a link belongs to the last."""
    if (link := _LINK.search(text)) is not None:
        *others, last = _read_odg(f"{text[: link.start()]} {text[link.end() :]}")
        return [*others, replace(last, link=link["link"])]
    chapters = list(_ODG_CHAPTER.finditer(text))
    if len(chapters) > 1:  # a title after a mere space counts only where nothing else names the chapter
        chapters = [c for c in chapters if not text[c.start()].isspace() or text[c.start() + 1] in "-–"]
    if label := _SECTION.search(text):
        chapters = [c for c in chapters if c.start() < label.start()]
    before = _publication(text[: chapters[0].start()] if chapters else text)
    if not chapters:
        return [GuidelineCitation(source=GuidelineSource.ODG, **before)]
    found = []
    for n, (chapter, end) in enumerate(zip(chapters, [c.start() for c in chapters[1:]] + [len(text)], strict=True)):
        after = _publication(text[chapter.end() : end])
        if n == 0:
            after["sections"] = before.pop("sections", ()) + after.get("sections", ())
        found.append(GuidelineCitation(source=GuidelineSource.ODG, chapter=chapter["title"], **{**before, **after}))
    return found


def _publication(text: str) -> dict[str, Any]:
    """Read year, edition and number where the words of a citation are these; the rest is its tail."""
    found: dict[str, Any] = {}
    text = text.strip(" ,;:/–-")
    if (year := _LEADING_YEAR.match(text)) is not None:
        found["year"] = int(year[1])
        text = text[year.end() :]
    found |= _tail(text)
    sections, editions = [], []
    for piece in found.pop("sections", ()):
        if (lone := _LONE_YEAR.match(piece)) and "year" not in found:
            found["year"] = int(lone[1])
        elif (numbered := _NUMBERED.match(piece)) and "number" not in found:
            found["number"] = int(numbered[1])
        elif _EDITION.search(piece):
            dated = _YEAR_OF_EDITION.search(piece) if "year" not in found else None
            if dated is not None:
                found["year"] = int(dated["year"])
            words = piece if dated is None else (piece[: dated.start()] + piece[dated.end() :]).strip(" ()")
            editions += [words] if words else []
        else:
            sections.append(piece)
    if editions:
        found["edition"] = ", ".join(editions)
    return found | ({"sections": tuple(sections)} if sections else {})


#: Titles of chapters that hold a comma.
_COMMA_TITLE = re.compile(
    r"(?:^|,\s*)(?P<title>(?:Forearm,? Wrist,? (?:and|&) Hand Complaints|Hand,? Wrist,? (?:and|&) Forearm Disorders))(?=,|;|$)",
    re.IGNORECASE,
)


def _read_acoem(text: str) -> GuidelineCitation:
    title = ""
    if (match := _COMMA_TITLE.search(text)) is not None:
        title = match["title"]
        text = text[: match.start()] + text[match.end() :]
    found = _publication(text)
    sections = []
    for section in found.pop("sections", ()):
        head, _, rest = section.partition(", ")
        if not title and _ACOEM_CHAPTER.match(head):
            title = head
        else:
            rest = section
        sections += [rest] if rest else []
    return GuidelineCitation(source=GuidelineSource.ACOEM, chapter=title, sections=tuple(sections), **found)
