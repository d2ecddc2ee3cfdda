"""The one table of documents, a row a kind: its title, who reads it, how long it is kept, its language.

A kind without one of the columns is an error at import: there is no default for who may read a document. A document whose kind is
not in the table is shown to nobody. `docs/roles.md` shows the table with its readers.
"""

from enum import Enum
from typing import Self

from imr.law.disclosure import Thing, readers
from imr.law.terms import Role


class Retention(Enum):
    """The retention of a document. No provision that was read sets a term, so nothing removes a document of a case."""

    CHAINED = "with the case; an event holds its digest"
    WITH_CASE = "with the case; no event holds its digest"


#: The language in which the site and the review organization write, as ISO 639 has it.
ENGLISH = "en"
#: The language is the sender's.
AS_SENT = ""


class DocumentType(Enum):
    """A kind of document: its title, which a row stores, its kind for the law of disclosure, its retention and its language."""

    APPLICATION = "application", Thing.APPLICATION, Retention.CHAINED, AS_SENT
    UR_DECISION = "UR decision", Thing.UR_DECISION, Retention.CHAINED, AS_SENT
    RECORD = "record", Thing.MEDICAL_RECORD, Retention.CHAINED, AS_SENT
    CORRECTION = "correction of the index", Thing.MEDICAL_RECORD, Retention.CHAINED, AS_SENT
    CASE_FILE = "case file as bound", Thing.MEDICAL_RECORD, Retention.CHAINED, AS_SENT
    COMPLETENESS = "certificate of completeness", Thing.MEDICAL_RECORD, Retention.CHAINED, ENGLISH
    REQUEST = "request for information", Thing.INFORMATION_REQUEST, Retention.CHAINED, ENGLISH
    ANSWER = "answer to a request", Thing.INFORMATION_REQUEST, Retention.CHAINED, AS_SENT
    NOTICE = "notice of assignment", Thing.NOTICE, Retention.CHAINED, ENGLISH
    CERTIFICATION = "certification of a serious threat", Thing.MEDICAL_RECORD, Retention.CHAINED, AS_SENT
    WITHDRAWAL = "letter of withdrawal", Thing.NOTICE, Retention.CHAINED, AS_SENT
    CONSENT_WITHDRAWAL = "withdrawal of the consent", Thing.APPLICATION, Retention.CHAINED, AS_SENT
    ENDING = "paper that ends the dispute", Thing.NOTICE, Retention.CHAINED, AS_SENT
    ENDING_ANSWER = "answer on the end of the dispute", Thing.NOTICE, Retention.CHAINED, AS_SENT
    CHOICE = "why another reviewer was chosen", Thing.REVIEWER_IDENTITY, Retention.CHAINED, ENGLISH
    IDENTITY = "how names in doubt were settled", Thing.CONFLICT_SCREENING, Retention.CHAINED, ENGLISH
    COMMITMENT = "commitment to the reviewer, opened", Thing.REVIEWER_IDENTITY, Retention.WITH_CASE, ENGLISH
    DRAFT = "draft", Thing.DRAFT, Retention.CHAINED, ENGLISH
    ANSWERS = "answers to the checks", Thing.DRAFT, Retention.CHAINED, ENGLISH
    QUALITY_NOTE = "note of the quality review", Thing.QUALITY_NOTES, Retention.CHAINED, ENGLISH
    APPROVAL = "approval of more time", Thing.NOTICE, Retention.CHAINED, AS_SENT
    DETERMINATION = "determination", Thing.DETERMINATION, Retention.CHAINED, ENGLISH
    LETTER = "determination letter", Thing.DETERMINATION, Retention.CHAINED, ENGLISH
    SIGNATURE = "signature of the reviewer", Thing.SIGNATURE, Retention.CHAINED, ENGLISH
    REDACTION = "replacements of the public version", Thing.APPLICATION, Retention.CHAINED, ENGLISH
    PUBLIC_DETERMINATION = "public determination", Thing.PUBLIC_DETERMINATION, Retention.CHAINED, ENGLISH
    PUBLIC_LETTER = "public letter", Thing.PUBLIC_DETERMINATION, Retention.WITH_CASE, ENGLISH
    PROOF = "proof of implementation", Thing.NOTICE, Retention.CHAINED, AS_SENT
    PETITION = "petition", Thing.NOTICE, Retention.CHAINED, AS_SENT
    ORDER = "order of the appeals board", Thing.NOTICE, Retention.CHAINED, AS_SENT
    REMAND_ORDER = "order of remand", Thing.MEDICAL_RECORD, Retention.CHAINED, AS_SENT
    REMAND_FINDING = "what the order of remand found wrong", Thing.MEDICAL_RECORD, Retention.CHAINED, ENGLISH
    SERVICE = "proof of service", Thing.SERVICE_RECORD, Retention.CHAINED, AS_SENT

    disclosed_as: Thing
    retention: Retention
    language: str

    def __new__(cls, title: str, disclosed_as: Thing, retention: Retention, language: str) -> Self:
        """Make a kind from its columns; all are required."""
        member = object.__new__(cls)
        member._value_ = title
        member.disclosed_as = disclosed_as
        member.retention = retention
        member.language = language
        return member

    @classmethod
    def find(cls, title: str) -> Self | None:
        """Give the kind with the title that a row stores; None if no kind has it, so that nobody sees the document."""
        return next((one for one in cls if one.value == title), None)

    @property
    def readers(self) -> tuple[Role, ...]:
        """The roles that may read it, in the order of the table of roles."""
        return readers(self.disclosed_as)

    @classmethod
    def titled(cls, title: str) -> Self:
        """Give the kind that a row stores. Raises KeyError for a title that no kind has."""
        return {one.value: one for one in cls}[title]

    @property
    def after_issue(self) -> bool:
        """True where nobody outside the review organization may read it until the determination is issued."""
        return self in (DocumentType.DETERMINATION, DocumentType.LETTER, DocumentType.SIGNATURE)


#: The kinds that a reviewer decides from.
REVIEWED_TYPES = (
    DocumentType.REMAND_ORDER,
    DocumentType.REMAND_FINDING,
    DocumentType.UR_DECISION,
    DocumentType.RECORD,
    DocumentType.CERTIFICATION,
)
