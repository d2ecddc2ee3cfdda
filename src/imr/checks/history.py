"""Checks of the history in a letter: impossible dates, and treatment that the summary does not mention."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from imr.checks import text
from imr.checks.consistency import PLAIN_ERROR
from imr.checks.draft import Draft
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.checks.text import DraftText, Sentence, once_per_sentence
from imr.guidelines.keyword_index import lower, mark
from imr.guidelines.treatment_kinds import KINDS, related

_NOTE_DATED = re.compile(
    r"\b(?:progress|clinical|office|treating|follow[- ]?up|medical|physician)\b[\w ]{0,25}\b(?:notes?|reports?|visits?|documentation|records?)\b,? (?:of |on )?(?:dated|from)? ?$"
)
_TWO_YEARS = timedelta(days=730)
_LISTED = re.compile(
    r"\b(?:treatments?|therap\w+|care)\b[^.]{0,60}\b(?:include[ds]?|consist\w*|limited to)\b|\b(?:past|prior|previous) (?:\w+ )?treatments?\b"
)
_OF_THE_PLAN = re.compile(
    r"\b(?:request\w*|certif\w+|den(?:y|ied|ial)|approv\w+|utilization review|recommend\w+|plan|treatment plan|rfa|authori[sz]\w+|prescri\w+|order\w*|would start|will|scheduled)\b"
)
#: Words without which a sentence lists no treatment, and without which it tells of no plan.
_OF_CARE = mark(r"^(?:treatment|therap|care$)")
_PLANNED = mark(
    r"^(?:request|certif|approv|recommend|authori[sz]|prescri|order|(?:deny|denied|denial|utilization|plan|rfa|would|will|scheduled)$)"
)
_WAS_DONE = re.compile(
    r"\b(?:(?:previous|prior|past|recent\w*|initial|completed|earlier|\d+) (?:\w+ ){0,2}?$|(?:has|have) (?:had|completed|attended|undergone|received) (?:\w+ ){0,4}?$|(?:underwent|completed|attended|received) (?:\w+ ){0,4}?$)"
)
_EARLIER = re.compile(r"\b(?:previous|prior|has had|have had)\b")
#: Courses of treatment that a summary lists where they took place.
_COURSES = {"physical therapy", "chiropractic", "acupuncture", "massage", "aquatic therapy", "psychotherapy"}


def impossible_days(draft: Draft) -> Iterator[Concern]:
    """Find a day after the decision, or a note of this claim from before the injury."""
    decided_on, injured_on = draft.on, draft.determination.injured_on
    reported: set[date] = set()
    for issue, sentence in _all_with(draft, text.DATED):
        for start, _, day in text.days_of(sentence):
            if day in reported:
                continue
            if draft.determination.decided_on is not None and decided_on is not None and day > decided_on:
                reported.add(day)
                yield _concern(issue, sentence.words, f"This names {day.isoformat()}, a day after the decision of {decided_on.isoformat()}.",
                               "Find the right day in the file.", Severity.ASK)  # fmt: skip
            elif (
                injured_on is not None
                and injured_on - _TWO_YEARS < day < injured_on
                and _NOTE_DATED.search(lower(sentence.words[:start]))
            ):
                reported.add(day)
                yield _concern(issue, sentence.words, f"This names a note of {day.isoformat()}; the injury was on {injured_on.isoformat()}.",
                               "Find the right day in the file, or say that the note is from before the injury.", Severity.NOTE)  # fmt: skip


_DATED = re.compile(r", (?<=[0-9], )([0-9]{4})\b")


_YEAR = mark(r"^\d{4}$")


@once_per_sentence(_YEAR, ())
def _dated_years(sentence: Sentence) -> tuple[int, ...]:
    """Give the years of days such as December 9, 2016."""
    return tuple(int(year) for year in _DATED.findall(sentence.words))


def _all_with(draft: Draft, mark: int) -> Iterator[tuple[int | None, Sentence]]:
    """Give the sentences of summary and rationales that have a mark, each with its issue."""
    numbered: list[tuple[int | None, DraftText]] = [(None, draft.summary)]
    numbered += [(part.number, part.rationale) for part in draft.parts]
    return ((issue, sentence) for issue, passage in numbered for sentence in passage.with_mark(mark))


def impossible_years(draft: Draft) -> Iterator[Concern]:
    """Find a year that this claim cannot have, such as 3026."""
    if draft.on is None:
        return
    for issue, sentence in _all_with(draft, _YEAR):
        for year in _dated_years(sentence):
            if year > draft.on.year + 1:
                yield _concern(issue, sentence.words, f"This names the year {year}.", "Find the right day in the file.", Severity.ASK)  # fmt: skip


def treatment_not_in_summary(draft: Draft) -> Iterator[Concern]:
    """Find a course of treatment that took place by the rationale, and that the summary does not list."""
    listed = [s for s in draft.summary.with_mark(_OF_CARE) if _lists(s) and not _of_the_plan(s)]
    if not listed:
        return
    for part in draft.parts:
        told = [(kind, s.words) for s in part.rationale.with_mark(KINDS) for kind in _courses(s)]
        if not told:
            continue
        known = frozenset().union(*(text.kinds(s) for s in draft.summary.with_mark(KINDS) if not _of_the_plan(s)))
        if "conservative care" in known:
            return
        found = next((one for one in told if not any(related(one[0], kind) for kind in known)), None)
        if found is not None:
            kind, words = found
            yield _concern(part.number, words, f"The rationale speaks of {kind} that took place; the summary lists the treatment without it.",
                           "Find in the file whether it took place, and say the same in both places.", Severity.ASK, Evidence("clinical case summary", listed[0].words))  # fmt: skip


_GIVEN_LEAVE = re.compile(r"\b(?:authori[sz]\w+|certif\w+|approv\w+)\b")
_OF_A_GUIDELINE = re.compile(r"\b(?:guidelines?|mtus|odg|acoem)\b")
_NOT_TOLD = re.compile(r"\b(?:should|if|unless|after|before|no|not|without|lack\w*|fail\w*)\b")


@once_per_sentence(_OF_CARE, False)
def _lists(sentence: Sentence) -> bool:
    return bool(_LISTED.search(sentence.lower))


@once_per_sentence(_PLANNED, False)
def _of_the_plan(sentence: Sentence) -> bool:
    return bool(_OF_THE_PLAN.search(sentence.lower))


@once_per_sentence(KINDS, ())
def _courses(sentence: Sentence) -> tuple[str, ...]:
    """Give the courses of treatment that a sentence says took place."""
    words = sentence.lower
    mentions = [mention for mention in text.treated(sentence) if mention.kind in _COURSES]
    if not mentions or _OF_A_GUIDELINE.search(words) or _GIVEN_LEAVE.search(words):
        return ()
    if _of_the_plan(sentence) and not _EARLIER.search(words):
        return ()
    before = [(mention.kind, words[: mention.start]) for mention in mentions]
    return tuple(kind for kind, told in before if _WAS_DONE.search(told[-60:]) and not _NOT_TOLD.search(told))


def _concern(issue: int | None, sentence: str, says: str, do: str, severity: Severity, *evidence: Evidence) -> Concern:
    return Concern(
        id=concern_id("counts-conflict", issue, sentence, says), check="counts-conflict", severity=severity, issue=issue,
        sentence=sentence, says=says, do=do, evidence=evidence, under=(PLAIN_ERROR,),
    )  # fmt: skip
