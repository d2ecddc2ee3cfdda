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

from imr.determination.fields import Blank, Kind
from imr.determination.letter import FOOTER


class Style(Enum):
    """What a passage is in the letter; the writer gives each its look."""

    TITLE = "title"
    SECTION = "section"
    TEXT = "text"
    POINTS = "points"
    LABELLED = "labelled"
    COUNT = "count"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed words. The first wording is written, each is read. `#` stands for a number that the writer counts.

    A line feed stands where the printed table breaks a label. Without `key` the words may be missing: they explain.
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
    """The header table: a label and a blank a cell. Extractors scatter its cells. `heads` stand above its columns."""

    rows: tuple[tuple[Words, Blank], ...]
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Passages that are repeated for each element of a list of the model."""

    field: str
    passages: tuple[Passage, ...]

    @property
    def labels(self) -> list[tuple[Words, Blank]]:
        """The labelled passages, in their order."""
        return [p.parts for p in self.passages if p.style is Style.LABELLED]  # type: ignore[misc]

    @property
    def count(self) -> Words | None:
        """The words that number the elements, where the form has them."""
        return next((p.parts[0] for p in self.passages if p.style is Style.COUNT), None)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Documents:
    """The list of documents reviewed, a numbered line a document; `none` says that there is no list."""

    none: Words


@dataclass(frozen=True, slots=True)
class InShort:
    """The decisions in one view. The writer makes it of the issues, and the reader holds it against them."""

    title: Words


Part = Fields | Passage | Each | Documents | InShort


@dataclass(frozen=True)
class Edition:
    """One form of the letter. `known_by` are words that no letter of another edition has; `footer` stands on each page."""

    name: str
    known_by: Words
    parts: tuple[Part, ...]
    footer: re.Pattern[str] | None = None

    @cached_property
    def steps(self) -> tuple[Words | Blank | Fields | Each | Documents | InShort, ...]:
        """The parts one after another, with the words and blanks of a passage each for itself."""
        steps: list[Words | Blank | Fields | Each | Documents | InShort] = []
        for part in self.parts:
            if isinstance(part, Passage):
                steps.extend(part.parts)
            elif isinstance(part, InShort):
                steps.extend((part.title, part))
            else:
                steps.append(part)
        return tuple(steps)


def words(*wordings: str) -> Words:
    """Words that must stand in the letter."""
    return Words(wordings)


def section(*wordings: str) -> Passage:
    """The heading of a section."""
    return Passage(Style.SECTION, (Words(wordings),))


def text(*sentences: str) -> Passage:
    """A paragraph that explains. Each sentence is read on its own, so that one changed word costs one sentence."""
    return Passage(Style.TEXT, tuple(Words((sentence,), key=False) for sentence in sentences))


def points(*sentences: str) -> Passage:
    """A list of points that explain."""
    return Passage(Style.POINTS, text(*sentences).parts)


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

#: The letter that this system writes: the sections of 2014 in their order, and what the law asks beyond them.
PRESENT = Edition(
    name="present",
    known_by=words("Independent Medical Review: Final Determination"),
    footer=re.compile(
        re.escape(FOOTER)
        .replace(r"\{reference\}", r"[^\n\f]{0,80}?")
        .replace(r"\{page\}", r"\d+")
        .replace(r"\{pages\}", r"\d+")
    ),
    parts=(
        Passage(Style.TITLE, (Blank("organization"), words("Independent Medical Review: Final Determination"))),
        Fields(HEADER.rows, heads=("About this case", "As recorded")),
        InShort(words("THE DECISION IN SHORT")),
        HOW_MADE,
        text(
            "This review organization gave the complete case file to an expert reviewer.",
            "The reviewer has no affiliation with the employer, the employee, the providers or the claims administrator, "
            "and is in active clinical practice.",
            "The reviewer was chosen for clinical experience, education and expertise in the same or similar specialties "
            "that treat the medical condition in dispute, and knows the law that governs this review and how it ranks "
            "evidence.",
            "By law the reviewer's name is confidential.",
        ),
        labelled(words("State(s) of Licensure:"), Blank("licensure", Kind.LIST)),
        labelled(words("Certification(s)/Specialty:"), Blank("specialty")),
        section("DOCUMENTS REVIEWED"),
        Documents(none=Words(("No list of the documents reviewed came with this determination.",), key=False)),
        CASE_SUMMARY,
        Passage(Style.TEXT, (Blank("summary"),)),
        ISSUES,
        text(
            "Each disputed treatment is decided below.",
            "Upheld means that the utilization review (UR) decision stands: the treatment was not found to be medically "
            "necessary.",
            "Overturned means that the UR decision does not stand: the treatment was found to be medically necessary.",
        ),
        Each(
            "issues",
            (
                Passage(Style.COUNT, (words("Disputed treatment # of #"),)),
                Passage(Style.ITEM, (Blank("heading"), words(":"), Blank("decision", Kind.DECISION))),
                labelled(ADMINISTRATOR_LABEL, Blank("administrator_basis")),
                labelled(REVIEWER_LABEL, Blank("reviewer_basis")),
                labelled(RATIONALE_LABEL, Blank("rationale")),
            ),
        ),
        section("WHAT HAPPENS NOW"),
        # LC 4610.6(g), (j)
        text(
            "This is the decision of the Administrative Director of the Division of Workers' Compensation, and it binds "
            "everyone concerned unless it is set aside on appeal.",
            "Where a UR decision is overturned and the treatment has not been given, the claims administrator must "
            "authorize it within five working days of receiving this letter, or sooner where the employee's condition "
            "requires it, and must tell the employee and the physician.",
            "Treatment that was already given must be paid for within 20 days.",
            "Both may wait where liability is disputed for another reason than medical necessity.",
        ),
        section("HOW TO APPEAL"),
        # LC 4610.6(h), (i); 8 CCR 10575 (since 2020; before, 10957.1)
        text(
            "An appeal goes to the Workers' Compensation Appeals Board.",
            "It is a verified petition that must be filed, and served on all interested parties, within 30 days of the day "
            "on which this letter was mailed.",
            "The decision is presumed to be correct, and the Board sets it aside only on clear and convincing evidence of "
            "at least one of these five grounds:",
        ),
        points(
            "the Administrative Director acted without power, or beyond it;",
            "the decision was obtained by fraud;",
            "the reviewer had a material conflict of interest;",
            "the decision came of bias for or against a race, national origin, ethnic group, religion, age, sex, sexual "
            "orientation, color or disability;",
            "the decision came of a plainly wrong finding of fact, one that ordinary knowledge can tell from what was "
            "submitted for review, and that is no question for experts.",
        ),
        text(
            "The petition must state every ground and the facts for it.",
            "If the Board sets the decision aside, another reviewer decides the dispute anew; no judge and no court may "
            "decide whether a treatment is medically necessary.",
            "An Information and Assistance Officer of the Division helps employees free of charge.",
        ),
    ),
)

EDITIONS = (PRESENT, OF_2014)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A layout that is known to exist and is not read, with words that show it."""

    name: str
    shown_by: re.Pattern[str]


#: No whole sample of these was at hand, so they are named and left unread. The first that fits names the layout.
NOT_READ = (
    Recognised(
        "2013-2014 Medical Professional Review",
        re.compile(r"(?i)medical\s+professional\s+review|IMR\s+DECISION\(S\)\s+AND\s+RATIONALE\(S\)"),
    ),
    Recognised(
        "2013 notice",
        re.compile(
            r"(?i)notice\s+of\s+independent\s+medical\s+review\s+determination|medical\s+qualifications\s+of\s+the"
        ),
    ),
    Recognised("after 2017", re.compile(r"(?i)\bCM(?:1[89]|[2-9]\d)-\d{7}\b")),
)
