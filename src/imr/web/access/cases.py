"""The cases of a person, the state and history of each, and the panel that may review it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404

from imr import panel
from imr.case.application import Application
from imr.case.chain import Recorded
from imr.case.clocks import NotStarted, not_started
from imr.case.deadlines import open_deadlines
from imr.case.event_types import EVENT_TYPES
from imr.case.events import Event, IdentitySettled
from imr.case.letters import CaseLetter
from imr.case.outside import outside_chain, outside_view
from imr.case.qualifications import Qualified, Stated, to_state
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.law.days import Deadline
from imr.law.disclosure import Thing
from imr.law.reviewers import Doubt, Reviewer
from imr.law.reviewers import doubts as find_doubts
from imr.law.roles import EVERY_CASE
from imr.law.terms import Outcome, ReviewType, Role
from imr.web.access.case_access import (
    CaseAccess,
    Viewer,
    allowed,
    memberships,
    proposed_in,
    roles_of_row,
    stage_shown,
    visible,
)
from imr.web.access.documents import may_open
from imr.web.models import CaseRow
from imr.web.platform import clock
from imr.web.store import cases as rows
from imr.web.store import reviewers
from imr.web.store.timeline import Due, Moment, moments


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list. `consent_withdrawn` marks an open case for the roles that decide what follows."""

    number: str
    stage: Stage
    review_type: ReviewType | None
    received_at: datetime | None
    changed_at: datetime
    due: Due | None
    employee: str
    outcome: Outcome | None
    roles: tuple[Role, ...]
    consent_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as this person may see it. `deadlines` are those still open, the next first; `met` are those that are met.

    `not_started` are the deadlines that wait for the service of a letter: they have no day yet. `access` is how it was opened.
    """

    number: str
    access: CaseAccess
    case: Case
    application: Application | None
    deadlines: tuple[Deadline, ...]
    met: tuple[Deadline, ...]
    not_started: tuple[NotStarted, ...]
    due: Due | None
    roles: tuple[Role, ...]
    offers: tuple[Step, ...]
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The specialties that a dispute asks for, and the panel in its order."""

    specialties: tuple[str, ...]
    candidates: tuple[panel.Candidate, ...]


def cases(user: Viewer, ended: bool | None = None) -> tuple[CaseLine, ...]:
    """Return the cases that this person may see, the next deadline first. `ended` keeps those that have, or have not, ended."""
    found = visible(user).order_by("due_at", "-changed_at")
    over = [stage.name for stage in Stage if stage.ended or stage is Stage.PUBLISHED]
    if ended is not None:
        found = found.filter(stage__in=over) if ended else found.exclude(stage__in=over)
    listed = list(found)
    parts, proposed = memberships(user), proposed_in(user)
    return tuple(_line(row, roles_of_row(user, row, parts, proposed)) for row in listed)


def _line(row: CaseRow, seeing: tuple[Role, ...]) -> CaseLine:
    return CaseLine(
        number=row.number,
        stage=stage_shown(Stage[row.stage], seeing),
        review_type=ReviewType(row.review_type) if row.review_type else None,
        received_at=row.received_at,
        changed_at=row.changed_at,
        due=Due(title=row.due_title, at=row.due_at, role=Role(row.due_role)) if row.due_at else None,
        employee=row.employee if allowed(seeing, Thing.APPLICATION) else "",
        outcome=Outcome(row.outcome) if row.outcome else None,
        roles=seeing,
        consent_withdrawn=row.consent_withdrawn_on is not None
        and not (Stage[row.stage].ended or row.stage == Stage.PUBLISHED.name)
        and bool(set(seeing) & set(EVERY_CASE)),
    )


def case(case_access: CaseAccess) -> CaseView:
    """Return the state of a case, its deadlines and parties, and the steps that this person may take now. The look is logged."""
    application = case_access.application if case_access.shows(Thing.APPLICATION) else None
    if application is not None:
        case_access.log(Thing.APPLICATION, case_access.case.filing.application if case_access.case.filing else "")
    still = open_deadlines(case_access.case)
    return CaseView(
        number=case_access.number,
        access=case_access,
        case=_as_seen(case_access),
        application=application,
        deadlines=still,
        met=tuple(deadline for deadline in case_access.case.deadlines() if deadline not in still),
        not_started=tuple(
            replace(one, letter=case_access.numbers.get(one.letter, 0)) for one in not_started(case_access.case)
        ),
        due=rows.next_due(case_access.case),
        roles=case_access.roles,
        offers=case_access.offers,
        events=len(case_access.numbers),
    )


def _as_seen(case_access: CaseAccess) -> Case:
    """Return a case without what these roles may not see: the reviewer, marked records, the decision before its issue."""
    held = case_access.case
    if not case_access.is_inside:
        held = replace(held, events=len(case_access.numbers), letters=_letters(case_access))
        held = replace(held, stage=stage_shown(held.stage, case_access.roles))
    if not case_access.shows(Thing.REVIEWER_IDENTITY):
        held = replace(held, reviewer="", earlier_reviewers=(), former_reviewers=(), settled=())
    if not case_access.shows(Thing.DRAFT):
        held = replace(held, draft="", answers="", returned=0)
    if not case_access.shows(Thing.CONSENT_EXCLUSION):
        held = replace(held, outside_consent=())
    if not case_access.decision_is_released:
        held = replace(
            held,
            letter="",
            determination="",
            decisions=(),
            dates=replace(held.dates, determined_on=None, overturned=None),
        )
    return held


def _letters(case_access: CaseAccess) -> tuple[CaseLetter, ...]:
    """Return the letters of a case under the numbers that their events have for the viewer."""
    letters = case_access.case.letters
    return tuple(replace(letter, number=case_access.numbers.get(letter.number, 0)) for letter in letters)


def timeline(case_access: CaseAccess) -> tuple[Moment, ...]:
    """Return the history of a case as far as this person may see it, without who reviews and who acted.

    An event that this person sees, and that is not in the chain of outsiders, has the number 0 for them.
    """
    case_access.require(Thing.TIMELINE)
    every = None if case_access.shows(Thing.SERVICE_RECORD) else case_access.roles
    chain = case_access.chain
    if not case_access.shows(Thing.REVIEWER_IDENTITY):
        chain = outside_view(chain, lambda event: _is_shown(case_access, event), case_access.numbers)
    return moments(chain, case_access.shows, _letters(case_access), served_on=every)


def _is_shown(case_access: CaseAccess, event: Event) -> bool:
    within = EVENT_TYPES[event.kind].within
    return within is None or case_access.shows(within)


def events(case_access: CaseAccess) -> tuple[Recorded, ...]:
    """Return the chain of a case: the one of outsiders, or the full chain for the roles that may know the reviewer.

    Seals of documents that this person may open are opened for them.
    """
    case_access.require(Thing.EVENT_CHAIN)
    if case_access.shows(Thing.REVIEWER_IDENTITY):
        return case_access.chain
    readable = {row.digest for row in case_access.documents if may_open(case_access, row)}
    return outside_chain(case_access.chain, readable)


def reviewer(case_access: CaseAccess) -> Reviewer | None:
    """Return who reviews a case, for the review organization alone."""
    case_access.require(Thing.REVIEWER_IDENTITY)
    case_access.log(Thing.REVIEWER_IDENTITY)
    return rows.reviewer(case_access.case.reviewer) if case_access.case.reviewer else None


def qualifications_to_state(found: Reviewer, case: Case) -> Stated:
    """Return what the letter of a case states of its reviewer by the rule of the house: what fits several reviewers of the panel."""
    return to_state(Qualified.of(found), reviewers.qualifications(), case.specialties)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtLine:
    """A name in doubt, on whose record it is (None: the review organization's own), and when and by whom it was settled."""

    reviewer: Reviewer | None
    doubt: Doubt
    at: datetime | None
    by: str


def doubts(case_access: CaseAccess) -> tuple[DoubtLine, ...]:
    """Return the names in doubt of a case, open ones first: those of its reviewer, or of the whole panel where it has none."""
    case_access.require(Thing.CONFLICT_SCREENING)
    case_access.log(Thing.CONFLICT_SCREENING)
    request = reviewers.request(case_access.case)
    if request is None:
        return ()
    whose = case_access.case.reviewer
    asked = [rows.reviewer(whose)] if whose else [member.reviewer for member in reviewers.members()]
    settled = {one.event.doubt: one for one in case_access.chain if isinstance(one.event, IdentitySettled)}
    found: dict[str, DoubtLine] = {}
    for who in (None, *asked):
        for doubt in find_doubts(who, request.matter, clock.today()):
            settlement = settled.get(doubt.key)
            found[doubt.key] = DoubtLine(
                reviewer=who if doubt.reviewer else None,
                doubt=doubt,
                at=None if settlement is None else settlement.at,
                by="" if settlement is None else rows.actor_name(settlement.by.id),
            )
    return tuple(sorted(found.values(), key=lambda one: (one.at is not None, one.doubt.reviewer, one.doubt.name)))


def candidates(case_access: CaseAccess, specialties: tuple[str, ...] = ()) -> Choice:
    """Return the panel for a case as `panel.candidates` orders it, each screened as the step that assigns one screens them.

    Without specialties, those that treat the disputed treatments are asked for. Raises Http404 where no reviewer can be chosen now.
    """
    case_access.require(Thing.CONFLICT_SCREENING)
    request = reviewers.request(case_access.case, specialties)
    if request is None:
        raise Http404
    case_access.log(Thing.CONFLICT_SCREENING)
    found = panel.candidates(request, reviewers.members(), clock.today(), history=reviewers.history(case_access.number))
    return Choice(specialties=request.matter.specialties, candidates=found)
