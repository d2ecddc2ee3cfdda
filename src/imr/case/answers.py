"""What the checks of a draft left standing, and the reviewer's answers to it.

The checks look at health information, so that a case cannot run them: who takes the step brings the names of what they
found, as digests of the words, and the step says whether it stands in the way. A stop is mended in the draft; an ask is
answered in words. The words are a document of their own; the event keeps its digest.
"""

from dataclasses import dataclass
from typing import Annotated

from imr.case.findings import finding
from imr.case.marks import Input
from imr.law.rule import Finding, labor_code

#: What a determination is set aside for: a plainly erroneous finding of fact.
PLAIN_ERROR = labor_code("4610.6(h)(5)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checks found in a draft, by name: what stops the step, and what needs an answer."""

    stops: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswer:
    """Why the draft stands as it is, to one concern by its name."""

    concern: Annotated[str, Input("Name of the concern")]
    reason: Annotated[str, Input("Why the draft stands as it is", multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswers:
    """The reviewer's answers, each to one concern."""

    given: Annotated[
        tuple[ConcernAnswer, ...], Input("Answer to a check", "Where the draft stands as it is, say why.")
    ] = ()

    def to(self, concern: str) -> str:
        """The reason given to a concern; nothing where there is none in words."""
        return next((answer.reason.strip() for answer in self.given if answer.concern == concern), "")


UNCHECKED, UNANSWERED = Checked(), ConcernAnswers()


def _kinds(names: list[str] | tuple[str, ...]) -> str:
    """The checks that the names of concerns begin with: a name ends with a digest, which tells a person nothing."""
    return ", ".join(dict.fromkeys(name.rpartition("-")[0] for name in names))


def settled(checked: Checked, answers: ConcernAnswers) -> tuple[Finding, ...]:
    """Whether nothing that the checks found stands in the way: no stop, and a reason to each ask."""
    open_ones = [name for name in checked.asks if not answers.to(name)]
    return (
        finding(
            "no check stops the draft",
            not checked.stops,
            "the checks stop the draft ({stops}): mend it",
            PLAIN_ERROR,
            stops=_kinds(checked.stops),
        ),
        finding(
            "every question of the checks is answered",
            not open_ones,
            "open questions of the checks: {number} ({asks}); mend the draft, or say why it stands as it is",
            PLAIN_ERROR,
            number=len(open_ones),
            asks=_kinds(open_ones),
        ),
    )
