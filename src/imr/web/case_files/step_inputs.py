"""What the system brings to a step of itself, so that nobody types it: the values on file, and the letters it draws up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.conf import settings

from imr.case import notices
from imr.case.chain import replay
from imr.case.context import StepContext
from imr.case.screening import matter
from imr.case.state import Case, Stage
from imr.case.step import Beside, Step
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.corrections import CorrectDocument
from imr.case.steps.eligibility import screened
from imr.case.steps.issue import to_confirm
from imr.case.steps.records import INDEX, kinds_in
from imr.case.steps.review import AssignReviewer, SignDetermination, signed_form
from imr.checks import Concern, Context
from imr.determination import Letter, compose, normalize, redact, write
from imr.determination.model import Determination
from imr.determination.redaction import AS_FOUND, Choices
from imr.errors import Refused
from imr.law.reviewers import Criteria, Reviewer
from imr.plain import canonical
from imr.records.letter_verification import verified_pdf
from imr.web.case_files import draft_checks, ingestion
from imr.web.store import cases, custom_guidelines, reviewers
from imr.web.store.document_types import Paper, consent_terms, office
from imr.web.store.documents import JSON, PDF, TEXT, fetch

#: Facts that name what to bring, beside the facts of the step itself.
NAMED = frozenset({"earlier"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document that the system makes."""

    paper: Paper
    title: str
    media_type: str
    data: bytes
    mental_health: bool = False
    pages: int | None = None


def beside(source: str, case: Case) -> Any:
    """What a step weighs beside the case before anybody states a fact."""
    if source == INDEX:
        return tuple(kinds_in(case, ingestion.kinds_of(case, cases.stated(case))))
    raise Refused(f"nothing here brings the {source}: this is a fault of the site; tell the review organization")


def weighing() -> Beside:
    """`beside` for one look or one step: what a source brings of a case is worked out once, however often it is asked for."""
    held: dict[tuple[str, str, int], Any] = {}

    def once(source: str, case: Case) -> Any:
        key = source, case.number, case.events
        if key not in held:
            held[key] = beside(source, case)
        return held[key]

    return once


def bring(source: str, act: StepContext, case: Case, said: Mapping[str, Any], confirm: Callable[[], str]) -> Any:
    """The value of that source for this step."""
    if source in _OF_CASE:
        return _OF_CASE[source](case)
    if source in _OF_WHAT_IS_SAID:
        return _OF_WHAT_IS_SAID[source](act, case, said)
    match source:
        case "determination":
            return cases.value(Determination, case.determination)
        case "letter":
            return _letter(case, act)
        case "organization":
            return cases.organization()
        case "criteria":
            return Criteria(**settings.CRITERIA)
        case "session":
            return confirm()
        case "checks" | "checks of this draft":
            drafted = _draft(case) if source == "checks" else _given_draft(said)
            return draft_checks.checked(concerns(case, drafted, act.on))
        case "earlier case":
            return _earlier(said)
        case "bound case file":
            return _bound(said)
        case "message that went out":
            return said["sent"]
    raise Refused(f"nothing here brings the {source}: this is a fault of the site; tell the review organization")


def _reviewer(act: StepContext, case: Case, said: Mapping[str, Any]) -> Reviewer:
    """The reviewer of the case; where one is chosen, one who has a place, held until the assignment is written."""
    chosen = str(said.get("reviewer") or "")
    return reviewers.with_a_place(chosen, act.on) if chosen else cases.reviewer(case.reviewer)


def _screened(act: StepContext, case: Case, said: Mapping[str, Any]) -> Reviewer | None:  # noqa: ARG001 - the shape of the table
    """The reviewer whose record has a name in doubt; none where it is the review organization's own."""
    return cases.reviewer(str(said["reviewer"])) if said.get("reviewer") else None


def _order(act: StepContext, case: Case, said: Mapping[str, Any]) -> int:
    return reviewers.passed_over(case, str(said.get("reviewer")), said.get("specialties", ()), act.on)


def _commitment(act: StepContext, case: Case, said: Mapping[str, Any]) -> str:
    made = reviewers.sealed(case, act, cases.reviewer(str(said.get("reviewer"))), said.get("specialties", ()))
    return "" if made is None else made.root


#: What needs what was said besides, by source.
_OF_WHAT_IS_SAID: Mapping[str, Callable[[StepContext, Case, Mapping[str, Any]], Any]] = {
    "panel": _reviewer,
    "screened reviewer": _screened,
    "order": _order,
    "commitment": _commitment,
    "public": lambda _, case, said: public(case, _choices(said)),
    "public letter": lambda _, case, said: written(public(case, _choices(said))),
}


def _draft(case: Case) -> Determination:
    if not case.draft:
        raise Refused("there is no draft yet: write one first")
    return cases.value(Determination, case.draft)


def _given_draft(said: Mapping[str, Any]) -> Determination:
    if not isinstance(said.get("draft"), Determination):
        raise Refused("there is no draft yet: write one first")
    return cast("Determination", said["draft"])


def _letter(case: Case, act: StepContext) -> str:
    """The letter as signed; before the signature, the letter that the draft makes today."""
    return fetch(case.letter).decode() if case.letter else written(signed_form(_draft(case), act))


def concerns(case: Case, draft: Determination, on: date) -> tuple[Concern, ...]:
    """What the checks find in a draft of this case on a day: beside its file, its reviewer and its other determinations."""
    application = cases.application(case)
    against = None
    if application is not None:
        against = matter(case, application, cases.organization(), case.specialties, Criteria(**settings.CRITERIA))
    earlier, own_letters = cases.earlier_determinations(case, application), cases.letters_of(case.reviewer, case.number)
    context = Context(
        on=on,
        register=custom_guidelines.register(),
        earlier=earlier.read,
        earlier_lost=earlier.lost,
        own_letters=own_letters.read,
        own_letters_lost=own_letters.lost,
        reviewer=cases.reviewer(case.reviewer) if case.reviewer else None,
        matter=against,
    )
    from imr.web.store import site_corpus  # takes the search engine along

    return (*draft_checks.concerns(draft, cases.sources(case), context), *site_corpus.concerns(draft, case.number))


def _earlier(said: Mapping[str, Any]) -> Case:
    number = str(said.get("earlier") or "")
    chain = cases.chain(number)
    if not chain:
        raise Refused(f"there is no case {number or 'of no number'}: give the number of the case that was reversed")
    return replay(chain)


def _bound(said: Mapping[str, Any]) -> CaseFileBundle:
    if "bound" not in said:
        raise Refused("the case file is bound in the background: wait a minute")
    return cast("CaseFileBundle", said["bound"])


def written(determination: Determination) -> str:
    """The letter of a determination, as text."""
    return write(determination)


def _choices(said: Mapping[str, Any]) -> Choices:
    return Choices(stay=tuple(said.get("stay") or ()), go=tuple(said.get("go") or ()))


def public(case: Case, choices: Choices = AS_FOUND) -> Determination:
    """The public version of what was signed: nothing in it tells who a party is."""
    application = cases.application(case)
    if application is None:
        raise Refused("the case has no application")
    return normalize(redact(cases.value(Determination, case.determination), application.identifiers(), choices))


#: What needs nothing but the case.
_OF_CASE: Mapping[str, Callable[[Case], Any]] = {
    "application": cases.application,
    "draft": _draft,
    "consent terms": lambda _: consent_terms(),
    INDEX: lambda case: beside(INDEX, case),
}


def made(known: Step, act: StepContext, before: Case, after: Case, facts: Any) -> Iterable[Made]:
    """What a step leaves on file beside what came with it: letters that it sends, and the values behind them."""
    notice = _notice(known, act, before, after, facts)
    if notice is not None:
        yield Made(paper=Paper.NOTICE, title=notice.title, media_type=PDF, data=verified_pdf(notice))
    if isinstance(facts, SignDetermination):
        signed = signed_form(facts.draft, act)
        yield _value(Paper.DETERMINATION, signed)
        yield Made(paper=Paper.LETTER, title="determination letter", media_type=TEXT, data=facts.text.encode())
        yield Made(
            paper=Paper.LETTER, title="determination letter", media_type=PDF, data=verified_pdf(compose(signed), signed)
        )
    elif isinstance(facts, CorrectDocument):
        withheld = cases.is_withheld(before.number, facts.file)
        for words in filter(None, (stated.wording() for stated in facts.documents)):
            yield replace(_value(Paper.CORRECTION, words), mental_health=withheld)
    elif isinstance(facts, AssignReviewer):
        opened = reviewers.sealed_in(before, act, facts)
        if opened is not None:
            yield _value(Paper.COMMITMENT, opened)
    elif known.name == "publish-determination":
        yield _value(Paper.REDACTION, to_confirm(facts.determination, facts.application, facts.choices))
        yield _value(Paper.PUBLIC_DETERMINATION, facts.public)
        yield Made(paper=Paper.PUBLIC_LETTER, title="public letter", media_type=TEXT, data=facts.text.encode())
        yield Made(
            paper=Paper.PUBLIC_LETTER,
            title="public letter",
            media_type=PDF,
            data=verified_pdf(compose(facts.public), facts.public),
        )


def _notice(known: Step, act: StepContext, before: Case, after: Case, facts: Any) -> Letter | None:
    """The letter by which the parties hear what a step came to; none where the step tells nothing, or brings its own."""
    application = cases.application(before)
    if application is None:
        return None
    if known.name == "issue-determination":
        return notices.issue(after, application, facts.on, facts.service, office())
    if after.stage is Stage.INELIGIBLE:
        return notices.ineligibility(after, application, screened(before, facts, act.on), act.on, office())
    if after.stage in (Stage.WITHDRAWN, Stage.TERMINATED):
        return notices.ended(after, application, act.on, office())
    return None


def _value(paper: Paper, value: object) -> Made:
    return Made(paper=paper, title=paper.value, media_type=JSON, data=canonical(value).encode())
