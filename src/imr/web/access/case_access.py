"""The roles of a person in a case, and what the law lets them see of it. Each look is logged."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from imr.case import decide as taking
from imr.case.application import Application
from imr.case.chain import Recorded, replay
from imr.case.context import Actor
from imr.case.outside import outside_numbers
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.law.disclosure import Thing, may_see, readers
from imr.law.roles import EVERY_CASE, OFFICE, OUTSIDERS, PARTIES
from imr.law.rule import Finding
from imr.law.terms import Role
from imr.web.case_files import step_inputs
from imr.web.models import CaseRow, DocumentRow, MembershipRow, PersonRow, ProposalRow, ViewRow
from imr.web.store import audit_log, cases
from imr.web.store.audit_log import AuditAction

#: Somebody with an account.
Person = PersonRow
#: Who looks: somebody with an account, or anybody.
Viewer = PersonRow | AnonymousUser
#: The people of the review organization, its reviewers among them; everybody else is an outsider to what happens in it.
INSIDE = (*OFFICE, Role.REVIEWER)
#: The stages of a review that a party is not told apart from the first.
INSIDE_REVIEW = (Stage.QUALITY, Stage.PASSED)
#: What a determination decides is nobody's to know before it is issued, these apart.
ISSUED = (Stage.ISSUED, Stage.PUBLISHED, Stage.REVERSED)
#: Who is proposed and not refused, or is invited and has not joined.
WAITING = Q(settled_at__isnull=True) | Q(accepted=True, joined_at__isnull=True)
BEFORE_ISSUE = readers(Thing.UNISSUED_DETERMINATION)


def roles(user: Viewer) -> tuple[Role, ...]:
    """Return the roles in which somebody may act at all; none for a visitor who is not signed in."""
    if not isinstance(user, PersonRow) or not user.is_active:
        return ()
    return tuple(role for role in Role if role.value in user.roles)


def person(user: Viewer) -> PersonRow:
    """Return the account of a visitor. Raises Http404 where nobody is signed in."""
    if not isinstance(user, PersonRow):
        raise Http404
    return user


def insist_any(user: Viewer, wanted: Iterable[Role]) -> PersonRow:
    """Return the account of somebody who has one of these roles. Raises Http404 for everybody else."""
    if not set(roles(user)) & set(wanted):
        raise Http404
    return person(user)


def roles_in(user: Viewer, number: str) -> tuple[Role, ...]:
    """Return the roles in which somebody may see this case; none where it is not theirs, or does not exist."""
    return _seen(user, number)[1]


def _seen(user: Viewer, number: str) -> tuple[CaseRow | None, tuple[Role, ...]]:
    """Return the row of a case and the roles in which somebody may see it, in one statement."""
    if not isinstance(user, PersonRow):
        return None, ()
    of_case = Q(case=OuterRef("number"))
    parts = MembershipRow.objects.filter(of_case, _mine(user, None), until__isnull=True)
    waiting = ProposalRow.objects.filter(of_case, _mine(user, None), WAITING)
    found = CaseRow.objects.filter(number=number)
    row = found.annotate(parts=ArraySubquery(parts.values("role")), proposed=Exists(waiting)).first()
    if row is None:
        return None, ()
    return row, roles_of_row(user, row, [(number, role) for role in row.parts], {number} if row.proposed else ())


def roles_of_row(
    user: Viewer, row: CaseRow, memberships: Iterable[tuple[str, str]], proposed: Container[str]
) -> tuple[Role, ...]:
    """Return the roles in which somebody may see the case of a row.

    Nobody has two roles in one case. A party, in person or by the organization that they sign in for, sees the case and acts in it as
    that party alone; its reviewer as the reviewer alone, whatever their roles elsewhere. Somebody who is proposed as a party is not
    one yet, and sees the case in no office either, until somebody else settles the proposal.
    """
    held = roles(user)
    parts = {Role(role) for number, role in memberships if number == row.number}
    if parts:  # by membership in this case, whether or not the account still has the role
        return tuple(role for role in held if role in PARTIES and role in parts)
    if (
        isinstance(user, PersonRow) and held and row.reviewer and row.reviewer == user.reviewer_id
    ):  # while the case is theirs
        return tuple(role for role in held if role is Role.REVIEWER)
    return () if row.number in proposed else tuple(role for role in held if role in EVERY_CASE)


def numbers_as(user: Viewer, role: Role, numbers: Iterable[str]) -> set[str]:
    """Return those of these cases in which somebody may see and act in this role."""
    wanted = set(numbers)
    parts, proposed = memberships(user, wanted), proposed_in(user, wanted)
    rows = CaseRow.objects.filter(number__in=wanted)
    return {row.number for row in rows if role in roles_of_row(user, row, parts, proposed)}


def memberships(user: Viewer, numbers: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Return the cases in which somebody is a party, each with the role; only those of `numbers` where these are given."""
    if not isinstance(user, PersonRow):
        return []
    found = MembershipRow.objects.filter(_mine(user, numbers), until__isnull=True)
    return list(found.values_list("case", "role"))


def own_cases(user: PersonRow) -> QuerySet[MembershipRow, str]:
    """Return the numbers of the cases in which somebody is a party, as a subquery."""
    return MembershipRow.objects.filter(_mine(user, None), until__isnull=True).values_list("case", flat=True)


def proposed_in(user: Viewer, numbers: Iterable[str] | None = None) -> set[str]:
    """Return the cases that are closed to this person's office: they, or their organization, are proposed as a party of them."""
    if not isinstance(user, PersonRow) or not any(role in EVERY_CASE for role in roles(user)):
        return set()
    waiting = ProposalRow.objects.filter(_mine(user, numbers), WAITING)
    found = set(waiting.values_list("case", flat=True))
    return found - {number for number, _ in memberships(user, found)} if found else found


def invitations(user: PersonRow) -> QuerySet[ProposalRow]:
    """Return the invitations of a person, or of the organization for which they sign in, that nobody has taken up."""
    found = ProposalRow.objects.filter(_mine(user, None), accepted=True, joined_at__isnull=True)
    return found.filter(role__in=[role.value for role in roles(user)])


def _mine(user: PersonRow, numbers: Iterable[str] | None) -> Q:
    """Return the condition for rows about a person or their organization, in cases of `numbers` where these are given."""
    mine = Q(person=user)
    if user.organization_id is not None:
        mine |= Q(organization=user.organization_id)
    return mine if numbers is None else mine & Q(case__in=numbers)


def visible(user: Viewer) -> QuerySet[CaseRow]:
    """Return the rows of the cases that somebody may see."""
    held = roles(user)
    if not held or not isinstance(user, PersonRow):
        return CaseRow.objects.none()
    parts = memberships(user)
    mine = Q(number__in=[number for number, role in parts if Role(role) in held])
    reviewed = Q(reviewer=user.reviewer_id) if user.reviewer_id else Q(pk__in=[])
    if any(role in EVERY_CASE for role in held):
        closed = {*(number for number, _ in parts), *proposed_in(user)}
        mine |= ~Q(number__in=closed) & ~reviewed
    if Role.REVIEWER in held:
        mine |= reviewed & ~Q(number__in=[number for number, _ in parts])
    return CaseRow.objects.filter(mine)


def allowed(seeing: Iterable[Role], thing: Thing) -> bool:
    """Return whether the law lets one of these roles see a thing."""
    withheld = settings.MENTAL_HEALTH_WITHHELD
    return any(may_see(role, thing, mental_health_withheld=withheld).holds for role in seeing)


def is_inside(seeing: Iterable[Role]) -> bool:
    """Return whether somebody with these roles in a case is of the review organization."""
    return any(role in INSIDE for role in seeing)


def stage_shown(stage: Stage, seeing: Iterable[Role]) -> Stage:
    """Return the stage of a case as these roles are shown it: to a party, a review is one stage until the determination is signed.

    Each stage inside it begins with something that the reviewer or the quality review just did.
    """
    return stage if set(seeing) - set(OUTSIDERS) or stage not in INSIDE_REVIEW else Stage.UNDER_REVIEW


@dataclass(eq=False)
class CaseAccess:
    """One case as one person may see it: opened once a request, its chain read once and replayed once.

    It shows the case as it was when it was first read; open the case again to see what was written since. `row` and `documents` are
    rows, for `access` alone.
    """

    viewer: PersonRow
    row: CaseRow
    roles: tuple[Role, ...]
    #: The looks that are not logged yet; None where each is logged at once.
    _looks: dict[tuple[Thing, str], ViewRow] | None = field(default=None, init=False, repr=False)

    @property
    def number(self) -> str:
        """The number of the case."""
        return self.row.number

    @cached_property
    def chain(self) -> tuple[Recorded, ...]:
        """The events of the case, in their order."""
        return cases.chain(self.number)

    @cached_property
    def case(self) -> Case:
        """The case after its last event."""
        return replay(self.chain)

    @cached_property
    def is_inside(self) -> bool:
        """Whether the viewer is of the review organization in this case."""
        return is_inside(self.roles)

    @cached_property
    def numbers(self) -> Mapping[int, int]:
        """The number of each event that has one for the viewer: outsiders count the events of their own chain."""
        return {item.number: item.number for item in self.chain} if self.is_inside else outside_numbers(self.chain)

    @cached_property
    def application(self) -> Application | None:
        """The current application; None before one is filed."""
        return cases.application(self.case)

    @cached_property
    def documents(self) -> tuple[DocumentRow, ...]:
        """The rows of all documents of the case in the order in which they came."""
        return tuple(DocumentRow.objects.filter(case=self.number).order_by("at", "pk"))

    @cached_property
    def offers(self) -> tuple[Step, ...]:
        """The steps that this person may take now, each once."""
        return offered(self.case, self.viewer, self.roles)

    def held_back(self, step: str) -> tuple[Finding, ...]:
        """Return why this person cannot take a step now: the findings for which the step would be refused."""
        found: tuple[Finding, ...] = ()
        index = step_inputs.index_reader()
        for role in self.roles:
            if role in STEPS[step].roles or not found:
                actor = Actor(role=role, id=actor_id(self.viewer, role))
                found = taking.blocking_findings(step, self.case, actor, index)
        return found

    @property
    def decision_is_released(self) -> bool:
        """Whether these roles may know the decision: everybody once it is issued; before, the reviewer and the organization."""
        return any(role in BEFORE_ISSUE for role in self.roles) or self.case.stage in ISSUED

    def shows(self, thing: Thing) -> bool:
        """Return whether the law lets any of these roles see a thing."""
        return allowed(self.roles, thing)

    def require(self, *things: Thing) -> None:
        """Raise Http404 where these roles may see none of these things."""
        if not any(map(self.shows, things)):
            raise Http404

    def reopen(self) -> "CaseAccess":
        """Open the case again, to see what was written since. Raises Http404 where this person may not see it any more."""
        return open_case(self.viewer, self.number)

    def log(self, thing: Thing, digest: str = "") -> None:
        """Record that this person looked at a thing of the case."""
        look = audit_log.entry(
            self.viewer,
            AuditAction.LOOK,
            role=self.roles[0].value,
            case=self.number,
            thing=thing.value,
            digest=digest,
        )
        if self._looks is None:
            look.save()
        else:
            self._looks.setdefault((thing, digest), look)

    @contextmanager
    def logged_together(self) -> Iterator[None]:
        """Log the looks of a page in one statement at its end, each thing once, also where the page ends in an error."""
        self._looks = {}
        try:
            yield
        finally:
            looks, self._looks = self._looks, None
            ViewRow.objects.bulk_create(looks.values())


def open_case(user: Viewer, number: str) -> CaseAccess:
    """Open a case for somebody. Raises Http404 where the case is not theirs, or does not exist."""
    row, roles = _seen(user, number)
    if row is None or not roles:
        raise Http404
    return CaseAccess(person(user), row, roles)


def actor_id(user: PersonRow, role: Role) -> str:
    """Return the id of a person in the history: the panel's id for a reviewer, else the number of the account."""
    return str(user.reviewer_id) if role is Role.REVIEWER else f"person-{user.pk}"


def offered(held: Case, user: PersonRow, seeing: Iterable[Role]) -> tuple[Step, ...]:
    """Return the steps that a person in these roles may take now, each once."""
    found: dict[str, Step] = {}
    index = step_inputs.index_reader()
    for role in seeing:
        for step in taking.offered_steps(held, Actor(role=role, id=actor_id(user, role)), index):
            found.setdefault(step.name, step)
    return tuple(found.values())
