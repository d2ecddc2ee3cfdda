"""What identifies a party of a case, and the forms in which it may stand in running text.

A name comes as "Mr. Lee", "LEE, ANNA", "A. Lee"; a number with other marks between its digits; a date of birth in
American or ISO order; and a scan takes letters for digits. Each form is a regular expression that matches whole words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """What identifies one party of a case, each as the case file writes it.

    `names` are of people, `organizations` of employers, insurers, groups and facilities. `numbers` are of any kind:
    claim, policy, social security, telephone, ADJ. The forms in which each may appear in running text follow from it.
    """

    names: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    born_on: tuple[date, ...] = ()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that are names and also stand in any letter: they are names only where they begin with a capital.
_ORDINARY = _words("""
    able back bad baker banks bell best black blue bone bond brown burns camp case child church clay cook cooper cross
    dale day dean dear dee drew duke early england fall field fine fisher fit foot ford forest forward france free frank
    gay gates glad good grant gray green guy hand hard head heal health heart hill hood hope house hunt hunter ice jack
    joy judge just key king knight lake land lane law leg light little long lord low man mark marks may mean mercy miles
    miller moon more mills new noble north page pain park parks pat patience pierce pool poor pope potter power price
    ray read reed rich rise rivers rob rock rose rush sage sharp short small smart smith snow south spring stark state
    step still stone strong summer sue sun swift tall temple test tin todd trace tree turner underwood vale valley wall
    ward warren water waters way weaver weeks wells west white wild will wise wood woods word work worth young
    """)
_NOT_A_NAME = _words("""
    mr mrs ms miss dr doctor prof md do dc dpm dds od phd psyd pt ot rn np pa pac esq jr sr ii iii iv facs faaos
    de del der den di da dos das du la las le los van von y e of the and for
    """)
_LEGAL = _words("inc incorporated llc llp lp ltd limited co corp corporation company pc apc plc the of and for dba")
#: Words of organizations that say what they are, not which.
_KIND_OF_ORGANIZATION = _words("""
    administrators agency american associates association bureau business california care center centers central city
    claims clinic clinics college community compensation construction consultants county department district eastern
    electric employers enterprises fund general group health healthcare hospital industries institute insurance
    international laboratories logistics management manufacturing medical medicine mutual national northern office
    orthopaedic orthopedic pacific pain pharmacy physical physicians practice products psychiatry public radiology
    rehabilitation restaurant review school service services social solutions southern specialists sports state states
    surgery surgical systems technologies therapy transport transportation trucking unified union united university
    valley western workers
    """)
#: Letters that stand for something else in such a letter than for an organization.
_TERMS = _words("MRI EMG NCS NCV TENS CT PT OT UR IMR MTUS ODG ACOEM RFA DWC QME AME DME ADL ROM FDA CDC WCAB MD DC")
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
#: Scanners take one for the other.
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

_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_APART = r"[\s,.·_-]*"
_WITHIN = r"(?:-\s?)?"
_SPLIT = re.compile(r"[\s,.;_()\"“”-]+")
_US_STATE = re.compile(r"(?i)ca|calif(?:ornia)?\.?|usa?|united states|[a-z]{2}")
_ZIP = re.compile(r"\b\d{5}(?:-\d{4})?\b")
#: Forms that give a person away whoever it is.
ANYBODY = (
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
    (r"(?<![\d-])(?:\d{3}|[xX*]{3})[- ](?:\d{2}|[xX*]{2})[- ]\d{4}(?![\d-])", "[number]"),
    (r"(?<![\d-])(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d-])", "[number]"),
)


#: Whether a word stands anywhere in the text in question, whatever stands between its letters.
Stands = Callable[[str], bool]

#: Each letter with an accent, and the letter that it is without it.
_PLAIN = {
    code: ord(base)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)
}


def unaccented(text: str) -> str:
    """`text` with each letter without its accent, in its own place: what `forms` are sought in."""
    return text if text.isascii() else text.translate(_PLAIN)


def forms(party: Identifiers, text: str) -> Iterator[tuple[str, str]]:
    """Each form of an identifier of the party that could stand in `text`, and what is said in its place.

    A form is sought in `unaccented` text. One of which a word is nowhere in the text is left out: a letter holds few
    of the hundred forms that the parties of a case have.
    """
    letters = _letters(text)

    def stands(word: str) -> bool:
        return _letters(word) in letters

    for name in map(_settled, party.names):
        for source in _name(name, stands):
            yield source, "[name]"
    for organization in map(_settled, party.organizations):
        for source in _organization(organization, stands):
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
    """The letters and digits of a text one behind the other, one for all those that a scan takes for each other."""
    return _BETWEEN.sub("", unaccented(text).casefold()).translate(_ALIKE)


def _word(word: str, any_case: bool) -> str:
    """A word, also where a line broke it, and with its letters set apart."""
    letters = ["['’`]?" if letter in "'’`" else re.escape(letter) for letter in word]
    whole = _WITHIN.join(letters)
    source = f"{whole}|{' '.join(letters)}" if len(letters) > 2 else whole
    return f"(?i:{source})" if any_case else f"(?:{source})"


def _part(word: str) -> str:
    """A part of a name. One that is an ordinary word too counts only with a capital."""
    if word.casefold() in _ORDINARY:
        return f"(?:{_word(word.capitalize(), any_case=False)}|{_word(word.upper(), any_case=False)})"
    return _word(word, any_case=True)


def _name(name: str, stands: Stands) -> Iterator[str]:
    words = [word for word in _SPLIT.split(name) if word]
    parts = [word for word in words if word.casefold() not in _NOT_A_NAME and len(word) > 1]
    if not parts:
        parts = words
    standing = [part for part in dict.fromkeys(parts) if stands(part)]
    if standing:
        yield _run(words, standing)
    initials = [re.escape(word[0].upper()) for word in words if word.casefold() not in _NOT_A_NAME]
    if len(initials) > 1:
        yield _NO_LETTER_BEFORE + r"\.\s?".join(initials) + r"\."
        yield _NO_LETTER_BEFORE + initials[0] + r"\.\s?" + initials[-1] + r"\."


def _run(words: list[str], parts: list[str]) -> str:
    """Any run of the parts of a name in any order, with initials before, between and behind: "A. Lee", "LEE, ANNA B."."""
    one = "|".join(map(_part, parts))
    firsts = "".join(dict.fromkeys(re.escape(word[0].upper()) for word in words))
    initial = rf"[{firsts}]\.?"
    particle = "|".join(_word(w, any_case=True) for w in words if w.casefold() in _NOT_A_NAME and len(w) > 1)
    before = rf"(?:(?:{particle}){_APART})*" if particle else ""
    between = rf"[\s,_-]*(?:[{firsts}]\.\s*)?"
    behind = rf"(?:,?\s[{firsts}](?:\.(?!\w)|(?![\w.'’])))*"
    return (
        rf"{_NO_LETTER_BEFORE}(?:{initial}[\s,]+|{initial}(?<=\.))*{before}(?:{one})"
        rf"(?:{between}{before}(?:{one}))*{behind}{_NO_LETTER_AFTER}"
    )


def _organization(name: str, stands: Stands) -> Iterator[str]:
    words = [word for word in _SPLIT.split(name.replace("&", " and ")) if word]
    core = [word for word in words if word.casefold() not in _LEGAL] or words
    joint = rf"(?:{_APART}(?:and\b|&|of\b|the\b|for\b))*{_APART}"
    standing = next((count for count, word in enumerate(core) if not stands(word)), len(core))
    for count in range(standing, 1, -1):
        yield _NO_LETTER_BEFORE + joint.join(_word(word, any_case=True) for word in core[:count]) + _NO_LETTER_AFTER
    for word in core:
        telling = word.casefold() not in _KIND_OF_ORGANIZATION | _LEGAL and len(word) > 2
        if (telling or len(core) == 1) and stands(word):
            yield _NO_LETTER_BEFORE + f"(?:{_part(word)})" + _NO_LETTER_AFTER
    letters = "".join(word[0].upper() for word in core)
    if len(letters) > 2 and letters not in _TERMS:
        yield _NO_LETTER_BEFORE + re.escape(letters) + _NO_LETTER_AFTER


def _address(address: str, stands: Stands) -> Iterator[str]:
    lines = [line.strip() for line in re.split(r"[,\n]", address) if line.strip()]
    if all(_line_stands(line, stands) for line in lines):
        yield _NO_LETTER_BEFORE + _APART.join(map(_line, lines)) + _NO_LETTER_AFTER
    for line in lines:
        yield from (rf"(?<!\d){code[:5]}(?:-\d{{4}})?(?!\d)" for code in _ZIP.findall(line) if stands(code[:5]))
        place = _ZIP.sub("", line).strip()
        if place and not _US_STATE.fullmatch(place) and _line_stands(place, stands):
            ordinary = place.casefold() in _ORDINARY | _KIND_OF_ORGANIZATION
            yield _NO_LETTER_BEFORE + (f"(?:{_part(place)})" if ordinary else _line(place)) + _NO_LETTER_AFTER


def _line_stands(line: str, stands: Stands) -> bool:
    """Whether each word does, but for the words that a letter may shorten."""
    return all(stands(word) for word in _SPLIT.split(line) if _street(word) is None)


def _line(line: str) -> str:
    return _APART.join(_street_word(word) for word in _SPLIT.split(line) if word)


def _street_word(word: str) -> str:
    if _ZIP.fullmatch(word):
        return rf"{word}(?:-\d{{4}})?"
    street = _street(word)
    return rf"(?i:{street[0]}|{street[1]}\.?)" if street else _word(word, any_case=True)


def _street(word: str) -> tuple[str, str] | None:
    """The long and the short form of a word of addresses."""
    bare = word.casefold().strip(".#")
    return next((forms for forms in _STREETS.items() if bare in forms), None)


def _number(number: str, stands: Stands) -> Iterator[str]:
    characters = [c for c in number if c.isalnum()]
    last = "".join(characters[5:])
    if len(characters) == 9 and number.replace("-", "").replace(" ", "").isdigit() and stands(last):
        yield rf"(?<![^\W_])[xX*#]{{3}}[- ]?[xX*#]{{2}}[- ]?{last}(?!\d)"
    if not characters or not stands(number):
        return
    any_way = r"[\s.()/_-]*".join(_LOOK_ALIKE.get(c.lower(), f"(?i:{re.escape(c)})") for c in characters)
    yield _NO_LETTER_BEFORE + any_way + _NO_LETTER_AFTER


def _birth(day: date) -> Iterator[str]:
    name = _MONTHS[day.month - 1]
    sept = r"|Sept\.?" if day.month == 9 else ""
    month = rf"(?i:{name}|{name[:3]}\.?{sept})"
    m, d = rf"0?{day.month}", rf"0?{day.day}"
    year = rf"(?:{day.year}|['’]?{day.year % 100:02})"
    apart = r"\s?[-/.\s]\s?"
    edge, end = r"(?<!\d)", r"(?!\d)"
    yield f"{edge}{m}{apart}{d}{apart}{year}{end}"
    yield f"{edge}{day.year}{apart}{m}{apart}{d}{end}"
    yield rf"(?<![^\W_]){month}[\s-]*{d}(?:st|nd|rd|th)?,?[\s-]*{year}{end}"
    yield rf"{edge}{d}(?:st|nd|rd|th)?(?:\s+of)?[\s-]*{month},?[\s-]*{year}{end}"
