"""The kinds of document that a case keeps: what each is called, what the law takes it for, and which step brings it."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, get_args

from django.conf import settings

from imr.case.answers import ConcernAnswers
from imr.case.application import Application
from imr.case.marks import Attachment, Input, Mark, marks
from imr.case.notices import Office
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.consent import ConsentTerms
from imr.law.disclosure import Thing

#: Values that a person states and that are documents of their own.
VALUES = (Application, Determination, ConcernAnswers)


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
    CONSENT_WITHDRAWAL = "withdrawal of the consent"
    ENDING = "paper that ends the dispute"
    CHOICE = "why another reviewer was chosen"
    IDENTITY = "how names in doubt were settled"
    COMMITMENT = "commitment to the reviewer, opened"
    DRAFT = "draft"
    ANSWERS = "answers to the checks"
    QUALITY_NOTE = "note of the quality review"
    APPROVAL = "approval of more time"
    DETERMINATION = "determination"
    LETTER = "determination letter"
    REDACTION = "replacements of the public version"
    PUBLIC_DETERMINATION = "public determination"
    PUBLIC_LETTER = "public letter"
    PROOF = "proof of implementation"
    PETITION = "petition"
    ORDER = "order of the appeals board"
    SERVICE = "proof of service"

    @property
    def thing(self) -> Thing:
        """What the law of disclosure takes it for."""
        return THINGS[self]

    @property
    def after_issue(self) -> bool:
        """True where it is nobody's outside the review organization until the determination is issued."""
        return self in (Paper.DETERMINATION, Paper.LETTER)


#: What the law of disclosure takes each kind for. A kind without its line is refused at the start.
THINGS: dict[Paper, Thing] = {
    Paper.APPLICATION: Thing.APPLICATION,
    Paper.UR_DECISION: Thing.UR_DECISION,
    Paper.RECORD: Thing.MEDICAL_RECORD,
    Paper.CORRECTION: Thing.MEDICAL_RECORD,
    Paper.CASE_FILE: Thing.MEDICAL_RECORD,
    Paper.COMPLETENESS: Thing.MEDICAL_RECORD,
    Paper.REQUEST: Thing.INFORMATION_REQUEST,
    Paper.ANSWER: Thing.INFORMATION_REQUEST,
    Paper.NOTICE: Thing.NOTICE,
    Paper.CERTIFICATION: Thing.MEDICAL_RECORD,
    Paper.WITHDRAWAL: Thing.NOTICE,
    Paper.CONSENT_WITHDRAWAL: Thing.APPLICATION,
    Paper.ENDING: Thing.NOTICE,
    Paper.CHOICE: Thing.REVIEWER_IDENTITY,
    Paper.IDENTITY: Thing.CONFLICT_SCREENING,
    Paper.COMMITMENT: Thing.REVIEWER_IDENTITY,
    Paper.DRAFT: Thing.DRAFT,
    Paper.ANSWERS: Thing.DRAFT,
    Paper.QUALITY_NOTE: Thing.QUALITY_NOTES,
    Paper.APPROVAL: Thing.NOTICE,
    Paper.DETERMINATION: Thing.DETERMINATION,
    Paper.LETTER: Thing.DETERMINATION,
    Paper.REDACTION: Thing.APPLICATION,
    Paper.PUBLIC_DETERMINATION: Thing.PUBLIC_DETERMINATION,
    Paper.PUBLIC_LETTER: Thing.PUBLIC_DETERMINATION,
    Paper.PROOF: Thing.NOTICE,
    Paper.PETITION: Thing.NOTICE,
    Paper.ORDER: Thing.NOTICE,
    Paper.SERVICE: Thing.SERVICE_RECORD,
}

#: What stands in the case file that a reviewer judges by.
FILE = (Paper.UR_DECISION, Paper.RECORD, Paper.CERTIFICATION)

#: What each fact that is a document is kept as, by the step and the fact. One without its line is refused at the start.
BROUGHT: dict[tuple[str, str], Paper] = {
    ("receive-application", "application"): Paper.APPLICATION,
    ("receive-application", "ur_decision"): Paper.UR_DECISION,
    ("ask-information", "letter"): Paper.REQUEST,
    ("answer-information", "application"): Paper.APPLICATION,
    ("answer-information", "ur_decision"): Paper.UR_DECISION,
    ("answer-information", "answer"): Paper.ANSWER,
    ("answer-information", "signed_page"): Paper.APPLICATION,
    ("assign-organization", "notice"): Paper.NOTICE,
    ("record-service", "proof"): Paper.SERVICE,
    ("convert-to-expedited", "certification"): Paper.CERTIFICATION,
    ("receive-records", "records"): Paper.RECORD,
    ("assign-reviewer", "reason"): Paper.CHOICE,
    ("settle-identity", "reason"): Paper.IDENTITY,
    ("ask-records", "letter"): Paper.REQUEST,
    ("submit-draft", "draft"): Paper.DRAFT,
    ("submit-draft", "answers"): Paper.ANSWERS,
    ("return-draft", "note"): Paper.QUALITY_NOTE,
    ("extend-time", "approval"): Paper.APPROVAL,
    ("sign-determination", "answers"): Paper.ANSWERS,
    ("report-implementation", "proof"): Paper.PROOF,
    ("withdraw-application", "letter"): Paper.WITHDRAWAL,
    ("withdraw-consent", "signed_page"): Paper.CONSENT_WITHDRAWAL,
    ("terminate-review", "letter"): Paper.ENDING,
    ("receive-appeal", "petition"): Paper.PETITION,
    ("affirm-determination", "order"): Paper.ORDER,
    ("reverse-determination", "order"): Paper.ORDER,
    ("open-remand", "order"): Paper.ORDER,
}


def insist_declared(
    things: Mapping[Paper, Thing], brought: Mapping[tuple[str, str], Paper], steps: Iterable[Step]
) -> None:
    """Raise ImrError where a kind of document, or a fact that is a document, is not declared: nobody may guess who reads it."""
    silent = [paper.name for paper in Paper if paper not in things]
    facts = {
        (step.name, name) for step in steps for name, (kind, mark) in marks(step.facts).items() if keeps(kind, mark)
    }
    silent += [" ".join(fact) for fact in sorted(facts - set(brought))]
    if silent:
        raise ImrError(f"web.papers does not say who may see {', '.join(silent)}: enter a line for each")


def keeps(kind: Any, mark: Mark) -> bool:
    """Whether a fact of a step is kept as a document of its own."""
    if isinstance(mark, Input):
        return any(one in VALUES for one in (kind, *get_args(kind)))
    return isinstance(mark, Attachment) or mark.source == "records"


insist_declared(THINGS, BROUGHT, STEPS.values())


def paper_of(step: str, fact: str) -> Paper:
    """What the document that is this fact of this step is kept as."""
    return BROUGHT[step, fact]


def consent_terms() -> ConsentTerms:
    """How long a consent lasts and whether it leaves out tests for HIV, as the site is set."""
    return ConsentTerms(months=settings.CONSENT_MONTHS, without_hiv=settings.CONSENT_WITHOUT_HIV)


def office() -> Office:
    """The review organization as its letters name it."""
    return Office(name=settings.ORGANIZATION, contact=settings.CONTACT)
