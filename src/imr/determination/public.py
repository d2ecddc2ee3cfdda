"""The public version of a determination (LC 4610.6(m), 8 CCR 9792.10.9): what identifies a party is not in it.

Nothing is blacked out: the words are taken out of the value, and the public letter is written anew from what is left,
with what was there named in brackets. What nobody listed cannot be known; a person reads the public version first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from imr.determination.blanks import paragraphs
from imr.determination.headings import treatment_of
from imr.determination.identifiers import ANYBODY, Identifiers, forms, unaccented
from imr.determination.model import Determination, Issue, ReviewedDocument
from imr.determination.typography import visible

__all__ = ["Identifiers", "redact"]


def redact(determination: Determination, parties: Iterable[Identifiers]) -> Determination:
    """The determination without names, addresses, numbers and dates of birth of `parties`, and without authors.

    The number of the review and its days stay, as the Division publishes them.
    """
    taken_out = _TakenOut(parties, " ".join(_texts(determination)))
    return replace(
        determination,
        specialty=taken_out(determination.specialty),
        summary=taken_out(determination.summary),
        issues=tuple(_issue(issue, taken_out) for issue in determination.issues),
        documents=tuple(_document(document, taken_out) for document in determination.documents),
    )


def _texts(determination: Determination) -> Iterator[str]:
    yield from (determination.specialty, determination.summary)
    for issue in determination.issues:
        yield from (issue.heading, issue.administrator_basis, issue.reviewer_basis, issue.rationale)
    yield from (document.title for document in determination.documents)


def _issue(issue: Issue, taken_out: "_TakenOut") -> Issue:
    heading = taken_out(issue.heading)
    treatment, original, authorized = treatment_of(heading)
    return Issue(
        heading=heading,
        treatment=treatment,
        original_request=original,
        authorized=authorized,
        decision=issue.decision,
        administrator_basis=taken_out(issue.administrator_basis),
        reviewer_basis=taken_out(issue.reviewer_basis),
        rationale=taken_out(issue.rationale),
    )


def _document(document: ReviewedDocument, taken_out: "_TakenOut") -> ReviewedDocument:
    return replace(document, title=taken_out(document.title), author=None)


class _TakenOut:
    """What to take out of the texts of a determination, `whole` together, and what to say in its place."""

    def __init__(self, parties: Iterable[Identifiers], whole: str) -> None:
        whole = visible(whole)
        found = [form for party in parties for form in forms(party, whole)]
        # The longest first, so that a whole address goes before its street.
        found = sorted(dict.fromkeys(found), key=lambda form: -len(form[0])) + list(ANYBODY)
        self._said = [said for _, said in found]
        self._any = re.compile("|".join(f"({source})" for source, _ in found))

    def __call__(self, text: str) -> str:
        return "\n\n".join(map(self._taken_out, paragraphs(visible(text))))

    def _taken_out(self, text: str) -> str:
        left, place = [], 0
        for match in self._any.finditer(unaccented(text)):
            left += [text[place : match.start()], self._said[(match.lastindex or 1) - 1]]
            place = match.end()
        return "".join([*left, text[place:]])
