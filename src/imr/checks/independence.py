"""Checks that the reviewer is valid on the day, writes in their own words, and does not contradict earlier determinations."""

import re
from collections.abc import Iterator

from imr.checks import text
from imr.checks.claims import claims
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Reversal, Severity, concern_id
from imr.determination import Decision, Determination, Issue
from imr.guidelines.anatomy import body_parts
from imr.guidelines.doses import drugs
from imr.guidelines.treatment_kinds import kinds, related
from imr.law.reviewers import screen
from imr.law.rule import Citation, labor_code

MACKIE = Reversal(
    "Mackie v. Planada Unified School District (2021)",
    "a plain error of fact, where the specialty of the reviewer was in question",
)
ANDRONICO = Reversal(
    "Andronico v. La Rocca Seafood (2014, on utilization review)",
    "care was denied for want of conservative care that an earlier decision had called unneeded",
)
ZUNIGA = Reversal(
    "Zuniga v. Interactive Trucking (2018)",
    "a first review was set aside and a second decided otherwise on the same drugs",
)
INDEPENDENT = labor_code("139.5(d)(3)")
PLAIN_ERROR = labor_code("4610.6(h)(5)")
#: A run of this many words that another text has as well is copied, not chance.
_RUN = 8
#: The shares of an issue's words from which a concern is raised, and from which it weighs more.
_SHARE, _MUCH = 0.30, 0.60


def reviewer_not_valid(draft: Draft) -> Iterator[Concern]:
    """Find a license, certification, practice or independence of the reviewer that is not valid on the day of the decision."""
    if draft.context.reviewer is None or draft.context.matter is None or draft.on is None:
        return
    for finding in screen(draft.context.reviewer, draft.context.matter, draft.on):
        if not finding:
            yield Concern(
                id=concern_id("reviewer", finding.rule, finding.reason),
                check="reviewer", severity=Severity.STOP,
                says=f"The reviewer may not decide on this day: {finding.reason}.",
                do="Correct the roster where it is wrong; else assign another reviewer.", under=finding.under, reversals=(MACKIE,),
            )  # fmt: skip


def words_taken_over(draft: Draft) -> Iterator[Concern]:
    """Find words of a rationale or the summary that are letter by letter those of the UR decision or of the reviewer's earlier letters."""
    sources = [("the UR decision", draft.ur_text)] if draft.ur_text.strip() else []
    sources += [("an earlier letter of the reviewer", letter) for letter in draft.context.own_letters]
    if draft.context.own_letters_lost:
        yield _not_compared("taken-over", "letters of the reviewer", draft.context.own_letters_lost, INDEPENDENT)
    if not sources:
        return
    runs = [(name, _runs(words)) for name, words in sources]
    fields: list[tuple[DraftIssue | None, str]] = [(None, draft.determination.summary)]
    fields += [(part, part.issue.rationale) for part in draft.parts]
    for part, words in fields:
        for name, known in runs:
            share, longest = _shared(words, known)
            if share >= _SHARE:
                where = "rationale" if part else "clinical case summary"
                yield Concern(
                    id=concern_id("taken-over", part.number if part else None, name, longest),
                    check="taken-over", severity=Severity.ASK if share >= _MUCH and part else Severity.NOTE,
                    issue=part.number if part else None, sentence=longest,
                    says=f"{share:.0%} of the words of this {where} are in {name} in the same order.",
                    do="Say in your own words what you found in the records.", under=(INDEPENDENT,),
                )  # fmt: skip
                break


def _not_compared(check: str, what: str, lost: int, under: Citation) -> Concern:
    """Note that a draft was not compared with what is lost or damaged."""
    return Concern(
        id=concern_id(check, "not compared", lost), check=check, severity=Severity.NOTE,
        says=f"This draft was not compared with all earlier {what}: {lost} cannot be read, being lost or changed since.",
        do="Ask the site's operator to restore what is missing from the backup; the comparison is then made automatically.",
        under=(under,),
    )  # fmt: skip


def _words(words: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", words.lower())


def _runs(words: str) -> frozenset[tuple[str, ...]]:
    found = _words(words)
    return frozenset(tuple(found[at : at + _RUN]) for at in range(len(found) - _RUN + 1))


def _shared(words: str, known: frozenset[tuple[str, ...]]) -> tuple[float, str]:
    """Give the share of words that are runs of the other text, and the longest stretch of them."""
    found = _words(words)
    taken = bytearray(len(found))
    for at in range(len(found) - _RUN + 1):
        if tuple(found[at : at + _RUN]) in known:
            taken[at : at + _RUN] = b"\x01" * _RUN
    stretches = [m.span() for m in re.finditer(b"\x01+", bytes(taken))]
    if len(found) < 2 * _RUN or not stretches:
        return 0.0, ""
    start, end = max(stretches, key=lambda span: span[1] - span[0])
    return sum(taken) / len(found), " ".join(found[start:end])


# ------------------------------------------------------------------------------------------------ earlier determinations


def against_earlier(draft: Draft) -> Iterator[Concern]:
    """Find an earlier determination of the claim that decided otherwise on the same treatment, or refused care that is now missed."""
    if draft.context.earlier_lost:
        yield _not_compared("earlier", "determinations of the claim", draft.context.earlier_lost, PLAIN_ERROR)
    for earlier in draft.context.earlier:
        for part in draft.parts:
            for issue in earlier.issues:
                if _same(part, issue) and issue.decision is not part.issue.decision:
                    yield _opposite(part, earlier, issue)
                elif part.issue.decision is Decision.UPHELD and issue.decision is Decision.UPHELD:
                    yield from _once_unneeded(part, earlier, issue)


def _same(part: DraftIssue, issue: Issue) -> bool:
    """Say whether both are about one drug, or about one kind of treatment for one part of the body."""
    if part.drugs or (named := drugs(issue.heading)):
        named = drugs(issue.heading)
        return bool(part.drugs & {mention.drug for mention in named})
    same_kind = bool(part.treatments & kinds(issue.heading))
    parts = body_parts(issue.heading)
    return same_kind and (not parts or not part.asked_parts or bool(parts & part.asked_parts))


def _day(earlier: Determination) -> str:
    return f"determination {earlier.case_number or 'of the claim'}" + (
        f" of {earlier.decided_on.isoformat()}" if earlier.decided_on else ""
    )


def _opposite(part: DraftIssue, earlier: Determination, issue: Issue) -> Concern:
    return Concern(
        id=concern_id("earlier", part.number, earlier.case_number, issue.heading),
        check="earlier", severity=Severity.ASK, issue=part.number, sentence=part.issue.heading,
        says=f"The {_day(earlier)} decided the opposite on the same treatment: {issue.decision.value}.",
        do="Say in a sentence what is different now.", evidence=(Evidence(_day(earlier), issue.heading),), under=(PLAIN_ERROR,), reversals=(ZUNIGA,),
    )  # fmt: skip


def _once_unneeded(part: DraftIssue, earlier: Determination, issue: Issue) -> Iterator[Concern]:
    """Find a treatment that the draft misses and an earlier determination of the claim called not necessary."""
    refused = kinds(issue.heading)
    for claim in claims(part.sentences):
        care = any(matter.name == "conservative care" for matter in claim.matters)
        missed = claim.kinds - {"conservative care", "medication"}
        hit = any(related(one, other) for one in missed for other in refused) or (care and refused & _CONSERVATIVE)
        if hit and not refused & part.treatments:
            yield Concern(
                id=concern_id("earlier", part.number, claim.sentence.words, earlier.case_number),
                check="earlier", severity=Severity.ASK, issue=part.number, sentence=claim.sentence.words,
                says=f"This misses care of a kind that the {_day(earlier)} called not medically necessary: {issue.heading}.",
                do="Do not hold against the employee that care which was refused was not had; decide on what remains.",
                evidence=(Evidence(_day(earlier), text.split(issue.rationale)[-1] if issue.rationale else issue.heading),),
                under=(PLAIN_ERROR,), reversals=(ANDRONICO,),
            )  # fmt: skip
            return


_CONSERVATIVE = frozenset(
    {
        "physical therapy",
        "chiropractic",
        "acupuncture",
        "exercise",
        "aquatic therapy",
        "massage",
        "myofascial therapy",
        "TENS",
    }
)
