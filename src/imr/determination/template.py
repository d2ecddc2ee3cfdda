"""The template of the letter: fixed words and fields, written once for each edition.

`writer` walks a template and fills the fields. `reader` walks the same template, finds the words, whatever the white
space between them, and takes the text of the fields. To read a wording that the reader misses, give its words one more
alternative here. To change the letter's words, change `PRESENT`; the round trip tests the rest.

Sources of the required contents of a letter: LC 4610.6(d)-(h) and 8 CCR 9792.10.6(d).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from imr.determination.fields import Field, FieldKind
from imr.determination.letter import FOOTER
from imr.law.afterwards import APPEAL, AUTHORIZE, PAY
from imr.law.limit import TimeLimit, in_prose


class PassageStyle(Enum):
    """The kind of a passage in the letter; the writer formats each."""

    TITLE = "title"
    SECTION = "section"
    TEXT = "text"
    POINTS = "points"
    LABELED = "labeled"
    COUNT = "count"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class FixedWords:
    """Fixed words. The first wording is written; all are read. `#` is a number that the writer counts.

    A line feed marks where the printed table breaks a label. Without `key` the words only explain and may be missing.
    Words with a number of the law have a wording for each version of it, written from its day in `since` on.
    """

    wordings: tuple[str, ...]
    key: bool = True
    since: tuple[date, ...] = ()

    def on(self, day: date | None) -> str:
        """Give the wording to write on `day`: that of the version in force, or the newest if none was or the day is not known."""
        if not self.since:
            return self.wordings[0]
        governing = [words for words, since in zip(self.wordings, self.since, strict=True) if day and since <= day]
        return governing[-1] if governing else self.wordings[-1]


@dataclass(frozen=True, slots=True)
class TemplatePassage:
    """A line or paragraph of fixed words and fields."""

    style: PassageStyle
    parts: tuple[FixedWords | Field, ...]


@dataclass(frozen=True, slots=True)
class HeaderTable:
    """The header table: a label and a blank a cell. Extractors scatter its cells. `heads` are its column titles."""

    rows: tuple[tuple[FixedWords, Field], ...]
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatedPassages:
    """Passages that are repeated for each element of a list of the model."""

    field: str
    passages: tuple[TemplatePassage, ...]

    @property
    def labels(self) -> list[tuple[FixedWords, Field]]:
        """The labeled passages, in their order."""
        return [p.parts for p in self.passages if p.style is PassageStyle.LABELED]  # type: ignore[misc]

    @property
    def count(self) -> FixedWords | None:
        """The words that number the elements, if the form has them."""
        return next((p.parts[0] for p in self.passages if p.style is PassageStyle.COUNT), None)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The list of documents reviewed, a numbered line a document; `none` is the text if there is no list."""

    none: FixedWords


@dataclass(frozen=True, slots=True)
class DecisionSummary:
    """The summary of the decisions. The writer makes it from the issues, and the reader compares it with them."""

    title: FixedWords


TemplatePart = HeaderTable | TemplatePassage | RepeatedPassages | DocumentList | DecisionSummary


@dataclass(frozen=True)
class Edition:
    """One form of the letter. `known_by` are words that no letter of another edition has; `footer` is printed on each page."""

    name: str
    known_by: FixedWords
    parts: tuple[TemplatePart, ...]
    footer: re.Pattern[str] | None = None

    @cached_property
    def steps(self) -> tuple[FixedWords | Field | HeaderTable | RepeatedPassages | DocumentList | DecisionSummary, ...]:
        """The parts one after another, with a passage's words and blanks one by one."""
        steps: list[FixedWords | Field | HeaderTable | RepeatedPassages | DocumentList | DecisionSummary] = []
        for part in self.parts:
            if isinstance(part, TemplatePassage):
                steps.extend(part.parts)
            elif isinstance(part, DecisionSummary):
                steps.extend((part.title, part))
            else:
                steps.append(part)
        return tuple(steps)


def fixed_words(*wordings: str) -> FixedWords:
    """Make words that must be in the letter."""
    return FixedWords(wordings)


def dated_words(sentence: str, limit: TimeLimit) -> FixedWords:
    """Make an explanatory sentence, with `{limit}` for a time that the law gives."""
    versions = [version for version in limit.numbers[0] if not version.unknown]
    wordings = tuple(sentence.format(limit=in_prose(*version.known_value, spelled=True)) for version in versions)
    return FixedWords(wordings, key=False, since=tuple(version.since for version in versions))


def section(*wordings: str) -> TemplatePassage:
    """Make the heading of a section."""
    return TemplatePassage(PassageStyle.SECTION, (FixedWords(wordings),))


def text(*sentences: str | FixedWords) -> TemplatePassage:
    """Make an explanatory paragraph. Each sentence is read on its own, so that a changed word affects one sentence."""
    return TemplatePassage(PassageStyle.TEXT, tuple(map(_explanation, sentences)))


def _explanation(sentence: str | FixedWords) -> FixedWords:
    return FixedWords((sentence,), key=False) if isinstance(sentence, str) else sentence


def points(*sentences: str) -> TemplatePassage:
    """Make a list of explanatory points."""
    return TemplatePassage(PassageStyle.POINTS, text(*sentences).parts)


def labeled(label: FixedWords, blank: Field) -> TemplatePassage:
    """Make a label and the blank after it."""
    return TemplatePassage(PassageStyle.LABELED, (label, blank))


HEADER = HeaderTable(
    (
        (fixed_words("Case Number:"), Field("case_number", FieldKind.CASE_NUMBER)),
        (fixed_words("Date Assigned:"), Field("assigned_on", FieldKind.DATE)),
        (fixed_words("Date of Injury:"), Field("injured_on", FieldKind.DATE)),
        (fixed_words("Decision Date:"), Field("decided_on", FieldKind.DATE)),
        (fixed_words("UR Denial Date:"), Field("ur_decided_on", FieldKind.DATE)),
        (fixed_words("Priority:"), Field("review_type", FieldKind.REVIEW_TYPE)),
        (fixed_words("Application\nReceived:"), Field("received_on", FieldKind.DATE)),
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
ADMINISTRATOR_LABEL = fixed_words("Claims Administrator guideline:")
REVIEWER_LABEL = fixed_words("Expert Reviewer guideline:", "MAXIMUS guideline:")
RATIONALE_LABEL = fixed_words("Decision rationale:")

#: The letters of 2014 to 2017, as the Division published them.
OF_2014 = Edition(
    name="2014-2017",
    known_by=fixed_words("IMR ISSUES, DECISIONS AND RATIONALES"),
    parts=(
        HEADER,
        HOW_MADE,
        TemplatePassage(
            PassageStyle.TEXT,
            (
                Field("organization"),
                fixed_words("sent the complete case file to an expert reviewer."),
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
        labeled(fixed_words("State(s) of Licensure:"), Field("licensure", FieldKind.LIST)),
        labeled(fixed_words("Certification(s)/Specialty:"), Field("specialty")),
        CASE_SUMMARY,
        text(
            "The expert reviewer developed the following clinical case summary based on a review of the case file, "
            "including all medical records:"
        ),
        TemplatePassage(PassageStyle.TEXT, (Field("summary"),)),
        ISSUES,
        text("The Final Determination was based on decisions for the disputed items/services set forth below:"),
        RepeatedPassages(
            "issues",
            (
                TemplatePassage(
                    PassageStyle.ITEM, (Field("heading"), fixed_words(":"), Field("decision", FieldKind.DECISION))
                ),
                labeled(ADMINISTRATOR_LABEL, Field("administrator_basis")),
                labeled(FixedWords(REVIEWER_LABEL.wordings[::-1]), Field("reviewer_basis")),
                labeled(RATIONALE_LABEL, Field("rationale")),
            ),
        ),
    ),
)

#: The letter that this system writes: the sections of 2014 in their order, and what the law requires beyond them.
PRESENT = Edition(
    name="present",
    known_by=fixed_words("Independent Medical Review: Final Determination"),
    footer=re.compile(
        re.escape(FOOTER)
        .replace(r"\{reference\}", r"[^\n\f]{0,80}?")
        .replace(r"\{page\}", r"\d+")
        .replace(r"\{pages\}", r"\d+")
    ),
    parts=(
        TemplatePassage(
            PassageStyle.TITLE, (Field("organization"), fixed_words("Independent Medical Review: Final Determination"))
        ),
        HeaderTable(HEADER.rows, heads=("About this case", "As recorded")),
        DecisionSummary(fixed_words("THE DECISION IN SHORT")),
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
        labeled(fixed_words("State(s) of Licensure:"), Field("licensure", FieldKind.LIST)),
        labeled(fixed_words("Certification(s)/Specialty:"), Field("specialty")),
        section("DOCUMENTS REVIEWED"),
        DocumentList(none=FixedWords(("No list of the documents reviewed came with this determination.",), key=False)),
        CASE_SUMMARY,
        TemplatePassage(PassageStyle.TEXT, (Field("summary"),)),
        ISSUES,
        text(
            "Each disputed treatment is decided below.",
            "Upheld means that the utilization review (UR) decision stands: the treatment was not found to be medically "
            "necessary.",
            "Overturned means that the UR decision does not stand: the treatment was found to be medically necessary.",
        ),
        RepeatedPassages(
            "issues",
            (
                TemplatePassage(PassageStyle.COUNT, (fixed_words("Disputed treatment # of #"),)),
                TemplatePassage(
                    PassageStyle.ITEM, (Field("heading"), fixed_words(":"), Field("decision", FieldKind.DECISION))
                ),
                labeled(ADMINISTRATOR_LABEL, Field("administrator_basis")),
                labeled(REVIEWER_LABEL, Field("reviewer_basis")),
                labeled(RATIONALE_LABEL, Field("rationale")),
            ),
        ),
        section("WHAT HAPPENS NOW"),
        # LC 4610.6(g), (j)
        text(
            "This is the decision of the Administrative Director of the Division of Workers' Compensation, and it binds "
            "everyone concerned unless it is set aside on appeal.",
            dated_words(
                "Where a UR decision is overturned and the treatment has not been given, the claims administrator must "
                "authorize it within {limit} of receiving this letter, or sooner where the employee's condition requires it, "
                "and must tell the employee and the physician.",
                AUTHORIZE,
            ),
            dated_words("Treatment that was already given must be paid for within {limit}.", PAY),
            "Both may wait where liability is disputed for another reason than medical necessity.",
        ),
        section("HOW TO APPEAL"),
        # LC 4610.6(h), (i); 8 CCR 10575 (since 2020; before, 10957.1)
        text(
            "An appeal goes to the Workers' Compensation Appeals Board.",
            dated_words(
                "It is a verified petition that must be filed, and served on all interested parties, within {limit} of the day "
                "on which this letter was mailed.",
                APPEAL,
            ),
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
class UnreadLayout:
    """A layout that is known to exist and is not read, with the pattern that shows it."""

    name: str
    shown_by: re.Pattern[str]


#: Layouts of which no complete sample was available: they are named and left unread. The first that fits names the layout.
UNREAD_LAYOUTS = (
    UnreadLayout(
        "2013-2014 Medical Professional Review",
        re.compile(r"(?i)medical\s+professional\s+review|IMR\s+DECISION\(S\)\s+AND\s+RATIONALE\(S\)"),
    ),
    UnreadLayout(
        "2013 notice",
        re.compile(
            r"(?i)notice\s+of\s+independent\s+medical\s+review\s+determination|medical\s+qualifications\s+of\s+the"
        ),
    ),
    UnreadLayout("after 2017", re.compile(r"(?i)\bCM(?:1[89]|[2-9]\d)-\d{7}\b")),
)
