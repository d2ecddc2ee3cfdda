"""Text as a page can show it: without what nobody sees, right-to-left words kept together, words that are too long cut."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that are drawn as two in one come back from a page as two.
_JOINED = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# What word processors put in the place of the signs of their symbol fonts.
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
#: Replaces what is not a character, and what no font of the letter has.
STAND_IN = "\ufffd"
_SETTLED = str.maketrans(_JOINED | _SYMBOLS)
# A joiner says how letters of some scripts are drawn; beside any other letter it does nothing.
_IDLE_JOINER = re.compile("(?<![\u0590-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\U0010ffff])")
# Right-to-left letters, with whatever between them is not a letter.
_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"
_LEFTWARD_RUN = re.compile(rf"[{_LEFTWARD}](?:(?:[^\w\n]|[\d{_LEFTWARD}])*[{_LEFTWARD}])?")
# A sign behind which a line may be broken without a hyphen or a slash to show it, or one of these not inside a word.
_UNUSUAL = re.compile(r"[^\w\s.,;:'()\"\[\]#%&+*°@$=<>×“”‘’•·/-]|(?<![\w)])[-/]|[-/](?![\w(])")
#: A word with more letters than these may not fit on a line of the narrowest column, where each is as wide as it is high.
LONGEST = 28
#: Where a word that is too long may be broken: it shows nothing, and the reader takes it away.
CUT = "\u200b"
_WORD = re.compile(rf"[^\s{CUT}]+")
_PART = re.compile(rf"[^\s{CUT}/-]+")
_GOOD_CUT = re.compile(r"[^\w\s](?=\w)|(?<=\d)(?=[^\W\d])")


def visible(text: str) -> str:
    """`text` without characters that nobody sees, each letter in its one settled form."""
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
    """Whether a line may be broken in one of the words of `text` where nothing shows that it is one word."""
    return _UNUSUAL.search(text) is not None


def settable(text: str, longest: int = LONGEST) -> str:
    """`text` for a page whose lines run from left to right: what runs the other way kept by itself, long words with cuts."""
    if not text.isascii():
        # A number beside such a word would be taken for a part of it, and change places with it.
        text = _LEFTWARD_RUN.sub("\u2068\\g<0>\u2069", text)
    if max(map(len, text.split()), default=0) <= longest:
        return text
    return _WORD.sub(lambda word: _cut(word[0], longest), text)


def _cut(word: str, longest: int) -> str:
    """A word with a cut at least so often; a line is broken behind a hyphen and a slash anyhow."""
    if len(word) <= longest:
        return word
    if is_unusual(word):
        return CUT.join(_pieces(word, longest))
    return _PART.sub(lambda part: CUT.join(_pieces(part[0], longest)), word)


def _pieces(word: str, longest: int) -> Iterator[str]:
    """A word in pieces of at most so many letters, cut behind a sign or a number by preference, and in no letter."""
    while len(word) > longest:
        place = max((found.end() for found in _GOOD_CUT.finditer(word, longest // 2, longest)), default=longest)
        while place > 1 and _holds_together(word[place - 1], word[place]):
            place -= 1
        yield word[:place]
        word = word[place:]
    yield word


def _holds_together(before: str, after: str) -> bool:
    """Whether two characters are, or may be, one letter."""
    return (
        unicodedata.category(after)[0] in "MC"
        or unicodedata.category(before) == "Cf"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
