"""The concerns of the checks on a page, each with the sentence, the evidence and the law, and a field to answer a question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from imr.case.answers import ConcernAnswer, ConcernAnswers
from imr.checks import Concern, Evidence, Severity, as_paragraph, would_change
from imr.determination.model import Determination

#: The prefix of the name of the field that answers a concern.
FIELD = "answer-"


@dataclass(frozen=True, slots=True)
class Shown:
    """A concern as a page shows it, with its present answer; each piece of evidence with the address of its page."""

    concern: Concern
    answer: str = ""
    evidence: tuple[tuple[Evidence, str], ...] = ()

    @property
    def field(self) -> str:
        """Return the name of the field that answers it."""
        return f"{FIELD}{self.concern.id}"

    @property
    def asks(self) -> bool:
        """Return whether the reviewer may answer it in words."""
        return self.concern.severity is Severity.ASK

    @property
    def open(self) -> bool:
        """Return whether it blocks the step."""
        return self.concern.severity is Severity.STOP or (self.asks and not self.answer.strip())

    @property
    def verified(self) -> bool:
        """Return whether the text of every provision that it rests on was seen."""
        return all(citation.known.verified for citation in self.concern.under)


def shown(
    concerns: Iterable[Concern], answers: ConcernAnswers, number: str, sent: Mapping[str, str] | None = None
) -> list[Shown]:
    """Return the concerns with the answers that were sent, else with the present ones; evidence opens in the case file."""
    data = sent or {}
    return [
        Shown(
            concern,
            str(data.get(f"{FIELD}{concern.id}", answers.to(concern.id))),
            tuple((item, _address(item, number)) for item in concern.evidence),
        )
        for concern in concerns
    ]


#: How many words of a piece of evidence are marked on its page: enough to find them, few enough for a page read by OCR.
_MARKED = 6


def _address(item: Evidence, number: str) -> str:
    """Return the address of the page of evidence in the case file, with its words marked; empty for a place in the letter itself."""
    if not item.file or item.file_page is None:
        return ""
    words = item.words.split()
    middle = words[1 : _MARKED + 1] if len(words) > _MARKED + 1 else words
    place = {"number": number, "digest": item.file, "page": item.file_page}
    return f"{reverse('cases:page', kwargs=place)}?{urlencode({'q': ' '.join(middle)})}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What would change the decision on a treatment, as a paragraph that the reviewer may add to the letter."""

    issue: int
    heading: str
    paragraph: str


def offers(draft: Determination | None) -> list[Offer]:
    """Return, for each upheld treatment of a draft, what was missing, where something was."""
    issues = draft.issues if draft else ()
    found = ((n, issue, as_paragraph(would_change(draft, n))) for n, issue in enumerate(issues, 1) if draft)
    return [Offer(n, issue.heading, paragraph) for n, issue, paragraph in found if paragraph]


def answers_from(sent: Mapping[str, str]) -> ConcernAnswers:
    """Return the answers to concerns in a form that was sent; an empty field is no answer."""
    named = ((name.removeprefix(FIELD), sent[name].strip()) for name in sorted(sent) if name.startswith(FIELD))
    return ConcernAnswers(
        given=tuple(ConcernAnswer(concern=concern, reason=reason) for concern, reason in named if reason)
    )
