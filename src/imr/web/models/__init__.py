"""The tables. Read through `access`, written through `actions`.

Six tables are append-only history, which a trigger enforces: events, the audit log, the seals that chain it, signing keys, and the
changes of accounts with their answers. A person, reviewer or document that the history names is never deleted: a foreign key or a trigger protects it. A case row is derived from the events,
and `manage.py rebuild` rebuilds it. `CLASSES` says of every column whether it is personal, about health, or neither
(`privacy`).
"""

from imr.web.models.accounts import AccountAnswerRow, AccountChangeRow
from imr.web.models.audit import AnchoredCaseRow, AnchorRow, LogSealRow, RepeatedEntryRow, ViewRow
from imr.web.models.cases import CaseRow, DocumentRow, EventRow
from imr.web.models.parties import MembershipRow, PartyRow, ProposalRow
from imr.web.models.people import AffiliationRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.models.privacy import CLASSES, Privacy
from imr.web.models.sending import OutboxRow, ServiceRow
from imr.web.models.signing import SigningKeyRow
from imr.web.models.site import FailureRow, GivenUpRow, IdempotencyKeyRow, InstallationRow
from imr.web.models.working import NoteRow, QuarantineRow, UploadRow, WorkingCopyRow

__all__ = [
    "CLASSES",
    "AccountAnswerRow",
    "AccountChangeRow",
    "AffiliationRow",
    "AnchorRow",
    "AnchoredCaseRow",
    "CaseRow",
    "DocumentRow",
    "EventRow",
    "FailureRow",
    "GivenUpRow",
    "IdempotencyKeyRow",
    "InstallationRow",
    "LogSealRow",
    "MembershipRow",
    "NoteRow",
    "OrganizationRow",
    "OutboxRow",
    "PartyRow",
    "PersonRow",
    "Privacy",
    "ProposalRow",
    "QuarantineRow",
    "RepeatedEntryRow",
    "ReviewerRow",
    "ServiceRow",
    "SigningKeyRow",
    "UploadRow",
    "ViewRow",
    "WorkingCopyRow",
]
