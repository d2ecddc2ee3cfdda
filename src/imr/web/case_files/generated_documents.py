"""The documents that the system generates in a step: letters, and the values behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from imr.case import notices
from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.state import Case, Stage
from imr.case.steps.assignment import AssignReviewer
from imr.case.steps.corrections import CorrectDocument
from imr.case.steps.eligibility import DecideEligibility, screened
from imr.case.steps.ending import ReportEnding
from imr.case.steps.issue import IssueDetermination, PublishDetermination, to_confirm
from imr.case.steps.review import SignDetermination, signed_form
from imr.determination import Determination, Letter, compose
from imr.errors import ImrError
from imr.plain import canonical
from imr.records.letter_verification import verified_pdf
from imr.web.platform.organization import office
from imr.web.store import cases, reviewers
from imr.web.store.documents import JSON, PDF, TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedDocument:
    """A document that the system generates."""

    paper: DocumentType
    title: str
    media_type: str
    data: bytes
    mental_health: bool = False
    pages: int | None = None


def generated_documents(context: StepContext, before: Case, after: Case, facts: object) -> Iterable[GeneratedDocument]:
    """Return what a step files beside what came with it: letters that it sends, and the values behind them."""
    notice = _notice(context, before, after, facts)
    if notice is not None:
        yield _letter(DocumentType.NOTICE, notice.title, notice)
    if isinstance(facts, SignDetermination):
        signed = signed_form(facts.draft, context)
        yield _value(DocumentType.DETERMINATION, signed)
        yield _value(DocumentType.SIGNATURE, facts.signature)
        yield GeneratedDocument(
            paper=DocumentType.LETTER, title="determination letter", media_type=TEXT, data=facts.text.encode()
        )
        yield _letter(DocumentType.LETTER, "determination letter", compose(signed), signed)
    elif isinstance(facts, CorrectDocument):
        withheld = cases.is_withheld(before.number, facts.file)
        for words in filter(None, (stated.wording() for stated in facts.documents)):
            yield replace(_value(DocumentType.CORRECTION, words), mental_health=withheld)
    elif isinstance(facts, AssignReviewer):
        commitment = reviewers.opened_commitment(facts)
        if commitment is not None:
            yield _value(DocumentType.COMMITMENT, commitment)
    elif isinstance(facts, PublishDetermination):
        yield _value(DocumentType.REDACTION, to_confirm(facts.determination, facts.application, facts.choices))
        yield _value(DocumentType.PUBLIC_DETERMINATION, facts.public)
        yield GeneratedDocument(
            paper=DocumentType.PUBLIC_LETTER, title="public letter", media_type=TEXT, data=facts.text.encode()
        )
        yield _letter(DocumentType.PUBLIC_LETTER, "public letter", compose(facts.public), facts.public)


def _notice(context: StepContext, before: Case, after: Case, facts: object) -> Letter | None:
    """Generate the letter that notifies the parties of a step; None where the step has no letter, or brings its own."""
    application = cases.application(before)
    if application is None:
        return None
    if isinstance(facts, IssueDetermination):
        return notices.issue(after, application, facts.on, facts.service, office())
    if isinstance(facts, DecideEligibility) and after.stage is Stage.INELIGIBLE:
        return notices.ineligibility(after, application, screened(before, facts, context.on), context.on, office())
    if isinstance(facts, ReportEnding):
        return notices.ending_reported(after, application, context.on, office())
    if after.stage in (Stage.WITHDRAWN, Stage.TERMINATED):
        return notices.ended(after, application, context.on, office())
    return None


def _letter(
    paper: DocumentType, title: str, letter: Letter, determination: Determination | None = None
) -> GeneratedDocument:
    """A letter as a PDF. Raises ImrError where it is not in the language that its type declares."""
    if letter.language != paper.language:
        raise ImrError(f"a {paper.value} is written in {paper.language!r}, and this letter in {letter.language!r}")
    return GeneratedDocument(paper=paper, title=title, media_type=PDF, data=verified_pdf(letter, determination))


def _value(paper: DocumentType, value: object) -> GeneratedDocument:
    return GeneratedDocument(paper=paper, title=paper.value, media_type=JSON, data=canonical(value).encode())
