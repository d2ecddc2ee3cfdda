"""The forms of the name of a person or an organization in a letter, each a regular expression.

The kind of a word decides where it counts as a name. A rare word is a name wherever it occurs; an ordinary word only if
it is written like a name, inside a sentence, before a verb or after a title; a word of medicine or of the letter's
form, and a particle, only after a title or next to another part of the name. Search the forms in
`identifiers.unaccented` text.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from imr.casing import capitalize_first
from imr.determination.vocabulary import (
    KIND_OF_ORGANIZATION,
    PARTICLES,
    PRONOUNS,
    TERMS,
    is_of_letters,
    is_ordinary,
    is_short,
    words,
)
from imr.identity import are_one_first_name, as_two, is_one_misspelled, plain

#: A function that says whether a word occurs anywhere in the text, whatever separates its letters.
Stands = Callable[[str], bool]

NO_LETTER_BEFORE, NO_LETTER_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
APART = r"[\s,.·_-]*"
_WITHIN = r"(?:-\s?)?"
SPLIT = re.compile(r"[\s,.;_()\"“”-]+")
_LEGAL = words("inc incorporated llc llp lp ltd limited co corp corporation company pc apc plc the of and for dba")
_DEGREES = words(
    "md dds dmd dpm phd psyd pac esq jr sr ii iii iv facs faaos lcsw mph dnp fnp mr mrs ms miss dr doctor prof"
)
#: Degrees in capitals that are last names too. They are degrees after a comma, and after two other words of a name.
_DEGREES_OR_NAMES = ("DO", "PA", "PT", "OD", "NP", "RN", "DC")
#: Characters that OCR takes for each other, by the letter.
_SCANNED = {"l": "[lI1|]", "i": "[iIl1|]", "o": "[oO0]"}
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Drs", "Doctor", "Prof", "Professor", "Attorney", "Adjuster")
#: After a title, in any case of letters.
_TITLED = "".join(
    f"(?<={form}{behind})|"
    for title in _TITLES
    for form in (title, title.upper())
    for behind in (" ", ". ", ".", ".  ")
).rstrip("|")
_INSIDE = r"(?:(?<=[a-z0-9,;)’'\]] )|(?<=\()|(?<=[a-z] [“\"]))"
_VERB = (
    r"(?=,? (?:is|was|has|had|also|reports?|reported|sa(?:id|ys)|states?|stated|den(?:ies|ied)|complain\w+|return(?:s|ed)|under(?:goes|went)"
    r"|present(?:s|ed)|continue[sd]?|agree[sd]?|note[sd]?|fe(?:el|lt|ll)\w*|saw|sees|requests?|requested|recommend\w*|diagnosed|examined|"
    r"performed|prescribed|injured|worked|works|lives|lived|takes|took|uses|used|describe[sd]|rate[sd]|attend\w*)\b|['’]s\b(?! ))"
)
_DEGREE = r"(?=,?\s(?:M\.?\s?D|D\.?\s?O|D\.?\s?C|Ph\.?\s?D|Psy\.?\s?D|P\.?\s?A|N\.?\s?P|R\.?\s?N|P\.?\s?T|D\.?\s?P\.?\s?M|L\.?\s?Ac|Esq|Jr|Sr)\b)"
_AT = "".join(
    f"(?<={word} )|" for word in ("at", "by", "for", "from", "with", "of", "to", "At", "By", "For", "From")
).rstrip("|")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’]+")
#: The most words of a name that are searched one by one.
_MOST = 12


def word_pattern(word: str, any_case: bool) -> str:
    """Give the pattern of a word, also if a line breaks it, its letters are set apart, or OCR took letters for digits."""
    scanned = _SCANNED if any_case else {}
    letters = ["['’`]?\\s?" if letter in "'’`" else scanned.get(letter.lower(), re.escape(letter)) for letter in word]
    apart = re.match(r"(?i)ma?c(?=.{3})", word)
    if apart:
        letters[apart.end() - 1] += r"\s?"
    whole = _WITHIN.join(letters)
    source = f"{whole}|{' '.join(letters)}" if len(letters) > 2 else whole
    return f"(?i:{source})" if any_case else f"(?:{source})"


def _capital(word: str) -> str:
    """Give the pattern of a word with a capital, or in capitals."""
    forms = dict.fromkeys((capitalize_first(word), word.capitalize(), word.upper()))
    return f"(?:{'|'.join(word_pattern(form, any_case=False) for form in forms)})"


def _anywhere(word: str) -> bool:
    return not (is_of_letters(word) or is_ordinary(word))


def _name_words(name: str) -> list[str]:
    """Give the words of a name without titles and degrees; a last name that is one of these stays."""
    tokens = [word for word in SPLIT.split(name) if word][:_MOST]
    kept = [word for word in tokens if word.casefold() not in _DEGREES]
    behind = name.rpartition(",")[2] if "," in name else ""
    names = [w for w in kept if w not in _DEGREES_OR_NAMES or not (w in behind or len(kept) > 2)]
    return names or tokens


def last_name(name: str) -> str:
    """Give the last name of a person, of "Robin Vale, M.D." and of "Vale, Robin" alike."""
    words = _name_words(name.partition(",")[0])
    return words[-1] if words else name


def name_patterns(name: str, text: str, stands: Stands) -> Iterator[str]:
    """Yield each form of the name of a person that may occur in `text`."""
    tokens = _name_words(name)
    if not tokens:
        return
    parts = _standing(tokens, text, stands)
    if parts:
        yield from _forms(tokens, parts)
    initials = [re.escape(word[0].upper()) for word in tokens if word.casefold() not in PARTICLES or word is tokens[-1]]
    if len(initials) > 1:
        yield NO_LETTER_BEFORE + r"\.\s?".join(initials) + r"\."
        yield NO_LETTER_BEFORE + initials[0] + r"\.\s?" + initials[-1] + r"\."


def _standing(tokens: list[str], text: str, stands: Stands) -> list[str]:
    """Give the words of a name that occur in the text, as they are or as they may be written there."""
    found: list[str] = []
    said = _capitals(text)
    for place, token in enumerate(tokens):
        if len(token) == 1 and place < len(tokens) - 1 and token.isascii():
            continue  # an initial
        found += [form for form in dict.fromkeys((token, plain(token), as_two(token))) if stands(form)]
        if len(token) > 2:
            folded = plain(token)
            first = place < len(tokens) - 1 or len(tokens) == 1
            found += [
                word
                for word, other in said
                if other != folded
                and (
                    (first and are_one_first_name(folded, other))
                    or (_anywhere(word) and is_one_misspelled(folded, other))
                )
            ]
    return list(dict.fromkeys(capitalize_first(word) if word.islower() else word for word in found))


@lru_cache(maxsize=8)
def _capitals(text: str) -> tuple[tuple[str, str], ...]:
    """Give the words of a text that begin with a capital, each once, with its plain form."""
    found = dict.fromkeys(word for word in _WORD.findall(text) if word[0].isupper())
    return tuple((word, plain(word)) for word in found)


def _forms(tokens: list[str], parts: list[str]) -> Iterator[str]:
    rare = [part for part in parts if _anywhere(part) or not part.isascii()]
    guarded = [part for part in parts if part not in rare]
    firsts = "".join(dict.fromkeys(re.escape(word[0].upper()) for word in tokens))
    initial = rf"[{firsts}]\.?"
    particle = "|".join(word_pattern(w, any_case=True) for w in tokens if w.casefold() in PARTICLES and len(w) > 1)
    before = rf"(?:(?:{particle}){APART})*" if particle else ""
    between = rf"[\s,_-]*(?:[{firsts}]\.\s*)?"
    behind = rf"(?:,?\s[{firsts}](?:\.(?!\w)|(?![\w.'’])))*"
    free = "|".join(word_pattern(part, any_case=True) for part in rare)
    held = "|".join(map(_capital, guarded))
    any_ = "|".join(filter(None, (free, held)))
    more = rf"(?:{between}{before}(?:{any_}))*"
    if rare:
        one = rf"(?:{before}(?:{free}))"
        led = rf"(?:(?:{held})[\s,_-]+(?:[{firsts}]\.\s*)?)?" if held else ""
        yield (rf"{NO_LETTER_BEFORE}{led}(?:{initial}[\s,]+|{initial}(?<=\.))*{one}{more}{behind}s?{NO_LETTER_AFTER}")
    if guarded:
        capitals = f"(?:{held})"
        edge = NO_LETTER_BEFORE
        # After a title; with an initial and its dot; before a degree; two of them in a row.
        yield rf"{edge}(?:{_TITLED}){before}{capitals}{more}{behind}{NO_LETTER_AFTER}"
        yield rf"{edge}[{firsts}]\.\s?{capitals}{NO_LETTER_AFTER}|{edge}{capitals},\s?[{firsts}]\."
        yield rf"{edge}{capitals}{_DEGREE}"
        if len(guarded) > 1:
            yield rf"{edge}{capitals}(?:[\s,_-]+(?:[{firsts}]\.\s*)?{capitals})+{more}{behind}{NO_LETTER_AFTER}"
    for part in guarded:
        if is_ordinary(part) and not is_of_letters(part):
            yield from _written_as_a_name(part)
        elif len(part) > 1 and is_short(part):
            yield from _short_as_a_name(part)


def _short_as_a_name(word: str) -> Iterator[str]:
    """Yield the forms of a particle or a very short word written like a name; in capitals it may be medical: LE, PT."""
    capital = word_pattern(word.capitalize(), any_case=False)
    yield rf"{_INSIDE}{capital}{NO_LETTER_AFTER}(?!-)"
    if word.casefold() not in PRONOUNS:
        yield rf"{NO_LETTER_BEFORE}{capital}{_VERB}"
    if word.casefold() not in PARTICLES:
        yield rf"{NO_LETTER_BEFORE}{capital}{NO_LETTER_AFTER}(?!-)"


def _written_as_a_name(word: str) -> Iterator[str]:
    """Yield the forms of an ordinary word written like a name.

    With a capital inside a sentence, before a verb, alone in capitals.
    """
    capital = _capital(word)
    yield rf"{_INSIDE}{capital}{NO_LETTER_AFTER}(?!-)"
    yield rf"{NO_LETTER_BEFORE}{capital}{_VERB}"
    yield rf"(?<![A-Z][A-Z] )(?<![^\W_]){re.escape(word.upper())}(?! [A-Z][A-Z]){NO_LETTER_AFTER}"


def organization_patterns(name: str, text: str, stands: Stands) -> Iterator[str]:
    """Yield each form of the name of an organization that may occur in `text`."""
    tokens = [word for word in SPLIT.split(name.replace("&", " and ")) if word]
    core = ([word for word in tokens if word.casefold() not in _LEGAL] or tokens)[:_MOST]
    joint = rf"(?:{APART}(?:and\b|&|of\b|the\b|for\b))*{APART}"
    yield from _runs(core, joint, stands)
    for word in core:
        yield from _word_of_organization(word, core, text) if stands(word) else ()
    if len(core) == 2 and " of " in name and all(map(stands, core)):  # County of Orange, Orange County
        yield rf"{NO_LETTER_BEFORE}{_capital(core[1])}\s{_capital(core[0])}{NO_LETTER_AFTER}"
    letters = "".join(word[0].upper() for word in core)
    if len(letters) > 2 and letters not in TERMS:
        yield NO_LETTER_BEFORE + re.escape(letters) + NO_LETTER_AFTER


def _runs(core: list[str], joint: str, stands: Stands) -> Iterator[str]:
    """Yield the first words of an organization, at least two, one of which is distinctive; or the whole name."""
    told = [place for place, word in enumerate(core) if _tells(word) and not is_ordinary(word)]
    least = max(2, told[0] + 1) if told else len(core)
    if len(core) < 2 or not all(map(stands, core[:least])):
        return
    free = all(_anywhere(word) for word in core[:least])
    form = [word_pattern(word, any_case=True) if free else _capital(word) for word in core]
    more = ""
    for place in reversed([n for n in range(least, len(core)) if all(map(stands, core[least : n + 1]))]):
        more = f"(?:{joint}{form[place]}{more})?"
    yield NO_LETTER_BEFORE + joint.join(form[:least]) + more + NO_LETTER_AFTER


def _tells(word: str) -> bool:
    """Say whether a word of an organization's name is distinctive."""
    return not is_of_letters(word) and word.casefold() not in KIND_OF_ORGANIZATION | _LEGAL


def _word_of_organization(word: str, core: list[str], text: str) -> Iterator[str]:
    """Yield a word of an organization by itself, written like a name."""
    if len(core) == 1 and any(c.isdigit() for c in word):
        yield NO_LETTER_BEFORE + word_pattern(word, any_case=True) + NO_LETTER_AFTER
    elif len(core) == 1 and not _anywhere(word):
        yield rf"(?:{_AT}){_capital(word)}{NO_LETTER_AFTER}"
    elif _tells(word) and len(word) > 2:
        common = is_ordinary(word) or re.search(rf"(?<![^\W_]){re.escape(word.lower())}(?![^\W_])", text) is not None
        yield rf"(?:{_AT}){_capital(word)}{NO_LETTER_AFTER}(?!-)"
        yield rf"{NO_LETTER_BEFORE}{_capital(word)}{_VERB}"
        if not common:
            yield from _written_as_a_name(word)
            yield rf"{NO_LETTER_BEFORE}{_capital(word)}(?=[^\w\s]|$)"


def is_titled(text: str, at: int) -> bool:
    """Say whether a title such as "Dr." precedes a place in a text."""
    return (
        re.search(r"(?:\b(?:" + "|".join(_TITLES) + r")\.?\s*)$", text[max(0, at - 12) : at], re.IGNORECASE) is not None
    )
