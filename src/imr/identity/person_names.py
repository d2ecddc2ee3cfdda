"""Parsing of the name of a person: its distinctive words, in the order first name, last name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from imr.identity.cjk_last_names import is_unspaced, last_names
from imr.identity.folding import as_two, folded, is_foreign, plain, romanized

#: Degrees and licenses after a name; of these, some are last names too.
DEGREES = frozenset(
    """
    md do dc dpm dds dmd od lac phd psyd np pa pac rn pt dpt ot otr otrl mph mba ms ma msw msn bsn dnp fnp fnpc fnpbc aprn crnp
    lcsw lmft mft lpcc esq jd llm facs faaos faapmr fapa facp facoem facog faan fccp qme ame dabpn dabpmr abpp pharmd rph slp
    ccc edd mbbs mbchb msc bsc bs ba cnm crna lvn lpn atc cht ocs scs cscs ret daoma ccrn cpe mha mpas rdn otd aud dacbr dabco
    faapm cime dipl faos facr
    """.split()
)
_NAMES_TOO = frozenset(("do", "ma", "pa", "an", "ame", "od", "ot", "lac", "ret", "dipl", "ba", "bs"))
_TITLES = frozenset(
    "dr doctor prof professor mr mrs ms miss mx hon honorable rev sgt capt col lt maj sir sra srta sr judge".split()
)
#: Suffixes that distinguish father and son.
_SUFFIXES = {
    "jr": "Jr.", "junior": "Jr.", "sr": "Sr.", "senior": "Sr.", "ii": "II", "2nd": "II", "iii": "III", "3rd": "III",
    "iv": "IV", "4th": "IV", "v": "V", "5th": "V",
}  # fmt: skip
_PARTICLES = frozenset(
    "de del dela della der den di da dos das du la las le los van von vom zu ter ten el al ul ad as bin ibn bint abu".split()
)
#: Beginnings of a last name that some people write as a separate word.
_JOINED = frozenset("o mc mac d st saint san santa santo fitz abd abdul abdel abdal".split())
_VIETNAMESE = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong luong mai cao trinh dao lam ta".split()
)
_ASIDE = re.compile(r"[(\[\"“]\s*([^)\]\"”]{1,40})\s*[)\]\"”]")
_BORN = re.compile(r"(?i)^(?:n[ée]e|born|formerly|maiden name)\s+")
_INITIALS = re.compile(r"(?:[A-Za-z]\.){2,}[A-Za-z]?\.?")


_PARTICLE = "one has a particle in the last name that the other does not have"


@dataclass(frozen=True, slots=True)
class PersonName:
    """One way to read a name. `words` are folded, first name first; an initial is one letter.

    `last` counts the words at the end that are the last name. `doubt` says why the reading is a guess; empty if it is
    none. `foreign` is a name from another script: its spelling in Latin is one of several.
    """

    words: tuple[str, ...]
    last: int = 1
    suffix: str = ""
    doubt: str = ""
    foreign: bool = False

    @property
    def joined(self) -> str:
        """The letters of the whole name."""
        return "".join(self.words)


@dataclass(frozen=True, slots=True)
class PersonReadings:
    """The readings of a name as a person's; `marked` if a title, a degree or a suffix shows that it is one."""

    readings: tuple[PersonName, ...]
    marked: bool


def parse(text: str) -> PersonReadings:
    """Give every way to read `text` as the name of a person, the most likely first."""
    inside = [found[1] for found in _ASIDE.finditer(text)]
    segments = [segment.split() for segment in _ASIDE.sub(" ", text).replace(";", ",").split(",")]
    segments = [segment for segment in segments if segment]
    if not segments:
        return PersonReadings((), False)
    bare = _Bare()
    first, *others = segments
    name = bare.within(first, alone=False)
    given: list[str] = []
    for segment in others:
        left = bare.within(segment, alone=not (len(name) == 1 and not given))
        given = given or left
    readings = tuple(_readings(given, name, bare.suffix)) if name else ()
    for aside in inside if readings else ():
        readings = (*readings, *_aside(aside, readings[0]))
    return PersonReadings(readings, bare.marked or bool(given and name))


def in_order(name: str) -> tuple[str, ...]:
    """Give the words of a person's name, folded, first name first, without titles and degrees."""
    readings = parse(name).readings
    return readings[0].words if readings else ()


class _Bare:
    """Removes titles, degrees and suffixes from the segments of a name, and keeps the suffix."""

    def __init__(self) -> None:
        self.suffix = ""
        self.marked = False
        self.shouted = True

    def within(self, tokens: list[str], *, alone: bool) -> list[str]:
        """Give the words of a segment that are the name; empty if all are degrees and suffixes, which `alone` makes more likely."""
        tokens = list(tokens)
        shouted = all(token.isupper() for token in tokens)
        if not alone and len(tokens) > 1:
            self.shouted = shouted
        while len(tokens) > 1 and not alone and _key(tokens[0]) in _TITLES:
            del tokens[0]
            self.marked = True
        if alone and ("".join(map(_key, tokens)) in DEGREES or self._is_shouted(tokens)):
            self.marked = True
            return []
        while tokens and self._is_behind(tokens, alone=alone, shouted=shouted):
            self.marked = True
            suffix = _SUFFIXES.get(_key(tokens[-1]))
            self.suffix = suffix or self.suffix
            del tokens[-1]
        return tokens

    def _is_shouted(self, tokens: list[str]) -> bool:
        """Say whether a segment is an abbreviation that is not a name: FRCS after a name that is not itself in capitals."""
        return not self.shouted and len(tokens) == 1 and tokens[0].isupper() and 2 < len(tokens[0]) < 8

    @staticmethod
    def _is_behind(tokens: list[str], *, alone: bool, shouted: bool) -> bool:
        token, key = tokens[-1], _key(tokens[-1])
        if key in _SUFFIXES:
            return alone or (len(tokens) > 1 and key != "v") or (len(tokens) > 2 and key == "v" and "." not in token)
        if key not in DEGREES or (len(tokens) == 1 and not alone):
            return False
        if "." in token[:-1] or key not in _NAMES_TOO:
            return True
        return alone or (token.isupper() and not shouted and len(tokens) > 2)


def _key(token: str) -> str:
    return plain(token).replace(".", "").replace("-", "").replace("'", "").strip(":")


def _aside(aside: str, read: PersonName) -> Iterator[PersonName]:
    """Yield the readings with the words in brackets or quotes: a nickname, or an earlier last name."""
    words = tuple(folded(_BORN.sub("", aside)).split())
    if words and _BORN.match(aside):
        yield replace(read, words=(*read.words[: -read.last], *words[-1:]), last=1, doubt="by an earlier last name")
    elif words and len(words) < 3 and not words[0].isdigit():
        yield replace(read, words=(*words, *read.words[-read.last :]), doubt="by the name that the person goes by")


def _readings(given: list[str], name: list[str], suffix: str) -> Iterator[PersonName]:
    if is_unspaced(" ".join((*name, *given))):
        yield from _unspaced("".join((*name, *given)), suffix)
        return
    foreign = is_foreign(" ".join((*name, *given)))
    for fold in (plain, as_two):
        first, last = _folded(given, fold), _folded(name, fold)
        plain_words = (*_glued(first, ordered=True), *_glued(last, ordered=bool(given)))
        if not plain_words:
            continue
        count = max(1, len(_glued(last, ordered=True))) if given else 1
        read = PersonName(plain_words, min(count, len(plain_words)), suffix, foreign=foreign)
        yield read
        yield from _otherwise(read, (*first, *last), given, name)
        if fold is plain and as_two(" ".join((*name, *given))) == plain(" ".join((*name, *given))):
            return


def _folded(tokens: list[str], fold: Callable[[str], str]) -> tuple[str, ...]:
    found: list[str] = []
    for token in tokens:
        if _INITIALS.fullmatch(token):
            found.extend(letter.lower() for letter in token if letter.isalpha())
            continue
        said = romanized(token) if is_foreign(token) else fold(token)
        bare = "saint" if said in ("st.", "st") and len(tokens) > 1 else said.replace("'", "").replace(".", " ")
        found.extend(re.sub(r"[^\w\s]|_", " ", bare).split())
    return tuple(word for word in found if word != "y" or len(found) < 3)


def _is_vietnamese(words: tuple[str, ...]) -> bool:
    return words[0] in _VIETNAMESE or words[-1] in _VIETNAMESE


def _glued(words: tuple[str, ...], *, ordered: bool) -> tuple[str, ...]:
    """Join particles to the next word; `ordered` if the first word may be a particle too."""
    found: list[str] = []
    waiting = ""
    vietnamese = bool(words) and _is_vietnamese(words)
    for place, word in enumerate(words):
        particle = word in _JOINED or (word in _PARTICLES and not (vietnamese and word in ("van", "le", "la", "do")))
        if particle and place < len(words) - 1 and (place or ordered or word in ("mc", "abdul", "abd", "abdel")):
            waiting += word
        else:
            found.append(waiting + word)
            waiting = ""
    return tuple(found)


def _otherwise(read: PersonName, words: tuple[str, ...], given: list[str], name: list[str]) -> Iterator[PersonName]:
    """Yield readings of the same name that are guesses."""
    said = plain(" ".join((*name, *given)))
    if words != read.words:
        kept = tuple(word for place, word in enumerate(words) if word not in _PARTICLES or place in (0, len(words) - 1))
        if 0 < len(kept) < len(words):
            yield replace(read, words=kept, last=1, doubt=_PARTICLE)
        if "o" in words or "d" in words:
            yield replace(read, words=words, last=1, doubt="a letter of the name may be an initial")
    if len(words) == 2 and len(words[0]) > 1 and not given:
        are_initials = len(words[1]) == 1 or (len(name[-1]) == 2 and name[-1].isupper() and not name[0].isupper())
        if are_initials:
            yield replace(read, words=(*words[1], words[0]), last=1, doubt="the last name may come first")
    apart = tuple(word[1:] if len(word) > 3 and f"o'{word[1:]}" in said else word for word in read.words)
    if apart != read.words:
        yield replace(read, words=apart, doubt=_PARTICLE)
    first = (given or name)[0]
    if len(first) == 2 and first.isupper() and first.isalpha() and not "".join(name[-1:]).isupper():
        yield replace(read, words=(*first.lower(), *read.words[1:]), doubt="an initial stands for a first name")


def _unspaced(written: str, suffix: str) -> Iterator[PersonName]:
    """Yield a name in characters: as it is written, and in its possible spellings in Latin letters."""
    yield PersonName((written,), 1, suffix)
    script = "the name is written in another script"
    for _, rest, latin in last_names(written):
        word = folded(rest).replace(" ", "")
        for last in latin:
            yield PersonName((word, last) if word else (last,), 1, suffix, script, foreign=True)
    if not last_names(written):
        last, rest = folded(written[:1]), folded(written[1:]).replace(" ", "")
        yield PersonName((rest, last) if rest else (last,), 1, suffix, script, foreign=True)
