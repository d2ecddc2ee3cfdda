"""Writes a determination as a letter: fills the blanks of the form, and reads the letter back before it goes out.

`normalize` gives a determination as a letter can hold it; `read(write(d)).determination == normalize(d)`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from imr.determination.decision_summary import summarize_decisions
from imr.determination.documents import write_document
from imr.determination.fields import NOT_STATED, Field, FieldKind, one_line, paragraphs
from imr.determination.letter import (
    Block,
    Decided,
    Facts,
    Heading,
    Letter,
    Listing,
    Note,
    Paragraph,
    plain,
    text_of,
)
from imr.determination.model import Determination, Issue, ReviewedDocument
from imr.determination.reader import read
from imr.determination.reading import Reading
from imr.determination.template import (
    EDITIONS,
    OF_2014,
    PRESENT,
    DecisionSummary,
    DocumentList,
    Edition,
    FixedWords,
    HeaderTable,
    PassageStyle,
    RepeatedPassages,
    TemplatePart,
    TemplatePassage,
)
from imr.determination.template_matching import pattern
from imr.determination.typography import visible
from imr.errors import Unwritable


def normalize(determination: Determination) -> Determination:
    """Give the determination as a letter can hold it: each text on one line, without invisible characters."""
    return replace(
        determination,
        case_number=_line(determination.case_number) if determination.case_number else None,
        licensure=tuple(part for part in map(_line, determination.licensure) if part),
        specialty=_line(determination.specialty),
        summary=_line(determination.summary),
        organization=_line(determination.organization),
        issues=tuple(map(_settle_issue, determination.issues)),
        documents=tuple(map(_settle_document, determination.documents)),
    )


def _settle_issue(issue: Issue) -> Issue:
    return Issue(
        heading=_line(issue.heading),
        treatment=_line(issue.treatment),
        original_request=None if issue.original_request is None else _line(issue.original_request),
        authorized=None if issue.authorized is None else _line(issue.authorized),
        decision=issue.decision,
        administrator_basis=_line(issue.administrator_basis),
        reviewer_basis=_line(issue.reviewer_basis),
        rationale=_line(issue.rationale),
    )


def _settle_document(document: ReviewedDocument) -> ReviewedDocument:
    author = _line(document.author) if document.author else None
    return replace(document, title=_line(document.title), author=author or None)


def _line(text: str) -> str:
    return one_line(visible(text))


def write(determination: Determination, edition: Edition = PRESENT) -> str:
    """Give the letter as text. Raises Unwritable if it does not read back as the same determination.

    Line ends inside a text are white space; an empty line separates paragraphs, for the eye only.
    """
    return _checked(determination, edition)[1]


def compose(determination: Determination) -> Letter:
    """Give the letter as blocks, for `pdf.render`. Raises Unwritable if its text does not read back as the same."""
    return _checked(determination, PRESENT)[0]


def _checked(determination: Determination, edition: Edition) -> tuple[Letter, str]:
    letter = _fill(determination, edition)
    text = plain(letter) if letter.title else text_of(letter.blocks)
    problems = differences(_said(normalize(determination), edition), read(text))
    if problems:
        raise Unwritable(f"this determination cannot be sent as a letter: {'; '.join(problems)}")
    return letter, text


def differences(wanted: Determination, reading: Reading) -> list[str]:
    """List every difference between the wanted and the read determination, each with its field and what to do."""
    if reading.determination == wanted and not reading.problems:
        return []
    quoted = [
        f"{name} says “{' '.join(found[0].split())}”, which is a heading of the letter: use other words there"
        for name, value in _texts(wanted)
        for words in _KEYS
        if (found := pattern(words).search(value)) is not None
    ]
    if quoted or reading.determination is None:
        return quoted or [f"{problem}: use other words there" for problem in reading.problems]
    found_texts = dict(_texts(reading.determination))
    other = [
        f"{name} comes back as “{found_texts.get(name, '')}”: use other words there"
        for name, value in _texts(wanted)
        if found_texts.get(name, "") != value
    ]
    counts = (
        f"{len(wanted.issues)} disputed treatments and {len(wanted.documents)} documents come back as "
        f"{len(reading.determination.issues)} and {len(reading.determination.documents)}: use other words in their titles"
    )
    return other or [f"{problem}: use other words there" for problem in reading.problems] or [counts]


def _texts(determination: Determination) -> Iterator[tuple[str, str]]:
    """Yield each text of a determination, with the name of its field."""
    for field in ("organization", "case_number", "specialty", "summary"):
        yield f"the {field.replace('_', ' ')}", getattr(determination, field) or ""
    yield "the licensure", "; ".join(determination.licensure)
    for number, document in enumerate(determination.documents, 1):
        yield f"the title of document {number}", document.title
        yield f"the author of document {number}", document.author or ""
    for number, issue in enumerate(determination.issues, 1):
        for field in ("heading", "administrator_basis", "reviewer_basis", "rationale"):
            yield f"the {_SAID.get(field, field)} of disputed treatment {number}", getattr(issue, field)


_SAID = {"administrator_basis": "Claims Administrator guideline", "reviewer_basis": "Expert Reviewer guideline"}


def _words_of(edition: Edition) -> Iterator[FixedWords]:
    """Yield the words that separate the fields of a letter."""
    for step in edition.steps:
        if isinstance(step, FixedWords) and step.key:
            yield step
        elif isinstance(step, HeaderTable):
            yield from (label for label, _ in step.rows)
        elif isinstance(step, RepeatedPassages):
            yield from (label for label, _ in step.labels)
            yield from (step.count,) if step.count else ()


#: Wordings that no field can hold, because the reader would take them for the form.
_KEYS = sorted(
    {wording for edition in EDITIONS for words in _words_of(edition) for wording in words.wordings if len(wording) > 1}
)


def _said(settled: Determination, edition: Edition) -> Determination:
    """Give the part of a determination that a letter of `edition` can hold: the form of 2014 has no list of documents."""
    return replace(settled, documents=()) if edition is OF_2014 else settled


def _fill(determination: Determination, edition: Edition) -> Letter:
    """Make the blocks of the letter, part by part."""
    title = ""
    blocks: list[Block] = []
    for part in edition.parts:
        if isinstance(part, TemplatePassage) and part.style is PassageStyle.TITLE:
            title = next(p.wordings[0] for p in part.parts if isinstance(p, FixedWords))
        else:
            blocks.extend(_blocks(part, determination))
    return Letter(
        title=title,
        sender=visible(determination.organization),
        reference=determination.case_number or NOT_STATED,
        dated_on=determination.decided_on,
        blocks=tuple(blocks),
    )


def _blocks(part: TemplatePart, determination: Determination) -> list[Block]:
    match part:
        case TemplatePassage():
            return [_passage(part, determination, determination.decided_on)]
        case HeaderTable(rows, heads):
            return [Facts(tuple((_label(label), _cell(blank, determination)) for label, blank in rows), heads)]
        case DecisionSummary(title):
            return [Note(title.wordings[0], *summarize_decisions(normalize(determination).issues))]
        case DocumentList(none):
            lines = tuple(write_document(_settle_document(document)) for document in determination.documents)
            return [Listing(lines, numbered=True) if lines else Paragraph(none.wordings[0])]
        case _:
            return [
                block
                for number, issue in enumerate(determination.issues, 1)
                for block in _issue(part, issue, number, len(determination.issues))
            ]


def _issue(each: RepeatedPassages, issue: Issue, number: int, total: int) -> list[Block]:
    count = each.count.wordings[0].replace("#", str(number), 1).replace("#", str(total), 1) if each.count else ""
    labeled = [_passage(passage, issue) for passage in each.passages if passage.style is PassageStyle.LABELED]
    return [Decided(count, _line(issue.heading), FieldKind.DECISION.write(issue.decision)), *labeled]


def _passage(passage: TemplatePassage, value: object, on: date | None = None) -> Block:
    printed = [_label(p, on) if isinstance(p, FixedWords) else _print(p, value) for p in passage.parts]
    if passage.style is PassageStyle.SECTION:
        return Heading(printed[0])
    if passage.style is PassageStyle.POINTS:
        return Listing(tuple(printed))
    if passage.style is PassageStyle.LABELED:
        return Paragraph(printed[1], label=printed[0])
    return Paragraph(" ".join(printed))


def _label(words: FixedWords, on: date | None = None) -> str:
    return " ".join(words.on(on).split())


def _cell(blank: Field, determination: Determination) -> str:
    value = getattr(determination, blank.field)
    return NOT_STATED if value is None else blank.kind.write(value)


def _print(blank: Field, value: object) -> str:
    content: Any = getattr(value, blank.field)
    if blank.kind is FieldKind.TEXT:
        return "\n\n".join(paragraphs(visible(content)))
    return blank.kind.write(content)
