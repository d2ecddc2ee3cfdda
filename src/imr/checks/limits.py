"""Checks of limits that loaded guidelines and the statute set: number of visits, duration, and what must be tried first."""

import re
from collections.abc import Iterator

from imr.checks import text
from imr.checks.consistency import VisitCountKind, visit_count_kind
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Reversal, Severity, concern_id
from imr.determination import Decision
from imr.guidelines import Criterion, Guideline
from imr.guidelines.keyword_index import lower
from imr.guidelines.treatment_kinds import kinds, related
from imr.guidelines.validity import CITING
from imr.law.evidence import VISIT_CAPS, VISITS
from imr.law.rule import Citation
from imr.records.model import FactKind

CANTILLO = Reversal("Cantillo v. Amazon (2022)", "a guideline was applied plainly wrongly to what the record shows")
#: Treatments under the statute's cap of visits an injury (LC 4604.5(c)).
_CAPPED = ("physical therapy", "chiropractic")
#: Visits after surgery have a schedule of their own, and no cap.
_AFTER_SURGERY = re.compile(r"\bpost-? ?(?:op|surg)\w*|\bafter (?:the )?surgery", re.IGNORECASE)
#: Units that count how often, beside those that count how long.
_VISITS = {"visit", "session", "treatment"}


def limits_against_counts(draft: Draft) -> Iterator[Concern]:
    """Compare the visits done and requested with the limit of a loaded guideline and the caps of the statute."""
    for part in draft.parts:
        asked = _asked(part)
        limits = list(_limits(draft, part)) if asked is not None else []
        if asked is None or not limits:
            continue
        done, evidence = _done(draft, part)
        for limit, name, under in limits:
            if done is not None and done + asked > limit and part.issue.decision is Decision.OVERTURNED:
                yield _limit(part, f"{done} visits done and {asked} asked for come to {done + asked}, over the {limit} of {name}", evidence, under,
                             "Say why more is necessary for this employee.")  # fmt: skip
            elif done is None and asked > limit and part.issue.decision is Decision.OVERTURNED:
                yield _limit(
                    part,
                    f"{asked} visits are asked for, over the {limit} of {name}",
                    evidence,
                    under,
                    "Say why more is necessary for this employee.",
                )
            elif (
                done is not None
                and done + asked <= limit
                and part.issue.decision is Decision.UPHELD
                and re.search(r"\bexceed\w*|\bin excess of\b", part.own_words, re.IGNORECASE)
                and under != VISIT_CAPS.under
            ):
                yield _limit(part, f"{done} visits done and {asked} asked for come to {done + asked}, within the {limit} of {name}", evidence, under,
                             "Correct the sentence that says that the limit is exceeded, or name the limit that is.")  # fmt: skip


def _limit(
    part: DraftIssue, reason: str, evidence: tuple[Evidence, ...], under: tuple[Citation, ...], do: str
) -> Concern:
    return Concern(
        id=concern_id("limits", part.number, reason), check="limits", severity=Severity.ASK, issue=part.number,
        sentence=part.issue.heading, says=f"{reason}.", do=do, evidence=evidence, under=under, reversals=(CANTILLO,),
    )  # fmt: skip


def _asked(part: DraftIssue) -> int | None:
    course = text.course(part.issue.treatment)
    if course is not None:
        return course.high
    found = [c.high for c in text.counts(part.issue.treatment) if c.unit in _VISITS]
    return found[0] if len(found) == 1 else None


def _done(draft: Draft, part: DraftIssue) -> tuple[int | None, tuple[Evidence, ...]]:
    """Count the visits of this kind that were done, by the facts of the file, else by the sentences of the letter."""
    if draft.file is not None:
        for fact in draft.file.facts:
            if fact.kind is FactKind.VISITS and any(
                related(k, o) for k in kinds(fact.value + " " + fact.words) for o in part.treatments
            ):
                number = re.search(r"\d+", fact.value)
                if number:
                    return int(number[0]), (Evidence(f"page {fact.page}", fact.words, fact.page, fact.document),)
    told = [("summary", s) for s in draft.summary.with_mark(text.COUNTED)]
    told += [("rationale", s) for s in part.rationale.with_mark(text.COUNTED)]
    for where, sentence in told:
        for count in text.counts(sentence.words):
            near = kinds(sentence.words[max(0, count.start - 45) : count.end + 45])
            if (
                count.low == count.high
                and count.unit in {"visit", "session"}
                and visit_count_kind(sentence.words, count) is VisitCountKind.DONE
            ) and any(related(k, o) for k in near for o in part.treatments):
                return count.high, (Evidence(where, sentence.words),)
    return None, ()


def _criteria(draft: Draft, part: DraftIssue) -> Iterator[tuple[Guideline, Criterion]]:
    """Give the criteria of loaded guidelines in force that are about this treatment of this part of the body."""
    for guideline in draft.context.register.with_criteria:
        fits = draft.on is None or guideline.in_force(draft.on)
        for criterion in guideline.criteria:
            named = kinds(criterion.treatment) or {criterion.treatment}
            if fits and guideline.covers(part.parts) and named & part.treatments:
                yield guideline, criterion


def _limits(draft: Draft, part: DraftIssue) -> Iterator[tuple[int, str, tuple[Citation, ...]]]:
    for guideline, criterion in _criteria(draft, part):
        if criterion.most and _unit(criterion) in _VISITS:
            yield criterion.most, guideline.name, guideline.under or (CITING,)
    injured_on = draft.determination.injured_on
    capped = injured_on is None or VISIT_CAPS.governs(injured_on)
    if (
        capped
        and part.treatments & set(_CAPPED)
        and not _AFTER_SURGERY.search(part.issue.heading + part.issue.rationale)
    ):
        yield VISITS, "the cap of the statute for an injury", VISIT_CAPS.under


def _unit(criterion: Criterion) -> str:
    return lower(criterion.unit).rstrip("s")


def length_over_a_limit(draft: Draft) -> Iterator[Concern]:
    """Find more weeks or days found necessary than a loaded guideline has."""
    for part in draft.parts:
        if part.issue.decision is not Decision.OVERTURNED:
            continue
        for guideline, criterion in _criteria(draft, part):
            asked = [
                c for c in text.counts(part.issue.treatment) if c.unit == _unit(criterion) and c.unit not in _VISITS
            ]
            over = [c for c in asked if criterion.most and c.high > criterion.most]
            if over:
                reason = (
                    f"{over[0].words} are asked for, over the {criterion.most} {criterion.unit} of {guideline.name}"
                )
                yield _limit(part, reason, (), guideline.under or (CITING,), "Say why more is necessary for this employee.")  # fmt: skip


def first_things_not_first(draft: Draft) -> Iterator[Concern]:
    """Find a treatment found necessary without a word on what a loaded guideline requires first."""
    for part in draft.parts:
        if part.issue.decision is not Decision.OVERTURNED:
            continue
        words = lower(draft.words)
        for guideline, criterion in _criteria(draft, part):
            for asked in criterion.before:
                named = [one.strip() for one in lower(asked).split("|") if one.strip()]
                if any(one in words for one in named) or (
                    draft.record is not None and any(draft.record.finds(re.escape(one), (one,)) for one in named)
                ):
                    continue
                yield _limit(
                    part, f"{guideline.name} asks for {' or '.join(named)} first; neither the letter nor the file speaks of it", (),
                    guideline.under or (CITING,), "Find it in the file and weigh it, or say why it is not needed here.",
                )  # fmt: skip
