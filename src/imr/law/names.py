"""Whether two names are one person or one body, as far as their letters can tell.

Case, accents, punctuation, titles (M.D., Dr., Esq.) and forms of company (Inc., LLC, a medical corporation) do not
distinguish; nor does the order of last and first name, nor a middle initial. An initial stands for every first name that
it begins: for a screening it is better to ask once too often.
"""

import re
import unicodedata
from functools import lru_cache

_TITLES = frozenset(
    (
        "md", "do", "dc", "dpm", "dds", "dmd", "od", "lac", "phd", "psyd", "np", "pa", "rn", "pt", "esq", "dr", "mr", "mrs",
        "ms", "mx", "jr", "sr", "ii", "iii", "iv", "qme", "ame", "facs", "faapmr",
    )
)  # fmt: skip
_FORMS = frozenset(
    (
        "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "co", "company", "corp", "corporation", "pc", "apc",
        "plc", "pllc", "the",
    )
)  # fmt: skip
_SMALL = frozenset(("of", "and", "a"))
_OF_KIND = re.compile(r"\ba (?:professional|medical|dental|chiropractic|california|law)(?: \w+)? corporation\b")
_OTHERWISE = re.compile(r"\b(?:d ?b ?a|a ?k ?a|f ?k ?a|doing business as|also known as|formerly(?: known as)?)\b")
_SHORT = {"pm and r": "physical medicine and rehabilitation", "physiatry": "physical medicine and rehabilitation"}

Name = tuple[str, ...]
"""The words of a name that distinguish it, in the order in which they stand."""


_DOTTED = re.compile(r"\b(?:[a-z]{1,3}\.\s?){2,}")


def _closed_up(found: re.Match[str]) -> str:
    """Close up M.D. and L.L.C., and leave the initials of a person apart."""
    word = re.sub(r"[.\s]", "", found[0])
    return f"{word} " if word in _TITLES or word in _FORMS else found[0]


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Give `text` in small letters without accents and punctuation; dots within M.D. or L.L.C. close up."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower() or text.lower()
    plain = plain.replace("&", " and ").replace("'", "")
    plain = _DOTTED.sub(_closed_up, plain)
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())


@lru_cache(maxsize=65536)
def names_in(text: str) -> tuple[Name, ...]:
    """Give every name that `text` holds: "Acme Inc., d/b/a Beta Care" holds two. A last name before a comma goes last."""
    last, comma, rest = text.partition(",")
    turned = comma and rest.strip() and not _is_form(rest) and len(folded(last).split()) <= 2
    whole = folded(f"{_untitled(rest)} {last}") if turned else folded(text)
    found = []
    for part in _OTHERWISE.split(_OF_KIND.sub(" ", whole)):
        words = tuple(w for w in part.split() if w not in _TITLES and w not in _FORMS and w not in _SMALL)
        words = words or tuple(part.split())
        if words:
            found.append(words)
    return tuple(found)


def _is_form(rest: str) -> bool:
    """Say whether what follows a comma is a title or a form of company, so that nothing is to be turned round."""
    words = [w for w in _OF_KIND.sub(" ", folded(rest)).split() if w not in _SMALL]
    return all(w in _TITLES or w in _FORMS for w in words) or bool(_OTHERWISE.match(folded(rest)))


def _untitled(rest: str) -> str:
    """Drop the titles at the end of a first name, as in "Doe, Jane, M.D."."""
    return " ".join(w for w in folded(rest).split() if w not in _TITLES)


@lru_cache(maxsize=262144)
def same(one: str, other: str) -> bool:
    """Say whether two names may be one: equal in what distinguishes them, or an initial for a first name."""
    return any(_alike(a, b) for a in names_in(one) for b in names_in(other))


def _alike(one: Name, other: Name) -> bool:
    if sorted(one) == sorted(other):
        return True
    full = tuple(w for w in one if len(w) > 1), tuple(w for w in other if len(w) > 1)
    if len(full[0]) > 1 and sorted(full[0]) == sorted(full[1]):
        return True
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1] or len(one[-1]) == 1:
        return False
    first, second = sorted((one[0], other[0]), key=len)
    return len(first) == 1 and second.startswith(first)


@lru_cache(maxsize=4096)
def specialty(text: str) -> str:
    """Give a specialty so that its common ways of writing are one: "PM&R" is physical medicine and rehabilitation."""
    plain = folded(text)
    return _SHORT.get(plain, plain)
