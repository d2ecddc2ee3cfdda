"""Lists, for an upheld treatment, what the rationale says was missing, for the next request."""

from dataclasses import dataclass

from imr.checks.absence import missing_words
from imr.checks.claims import claims
from imr.checks.consistency import EXCEEDS
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Context
from imr.determination import Decision, Determination


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that was missing: what to document, in a line, and the sentence of the rationale that says so."""

    what: str
    sentence: str


#: How the list begins in a letter, and how it began once; a rationale that holds either has its list.
_OPENING = "A new request would be judged on its own."
_EARLIER_OPENING = r"A new request would be judged anew."


def would_change(determination: Determination, issue: int) -> tuple[Missing, ...]:
    """Give what was missing for the issue of this number (from 1), where it was upheld; nothing where it was overturned."""
    part = Draft(determination, None, Context()).parts[issue - 1]
    said = _OPENING in part.issue.rationale or _EARLIER_OPENING in part.issue.rationale
    return _missing(part) if part.issue.decision is Decision.UPHELD and not said else ()


def _missing(part: DraftIssue) -> tuple[Missing, ...]:
    found: dict[str, Missing] = {}
    for claim in claims(part.sentences):
        for matter in claim.matters:
            found.setdefault(matter.asks, Missing(matter.asks, claim.sentence.words))
        if (
            not claim.matters
            and 4 <= len(claim.missing.split()) <= 30
            and "medical necessity" not in claim.missing.lower()
        ):
            words = claim.missing.removeprefix("of ").removeprefix("that ").removeprefix("as to ").strip(" .,")
            found.setdefault(words.lower(), Missing(words, claim.sentence.words))
    for sentence in part.sentences:
        if EXCEEDS.search(sentence.words) and not missing_words(sentence):
            found.setdefault(
                "more", Missing("why more than the guideline recommends is necessary for this employee", sentence.words)
            )
    return tuple(found.values())


def as_paragraph(missing: tuple[Missing, ...]) -> str:
    """Write the list as sentences for the letter; empty where nothing was missing."""
    if not missing:
        return ""
    items = "; ".join(f"({n}) {item.what}" for n, item in enumerate(missing, 1))
    return f"{_OPENING} It would help if the requesting physician documented: {items}."
