"""Segmentation of pages into documents.

Every page is looked at once (`page_features`), and only the signs of a new document are kept: its page number, its
running header, the title at its head, whether its text ends or runs on. `signs` compares neighbors; `SIGNS` holds the
weights, in the logarithm of the odds, each with its meaning. `document_metadata.describe` then gives the kind, date,
author and facility.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from imr.law.terms import RecordKind
from imr.records import kinds
from imr.records.dates import dates
from imr.records.model import Page, PageWords, TextSource

#: Signs for (+) or against (-) a new document at a page, in the logarithm of the odds.
SIGNS = {
    "first of its kind of number": 5.0,  # "Page 1 of 3"
    "number follows": -6.0,  # "Page 2 of 3" after "Page 1 of 3"
    "number inside": -2.5,  # "Page 3 of 5" where page 2 is missing
    "last page before": 4.0,  # the page before was "3 of 3"
    "number ends": 1.5,  # the page before had a number, this one has none
    "title": 4.0,  # a form's or report's title at the head
    "same title again": -3.0,  # ... which the page before has in the same words, with no other date
    "letterhead": 2.0,  # a name, an address and a telephone number at the head that the page before lacks
    "fresh header": 1.0,  # the lines at the head differ from those of the page before, which had a running header
    "running header": -2.0,  # the same lines at the head as the page before
    "opening": 2.5,  # words that open a report: chief complaint, dear, date of examination
    "recipient": 1.0,  # RE:, a salutation, patient and date lines
    "signed before": 2.0,  # the page before ends with a signature
    "short before": 0.9,  # the page before is not full; a weak sign, because forms leave room at their foot too
    "another day above": 3.0,  # the running header is the same but for its date
    "runs on": -3.5,  # the page before stops in the middle of a sentence and this one goes on
    "continued": -5.0,  # "(continued)" at the head
    "full before": -1.0,  # the page before is filled to its foot
    "fax cover before": 4.0,  # a fax cover is one page
    "another look": 1.2,  # the pages differ in size or in the source of their text
}
_USUAL = -1.0  # without any sign: most pages continue a document

# These match text in small letters. Each begins with a fixed letter if it can, which is searched many times faster.
_PAGE_OF = re.compile(r"p(?<!\w.)(?:age|g\.?|\.)\s*[:#]?\s*([\dli|]{1,4})\s*(?:of|/)\s*([\dli|]{1,4})\b")
_BARE_OF = re.compile(r"^\W*(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\W*$")
_PAGE_N = re.compile(r"p(?<!\w.)(?:age|g\.?)\s*[:#]?\s*(\d{1,4})\b")
_BARE_N = re.compile(r"^\W*(\d{1,3})\W*$")
_FAX_BANNER = re.compile(
    r"(?:\bfax\b|\bfrom\b|\bto\b|\d{1,2}:\d{2}).{0,300}(?:\bp\.? ?\d{1,4}\b|\bpage:? ?\d{1,4}|\d{1,4} ?/ ?\d{1,4}\s*$|\bpg\b)"
)  # fmt: skip
_FOOT_BANNER = re.compile(
    r"(?:\bfax\b|\breceived\b|\brcvd\b|\b\d{10}\b|\d{3}[-.) ]{1,2}\d{3}[-. ]\d{4}).{0,300}\bp(?:age|g)?[.:]? ?\d{1,4}(?: ?/ ?\d{1,4})?\W*$"
)
_CONTINUED = re.compile(r"cont(?<!\w....)(?:(?:inue)?'?d|inuation)\b")
_OPENING = re.compile(
    r"^\W*(?:chief complaints?|dear\b|to whom it may concern|reason for (?:visit|consult\w*|referral|exam\w*|study)|"
    r"(?:date of (?:(?:initial )?(?:exam\w*|evaluation|visit|service|operation|procedure|surgery|study|injury|admission|consultation)))|"
    r"pre-?(?:operative|procedure|op) diagnos[ei]s|history of present illness|history of injury|subjective|s:|cc:|exam(?:ination)?:|"
    r"allowed conditions?|introduction|identifying (?:data|information)|identification|indications?:?|clinical (?:history|indication)|"
    r"procedures?(?: performed)?:|admi(?:ssion|tting) diagnos|title of operation|technique|present complaints?|referring (?:physician|diagnosis)|"
    r"diagnos[ie]s:|problems?:)",
)  # fmt: skip
_RECIPIENT = re.compile(
    r"^\W*(?:re|regarding|(?:patient(?:'s)? )?name|patient(?:'s)?|claimant|employee|injured worker|applicant|examinee|dear|attn|attention|to|dob|"
    r"date of birth|mrn|account|claim (?:no|number|#))\b\W{0,2}[.:#]?",
)  # fmt: skip
_SIGNED = re.compile(
    r"(?:sincerely|respectfully|very truly yours|yours truly|best regards|signed (?:by|electronically)|electronically (?:signed|authenticated)|"
    r"(?:physician|provider|therapist|reviewer)'?s? signature|signature ?:|dictated (?:but not read|by)|transcribed|declare under penalty|cc:|d: ?\d|"
    r"date signed|executed (?:on|at)|end of (?:report|document))"
)  # fmt: skip
_CONTACT = re.compile(
    r"(?:\b(?:tel|ph|phone|telephone|fax)\b.{0,4}[(\d]|\(\d{3}\)\s*\d{3}[- ]\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b[a-z]{2}\s+\d{5}(?:-\d{4})?\b|"
    r"\bp\.? ?o\.? box\b|\b(?:suite|ste\.?|street|avenue|blvd|boulevard|drive|road)\b)",
)  # fmt: skip
_PAPER = re.compile(
    r"\b(?:reports?|notes?|records?|evaluation|examination|decision|determination|notice|form|request|application|sheet|transmittal|letter|"
    r"consultation|summary|results?|history|log|study|pr-?\d|log|screen|denial|profile|exam|visit|fax|facsimile|memo\w*)\b",
    re.IGNORECASE,
)  # fmt: skip
_OTHER_DAY = re.compile(r"birth|\bdob\b|injur|\bdoi\b|print|received|\bfax")
_LETTERS = re.compile(r"[^\W\d_]+")
#: Licenses after the names of those who treat.
LICENSES = (
    r"M\.?D\.?|D\.?O\.?|D\.?C\.?|P\.?T\.?|D\.?P\.?T\.?|O\.?T\.?R?|L\.?Ac\.?|Ph\.?D\.?|"
    r"Psy\.?D\.?|P\.?A\.?-?C?|N\.?P\.?|R\.?N\.?|D\.?P\.?M\.?|D\.?D\.?S\.?|FNP-?C?|RPh|PharmD"
)
_NAME_ALONE = re.compile(
    rf"(?:Dr\.? )?[A-Z][\w'-]+(?: [A-Z][\w'.-]*){{1,3}}(?:,? (?:{LICENSES}))+(?![A-Za-z])\W{{0,3}}"
)
_HEAD_LINES, _FOOT_LINES = 14, 5
_STAMP_WORDS, _STAMP_APART = 8, 20.0


@dataclass(frozen=True, slots=True)
class PageFeatures:
    """The features of a page that show where documents begin."""

    page: int
    blank: bool
    number: tuple[int, int | None] | None
    title: RecordKind | None
    title_words: str
    header: tuple[str, ...]
    letterhead: bool
    opening: bool
    recipient: bool
    continued: bool
    signed: bool
    filled: float
    ends_open: bool
    begins_low: bool
    day: date | None
    header_day: date | None
    size: tuple[int, int]
    source: TextSource


@dataclass(frozen=True, slots=True)
class PageRun:
    """Pages of one document: the first, the last, the confidence that one begins here, and the kind of its title if any."""

    first: int
    last: int
    confidence: float
    title: RecordKind | None
    title_words: str


def page_features(page: Page) -> PageFeatures:
    """Give the features of a page that show where documents begin."""
    lines = [line.strip() for line in page.text.split("\n") if line.strip()]
    size = (round(page.width / 20), round(page.height / 20))
    if not lines:
        return PageFeatures(
            page.number, True, None, None, "", (), False, False, False, False, False, 0.0, False, False, None, None, size, page.source
        )  # fmt: skip
    body = without_banner(lines)
    head = body[:_HEAD_LINES]
    low_head, low_foot = [line.lower() for line in head], [line.lower() for line in body[-_FOOT_LINES:]]
    number = _number(low_head[:5], low_foot)
    kind, words, at = _title(head)
    edge = max(5, len(body) - _FOOT_LINES)
    text_lines = [line for n, line in enumerate(body) if 5 <= n < edge or not _is_furniture(line.lower())]
    first_text = next((line for line in text_lines if len(line) > 40), "")
    header_day = _day(low_head[:3])
    opening_lines = [line.lower() for line in text_lines[:10]]
    return PageFeatures(
        page=page.number,
        blank=False,
        number=number,
        title=kind,
        title_words=words,
        # Without figures "Page 2" and "Page 3" are one running header.
        header=tuple(" ".join(_LETTERS.findall(line)) for line in low_head[:4]),
        letterhead=at != 0 and sum(bool(_CONTACT.search(line)) for line in low_head[:7]) >= 2,
        opening=bool(text_lines) and any(_OPENING.match(line) for line in opening_lines[:4]),
        recipient=sum(bool(_RECIPIENT.match(line)) for line in opening_lines) + (header_day is not None) >= 2,
        continued=any(len(line) < 80 and _CONTINUED.search(line) for line in low_head[:4]),
        signed=bool(_SIGNED.search("\n".join(body[-12:]).lower())) or any(map(_NAME_ALONE.fullmatch, body[-4:])),
        filled=_filled(page),
        ends_open=_ends_open(text_lines),
        begins_low=bool(first_text) and text_lines[0][:1].islower(),
        day=header_day or _day(low_head),
        header_day=header_day,
        size=size,
        source=page.source,
    )


def without_banner(lines: Sequence[str]) -> list[str]:
    """Remove the lines that a fax machine prints above or below a page: time, sender, and page of the fax."""
    kept = [*(line for line in lines[:3] if not _FAX_BANNER.search(line.lower())), *lines[3:]]
    while kept and (not kept[-1].strip() or _FOOT_BANNER.search(kept[-1].lower())):
        kept.pop()
    return kept


def _is_furniture(line: str) -> bool:
    return len(line) < 90 and bool(_PAGE_OF.search(line) or _BARE_N.match(line) or _BARE_OF.match(line))


def _int(figures: str) -> int:
    return int(re.sub(r"[li|]", "1", figures))


def _number(head: Sequence[str], foot: Sequence[str]) -> tuple[int, int | None] | None:
    """Give the page's own number, and the number of pages, as its head or foot prints them."""
    edges = [line for line in (*foot[::-1], *head) if len(line) < 120]
    for line in edges:
        found = _PAGE_OF.search(line) or _BARE_OF.match(line)
        if found:
            number, of = _int(found[1]), _int(found[2])
            if 1 <= number <= of:
                return number, of
    for line in edges:
        found = _PAGE_N.search(line) if len(line) < 80 else None
        if found and int(found[1]) > 0:
            return int(found[1]), None
    for line in (foot[-1], head[0]) if head else ():
        found = _BARE_N.match(line)
        if found and 0 < int(found[1]) < 200:
            return int(found[1]), None
    return None


def _title(head: Sequence[str]) -> tuple[RecordKind | None, str, int]:
    """Give the kind, words and line of the first title among these lines; the line counts from 0, -1 if there is none."""
    for at, line in enumerate(head):
        for cell in re.split(r"\s{3,}|\t|\s[|•]\s", line):
            kind = kinds.kind_of_title(cell)
            if kind is not None and not (at <= 3 and _names_a_place(cell, head[at : at + 4])):
                return kind, " ".join(cell.split()), at
    return None, "", -1


def _names_a_place(cell: str, lines: Sequence[str]) -> bool:
    """Say whether this is the name of a facility over its address, such as "Mission Physical Therapy", rather than a title."""
    return not _PAPER.search(cell) and any(_CONTACT.search(line.lower()) for line in lines)


def _ends_open(lines: Sequence[str]) -> bool:
    """Say whether the text of a page stops in the middle of a sentence."""
    if not lines or lines[-1][-1] in '.:!?"”)' or lines[-1].isupper():
        return False
    return len(lines[-1]) > 40 or (len(lines) > 1 and len(lines[-2]) > 60 and lines[-1][0].islower())


def _day(head: Sequence[str]) -> date | None:
    """Give the first date at the head that is not of birth or injury."""
    lines = [line for line in head[:10] if len(line) < 100 and not _OTHER_DAY.search(line)]
    return next((day for _, _, day in dates("\n".join(lines))), None)


def _filled(page: Page) -> float:
    """Measure how far down the page its text reaches, without a foot of one or two lines; 0 to 1."""
    words = page.words
    if not isinstance(words, PageWords) or not len(words) or not page.height:
        return 1.0
    bottoms = words.edges[3::4]
    foot = page.height * 0.92
    within = [bottom for bottom in bottoms if bottom < foot] or list(bottoms)
    last = max(within)
    above = [bottom for bottom in within if bottom < last - _STAMP_APART]
    if (
        above
        and len(within) - len(above) <= _STAMP_WORDS
        and last > 0.8 * page.height
        and max(above) < last - 2 * _STAMP_APART
    ):
        last = max(above)  # a stamp far below the text: a copy service's number, the name of a form
    return last / page.height


def split_documents(pages: Sequence[PageFeatures]) -> tuple[PageRun, ...]:
    """Split pages into documents, in order. Every page belongs to exactly one."""
    if not pages:
        return ()
    stamped = _stamped(pages)
    runs: list[PageRun] = []
    first, confidence = pages[0], 1.0
    before = pages[0]
    for this in pages[1:]:
        if this.blank:
            continue
        odds = _USUAL + sum(SIGNS[sign] for sign in signs(before, this, stamped=stamped))
        if odds > 0 or before.blank:
            runs.append(PageRun(first.page, this.page - 1, round(confidence, 3), first.title, first.title_words))
            first, confidence = this, 1 / (1 + math.exp(-odds))
        else:
            confidence = min(confidence, 1 / (1 + math.exp(odds)))
        before = this
    runs.append(PageRun(first.page, pages[-1].page, round(confidence, 3), first.title, first.title_words))
    return tuple(runs)


def _stamped(pages: Sequence[PageFeatures]) -> bool:
    """Say whether a stamp counts the pages through the whole file, so that the numbers show nothing about documents."""
    totals = {page.number[1] for page in pages if page.number}
    if len(totals) != 1 or len(pages) < 4:
        return False
    (total,) = totals
    titles = {page.title_words for page in pages if page.title}
    return total is not None and total >= 0.9 * len(pages) and len(titles) >= 2


def signs(before: PageFeatures, this: PageFeatures, *, stamped: bool = False) -> tuple[str, ...]:
    """Give the SIGNS between two neighboring pages."""
    found = [] if stamped else list(_number_signs(before, this))
    shared = len(set(before.header) & set(this.header) - {""})
    another_day = this.day is not None and before.day is not None and this.day != before.day
    same_title = this.title is not None and this.title_words.lower() == before.title_words.lower() and not another_day
    tests = {
        "title": this.title is not None,
        "same title again": same_title,
        "letterhead": this.letterhead and not (before.letterhead and shared >= 2),
        "running header": shared >= 1 and not (this.title and not same_title),
        "fresh header": shared == 0 and before.number is not None and this.number is None,
        "opening": this.opening,
        "recipient": this.recipient and shared < 2,
        "another day above": shared >= 1
        and None not in (before.header_day, this.header_day)
        and before.header_day != this.header_day,
        "signed before": before.signed and not this.continued,
        "short before": before.filled < 0.7,
        "full before": before.filled > 0.85 and not before.signed,
        "runs on": before.ends_open and this.begins_low,
        "continued": this.continued,
        "fax cover before": before.title is RecordKind.FAX_COVER,
        "another look": before.size != this.size or before.source is not this.source,
    }
    return (*found, *(sign for sign, stands in tests.items() if stands))


def _number_signs(before: PageFeatures, this: PageFeatures) -> tuple[str, ...]:
    if this.number is None:
        if before.number is None:
            return ()
        return ("last page before",) if before.number[0] == before.number[1] else ("number ends",)
    number, of = this.number
    if number == 1:
        return ("first of its kind of number",)
    if before.number is not None:
        last, last_of = before.number
        if number == last + 1 and of == last_of:
            return ("number follows",)
        if last == last_of:
            return ("last page before",)
    elif of is None and number == 2:
        return ("number follows",)  # the first page of a letter has no number
    return ("number inside",)
