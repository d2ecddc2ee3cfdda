"""The application, the draft with its concerns, the determination, and what everybody may read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from imr.case.answers import ConcernAnswers
from imr.case.application import Application
from imr.case.chain import replay
from imr.case.digests import digest
from imr.case.events import ApplicationReceived, InformationAnswered, RemandOpened
from imr.case.publication import Withdrawal
from imr.case.steps.issue import to_confirm
from imr.checks import Concern
from imr.determination import Choices, Redaction, redact
from imr.determination.model import Determination
from imr.determination.redaction import AS_FOUND
from imr.law.disclosure import Thing
from imr.law.terms import Outcome, Role
from imr.web.access.case_access import CaseAccess
from imr.web.case_files import step_inputs
from imr.web.models import CaseRow
from imr.web.platform import clock
from imr.web.platform.formatting import difference
from imr.web.store import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A published determination in a list. `set_aside_on` is the day from which it is no longer in force.

    `version` changes with each change to what is published.
    """

    number: str
    published_on: date
    outcome: Outcome | None
    set_aside_on: date | None = None
    version: int = 0


class Withdrawn(Http404):
    """A publication that was withdrawn; `tombstone` is what remains of it."""

    def __init__(self, number: str, tombstone: Withdrawal) -> None:
        super().__init__(f"the publication of {number} was withdrawn")
        self.number = number
        self.tombstone = tombstone

    def data(self) -> dict[str, object]:
        """Return the tombstone as data."""
        tombstone = self.tombstone
        return {
            "title": "Withdrawn",
            "message": f"The determination {self.number} was published on {tombstone.published_on} and withdrawn on {tombstone.on}: {tombstone.because.value}.",
            "findings": [],
            "number": self.number,
            "published_on": tombstone.published_on.isoformat(),
            "withdrawn_on": tombstone.on.isoformat(),
            "because": tombstone.because.value,
        }


def application(case_access: CaseAccess) -> Application:
    """Return the current application of a case. The look is logged. Raises Http404 where there is none."""
    case_access.require(Thing.APPLICATION)
    found = case_access.application
    if found is None or case_access.case.filing is None:
        raise Http404
    case_access.log(Thing.APPLICATION, case_access.case.filing.application)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """An answer that changed the application: when, by whom, and each question with what it said before and says after."""

    at: datetime
    by: Role
    changes: tuple[tuple[str, str, str], ...]


def amendments(case_access: CaseAccess) -> tuple[Amendment, ...]:
    """Return what was changed in the application since it was filed, the first change first."""
    case_access.require(Thing.APPLICATION)
    found: list[Amendment] = []
    before: Application | None = None
    for item in case_access.chain:
        if not isinstance(item.event, ApplicationReceived | InformationAnswered | RemandOpened):
            continue
        after = cases.load_value(Application, item.event.filing.application)
        if before is not None and after != before:
            by = getattr(item.event, "by", None) or item.by.role
            found.append(Amendment(at=item.at, by=by, changes=difference(before, after)))
        before = after
    if found:
        case_access.log(Thing.APPLICATION)
    return tuple(found)


def draft(case_access: CaseAccess) -> Determination | None:
    """Return the draft of a determination, for its reviewer and the quality review; None where there is none."""
    case_access.require(Thing.DRAFT)
    if not case_access.case.draft:
        return None
    case_access.log(Thing.DRAFT, case_access.case.draft)
    return cases.load_value(Determination, case_access.case.draft)


def concerns(case_access: CaseAccess, drafted: Determination | None = None) -> tuple[Concern, ...]:
    """Return what the checks find in a draft beside its case file, for its reviewer and the quality review.

    `drafted` is the draft that is being written; without it the submitted draft is checked.
    """
    case_access.require(Thing.DRAFT)
    if drafted is None and not case_access.case.draft:
        return ()
    case_access.log(Thing.DRAFT, case_access.case.draft)
    draft = drafted or cases.load_value(Determination, case_access.case.draft)
    return step_inputs.concerns(case_access.case, draft, clock.today())


def answers(case_access: CaseAccess) -> ConcernAnswers:
    """Return the reviewer's answers to the checks, for the reviewer and the quality review."""
    case_access.require(Thing.DRAFT)
    if not case_access.case.answers:
        return ConcernAnswers()
    case_access.log(Thing.DRAFT, case_access.case.answers)
    return cases.load_value(ConcernAnswers, case_access.case.answers)


def determination(case_access: CaseAccess) -> Determination | None:
    """Return what was signed; for the parties once it is issued, and None before."""
    case_access.require(Thing.DETERMINATION)
    if not case_access.case.determination or not case_access.decision_is_released:
        return None
    case_access.log(Thing.DETERMINATION, case_access.case.determination)
    return cases.load_value(Determination, case_access.case.determination)


def published() -> tuple[PublishedLine, ...]:
    """Return the published determinations, the latest first."""
    found = CaseRow.objects.filter(published_on__isnull=False).order_by("-published_on", "-number")
    return tuple(_line(row, row.published_on) for row in found if row.published_on is not None)


def published_line(number: str) -> PublishedLine:
    """Return the line of one published determination. Raises Withdrawn where it was withdrawn, else Http404 where there is none."""
    row = CaseRow.objects.filter(number=number).first()
    if row is not None and row.published_on is not None:
        return _line(row, row.published_on)
    withdrawal = None if row is None or row.withdrawn_on is None else replay(cases.chain(number)).withdrawal
    if withdrawal is None:
        raise Http404
    raise Withdrawn(number, withdrawal)


def _line(row: CaseRow, published_on: date) -> PublishedLine:
    return PublishedLine(
        number=row.number,
        published_on=published_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        set_aside_on=row.set_aside_on,
        version=row.events,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPublish:
    """A public version before it is published, every replacement in it, and the digest that confirms the list."""

    public: Determination
    redaction: Redaction
    confirmed: str


def to_publish(case_access: CaseAccess, choices: Choices = AS_FOUND) -> ToPublish:
    """Return the public version of a determination and its replacements. Raises Http404 for a person who may not publish it now."""
    case_access.require(Thing.DETERMINATION)
    application = case_access.application
    if application is None or not any(step.name == "publish-determination" for step in case_access.offers):
        raise Http404
    signed = cases.load_value(Determination, case_access.case.determination)
    redaction = to_confirm(signed, application, choices)
    public = redact(signed, application.identifiers(), choices)
    return ToPublish(public=public, redaction=redaction, confirmed=digest(redaction))


def public_determination(number: str) -> Determination:
    """Return the redacted determination of a published case. Raises as `published_line` does where it is not public."""
    published_line(number)
    return cases.load_value(Determination, replay(cases.chain(number)).public)
