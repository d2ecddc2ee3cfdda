"""Facts in the record that a review turns on, each with the words that state it and their place.

They come from rules and lists, not guesses: a fact is offered if the page labels it, or states it in one of few plain
forms, and is left out otherwise. A fact is on one line, so that its box holds its words and nothing else of the page.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from imr.guidelines.body_part_list import PART_WORDS
from imr.guidelines.drug_list import DRUG_NAMES
from imr.law.terms import RecordKind
from imr.records.dates import date_at
from imr.records.model import Document, Fact, FactKind, Page, PageWords, TextSource

#: Medicines of occupational practice, generic and brand; the value of a fact is the name as written, in small letters.
MEDICINES = frozenset(entry.name for entry in DRUG_NAMES if entry.is_fact_of_record)

_SIDED = "|".join(row.sided for row in PART_WORDS if row.sided)
_ALONE = "|".join(row.alone for row in PART_WORDS if row.alone)
_BODY = re.compile(rf"\b(?:(?:left|right|bilateral)(?: (?:and|&) (?:left|right))? (?:{_SIDED})|{_ALONE})\b")
_BODY_HEADS = ("left ", "right ", "bilateral ", "cervical ", "thoracic ", "lumbar ", "lumbosacral ", "low", "neck")
#: Each with the words that its label begins with; O, I and B also as digits and strokes, which OCR takes them for.
_LABELLED_DATE = (
    (FactKind.INJURED_ON, ("date of", "date injured", "do", "d0", "d.", "injury", "was injured", "sustained", "industrial injury", "work injury"), re.compile(
        r"(?:\b(?:date of (?:the )?(?:industrial |work |occupational )?(?:injury|accident)|d\.?[o0]\.?[i1l|!]\.?|injury date|date injured)(?: ?/ ?onset)?(?: (?:was|is))?\s{0,3}[:#-]?\s{0,4}|"
        r"\b(?:was injured|sustained (?:an?|his|her|the) (?:\w+ ){0,3}injur(?:y|ies)|injury occurred|industrial injury|work injury) (?:on|of|dated) (?:or about )?)(?=[\da-z])")),
    (FactKind.BORN_ON, ("date of birth", "birth", "do", "d0", "d.", "born on"), re.compile(
        r"\b(?:date of birth|birth ?date|d\.?[o0]\.?[b8]\.?|born on)\s{0,3}[:#-]?\s{0,4}(?=[\da-z])")),
)  # fmt: skip
_DOSE = re.compile(
    r"\d(?<![\w.].)\d{0,3}(?:,\d{3})?(?:[./-]\d{1,4}(?:\.\d+)?)? ?(?:mg|mcg|ug|grams?|gm|g|ml|cc|units?|iu|%)(?![\w/])"
)
_NAME_BEFORE = re.compile(
    r"\b([a-z][a-z-]{3,60})(?:[,®™]? (?:hcl|er|xr|sr|cr|ec|dr|sodium|potassium|tab(?:let)?s?\.?|cap(?:sule)?s?\.?|patch(?:es)?|cream|gel|acetate)){0,3}[, (]{1,2}$"
)
_REFUSED = re.compile(
    r"allerg|intoleran|adverse|reaction|denies|not (?:taking|take|use)|avoid|discontinu|stopp(?:ed|ing)|no longer|never|"
    r"\b(?:brother|sister|mother|father|wife|husband|son|daughter|spouse|family)\b"
)
_NUMBERS = {w: n for n, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"], 1)}  # fmt: skip
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_VISIT_WORD = r"(?:visits?|sessions?|treatments?|appointments?)"
_THERAPY = r"(?:(?:physical|occupational|aquatic|massage|manual|myofascial|hand) therapy|physiotherapy|acupuncture|chiropractic(?: (?:care|treatment|manipulation))?|pt)"
#: Each pattern with the words that it begins with.
_VISITS = (
    (("visit", "session", "treatment"), re.compile(r"\b(?:visit|session|treatment) ?(?:#|no\.?|number)? ?(?P<done>\d{1,3}) ?(?:of|/) ?(?P<of>\d{1,3})\b(?![/-]\d)")),
    (("has ", "have ", "completed", "attended", "received", "had ", "finished", "undergone"), re.compile(rf"\b(?:has |have )?(?:completed|attended|received|had|finished|undergone)(?: (?:a total of|about|approximately|at least))? (?P<done>{_COUNT})(?: (?:of|out of) (?:the )?(?P<of>{_COUNT}))?"
               rf"(?: (?:prior|previous|authorized|supervised|initial))?(?: (?P<before>{_THERAPY}))? {_VISIT_WORD}(?: of (?P<after>{_THERAPY}))?")),
)  # fmt: skip
_VISITS_BEHIND = (
    re.compile(rf"\b(?P<done>{_COUNT})(?: (?:of|out of) (?P<of>{_COUNT}))?(?: (?P<before>{_THERAPY}))? {_VISIT_WORD}(?: of (?P<after>{_THERAPY}))? (?:(?:were|have been) )?(?:completed|attended)\b"),
    re.compile(rf"\b(?:number of )?(?:{_THERAPY} )?visits (?:completed|attended|to date)\s?[:=-]?\s?(?P<done>{_COUNT})(?: (?:of|/) (?P<of>{_COUNT}))?\b"),
)  # fmt: skip
_ASKED = re.compile(
    r"\b(?:additional|further|more|request\w*|authoriz\w*|recommend\w*|prescri\w*|need\w*|should|will|would|not|never|if)\b[^.;]{0,40}$"
)
_HEADING = re.compile(r"^[ \t]*(?P<name>[A-Za-z][A-Za-z/&' -]{1,48}?)\s?(?::|$)[ \t]*(?P<rest>[^\n]*)", re.MULTILINE)
_DIAGNOSIS_HEADS = re.compile(
    r"^(?:(?:pre|post)-?(?:operative|procedure|op)|final|working|current|admitting|discharge|primary|clinical|industrial)? ?(?:diagnos[ei]s|dx)$",
    re.IGNORECASE,
)
_PROCEDURE_HEADS = re.compile(
    r"^(?:(?:name of )?(?:procedures?|operations?)(?: (?:performed|done))?|title of (?:the )?(?:operation|procedure)|surgery performed)$",
    re.IGNORECASE,
)
_RESULT_HEADS = re.compile(r"^(?:impressions?|conclusions?|interpretation|summary of findings)$", re.IGNORECASE)
_ITEM = re.compile(r"^[ \t]*(?:\(?\d{1,2}[.)]|[a-z][.)]|[-•*])[ \t]+(?P<item>[^\n]{4,})")
_LABORATORY = re.compile(
    r"^[ \t]*(?P<name>[A-Z][A-Za-z0-9 ,/()-]{2,30}?) {1,}(?P<value>[<>]? ?\d{1,5}(?:\.\d{1,3})?|negative|positive|none detected)(?: {1,}(?P<flag>[HLA]|high|low))?"
    r"(?: {1,}[<>]? ?\d{1,5}(?:\.\d{1,3})? ?(?:-|to) ?\d{1,5}(?:\.\d{1,3})?)? {1,}(?P<unit>mg/dl|g/dl|ng/ml|pg/ml|mmol/l|meq/l|mg/l|u/l|iu/l|%|k/ul|m/ul|x10e\d/ul|fl|pg|mcg/ml|uiu/ml|mm/hr)(?![\w/])",
    re.MULTILINE | re.IGNORECASE,
)  # fmt: skip
_EMPTY = re.compile(r"\W*(?:same|none|as above|see|deferred|n/?a|refer)\b", re.IGNORECASE)
#: Specks of a scan that OCR read as signs: dropped, or replaced by the space or the stop that must have been there.
_SPECK = re.compile(r"(?<=[a-z])[._'`](?= [a-z\d])|(?m:^)[._'`~-]{1,3}[ \t]*(?=[A-Z][a-z])")
_SPECK_FOR_SPACE = re.compile(r"(?<=[a-z])-(?=\d{1,3} )|(?<=\d)-(?=(?:visit|session|treatment)s?\b)|(?<=:)[._'`](?=\d)")
_SPECK_FOR_STOP = re.compile(r"(?<=\n\d),(?= [A-Z])")
_IMAGE_KINDS = frozenset({RecordKind.IMAGING, RecordKind.ELECTRODIAGNOSTICS})


@dataclass(frozen=True, slots=True)
class PageFact:
    """A fact on its page, before the page's document is known; `only` names the kinds of document that may state it."""

    fact: Fact
    only: frozenset[RecordKind] | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as it is searched: its text, also in small letters, and the place of each letter if specks were removed."""

    page: Page
    text: str
    low: str
    places: Sequence[int] = ()

    @classmethod
    def of(cls, page: Page) -> "_Sheet":
        text, places = _without_specks(page.text) if page.source is TextSource.OCR else (page.text, ())
        low = text.lower()
        return cls(page, text, low if len(low) == len(text) else text, places)

    def place(self, at: int) -> int:
        return self.places[at] if self.places else at


def _without_specks(text: str) -> tuple[str, Sequence[int]]:
    """Remove the specks that OCR read as signs; give the text and the place of each letter in what was read.

    Removes only signs that no print has there: a stop before a small letter or a digit, a dash that joins a word and a
    number.
    """
    text = _SPECK_FOR_SPACE.sub(" ", text)
    text = _SPECK_FOR_STOP.sub(".", text)
    taken = [place for found in _SPECK.finditer(text) for place in range(*found.span())]
    if not taken:
        return text, ()
    gone = set(taken)
    places = [place for place in range(len(text)) if place not in gone]
    return "".join(text[place] for place in places), places


def on_page(page: Page) -> tuple[PageFact, ...]:
    """Give every fact on a page. In text that OCR read, specks are removed first."""
    if not page.text or not isinstance(page.words, PageWords):
        return ()
    sheet = _Sheet.of(page)
    found = [
        *_dates(sheet),
        *_medicines(sheet),
        *_visits(sheet),
        *_under_headings(sheet),
        *_laboratory(sheet),
        *_body_parts(sheet),
    ]
    return tuple(dict.fromkeys(found))


def assign_documents(found: Sequence[PageFact], documents: Sequence[Document]) -> tuple[Fact, ...]:
    """Give the facts of a case file, each with its document, and with that document's date if it has none of its own."""
    firsts = [document.first for document in documents]
    facts = []
    for one in found:
        document = documents[bisect_right(firsts, one.fact.page) - 1]
        if one.only is None or document.kind in one.only:
            facts.append(replace(one.fact, document=document.id, dated_on=one.fact.dated_on or document.dated_on))
    return tuple(facts)


def _beginning(shape: re.Pattern[str], heads: Sequence[str], low: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begins with one of these words. Searching for the words first is ten times faster."""
    places: set[int] = set()
    for head in heads:
        place = low.find(head)
        while place >= 0:
            places.add(place)
            place = low.find(head, place + 1)
    end = 0
    for place in sorted(places):
        found = shape.match(low, place) if place >= end else None
        if found:
            end = found.end()
            yield found


def _fact(
    sheet: _Sheet, kind: FactKind, value: str, start: int, end: int, dated_on: date | None = None
) -> Iterator[Fact]:
    """Yield the fact between two places of a sheet's text; nothing if it runs over a line or has no words."""
    while end > start and sheet.text[end - 1] in " ,;.":
        end -= 1
    if end == start or sheet.text[end - 1] == ":" or "\n" in sheet.text[start:end]:
        return
    first, last = sheet.place(start), sheet.place(end - 1) + 1
    words = sheet.page.words
    assert isinstance(words, PageWords)  # noqa: S101 - on_page looked
    which = words.within(first, last)
    if which:
        yield Fact(
            kind=kind, value=value, document="", page=sheet.page.number, box=words.box(which[0], which[-1]), words=sheet.page.text[first:last], dated_on=dated_on
        )  # fmt: skip


def _dates(sheet: _Sheet) -> Iterator[PageFact]:
    for kind, signs, label in _LABELLED_DATE:
        for found in _beginning(label, signs, sheet.low):
            written = date_at(sheet.text, found.end())
            if written is not None:
                for fact in _fact(sheet, kind, written[1].isoformat(), found.start(), written[0]):
                    yield PageFact(fact)


def _medicines(sheet: _Sheet) -> Iterator[PageFact]:
    for dose in _DOSE.finditer(sheet.low):
        line = sheet.low[sheet.low.rfind("\n", 0, dose.start()) + 1 : dose.start()]
        name = _NAME_BEFORE.search(line)
        if name is None or name[1] not in MEDICINES or _REFUSED.search(line):
            continue
        start = dose.start() - len(line) + name.start()
        for fact in _fact(sheet, FactKind.MEDICATION, f"{name[1]} {_spaced(dose.group())}", start, dose.end()):
            yield PageFact(fact)


def _spaced(dose: str) -> str:
    return re.sub(r"(?<=[\d%]) ?(?=[a-z%])", " ", dose.replace(",", ""), count=1).replace(" %", "%")


def _visits(sheet: _Sheet) -> Iterator[PageFact]:
    if not any(
        sign in sheet.low for sign in ("visit", "session", "treatments", "treatment #", "treatment no", "appointment")
    ):
        return
    shapes = [_beginning(shape, heads, sheet.low) for heads, shape in _VISITS]
    if "completed" in sheet.low or "attended" in sheet.low or "to date" in sheet.low:
        shapes += [shape.finditer(sheet.low) for shape in _VISITS_BEHIND]
    for found in chain.from_iterable(shapes):
        names = found.groupdict()
        if _ASKED.search(sheet.low[max(0, found.start() - 60) : found.start()].replace("\n", " ")):
            continue
        done, of = _number(names["done"]), names.get("of")
        if not 0 < done <= 200 or (of and _number(of) < done):
            continue
        kind = names.get("before") or names.get("after")
        value = f"{done}{f' of {_number(of)}' if of else ''} visits{f' of {kind}' if kind else ''}"
        for fact in _fact(sheet, FactKind.VISITS, value, *found.span()):
            yield PageFact(fact)


def _number(written: str) -> int:
    return _NUMBERS.get(written) or int(written)


def _under_headings(sheet: _Sheet) -> Iterator[PageFact]:
    if not any(
        sign in sheet.low
        for sign in (
            "diagnos",
            "dx",
            "procedure",
            "operation",
            "surgery",
            "impression",
            "conclusion",
            "interpretation",
            "findings",
        )
    ):
        return
    for heading in _HEADING.finditer(sheet.text):
        name = heading["name"].strip()
        if _DIAGNOSIS_HEADS.match(name):
            kind, only = FactKind.DIAGNOSIS, None
        elif _PROCEDURE_HEADS.match(name):
            kind, only = FactKind.PROCEDURE, frozenset({RecordKind.OPERATIVE_REPORT})
        elif _RESULT_HEADS.match(name):
            kind, only = FactKind.TEST_RESULT, _IMAGE_KINDS
        else:
            continue
        for start, end in _items(sheet.text, *heading.span("rest")):
            if _EMPTY.match(sheet.text, start):
                continue
            for fact in _fact(sheet, kind, " ".join(sheet.text[start:end].split()).rstrip(" .;,"), start, end):
                yield PageFact(fact, only)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the text under a heading: the rest of its line, or the numbered lines below. A sentence that runs on is left out."""
    rest = text[start:end].strip()
    if rest:
        numbered = _ITEM.match(text[start:end])
        if not _runs_on(text, end):
            yield (start + numbered.start("item") if numbered else start), end
        if not numbered:
            return
    place = end + 1
    while place < len(text):
        stop = text.find("\n", place)
        stop = len(text) if stop < 0 else stop
        line = text[place:stop]
        numbered = _ITEM.match(line)
        if numbered and not _runs_on(text, stop):
            yield place + numbered.start("item"), stop
        elif line.strip() and not numbered and (rest or place > end + 2 or _HEADING.match(line)):
            return
        elif line.strip() and not numbered:
            if len(line.strip()) < 100 and not _runs_on(text, stop):
                yield place, stop
            return
        place = stop + 1


def _runs_on(text: str, end: int) -> bool:
    """Say whether a line continues below: no full stop, and the next line is neither empty, nor an item, nor a heading."""
    if end >= len(text) or text[:end].rstrip().endswith((".", ";")):
        return False
    following = text[end + 1 : (text.find("\n", end + 1) + 1 or len(text) + 1) - 1]
    return (
        bool(following.strip()) and not _ITEM.match(following) and not (_HEADING.match(following) and ":" in following)
    )


def _laboratory(sheet: _Sheet) -> Iterator[PageFact]:
    if not any(sign in sheet.low for sign in ("/dl", "/ml", "/l", "/ul", "mm/hr")):
        return
    for found in _LABORATORY.finditer(sheet.text):
        value = f"{found['name'].strip()} {found['value']} {found['unit']}"
        for fact in _fact(sheet, FactKind.TEST_RESULT, value, found.start("name"), found.end()):
            yield PageFact(fact, frozenset({RecordKind.LABORATORY}))


def _body_parts(sheet: _Sheet) -> Iterator[PageFact]:
    seen: set[str] = set()
    for found in _beginning(_BODY, _BODY_HEADS, sheet.low):
        value = " ".join(found.group().split())
        if value not in seen:
            seen.add(value)
            for fact in _fact(sheet, FactKind.BODY_PART, value, *found.span()):
                yield PageFact(fact)
