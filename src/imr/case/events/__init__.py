"""The events of a case. An event is a frozen value with the change that it makes; only events change a case.

Kinds are stable words: add, never rename. Events hold digests, decisions, numbers, dates, roles and opaque ids; no
name and nothing about health. A field marked `Confidential` never leaves the review organization: outsiders get a seal.
"""

from imr.case.events.consent import ConsentExclusionMarked, ConsentWithdrawn
from imr.case.events.ending import (
    EndingAnswered,
    EndingReported,
    EndingReportWithdrawn,
    ReviewReopened,
    ReviewTerminated,
)
from imr.case.events.event import Confidential, Event
from imr.case.events.filing import CaseFileBound, DocumentCorrected, RecordWithheld
from imr.case.events.intake import (
    ApplicationReceived,
    ApplicationWithdrawn,
    ConvertedToExpedited,
    FoundEligible,
    FoundIneligible,
    InformationAnswered,
    InformationAsked,
    OrganizationAssigned,
)
from imr.case.events.letters import LetterServed
from imr.case.events.release import (
    AppealReceived,
    DeterminationAffirmed,
    DeterminationImplemented,
    DeterminationIssued,
    DeterminationPublished,
    DeterminationReversed,
    PublicationWithdrawn,
)
from imr.case.events.remand import Remanded, RemandOpened
from imr.case.events.review import (
    DeclineReason,
    DeterminationSigned,
    DraftPassed,
    DraftReturned,
    DraftSaved,
    DraftSubmitted,
    IdentitySettled,
    IndependenceAttested,
    RecordsAsked,
    RecordsCompleted,
    RecordsOverdue,
    RecordsReceived,
    ReviewerAssigned,
    ReviewerDeclined,
    ReviewerReleased,
    TimeExtended,
)

__all__ = [
    "KINDS",
    "RETIRED",
    "AppealReceived",
    "ApplicationReceived",
    "ApplicationWithdrawn",
    "CaseFileBound",
    "Confidential",
    "ConsentExclusionMarked",
    "ConsentWithdrawn",
    "ConvertedToExpedited",
    "DeclineReason",
    "DeterminationAffirmed",
    "DeterminationImplemented",
    "DeterminationIssued",
    "DeterminationPublished",
    "DeterminationReversed",
    "DeterminationSigned",
    "DocumentCorrected",
    "DraftPassed",
    "DraftReturned",
    "DraftSaved",
    "DraftSubmitted",
    "EndingAnswered",
    "EndingReportWithdrawn",
    "EndingReported",
    "Event",
    "FoundEligible",
    "FoundIneligible",
    "IdentitySettled",
    "IndependenceAttested",
    "InformationAnswered",
    "InformationAsked",
    "LetterServed",
    "OrganizationAssigned",
    "PublicationWithdrawn",
    "RecordWithheld",
    "RecordsAsked",
    "RecordsCompleted",
    "RecordsOverdue",
    "RecordsReceived",
    "RemandOpened",
    "Remanded",
    "ReviewReopened",
    "ReviewTerminated",
    "ReviewerAssigned",
    "ReviewerDeclined",
    "ReviewerReleased",
    "TimeExtended",
]

#: Every kind of event, by its stable word. This is the one registry.
KINDS: dict[str, type[Event]] = {
    cls.kind: cls
    for cls in (
        ApplicationReceived,
        InformationAsked,
        InformationAnswered,
        FoundEligible,
        FoundIneligible,
        OrganizationAssigned,
        LetterServed,
        ConvertedToExpedited,
        RecordsReceived,
        DocumentCorrected,
        RecordWithheld,
        ConsentWithdrawn,
        ConsentExclusionMarked,
        RecordsOverdue,
        RecordsCompleted,
        CaseFileBound,
        ReviewerAssigned,
        IdentitySettled,
        IndependenceAttested,
        ReviewerDeclined,
        ReviewerReleased,
        RecordsAsked,
        DraftSaved,
        DraftSubmitted,
        DraftReturned,
        DraftPassed,
        DeterminationSigned,
        DeterminationIssued,
        DeterminationImplemented,
        DeterminationPublished,
        PublicationWithdrawn,
        ApplicationWithdrawn,
        EndingReported,
        EndingAnswered,
        EndingReportWithdrawn,
        ReviewTerminated,
        ReviewReopened,
        TimeExtended,
        AppealReceived,
        DeterminationAffirmed,
        DeterminationReversed,
        RemandOpened,
        Remanded,
    )
}

#: The kinds that no step produces any more. Histories that contain them are still replayed.
RETIRED: frozenset[type[Event]] = frozenset({DraftSaved})
