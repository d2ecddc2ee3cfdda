"""An organization's own licensed texts and criteria, from a file in TOML; docs/guidelines.md describes the format.

Nothing of a licensed guideline is shipped. What an organization loads stays on its own machines and serves the checks:
the pages that a chapter has, the sentences that may be quoted, and the limits that counts are held against.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from imr.errors import ImrError
from imr.guidelines import chapter_topics
from imr.guidelines.anatomy import body_parts
from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.citation import GuidelineSource, PageRange
from imr.guidelines.register import Criterion, Guideline, Phase, Register
from imr.law.rule import Citation, Known

_KEYS = {
    "id", "source", "title", "topic", "year", "number", "edition", "since", "until", "body", "phases", "pages", "under", "text", "criteria",
}  # fmt: skip
_CRITERION_KEYS = {"treatment", "unit", "most", "before", "section"}


def read_licensed(text: str) -> Register:
    """Give the register that a file in TOML describes. Raises ImrError with the place and what is expected there."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ImrError(f"the file of guidelines is not TOML: {error}") from error
    entries = data.get("guideline")
    if not isinstance(entries, list) or set(data) != {"guideline"}:
        raise ImrError("a file of guidelines holds tables [[guideline]] and nothing else")
    return Register([_guideline(entry, f"guideline {n}") for n, entry in enumerate(entries, 1)])


def _guideline(entry: Mapping[str, Any], place: str) -> Guideline:
    place = f"{place} ({entry['id']})" if entry.get("id") else place
    _known_keys(entry, _KEYS, place)
    missing = [key for key in ("id", "source", "title") if not entry.get(key)]
    if missing:
        raise ImrError(f"{place}: {', '.join(missing)} must be given")
    return Guideline(
        id=_text(entry, "id", place),
        source=_one_of(GuidelineSource, entry["source"], f"{place}, source"),
        title=_text(entry, "title", place),
        topic=_text(entry, "topic", place)
        or chapter_topics.topic(entry["title"], entry.get("number"))
        or entry["title"].lower(),
        year=_number(entry, "year", place),
        number=_number(entry, "number", place),
        edition=_text(entry, "edition", place),
        since=_date(entry, "since", place),
        until=_date(entry, "until", place),
        parts=frozenset().union(*(_parts(words, place) for words in entry.get("body", []))),
        phases=frozenset(_one_of(Phase, word, f"{place}, phases") for word in entry.get("phases", [])),
        pages=_pages(entry.get("pages"), place),
        pages_known=Known.TEXT,
        under=(Citation(_text(entry, "under", place), "", Known.TEXT),) if entry.get("under") else (),
        text=tuple(" ".join(str(words).split()) for words in entry.get("text", [])),
        criteria=tuple(_criterion(c, f"{place}, criterion {n}") for n, c in enumerate(entry.get("criteria", []), 1)),
    )


def _criterion(entry: Mapping[str, Any], place: str) -> Criterion:
    _known_keys(entry, _CRITERION_KEYS, place)
    if not entry.get("treatment"):
        raise ImrError(f"{place}: treatment must be given")
    most = _number(entry, "most", place)
    if most is not None and not entry.get("unit"):
        raise ImrError(f"{place}: most = {most} of what? give unit, such as visits")
    return Criterion(
        treatment=_text(entry, "treatment", place),
        unit=_text(entry, "unit", place),
        most=most,
        before=tuple(str(words) for words in entry.get("before", [])),
        section=_text(entry, "section", place),
    )


def _known_keys(entry: Mapping[str, Any], keys: set[str], place: str) -> None:
    if unknown := sorted(set(entry) - keys):
        raise ImrError(f"{place}: no key is called {', '.join(unknown)}; there are {', '.join(sorted(keys))}")


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise ImrError(f"{place}, {key}: words are expected, not {value!r}")
    return value


def _number(entry: Mapping[str, Any], key: str, place: str) -> int | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise ImrError(f"{place}, {key}: a whole number from 1 is expected, not {value!r}")
    return value


def _date(entry: Mapping[str, Any], key: str, place: str) -> date | None:
    value = entry.get(key)
    if value is not None and type(value) is not date:
        raise ImrError(f"{place}, {key}: a day such as 2016-07-28 is expected, not {value!r}")
    return value


def _one_of(kind: Any, word: object, place: str) -> Any:
    for member in kind:
        if str(member.value).lower() == str(word).lower():
            return member
    raise ImrError(f"{place}: {word!r} is none of {', '.join(str(member.value) for member in kind)}")


def _parts(words: object, place: str) -> frozenset[BodyPart]:
    for part in BodyPart:
        if part.value == str(words).lower():
            return frozenset({part})
    parts = body_parts(str(words))
    if not parts:
        raise ImrError(
            f"{place}, body: {words!r} names no part of the body; there are {', '.join(p.value for p in BodyPart)}"
        )
    return parts


def _pages(value: object, place: str) -> PageRange | None:
    if value is None:
        return None
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(n, int) for n in value)
        and 1 <= value[0] <= value[1]
    ):
        return PageRange(*value)
    raise ImrError(f"{place}, pages: the first and the last page are expected, such as [1, 120], not {value!r}")
