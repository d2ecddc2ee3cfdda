"""The tables. Read through `access`, written through `actions`; nothing else knows them.

Two tables are history and are only ever added to, which a trigger holds up: events, and views of health information. What
history names, a person, a reviewer, a document, is never deleted: a key protects it, or a trigger.
A case row is a shadow that `manage.py rebuild` rebuilds from the events. `CLASSES` says of every column
whether it is personal, about health, or neither (`privacy`).
"""

from imr.web.models.cases import CaseRow, DocumentRow, EventRow, ViewRow
from imr.web.models.parties import MembershipRow, PartyRow, ProposalRow
from imr.web.models.people import AffiliationRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.models.privacy import CLASSES, Privacy
from imr.web.models.sending import OutboxRow, ServiceRow
from imr.web.models.site import FailureRow, GivenUpRow, IdempotencyKeyRow, InstallationRow
from imr.web.models.working import NoteRow, QuarantineRow, UploadRow, WorkingCopyRow

__all__ = [
    "CLASSES",
    "AffiliationRow",
    "CaseRow",
    "DocumentRow",
    "EventRow",
    "FailureRow",
    "GivenUpRow",
    "IdempotencyKeyRow",
    "InstallationRow",
    "MembershipRow",
    "NoteRow",
    "OrganizationRow",
    "OutboxRow",
    "PartyRow",
    "PersonRow",
    "Privacy",
    "ProposalRow",
    "QuarantineRow",
    "ReviewerRow",
    "ServiceRow",
    "UploadRow",
    "ViewRow",
    "WorkingCopyRow",
]
