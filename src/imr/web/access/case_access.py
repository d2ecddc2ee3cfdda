"""Who somebody is, whose a case is, and what the law lets their roles see of it. Each look is logged."""

from collections.abc import Container, Iterable, Iterator
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
from imr.case.state import Case, Stage
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.law.disclosure import Thing, may_see, readers
from imr.law.roles import EVERY_CASE, PARTIES
from imr.law.rule import Finding
from imr.law.terms import Role
from imr.web.case_files import step_inputs
from imr.web.models import CaseRow, DocumentRow, MembershipRow, PersonRow, ProposalRow, ViewRow
from imr.web.platform import clock
from imr.web.store import cases

#: Who looks: somebody with an account, or anybody.
Viewer = PersonRow | AnonymousUser
#: What a determination decides is nobody's to know before it is issued, these apart.
ISSUED = (Stage.ISSUED, Stage.PUBLISHED, Stage.REVERSED)
BEFORE_ISSUE = readers(Thing.UNISSUED_DETERMINATION)


def roles(user: Viewer) -> tuple[Role, ...]:
    """The roles in which somebody may act at all; none for who has not signed in."""
    if not isinstance(user, PersonRow) or not user.is_active:
        return ()
    return tuple(role for role in Role if role.value in user.roles)


def person(user: Viewer) -> PersonRow:
    """Give whoever is signed in. Raises Http404 where nobody is."""
    if not isinstance(user, PersonRow):
        raise Http404
    return user


def insist_any(user: Viewer, wanted: Iterable[Role]) -> PersonRow:
    """Give whoever has one of these roles. Raises Http404 for everybody else."""
    if not set(roles(user)) & set(wanted):
        raise Http404
    return person(user)


def roles_in(user: Viewer, number: str) -> tuple[Role, ...]:
    """The roles in which somebody may look at this case; none where it is not theirs, or does not exist."""
    return _seen(user, number)[1]


def _seen(user: Viewer, number: str) -> tuple[CaseRow | None, tuple[Role, ...]]:
    """The row of a case and the roles in which somebody may look at it, in one statement."""
    if not isinstance(user, PersonRow):
        return None, ()
    of_case = Q(case=OuterRef("number"))
    parts = MembershipRow.objects.filter(of_case, _mine(user, None), until__isnull=True)
    waiting = ProposalRow.objects.filter(of_case, _mine(user, None), settled_at__isnull=True)
    found = CaseRow.objects.filter(number=number)
    row = found.annotate(parts=ArraySubquery(parts.values("role")), proposed=Exists(waiting)).first()
    if row is None:
        return None, ()
    return row, roles_of_row(user, row, [(number, role) for role in row.parts], {number} if row.proposed else ())


def roles_of_row(
    user: Viewer, row: CaseRow, memberships: Iterable[tuple[str, str]], proposed: Container[str]
) -> tuple[Role, ...]:
    """The roles in which somebody may look at the case of a row.

    Nobody wears two hats in one case: who has a part in it, by themselves or by the organization that they sign in for, looks
    at it and acts in it as that party alone, and its reviewer as the reviewer alone. Whoever else they are elsewhere. Who is
    proposed as a party is not one yet, and no office any more, until somebody else has settled it.
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
    """Those of these cases in which somebody may look and act in this role."""
    wanted = set(numbers)
    parts, proposed = memberships(user, wanted), proposed_in(user, wanted)
    rows = CaseRow.objects.filter(number__in=wanted)
    return {row.number for row in rows if role in roles_of_row(user, row, parts, proposed)}


def memberships(user: Viewer, numbers: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """The cases that somebody has a part in, each with the role; those of `numbers` where they are given."""
    if not isinstance(user, PersonRow):
        return []
    found = MembershipRow.objects.filter(_mine(user, numbers), until__isnull=True)
    return list(found.values_list("case", "role"))


def own_cases(user: PersonRow) -> QuerySet[MembershipRow, str]:
    """The numbers of the cases that somebody has a part in, as a subquery."""
    return MembershipRow.objects.filter(_mine(user, None), until__isnull=True).values_list("case", flat=True)


def proposed_in(user: Viewer, numbers: Iterable[str] | None = None) -> set[str]:
    """The cases that are closed to an office: it waits for intake whether this person, or whom they sign in for, is a party."""
    if not isinstance(user, PersonRow) or not any(role in EVERY_CASE for role in roles(user)):
        return set()
    waiting = ProposalRow.objects.filter(_mine(user, numbers), settled_at__isnull=True)
    found = set(waiting.values_list("case", flat=True))
    return found - {number for number, _ in memberships(user, found)} if found else found


def _mine(user: PersonRow, numbers: Iterable[str] | None) -> Q:
    """What is about a person, or the organization that they sign in for; in cases of `numbers` where they are given."""
    mine = Q(person=user)
    if user.organization_id is not None:
        mine |= Q(organization=user.organization_id)
    return mine if numbers is None else mine & Q(case__in=numbers)


def visible(user: Viewer) -> QuerySet[CaseRow]:
    """The rows of the cases that are this person's."""
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
    """Whether the law lets one of these roles see a thing."""
    withheld = settings.MENTAL_HEALTH_WITHHELD
    return any(may_see(role, thing, mental_health_withheld=withheld).holds for role in seeing)


@dataclass(eq=False)
class CaseAccess:
    """A case as a viewer in these roles may see it: opened once a request, its chain read once and replayed once.

    It shows the case as it was at its first look; what is written meanwhile is seen by opening the case again.
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
        """The events of the case."""
        return cases.chain(self.number)

    @cached_property
    def case(self) -> Case:
        """The case as its events leave it."""
        return replay(self.chain)

    @cached_property
    def application(self) -> Application | None:
        """The application as it is now."""
        return cases.application(self.case)

    @cached_property
    def documents(self) -> tuple[DocumentRow, ...]:
        """The rows of the documents of the case in the order in which they came, whoever may open them."""
        return tuple(DocumentRow.objects.filter(case=self.number).order_by("at", "pk"))

    @cached_property
    def offers(self) -> tuple[Step, ...]:
        """The steps that this person may take now, each once."""
        return offered(self.case, self.viewer, self.roles)

    def held_back(self, step: str) -> tuple[Finding, ...]:
        """Why this person cannot take a step now: what the step itself would be refused for."""
        found: tuple[Finding, ...] = ()
        index = step_inputs.index_reader()
        for role in self.roles:
            if role in STEPS[step].roles or not found:
                actor = Actor(role=role, id=actor_id(self.viewer, role))
                found = taking.blocking_findings(step, self.case, actor, index)
        return found

    @property
    def decision_is_released(self) -> bool:
        """Whether these roles may know the decision: everybody once it is issued, before that the organization and the reviewer."""
        return any(role in BEFORE_ISSUE for role in self.roles) or self.case.stage in ISSUED

    def shows(self, thing: Thing) -> bool:
        """Whether the law lets any of these roles see a thing."""
        return allowed(self.roles, thing)

    def require(self, *things: Thing) -> None:
        """Raise Http404 where none of these things is for these roles."""
        if not any(map(self.shows, things)):
            raise Http404

    def reopen(self) -> "CaseAccess":
        """Open the case again, to see what was written meanwhile. Raises Http404 where it is this person's no more."""
        return open_case(self.viewer, self.number)

    def log(self, thing: Thing, digest: str = "") -> None:
        """Record that this person looked at a thing of the case."""
        look = ViewRow(
            at=clock.now(),
            person=self.viewer,
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
        """Log the looks of a page in one statement when it is made, each thing once; also where an error ends the page."""
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
    """By what a person is known in the history: a reviewer by the panel's id, everybody else by the account's number."""
    return str(user.reviewer_id) if role is Role.REVIEWER else f"person-{user.pk}"


def offered(held: Case, user: PersonRow, seeing: Iterable[Role]) -> tuple[Step, ...]:
    """The steps that a person in these roles may take now, each once."""
    found: dict[str, Step] = {}
    index = step_inputs.index_reader()
    for role in seeing:
        for step in taking.offered_steps(held, Actor(role=role, id=actor_id(user, role)), index):
            found.setdefault(step.name, step)
    return tuple(found.values())
