"""The concerns of the checks on a page, each with the sentence, the evidence and the law, and a field to answer an ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from imr.case.answers import Answer, Answers
from imr.checks import Concern, Severity

#: The field of a form that answers a concern, before its name.
FIELD = "answer-"


@dataclass(frozen=True, slots=True)
class Shown:
    """A concern as a page shows it, with the answer that stands."""

    concern: Concern
    answer: str = ""

    @property
    def field(self) -> str:
        """The name of the field that answers it."""
        return f"{FIELD}{self.concern.id}"

    @property
    def asks(self) -> bool:
        """True where the reviewer may answer it in words."""
        return self.concern.severity is Severity.ASK

    @property
    def open(self) -> bool:
        """True where it stands in the way."""
        return self.concern.severity is Severity.STOP or (self.asks and not self.answer.strip())

    @property
    def verified(self) -> bool:
        """False where the text of a provision that it rests on was not seen."""
        return all(citation.known.verified for citation in self.concern.under)


def shown(concerns: Iterable[Concern], answers: Answers, sent: Any = None) -> list[Shown]:
    """The concerns with what was sent in answer, else with the answers that stand."""
    said = sent or {}
    return [Shown(concern, str(said.get(f"{FIELD}{concern.id}", answers.to(concern.id)))) for concern in concerns]


def given(sent: Any) -> Answers:
    """The answers that a form sent, those in words."""
    named = ((name.removeprefix(FIELD), sent[name].strip()) for name in sorted(sent) if name.startswith(FIELD))
    return Answers(given=tuple(Answer(concern=concern, reason=reason) for concern, reason in named if reason))
