"""What a determination rests on: citations, the register of guidelines, and their validity on a day.

`read_basis` and `write_basis` turn the text after a guideline label into a `Basis` and back; `find_citations` gives every
citation of a letter. `known_guidelines()` is the register: chapters of the MTUS since 2007, of ACOEM and of ODG, facts only.
`assess_citation` says whether a citation exists, was in force on a day, fits the body part and the phase, and what outranks
it, each with its law. `EvidenceSearch` leads a reviewer through the order of search of 8 CCR 9792.21.1 and writes the basis
line. `read_licensed` adds an organization's own licensed texts and criteria.

Importing the package loads none of its modules: whoever needs the list of drugs alone does not pay for the register.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imr.guidelines.anatomy import Side, body_parts
    from imr.guidelines.body_part_list import BodyPart
    from imr.guidelines.citation import Basis, GuidelineCitation, GuidelineSource, PageRange, Statement, read_basis
    from imr.guidelines.citation_format import write_basis
    from imr.guidelines.citation_mentions import CitationMention, find_citations
    from imr.guidelines.evidence_search import (
        EVIDENCE_LEVELS,
        CompletedStep,
        EvidenceSearch,
        SearchStep,
        SetAsideReason,
    )
    from imr.guidelines.licensed import read_licensed
    from imr.guidelines.register import Criterion, Guideline, Phase, Register, known_guidelines
    from imr.guidelines.validity import CitationValidity, assess_citation, phase_on

__all__ = [
    "EVIDENCE_LEVELS",
    "Basis",
    "BodyPart",
    "CitationMention",
    "CitationValidity",
    "CompletedStep",
    "Criterion",
    "EvidenceSearch",
    "Guideline",
    "GuidelineCitation",
    "GuidelineSource",
    "PageRange",
    "Phase",
    "Register",
    "SearchStep",
    "SetAsideReason",
    "Side",
    "Statement",
    "assess_citation",
    "body_parts",
    "find_citations",
    "known_guidelines",
    "phase_on",
    "read_basis",
    "read_licensed",
    "write_basis",
]  # fmt: skip

_MODULES = (
    "anatomy",
    "citation",
    "citation_format",
    "citation_mentions",
    "evidence_search",
    "licensed",
    "register",
    "validity",
)


def __getattr__(name: str) -> Any:
    """Load the modules of this face when one of its names is first asked for."""
    if name in __all__:
        for module in (import_module(f"{__name__}.{module}") for module in _MODULES):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
