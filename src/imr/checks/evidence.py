"""Checks of the basis of a decision: whether the guideline fits, was in force, is quoted correctly, and is not outranked."""

import re
from collections.abc import Iterator

from imr.casing import capitalize_first
from imr.checks import text
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Reversal, Severity, concern_id
from imr.checks.request import HEATH
from imr.guidelines import (
    CitationValidity,
    Guideline,
    GuidelineCitation,
    GuidelineSource,
    Phase,
    Statement,
    assess_citation,
)
from imr.guidelines.validity import CITING, order_of_evidence
from imr.law.rule import Citation

STEVENS = Reversal(
    "Stevens v. Outspoken Enterprises (2017)", "the review relied on a clause of a guideline that was contrary to law"
)


def chapter_mismatch(draft: Draft) -> Iterator[Concern]:
    """Find a cited chapter about another part of the body than the treatment."""
    if draft.on is None:
        return
    for part in draft.parts:
        reported: set[str] = set()
        for cited in draft.cited[part.number - 1]:
            judged = cited.validity
            fits = judged.fault("guideline-covers-body-part")
            if fits is None or judged.guideline is None or judged.guideline.topic in reported:
                continue
            if not part.asked_parts and judged.guideline.covers(draft.body):
                continue
            reported.add(judged.guideline.topic)
            yield Concern(
                id=concern_id("chapter-mismatch", part.number, judged.guideline.topic),
                check="chapter-mismatch", severity=Severity.ASK, issue=part.number, sentence=cited.sentence,
                says=f"{capitalize_first(fits.reason)}.",
                do="Cite the chapter for the part that is treated, or say why another chapter applies.",
                evidence=(Evidence("heading", part.issue.heading),), under=(*fits.under, *((CITING,) if CITING not in fits.under else ())),
                reversals=(HEATH,),
            )  # fmt: skip
        yield from _part_without_chapter(draft, part)
        yield from _of_the_administrator(draft, part)


def _of_the_administrator(draft: Draft, part: DraftIssue) -> Iterator[Concern]:
    """Find a claims administrator who relied on a chapter about another part of the body, and on none about this one."""
    judged = draft.cited_by_administrator[part.number - 1]
    fits = [one.fault("guideline-covers-body-part") for one in judged]
    if fits and fits[0] is not None and all(fits_not is not None for fits_not in fits):
        yield Concern(
            id=concern_id("chapter-mismatch", part.number, "administrator", fits[0].reason),
            check="chapter-mismatch", severity=Severity.NOTE, issue=part.number, sentence=part.issue.administrator_basis,
            says=f"The claims administrator's guideline: {fits[0].reason}.",
            do="Do not take it over; say in the rationale which chapter applies.", evidence=(Evidence("heading", part.issue.heading),), under=fits[0].under,
        )  # fmt: skip


def _part_without_chapter(draft: Draft, part: DraftIssue) -> Iterator[Concern]:
    """Find a part of the body in the heading that no cited chapter is about, where each is about a part."""
    if len(part.asked_parts) < 2:
        return
    guidelines = [cited.validity.guideline for cited in draft.cited[part.number - 1] if cited.where == "basis"]
    about = [g for g in guidelines if g is not None]
    if not about or len(about) != len(guidelines) or any(not g.parts for g in about):
        return
    named = {mention for mention in part.asked_parts if not any(g.covers(frozenset({mention})) for g in about)}
    if named and len(named) < len(part.asked_parts) and len(part.asked_parts) <= 3:
        what = ", ".join(sorted(p.value for p in named))
        yield Concern(
            id=concern_id("chapter-mismatch", part.number, "uncovered", what),
            check="chapter-mismatch", severity=Severity.NOTE, issue=part.number, sentence=part.issue.reviewer_basis,
            says=f"The heading asks also for the {what}; no chapter that is cited is about it.",
            do="Cite the chapter that is, or say why none applies.", under=(CITING,),
        )  # fmt: skip


_EDITION_RULES = ("guideline-exists", "guideline-in-force", "guideline-has-page", "guideline-covers-phase")


def guideline_standing(draft: Draft) -> Iterator[Concern]:
    """Find a guideline that does not exist or was not in force, or a page or section outside of the chapter."""
    if draft.on is None:
        return
    reported: set[tuple[str, str]] = set()
    for part in draft.parts:
        for cited in draft.cited[part.number - 1]:
            citation = cited.validity.citation
            if cited.where == "rationale" and citation.source is not GuidelineSource.MTUS and not citation.pages:
                continue
            yield from _faults(draft, part, cited.validity, cited.sentence, reported)
            yield from _numbers_as_sections(part, citation, cited.sentence)
        for judged in draft.cited_by_administrator[part.number - 1]:
            finding = judged.fault("guideline-in-force")
            if finding is not None:
                yield _fault(
                    part,
                    part.issue.administrator_basis,
                    f"The claims administrator's guideline: {finding.reason}",
                    Severity.NOTE,
                    finding.under,
                    reversals=(),
                )
            yield from _numbers_as_sections(
                part, judged.citation, part.issue.administrator_basis, by="claims administrator"
            )


def _faults(
    draft: Draft, part: DraftIssue, judged: CitationValidity, sentence: str, reported: set[tuple[str, str]]
) -> Iterator[Concern]:
    for rule in _EDITION_RULES:
        finding = judged.fault(rule)
        if finding is None:
            continue
        if rule == "guideline-covers-phase":
            if (rule, finding.reason) in reported or Phase.CHRONIC.value in draft.determination.summary.lower():
                continue
        elif (rule, finding.reason + str(part.number)) in reported:
            continue
        reported |= {(rule, finding.reason), (rule, finding.reason + str(part.number))}
        weak = rule == "guideline-covers-phase" or (not finding.verified and rule == "guideline-has-page")
        yield _fault(part, sentence, finding.reason, Severity.NOTE if weak else Severity.ASK, finding.under)


def _fault(
    part: DraftIssue,
    sentence: str,
    reason: str,
    severity: Severity,
    under: tuple[Citation, ...],
    reversals: tuple[Reversal, ...] = (STEVENS,),
) -> Concern:
    return Concern(
        id=concern_id("guideline-standing", part.number, reason),
        check="guideline-standing", severity=severity, issue=part.number, sentence=sentence,
        says=f"{capitalize_first(reason)}.", do="Cite the edition, chapter and page that governed on the day, or say why this one.",
        under=under, reversals=reversals,
    )  # fmt: skip


def _numbers_as_sections(
    part: DraftIssue, citation: GuidelineCitation, sentence: str, by: str = "reviewer"
) -> Iterator[Concern]:
    if numbers := [section for section in citation.sections if section.isdigit()]:
        yield _fault(part, sentence, f"the {by} names {numbers[0]} as a section of {citation.chapter or citation.source.value}; that is a number, perhaps of a page",
                     Severity.NOTE, (CITING,))  # fmt: skip


# ------------------------------------------------------------------------------------------------ quotations

_QUOTATION = re.compile(r"[“\"]([^”\"]{25,})[”\"]")


def quotation_not_in_text(draft: Draft) -> Iterator[Concern]:
    """Find a quotation that is not in the licensed text, where the organization has loaded it."""
    for part in draft.parts:
        if not _QUOTATION.search(part.issue.rationale):
            continue
        cited = [*part.basis.citations]
        cited += [m.citation for m in part.cited if m.citation.chapter or m.citation.number]
        loaded = [g for g in (draft.context.register.look_up(c, draft.on) for c in cited) if g is not None and g.text]
        loaded += [g for c in cited for g in _by_title(draft, c)]
        if not loaded:
            continue
        texts = [_letters(words) for g in loaded for words in g.text]
        for match in _QUOTATION.finditer(part.issue.rationale):
            before = part.issue.rationale[max(0, match.start() - 120) : match.start()]
            if not re.search(
                r"\b(?:guidelines?|MTUS|ACOEM|ODG|states?|chapter|page)\b", before, re.IGNORECASE
            ) or re.search(r"\b(?:physician|patient|report|provider)\b[^.]*$", before, re.IGNORECASE):
                continue
            pieces = [_letters(piece) for piece in re.split(r"\.\.\.|…|\[[^\]]{0,300}\]", match[1]) if _letters(piece)]
            if not all(any(piece in words for words in texts) for piece in pieces):
                yield Concern(
                    id=concern_id("quotation", part.number, match[1]),
                    check="quotation", severity=Severity.ASK, issue=part.number, sentence=text.around(part.issue.rationale, match.start()),
                    says=f"The loaded text of {loaded[0].name} does not hold this quotation.",
                    do="Quote the text exactly, or say it in your own words without quotation marks.", under=(CITING,), reversals=(STEVENS,),
                )  # fmt: skip


def _by_title(draft: Draft, citation: GuidelineCitation) -> list[Guideline]:
    """Give the organization's own guidelines that a citation of another source names by their title."""
    if citation.source is not GuidelineSource.OTHER:
        return []
    return [
        g
        for g in draft.context.register.guidelines
        if g.source is GuidelineSource.OTHER and g.title.lower() in citation.chapter.lower()
    ]


def _letters(words: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", words.lower()))


# ------------------------------------------------------------------------------------------------ order of evidence

_SCHEDULE = r"(?:mtus|acoem|medical treatment utilization schedule|california guidelines?)"
_SILENT = r"(?:(?:do|does|did|is|are|was|were|has|have)(?: ?not|n't)|silent|no (?:\w+ )?(?:mention|recommendations?|guidance|section|position|statement)|lack\w*|fail\w* to|nothing|without|not (?:\w+ly )?(?:address\w*|discuss\w*|cover\w*|mention\w*|referenc\w*|applicable))"
_REASON_OUTSIDE = re.compile(
    rf"\b(?:{_SCHEDULE}|guidelines?)\b[^.]{{0,120}}\b{_SILENT}|"
    rf"\b(?:nothing|neither|nowhere|no (?:\w+ )?(?:mention|recommendations?|guidance|section|statement)|not (?:\w+ly )?(?:address\w*|discuss\w*|cover\w*|mention\w*|referenc\w*|found|contained))\b[^.]{{0,40}}\b{_SCHEDULE}|"
    r"\b(?:more (?:specific|current|recent|detailed)|alternative guidelines|other guidelines|additional guidance|rebut\w*|silent)\b",
    re.IGNORECASE,
)


def outranked(draft: Draft) -> Iterator[Concern]:
    """Find a lower source relied on, without a reason, where a chapter of the MTUS in force is about the part treated."""
    if draft.on is None:
        return
    for part in draft.parts:
        basis = part.basis
        lower = [c for c in basis.citations if c.source is not GuidelineSource.MTUS]
        if not lower or len(lower) != len(basis.citations) or basis.statement is Statement.NONE:
            continue
        yield from _said_silent(draft, part)
        if _REASON_OUTSIDE.search(part.issue.rationale) or any(
            m.citation.source is GuidelineSource.MTUS for m in part.cited
        ):
            continue
        finding = assess_citation(lower[0], draft.on, part.asked_parts, register=draft.context.register)[
            "guideline-not-outranked"
        ]
        if finding is None or finding:
            continue
        yield Concern(
            id=concern_id("outranked", part.number, part.issue.reviewer_basis),
            check="outranked", severity=Severity.ASK, issue=part.number, sentence=part.issue.reviewer_basis,
            says=f"{capitalize_first(finding.reason)}; the rationale does not say why it was set aside.",
            do="Say that the MTUS does not address the treatment, or that its presumption was rebutted and by what; or apply it.",
            under=finding.under,
        )  # fmt: skip


_BLANKET = re.compile(rf"\b{_SCHEDULE}\b[^.]{{0,60}}\bsilent\b", re.IGNORECASE)


def _said_silent(draft: Draft, part: DraftIssue) -> Iterator[Concern]:
    """Find a rationale that calls the MTUS silent, where the claims administrator relied on its chapter about this part."""
    assert draft.on is not None  # noqa: S101 - the caller has looked
    said = _BLANKET.search(part.issue.rationale)
    if said is None or not part.asked_parts:
        return
    for citation in part.administrator_basis.citations:
        guideline = draft.context.register.look_up(citation, draft.on)
        if citation.source is GuidelineSource.MTUS and guideline is not None and guideline.parts & part.asked_parts:
            yield Concern(
                id=concern_id("outranked", part.number, "silent", guideline.name),
                check="outranked", severity=Severity.ASK, issue=part.number, sentence=text.around(part.issue.rationale, said.start()),
                says=f"This says that the MTUS is silent; the claims administrator relied on {guideline.name}, which is about this part of the body.",
                do="Say which words of that chapter were read and why they do not answer the request.",
                evidence=(Evidence("claims administrator guideline", part.issue.administrator_basis),), under=order_of_evidence(draft.on),
            )  # fmt: skip
            return
