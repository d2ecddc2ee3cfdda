"""Drugs by the class in which the Division's decision search files them: a view of `drug_list`.

A name that is in no list is unknown, never guessed from its sound: only a long name with one letter wrong, left out, too many
or out of its place is taken for that name.
"""

import re
from functools import cache

from imr.guidelines.drug_list import DRUG_NAMES

_DRUG_CLASS = {entry.name.replace("-", " "): entry.drug_class for entry in DRUG_NAMES if entry.drug_class}
_NAMES = "|".join(
    re.escape(name).replace(r"\ ", "[ -]?") for name in sorted(_DRUG_CLASS, key=lambda name: (-len(name), name))
)
_DRUG = re.compile(rf"(?<![\w-])(?:{_NAMES})(?![\w])", re.IGNORECASE)
_SKIN = re.compile(
    r"\b(?:topical|cream|ointment|gel|lotion|patch(?:es)?|transdermal|(?<!nasal )spray|roll[- ]?on)\b", re.IGNORECASE
)
#: Classes of which a cream, gel or patch is meant for the place that hurts; others act through the skin on the whole body.
_ON_THE_SKIN = frozenset(
    {"NSAID", "Topical Analgesics", "Misc Analgesics", "Muscle Relaxant", "Anti-epilepsy drugs", "Antidepressant"}
)
_COMPOUND = re.compile(r"\bcompound(?:ed)?\b", re.IGNORECASE)
_STRENGTH = re.compile(r"\b\d+(?:\.\d+)?\s*%")
_BY_LETTERS = {name.replace(" ", ""): drug_class for name, drug_class in _DRUG_CLASS.items()}
_GAP = re.compile(r"[ -]+")


def drug_names(text: str) -> tuple[str, ...]:
    """Give the drugs that the text names, as it names them, in its order."""
    return tuple(match.group() for match in _DRUG.finditer(text))


def drug_class(text: str) -> tuple[str, str] | None:
    """Give the class of the drug that a treatment asks for and the words that say so; None where no known drug is named.

    Several ingredients with their strengths in percent, or the word "compound" beside a drug, make a topical compound;
    one pain reliever in a cream, gel or patch is a topical analgesic.
    """
    found = list(_DRUG.finditer(text))
    if not found:
        return None
    strengths = len(_STRENGTH.findall(text))
    if _COMPOUND.search(text) or (len(found) >= 2 and strengths >= 2):
        return "Topical Compounds", text[found[0].start() : found[-1].end()]
    words = found[0].group()
    known = _BY_LETTERS[_GAP.sub("", words.lower())]
    on_the_skin = _SKIN.search(text) is not None and known in _ON_THE_SKIN
    return ("Topical Analgesics" if on_the_skin else known), words


#: Shorter names are too like each other, and like plain words.
_LONG = 7
_WORD = re.compile(rf"[a-z]{{{_LONG},}}", re.IGNORECASE)


def misspelled(text: str) -> tuple[str, str] | None:
    """Give the class of a drug whose long name is in the text with one slip of the pen, and the word as it is written."""
    for match in _WORD.finditer(text):
        word = match.group().lower()
        near = {name for key in (word, *_shortened(word)) for name in _slips().get(key, ()) if name[0] == word[0]}
        classes = {_BY_LETTERS[name] for name in near}
        if len(classes) == 1:
            return classes.pop(), match.group()
    return None


def _shortened(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n in range(len(word))]


@cache
def _slips() -> dict[str, list[str]]:
    """Index the names by themselves and by each of their letters left out: two words with one slip between them meet here."""
    slips: dict[str, list[str]] = {}
    for name in _BY_LETTERS:
        if name.isalpha() and len(name) >= _LONG:
            for key in (name, *_shortened(name)):
                slips.setdefault(key, []).append(name)
    return slips
