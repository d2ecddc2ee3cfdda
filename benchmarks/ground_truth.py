"""What is known of a made case file, and how far a reading agrees with it: its documents, and the facts that were put into it."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from imr.law.terms import RecordKind as Kind
from imr.records.model import Document, Fact, FactKind

#: What is laid over a page of lines, by the page and its number of how many.
Over = Callable[[list[str], str], list[str]]


@dataclass(frozen=True)
class Truth:
    """A document that was put into a packet: its kind, its pages, and the day printed on it, if any."""

    kind: Kind
    first: int
    last: int
    dated_on: date | None


@dataclass(frozen=True)
class Said:
    """A fact that was put on a page: its kind, its settled value and the page."""

    kind: FactKind
    value: str
    page: int


@dataclass(frozen=True)
class Strange:
    """A case file, its documents and facts: the lines of each page with what was laid over them, and `texts` without it."""

    pages: tuple[tuple[str, ...], ...]
    truth: tuple[Truth, ...]
    said: tuple[Said, ...]
    texts: tuple[str, ...]


class Sheets:
    """Documents as pages of lines, with what was put on each; `over` is laid over every page, one after the other."""

    over: tuple[Over, ...] = ()

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pages: list[list[str]] = []
        self.truth: list[Truth] = []
        self.said: list[Said] = []

    def put(self, kind: Kind, sheets: list[list[str]], day: date | None, said: list[tuple[FactKind, str, str]]) -> None:
        """A document of these pages. Each fact names the text that says it, and stands where that text is printed."""
        first = len(self.pages) + 1
        self.pages += sheets
        self.truth.append(Truth(kind, first, len(self.pages), day))
        for about, value, text in said:
            pages = [first + n for n, sheet in enumerate(sheets) if any(text in line for line in sheet)]
            assert pages, text
            self.said += [Said(about, value, page) for page in pages]

    def finish(self) -> Strange:
        """The case file."""
        texts = tuple("\n".join(page) for page in self.pages)
        pages = self.pages
        for over in self.over:
            pages = [over(page, f"{number:03}/{len(pages):03}") for number, page in enumerate(pages, 1)]
        return Strange(tuple(map(tuple, pages)), tuple(self.truth), tuple(self.said), texts)


def agreement(documents: Iterable[Document], truth: Sequence[Truth]) -> tuple[int, int, int, int, int]:
    """Documents found whole, documents found, documents there, and those found whole of the right kind, and of the right day."""
    there = {(one.first, one.last): one for one in truth}
    found = list(documents)
    whole = [(there[one.first, one.last], one) for one in found if (one.first, one.last) in there]
    right, dated = (
        sum(put.kind is one.kind for put, one in whole),
        sum(put.dated_on == one.dated_on for put, one in whole),
    )
    return len(whole), len(found), len(truth), right, dated


def facts_agree(facts: Iterable[Fact], put: Sequence[Said]) -> tuple[int, int, int]:
    """How many facts were found that were put there, how many were found in all, and how many were put."""
    there, found = set(put), {Said(fact.kind, fact.value, fact.page) for fact in facts}
    return len(there & found), len(found), len(there)
