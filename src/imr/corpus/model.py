"""The values that a corpus gives: search results, similar cases, rates and letters. Loads no search engine and no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from imr.errors import ImrError

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An issue that a query found.

    `treatment` is what was decided on, `heading` the words above it. `passage` is an excerpt of the rationale, and `marks` are the
    start and end of each match in it. `set_aside_on` is the day from which the determination is no longer in force.
    """

    letter: str
    issue: int
    case_number: str
    year: int | None
    decision: str
    category: str
    subcategory: str
    treatment: str
    heading: str
    rationale: str
    passage: str
    marks: tuple[tuple[int, int], ...]
    score: float
    set_aside_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The results of a query: the total, one page of hits, counts by field, and the parts of the query that were not understood."""

    total: int
    hits: tuple[SearchHit, ...]
    counts: Mapping[str, tuple[tuple[str, int], ...]]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95% confidence interval by Wilson (1927), each from 0 to 1."""

    share: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval:
    """Give the share of successes with its 95% interval (Wilson 1927, without continuity correction)."""
    if not 0 <= successes <= trials or trials == 0:
        raise ImrError(f"a share needs 0 <= {successes} <= {trials} and at least one trial")
    share = successes / trials
    middle = (share + _Z95**2 / (2 * trials)) / (1 + _Z95**2 / trials)
    half = _Z95 / (1 + _Z95**2 / trials) * sqrt(share * (1 - share) / trials + _Z95**2 / (4 * trials**2))
    # The interval reaches 0 and 1 exactly at the ends; floating point misses them slightly.
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The number of issues of one kind, and how many of them overturned the UR decision.

    All three figures are None (withheld) where there are fewer issues than the smallest cell, and also for the next smallest
    cells where subtracting the other cells from the total would reveal a withheld one.
    """

    value: str
    issues: int | None
    overturned: int | None
    rate: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDuration:
    """Days from one date of a letter to another, over the letters that have both: quartiles, ninth decile, count."""

    name: str
    letters: int
    quarter: float
    median: float
    three_quarters: float
    nine_tenths: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals of a corpus. `inputs` counts files, `letters` distinct determinations, `unread` files without one.

    `set_aside` determinations are counted only here: in no rate, outcome or duration, and not among `letters`.
    """

    inputs: int
    letters: int
    issues: int
    overturned: int
    rate: Interval
    unread: int
    outcomes: tuple[tuple[str, int], ...]
    issues_a_letter: tuple[tuple[str, int], ...]
    set_aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusCounts:
    """All counts of a corpus: totals, durations, reasons why files were not read, and rates by dimension."""

    totals: Totals
    stages: tuple[StageDuration, ...]
    unread: tuple[tuple[str, int], ...]
    rates: Mapping[str, tuple[Rate, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarCases:
    """The nearest decided issues, nearest first; how they were decided; the words that distinguish the two outcomes.

    `set_aside` of them are marked, and counted neither as upheld nor as overturned, because they are no longer in force.
    """

    hits: tuple[SearchHit, ...]
    overturned: int
    decided: int
    share: Interval | None
    of_upheld: tuple[str, ...]
    of_overturned: tuple[str, ...]
    set_aside: int = 0

    @property
    def majority(self) -> str:
        """The decision that a draft should not depart from without a reason, "upheld" or "overturned"; empty where none is clear.

        A majority is clear when its whole 95% interval lies on one side of one half.
        """
        if self.share is None:
            return ""
        return "upheld" if self.share.high < 0.5 else "overturned" if self.share.low > 0.5 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedIssue:
    """A disputed treatment of a letter. `rests_on` holds the words of its heading that decided its category."""

    issue: int
    heading: str
    treatment: str
    original_request: str | None
    authorized: str | None
    decision: str
    category: str
    subcategory: str
    drug_class: str | None
    body_parts: tuple[str, ...]
    rests_on: str
    administrator_basis: str
    reviewer_basis: str
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLetter:
    """A published determination as read. `letter` is its path within the folder that the corpus was built from.

    `set_aside_on` is the day from which it is no longer in force.
    """

    letter: str
    case_number: str
    review_type: str | None
    ur_decided_on: date | None
    received_on: date | None
    decided_on: date | None
    licensure: tuple[str, ...]
    specialty: str
    outcome: str
    summary: str
    issues: tuple[DecidedIssue, ...]
    set_aside_on: date | None = None
