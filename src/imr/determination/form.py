"""The form of the letter: words and blanks, written once for each edition.

`writer` walks a form and fills the blanks. `reader` walks the same form, finds the words, whatever white space stands
between them, and takes what stands in the blanks. To read a wording that the reader misses, give its words one more
alternative here. To change what the letter says, change `PRESENT`; the round trip finds the rest.

Sources of what a letter must hold: LC 4610.6(d)-(h) and 8 CCR 9792.10.6(d).
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from imr.determination.blanks import Blank, Kind


class Style(Enum):
    """What a passage is in the letter; the writer gives each its look."""

    TITLE = "title"
    SECTION = "section"
    TEXT = "text"
    LABELLED = "labelled"
    ITEM = "item"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed words. The first wording is written, each is read. A line feed stands where the printed table breaks a label.

    Without `key` the words may be missing: they explain, and no blank begins or ends with them.
    """

    wordings: tuple[str, ...]
    key: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """A line or paragraph of words and blanks."""

    style: Style
    parts: tuple[Words | Blank, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The header table: a label and a blank a cell. Extractors scatter its cells."""

    rows: tuple[tuple[Words, Blank], ...]


@dataclass(frozen=True, slots=True)
class Each:
    """Passages that are repeated for each element of a list of the model."""

    field: str
    passages: tuple[Passage, ...]

    @property
    def labels(self) -> list[tuple[Words, Blank]]:
        """The labelled passages, in their order."""
        return [p.parts for p in self.passages if p.style is Style.LABELLED]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Derived:
    """Passages that the writer makes from the whole determination, and the reader holds against what it read."""

    field: str


@dataclass(frozen=True)
class Edition:
    """One form of the letter. `known_by` are words that no letter of another edition has."""

    name: str
    known_by: Words
    parts: tuple[Fields | Passage | Each | Derived, ...]
    footer: str = ""

    @cached_property
    def steps(self) -> tuple[Words | Blank | Fields | Each | Derived, ...]:
        """The parts one after another, with the words and blanks of passages for themselves."""
        return tuple(step for part in self.parts for step in (part.parts if isinstance(part, Passage) else (part,)))


def words(*wordings: str) -> Words:
    """Words that must stand in the letter."""
    return Words(wordings)


def section(*wordings: str) -> Passage:
    """The heading of a section."""
    return Passage(Style.SECTION, (Words(wordings),))


def text(*sentences: str) -> Passage:
    """A paragraph that explains. Each sentence is read on its own, so that one changed word costs one sentence."""
    return Passage(Style.TEXT, tuple(Words((sentence,), key=False) for sentence in sentences))


def labelled(label: Words, blank: Blank) -> Passage:
    """A label and what it names."""
    return Passage(Style.LABELLED, (label, blank))


HEADER = Fields(
    (
        (words("Case Number:"), Blank("case_number", Kind.CASE_NUMBER)),
        (words("Date Assigned:"), Blank("assigned_on", Kind.DATE)),
        (words("Date of Injury:"), Blank("injured_on", Kind.DATE)),
        (words("Decision Date:"), Blank("decided_on", Kind.DATE)),
        (words("UR Denial Date:"), Blank("ur_decided_on", Kind.DATE)),
        (words("Priority:"), Blank("review_type", Kind.REVIEW_TYPE)),
        (words("Application\nReceived:"), Blank("received_on", Kind.DATE)),
    )
)

HOW_MADE = section("HOW THE IMR FINAL DETERMINATION WAS MADE")
CASE_SUMMARY = section("CLINICAL CASE SUMMARY")
ISSUES = section("IMR ISSUES, DECISIONS AND RATIONALES")

SELECTED = (
    "The expert reviewer was selected based on his/her clinical experience, education, background, and expertise in the "
    "same or similar specialties that evaluate and/or treat the medical condition and disputed items/Service."
)
#: The labels of one disputed treatment, in their order.
ADMINISTRATOR_LABEL = words("Claims Administrator guideline:")
REVIEWER_LABEL = words("Expert Reviewer guideline:", "MAXIMUS guideline:")
RATIONALE_LABEL = words("Decision rationale:")

#: The letters of 2014 to 2017, as the Division published them.
OF_2014 = Edition(
    name="2014-2017",
    known_by=words("IMR ISSUES, DECISIONS AND RATIONALES"),
    parts=(
        HEADER,
        HOW_MADE,
        Passage(
            Style.TEXT,
            (
                Blank("organization"),
                words("sent the complete case file to an expert reviewer."),
                *text(
                    "He/she has no affiliation with the employer, employee, providers or the claims administrator.",
                    "He/she has been in active clinical practice for more than five years and is currently working at "
                    "least 24 hours a week in active practice.",
                    SELECTED,
                    "He/she is familiar with governing laws and regulations, including the strength of evidence hierarchy "
                    "that applies to Independent Medical Review determinations.",
                ).parts,
            ),
        ),
        text("The Expert Reviewer has the following credentials:"),
        labelled(words("State(s) of Licensure:"), Blank("licensure", Kind.LIST)),
        labelled(words("Certification(s)/Specialty:"), Blank("specialty")),
        CASE_SUMMARY,
        text(
            "The expert reviewer developed the following clinical case summary based on a review of the case file, "
            "including all medical records:"
        ),
        Passage(Style.TEXT, (Blank("summary"),)),
        ISSUES,
        text("The Final Determination was based on decisions for the disputed items/services set forth below:"),
        Each(
            "issues",
            (
                Passage(Style.ITEM, (Blank("heading"), words(":"), Blank("decision", Kind.DECISION))),
                labelled(ADMINISTRATOR_LABEL, Blank("administrator_basis")),
                labelled(Words(REVIEWER_LABEL.wordings[::-1]), Blank("reviewer_basis")),
                labelled(RATIONALE_LABEL, Blank("rationale")),
            ),
        ),
    ),
)

EDITIONS = (OF_2014,)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A layout that is known to exist and is not read, with words that show it."""

    name: str
    shown_by: re.Pattern[str]


#: No whole sample of these was at hand, so they are named and left unread. The first that fits names the layout.
NOT_READ = (
    Recognised("2013-2014 Medical Professional Review", re.compile(r"(?i)medical\s+professional\s+review")),
    Recognised(
        "2013 notice",
        re.compile(
            r"(?i)notice\s+of\s+independent\s+medical\s+review\s+determination|medical\s+qualifications\s+of\s+the"
        ),
    ),
    Recognised("after 2017", re.compile(r"(?i)\bCM(?:1[89]|[2-9]\d)-\d{7}\b")),
)
