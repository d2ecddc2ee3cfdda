"""What a coordinator does with the panel: the register, its CSV sheet, cases to take back, and the day's assignment.

Every function checks permissions. Reviewers' names are shown here and nowhere outside the review organization.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from imr.case.document_types import DocumentType
from imr.errors import ImrError, Refused
from imr.law.disclosure import Thing, may_see
from imr.law.roles import OFFICE
from imr.law.terms import Role
from imr.panel import Assignment, Costs, PanelMember, Shortage, assign
from imr.panel.commitment import Commitment, Disclosure
from imr.panel.cost import Reason
from imr.panel.roster import CredentialWarning, warnings
from imr.panel.roster_csv import RowProblem, read_roster, write_roster
from imr.plain import from_plain
from imr.web import access, actions
from imr.web.models import CaseRow, DocumentRow, EventRow, PersonRow, ReviewerRow, SigningKeyRow
from imr.web.platform import clock
from imr.web.store import reviewers
from imr.web.store.documents import Upload, load

T = TypeVar("T")
#: A sheet larger than this, in characters, is rejected.
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A reviewer in the register: the record, what expires, the number of open cases, whether they take cases and have an account."""

    member: PanelMember
    warned: tuple[CredentialWarning, ...]
    open: int
    available: bool
    signs_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A sheet before it is imported: the rows that do not fit, or who is new and whose record changes."""

    problems: tuple[RowProblem, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One line of the day's proposal: the case as it was seen, the reviewer, the points and the reasons."""

    case: str
    events: int
    member: PanelMember
    points: int
    passed_over: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The result of one line that was confirmed: assigned, or refused and why."""

    case: str
    reviewer: str
    refusal: str = ""


def _insist(user: access.Viewer) -> None:
    access.insist_any(user, (Role.COORDINATOR,))


def register(user: access.Viewer) -> tuple[RegisterLine, ...]:
    """Return everybody on the panel, those with something to correct first."""
    _insist(user)
    access.log_list(user, "register of reviewers", role=Role.COORDINATOR.value)
    costs, today = Costs(clock.today(), history=reviewers.history()), clock.today()
    found, able = [], reviewers.able_to_sign_in()
    for row in ReviewerRow.objects.order_by("pk"):
        member = reviewers.member(row)
        whole = from_plain(PanelMember, {"capacity": row.capacity, **row.terms, "reviewer": row.facts})
        held = whole.capacity - len(costs.load(whole)) if not whole.away(today) else 0
        warned = warnings(member, today)
        found.append(
            RegisterLine(member=whole, warned=warned, open=held, available=row.available, signs_in=row.pk in able)
        )
    return tuple(sorted(found, key=lambda one: (not one.warned, one.member.id)))


def register_line(user: access.Viewer, number: str) -> RegisterLine:
    """Return one reviewer of the register. Http404 where there is none."""
    found = next((one for one in register(user) if one.member.id == number), None)
    if found is None:
        raise Http404
    return found


@transaction.atomic
def set_available(user: access.Viewer, number: str, *, available: bool) -> None:
    """Note whether a reviewer takes new cases at present. Http404 where there is no such reviewer."""
    _insist(user)
    row = ReviewerRow.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise Http404
    row.available = available
    row.save(update_fields=["available"])
    said = "takes new cases" if available else "takes no new cases at present"
    access.log_account(user, access.AuditAction.ACCOUNT, f"noted that reviewer {number} {said}")


@transaction.atomic
def remove_reviewer(user: access.Viewer, number: str) -> None:
    """Remove a reviewer who was entered by mistake. Raises Refused where an account, a case or the history names the reviewer."""
    _insist(user)
    row = ReviewerRow.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise Http404
    events = EventRow.objects.filter(Q(by_id=number) | Q(data__reviewer=number) | Q(data__barred__contains=number))
    named = (PersonRow, CaseRow, SigningKeyRow)
    if events.exists() or any(model.objects.filter(reviewer=number).exists() for model in named):
        raise Refused("an account, a case or the history names this reviewer, who stays: note that they take no cases")
    row.delete()
    access.log_account(user, access.AuditAction.ACCOUNT, f"removed reviewer {number}, whom nothing named")


def to_take_back(user: access.Viewer) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return open cases whose reviewer the law would not clear today, each with the reasons, except cases in which this person is a party."""
    _insist(user)
    return _coordinated(user, reviewers.no_longer_cleared(), lambda line: line[0])


def _coordinated(user: access.Viewer, lines: Iterable[T], number: Callable[[T], str]) -> tuple[T, ...]:
    """Return the lines of cases that this person coordinates, without those in which they are a party."""
    listed = list(lines)
    mine = access.numbers_as(user, Role.COORDINATOR, map(number, listed))
    return tuple(line for line in listed if number(line) in mine)


def sheet(user: access.Viewer) -> str:
    """Return the register as CSV."""
    return write_roster(one.member for one in sorted(register(user), key=lambda one: one.member.id))


def look(user: access.Viewer, text: str) -> Incoming:
    """Return what a sheet would change. Nothing is changed."""
    _insist(user)
    if len(text) > LARGEST:
        raise ImrError("this file is too large for a register of reviewers")
    came, held = read_roster(text), {one.member.id: one.member for one in register(user)}
    return Incoming(
        problems=came.problems,
        new=tuple(member.id for member in came.members if member.id not in held),
        changed=tuple(m.id for m in came.members if m.id in held and held[m.id] != m),
    )


def take(user: access.Viewer, text: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Import a sheet into the register, all of it or nothing; return the open cases that have to be taken back because of it.

    Raises ImrError with every problem where a row does not fit.
    """
    _insist(user)
    members = read_roster(text).whole()
    with transaction.atomic():
        for member in members:
            reviewers.enter_member(member)
    return _coordinated(user, reviewers.no_longer_cleared(member.id for member in members), lambda line: line[0])


def day(user: access.Viewer, seed: str = "") -> tuple[Assignment, tuple[Proposed, ...], tuple[Shortage, ...]]:
    """Return the proposal for all cases that wait today, and the cases that nobody may take. Nothing is assigned by it.

    The plan covers every case that waits; a line is shown for those that this person coordinates.
    """
    _insist(user)
    answer = assign(
        reviewers.waiting(), reviewers.members(), clock.today(), history=reviewers.history(), seed=seed or None
    )
    by_id = {member.id: member for member in answer.members}
    lines = tuple(
        Proposed(
            case=pair.case,
            events=access.open_case(user, pair.case).case.events,
            member=by_id[pair.reviewer],
            points=pair.points,
            passed_over=pair.passed_over,
            reasons=tuple(reason for reason in answer.reasons(pair) if reason.points),
        )
        for pair in _coordinated(user, answer.pairs, lambda pair: pair.case)
    )
    shortages = _coordinated(user, answer.shortages, lambda one: one.case)
    shown = {line.case for line in lines} | {one.case for one in shortages}
    access.log_list(user, "plan of the day", shown, role=Role.COORDINATOR.value)
    return answer, lines, shortages


def confirm(user: access.Viewer, lines: Sequence[tuple[str, str, int]], note: Upload) -> tuple[Confirmed, ...]:
    """Assign the lines that were confirmed, each in a transaction of its own: case, reviewer, events as they were seen.

    Where another candidate now ranks before the one of the plan, `note` says why: the plan weighs all cases together.
    """
    _insist(user)
    wanted = {request.number: request.matter.specialties for request in reviewers.waiting()}
    done = []
    for case, reviewer, seen in lines:
        facts = {"reviewer": reviewer, "specialties": wanted.get(case, ()), "reason": note}
        try:
            actions.perform("assign-reviewer", user, case, facts, seen=seen)
        except Refused as refused:
            done.append(Confirmed(case=case, reviewer=reviewer, refusal=str(refused)))
        else:
            done.append(Confirmed(case=case, reviewer=reviewer))
    return tuple(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The seal of a reviewer's screening at assignment: the root in the history, and what may be shown to this person.

    `document` is the digest of the opened commitment among the documents of the case, for those who may know the reviewer.
    """

    root: str
    disclosure: Disclosure
    document: str


def root(number: str) -> str:
    """Return the root of the commitment to the last assignment of a case, from its history; it reveals nothing."""
    event = EventRow.objects.filter(case=number, kind="reviewer-assigned").order_by("-number").first()
    return "" if event is None else str(event.data.get("commitment", ""))


def sealed(user: access.Viewer, number: str) -> Sealed:
    """Return what this person may verify of the last assignment of a case.

    A person who sees the case verifies everything but the reviewer; everybody verifies the part of a published case that names
    nobody. Http404 where nobody was assigned, or where the case is neither theirs nor published.
    """
    seeing = access.roles_in(user, number)
    if not any(may_see(role, Thing.PANEL_COMMITMENT) for role in seeing):
        access.public_determination(number)
    under = root(number)
    kept = DocumentRow.objects.filter(case=number, paper=DocumentType.COMMITMENT.value).order_by("-at", "-pk")
    # The commitment of this root: another reviewer may be assigned between the two queries.
    commitments = ((row.digest, from_plain(Commitment, json.loads(load(row.digest)))) for row in kept)
    digest, commitment = next(((digest, one) for digest, one in commitments if one.root == under), ("", None))
    if commitment is None:
        raise Http404
    if seeing:  # it names the parties
        access.open_case(user, number).log(Thing.PANEL_COMMITMENT)
    inside = any(role in OFFICE and may_see(role, Thing.REVIEWER_IDENTITY) for role in seeing)
    return Sealed(
        root=under,
        disclosure=commitment.disclose() if seeing else commitment.publish(),
        document=digest if inside else "",
    )


def today() -> date:
    """Return the day of the proposal."""
    return clock.today()
