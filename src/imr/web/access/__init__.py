"""Who may see what: the only way to read a row. Values come out, never rows; each view of health information is logged.

The law says who may see which thing (`law.disclosure`); here it is applied, condition by condition: `door` says who somebody is and
what a case shows them, `docket` gives the cases, `paper` the documents, `filed` the case file, `decided` what was asked for and what
was decided. What a person may not see gives the same answer as what does not exist.
"""

from imr.web.access.decided import (
    PublishedLine,
    Withdrawn,
    answers,
    application,
    concerns,
    determination,
    draft,
    no_longer_standing,
    public_determination,
    published,
    published_line,
)
from imr.web.access.docket import (
    CaseLine,
    CaseView,
    Choice,
    DoubtLine,
    candidates,
    case,
    cases,
    doubts,
    events,
    reviewer,
    timeline,
)
from imr.web.access.door import actor_id, numbers_as, offered, roles, roles_in
from imr.web.access.failing import FailureLine, Failures, failing, failures
from imr.web.access.filed import (
    CorrectionLine,
    FileIndex,
    NoteLine,
    RefusedLine,
    bound,
    file,
    file_index,
    has_file,
    may_note,
    notes,
    record,
    refused,
)
from imr.web.access.mail import Mail, MessageLine, mail, mail_in_trouble
from imr.web.access.paper import DocumentFile, DocumentLine, document, documents

__all__ = [
    "CaseLine", "CaseView", "Choice", "CorrectionLine", "DocumentFile", "DocumentLine", "DoubtLine", "FailureLine", "Failures", "FileIndex", "Mail", "MessageLine", "NoteLine",
    "PublishedLine", "RefusedLine", "Withdrawn", "actor_id", "answers", "application", "bound", "candidates", "case", "cases", "concerns",
    "determination", "document", "documents", "doubts", "draft", "events", "failing", "failures", "file", "file_index", "has_file", "mail", "mail_in_trouble", "may_note",
    "no_longer_standing", "notes", "numbers_as", "offered",
    "public_determination", "published", "published_line", "record", "refused", "reviewer", "roles", "roles_in", "timeline",
]  # fmt: skip
