"""Finds the kind, date of service, author and facility of a document.

A date, author or facility is given only where the document labels or signs it as such; otherwise it is None.
"""

import re
from collections.abc import Sequence
from datetime import date

from imr.law.terms import RecordKind
from imr.records import kinds
from imr.records.dates import dates
from imr.records.model import Document, Page
from imr.records.segment import LICENSES, PageRun, without_banner

#: Labels of the date of service, the most reliable first.
_DAY_LABELS = tuple(
    re.compile(label)
    for label in (
        (
            r"\b(?:date of (?:service|visit|exam(?:ination)?|evaluation|re-?evaluation|procedure|surgery|operation|study|consultation|treatment|encounter)|"
            r"(?:exam(?:ination)?|service|visit|study|procedure|surgery|operation|evaluation|encounter) date|encounter(?= ?:)|dos|date performed|date seen|seen on|"
            r"date and time of (?:service|exam))\b"
        ),
        r"\b(?:collected|collection date|specimen date|date collected)\b",
        (
            r"\b(?:date of (?:the )?(?:report|decision|determination|notice|letter)|(?:report|decision|determination|notice|letter) date|"
            r"decision on|date (?:signed|completed|issued|filled)|fill date|date of request|signed on)\b"
        ),
        r"(?:^|\n)\s{0,20}(?:date|dated)\s*[:.]",
        r"signature[^\n]{0,60}\bdate\s*:",
    )
)
_NOT_THE_DAY = re.compile(
    r"(?:birth|\bdob|injur|\bdoi|received|receipt|onset|admi|printed|next|hire|rfa|expir|licen|review(?:ed)? (?:on|date)|last)\W*[^\n]{0,12}$",
    re.IGNORECASE,
)
_SIGNER = re.compile(
    r"(?:signed by|authenticated by|dictated by|author|provider|physician|examiner|surgeon|radiologist|therapist|reviewer|interpreted by|"
    r"reported by|electronically signed(?: by)?)\s{0,20}(?:name)?\s{0,20}[:\-]?\s{0,20}"
    r"(?P<name>(?:dr\.? )?[A-Z][\w'.-]+(?: [A-Z][\w'.-]*){1,3}(?:, ?(?:[A-Z][A-Za-z.]{1,5})){0,3})",
)
_CREDENTIAL = re.compile(
    rf"(?P<name>[A-Z][\w'-]{{1,40}}(?: [A-Z]\.?)?(?: [A-Z][\w'-]{{1,40}}){{1,2}},? ?(?:{LICENSES}))(?![A-Za-z])",
)
_FACILITY = re.compile(
    r"\b(?:medical (?:group|cent(?:er|re)|clinic|associates|corporation|panel|imaging)|clinic|hospital|imaging|radiology|orthop(?:a)?edics?|physical therapy|"
    r"rehabilitation|laborator(?:y|ies)|diagnostics?|surgery center|surgical center|pharmacy|health(?:care)? (?:center|group|system)|institute|"
    r"associates|chiropractic|pain (?:management|center)|insurance|claims? services|managed care|review (?:services|organization)|spine|neurology|wellness)\b",
    re.IGNORECASE,
)  # fmt: skip


#: The longest line, or cell of a line, whose unlabeled date may be the date of the document.
_CELL = 40

#: How far before a date its label may begin, in characters.
_LABEL = 120

#: Kinds with general titles, and the special kinds that may be behind them.
_GENERAL = (RecordKind.CONSULTATION, RecordKind.PROGRESS_REPORT, RecordKind.OTHER)
_SPECIAL = (
    RecordKind.MEDICAL_LEGAL,
    RecordKind.ELECTRODIAGNOSTICS,
    RecordKind.THERAPY_NOTES,
    RecordKind.OPERATIVE_REPORT,
)


def describe(run: PageRun, pages: Sequence[Page], number: int) -> Document:
    """Describe the document that a run of pages makes. `pages` are its first pages and its last."""
    text = "\n".join(without_banner(pages[0].text.split("\n")))
    opening = "\n".join((text, *(page.text for page in pages[1:2])))[:9000]
    kind, confidence = (run.title, 0.95) if run.title is not None else kinds.kind_by_phrases(opening)
    if run.title in _GENERAL:
        kind = _settle(run.title, opening)
    return Document(
        id=f"d{number}",
        kind=kind,
        first=run.first,
        last=run.last,
        dated_on=_day(text) or _day("\n".join(without_banner(pages[-1].text.split("\n")))),
        author=_author(pages),
        facility=_facility(text),
        title=run.title_words or _first_line(text),
        confidence=round(run.confidence * confidence, 3),
    )


def _settle(title: RecordKind, text: str) -> RecordKind:
    """Replace a general kind by a special one if the words clearly show it."""
    marked, confidence = kinds.kind_by_phrases(text)
    return marked if marked in _SPECIAL and confidence >= 0.8 else title


def _day(text: str) -> date | None:
    text = text[:3000].lower()
    found = list(dates(text))
    if not found:
        return None
    for label in _DAY_LABELS:
        for start, _, day in found:
            before = text[max(0, start - _LABEL) : start]
            if any(
                len(before) - one.end() <= 25 and "\n\n" not in before[one.end() :] for one in label.finditer(before)
            ):
                return day
    for start, end, day in found:
        head = text[:start]
        if (
            head.count("\n") <= 14
            and not _NOT_THE_DAY.search(head[-40:])
            and not text[:start].rstrip(" ").endswith(",")
        ):
            line = text[head.rfind("\n") + 1 : (text.find("\n", start) + 1 or len(text)) - 1]
            if any(len(cell) <= _CELL and text[start:end] in cell for cell in line.split("   ")):
                return day
    return None


def _author(pages: Sequence[Page]) -> str | None:
    """Give the person who signed at the end, or else the person whom the head of the first page names with a license."""
    foot, head = pages[-1].text[-1500:], pages[0].text[:2500]
    for shape in (_CREDENTIAL, _SIGNER):
        if found := list(shape.finditer(foot)):
            return _name(found[-1])
    for shape in (_CREDENTIAL, _SIGNER):
        if one := shape.search(head):
            return _name(one)
    return None


def _name(found: re.Match[str]) -> str:
    return " ".join(found["name"].split()).rstrip(",")


def _facility(text: str) -> str | None:
    for line in text.split("\n")[:8]:
        plain = " ".join(line.split())
        if (
            6 <= len(plain) <= 70
            and _FACILITY.search(plain)
            and not re.search(r"[:;?]|\d{3}", plain)
            and plain[-1] != "."
        ) and kinds.kind_of_title(plain) is None:
            return plain
    return None


def _first_line(text: str) -> str:
    line = next((" ".join(line.split()) for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= 80 else line[:77].rsplit(" ", 1)[0] + "..."
