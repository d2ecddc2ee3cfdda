"""Identifiers of a party of a case, and the forms that they may have in running text.

A name comes as "Mr. Lee", "LEE, ANNA", "A. Lee"; a number with other marks between its digits; a date of birth in
American or ISO order; and OCR takes letters for digits. Each form is a regular expression that matches whole words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imr.determination.name_patterns import (
    APART,
    NO_LETTER_AFTER,
    NO_LETTER_BEFORE,
    SPLIT,
    Stands,
    name_patterns,
    organization_patterns,
    word_pattern,
)
from imr.determination.vocabulary import KIND_OF_ORGANIZATION, is_of_letters, is_ordinary


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """The identifiers of one party of a case, each as the case file writes it.

    `names` are of people, `organizations` of employers, insurers, groups and facilities. `numbers` are of any kind:
    claim, policy, social security, telephone, ADJ. The forms of each in running text are derived from it.
    """

    names: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    born_on: tuple[date, ...] = ()


_STREETS = {
    "street": "st", "avenue": "ave", "boulevard": "blvd", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "highway": "hwy", "parkway": "pkwy", "circle": "cir", "terrace": "ter", "suite": "ste",
    "apartment": "apt", "north": "n", "south": "s", "east": "e", "west": "w", "square": "sq", "building": "bldg",
}  # fmt: skip
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: Characters that OCR takes for each other.
_LOOK_ALIKE = {
    "0": "[0OoQ]",
    "1": "[1IilL|]",
    "5": "[5Ss]",
    "8": "[8Bb]",
    "o": "[0OoQ]",
    "i": "[1IilL|]",
    "l": "[1IilL|]",
    "s": "[5Ss]",
    "b": "[8Bb]",
}

_ALIKE = str.maketrans("oqil|sb", "0011158")
_BETWEEN = re.compile(r"[^\w|]+|_+")

_US_STATE = re.compile(r"(?i)ca|calif(?:ornia)?\.?|usa?|united states|[a-z]{2}")
_ZIP = re.compile(r"\b\d{5}(?:-\d{4})?\b")
#: Forms that identify a person, whoever it is.
ANYBODY = (
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
    (r"(?<![\d-])(?:\d{3}|[xX*]{3})[- ](?:\d{2}|[xX*]{2})[- ]\d{4}(?![\d-])", "[number]"),
    (r"(?<![\d-])(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d-])", "[number]"),
)


#: Each accented letter, and the letter without the accent.
_PLAIN = {ord(letter): ord(plain) for letter, plain in zip("đĐłŁøØħĦıŧŦ", "dDlLoOhHitT", strict=True)} | {
    code: ord(base)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)
}


def unaccented(text: str) -> str:
    """Return `text` without accents, of the same length. Search it with `identifier_patterns`."""
    return text if text.isascii() else text.translate(_PLAIN)


def exact_pattern(wording: str) -> str:
    """Return the pattern of a wording that a person chose: its words in any case, with any space between them."""
    words = r"\s+".join(map(re.escape, _settled(wording).split()))
    return f"{NO_LETTER_BEFORE}(?i:{words}){NO_LETTER_AFTER}"


def identifier_patterns(party: Identifiers, text: str) -> Iterator[tuple[str, str]]:
    """Yield each form of an identifier of the party that may occur in `text`, and its replacement.

    Search the forms in `unaccented` text. A form with a word that is nowhere in the text is left out: a letter contains
    few of the hundred forms that the parties of a case have.
    """
    letters = _letters(text)

    def stands(word: str) -> bool:
        return _letters(word) in letters

    for name in map(_settled, party.names):
        for source in name_patterns(name, text, stands):
            yield source, "[name]"
    for organization in map(_settled, party.organizations):
        for source in organization_patterns(organization, text, stands):
            yield source, "[organization]"
    for address in map(_settled, party.addresses):
        for source in _address(address, stands):
            yield source, "[address]"
    for number in map(_settled, party.numbers):
        for source in _number(number, stands):
            yield source, "[number]"
    for day in party.born_on:
        for source in _birth(day):
            yield source, "[date of birth]"


def _settled(identifier: str) -> str:
    return unaccented(unicodedata.normalize("NFC", identifier))


def _letters(text: str) -> str:
    """Give the letters and digits of a text without separators, with one character for those that OCR takes for each other."""
    return _BETWEEN.sub("", unaccented(text).casefold()).translate(_ALIKE)


def _address(address: str, stands: Stands) -> Iterator[str]:
    lines = [line.strip() for line in re.split(r"[,\n]", address) if line.strip()]
    if all(_line_stands(line, stands) for line in lines):
        yield NO_LETTER_BEFORE + APART.join(map(_line, lines)) + NO_LETTER_AFTER
    for line in lines:
        yield from (rf"(?<!\d){code[:5]}(?:-\d{{4}})?(?!\d)" for code in _ZIP.findall(line) if stands(code[:5]))
        place = _ZIP.sub("", line).strip()
        if place and not _US_STATE.fullmatch(place) and _line_stands(place, stands):
            common = is_ordinary(place) or is_of_letters(place) or place.casefold() in KIND_OF_ORGANIZATION
            yield NO_LETTER_BEFORE + (_written_as_a_place(place) if common else _line(place)) + NO_LETTER_AFTER


def _written_as_a_place(place: str) -> str:
    """Return the pattern of a place named by a common word: capitalized, and after a preposition or before its state."""
    word = f"(?:{re.escape(place.capitalize())}|{re.escape(place.upper())})"
    return rf"(?:(?<=in )|(?<=of )|(?<=from )|(?<=at )|(?<=near )|(?<=to )|(?<=, )){word}|{word}(?=,? (?:CA|Calif))"


def _line_stands(line: str, stands: Stands) -> bool:
    """Say whether every word of a line occurs, except words that a letter may abbreviate."""
    return all(stands(word) for word in SPLIT.split(line) if _street(word) is None)


def _line(line: str) -> str:
    return APART.join(_street_word(word) for word in SPLIT.split(line) if word)


def _street_word(word: str) -> str:
    if _ZIP.fullmatch(word):
        return rf"{word}(?:-\d{{4}})?"
    street = _street(word)
    return rf"(?i:{street[0]}|{street[1]}\.?)" if street else word_pattern(word, any_case=True)


def _street(word: str) -> tuple[str, str] | None:
    """Give the long and the short form of a word of addresses; None if it is none."""
    bare = word.casefold().strip(".#")
    return next((forms for forms in _STREETS.items() if bare in forms), None)


#: The characters between the digits of a number.
_MARKS_WITHIN = r"[\s.()/_:#‐‑‒–—-]*"
#: A number with fewer letters and digits than this identifies nobody.
_FEWEST = 5


def _number(number: str, stands: Stands) -> Iterator[str]:
    characters = [c for c in number if c.isalnum()]
    last = "".join(characters[5:])
    if len(characters) == 9 and number.replace("-", "").replace(" ", "").isdigit() and stands(last):
        yield rf"(?<![^\W_])[xX*#]{{3}}[- ]?[xX*#]{{2}}[- ]?{last}(?!\d)"
        yield rf"(?i:(?<=ending in )|(?<=ends in )|(?<=ending with )|(?<=last four ))(?<!\d){last}(?!\d)"
    if len(characters) < _FEWEST and not any(c.isalpha() for c in characters):
        return
    if characters and stands(number):
        yield NO_LETTER_BEFORE + _any_way(characters) + NO_LETTER_AFTER
    yield from _shortened(number)


def _any_way(characters: list[str]) -> str:
    return _MARKS_WITHIN.join(_LOOK_ALIKE.get(c.lower(), f"(?i:{re.escape(c)})") for c in characters)


def _shortened(number: str) -> Iterator[str]:
    """Yield a number without its zeros, and its last part if that is long enough to identify it."""
    parts = [part for part in re.split(r"[^0-9A-Za-z]+", number) if part]
    if len(parts) < 2 or len("".join(parts)) == 9 or not parts[-1].isdigit():
        return
    bare = parts[-1].lstrip("0")
    if len(parts[-1]) > _FEWEST and len(bare) >= _FEWEST:
        yield rf"(?<![^\W_])0*{bare}{NO_LETTER_AFTER}"
        yield (
            NO_LETTER_BEFORE
            + _any_way([c for part in parts[:-1] for c in part])
            + _MARKS_WITHIN
            + f"0*{bare}"
            + NO_LETTER_AFTER
        )


#: Words after which an incomplete date is a date of birth.
_BORN = "".join(
    f"(?<={said})|"
    for word in ("born", "Born", "born on", "born in", "Born in", "DOB", "DOB:", "dob", "D.O.B.", "date of birth", "Date of birth", "birth date")
    for said in (f"{word} ", f"{word}: ", f"{word} in ", f"{word} is ")
).rstrip("|")  # fmt: skip


def _figures(number: str) -> str:
    return "".join(_LOOK_ALIKE.get(c, c) for c in number)


def _birth(day: date) -> Iterator[str]:
    name = _MONTHS[day.month - 1]
    sept = r"|Sept\.?" if day.month == 9 else ""
    month = rf"(?i:{name}|{name[:3]}\.?{sept})"
    m, d = rf"[0Oo]?{_figures(str(day.month))}", rf"[0Oo]?{_figures(str(day.day))}"
    year = rf"(?:{_figures(str(day.year))}|['’]?{day.year % 100:02})"
    apart = r"\s?[-/.\s]\s?"
    edge, end = r"(?<!\d)", r"(?!\d)"
    yield f"{edge}{m}{apart}{d}{apart}{year}{end}"
    yield f"{edge}{day.year}{apart}{m}{apart}{d}{end}"
    yield f"{edge}(?:{day:%m%d%Y}|{day:%Y%m%d}|{day:%d%m%Y}){end}"
    yield rf"(?<![^\W_]){month}[\s-]*{d}(?:st|nd|rd|th)?,?[\s-]*{year}{end}"
    yield rf"{edge}{d}(?:st|nd|rd|th)?(?:\s+of)?[\s-]*{month},?[\s-]*{year}{end}"
    yield rf"(?:{_BORN})(?:{month}[\s,-]*(?:of )?{day.year}|{m}\s?[-/]\s?{day.year}|{month}[\s-]*{d}(?:st|nd|rd|th)?|{day.year}){end}"
