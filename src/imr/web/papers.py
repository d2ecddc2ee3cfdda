"""The kinds of document that a case keeps: what each is called, what the law takes it for, and which step brings it."""

from enum import Enum

from django.conf import settings

from imr.case.notices import Office
from imr.law.disclosure import Thing


class Paper(Enum):
    """A kind of document. `thing` is what the law of disclosure takes it for; `after_issue` closes it until the issue."""

    APPLICATION = "application"
    UR_DECISION = "UR decision"
    RECORD = "record"
    CORRECTION = "correction of the index"
    CASE_FILE = "case file as bound"
    COMPLETENESS = "certificate of completeness"
    REQUEST = "request for information"
    ANSWER = "answer to a request"
    NOTICE = "notice of assignment"
    CERTIFICATION = "certification of a serious threat"
    WITHDRAWAL = "letter of withdrawal"
    ENDING = "paper that ends the dispute"
    CHOICE = "why another reviewer was chosen"
    COMMITMENT = "commitment to the reviewer, opened"
    DRAFT = "draft"
    ANSWERS = "answers to the checks"
    QUALITY_NOTE = "note of the quality review"
    APPROVAL = "approval of more time"
    DETERMINATION = "determination"
    LETTER = "determination letter"
    PUBLIC_DETERMINATION = "public determination"
    PUBLIC_LETTER = "public letter"
    PROOF = "proof of implementation"
    PETITION = "petition"
    ORDER = "order of the appeals board"

    @property
    def thing(self) -> Thing:
        """What the law of disclosure takes it for."""
        return _THINGS.get(self, Thing.NOTICE)

    @property
    def after_issue(self) -> bool:
        """True where it is nobody's outside the review organization until the determination is issued."""
        return self in (Paper.DETERMINATION, Paper.LETTER)


#: Everything else is a letter to or from the parties.
_THINGS = {
    Paper.APPLICATION: Thing.APPLICATION,
    Paper.UR_DECISION: Thing.UR_DECISION,
    Paper.RECORD: Thing.MEDICAL_RECORD,
    Paper.CORRECTION: Thing.MEDICAL_RECORD,
    Paper.CASE_FILE: Thing.MEDICAL_RECORD,
    Paper.COMPLETENESS: Thing.MEDICAL_RECORD,
    Paper.CERTIFICATION: Thing.MEDICAL_RECORD,
    Paper.REQUEST: Thing.INFORMATION_REQUEST,
    Paper.ANSWER: Thing.INFORMATION_REQUEST,
    Paper.CHOICE: Thing.REVIEWER_IDENTITY,
    Paper.COMMITMENT: Thing.REVIEWER_IDENTITY,
    Paper.DRAFT: Thing.DRAFT,
    Paper.ANSWERS: Thing.DRAFT,
    Paper.QUALITY_NOTE: Thing.QUALITY_NOTES,
    Paper.DETERMINATION: Thing.DETERMINATION,
    Paper.LETTER: Thing.DETERMINATION,
    Paper.PUBLIC_DETERMINATION: Thing.PUBLIC_DETERMINATION,
    Paper.PUBLIC_LETTER: Thing.PUBLIC_DETERMINATION,
}

#: What stands in the case file that a reviewer judges by.
FILE = (Paper.UR_DECISION, Paper.RECORD, Paper.CERTIFICATION)

#: What a fact of a step is kept as: by the step and the fact where it matters, else by the fact.
BROUGHT: dict[str, Paper] = {
    "application": Paper.APPLICATION,
    "ur_decision": Paper.UR_DECISION,
    "records": Paper.RECORD,
    "draft": Paper.DRAFT,
    "answers": Paper.ANSWERS,
    "notice": Paper.NOTICE,
    "answer": Paper.ANSWER,
    "certification": Paper.CERTIFICATION,
    "note": Paper.QUALITY_NOTE,
    "approval": Paper.APPROVAL,
    "proof": Paper.PROOF,
    "petition": Paper.PETITION,
    "order": Paper.ORDER,
    "reason": Paper.CHOICE,
    "ask-information letter": Paper.REQUEST,
    "ask-records letter": Paper.REQUEST,
    "withdraw-application letter": Paper.WITHDRAWAL,
    "terminate-review letter": Paper.ENDING,
}


def paper_of(step: str, fact: str) -> Paper:
    """What the document that is this fact of this step is kept as."""
    return BROUGHT.get(f"{step} {fact}") or BROUGHT[fact]


def office() -> Office:
    """The review organization as its letters name it."""
    return Office(name=settings.ORGANIZATION)
