"""Comparison of two names of persons or organizations: the same, may be the same, or different, each with its reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from imr.identity import given_names, organization_names, person_names
from imr.identity.folding import folded, is_slip, sound, spelling
from imr.identity.organization_names import OrganizationName
from imr.identity.person_names import PersonName


class NameMatch(Enum):
    """The answer whether two names belong to one person or organization, by their letters."""

    SAME = "the same"
    MAY_BE_THE_SAME = "may be the same"
    DIFFERENT = "different"

    def __bool__(self) -> bool:
        """False only for `DIFFERENT`: names that may be the same count until a person says that they are not."""
        return self is not NameMatch.DIFFERENT

    @property
    def certainty(self) -> int:
        """The certainty that the two are the same: 0 if they are different, 2 if they are the same."""
        return (NameMatch.DIFFERENT, NameMatch.MAY_BE_THE_SAME, NameMatch.SAME).index(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An answer and its reason, in words for people."""

    answer: NameMatch
    because: str

    def __bool__(self) -> bool:
        return bool(self.answer)


def _may(because: str) -> Comparison:
    return Comparison(NameMatch.MAY_BE_THE_SAME, because)


#: A longer name, in characters, is compared by its beginning; a name with more words is not a person's.
_LONGEST, _MOST_WORDS = 300, 10

_SAME = Comparison(NameMatch.SAME, "the same name, however it is written")
_DIFFERENT = Comparison(NameMatch.DIFFERENT, "the names differ")
_OTHERWISE = re.compile(
    r"(?i)(?:,\s*)?\b(?:d\s?[./]?\s?b\s?[./]?\s?a\b\.?|a\s?[./]?\s?k\s?[./]?\s?a\b\.?|doing business as|also known as)\s*"
    r"(?=\W*\w)"  # at the end it is a name itself, such as the surname Aka
)
_EARLIER = re.compile(r"(?i)(?:,\s*)?\b(?:f\s?[./]?\s?k\s?[./]?\s?a\b\.?|formerly(?: known as)?)\s*(?=\W*\w)")


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A parsed name: every way to read it, and the index keys that find names that may be the same."""

    people: tuple[PersonName, ...]
    bodies: tuple[OrganizationName, ...]
    earlier: tuple["ParsedName", ...]
    kept: frozenset[str]
    sought: frozenset[str]


@lru_cache(maxsize=1 << 17)
def parse_name(text: str) -> ParsedName:
    """Parse a name. One text may hold several: "Alder Inc., d/b/a Birch Care"."""
    now, *before = _EARLIER.split(text)
    people: list[PersonName] = []
    bodies: list[OrganizationName] = []
    for part in _OTHERWISE.split(now):
        parsed, written = person_names.parse(part), organization_names.parse(part)
        readings = tuple(one for one in parsed.readings if len(one.words) <= _MOST_WORDS)
        is_body = _is_body(part)
        if not is_body or written is None:
            people.extend(readings)
        is_person = parsed.marked and any(len(one.words) > 1 for one in readings)
        if written is not None and (is_body or not (is_person or _begins_with_first_name(readings))):
            bodies.append(written)
    earlier = tuple(parse_name(part) for part in before if part.strip() and part != text)
    kept, sought = set[str](), set[str]()
    for one in people:
        _put(kept, sought, *_keys(one))
    for other in bodies:
        _put(kept, sought, *organization_names.keys(other))
        within = [word for word in other.telling if len(word) > 1][:5]
        if len(within) > 1:
            _put(kept, sought, *_keys(PersonName(tuple(within))))
    for old in earlier:
        _put(kept, sought, old.kept, old.sought)
    return ParsedName(tuple(people), tuple(bodies), earlier, frozenset(kept), frozenset(sought))


def _put(kept: set[str], sought: set[str], more: frozenset[str], asked: frozenset[str]) -> None:
    kept |= more
    sought |= asked


def _is_body(text: str) -> bool:
    words = folded(text).split()
    return len(words) > 1 and (
        any(word in organization_names.ORGANIZATION_WORDS for word in words[1:]) or words[0] in ("county", "city", "state", "university", "law")
        or "&" in text or any(word.isdigit() or word in ("and", "of") for word in words)
    )  # fmt: skip


def _begins_with_first_name(readings: tuple[PersonName, ...]) -> bool:
    return bool(readings) and bool(given_names.others(readings[0].words[0]))


def _letters(word: str) -> frozenset[str]:
    """Give the sound classes of the first letters of a word and of its other forms as a first name."""
    return frozenset(sound(one[0])[0] for one in (word, *(given_names.others(word) if len(word) > 1 else ())))


def _keys(one: PersonName) -> tuple[frozenset[str], frozenset[str]]:
    whole = frozenset({f"j:{one.joined}"})
    full = [(place, word) for place, word in enumerate(one.words) if len(word) > 1]
    if one.foreign or len(one.words) == 1:
        alone = {f"{sound(word)}|1" for _, word in full}
        return whole | alone, whole | alone | {f"{sound(word)}|*" for _, word in full}
    if len(one.words) > 2:
        full += [(place, one.words[place] + one.words[place + 1]) for place in range(1, len(one.words) - 1)]
    pairs = {
        f"{sound(word)}|{letter}"
        for place, word in full
        for other, beside in enumerate(one.words)
        if other != place
        for letter in _letters(beside)
    }
    any_ = {f"{sound(word)}|*" for _, word in full}
    return whole | pairs | any_, whole | pairs | {f"{sound(word)}|1" for _, word in full}


def compare(one: str, other: str) -> Comparison:
    """Say whether two names belong to one person or organization: the same, may be the same, or different, with the reason."""
    a, b = parse_name(one[:_LONGEST]), parse_name(other[:_LONGEST])
    return _DIFFERENT if a.kept.isdisjoint(b.sought) else _compared(a, b)


def index_keys(text: str) -> frozenset[str]:
    """Give the keys under which an index stores a name. Every name that may be the same has one of them among its `lookup_keys`."""
    return parse_name(text[:_LONGEST]).kept


def lookup_keys(text: str) -> frozenset[str]:
    """Give the keys to look up in an index to find every name that may be the same."""
    return parse_name(text[:_LONGEST]).sought


def _compared(a: ParsedName, b: ParsedName) -> Comparison:
    best = _DIFFERENT
    for found in _each(a, b):
        if found.answer is NameMatch.SAME:
            return found
        if found and not best:
            best = found
    return best


def _each(a: ParsedName, b: ParsedName) -> Iterator[Comparison]:
    for one in a.people:
        for other in b.people:
            yield _persons(one, other)
    for first in a.bodies:
        for second in b.bodies:
            yield _bodies(first, second)
    for ours, theirs in ((a, b), (b, a)):
        for kept in ours.bodies:
            for one in theirs.people if not theirs.bodies else ():
                yield _within(one, kept)
    for old in a.earlier:
        yield _doubted(_compared(old, b), "one of them is an earlier name")
    for old in b.earlier:
        yield _doubted(_compared(a, old), "one of them is an earlier name")


def _doubted(found: Comparison, doubt: str) -> Comparison:
    return _may(doubt) if found else found


def _suffixes(one: PersonName, other: PersonName) -> str | None:
    """Give the doubt that suffixes leave; empty if there is none, None if they show two people."""
    suffixes = {one.suffix, other.suffix}
    if len(suffixes) == 1:
        return ""
    if "" in suffixes:
        return f"one has {max(suffixes)} behind the name and the other nothing"
    return "Jr. and II are used for one another" if suffixes == {"Jr.", "II"} else None


def _persons(one: PersonName, other: PersonName) -> Comparison:
    suffix = _suffixes(one, other)
    if suffix is None:
        return _DIFFERENT
    if len(other.words) < len(one.words) or (len(other.words) == len(one.words) and other.words < one.words):
        one, other = other, one
    doubt = suffix or one.doubt or other.doubt
    if one.joined == other.joined and bool(one.joined):
        doubt = doubt or (_SCRIPT if one.foreign != other.foreign else "")
        return _may(doubt) if doubt else _SAME
    if one.foreign or other.foreign:
        return _across_scripts(one, other)
    because = _aligned(one, other)
    return _DIFFERENT if because is None else _may(doubt or because)


def _across_scripts(one: PersonName, other: PersonName) -> Comparison:
    """Compare names of which one is in another script, by their sound, in either order."""
    if not one.words or not other.words:
        return _DIFFERENT
    if len(one.words) == 1 or len(other.words) == 1:
        alone, whole = (one, other) if len(one.words) == 1 else (other, one)
        return _may(_SCRIPT) if sound(alone.words[-1]) in (sound(whole.words[-1]), sound(whole.joined)) else _DIFFERENT
    for ours in ((one.words[:-1], one.words[-1]), (one.words[1:], one.words[0])):
        for theirs in ((other.words[:-1], other.words[-1]), (other.words[1:], other.words[0])):
            if sound(ours[1]) == sound(theirs[1]) and _given_alike("".join(ours[0]), "".join(theirs[0])):
                return _may(_SCRIPT)
    return _DIFFERENT if _aligned(one, other, loose=True) is None else _may(_SCRIPT)


def _given_alike(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return sound(one) == sound(other) or given_names.are_one(one, other)


_SCRIPT = "one is written in another script"
_ORDER = "the same words in another order"
_INITIAL = "an initial stands for a first name"
_MORE = "one has a name more than the other"
_SHORT = "a first name and a short or other form of it"
_SPELLED = "the names differ by a spelling"
_ALONE = "only a last name is given"


def _aligned(short: PersonName, long: PersonName, *, loose: bool = False) -> str | None:
    """Give the reason why the words of the shorter name may be those of the longer; None if a word differs."""
    free = list(range(len(long.words)))
    taken: dict[int, int] = {}
    reasons: list[str] = []
    for place in sorted(range(len(short.words)), key=lambda n: (len(short.words[n]) == 1, n)):
        found = min(
            ((_rank(reason), abs(place - at), at, reason) for at in free
             if (reason := _match(short, place, long, at, loose=loose)) is not None),
            default=None,
        )  # fmt: skip
        if found is None:
            return None
        free.remove(found[2])
        taken[place] = found[2]
        reasons.append(found[3])
    if not _last_names_meet(short, long, taken):
        return None
    if len(short.words) == 1:
        return _ALONE if len(long.words) > 1 else next(filter(None, reasons), _SPELLED)
    told = next((reason for reason in (_SHORT, _SPELLED, _INITIAL) if reason in reasons), "")
    order = [taken[place] for place in range(len(short.words))]
    return told or (_MORE if free else _ORDER if order != sorted(order) else _SPELLED)


def _rank(reason: str) -> int:
    return ("", _SPELLED, _SHORT, _INITIAL).index(reason)


def _last_names_meet(short: PersonName, long: PersonName, taken: dict[int, int]) -> bool:
    """Say whether a whole word that is a last name on one side occurs on the other too."""
    if len(short.words) == 1:
        return len(long.words) == 1 or taken[0] > 0 or taken[0] >= len(long.words) - long.last
    ours = {place for place in taken if place >= len(short.words) - short.last}
    theirs = {place for place, at in taken.items() if at >= len(long.words) - long.last}
    return any(len(short.words[p]) > 1 and len(long.words[taken[p]]) > 1 for p in ours | theirs)


def _match(short: PersonName, place: int, long: PersonName, at: int, *, loose: bool) -> str | None:
    """Give the reason why two words may be the same: empty if they are, None if they are different."""
    one, other = short.words[place], long.words[at]
    if 1 in (len(one), len(other)):
        return _INITIAL if one[0] == other[0] and (place == 0) == (at == 0) else None
    if one == other:
        return ""
    is_first = place < len(short.words) - short.last and at < len(long.words) - long.last
    if is_first and given_names.are_one(one, other):
        return _SHORT
    if is_first and given_names.is_known(one) and given_names.is_known(other):
        return None  # Mario and Maria, Daniel and Danielle are different
    alike = spelling(one) == spelling(other) or is_slip(one, other) or (loose and sound(one) == sound(other))
    return _SPELLED if alike else None


def _bodies(one: OrganizationName, other: OrganizationName) -> Comparison:
    if one.joined == other.joined:
        return _SAME if one.foreign == other.foreign else _may(_SCRIPT)
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return _DIFFERENT
    if _is_short_for(one, other) or _is_short_for(other, one):
        return _may("one may be the first letters of the other")
    if one.stems == other.stems:
        return _may("the names differ by an ending or a spelling")
    if sorted(one.stems) == sorted(other.stems):
        return _may(_ORDER)
    return _by_what_tells(one, other)


def _by_what_tells(one: OrganizationName, other: OrganizationName) -> Comparison:
    if one.kinds - other.kinds and other.kinds - one.kinds:
        return _DIFFERENT
    a, b = frozenset(one.telling_stems), frozenset(other.telling_stems)
    if a == b:
        return _may("the names differ in the kind of organization")
    if len(one.telling_stems) == len(other.telling_stems):
        pairs = zip(one.telling, other.telling, strict=True)
        differing = [pair for pair in pairs if organization_names.stem(pair[0]) != organization_names.stem(pair[1])]
        if len(differing) == 1 and is_slip(*differing[0]):
            return _may(_SPELLED)
    small, large = (a, b) if len(a) < len(b) else (b, a)
    if small < large and one.telling_stems[0] == other.telling_stems[0] and not organization_names.is_weak(small):
        return _may("one name is a part of the other")
    return _DIFFERENT


def _is_short_for(short: OrganizationName, long: OrganizationName) -> bool:
    """Say whether one name has initials of words in the other, and the rest is the same."""
    for place, word in enumerate(short.words):
        if word not in short.letters and len(short.words) > 1:
            continue
        count = len(word)
        span = long.words[place : place + count]
        if len(span) == count > 1 and "".join(w[0] for w in span) == word:
            rest = (*long.words[:place], *long.words[place + count :])
            if [*map(organization_names.stem, rest)] == [stem for n, stem in enumerate(short.stems) if n != place]:
                return True
    return False


def _within(one: PersonName, kept: OrganizationName) -> Comparison:
    """Compare a person whose first and last name are in the name of an organization: a medical corporation, a law office."""
    inside = PersonName(tuple(word for word in kept.telling if word not in person_names.DEGREES) or kept.telling)
    short, long = sorted((one, inside), key=lambda each: len(each.words))
    if len(short.words) < 2 or _aligned(short, long) is None:
        return _DIFFERENT
    return _may("the organization has the person's name")
