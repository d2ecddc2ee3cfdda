"""The only way to write: one step of one case in one transaction.

It locks the case, replays its events, decides with `case.decide`, appends the event, refreshes the row and enqueues mail: all
of it, or nothing. Documents are stored under their digest before the event that names them; a refused step records what it left
in the storage, and maintenance removes that (`stored_documents`).
"""

from imr.web.actions.account_changes import (
    answer,
    ask_activation,
    ask_address,
    ask_new_account,
    ask_rights,
    ask_second_factor_reset,
    deactivate,
    end_membership,
    end_sessions,
    pause_signing,
)
from imr.web.actions.bundling import bind
from imr.web.actions.idempotency import KeyReused, Performed
from imr.web.actions.mail import try_mail_again
from imr.web.actions.maintenance import (
    Rebuilt,
    enqueue_unread,
    outdated_rows,
    rebuild,
    rejected_file,
    run_clock_steps,
    run_maintenance,
    suppress_pending_mail,
    unread_documents,
)
from imr.web.actions.notes import note, remove_note
from imr.web.actions.organizations import (
    enter_affiliation,
    enter_organization,
    remove_affiliation,
    remove_organization,
)
from imr.web.actions.parties import accept_invitation, invite_again, look_for_cases, name_party, settle_proposal
from imr.web.actions.perform import for_sender, offers, perform, perform_once, quarantine_rejected
from imr.web.actions.stored_documents import (
    delete_unreferenced,
    referenced_digests,
    remove_unreferenced,
    unreferenced_files,
)
from imr.web.actions.unusual_activity import UnusualActivity, tell_unusual_activity, unusual_activity
from imr.web.actions.working_copies import save_draft, save_working_copy

__all__ = [
    "KeyReused",
    "Performed",
    "Rebuilt",
    "UnusualActivity",
    "accept_invitation",
    "answer",
    "ask_activation",
    "ask_address",
    "ask_new_account",
    "ask_rights",
    "ask_second_factor_reset",
    "bind",
    "deactivate",
    "delete_unreferenced",
    "end_membership",
    "end_sessions",
    "enqueue_unread",
    "enter_affiliation",
    "enter_organization",
    "for_sender",
    "invite_again",
    "look_for_cases",
    "name_party",
    "note",
    "offers",
    "outdated_rows",
    "pause_signing",
    "perform",
    "perform_once",
    "quarantine_rejected",
    "rebuild",
    "referenced_digests",
    "rejected_file",
    "remove_affiliation",
    "remove_note",
    "remove_organization",
    "remove_unreferenced",
    "run_clock_steps",
    "run_maintenance",
    "save_draft",
    "save_working_copy",
    "settle_proposal",
    "suppress_pending_mail",
    "tell_unusual_activity",
    "try_mail_again",
    "unread_documents",
    "unreferenced_files",
    "unusual_activity",
]
