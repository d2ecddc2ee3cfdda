"""What steps and pages need of a case besides its history: the kinds in its index, the checks of a draft, its public version."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from imr.case.qualifications import FEWEST, stated
from imr.case.screening import matter
from imr.case.state import Case
from imr.case.step import IndexReader
from imr.case.steps.records import kinds_in
from imr.case.steps.review import CONFIDENTIAL
from imr.checks import Concern, Context, Severity
from imr.checks.model import concern_id
from imr.determination import normalize, redact
from imr.determination.model import Determination
from imr.determination.redaction import AS_FOUND, Choices
from imr.errors import Refused
from imr.law.reviewers import Criteria
from imr.law.terms import RecordKind
from imr.web.case_files import draft_checks, ingestion
from imr.web.store import cases, custom_guidelines, reviewers


def index_kinds(case: Case) -> tuple[RecordKind, ...]:
    """Return the kinds of the documents in the index of a case file, as read and corrected."""
    return tuple(kinds_in(case, ingestion.kinds_of(case, cases.index_corrections(case))))


def index_reader() -> IndexReader:
    """Return `index_kinds` with a cache for one page or one step: the index of a case is read once, however many steps use it."""
    held: dict[tuple[str, int], tuple[RecordKind, ...]] = {}

    def once(case: Case) -> tuple[RecordKind, ...]:
        key = case.number, case.events
        if key not in held:
            held[key] = index_kinds(case)
        return held[key]

    return once


def criteria() -> Criteria:
    """Return what the program requires of a reviewer, from the settings."""
    return Criteria(**settings.CRITERIA)


def concerns(case: Case, draft: Determination, on: date) -> tuple[Concern, ...]:
    """Return what the checks find in a draft of this case on a day: beside its file, its reviewer and its other determinations."""
    application = cases.application(case)
    against = None
    if application is not None:
        against = matter(case, application, cases.organization(), case.specialties, criteria())
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
    from imr.web.store import site_corpus  # imported here, because it loads the search engine

    found = draft_checks.concerns(draft, cases.sources(case), context)
    return (*found, *site_corpus.concerns(draft, case.number), *_qualifications(draft))


def _qualifications(draft: Determination) -> Iterator[Concern]:
    """Yield the warning that what a draft states of its reviewer fits too few of the panel, so that it could tell who it is."""
    found = stated(reviewers.qualifications(), draft.specialty, draft.licensure)
    if draft.specialty.strip() and draft.licensure and found.identifies:
        said = f"{draft.specialty}; {', '.join(draft.licensure)}"
        yield Concern(
            id=concern_id("qualifications", said),
            check="qualifications",
            severity=Severity.NOTE,
            sentence=said,
            says=f"This specialty and these states together fit {found.shared_by} of the panel, and could tell who reviewed the case.",
            do=f"State a broader specialty or fewer states, so that they fit at least {FEWEST} reviewers, where your record allows it.",
            under=(CONFIDENTIAL,),
        )


def public(case: Case, choices: Choices = AS_FOUND) -> Determination:
    """Return the public version of what was signed: it does not say who a party is."""
    application = cases.application(case)
    if application is None:
        raise Refused("the case has no application")
    return normalize(redact(cases.load_value(Determination, case.determination), application.identifiers(), choices))
