"""The known contents of a generated case file, and their agreement with a reading: its documents and the planted facts."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from imr.law.terms import RecordKind as Kind
from imr.records.model import Document, Fact, FactKind

#: A function that prints something over a page of lines, by the page, its number and the number of pages.
Over = Callable[[list[str], str], list[str]]


@dataclass(frozen=True)
class Truth:
    """A document in a packet: its kind, its pages, and the date printed on it, if any."""

    kind: Kind
    first: int
    last: int
    dated_on: date | None


@dataclass(frozen=True)
class Said:
    """A fact planted on a page: its kind, its normal value and the page."""

    kind: FactKind
    value: str
    page: int


@dataclass(frozen=True)
class Strange:
    """A case file, its documents and facts: the lines of each page with banners and stamps, and `texts` without them."""

    pages: tuple[tuple[str, ...], ...]
    truth: tuple[Truth, ...]
    said: tuple[Said, ...]
    texts: tuple[str, ...]


class Sheets:
    """Documents as pages of lines, with the facts on each; the functions `over` print over every page, one after the other."""

    over: tuple[Over, ...] = ()

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pages: list[list[str]] = []
        self.truth: list[Truth] = []
        self.said: list[Said] = []

    def put(self, kind: Kind, sheets: list[list[str]], day: date | None, said: list[tuple[FactKind, str, str]]) -> None:
        """Add a document of these pages. Each fact names the text that states it, and its page is where that text is printed."""
        first = len(self.pages) + 1
        self.pages += sheets
        self.truth.append(Truth(kind, first, len(self.pages), day))
        for about, value, text in said:
            pages = [first + n for n, sheet in enumerate(sheets) if any(text in line for line in sheet)]
            assert pages, text
            self.said += [Said(about, value, page) for page in pages]

    def finish(self) -> Strange:
        """Make the case file."""
        texts = tuple("\n".join(page) for page in self.pages)
        pages = self.pages
        for over in self.over:
            pages = [over(page, f"{number:03}/{len(pages):03}") for number, page in enumerate(pages, 1)]
        return Strange(tuple(map(tuple, pages)), tuple(self.truth), tuple(self.said), texts)


def agreement(documents: Iterable[Document], truth: Sequence[Truth]) -> tuple[int, int, int, int, int]:
    """Count documents: found whole, found, all, found whole with the right kind, and with the right date."""
    there = {(one.first, one.last): one for one in truth}
    found = list(documents)
    whole = [(there[one.first, one.last], one) for one in found if (one.first, one.last) in there]
    right, dated = (
        sum(put.kind is one.kind for put, one in whole),
        sum(put.dated_on == one.dated_on for put, one in whole),
    )
    return len(whole), len(found), len(truth), right, dated


def facts_agree(facts: Iterable[Fact], put: Sequence[Said]) -> tuple[int, int, int]:
    """Count the planted facts that were found, all facts found, and all planted facts."""
    there, found = set(put), {Said(fact.kind, fact.value, fact.page) for fact in facts}
    return len(there & found), len(found), len(there)
