"""The kinds of document that a case keeps. Each names the `Thing` whose readers may read it.

A kind without a `Thing` is an error at import. There is no default: nobody guesses who may read a document.
"""

from enum import Enum
from typing import Self

from imr.law.disclosure import Thing


class DocumentType(Enum):
    """A kind of document: its title, which is what a row stores, and what the law of disclosure takes it for."""

    APPLICATION = "application", Thing.APPLICATION
    UR_DECISION = "UR decision", Thing.UR_DECISION
    RECORD = "record", Thing.MEDICAL_RECORD
    CORRECTION = "correction of the index", Thing.MEDICAL_RECORD
    CASE_FILE = "case file as bound", Thing.MEDICAL_RECORD
    COMPLETENESS = "certificate of completeness", Thing.MEDICAL_RECORD
    REQUEST = "request for information", Thing.INFORMATION_REQUEST
    ANSWER = "answer to a request", Thing.INFORMATION_REQUEST
    NOTICE = "notice of assignment", Thing.NOTICE
    CERTIFICATION = "certification of a serious threat", Thing.MEDICAL_RECORD
    WITHDRAWAL = "letter of withdrawal", Thing.NOTICE
    CONSENT_WITHDRAWAL = "withdrawal of the consent", Thing.APPLICATION
    ENDING = "paper that ends the dispute", Thing.NOTICE
    CHOICE = "why another reviewer was chosen", Thing.REVIEWER_IDENTITY
    IDENTITY = "how names in doubt were settled", Thing.CONFLICT_SCREENING
    COMMITMENT = "commitment to the reviewer, opened", Thing.REVIEWER_IDENTITY
    DRAFT = "draft", Thing.DRAFT
    ANSWERS = "answers to the checks", Thing.DRAFT
    QUALITY_NOTE = "note of the quality review", Thing.QUALITY_NOTES
    APPROVAL = "approval of more time", Thing.NOTICE
    DETERMINATION = "determination", Thing.DETERMINATION
    LETTER = "determination letter", Thing.DETERMINATION
    REDACTION = "replacements of the public version", Thing.APPLICATION
    PUBLIC_DETERMINATION = "public determination", Thing.PUBLIC_DETERMINATION
    PUBLIC_LETTER = "public letter", Thing.PUBLIC_DETERMINATION
    PROOF = "proof of implementation", Thing.NOTICE
    PETITION = "petition", Thing.NOTICE
    ORDER = "order of the appeals board", Thing.NOTICE
    SERVICE = "proof of service", Thing.SERVICE_RECORD

    disclosed_as: Thing

    def __new__(cls, title: str, disclosed_as: Thing) -> Self:
        """Make a kind of its title and its `Thing`; both are required."""
        member = object.__new__(cls)
        member._value_ = title
        member.disclosed_as = disclosed_as
        return member

    @classmethod
    def titled(cls, title: str) -> Self:
        """Give the kind that a row stores. Raises KeyError for a title that no kind has."""
        return {one.value: one for one in cls}[title]

    @property
    def after_issue(self) -> bool:
        """True where nobody outside the review organization may read it until the determination is issued."""
        return self in (DocumentType.DETERMINATION, DocumentType.LETTER)


#: The kinds that a reviewer decides from.
REVIEWED_TYPES = (DocumentType.UR_DECISION, DocumentType.RECORD, DocumentType.CERTIFICATION)
