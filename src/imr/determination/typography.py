"""Preparation of text for a page.

Invisible characters removed, right-to-left words kept together, long words given break points.
"""

import re
import unicodedata
from collections.abc import Iterator

# Ligatures come back from a page as separate letters.
_JOINED = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# The codes that word processors use for the signs of their symbol fonts.
_SYMBOLS = {
    "\uf04a": "☺",
    "\uf06f": "☐",
    "\uf0a7": "▪",
    "\uf0a8": "☐",
    "\uf0b7": "•",
    "\uf0d8": "➢",
    "\uf0e0": "→",
    "\uf0fc": "✓",
    "\uf0fe": "☑",
}
#: Replaces invalid characters, and those that no font of the letter has.
STAND_IN = "\ufffd"
_SETTLED = str.maketrans(_JOINED | _SYMBOLS)
# A joiner affects how letters of some scripts are drawn; next to any other letter it does nothing.
_IDLE_JOINER = re.compile("(?<![\u0590-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\U0010ffff])")
# Right-to-left letters, with any characters between them that are not letters.
_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"
_LEFTWARD_RUN = re.compile(rf"[{_LEFTWARD}](?:(?:[^\w\n]|[\d{_LEFTWARD}])*[{_LEFTWARD}])?")
# A sign after which a line may break without a hyphen or a slash, or a hyphen or slash that is not inside a word.
_UNUSUAL = re.compile(r"[^\w\s.,;:'()\"\[\]#%&+*°@$=<>×“”‘’•·/-]|(?<![\w)])[-/]|[-/](?![\w(])")
#: A word with more characters than this may not fit on a line of the narrowest column, if each is as wide as it is high.
LONGEST = 28
#: A break point in a word that is too long: it is invisible, and the reader removes it.
CUT = "\u200b"
_WORD = re.compile(rf"[^\s{CUT}]+")
_PART = re.compile(rf"[^\s{CUT}/-]+")
_GOOD_CUT = re.compile(r"[^\w\s](?=\w)|(?<=\d)(?=[^\W\d])")


def visible(text: str) -> str:
    """Give `text` without invisible characters, each letter in its normal form."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.translate(_SETTLED))
    return _IDLE_JOINER.sub("", "".join(map(_visible, text)))


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cs":  # half a character
        return STAND_IN
    if (kind == "Cc" and not character.isspace()) or (kind == "Cf" and character not in "\u200c\u200d"):
        return ""
    return character


def is_unusual(text: str) -> bool:
    """Say whether a line may break in a word of `text` so that the reader cannot rejoin it."""
    return _UNUSUAL.search(text) is not None


def settable(text: str, longest: int = LONGEST) -> str:
    """Prepare `text` for lines that run from left to right: right-to-left words kept together, long words with break points."""
    if not text.isascii():
        # A number next to such a word would be taken for a part of it, and change places with it.
        text = _LEFTWARD_RUN.sub("\u2068\\g<0>\u2069", text)
    if max(map(len, text.split()), default=0) <= longest:
        return text
    return _WORD.sub(lambda word: _cut(word[0], longest), text)


def _cut(word: str, longest: int) -> str:
    """Insert break points into a word; a line breaks after a hyphen and a slash anyway."""
    if len(word) <= longest:
        return word
    if is_unusual(word):
        return CUT.join(_pieces(word, longest))
    return _PART.sub(lambda part: CUT.join(_pieces(part[0], longest)), word)


def _pieces(word: str, longest: int) -> Iterator[str]:
    """Yield a word in pieces of limited length, cut after a sign or a number if possible, and never within a character."""
    while len(word) > longest:
        place = max((found.end() for found in _GOOD_CUT.finditer(word, longest // 2, longest)), default=longest)
        while place > 1 and _holds_together(word[place - 1], word[place]):
            place -= 1
        yield word[:place]
        word = word[place:]
    yield word


def _holds_together(before: str, after: str) -> bool:
    """Say whether two code points are, or may be, one character."""
    return (
        unicodedata.category(after)[0] in "MC"
        or unicodedata.category(before) == "Cf"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
