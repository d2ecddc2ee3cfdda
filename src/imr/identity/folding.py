"""Folding of text to plain small letters: one spelling for what a keyboard, a form or OCR writes differently.

The only module that uses the transliteration library, and only for scripts other than Latin.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

#: Letters that are more than a letter with a mark, each with its replacement in plain letters.
_LETTERS = str.maketrans(
    {
        "đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ħ": "h", "ŋ": "ng", "ı": "i",
        "ĸ": "k", "ŀ": "l", "ŧ": "t", "ſ": "s", "ə": "a", "ʻ": "'", "ʼ": "'", "’": "'", "‘": "'", "`": "'", "´": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip
#: Letters that some people write as two: Müller is Muller and Mueller.
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
#: Letters that Unicode decomposes into marks alone.
_MADE_OF_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
#: The most marks of a letter that are looked at, and how many characters are normalized at once in any case.
_MOST_MARKS, _SHORT = 30, 500
_MARKS = re.compile(r"[^\w\s]|_")


def plain(text: str) -> str:
    """Give `text` in small Latin letters without marks; punctuation stays. A foreign script stays as it is."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", _unstacked(text).casefold().replace("i̇", "i"))
    kept = "".join(c for c in bare if not unicodedata.combining(c) or not _is_latin_mark(c))
    return unicodedata.normalize("NFC", kept.translate(_LETTERS))


def as_two(text: str) -> str:
    """Give `text` as `plain` does, with ä, ö, ü, ø and å written as two letters."""
    return plain(unicodedata.normalize("NFC", _unstacked(text).casefold()).translate(_AS_TWO))


def _unstacked(text: str) -> str:
    """Give `text` without the marks of a letter that has more than thirty: Unicode normalization sorts them in quadratic time."""
    if len(text) <= _SHORT:
        return text
    kept, row = [], 0
    for letter in text:
        row = row + 1 if unicodedata.combining(letter) or letter in _MADE_OF_MARKS else 0
        if row <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _is_latin_mark(mark: str) -> bool:
    """Say whether this is a mark of Latin, Greek or Cyrillic letters; marks of other scripts count as letters."""
    return "̀" <= mark <= "ͯ"


def is_foreign(text: str) -> bool:
    """Say whether a letter of `text` is in another script than Latin, so that its spelling in Latin is a guess."""
    return not text.isascii() and any(c.isalpha() and not c.isascii() for c in plain(text))


def romanized(text: str) -> str:
    """Give `text` of any script in small Latin letters, in one of several spellings."""
    return anyascii(plain(text)).lower() if is_foreign(text) else plain(text)


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Give the words of `text` in small letters, without marks and punctuation, one space between them."""
    said = romanized(text).replace("&", " and ").replace("'", "")
    return " ".join(_MARKS.sub(" ", said).split())


#: Sounds that scripts or clerks write differently: the class of each letter. Other letters are silent.
_CLASS = str.maketrans(
    "bfpvckgqjdtszlrmn", "ppppkkkkkttssllnn", "aeiouywh' -"
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Give the consonants of a word by class: spellings that may be of one name have one sound."""
    heard = _TWICE.sub(r"\1", word.replace("x", "ks").replace("ch", "k").translate(_CLASS))
    return heard or "-"


_SPELLINGS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"ph|v"), "f"),
    (re.compile(r"sch|sh"), "s"),
    (re.compile(r"th|dt"), "t"),
    (re.compile(r"kh|ck|c(?=[aoukr])|q"), "k"),
    (re.compile(r"mps"), "ms"),
    (re.compile(r"z"), "s"),
    (re.compile(r"sen$"), "son"),
    (re.compile(r"^mac(?=.{3})"), "mc"),
    (re.compile(r"[ae]y|[ae]i"), "e"),
    (re.compile(r"ie|ea|y"), "i"),
    (re.compile(r"(?<=...)e$"), ""),
)


@lru_cache(maxsize=65536)
def spelling(word: str) -> str:
    """Give a word in one of several common spellings: Gonzales for Gonzalez, Petersen for Peterson."""
    said = word.replace("ee", "i").replace("oo", "u")
    for pattern, written in _SPELLINGS:
        said = pattern.sub(written, said)
    return said


def is_slip(one: str, other: str) -> bool:
    """Say whether two long words differ only by a slip: one vowel more or changed, a doubled letter, two swapped letters."""
    if (
        sound(one) != sound(other)
        or min(len(one), len(other)) < 6
        or abs(len(one) - len(other)) > 1
        or one[0] != other[0]
    ):
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, left = one[start:], other[start:]
    if len(one) != len(other):
        longer, shorter = (rest, left) if len(rest) > len(left) else (left, rest)
        return longer[1:] == shorter
    swapped = rest[:2] == left[:2][::-1] and rest[2:] == left[2:]
    return swapped or (len(one) > 6 and rest[1:] == left[1:])


def is_one_misspelled(one: str, other: str) -> bool:
    """Say whether two plain words of more than four letters differ only by a spelling or a slip."""
    return min(len(one), len(other)) > 4 and (spelling(one) == spelling(other) or is_slip(one, other))
