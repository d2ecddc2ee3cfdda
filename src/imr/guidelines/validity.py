"""The validity of a citation on a day: does it exist, was it in force, does it fit, does something outrank it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.citation import GuidelineCitation, GuidelineSource
from imr.guidelines.register import Guideline, Phase, Register, known_guidelines
from imr.law import evidence
from imr.law.limit import SB_1160
from imr.law.rule import Citation, Finding, Known

#: How a determination names its evidence.
CITING = Citation("8 CCR", "9792.21.1(d)", Known.MEMORY)

_THREE_MONTHS = timedelta(days=90)


def order_of_evidence(on: date) -> tuple[Citation, ...]:
    """Give the law of a day by which the MTUS comes first: the strict order of standards until 2016, the search since 2015."""
    strict = evidence.NECESSITY.under if on < SB_1160 else ()
    search = evidence.SEARCH.under if evidence.SEARCH.governs(on) else ()
    return (*strict, *search, *evidence.OUTSIDE.under[:1])


@dataclass(frozen=True, slots=True)
class CitationValidity:
    """A citation, the edition of the register that it names, and what the register can say of it on that day.

    The rules are applied when `[rule]`, `fault`, `findings` or `good` is read, not when the value is made.
    """

    citation: GuidelineCitation
    guideline: Guideline | None
    on: date
    parts: frozenset[BodyPart]
    phase: Phase | None
    register: Register = field(repr=False)

    def __getitem__(self, rule: str) -> Finding | None:
        """Give the finding of one rule, where it could be answered."""
        return _RULES[rule](self, False)

    def fault(self, rule: str) -> Finding | None:
        """Give the finding of one rule where it speaks against the citation."""
        found = _RULES[rule](self, True)
        return found if found is not None and not found.holds else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all rules that could be answered."""
        return tuple(finding for rule in _RULES.values() if (finding := rule(self, False)) is not None)

    @property
    def good(self) -> bool:
        """Say whether nothing speaks against it."""
        return all(self.findings)


def phase_on(injured_on: date, on: date) -> Phase | None:
    """Say acute or chronic by the time since injury, where the definition of that day counts time; else not known."""
    if on < evidence.EVIDENCE_RULES_OF_2015:
        return None
    return Phase.CHRONIC if on - injured_on >= _THREE_MONTHS else Phase.ACUTE


def assess_citation(
    citation: GuidelineCitation,
    on: date,
    parts: frozenset[BodyPart] = frozenset(),
    phase: Phase | None = None,
    register: Register | None = None,
) -> CitationValidity:
    """Give what speaks for and against a citation on a day, for these parts of the body and this phase."""
    register = register or known_guidelines()
    return CitationValidity(citation, register.look_up(citation, on), on, parts, phase, register)


#: A rule gives its finding, or none where it cannot be answered; where only faults are sought it may give none as well.
_Rule = Callable[[CitationValidity, bool], Finding | None]


def _exists(judged: CitationValidity, faults: bool) -> Finding | None:
    citation, register = judged.citation, judged.register
    if faults and judged.guideline is not None and (not citation.year or judged.guideline.may_name(citation.year)):
        return None
    editions = register.editions(citation)
    named = citation.chapter or (f"chapter {citation.number}" if citation.number else citation.source.value)
    later = citation.source is GuidelineSource.ACOEM and not editions
    if citation.source is GuidelineSource.OTHER or later or not (citation.chapter or citation.number):
        return Finding("guideline-exists", True, "{named} is not kept in the register by chapter", (), {"named": named})
    if not editions:
        because = "the register knows no chapter of {source} called {named}"
        return Finding("guideline-exists", False, because, (CITING,), {"source": citation.source.value, "named": named})
    if citation.year and not any(g.may_name(citation.year) for g in editions):
        years = sorted({g.year for g in editions if g.year})
        because = "{named} has no edition of {year}; the register knows {years}"
        values = {"named": named, "year": citation.year, "years": ", ".join(map(str, years))}
        return Finding("guideline-exists", False, because, editions[0].under or (CITING,), values)
    return Finding("guideline-exists", True, "{named} is in the register", editions[0].under[:1], {"named": named})


def _in_force(judged: CitationValidity, faults: bool) -> Finding | None:
    guideline, on, register = judged.guideline, judged.on, judged.register
    if guideline is None or (guideline.since is None and guideline.until is None):
        return None
    if faults and guideline.in_force(on):
        return None
    values = {"name": guideline.name, "on": on, "since": guideline.since, "until": guideline.until, "next": ""}
    if guideline.in_force(on):
        return Finding("guideline-in-force", True, "{name} was in force on {on}", guideline.under, values)
    if guideline.since is not None and on < guideline.since:
        because = "{name} came into force on {since}, after {on}"
    else:
        because = "{name} was superseded on {until}; {next} governed on {on}"
        same = [g for g in register.guidelines if g.source is guideline.source and g.topic == guideline.topic]
        values["next"] = next((g.name for g in same if g.in_force(on)), "no edition that the register knows")
    return Finding("guideline-in-force", False, because, guideline.under, values)


def _fits_part(judged: CitationValidity, faults: bool) -> Finding | None:
    guideline, parts = judged.guideline, judged.parts
    if guideline is None or not parts or not guideline.parts or (faults and guideline.covers(parts)):
        return None
    asked = ", ".join(sorted(part.value for part in parts))
    values = {
        "name": guideline.name,
        "about": ", ".join(sorted(part.value for part in guideline.parts)),
        "asked": asked,
    }
    fits = guideline.covers(parts)
    because = "{name} is about the {about}" + ("" if fits else "; the treatment is for the {asked}")
    return Finding("guideline-covers-body-part", fits, because, guideline.under[:1] or (CITING,), values)


def _fits_phase(judged: CitationValidity, faults: bool) -> Finding | None:
    guideline, phase = judged.guideline, judged.phase
    if guideline is None or phase is None or (faults and phase is not Phase.ACUTE):
        return None
    if guideline.phases != {Phase.CHRONIC}:
        return None
    because = "{name} is about chronic pain, of three or more months; the injury was " + (
        "three or more months before" if phase is not Phase.ACUTE else "less than three months before"
    )
    return Finding(
        "guideline-covers-phase",
        phase is not Phase.ACUTE,
        because,
        evidence.DEFINITIONS.under[:1],
        {"name": guideline.name},
    )


def _pages(judged: CitationValidity, _faults: bool) -> Finding | None:
    citation, guideline = judged.citation, judged.guideline
    if guideline is None or guideline.pages is None or not citation.pages:
        return None
    outside = [p for p in citation.pages if p.last < guideline.pages.first or p.first > guideline.pages.last]
    because = "{name} runs from page {first} to {last}" + ("; page {page} is not in it" if outside else "")
    values = {"name": guideline.name, "first": guideline.pages.first, "last": guideline.pages.last}
    under = (Citation(guideline.source.value, f"pages of {guideline.title}", guideline.pages_known),)
    return Finding("guideline-has-page", not outside, because, under, values | {"page": outside[0] if outside else ""})


def _outranked(judged: CitationValidity, _faults: bool) -> Finding | None:
    """Find a lower source where a chapter of the MTUS in force is about this part of the body."""
    citation, on, parts, register = judged.citation, judged.on, judged.parts, judged.register
    if citation.source is GuidelineSource.MTUS or not parts:
        return None
    applying = register.applying(on, parts)
    if not applying:
        because = "the register knows no chapter of the MTUS in force on {on} about the {parts}"
        values = {"on": on, "parts": ", ".join(sorted(part.value for part in parts))}
        return Finding("guideline-not-outranked", True, because, order_of_evidence(on), values)
    because = "{higher} was in force on {on} and comes first, unless it does not address the treatment or was rebutted"
    values = {"higher": applying[0].name, "on": on}
    return Finding("guideline-not-outranked", False, because, order_of_evidence(on), values)


_RULES: Mapping[str, _Rule] = {
    "guideline-exists": _exists,
    "guideline-in-force": _in_force,
    "guideline-covers-body-part": _fits_part,
    "guideline-covers-phase": _fits_phase,
    "guideline-has-page": _pages,
    "guideline-not-outranked": _outranked,
}
