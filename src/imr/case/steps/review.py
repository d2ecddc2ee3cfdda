"""Steps from the draft to the signature: their facts and decisions."""

from dataclasses import dataclass, replace
from typing import Annotated

from imr.case.anonymity import tells
from imr.case.answers import UNANSWERED, UNCHECKED, Checked, ConcernAnswers, settled
from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.digests import digest, digest_of_text
from imr.case.document_types import DocumentType
from imr.case.events import (
    DeterminationSigned,
    DraftPassed,
    DraftReturned,
    DraftSubmitted,
    TimeExtended,
)
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import Attachment, Input, Provided
from imr.case.screening import PROGRAM_CRITERIA, cleared, matter
from imr.case.signature import UNSIGNED, ReviewerSignature
from imr.case.sources import FactSource
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.step import step
from imr.case.steps.assignment import CONFLICTS, QUALITY
from imr.determination import redact, write
from imr.determination.model import Determination, Issue
from imr.law.dates import day_of
from imr.law.reviewers import Affiliation, Criteria, Reviewer
from imr.law.rule import Finding, Known, labor_code, regulation, spell
from imr.law.terms import ReviewType, Role
from imr.law.time_limits import APPROVED_LATE, determination, running
from imr.plain import canonical

CONTENT = labor_code("4610.6(e)")
CONTENT_LISTED = regulation("9792.10.6(d)", Known.PART)
CONFIDENTIAL = labor_code("4610.6(f)")
EXTENSION = labor_code("4610.6(d)(2)")


def decided(issue: Issue) -> bool:
    """Say whether an issue is decided: its treatment is named, and the decision has its basis and its rationale."""
    return all(text.strip() for text in (issue.heading, issue.reviewer_basis, issue.rationale))


def of_this_case(case: Case, draft: Determination) -> tuple[Finding, ...]:
    """Find whether a draft is of this case, and decides no more than is disputed in it."""
    return (
        finding("draft is of this case", draft.case_number == case.number, "the draft names another case", CONTENT),
        finding(
            "draft decides what is disputed",
            len(draft.issues) <= case.treatments,
            "the draft decides {drafted} treatments, and {disputed} are disputed",
            CONTENT,
            drafted=len(draft.issues),
            disputed=case.treatments,
        ),
    )


def facts_agree(case: Case, draft: Determination) -> tuple[Finding, ...]:
    """Find whether the header of a draft agrees with the history of the case."""
    filing, dates = filing_of(case), case.dates
    header = {
        "type of review": (draft.review_type, case.review_type or ReviewType.STANDARD),
        "date of injury": (draft.injured_on, filing.injured_on),
        "date of the UR decision": (draft.ur_decided_on, filing.ur_decided_on),
        "date of receipt of the application": (draft.received_on, dates.application_received_on),
        "date of assignment": (draft.assigned_on, dates.assigned_on),
    }
    return tuple(
        finding(
            f"draft agrees on the {what}",
            drafted == held,
            "the {what} in the draft is not the one of the case, {held}",
            CONTENT,
            what=what,
            held=held.value if isinstance(held, ReviewType) else held,
        )
        for what, (drafted, held) in header.items()
    )


def finished(case: Case, draft: Determination) -> tuple[Finding, ...]:
    """Find whether a draft has everything that a determination must have."""
    texts = {
        "case summary": draft.summary,
        "specialty": draft.specialty,
        "state of licensure": "".join(draft.licensure),
        "review organization": draft.organization,
    }
    return (
        *(
            finding(f"draft has its {what}", bool(text.strip()), "write the {what}", CONTENT_LISTED, what=what)
            for what, text in texts.items()
        ),
        finding(
            "every disputed treatment is decided",
            len(draft.issues) == case.treatments and all(map(decided, draft.issues)),
            "decide each of the {disputed} disputed treatments, each with its guidelines and its rationale",
            CONTENT,
            disputed=case.treatments,
        ),
        finding(
            "documents reviewed are listed",
            bool(draft.documents),
            "list the documents that were reviewed",
            CONTENT_LISTED,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDraft:
    """The draft, the concerns of the checks about it, and the reviewer's answers."""

    draft: Annotated[Determination, Input("Draft", kept_as=DocumentType.DRAFT)]
    checked: Annotated[Checked, Provided(FactSource.NEW_DRAFT_CHECKS, "What the checks found in the draft")] = UNCHECKED
    answers: Annotated[ConcernAnswers, Input("Answers to the checks", kept_as=DocumentType.ANSWERS)] = UNANSWERED


@step(
    title="Submit the draft to the quality review",
    roles=(Role.REVIEWER,),
    stages=(Stage.UNDER_REVIEW,),
    under=(CONTENT, CONTENT_LISTED),
    leads_to=(Stage.QUALITY,),
    advances=True,
)
def submit_draft(case: Case, context: StepContext, facts: SubmitDraft) -> DraftSubmitted:
    """Submit a finished draft to the quality review. Until then it is a working copy, which is not part of the history."""
    require(*of_this_case(case, facts.draft))
    require(*facts_agree(case, facts.draft), *finished(case, facts.draft), *settled(facts.checked, facts.answers))
    return DraftSubmitted(draft=digest(facts.draft), answers=_answers(facts.answers), on=context.on)


def _answers(answers: ConcernAnswers) -> str:
    """Give the digest of the answers, which are a document of their own; empty if none were needed."""
    return digest(answers) if answers.given else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft:
    """The reasons for returning the draft, in a note of its own."""

    note: Annotated[str, Attachment("What to correct", DocumentType.QUALITY_NOTE, can_be_written=True)]


@step(
    title="Return the draft to the reviewer",
    roles=(Role.QUALITY,),
    stages=(Stage.QUALITY, Stage.PASSED),
    under=(QUALITY,),
    leads_to=(Stage.UNDER_REVIEW,),
    drastic=True,
)
def return_draft(case: Case, context: StepContext, facts: ReturnDraft) -> DraftReturned:
    """Return the draft to its reviewer with reasons."""
    require(finding("reasons are written", bool(facts.note), "write down what to correct", QUALITY))
    return DraftReturned(draft=case.draft, note=facts.note, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDraft:
    """The draft as submitted."""

    draft: Annotated[Determination, Provided(FactSource.DRAFT)]


@step(
    title="Pass the draft",
    roles=(Role.QUALITY,),
    stages=(Stage.QUALITY,),
    under=(QUALITY,),
    leads_to=(Stage.PASSED,),
    advances=True,
)
def pass_draft(case: Case, context: StepContext, facts: PassDraft) -> DraftPassed:
    """Pass the draft: the quality review has nothing to correct. It does not change the draft; only its reviewer does."""
    require(matches_stored("draft", facts.draft, case.draft, QUALITY))
    return DraftPassed(draft=case.draft, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendTime:
    """The Administrative Director's approval."""

    approval: Annotated[
        str, Attachment("Approval of the Administrative Director", DocumentType.APPROVAL, "with its good cause")
    ]


def not_extended_yet(case: Case) -> tuple[Finding, ...]:
    """Require that the time was not extended before."""
    return (
        finding(
            "time was not extended yet",
            case.dates.extension_approved_on is None,
            "the time was already extended once",
            EXTENSION,
        ),
    )


@step(
    title="Extend the time",
    roles=(Role.DIVISION, Role.COORDINATOR),
    stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
    under=(EXTENSION,),
    ready=not_extended_yet,
)
def extend_time(case: Case, context: StepContext, facts: ExtendTime) -> TimeExtended:
    """Extend the time for the determination by up to three days."""
    require(
        finding("extension is approved", bool(facts.approval), "file the approval", EXTENSION),
        *(
            finding(
                "time has not run out",
                context.on <= day_of(deadline.due),
                "the time for the determination ran out on {due}: it cannot be extended any more",
                APPROVED_LATE,
                due=spell(deadline.due),
            )
            for deadline in running(determination, case.dates)
        ),
    )
    return TimeExtended(approval=facts.approval, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDetermination:
    """The draft as passed, its letter, the reviewer, the reviewer's signature, and how it was confirmed."""

    draft: Annotated[Determination, Provided(FactSource.DRAFT)]
    text: Annotated[str, Provided(FactSource.LETTER, "The letter, as `signed_form` of the draft is written")]
    reviewer: Annotated[Reviewer, Provided(FactSource.CASE_REVIEWER)]
    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    organization: Annotated[tuple[Affiliation, ...], Provided(FactSource.ORGANIZATION)] = ()
    criteria: Annotated[Criteria, Provided(FactSource.CRITERIA, "What the program asks of a reviewer")] = (
        PROGRAM_CRITERIA
    )
    second_factor: Annotated[str, Provided(FactSource.SECOND_FACTOR, "How the signature was confirmed, such as totp")]
    signature: Annotated[
        ReviewerSignature, Provided(FactSource.SIGNATURE, "The passkey's answer, as JSON", chosen=True)
    ] = UNSIGNED
    checked: Annotated[Checked, Provided(FactSource.DRAFT_CHECKS, "What the checks found in the draft")] = UNCHECKED
    answers: Annotated[ConcernAnswers, Input("Answers to the checks", kept_as=DocumentType.ANSWERS)] = UNANSWERED


def signed_form(draft: Determination, context: StepContext) -> Determination:
    """Give the signed determination of a draft: dated on the day of the signature."""
    return replace(draft, decided_on=context.on)


def _names(draft: Determination, reviewer: Reviewer, application: Application) -> bool:
    """Say whether a draft names its reviewer. The parties' names are removed first: one may be the same."""
    said = tells(canonical(draft), reviewer)
    return said and tells(canonical(redact(draft, application.identifiers())), reviewer)


def _is_of(signature: ReviewerSignature, case: Case, determination: Determination, letter: str) -> bool:
    """Say whether a signature is of this letter in this case, after the draft was passed."""
    statement = signature.statement
    signed = (statement.case, statement.determination, statement.letter)
    return bool(statement.passed) and signed == (case.number, digest(determination), digest_of_text(letter))


@step(
    title="Sign the determination",
    roles=(Role.REVIEWER,),
    stages=(Stage.PASSED,),
    under=(CONTENT, CONFIDENTIAL),
    leads_to=(Stage.SIGNED,),
    advances=True,
)
def sign_determination(case: Case, context: StepContext, facts: SignDetermination) -> DeterminationSigned:
    """Sign the determination. The reviewer is still qualified and independent on this day; the digest freezes the text."""
    determination = signed_form(facts.draft, context)
    require(
        matches_stored("draft", facts.draft, case.draft, CONTENT),
        matches_stored("application", facts.application, filing_of(case).application, CONFLICTS),
        finding(
            "reviewer is the one of the case",
            facts.reviewer.id == case.reviewer,
            "another reviewer has this case",
            CONFIDENTIAL,
        ),
        finding(
            "signature has a second factor",
            bool(facts.second_factor),
            "confirm the signature with your second factor",
            QUALITY,
        ),
        finding(
            "reviewer signed this letter",
            _is_of(facts.signature, case, determination, facts.text),
            "the signature is of another letter: look at the letter again, then sign it with your passkey",
            CONTENT,
        ),
        finding(
            "letter says what was decided",
            facts.text == write(determination),
            "the letter is not the letter of the draft: write it again",
            CONTENT,
        ),
        finding(
            "reviewer is not named",
            not _names(facts.draft, facts.reviewer, facts.application),
            "the letter holds the reviewer's name, NPI or license number: take it out of the summary and the rationales",
            CONFIDENTIAL,
        ),
    )
    against = matter(case, facts.application, facts.organization, case.specialties, facts.criteria)
    cleared(case, facts.reviewer, against, context.on)
    require(*settled(facts.checked, facts.answers))
    return DeterminationSigned(
        draft=case.draft,
        determination=digest(determination),
        letter=digest_of_text(facts.text),
        decisions=tuple(issue.decision for issue in determination.issues),
        second_factor=facts.second_factor,
        signature=digest(facts.signature),
        answers=_answers(facts.answers),
        on=context.on,
    )
