"""Limits of a text that a person states: its length, and the characters that it may have. A mark names one (`case.marks`)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum


class Characters(Enum):
    """The characters that a text may have. The value is the end of the sentence that refuses others."""

    LINE = "must be one line, without characters that cannot be printed"
    LINES = "has characters that cannot be printed"
    CODE = "may have the letters A to Z, digits and the signs of a keyboard, on one line"


@dataclass(frozen=True, slots=True)
class TextLimit:
    """The most characters of a text, and which. Letters are of any script, except in a code."""

    longest: int
    characters: Characters = Characters.LINE

    def problem(self, text: str) -> str:
        """Give what is wrong with a text, and what to do, without the text itself; empty if nothing is."""
        if len(text) > self.longest:
            return f"it has {len(text):,} characters, and at most {self.longest:,} are possible: shorten it"
        if wrong := self._wrong_character(text):
            return f"it {self.characters.value}: remove {wrong}"
        if is_stacked(text):
            return STACKED
        return ""

    def _wrong_character(self, text: str) -> str:
        """Give the first character that this limit does not allow, by its code point; empty if there is none."""
        if self.characters is Characters.CODE:
            found = _NO_CODE.search(text)
            return f"U+{ord(found[0]):04X}" if found else ""
        allowed = "\n\r\t" if self.characters is Characters.LINES else ""
        for letter in text if not text.isascii() or _CONTROL.search(text) else "":
            if _TURNS.match(letter) or (unicodedata.category(letter) in _UNPRINTABLE and letter not in allowed):
                return f"U+{ord(letter):04X}"
        return ""


#: The most marks on one letter: no script of a language needs more.
MOST_MARKS = 6
#: What a text with more is told.
STACKED = f"it has more than {MOST_MARKS} accents on one letter: write the letter with its own accents"
#: More marks than that in a row. Letters of no script lie in these blocks of marks.
_MARKS = re.compile(
    f"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MOST_MARKS + 1}}}"
)
#: Letters that Unicode decomposes into marks alone: they are sorted as marks.
_MADE_OF_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
#: The most characters of any text before it is normalized. No character has more than four decomposed.
LONGEST_RAW = 400_000
#: Unicode categories of controls, surrogates, private use, unassigned characters, and separators of lines.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Characters that turn the direction of what follows: with them a name reads as another. Marks of one direction are not among them.
TURNING = "\u202a-\u202e\u2066-\u2069"
_TURNS = re.compile(f"[{TURNING}]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NO_CODE = re.compile("[^ -~]")

#: A name, a title, a word to search for.
LINE = TextLimit(200)
#: A number that somebody else gave, such as a claim number or a telephone number.
CODE = TextLimit(60, Characters.CODE)
#: An e-mail address, as long as RFC 5321 allows.
EMAIL = TextLimit(254)
#: A treatment or a diagnosis in the words of a decision.
WORDING = TextLimit(1_000)
#: A reason in some sentences.
REASON = TextLimit(4_000, Characters.LINES)
#: A whole paper that is typed into a form.
PAPER = TextLimit(100_000, Characters.LINES)


def is_stacked(text: str) -> bool:
    """Say whether more than `MOST_MARKS` marks are in a row, in any script.

    Unicode normalization sorts the marks of a letter in quadratic time: 16,000 marks take 0.7 s. Ask this first.
    """
    if text.isascii():
        return False
    row = 0
    for letter in text:
        if letter >= "\u0300" and (unicodedata.combining(letter) or letter in _MADE_OF_MARKS):
            row += 1
            if row > MOST_MARKS:
                return True
        else:
            row = 0
    return _MARKS.search(text) is not None


def composed(text: str, longest: int = LONGEST_RAW) -> str:
    """Return a text in the composed form of Unicode (NFC). Raises ValueError with the reason if that would take long."""
    if len(text) > longest:
        raise ValueError(f"it has {len(text):,} characters, which is more than any text has: shorten it")
    if is_stacked(text):
        raise ValueError(STACKED)
    return unicodedata.normalize("NFC", text)
