"""Checks of what a letter tells of the course: days that cannot be, and treatment that the summary does not know."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from imr.checks import text
from imr.checks.consistency import PLAIN_ERROR
from imr.checks.draft import Draft, Part
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.guidelines.kinds import related, treatments
from imr.guidelines.words import lower

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
_WAS_DONE = re.compile(
    r"\b(?:(?:previous|prior|past|recent\w*|initial|completed|earlier|\d+) (?:\w+ ){0,2}?$|(?:has|have) (?:had|completed|attended|undergone|received) (?:\w+ ){0,4}?$|(?:underwent|completed|attended|received) (?:\w+ ){0,4}?$)"
)
_EARLIER = re.compile(r"\b(?:previous|prior|has had|have had)\b")
#: Courses of treatment that a summary lists where they took place.
_COURSES = {"physical therapy", "chiropractic", "acupuncture", "massage", "aquatic therapy", "psychotherapy"}


def impossible_days(draft: Draft) -> Iterator[Concern]:
    """A day after the decision, or a note of this claim from before the injury."""
    decided_on, injured_on = draft.on, draft.determination.injured_on
    told: set[date] = set()
    for sentence in (*draft.summary, *(s for part in draft.parts for s in part.sentences)):
        for start, _, day in text.days(sentence.words):
            if day in told:
                continue
            if draft.determination.decided_on is not None and decided_on is not None and day > decided_on:
                told.add(day)
                yield _concern(sentence.issue, sentence.words, f"This names {day.isoformat()}, a day after the decision of {decided_on.isoformat()}.",
                               "Find the right day in the file.", Severity.ASK)  # fmt: skip
            elif (
                injured_on is not None
                and injured_on - _TWO_YEARS < day < injured_on
                and _NOTE_DATED.search(lower(sentence.words[:start]))
            ):
                told.add(day)
                yield _concern(sentence.issue, sentence.words, f"This names a note of {day.isoformat()}; the injury was on {injured_on.isoformat()}.",
                               "Find the right day in the file, or say that the note is from before the injury.", Severity.NOTE)  # fmt: skip


_DATED = re.compile(r", (?<=[0-9], )([0-9]{4})\b")


def _dated_years(words: str) -> Iterator[int]:
    """The years of days such as December 9, 2016."""
    yield from (int(year) for year in _DATED.findall(words))


def impossible_years(draft: Draft) -> Iterator[Concern]:
    """A year that no calendar of this claim holds, such as 3026."""
    if draft.on is None:
        return
    for sentence in (*draft.summary, *(s for part in draft.parts for s in part.sentences)):
        for year in _dated_years(sentence.words):
            if year > draft.on.year + 1:
                yield _concern(sentence.issue, sentence.words, f"This names the year {year}.", "Find the right day in the file.", Severity.ASK)  # fmt: skip


def treatment_not_in_summary(draft: Draft) -> Iterator[Concern]:
    """The rationale speaks of a course of treatment that took place; the summary lists the treatment without it."""
    listed = [s for s in draft.summary if _LISTED.search(lower(s.words)) and not _OF_THE_PLAN.search(lower(s.words))]
    if not listed:
        return
    known = {m.kind for s in draft.summary if not _OF_THE_PLAN.search(lower(s.words)) for m in treatments(s.words)} | {
        m.kind for s in listed for m in treatments(s.words)
    }
    if "conservative care" in known:
        return
    for part in draft.parts:
        found = _unlisted(part, known)
        if found is not None:
            kind, words = found
            yield _concern(part.number, words, f"The rationale speaks of {kind} that took place; the summary lists the treatment without it.",
                           "Find in the file whether it took place, and say the same in both places.", Severity.ASK, Evidence("clinical case summary", listed[0].words))  # fmt: skip


_GIVEN_LEAVE = re.compile(r"\b(?:authori[sz]\w+|certif\w+|approv\w+)\b")
_OF_A_GUIDELINE = re.compile(r"\b(?:guidelines?|mtus|odg|acoem)\b")
_NOT_TOLD = re.compile(r"\b(?:should|if|unless|after|before|no|not|without|lack\w*|fail\w*)\b")


def _unlisted(part: Part, known: set[str]) -> tuple[str, str] | None:
    """A course of treatment that a sentence says took place, of a kind that is not known, with the sentence."""
    for sentence in part.sentences:
        words = lower(sentence.words)
        if _OF_A_GUIDELINE.search(words) or _GIVEN_LEAVE.search(words):
            continue
        if _OF_THE_PLAN.search(words) and not _EARLIER.search(words):
            continue
        for mention in treatments(sentence.words):
            if mention.kind not in _COURSES or any(related(mention.kind, kind) for kind in known):
                continue
            before = words[: mention.start]
            if _WAS_DONE.search(before[-60:]) and not _NOT_TOLD.search(before):
                return mention.kind, sentence.words
    return None


def _concern(issue: int | None, sentence: str, says: str, do: str, severity: Severity, *evidence: Evidence) -> Concern:
    return Concern(
        id=concern_id("counts-conflict", issue, sentence, says), check="counts-conflict", severity=severity, issue=issue,
        sentence=sentence, says=says, do=do, evidence=evidence, under=(PLAIN_ERROR,),
    )  # fmt: skip
