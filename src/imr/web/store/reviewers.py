"""The panel as the site stores it, and its earlier assignments. No permission checks here.

A reviewer's row holds the law's record, the organization's terms, whether they take cases, and how many at a time.
"""

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import OuterRef, Q, Subquery

from imr.case.chain import replay
from imr.case.context import CALIFORNIA, StepContext
from imr.case.qualifications import Qualified
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.steps.assignment import AssignReviewer
from imr.errors import ImrError, Refused
from imr.law.reviewers import Criteria, Matter, Reviewer, screen
from imr.law.terms import Role
from imr.panel import PastAssignment, candidates
from imr.panel.commitment import Commitment, commit
from imr.panel.request import MEMORY, ReviewRequest, request_for
from imr.panel.roster import PanelMember
from imr.plain import from_plain, to_plain
from imr.web.models import CaseRow, EventRow, PersonRow, ReviewerRow
from imr.web.platform import clock
from imr.web.store import cases

_OPEN = [stage.name for stage in WITH_REVIEWER]


def member(row: ReviewerRow, *, signs_in: bool = True) -> PanelMember:
    """Convert a row to a member of the panel: a reviewer who takes no cases at present, or cannot sign in, has no capacity."""
    terms = {"capacity": row.capacity, **row.terms, "reviewer": row.facts}
    return replace(from_plain(PanelMember, terms), capacity=row.capacity if row.available and signs_in else 0)


def members() -> tuple[PanelMember, ...]:
    """Return everybody on the panel, including those who take no cases."""
    able = able_to_sign_in()
    return tuple(member(row, signs_in=row.pk in able) for row in ReviewerRow.objects.order_by("pk"))


def qualifications() -> tuple[Qualified, ...]:
    """Return what a letter may state of each reviewer of the panel; whose record is whose is left out."""
    return tuple(
        Qualified.of(from_plain(Reviewer, facts)) for facts in ReviewerRow.objects.values_list("facts", flat=True)
    )


def able_to_sign_in() -> frozenset[str]:
    """Return the ids of the reviewers who can sign in: with an active account of that role whose password is set."""
    accounts = PersonRow.objects.filter(reviewer__isnull=False, is_active=True, roles__contains=[Role.REVIEWER.value])
    usable = accounts.exclude(password="").exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return frozenset(str(number) for number in usable.values_list("reviewer_id", flat=True))


def enter_member(member: PanelMember) -> None:
    """Add a reviewer to the panel, or update the one it has."""
    terms = to_plain(replace(member, reviewer=Reviewer(id=member.id, name="")))
    kept = {name: value for name, value in terms.items() if name not in ("reviewer", "capacity")}
    ReviewerRow.objects.update_or_create(
        id=member.id, defaults={"facts": to_plain(member.reviewer), "capacity": member.capacity, "terms": kept}
    )


def history(without: str = "") -> tuple[PastAssignment, ...]:
    """Return who was given which case in the period that the panel looks back on, and which cases are still open.

    One statement reads cases and their days: an assignment made meanwhile is in it whole, or not at all.
    """
    assignments = EventRow.objects.filter(kind="reviewer-assigned")
    recent = assignments.filter(at__gte=clock.now() - MEMORY - timedelta(days=1)).values("case")
    last = assignments.filter(case=OuterRef("number")).order_by("-number").values("at")[:1]
    taken = CaseRow.objects.exclude(reviewer="").exclude(number=without)
    taken = taken.filter(Q(stage__in=_OPEN) | Q(number__in=recent))
    return tuple(
        PastAssignment(
            case=row.number,
            reviewer=row.reviewer,
            on=row.since.astimezone(CALIFORNIA).date(),
            administrators=(row.administrator,) if row.administrator else (),
            physicians=(row.physician,) if row.physician else (),
            is_open=Stage[row.stage] in WITH_REVIEWER,
        )
        for row in taken.annotate(since=Subquery(last))
    )


def request(case: Case, specialties: tuple[str, ...] = ()) -> ReviewRequest | None:
    """Return what the panel needs to know of a case; None where it has no application."""
    application = cases.application(case)
    if application is None:
        return None
    return request_for(case, application, cases.organization(), Criteria(**settings.CRITERIA), specialties)


def lock_available_reviewer(number: str, on: date) -> Reviewer:
    """Return the reviewer of that id, locked until this transaction ends, so that no other case takes the last place meanwhile.

    Raises Refused where the panel has none, or none who takes one more case now.
    """
    row = ReviewerRow.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise Refused(f"the panel has no reviewer {number}: choose one of the panel")
    held = CaseRow.objects.filter(reviewer=number, stage__in=_OPEN).count()
    if number not in able_to_sign_in():
        raise Refused(
            "this reviewer cannot sign in: choose another, or have an account with a password set up for this one"
        )
    if not row.available or member(row).away(on):
        raise Refused("this reviewer takes no cases at present: choose another")
    if held >= row.capacity:
        raise Refused(f"this reviewer has {held} open cases and takes no more than {row.capacity}: choose another")
    return from_plain(Reviewer, row.facts)


def passed_over(case: Case, reviewer: str, specialties: tuple[str, ...], on: date) -> int:
    """Count the free candidates whom the panel ranks before this reviewer, with fewer points."""
    asked = request(case, specialties)
    if asked is None:
        return 0
    free = [found for found in candidates(asked, members(), on, history=history(case.number)) if found.available]
    chosen = next((found for found in free if found.member.id == reviewer), None)
    return 0 if chosen is None else sum(found.points < chosen.points for found in free)


def commitment_for(
    case: Case, context: StepContext, reviewer: Reviewer, specialties: tuple[str, ...]
) -> Commitment | None:
    """Make the commitment to this assignment. Its secret is random: whoever has every key of the site cannot compute it."""
    asked = request(case, specialties)
    if asked is None:
        return None
    findings = asked.screen(reviewer, context.on)
    if not all(findings):
        return None
    made = commit(case.number, context.on, reviewer, asked.matter, findings, secrets.token_bytes(32))
    _made.set(made)
    return made


#: The commitment that this step made last: its event names the root, and its secret is in the document that the step files.
_made: ContextVar[Commitment | None] = ContextVar("commitment", default=None)


def opened_commitment(facts: AssignReviewer) -> Commitment | None:
    """Return the commitment that the facts of an assignment name, if they name one. Raises ImrError where this step did not make it."""
    if not facts.commitment:
        return None
    made = _made.get()
    if made is None or made.root != facts.commitment:
        raise ImrError("the commitment of this assignment was not made by this step: assign again")
    return made


def no_longer_cleared(numbers: Iterable[str] | None = None) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return open cases whose reviewer the law would not clear today: the case, the reviewer, and each reason.

    `numbers` limits it to some reviewers: those whose record has just changed. It queries the open cases, their reviewers and
    the organization's affiliations once each, however many there are.
    """
    assigned = CaseRow.objects.filter(stage__in=_OPEN, matter__isnull=False).exclude(reviewer="").order_by("number")
    if numbers is not None:
        assigned = assigned.filter(reviewer__in=list(numbers))
    open_cases = list(assigned.values_list("number", "reviewer", "matter"))
    whose = {who for _, who, _ in open_cases}
    known = {row.pk: from_plain(Reviewer, row.facts) for row in ReviewerRow.objects.filter(pk__in=whose)}
    ties, criteria, today = cases.organization(), Criteria(**settings.CRITERIA), clock.today()
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for number, who, kept in open_cases:
        against = replace(from_plain(Matter, kept), organization=ties, criteria=criteria)
        if who not in known:
            found.append((number, who, (f"the panel has no reviewer {who} any more",)))
            continue
        failed = [str(finding) for finding in screen(known[who], against, today) if not finding]
        if failed:
            found.append((number, who, tuple(failed)))
    return tuple(found)


def waiting() -> tuple[ReviewRequest, ...]:
    """Return every case that waits for a reviewer, as the panel needs it."""
    ready = CaseRow.objects.filter(stage=Stage.RECORDS_COMPLETE.name).order_by("number")
    found = (request(replay(cases.chain(row.number))) for row in ready)
    return tuple(one for one in found if one is not None)
