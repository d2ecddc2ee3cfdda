"""The reviewer's search for evidence, step by step in the order of the law, each step taken or set aside with a reason.

The order is that of 8 CCR 9792.21.1(a), and before April 2015 that of LC 4610.5(c)(2): the MTUS; then the current ACOEM guidelines or ODG; then other nationally
recognized guidelines; then peer-reviewed studies with their level of evidence. A later step is open only where every
earlier one was set aside with a reason. `basis` writes the line of the letter that names what was relied on, `account` the
sentences for the rationale; `resumed` resumes a search from both, so that a draft keeps its search.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from imr.casing import capitalize_first
from imr.errors import Refused
from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.citation import Basis, GuidelineCitation, GuidelineSource, Statement
from imr.guidelines.register import Guideline, Register, known_guidelines
from imr.guidelines.validity import order_of_evidence
from imr.law import evidence
from imr.law.rule import Finding


class SearchStep(Enum):
    """A step of the search, in its order."""

    MTUS = "the MTUS"
    ACOEM_OR_ODG = "the current ACOEM guidelines or ODG"
    OTHER_GUIDELINES = "other current, nationally recognised, evidence-based guidelines"
    STUDIES = "current, scientifically based, peer-reviewed studies"


class SetAsideReason(Enum):
    """Why a step gives nothing to rely on (LC 4604.5(d); 8 CCR 9792.21(d), 9792.21.1(a))."""

    NOT_ADDRESSED = "does not address this condition or treatment"
    REBUTTED = "its presumption was rebutted by a preponderance of scientific medical evidence"
    BETTER_BELIEVED = "better evidence is believed to exist further on"
    NOTHING_CURRENT = "nothing current was found"


_SOURCES = {
    SearchStep.MTUS: {GuidelineSource.MTUS},
    SearchStep.ACOEM_OR_ODG: {GuidelineSource.ACOEM, GuidelineSource.ODG},
    SearchStep.OTHER_GUIDELINES: {GuidelineSource.OTHER},
    SearchStep.STUDIES: {GuidelineSource.OTHER},
}


#: Levels of evidence of a study, the best first.
EVIDENCE_LEVELS = ("1a", "1b", "1c", "2", "3", "4", "5")


def _name(step: SearchStep) -> str:
    return capitalize_first(step.value)


_STOPS = re.compile(r"\.(?:\s+|$)")
_LINE = re.compile(
    rf"(?P<step>{'|'.join(re.escape(_name(step)) for step in SearchStep)}): (?:relied on(?:, level of evidence (?P<level>{'|'.join(EVIDENCE_LEVELS)}))?|"
    rf"set aside; (?P<aside>{'|'.join(re.escape(aside.value) for aside in SetAsideReason)}): (?P<reason>(?:[^.]|\.(?!\s|$))+))\.(?:\s+|$)"
)


@dataclass(frozen=True, slots=True)
class CompletedStep:
    """A completed step: what was relied on, or why it was set aside. Studies have their level, 1a to 5."""

    step: SearchStep
    citations: tuple[GuidelineCitation, ...] = ()
    aside: SetAsideReason | None = None
    reason: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceSearch:
    """A search so far. `relied` and `set_aside` give the search with one step more."""

    on: date
    parts: frozenset[BodyPart] = frozenset()
    taken: tuple[CompletedStep, ...] = field(default=())

    @property
    def next_step(self) -> SearchStep | None:
        """The step that is open now; none where something was relied on, or all were set aside."""
        if self.taken and self.taken[-1].aside is None:
            return None
        return next((step for step in SearchStep if step not in {t.step for t in self.taken}), None)

    def offers(self, register: Register | None = None) -> tuple[Guideline, ...]:
        """Give the chapters in which the open step may find something: in force on the day, about these parts or any."""
        sources = _SOURCES[self.next_step] if self.next_step else set()
        every = (register or known_guidelines()).guidelines
        return tuple(g for g in every if g.source in sources and g.in_force(self.on) and g.covers(self.parts))

    def relied(self, *citations: GuidelineCitation, level: str = "") -> "EvidenceSearch":
        """Rely on these in the open step. Refused where they belong to another step, or a study has no level."""
        step = self._open()
        foreign = [c for c in citations if c.source not in _SOURCES[step]]
        if foreign or not citations:
            named = foreign[0].source.value if foreign else "nothing"
            self._refuse("{named} is not what this step searches: {step}", named=named, step=step.value)
        if step is SearchStep.STUDIES and level not in EVIDENCE_LEVELS:
            self._refuse("a study is relied on with its level of evidence, 1a to 5, not {level!r}", level=level)
        return EvidenceSearch(self.on, self.parts, (*self.taken, CompletedStep(step, citations, level=level)))

    def set_aside(self, why: SetAsideReason, reason: str) -> "EvidenceSearch":
        """Set the open step aside. Refused without a reason in words."""
        step = self._open()
        # One sentence of the account a step, so that it can be read back.
        reason = "; ".join(part for part in _STOPS.split(" ".join(reason.split())) if part)
        if not reason:
            self._refuse("{step} is set aside with a reason in words", step=step.value)
        return EvidenceSearch(self.on, self.parts, (*self.taken, CompletedStep(step, aside=why, reason=reason)))

    @classmethod
    def resumed(cls, on: date, parts: frozenset[BodyPart], basis: Basis, rationale: str) -> "EvidenceSearch":
        """Resume the search of a draft: its steps from the account in the rationale, its citations from the basis line."""
        search = cls(on, parts)
        for line in _LINE.finditer(rationale):
            step = next(step for step in SearchStep if _name(step) == line["step"])
            if step is not search.next_step:
                break
            if line["aside"]:
                why = next(aside for aside in SetAsideReason if aside.value == line["aside"])
                search = cls(on, parts, (*search.taken, CompletedStep(step, aside=why, reason=line["reason"])))
            elif citations := tuple(c for c in basis.citations if c.source in _SOURCES[step]):
                search = cls(on, parts, (*search.taken, CompletedStep(step, citations, level=line["level"] or "")))
        return search

    def with_account(self, rationale: str) -> str:
        """Put the account of this search in front of the rationale, in place of an earlier one."""
        return f"{self.account()} {_LINE.sub('', rationale).strip()}".strip()

    def basis(self, by: str = "Expert Reviewer") -> Basis:
        """Write the line of the letter: what was relied on; outside of the MTUS where the MTUS was set aside."""
        citations = tuple(c for taken in self.taken for c in taken.citations)
        if not citations:
            return Basis(statement=Statement.NONE, by=by)
        inside = any(c.source is GuidelineSource.MTUS for c in citations)
        return Basis(
            statement=Statement.CITED if inside else Statement.OUTSIDE, by="" if inside else by, citations=citations
        )

    def account(self) -> str:
        """Write the steps in one sentence each, for the rationale."""
        lines = []
        for taken in self.taken:
            if taken.aside is not None:
                lines.append(f"{_name(taken.step)}: set aside; {taken.aside.value}: {taken.reason}.")
            else:
                level = f", level of evidence {taken.level}" if taken.level else ""
                lines.append(f"{_name(taken.step)}: relied on{level}.")
        return " ".join(lines)

    def _open(self) -> SearchStep:
        step = self.next_step
        if step is None:
            self._refuse("the search is complete; start over to change it")
            raise AssertionError
        return step

    def _refuse(self, because: str, **values: object) -> None:
        finding = Finding(
            "search-in-order", False, because, (*order_of_evidence(self.on), *evidence.PRESUMPTION.under[:1]), values
        )
        raise Refused(f"The search for evidence goes step by step: {finding.reason}.", [finding])
