"""The public version of a determination (LC 4610.6(m), 8 CCR 9792.10.9), without the identifiers of the parties.

Nothing is blacked out: the words are removed from the value, and the public letter is written again from the rest, with
a bracketed description of what was there. Identifiers that nobody listed cannot be found, and an ordinary word may be
taken for a name: a person looks at every replacement (`replacements`), says which words stay and which others go
(`Choices`), and then publishes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter

from imr.determination.fields import paragraphs
from imr.determination.headings import treatment_of
from imr.determination.identifiers import ANYBODY, Identifiers, exact_pattern, identifier_patterns, unaccented
from imr.determination.model import Determination, Issue
from imr.determination.name_patterns import is_titled
from imr.determination.typography import visible
from imr.determination.vocabulary import KEPT

__all__ = ["AS_FOUND", "Choices", "Identifiers", "Redaction", "Replacement", "redact", "replacements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A person's decisions on the replacements: wordings that stay as they are, and further wordings to replace."""

    stay: tuple[str, ...] = ()
    go: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A wording that was replaced, its replacement, how often, and the words around the first place."""

    was: str
    now: str
    times: int
    around: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """The replacements that a person looks at before a determination is published, and the decisions on them."""

    replaced: tuple[Replacement, ...]
    choices: Choices


#: Nobody decided anything.
AS_FOUND = Choices()


def redact(determination: Determination, parties: Iterable[Identifiers], choices: Choices = AS_FOUND) -> Determination:
    """Give the determination without names, addresses, numbers and dates of birth of `parties`, and without authors.

    The number of the review and its dates stay, as in the Division's publications.
    """
    return _redacted(determination, _TakenOut(parties, determination, choices))


def replacements(
    determination: Determination, parties: Iterable[Identifiers], choices: Choices = AS_FOUND
) -> Redaction:
    """Give the wordings that `redact` replaces, each once, in the order of the letter, with the choices."""
    taken_out = _TakenOut(parties, determination, choices)
    _redacted(determination, taken_out)
    return Redaction(replaced=tuple(taken_out.taken.values()), choices=choices)


def _redacted(determination: Determination, taken_out: "_TakenOut") -> Determination:
    return replace(
        determination,
        specialty=taken_out(determination.specialty),
        summary=taken_out(determination.summary),
        issues=tuple(_issue(issue, taken_out) for issue in determination.issues),
        documents=tuple(
            replace(document, title=taken_out(document.title), author=None) for document in determination.documents
        ),
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


#: The number of characters shown on each side of a replaced wording.
_AROUND = 45


class _TakenOut:
    """Replaces identifiers in the texts of a determination, and records what it replaced."""

    def __init__(self, parties: Iterable[Identifiers], determination: Determination, choices: Choices) -> None:
        whole = visible(" ".join(_texts(determination)))
        found = [form for party in parties for form in identifier_patterns(party, whole)]
        # The longest first, so that a whole address goes before its street.
        found = sorted(dict.fromkeys(found), key=lambda form: -len(form[0])) + list(ANYBODY)
        found = [*((exact_pattern(wording), "[name]") for wording in choices.go if wording.strip()), *found]
        self._forms = [(re.compile(source), replacement) for source, replacement in found]
        self._any = re.compile("|".join(source for source, _ in found))
        self._stay = frozenset(map(_settled, choices.stay))
        self.taken: dict[tuple[str, str], Replacement] = {}

    def __call__(self, text: str) -> str:
        return "\n\n".join(map(self._taken_out, paragraphs(visible(text))))

    def _taken_out(self, text: str) -> str:
        left, place = [], 0
        plain = unaccented(text)
        kept = [found.span() for found in KEPT.finditer(plain)]
        at = 0
        while (found := self._any.search(plain, at)) is not None:
            start = found.start()
            # Of the forms that match here, the longest: one person's first name may be another's too.
            end, replacement = max(
                (
                    (match.end(), replacement)
                    for form, replacement in self._forms
                    if (match := form.match(plain, start))
                ),
                key=itemgetter(0),
            )
            at = max(end, start + 1)
            if self._stays(text[start:end], plain, start, end, kept):
                continue
            self._keep(text, start, end, replacement)
            left += [text[place:start], replacement]
            place = end
        return "".join([*left, text[place:]])

    def _stays(self, was: str, plain: str, start: int, end: int, kept: list[tuple[int, int]]) -> bool:
        """Say whether a wording stays: a person said so, or it is no name here, as in an eponym such as Phalen's test."""
        if _settled(was) in self._stay:
            return True
        return any(first <= start and end <= last for first, last in kept) and not is_titled(plain, start)

    def _keep(self, text: str, start: int, end: int, replacement: str) -> None:
        was = " ".join(text[start:end].split())
        before = self.taken.get((was, replacement))
        if before is not None:
            self.taken[was, replacement] = replace(before, times=before.times + 1)
            return
        around = f"{text[max(0, start - _AROUND) : start]}{was}{text[end : end + _AROUND]}"
        self.taken[was, replacement] = Replacement(was=was, now=replacement, times=1, around=" ".join(around.split()))


def _settled(wording: str) -> str:
    return " ".join(unaccented(wording).casefold().split())
