"""What a determination rests on: citations, the register of guidelines, and their standing on a day.

`read` and `write` take the text after a guideline label to a `Basis` and back; `find` gives every citation of a letter.
`known()` is the register: chapters of the MTUS since 2007, of ACOEM and of ODG, facts only. `standing` says whether a
citation exists, was in force on a day, fits the body part and the phase, and what outranks it, each with its law.
`Search` leads a reviewer through the order of search of 8 CCR 9792.21.1 and writes the basis line.
`read_licensed` adds an organization's own licensed texts and criteria.
"""

from imr.guidelines.anatomy import BodyPart, Side, body_parts
from imr.guidelines.citation import Basis, GuidelineCitation, Pages, Source, Statement, read
from imr.guidelines.citation_format import write
from imr.guidelines.citation_mentions import Mention, find
from imr.guidelines.evidence_search import LEVELS, Aside, Search, Step, Taken
from imr.guidelines.licensed import read_licensed
from imr.guidelines.register import Criterion, Guideline, Phase, Register, known
from imr.guidelines.validity import Standing, phase_on, standing

__all__ = [
    "LEVELS", "Aside", "Basis", "BodyPart", "Criterion", "Guideline", "GuidelineCitation", "Mention", "Pages", "Phase", "Register",
    "Search", "Side", "Source", "Standing", "Statement", "Step", "Taken", "body_parts", "find", "known", "phase_on", "read",
    "read_licensed", "standing", "write",
]  # fmt: skip
