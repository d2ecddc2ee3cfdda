"""Of every column, what it can tell about a person; a test checks that it is complete."""

from enum import Enum

from django.db import models

from imr.web.models.accounts import AccountAnswerRow, AccountChangeRow
from imr.web.models.audit import AnchoredCaseRow, AnchorRow, LogSealRow, RepeatedEntryRow, ViewRow
from imr.web.models.cases import CaseRow, DocumentRow, EventRow
from imr.web.models.parties import MembershipRow, PartyRow, ProposalRow
from imr.web.models.people import AffiliationRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.models.sending import OutboxRow, ServiceRow
from imr.web.models.signing import SigningKeyRow
from imr.web.models.site import FailureRow, GivenUpRow, IdempotencyKeyRow, InstallationRow
from imr.web.models.working import NoteRow, QuarantineRow, UploadRow, WorkingCopyRow


class Privacy(Enum):
    """What a column can tell about a person."""

    PERSONAL = "personal"
    HEALTH = "health"
    NEITHER = "neither"


_P, _H, _N = Privacy.PERSONAL, Privacy.HEALTH, Privacy.NEITHER

#: Of every column, what it can tell about a person. A new column without its line fails the tests.
CLASSES: dict[type[models.Model], dict[str, Privacy]] = {
    OrganizationRow: {"id": _N, "name": _N},
    ReviewerRow: {"id": _P, "facts": _P, "available": _P, "capacity": _P, "terms": _P},
    AffiliationRow: {"id": _N, "facts": _P},
    PersonRow: {
        "id": _P, "password": _P, "last_login": _P, "is_superuser": _N, "email": _P, "name": _P, "roles": _P,
        "organization": _P, "reviewer": _P, "is_active": _N, "is_staff": _N, "joined_at": _P, "signs_from": _P,
        "groups": _N, "user_permissions": _N,
    },
    AccountChangeRow: {
        "id": _N, "at": _N, "by": _P, "person": _P, "kind": _N, "before": _P, "after": _P, "why": _P,
    },
    AccountAnswerRow: {"change": _N, "at": _N, "by": _P, "confirmed": _N, "made": _P},
    EventRow: {
        "id": _N, "case": _N, "number": _N, "at": _N, "by_role": _N, "by_id": _P, "kind": _N, "data": _P, "previous": _N,
        "key": _P, "digest": _N,
    },
    CaseRow: {
        "number": _N, "events": _N, "stage": _N, "review_type": _N, "received_at": _N, "changed_at": _N, "due_at": _N,
        "due_title": _N, "due_role": _N, "employee": _P, "claim": _P, "born_on": _P, "ur_decided_on": _N, "names": _P, "treatments": _H,
        "reviewer": _P, "administrator": _N, "physician": _P, "matter": _H, "outcome": _N, "issued_on": _N, "published_on": _N,
        "set_aside_on": _N, "withdrawn_on": _N, "consent_withdrawn_on": _N,
    },
    MembershipRow: {
        "id": _N, "case": _N, "role": _N, "person": _P, "organization": _N, "since": _N, "until": _N, "party_name": _P,
        "party_email": _P,
    },
    PartyRow: {"id": _N, "case": _N, "role": _N, "name": _P, "email": _P, "address": _P},
    ProposalRow: {
        "id": _N, "case": _N, "role": _N, "person": _P, "organization": _N, "why": _P, "at": _N, "settled_by": _P,
        "settled_at": _N, "accepted": _N, "code": _N, "code_until": _N, "joined_at": _N, "joined_by": _P,
    },
    DocumentRow: {
        "id": _N, "case": _N, "digest": _N, "paper": _N, "kind": _H, "mental_health": _H, "title": _H, "media_type": _N,
        "size": _N, "pages": _N, "scripted": _N, "sender": _N, "sent_by": _P, "at": _N,
    },
    ViewRow: {
        "id": _N, "at": _N, "person": _P, "role": _N, "case": _N, "thing": _N, "digest": _N, "action": _N, "cases": _N,
        "address": _P, "device": _P, "session": _P, "detail": _P,
    },
    RepeatedEntryRow: {"id": _N, "hour": _N, "action": _N, "person": _P, "address": _P, "count": _N},
    LogSealRow: {"number": _N, "at": _N, "last": _N, "entries": _N, "previous": _N, "digest": _N},
    AnchorRow: {"number": _N, "at": _N, "digest": _N, "text": _N, "kept_at": _N, "stamped_at": _N},
    AnchoredCaseRow: {"case": _N, "events": _N},
    SigningKeyRow: {
        "number": _N, "at": _N, "kind": _N, "key": _P, "reviewer": _P, "salt": _N, "person": _P, "credential": _P, "public_key": _P, "site": _N,
        "proof": _P, "valid_from": _N, "reason": _P,
    },
    NoteRow: {"id": _N, "case": _N, "digest": _N, "page": _N, "person": _P, "text": _H, "at": _N},
    WorkingCopyRow: {
        "id": _N, "person": _P, "kind": _N, "key": _N, "version": _N, "content": _H, "saved_at": _N,
    },
    UploadRow: {
        "id": _N, "case": _N, "person": _P, "name": _P, "place": _N, "size": _N, "offset": _N, "sha256": _N, "counted": _N, "until": _N,
    },
    QuarantineRow: {
        "id": _N, "case": _N, "digest": _N, "name": _P, "size": _N, "reason": _P, "sender": _N, "sent_by": _P, "at": _N,
    },
    FailureRow: {
        "id": _N, "task": _N, "subject": _N, "problem": _P, "since": _N, "tried_at": _N, "attempts": _N, "next_at": _N, "over_at": _N,
    },
    OutboxRow: {
        "id": _N, "case": _N, "event": _N, "person": _P, "address": _P, "subject": _N, "text": _P, "created_at": _N,
        "next_at": _N, "sent_at": _N, "attempts": _N, "problem": _N,
    },
    ServiceRow: {
        "id": _N, "case": _N, "event": _N, "letter": _N, "role": _N, "channel": _N, "name": _P, "address": _P, "document": _N,
        "messages": _N, "at": _N, "sent_at": _N, "served_on": _N, "known": _N,
    },
    InstallationRow: {
        "id": _N, "identity": _N, "since": _N, "store": _N, "store_origin": _N, "database": _N, "restored_at": _N,
        "numbers_until": _N, "numbers_held": _N,
    },
    IdempotencyKeyRow: {"id": _N, "person": _P, "key": _N, "content": _N, "case": _N, "event": _N, "at": _N},
    GivenUpRow: {"digest": _N, "at": _N},
}  # fmt: skip
