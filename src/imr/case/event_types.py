"""The one table of events, a row a kind: its title, and who sees it in the history of a case; and the words of its details.

A kind without a row is an error at import: there is no default for who may see what happened. The kinds themselves, which histories
store, are in `events`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imr.case.events import KINDS
from imr.errors import ImrError
from imr.law.disclosure import Thing


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event as the history of a case shows it: its title, and who sees it.

    `within` is the thing that a role must be allowed to see (`law.disclosure`); without one, every party of the case sees
    the event. An event with `is_news` is reported by mail, and a page that was opened before it is out of date.
    """

    title: str
    within: Thing | None
    is_news: bool = True


_FOR_PARTIES = None

EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        "application-received": EventType("Application received", _FOR_PARTIES),
        "information-asked": EventType("Information asked", _FOR_PARTIES),
        "information-answered": EventType("Information answered", _FOR_PARTIES),
        "found-eligible": EventType("Found eligible", _FOR_PARTIES),
        "found-ineligible": EventType("Found ineligible", _FOR_PARTIES),
        "organization-assigned": EventType("Taken by the review organization", _FOR_PARTIES),
        "letter-served": EventType("Letter served", _FOR_PARTIES, is_news=False),
        "converted-to-expedited": EventType("Converted to expedited", _FOR_PARTIES),
        "records-received": EventType("Records received", _FOR_PARTIES),
        "document-corrected": EventType("Document corrected", _FOR_PARTIES),
        "record-withheld": EventType("Record withheld", _FOR_PARTIES),
        "consent-withdrawn": EventType("Consent withdrawn", _FOR_PARTIES),
        "consent-exclusion-marked": EventType("Consent exclusion marked", Thing.CONSENT_EXCLUSION),
        "records-overdue": EventType("Records overdue", _FOR_PARTIES),
        "records-completed": EventType("Records completed", _FOR_PARTIES),
        "case-file-bound": EventType("Case file bound", _FOR_PARTIES),
        "reviewer-assigned": EventType("Reviewer assigned", _FOR_PARTIES),
        "identity-settled": EventType("Identity settled", Thing.CONFLICT_SCREENING),
        "independence-attested": EventType("Independence attested", _FOR_PARTIES),
        "reviewer-declined": EventType("Reviewer declined", Thing.REVIEWER_IDENTITY),
        "reviewer-released": EventType("Reviewer released", Thing.REVIEWER_IDENTITY),
        "records-asked": EventType("Records asked", _FOR_PARTIES),
        "draft-saved": EventType("Draft saved", Thing.DRAFT),
        "draft-submitted": EventType("Draft submitted", Thing.DRAFT),
        "draft-returned": EventType("Draft returned", Thing.DRAFT),
        "draft-passed": EventType("Draft passed", Thing.DRAFT),
        "determination-signed": EventType("Determination signed", _FOR_PARTIES),
        "determination-issued": EventType("Determination issued", _FOR_PARTIES),
        "determination-implemented": EventType("Determination implemented", _FOR_PARTIES),
        "determination-published": EventType("Determination published", _FOR_PARTIES),
        "publication-withdrawn": EventType("Publication withdrawn", _FOR_PARTIES),
        "application-withdrawn": EventType("Application withdrawn", _FOR_PARTIES),
        "ending-reported": EventType("End of the dispute reported", _FOR_PARTIES),
        "ending-answered": EventType("Report of the end answered", _FOR_PARTIES),
        "ending-report-withdrawn": EventType("Report of the end taken back", _FOR_PARTIES),
        "review-terminated": EventType("Review terminated", _FOR_PARTIES),
        "review-reopened": EventType("Review opened again", _FOR_PARTIES),
        "time-extended": EventType("Time extended", _FOR_PARTIES),
        "appeal-received": EventType("Appeal received", _FOR_PARTIES),
        "determination-affirmed": EventType("Determination affirmed", _FOR_PARTIES),
        "determination-reversed": EventType("Determination reversed", _FOR_PARTIES),
        "remand-opened": EventType("Remand opened", _FOR_PARTIES),
        "remanded": EventType("Sent to another review", _FOR_PARTIES),
    }
)

# The words of details. A detail that is not named here has the name of its field, with spaces.

#: Findings whose answers were in the form before anybody looked at them.
FINDINGS, BEFORE_ASKED = "findings", "recorded before it was asked"
#: A mark of a record that was taken back.
MARK, TAKEN_BACK = "mark", "taken back"
#: The copies of a letter: for whom they are, how they were served, and who has none yet.
LETTER_FOR, SERVICE, NOT_SERVED = "letter for", "service", "not served yet"
#: The service of a letter.
LETTER, SERVED_ON, HOW, DAY_OF_SERVICE, RECEIVED, KNOWN_BY = (
    "letter", "served on", "how", "day of service", "received", "known by",
)  # fmt: skip
#: How a letter was served by a message.
BY_MESSAGE = "notified by e-mail that it can be read here"
#: The rules that an application does not meet, as a page names the detail `reasons`.
REASONS, NOT_MET = "reasons", "not met"
#: What a page leaves out: it shows the day beside the title, and the rules that were checked are for the chain.
NOT_ON_PAGE = ("on", "at", "received at", "rules", "form supplied", "second factor")


def require_events(kinds: Collection[str], table: Mapping[str, EventType] = EVENT_TYPES) -> None:
    """Raise ImrError where a kind of event has no row, or a row no kind."""
    missing = [kind for kind in kinds if kind not in table]
    if missing:
        raise ImrError(f"case.event_types does not say who sees {', '.join(missing)}: enter a row for each")
    unknown = [kind for kind in table if kind not in kinds]
    if unknown:
        raise ImrError(f"case.event_types has rows for what never happens: {', '.join(unknown)}")


require_events(KINDS)
