"""Concerns that the checks of a draft raise, and the reviewer's answers to them.

The checks look at health information, and a case holds none: so it does not run them. The caller of the step supplies the
names of the concerns, as digests of their words, and the step says whether they block it. A stop is fixed in the draft; an ask is
answered in words. The words are a document of their own; the event keeps its digest.
"""

from dataclasses import dataclass
from typing import Annotated

from imr.case.findings import finding
from imr.case.marks import Input
from imr.law.rule import Finding, labor_code

#: The ground on which a determination is set aside for a wrong fact: a plainly erroneous finding of fact.
PLAIN_ERROR = labor_code("4610.6(h)(5)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The concerns that the checks raise about a draft, by name: those that stop the step, and those that need an answer."""

    stops: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswer:
    """An answer to one concern: the reason why the draft needs no change."""

    concern: Annotated[str, Input("Name of the concern")]
    reason: Annotated[str, Input("Why the draft needs no change", multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswers:
    """The reviewer's answers, one for each concern."""

    given: Annotated[
        tuple[ConcernAnswer, ...], Input("Answer to a check", "If the draft needs no change, say why.")
    ] = ()

    def to(self, concern: str) -> str:
        """Give the reason given to a concern; empty if there is none."""
        return next((answer.reason.strip() for answer in self.given if answer.concern == concern), "")


UNCHECKED, UNANSWERED = Checked(), ConcernAnswers()


def _kinds(names: list[str] | tuple[str, ...]) -> str:
    """Give the names of the checks: the part of a concern's name before its digest, which means nothing to people."""
    return ", ".join(dict.fromkeys(name.rpartition("-")[0] for name in names))


def settled(checked: Checked, answers: ConcernAnswers) -> tuple[Finding, ...]:
    """Find whether the concerns block the step: there is no stop, and every ask has a reason."""
    open_ones = [name for name in checked.asks if not answers.to(name)]
    return (
        finding(
            "no check stops the draft",
            not checked.stops,
            "the checks stop the draft ({stops}): correct it",
            PLAIN_ERROR,
            stops=_kinds(checked.stops),
        ),
        finding(
            "every question of the checks is answered",
            not open_ones,
            "open questions of the checks: {number} ({asks}); correct the draft, or say why it needs no change",
            PLAIN_ERROR,
            number=len(open_ones),
            asks=_kinds(open_ones),
        ),
    )
