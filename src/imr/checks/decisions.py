"""Checks of what is decided: every part of the request, the verdict against the heading, and what a letter must hold."""

import re
from collections.abc import Iterator

from imr.checks import text
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.checks.text import Sentence, once_per_sentence
from imr.determination import Decision
from imr.guidelines import Statement
from imr.guidelines.doses import DRUGS, drugs
from imr.guidelines.keyword_index import mark
from imr.guidelines.treatment_kinds import related, treatments
from imr.law.rule import Citation, Known, labor_code, regulation
from imr.law.terms import RecordKind

DECIDE_EACH = labor_code("4610.6(e)")
CONTENTS = regulation("9792.10.6(d)", Known.PART)
_PLAIN = labor_code("4610.6(h)(5)")
#: Kinds that describe how a treatment is given rather than a treatment of their own.
_NOT_APART = {"conservative care", "medication", "ultrasound", "surgery", "office visit", "medical clearance"}


def part_not_decided(draft: Draft) -> Iterator[Concern]:
    """Find a part of the request that neither the rationale nor the guideline relied on names."""
    for part in draft.parts:
        yield from _unanswered(part)
        yield from _other_guideline(part)
    yield from _not_in_a_heading(draft)


def _unanswered(part: DraftIssue) -> Iterator[Concern]:
    """Find a treatment or drug of a heading with several that the rationale passes over."""
    asked, missing = part.treatments - _NOT_APART, []
    if len(asked) > 1:
        answered = {kind for kind in asked if any(related(kind, other) for other in part.spoken_kinds)}
        missing = sorted(asked - answered) if answered else []
    if len(part.drugs) > 1:
        words = {mention.drug for s in part.rationale.with_mark(DRUGS) for mention in text.medicines(s)}
        missing += [drug for drug in sorted(part.drugs) if words and drug not in words and not _as_compound(part)]
    if missing:
        yield Concern(
            id=concern_id("part-undecided", part.number, *missing),
            check="part-undecided", severity=Severity.ASK, issue=part.number, sentence=part.issue.heading,
            says=f"The heading asks also for {', '.join(missing)}; the rationale does not speak of it.",
            do="Say of each part whether it is medically necessary, and why.", under=(DECIDE_EACH,),
        )  # fmt: skip


def _as_compound(part: DraftIssue) -> bool:
    return bool(re.search(r"\bcompound(?:ed)?\b|\bat least (?:one|1) drug\b", part.issue.rationale, re.IGNORECASE))


def _other_guideline(part: DraftIssue) -> Iterator[Concern]:
    """Find a reviewer's guideline on another treatment, where the administrator's is on the one requested."""
    asked = part.treatments - _NOT_APART
    if not asked:
        return
    theirs = {m.kind for c in part.administrator_basis.citations for s in c.sections for m in treatments(s)}
    if not asked & theirs:
        return
    own = {m.kind for c in part.basis.citations for s in c.sections for m in treatments(s)} - _NOT_APART
    left = sorted(kind for kind in asked & theirs if own and not any(related(kind, other) for other in own))
    if left:
        yield Concern(
            id=concern_id("part-undecided", part.number, "guideline", *left),
            check="part-undecided", severity=Severity.ASK, issue=part.number, sentence=part.issue.reviewer_basis,
            says=f"The request is for {', '.join(left)}, on which the claims administrator cited a guideline; the decision rests on the "
            f"guideline for {', '.join(sorted(own))} alone.",
            do=f"Apply the guideline for {', '.join(left)} too, or say why it does not apply.",
            evidence=(Evidence("claims administrator guideline", part.issue.administrator_basis),), under=(DECIDE_EACH,),
        )  # fmt: skip


def _not_in_a_heading(draft: Draft) -> Iterator[Concern]:
    """Find a treatment of the request for authorization in the file that no heading decides."""
    if draft.file is None:
        return
    decided = " ".join(part.issue.heading for part in draft.parts)
    kinds = {m.kind for m in treatments(decided)}
    names = {m.drug for m in drugs(decided)}
    for document in draft.file.documents:
        if document.kind is not RecordKind.RFA:
            continue
        for page in draft.file.pages[document.first - 1 : document.last]:
            for line in page.text.splitlines():
                if not re.search(r"\brequest(?:ed)?\b.{0,400}[:\-]|^\s*(?:\d+[.)]|[-*•])\s", line, re.IGNORECASE):
                    continue
                left = {m.kind for m in treatments(line)} - _NOT_APART
                open_kinds = sorted(kind for kind in left if not any(related(kind, other) for other in kinds))
                open_drugs = sorted({m.drug for m in drugs(line)} - names)
                if open_kinds or open_drugs:
                    what = ", ".join([*open_kinds, *open_drugs])
                    yield Concern(
                        id=concern_id("part-undecided", "request", line),
                        check="part-undecided", severity=Severity.NOTE,
                        says=f"The request in the file asks also for {what}; no heading decides it.",
                        do="Make sure that UR approved it or that it is not in dispute; else decide it.",
                        evidence=(Evidence(f"{document.title or 'request for authorization'}, page {page.number}", line.strip(), page.number, document.id),),
                        under=(DECIDE_EACH,),
                    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ verdict

_NECESSARY = (
    r"(?:medically )?(?:necessary|reasonable|appropriate|indicated|warranted|supported|certified|established|justified)"
)
_VERDICT_NOT = re.compile(
    rf"\b(?:is|are|was|were|be|been|seen as)\b (?:also |therefore |thus |deemed |considered |found |seen as )*(?:not|n't) (?:\w+ ){{0,4}}?(?:medically necessary|{_NECESSARY})|"
    r"\bnot (?:been )?(?:\w+ )?medically necessary|medical necessity (?:\w+ ){0,6}(?:is|has|was|cannot|can not) (?:\w+ )?(?:not|be)\b|cannot be (?:deemed |considered |seen as |found )?\w* ?(?:medically )?necessary|"
    r"\b(?:no|not) (?:a )?(?:medical )?necessity|is non-?certified|medically unnecessary"
)
_VERDICT_YES = re.compile(
    r"\b(?:is|are|was|were|be|seems?|appears?|has been)\b (?:also |therefore |thus |deemed |considered |found |to be |both )*medically (?:necessary|appropriate|indicated|reasonable)|medical necessity (?:\w+ ){0,6}(?:is|has been|was) (?:\w+ )?(?:established|supported|met|demonstrated|shown)"
)
_SUBJECT = r"(?:requests?|treatments?|therap\w+|services?|medications?|procedures?|surgery|stud(?:y|ies)|care|visits?|sessions?|injections?|units?|necessity|criteria|it|this|these|appeal|drug|imaging|mri)"
_GRANTED = r"(?:medically )?(?:necessary|reasonable|appropriate|indicated|warranted|supported|certified|established|justified|approved|authori[sz]ed|granted|allowed|demonstrated|shown|met)"
#: Verdicts in other words; they count at the end of a rationale that has none of the usual ones.
_OTHERWISE_NOT = re.compile(
    rf"\b{_SUBJECT}\b[^.;]{{0,60}}\b(?:(?:is|are|was|were|has|have|can|could|does|do)(?: ?not|n't)|fails? to|never|no longer|neither)\b[^.;]{{0,40}}\b(?:{_GRANTED}|meet|need\w*|justify|support\w*|establish|medical necessity)\b|"
    r"\b(?:non-?certified|denied|unnecessary|unsupported|unwarranted|unreasonable|excessive|inappropriate)\b|\b(?:not|no|cannot) (?:need\w*|find|see|support\w*|recommend)\b|"
    r"\b(?:denial|non-?certification|determination|utilization review decision|decision) (?:(?:is|was|must be|should be|remains) (?:\w+ )?(?:upheld|affirmed|sustained|correct)|stands)\b|\buphold\w*\b"
)
_OTHERWISE_YES = re.compile(
    rf"\b{_SUBJECT}\b[^.;]{{0,60}}\b(?:is|are|was|were|be|been)\b (?:\w+ ){{0,3}}{_GRANTED}\b|\b(?:meets?|met|satisf(?:y|ies|ied))\b[^.;]{{0,30}}\b(?:criteria|guidelines?|requirements?)\b|"
    r"\b(?:overturned?|reversed?|has merit|should be allowed|cannot stand|does not stand|is needed)\b"
)
_ABOUT_REQUEST = re.compile(
    r"\b(?:request\w*|treatment|therapy|service|medication|procedure|surgery|study|this|it|therefore|thus|as such|hence)\b",
    re.IGNORECASE,
)
_WORDS_OF_A_VERDICT = mark(r"necess|medically|certif|warrant|support|justif|appropriate|reasonable|indicated|establish")


@once_per_sentence(_WORDS_OF_A_VERDICT, None)
def _verdict(sentence: Sentence) -> Decision | None:
    """Say what a sentence decides, if anything: not necessary upholds the UR decision, necessary overturns it."""
    words = sentence.lower
    if _VERDICT_NOT.search(words):
        return Decision.UPHELD
    return Decision.OVERTURNED if _VERDICT_YES.search(words) else None


def _otherwise(part: DraftIssue) -> list[tuple[Decision, str]]:
    """Give the verdict of the last sentences where it is in other words than the usual ones."""
    for sentence in reversed(part.sentences[-2:]):
        words = sentence.lower
        if _OTHERWISE_NOT.search(words):
            return [(Decision.UPHELD, sentence.words)]
        if _OTHERWISE_YES.search(words):
            return [(Decision.OVERTURNED, sentence.words)]
    return []


def verdict_against_heading(draft: Draft) -> Iterator[Concern]:
    """Find a verdict in the rationale that is the opposite of the heading, or a rationale without one."""
    for part in draft.parts:
        found = [(_verdict(s), s.words) for s in part.rationale.with_mark(_WORDS_OF_A_VERDICT)]
        said = [(decision, words) for decision, words in found if decision is not None] or _otherwise(part)
        if not said:
            yield Concern(
                id=concern_id("verdict", part.number, "none", part.issue.heading),
                check="verdict", severity=Severity.NOTE, issue=part.number, sentence=part.issue.heading,
                says="The rationale has no sentence that says whether the treatment is medically necessary.",
                do="End the rationale with a sentence that says it.", under=(DECIDE_EACH,),
            )  # fmt: skip
            continue
        about = [item for item in said if _ABOUT_REQUEST.search(item[1])] or said if len(said) > 1 else said
        decision, words = about[-1]
        if decision is not part.issue.decision and not any(d is part.issue.decision for d, _ in about[-2:]):
            yield Concern(
                id=concern_id("verdict", part.number, words),
                check="verdict", severity=Severity.STOP, issue=part.number, sentence=words,
                says=f"The heading says {part.issue.decision.value}; this sentence says the opposite.",
                do="Make the heading and the verdict say the same.", under=(DECIDE_EACH, _PLAIN),
            )  # fmt: skip


# ------------------------------------------------------------------------------------------------ contents


_NAME_IT = (
    "Write what the decision rests on in the form of the letters, such as: Decision based on MTUS Low Back Complaints 2004, "
    "Section(s): Special Studies. Or: Decision based on Non-MTUS Citation, with the guideline or the study."
)
_LISTED = "the list of documents reviewed"
#: What to do about some things that are missing; about the others it is plain.
_ADD = {
    "a guideline or study that can be understood": _NAME_IT,
    "the evidence that the decision rests on": _NAME_IT,
    "a reference to any medical or scientific evidence": _NAME_IT,
    _LISTED: "List each document with its date and its author.",
}


def content_missing(draft: Draft) -> Iterator[Concern]:
    """Find what the letter must contain and does not."""
    d = draft.determination
    lacking: list[tuple[str, Severity, int | None, Citation]] = []
    if not d.documents:
        lacking.append((_LISTED, Severity.ASK, None, CONTENTS))
    if not d.summary.strip():
        lacking.append(("the employee's medical condition (clinical case summary)", Severity.STOP, None, CONTENTS))
    if not d.issues:
        lacking.append(("a decision on any disputed treatment", Severity.STOP, None, DECIDE_EACH))
    if not d.licensure or not d.specialty.strip():
        lacking.append(("the qualifications of the reviewer", Severity.ASK, None, labor_code("4610.6(f)")))
    header = (("case number", d.case_number), ("date of injury", d.injured_on), ("date of the UR decision", d.ur_decided_on),
              ("date of the application", d.received_on), ("date of the decision", d.decided_on or draft.context.on))  # fmt: skip
    if missing := [name for name, value in header if not value]:
        lacking.append((f"in the header: {', '.join(missing)}", Severity.NOTE, None, CONTENTS))
    for part in draft.parts:
        if not part.issue.rationale.strip():
            lacking.append(("the clinical reasons (decision rationale)", Severity.STOP, part.number, CONTENTS))
        if part.basis.statement is Statement.UNREAD:
            what = (
                "a guideline or study that can be understood"
                if part.issue.reviewer_basis.strip()
                else "the evidence that the decision rests on"
            )
            lacking.append((what, Severity.ASK, part.number, CONTENTS))
        elif part.basis.statement is Statement.NONE and not _FOLLOWS.search(part.issue.rationale):
            lacking.append(("a reference to any medical or scientific evidence", Severity.ASK, part.number, CONTENTS))
    for what, severity, issue, under in lacking:
        yield Concern(
            id=concern_id("content-missing", issue, what),
            check="content-missing", severity=severity, issue=issue,
            sentence=draft.parts[issue - 1].issue.heading if issue else "",
            says=f"The letter lacks {what}.", do=_ADD.get(what, "Add it."), under=(under,), usual=what == _LISTED,
        )  # fmt: skip


#: The decision follows from that on another treatment: what goes with a surgery falls with it.
_FOLLOWS = re.compile(
    r"\b(?:as|since|given that|because)\b[^.]{0,80}\b(?:was|is|are|were) (?:\w+ )?(?:to be )?not (?:\w+ )?(?:medically necessary|supported|certified|established|approved)[^.]{0,120}\bnot\b",
    re.IGNORECASE,
)
