"""The table of all checks, and the function that runs them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from imr.checks import (
    consistency,
    decisions,
    evidence,
    history,
    independence,
    language,
    limits,
    privacy,
    record,
    request,
)
from imr.checks.draft import Draft
from imr.checks.model import Concern, Context, Severity
from imr.determination import Determination
from imr.records.model import CaseFile


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its number in the field's list, the name that its concerns carry, what it looks for, and the functions."""

    number: int
    name: str
    title: str
    functions: tuple[Callable[[Draft], Iterator[Concern]], ...]


#: Every check. `docs/checks.md` is written from this table and from a run over drafts with planted faults.
CHECKS = (
    Check(1, "absence-contradicted", "said not to be documented, though the file documents it", (record.absence_contradicted,)),
    Check(2, "document-ignored", "a document that speaks to the question and that the letter passes over", (record.document_ignored,)),
    Check(3, "document-missing", "a document that is named or needed and never came", (record.expected_missing,)),
    Check(4, "no-records", "no records, or the UR decision alone", (record.no_records,)),
    Check(5, "request-mismatch", "body part, level, side, drug, dose or day differ from the request", (request.request_mismatch,)),
    Check(5, "chapter-mismatch", "a chapter about another part of the body", (evidence.chapter_mismatch,)),
    Check(6, "counts-conflict", "counts, days, treatment, age or sex that conflict within the letter", (consistency.counts_conflict, consistency.another_person, history.impossible_days, history.impossible_years, history.treatment_not_in_summary)),
    Check(7, "unknown-used", "a conclusion that uses a number declared unknown", (consistency.unknown_then_used,)),
    Check(8, "part-undecided", "a requested treatment, or a part of it, that is not decided", (decisions.part_not_decided,)),
    Check(9, "verdict", "the verdict sentence against the heading", (decisions.verdict_against_heading,)),
    Check(10, "guideline-standing", "a guideline superseded, not yet in force, of a wrong edition or page", (evidence.guideline_standing,)),
    Check(11, "quotation", "a quotation that the loaded licensed text does not hold", (evidence.quotation_not_in_text,)),
    Check(12, "outranked", "a lower source used while a higher one applies", (evidence.outranked,)),
    Check(13, "reviewer", "the reviewer not valid on the day of the decision", (independence.reviewer_not_valid,)),
    Check(14, "taken-over", "words taken over from the UR decision or the reviewer's earlier letters", (independence.words_taken_over,)),
    Check(15, "earlier", "against an earlier determination of the claim", (independence.against_earlier,)),
    Check(16, "redaction", "holes and residue of redaction, and what identifies together", (privacy.redaction_holes, privacy.residue, privacy.identifying_together)),
    Check(17, "limits", "visits, length and what must come first against a limit", (limits.limits_against_counts, limits.length_over_a_limit, limits.first_things_not_first)),
    Check(18, "content-missing", "required content that is missing", (decisions.content_missing,)),
    Check(19, "language", "words and sentences that a lay reader will not follow", (language.hard_words, language.long_sentences)),
)  # fmt: skip
_ORDER = {Severity.STOP: 0, Severity.ASK: 1, Severity.NOTE: 2}


def run(draft: Determination, file: CaseFile | None = None, context: Context | None = None) -> tuple[Concern, ...]:
    """Run all checks on a draft; give every concern once, stops first, then by issue.

    A check that lacks what it needs (the file, the reviewer, earlier determinations, a day) gives nothing.
    """
    whole = Draft(draft, file, context or Context())
    found = {concern.id: concern for check in CHECKS for function in check.functions for concern in function(whole)}
    placed = (_placed(concern, file) for concern in found.values())
    return tuple(sorted(placed, key=lambda c: (_ORDER[c.severity], c.issue or 0)))


def _placed(concern: Concern, file: CaseFile | None) -> Concern:
    """Add the file and its own page to each page of the case file that is evidence."""
    if file is None or all(item.page is None for item in concern.evidence):
        return concern
    pages = [file.pages[item.page - 1] if item.page else None for item in concern.evidence]
    evidence = tuple(
        replace(item, file=page.file, file_page=page.source_page) if page else item
        for item, page in zip(concern.evidence, pages, strict=True)
    )
    return replace(concern, evidence=evidence)
