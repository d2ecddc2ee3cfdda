"""Reads the determination from the text of a letter. Reading never raises and never guesses.

`read` walks the form of the edition. Text that it could not place is unread in the pieces of the reading; each
character of the text belongs to words of the form, to a blank, or to the unread text.
"""

import re
from difflib import get_close_matches
from itertools import pairwise, takewhile
from typing import Any

from imr.determination import headings
from imr.determination.decision_summary import summarize_decisions
from imr.determination.documents import read_documents
from imr.determination.fields import Field, FieldKind, one_line
from imr.determination.header import read_header
from imr.determination.model import IN_ORDER, Decision, Determination, Issue, ReviewedDocument
from imr.determination.reading import Piece, Reading, Span
from imr.determination.template import (
    EDITIONS,
    UNREAD_LAYOUTS,
    DecisionSummary,
    DocumentList,
    Edition,
    FixedWords,
    HeaderTable,
    RepeatedPassages,
)
from imr.determination.template_matching import find, find_alike, pattern

#: The longest letter, in characters. A longer text is not searched.
LONGEST = 1_000_000


def read(text: str) -> Reading:
    """Read a letter from its text, as any extractor gives it: page breaks are form feeds or nothing."""
    if len(text) > LONGEST:
        return _unread(text, None, f"this text has {len(text):,} characters, and no letter has more than {LONGEST:,}")
    if not text.strip():
        return _unread(text, None, "there is no text")
    for edition in EDITIONS:
        if find(edition.known_by, text, 0, len(text)):
            return _LetterReader(edition, text).read()
    layout = next((layout for layout in UNREAD_LAYOUTS if layout.shown_by.search(text)), None)
    if layout is not None:
        return _unread(text, layout.name, f"this is a letter of the layout “{layout.name}”, which is not read yet")
    for edition in EDITIONS:  # a scan may have damaged the words that identify the edition
        if find_alike(edition.known_by, text, 0, len(text)):
            return _LetterReader(edition, text).read()
    return _unread(text, None, "this is not a final determination of a layout that is known")


def _unread(text: str, layout: str | None, problem: str) -> Reading:
    return Reading(text=text, determination=None, problems=(problem,), layout=layout)


#: The last word before the label after a heading, and the mark before it.
_DECIDED = re.compile(r"(?P<mark>\s*[:;.,]\s*|\s+)(?P<decision>[^\s:;.,]{5,12})[\s.]*$")
Step = Field | HeaderTable | RepeatedPassages | DocumentList | DecisionSummary
#: The labels of a treatment, in their order, each with the blank that it names.
Labels = list[tuple[FixedWords, Field]]


class _LetterReader:
    """Reads one letter by the form of an edition."""

    def __init__(self, edition: Edition, text: str) -> None:
        self.edition = edition
        self.whole = text
        self.values: dict[str, Any] = {}
        self.problems: list[str] = []
        self.placed: list[Piece] = []
        self.feet: list[Piece] = []
        self.incomplete = False
        self.short: str | None = None
        self.text = self._without_feet(text)

    def _without_feet(self, text: str) -> str:
        """Replace the foot of each page with spaces, so that every position stays the same."""
        if self.edition.footer is None:
            return text
        self.feet = [Piece(*match.span(), "words") for match in self.edition.footer.finditer(text)]
        return self.edition.footer.sub(lambda match: " " * len(match[0]), text)

    def read(self) -> Reading:
        place = 0
        waiting: Step | None = None
        lost = False  # a blank next to missing words has no end, or no beginning
        for number, step in enumerate(self.edition.steps):
            if not isinstance(step, FixedWords):
                waiting = None if lost else step
                continue
            span = self._find(step, place, len(self.text))
            if span is not None:
                self._fill(waiting, place, self._before(number + 1, place, span[0]))
                waiting, place, lost = None, self._words(span), False
            elif step.key:
                self.problems.append(f"the words “{' '.join(step.wordings[0].split())}” are missing")
                waiting, lost = None, True
        self._fill(waiting, place, len(self.text))
        if "issues" not in self.values:
            self._undecided("the place of the disputed treatments cannot be determined")
        self._check_dates()
        self._check_short()
        return Reading(
            text=self.whole,
            determination=self._determination(),
            problems=tuple(self.problems),
            layout=self.edition.name,
            placed=tuple(self.placed),
            feet=tuple(self.feet),
        )

    def _before(self, number: int, start: int, stop: int) -> int:
        """Give where a blank ends that is followed by the words at `stop`: before later words that extractors moved up."""
        between = self.text[start:stop]
        if not between or between.isspace():
            return stop
        for words in takewhile(lambda step: isinstance(step, FixedWords) and not step.key, self.edition.steps[number:]):
            span = find(words, self.text, start, stop)  # type: ignore[arg-type]
            if span is not None:
                self._words(span)
                stop = span[0]
        return stop

    def _find(self, words: FixedWords, start: int, stop: int) -> tuple[int, int] | None:
        return find(words, self.text, start, stop) or find_alike(words, self.text, start, stop)

    def _words(self, span: tuple[int, int]) -> int:
        self.placed.append(Piece(*span, "words"))
        return span[1]

    def _blank(self, start: int, end: int, field: str) -> str:
        """Return the text from `start` to `end` without the white space around it, and record it as `field`."""
        printed = self.text[start:end]
        bare = printed.strip()
        if not bare:
            return ""
        start += len(printed) - len(printed.lstrip())
        self.placed.append(Piece(start, start + len(bare), "blank", field))
        return bare

    def _fill(self, waiting: Step | None, start: int, stop: int) -> None:
        if isinstance(waiting, Field):
            self.values[waiting.field] = waiting.kind.read(self._blank(start, stop, waiting.field))
        elif isinstance(waiting, HeaderTable):
            header = read_header(waiting, self.text, start, stop)
            self.values.update(header.values)
            self.problems.extend(header.problems)
            self.placed.extend(Piece(*span, "words") for span in header.labels)
            self.placed.extend(Piece(begin, end, "blank", field) for begin, end, field in header.blanks)
        elif isinstance(waiting, RepeatedPassages):
            self.values[waiting.field] = self._issues(waiting, start, stop)
        elif isinstance(waiting, DocumentList):
            self.values["documents"] = self._documents(waiting, start, stop)
        elif isinstance(waiting, DecisionSummary):
            self.short = self._blank(start, stop, "in_short")

    def _documents(self, waiting: DocumentList, start: int, stop: int) -> tuple[ReviewedDocument, ...]:
        documents: list[ReviewedDocument] = []
        for numbered, begin, end, document in read_documents(self.text, start, stop):
            self._words((numbered, begin))
            self._blank(begin, end, f"documents[{len(documents)}]")
            documents.append(document)
        if not documents:
            none = self._find(waiting.none, start, stop)
            if none is None:
                self.problems.append("the list of documents reviewed is missing")
            else:
                self._words(none)
        return tuple(documents)

    def _issues(self, each: RepeatedPassages, start: int, stop: int) -> tuple[Issue, ...]:
        """Read the disputed treatments. The label after its heading shows each; it ends where the next begins."""
        labels = each.labels
        firsts = self._first_labels(labels, start, stop)
        if not firsts:
            self._undecided("there is no disputed treatment")
        issues = []
        _, start = self._begin(each, 1, len(firsts), start, firsts[0][0] if firsts else start)
        for number, first in enumerate(firsts, 1):
            until = firsts[number][0] if number < len(firsts) else stop
            heading, decision = self._heading(number, start, first[0])
            cuts = self._cuts(number, labels, first, until)
            end, start = (until, until)
            if number < len(firsts):
                end, start = self._begin(each, number + 1, len(firsts), cuts[-1][0][1], until)
            ends = [span[0] for span, _ in cuts[1:]] + [end]
            texts = {
                field: one_line(self._blank(self._words(span), end, f"issues[{number - 1}].{field}"))
                for (span, field), end in zip(cuts, ends, strict=True)
            }
            if decision is not None:
                issues.append(_issue(heading, decision, texts))
        return tuple(issues)

    def _begin(self, each: RepeatedPassages, number: int, total: int, start: int, stop: int) -> Span:
        """Give where the item before `number` ends, and where the heading of `number` begins."""
        if each.count is None:
            place = start if number == 1 else self._next_heading(number, start, stop)
            return place, place
        counts = list(pattern(each.count.wordings[0]).finditer(self.text, start, stop))
        if not counts:
            self._undecided(f"item {number} of {total} is not numbered, so its heading cannot be determined")
            return start, start
        if [int(part) for part in counts[-1].groups()] != [number, total]:
            self._undecided(
                f"“{one_line(counts[-1][0])}” is in the place of item {number} of {total}: an item is missing"
            )
        self._words(counts[-1].span())
        return counts[-1].span()

    def _first_labels(self, labels: Labels, start: int, stop: int) -> list[Span]:
        """Give the label after the heading of each treatment, also if a scan damaged it."""
        first, following = labels[0][0], [label for label, _ in labels[1:]]
        found = [match.span() for w in first.wordings for match in pattern(w).finditer(self.text, start, stop)]
        found.sort()
        edges = [start, *(span[1] for span in found), stop]
        for begin, end in pairwise(edges):
            # A label that comes a second time belongs to a treatment whose first label is damaged or missing.
            seconds = [self._second(label, begin, end, begin == start) for label in following]
            second = min((place for place in seconds if place is not None), default=None)
            if second is None:
                continue
            span = find_alike(first, self.text, begin, second)
            if span is None:
                self._undecided(
                    "a treatment has no Claims Administrator guideline, so its heading cannot be determined"
                )
            else:
                found.append(span)
        return sorted(found)

    def _second(self, label: FixedWords, start: int, stop: int, at_once: bool) -> int | None:
        once = find(label, self.text, start, stop)
        twice = once and (once if at_once else find(label, self.text, once[1], stop))
        return twice[0] if twice else None

    def _heading(self, number: int, start: int, stop: int) -> tuple[str, Decision | None]:
        """Give the heading that ends at `stop`, and the decision at its end."""
        end = start + len(self.text[start:stop].rstrip())
        match = _DECIDED.search(self.text, max(start, end - 60), end)
        decision = FieldKind.DECISION.read(_alike(match)) if match else None
        if match is None or decision is None:
            heading = one_line(self._blank(start, stop, f"issues[{number - 1}].heading"))
            self._undecided(f"item {number} ({heading}) has no decision; it must end with “: Upheld” or “: Overturned”")
            return heading, None
        heading = one_line(self._blank(start, match.start(), f"issues[{number - 1}].heading"))
        self._words(match.span("mark"))
        self.placed.append(Piece(*match.span("decision"), "blank", f"issues[{number - 1}].decision"))
        if not heading:
            self.problems.append(f"item {number} has no heading")
        return heading, decision

    def _cuts(self, number: int, labels: Labels, first: Span, stop: int) -> list[tuple[Span, str]]:
        """Give the labels of one treatment, each with the field that it names."""
        cuts = [(first, labels[0][1].field)]
        for label, blank in labels[1:]:
            span = self._find(label, cuts[-1][0][1], stop)
            if span is None:
                self.problems.append(f"item {number} has no “{label.wordings[0].rstrip(':')}”")
            else:
                cuts.append((span, blank.field))
        return cuts

    def _next_heading(self, number: int, start: int, stop: int) -> int:
        """Give where the heading of the item `number` begins, whose decision ends at `stop`."""
        place = headings.start_of_heading(self.text, start, stop)
        if place is None:
            self.problems.append(
                f"where the heading of item {number} begins cannot be determined from the item before it"
            )
            return start
        return place

    def _undecided(self, problem: str) -> None:
        self.problems.append(problem)
        self.incomplete = True

    def _determination(self) -> Determination | None:
        """Give the determination, or None if a treatment lacks its decision."""
        if self.incomplete:
            return None
        blank = {"specialty": "", "summary": "", "organization": "", "licensure": ()}
        dates = dict.fromkeys(field for _, field in IN_ORDER)
        return Determination(**{"case_number": None, "review_type": None, **dates, **blank, **self.values})

    def _check_dates(self) -> None:
        """Check that injury, refusal, application, assignment and decision are in order; a letter where they are not is wrong."""
        known = [(name, self.values[field]) for name, field in IN_ORDER if self.values.get(field) is not None]
        self.problems.extend(
            f"{later} ({second}) is before {earlier} ({first}), which cannot be; see the letter as it was sent"
            for (earlier, first), (later, second) in pairwise(known)
            if second < first
        )

    def _check_short(self) -> None:
        """Report a problem where the summary at the top of the letter contradicts the items."""
        if self.short is None or self.incomplete:
            return
        text, items = summarize_decisions(self.values["issues"])
        if _bare(self.short) != _bare(" ".join([text, *items])):
            self.problems.append("the decisions in short at the top do not agree with the items below")


def _bare(text: str) -> str:
    """Give `text` without white space, hyphens and list marks, which extractors treat differently."""
    return "".join(text.replace("•", "").replace("-", "").split())


def _alike(match: re.Match[str]) -> str:
    """Give the decision as printed, or the form's word that a scan damaged."""
    printed = match["decision"].casefold()
    words = [word.value for word in Decision]
    if printed in words or not match["mark"].strip():
        return printed
    return next(iter(get_close_matches(printed, words, n=1, cutoff=0.75)), printed)


def _issue(heading: str, decision: Decision, texts: dict[str, str]) -> Issue:
    treatment, original, authorized = headings.treatment_of(heading)
    return Issue(
        heading=heading,
        treatment=treatment,
        original_request=original,
        authorized=authorized,
        decision=decision,
        **{"administrator_basis": "", "reviewer_basis": "", "rationale": "", **texts},
    )
