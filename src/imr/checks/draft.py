"""A draft prepared for the checks: its sentences, the body parts and drugs of each issue, its case file as one text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import or_

from imr.checks import text
from imr.checks.model import Context, Evidence
from imr.checks.text import DraftText
from imr.determination import Determination, Issue
from imr.guidelines import Basis, BodyPart, GuidelineCitation, Phase, read_basis
from imr.guidelines.anatomy import REGIONS, body_parts
from imr.guidelines.citation_mentions import CitationMention, find_citations
from imr.guidelines.doses import drugs
from imr.guidelines.keyword_index import mark
from imr.guidelines.treatment_kinds import KINDS, kinds
from imr.guidelines.validity import CitationValidity, assess_citation, phase_on
from imr.law.terms import RecordKind
from imr.records.model import CaseFile, Document

#: The number of places after which a search of the file stops.
_MOST = 60
#: How many characters before and after a stem a pattern is searched for.
_BEFORE, _BEHIND = 110, 150
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
#: A citation begins with the name of a guideline, or with a label before a colon.
_CITES = mark(r"MTUS$|ACOEM$|ODG$|Official$|Utilization$", cased=True)
_LABEL = mark(r"guideline$", cased=True)
#: Documents that say what was asked or decided, not how the employee is.
NOT_CLINICAL = frozenset(
    {RecordKind.APPLICATION, RecordKind.UR_DECISION, RecordKind.RFA, RecordKind.CORRESPONDENCE, RecordKind.FAX_COVER}
)


#: Headings repeat: a large corpus asks for the same few treatments over and over.
@lru_cache(maxsize=16_384)
def _asked(heading: str) -> tuple[DraftText, frozenset[BodyPart], frozenset[str], frozenset[str]]:
    """Read a heading: the body parts, the kinds of treatment and the drugs that it names."""
    named = frozenset(mention.drug for mention in drugs(heading))
    return DraftText(heading), body_parts(heading), kinds(heading), named


class DraftIssue:
    """One issue of a draft with its number, its heading and rationale as passages, and what their words name."""

    def __init__(self, number: int, issue: Issue) -> None:
        self.number = number
        self.issue = issue
        #: Its heading, and the body parts, the kinds of treatment and the drugs that it names.
        self.heading, self.asked_parts, self.treatments, self.drugs = _asked(issue.heading)
        self.rationale = DraftText(issue.rationale)
        self.sentences = self.rationale.sentences
        found = self.rationale.marks
        #: Whether its rationale may hold a citation.
        self._cites = bool(found & _CITES or (found & _LABEL and ":" in issue.rationale))

    @cached_property
    def own_words(self) -> str:
        """The rationale without what it quotes and without its citations."""
        words = _QUOTED.sub(" ", self.issue.rationale)
        for mention in reversed(find_citations(words) if self._cites else ()):
            words = f"{words[: mention.start]} {words[mention.end :]}"
        return words

    @cached_property
    def own_parts(self) -> frozenset[BodyPart]:
        """The body parts that its own words name."""
        words = self.issue.rationale
        if not self.rationale.folded or self._cites or "“" in words or '"' in words:
            return body_parts(self.own_words)
        return frozenset().union(*map(text.parts, self.rationale.with_mark(REGIONS)))

    @cached_property
    def spoken_kinds(self) -> frozenset[str]:
        """The kinds of treatment that its rationale names."""
        if not self.rationale.folded:
            return kinds(self.issue.rationale)
        return frozenset().union(*map(text.kinds, self.rationale.with_mark(KINDS)))

    @cached_property
    def parts(self) -> frozenset[BodyPart]:
        """The body parts that it is about: those of the heading, else those that its rationale speaks of."""
        return self.asked_parts or self.own_parts

    @cached_property
    def basis(self) -> Basis:
        """What the reviewer's decision rests on."""
        return read_basis(self.issue.reviewer_basis)

    @cached_property
    def administrator_basis(self) -> Basis:
        """What the claims administrator's decision rested on."""
        return read_basis(self.issue.administrator_basis)

    @cached_property
    def cited(self) -> tuple[CitationMention, ...]:
        """The citations inside the rationale."""
        return find_citations(self.issue.rationale) if self._cites else ()


@dataclass(frozen=True, slots=True)
class CitedGuideline:
    """The validity of a citation, the sentence that it is in, and where: the basis or the rationale."""

    validity: CitationValidity
    sentence: str
    where: str


class Draft:
    """A draft determination, its case file, and what is known around it."""

    def __init__(self, determination: Determination, file: CaseFile | None, context: Context) -> None:
        self.determination = determination
        self.file = file
        self.context = context
        self.parts = tuple(DraftIssue(n, issue) for n, issue in enumerate(determination.issues, 1))
        self.summary = DraftText(determination.summary)
        #: Summary and rationales, and the marks of them all.
        self.passages = (self.summary, *[part.rationale for part in self.parts])
        self.marks = reduce(or_, [passage.marks for passage in self.passages])

    @cached_property
    def on(self) -> date | None:
        """The day whose law and guidelines count: as given, the day of the decision, or the last day that the summary names."""
        if self.context.on is not None:
            return self.context.on
        if self.determination.decided_on is not None:
            return self.determination.decided_on
        return max((day for _, _, day in text.days(self.determination.summary)), default=None)

    @cached_property
    def cited(self) -> tuple[tuple["CitedGuideline", ...], ...]:
        """The reviewer's citations, issue by issue: those of the basis, and those of the rationale that name a chapter."""
        return tuple(tuple(self._cited(part)) for part in self.parts)

    def _cited(self, part: DraftIssue) -> Iterator["CitedGuideline"]:
        for citation in part.basis.citations:
            yield CitedGuideline(self._judged(citation, part.parts or self.body), part.issue.reviewer_basis, "basis")
        for mention in part.cited:
            if mention.citation.chapter or mention.citation.number:
                at = text.around(part.issue.rationale, mention.start)
                yield CitedGuideline(self._judged(mention.citation, part.parts or self.body), at, "rationale")

    @cached_property
    def cited_by_administrator(self) -> tuple[tuple[CitationValidity, ...], ...]:
        """The validity of what the claims administrator cited, issue by issue."""
        return tuple(
            tuple([self._judged(citation, part.asked_parts) for citation in part.administrator_basis.citations])
            for part in self.parts
        )

    def _judged(self, citation: GuidelineCitation, parts: frozenset[BodyPart]) -> CitationValidity:
        assert self.on is not None  # noqa: S101 - who asks has looked
        return assess_citation(citation, self.on, parts, self._phase, self.context.register)

    @cached_property
    def _phase(self) -> Phase | None:
        injured_on = self.determination.injured_on
        return phase_on(injured_on, self.on) if injured_on and self.on else None

    @cached_property
    def body(self) -> frozenset[BodyPart]:
        """Every body part that summary, headings and rationales speak of."""
        summary = self.summary
        told = map(text.parts, summary.with_mark(REGIONS)) if summary.folded else [body_parts(summary.words)]
        return frozenset().union(*told, *(part.parts for part in self.parts))

    @cached_property
    def days(self) -> frozenset[date]:
        """Every day that summary and rationales name."""
        # A date may hold the full stop of a month, behind which a figure begins a sentence.
        if not self.marks & text.BEGINS_WITH_FIGURE and all(passage.folded for passage in self.passages):
            sentences = [s for passage in self.passages for s in passage.with_mark(text.DATED)]
            return frozenset([day for s in sentences for _, _, day in text.days_of(s)])
        return frozenset(day for _, _, day in text.days(self.words))

    @cached_property
    def words(self) -> str:
        """Summary and rationales as one text."""
        return " ".join([self.determination.summary, *(part.issue.rationale for part in self.parts)])

    @cached_property
    def record(self) -> "ClinicalText | None":
        """The clinical pages of the case file, or none where there is no file."""
        return ClinicalText(self.file) if self.file is not None else None

    @cached_property
    def ur_text(self) -> str:
        """The text of the UR decision, as given or as the case file holds it."""
        if self.context.ur_text or self.file is None:
            return self.context.ur_text
        own = (d for d in self.file.documents if d.kind is RecordKind.UR_DECISION)
        return "\n".join(page.text for d in own for page in self.file.pages[d.first - 1 : d.last])


class ClinicalText:
    """The clinical pages of a case file as one text, so that each search reads it once."""

    def __init__(self, file: CaseFile) -> None:
        self.file = file
        self._starts: list[int] = []
        self._pages: list[int] = []
        texts, at = [], 0
        of_page = {n: d for d in file.documents for n in range(d.first, d.last + 1)}
        self._documents = of_page
        for page in file.pages:
            document = of_page.get(page.number)
            if document is not None and (document.kind in NOT_CLINICAL or document.duplicate_of is not None):
                continue
            self._starts.append(at)
            self._pages.append(page.number)
            texts.append(page.text)
            at += len(page.text) + 1
        self.text = "\n".join(texts)
        # Letter by letter as long as the text, so that places agree; patterns without regard to case are twice as slow.
        self._lower = self.text.lower() if len(self.text.lower()) == len(self.text) else self.text
        self._found: dict[str, tuple[tuple[int, int], ...]] = {}

    def place(self, start: int, end: int) -> Evidence:
        """Give the words around a place as evidence: their sentence, page and document."""
        index = bisect_right(self._starts, start) - 1
        page = self._pages[index]
        document = self._documents.get(page)
        return Evidence(_name(document, page), self.sentence(start, end), page, document.id if document else None)

    def sentence(self, start: int, end: int) -> str:
        """Give the sentence that holds a place, as the record has it."""
        left = max(self.text.rfind(stop, max(0, start - 300), start) for stop in (". ", ".\n", "\n\n"))
        rights = [at for stop in (". ", ".\n", "\n\n") if (at := self.text.find(stop, end, end + 300)) >= 0]
        return " ".join(
            self.text[left + 1 if left >= 0 else max(0, start - 100) : min(rights, default=end + 100) + 1].split()
        )

    def document(self, page: int) -> Document | None:
        """Give the document that a page belongs to."""
        return self._documents.get(page)

    def finds(self, pattern: str, stems: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        """Find the first places of a pattern in lower case; every match holds one of the stems. Searched once."""
        if pattern not in self._found:
            around, places = re.compile(pattern).finditer, set()
            for stem in stems:
                seen, at = 0, self._lower.find(stem)
                while at >= 0 and seen < _MOST:
                    for match in around(self._lower, max(0, at - _BEFORE), at + _BEHIND):
                        if match.end() > at:
                            places.add(match.span())
                            seen += 1
                            break
                    at = self._lower.find(stem, at + len(stem))
            self._found[pattern] = tuple(sorted(places))
        return self._found[pattern]


def _name(document: Document | None, page: int) -> str:
    if document is None:
        return f"page {page}"
    dated = f" of {document.dated_on.isoformat()}" if document.dated_on else ""
    return f"{document.title or document.kind.value}{dated}, page {page}"
