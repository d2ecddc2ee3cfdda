"""A simulated year of reviews, day by day: cases received, assigned and finished in time, and where the panel is short."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from imr.law.days import Unit, is_closed, shift
from imr.law.holidays import Calendar
from imr.law.reviewers import Reviewer
from imr.law.terms import PartyKind
from imr.panel.assignment import Assignment, propose, with_one_more
from imr.panel.cost import AssignmentHistory, Costs
from imr.panel.request import MEMORY, PastAssignment
from imr.panel.roster import PanelMember
from imr.panel.simulation.docket import Docket
from imr.panel.simulation.people import SPECIALTIES, member
from imr.panel.simulation.steps import Done, Plan, Ready, SimulatedEnd, begin, finish
from imr.panel.simulation.volumes import Volume, volume
from imr.panel.specialties import specialty

T = TypeVar("T")
#: On one of so many business days, the effect of one more reviewer of each specialty is tried.
TRIED = 20
#: After the year's last day, the cases still open are followed for so many days at most.
_TAIL = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One business day: cases that waited for a reviewer, were assigned, or found none; and free places."""

    on: date
    waiting: int
    given: int
    unfilled: int
    free: int
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """The effect of one more reviewer of a specialty on the days tried: cases more, and points less, a day."""

    specialty: str
    cases: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The results of a simulated year. `digest` covers every case's days and decisions, and is the same for the same seed."""

    volume: Volume
    seed: int
    part: float
    reviewers: int
    applications: int
    ended: tuple[tuple[str, int], ...]
    done: tuple[Done, ...] = field(repr=False)
    days: tuple[Day, ...] = field(repr=False)
    left: int
    load: tuple[tuple[str, int, int], ...]
    short: tuple[tuple[str, int], ...]
    one_more: tuple[OneMore, ...]
    digest: str


@dataclass
class _CoordinatorDesk:
    """The coordinator's desk: waiting cases, open reviews, and the assignments of the last 90 days."""

    docket: Docket
    members: tuple[PanelMember, ...]
    waiting: dict[str, Ready] = field(default_factory=dict)
    given: dict[str, tuple[tuple[Reviewer, date], ...]] = field(default_factory=dict)
    until: dict[date, list[PastAssignment]] = field(default_factory=lambda: defaultdict(list))
    open: dict[str, PastAssignment] = field(default_factory=dict)
    memory: AssignmentHistory = field(default_factory=AssignmentHistory)
    forgotten: dict[date, list[PastAssignment]] = field(default_factory=lambda: defaultdict(list))
    days: list[Day] = field(default_factory=list)
    short: Counter[str] = field(default_factory=Counter)
    worked: Counter[str] = field(default_factory=Counter)
    tried: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def moves(self, arriving: Sized) -> bool:
        """Say whether anything can still happen: a case arriving, a review open, or work assigned on the last day."""
        return bool(arriving or self.open or (self.waiting and self.days and self.days[-1].given))

    def close(self, on: date) -> None:
        """End the reviews whose determinations are issued by the day, and drop assignments that are too old."""
        for past in _taken_out(self.until, on):
            del self.open[past.case]
            self.memory.remove(past)
            closed = replace(past, is_open=False)
            self.memory.add(closed)
            self.forgotten[closed.on + MEMORY + timedelta(days=1)].append(closed)
        for past in _taken_out(self.forgotten, on):
            self.memory.remove(past)

    def assign(self, on: date) -> list[tuple[Ready, Plan]]:
        """Assign the waiting cases, and plan the reviews."""
        requests = [ready.request for ready in self.waiting.values()]
        answer = propose(requests, self.members, Costs(on, history=self.memory))
        self._note(answer, on)
        if len(self.days) % TRIED == 0:
            self._try_one_more(answer)
        by_id = {m.id: m for m in self.members}
        planned = []
        for pair in answer.pairs:
            plan = self._plan(pair.case, by_id[pair.reviewer], on)
            if plan is not None:
                planned.append((self.waiting.pop(pair.case), plan))
        return planned

    def _note(self, answer: Assignment, on: date) -> None:
        free = sum(len(load) for load in answer.batch.loads) - len(answer.pairs)
        unfilled = answer.unfilled
        self.days.append(
            Day(
                on=on,
                waiting=len(answer.requests),
                given=len(answer.pairs),
                unfilled=len(unfilled),
                free=free,
                proved=answer.proves(),
            )
        )
        for case in unfilled:
            wanted = map(specialty, self.waiting[case].request.matter.specialties)
            self.short.update({entry.name for entry in wanted if entry is not None})

    def _plan(self, case: str, member: PanelMember, on: date) -> Plan | None:
        """Plan the review of a case; None if the reviewer declines, and the case keeps waiting."""
        ready = self.waiting[case]
        chance, course = self.docket.chance, self.docket.course(ready.number, ready.received)
        before = self.given.get(case, ())
        self.given[case] = (*before, (member.reviewer, on))
        if course.declines and not before:
            self.waiting[case] = replace(ready, request=replace(ready.request, barred=(member.id,)))
            return None
        expedited = self.docket.is_expedited(ready.number)
        pace = 1 if expedited else max(1, member.days_a_review + chance.whole(-1, 2, "pace", ready.number))
        drafted = _open(on + timedelta(days=pace))
        issued = drafted if expedited else shift(drafted, 2 if course.returned else 1, Unit.BUSINESS)
        past = PastAssignment(
            case=case,
            reviewer=member.id,
            on=on,
            administrators=ready.request.named(PartyKind.CLAIMS_ADMINISTRATOR),
            physicians=ready.request.named(PartyKind.REQUESTING_PHYSICIAN),
            is_open=True,
        )
        self.open[case] = past
        self.memory.add(past)
        self.until[issued].append(past)
        self.worked[member.id] += 1
        return Plan(given=self.given.pop(case), drafted=drafted, issued=issued)

    def _try_one_more(self, answer: Assignment) -> None:
        for name in SPECIALTIES.items:
            newcomer = member("one more", 90_000, answer.on, of=name)
            # A newcomer has all places free; in the long run as many come free a day as reviews are finished a day.
            newcomer = replace(newcomer, capacity=max(1, newcomer.capacity // newcomer.days_a_review), absences=())
            more = with_one_more(answer, newcomer)
            self.tried[name].append((len(more.pairs) - len(answer.pairs), _points(answer) - _points(more)))


def simulate(
    year: int,
    reviewers: int,
    seed: int,
    *,
    part: float = 1.0,
    processes: int = 2,
    tell: Callable[[str], None] = lambda _: None,
) -> Year:
    """Simulate a year. `part` takes a share of its cases, with all reviewers. The same seed gives the same year.

    Raises ImrError for a year without a published number of letters.
    """
    docket = Docket(volume(year), seed, part)
    first = date(year, 1, 1)
    members = tuple(member(seed, number, first) for number in range(reviewers))
    desk = _CoordinatorDesk(docket, members)
    ended: Counter[str] = Counter()
    arriving: dict[date, list[Ready]] = defaultdict(list)
    finishing: list[Future[list[Done]]] = []
    by_day = docket.by_day()
    pool: Any = ProcessPoolExecutor(processes) if processes else nullcontext(_Here())
    with pool as executor:
        beginning = _ahead(executor, docket, by_day)
        day, last = first, first
        while day <= date(year, 12, 31) or (desk.moves(arriving) and day < date(year, 12, 31) + _TAIL):
            for case in next(beginning, ()) if day in by_day else ():
                if isinstance(case, SimulatedEnd):
                    ended.update(case.reasons[:1])
                else:
                    arriving[case.since].append(case)
            if not is_closed(day, Calendar.STATE):
                desk.close(day)
                for since in sorted(since for since in arriving if since <= day):
                    desk.waiting |= {ready.case.number: ready for ready in arriving.pop(since)}
                if desk.waiting:
                    planned = desk.assign(day)
                    finishing.append(executor.submit(_finish, docket, planned))
                if day.month != last.month:
                    tell(f"{day:%B %Y}: {len(desk.waiting)} cases wait, {len(desk.open)} are under review")
                    last = day
            day += timedelta(days=1)
        done = [one for future in finishing for one in future.result()]
    done.sort(key=lambda one: one.number)
    return _sum_up(docket, desk, reviewers, seed, part, ended, done)


def _points(answer: Assignment) -> int:
    """Give the points of an assignment, plus those for the urgency of each case without a reviewer."""
    waiting = set(answer.unfilled)
    return answer.points + sum(answer.costs.urgency(one) for one in answer.requests if one.number in waiting)


def _taken_out(by_day: dict[date, list[PastAssignment]], on: date) -> Iterator[PastAssignment]:
    """Remove and yield everything of the days up to this one."""
    for day in sorted(day for day in by_day if day <= on):
        yield from by_day.pop(day)


class _Here:
    """Runs calls at once, in this process, with the interface of an executor."""

    def submit(self, do: Callable[..., T], *arguments: Any) -> "Future[T]":
        future: Future[T] = Future()
        future.set_result(do(*arguments))
        return future


def _ahead(executor: Executor, docket: Docket, by_day: dict[date, list[int]]) -> Iterator[list[Ready | SimulatedEnd]]:
    """Begin the cases of each day, some days ahead of the day that needs them."""
    queue: list[Future[list[Ready | SimulatedEnd]]] = []
    for day, numbers in by_day.items():
        queue.append(executor.submit(_begin, docket, day, numbers))
        if len(queue) > 8:
            yield queue.pop(0).result()
    yield from (future.result() for future in queue)


def _begin(docket: Docket, day: date, numbers: Iterable[int]) -> list[Ready | SimulatedEnd]:
    return [begin(docket, number, day) for number in numbers]


def _finish(docket: Docket, planned: Iterable[tuple[Ready, Plan]]) -> list[Done]:
    return [finish(docket, ready, plan) for ready, plan in planned]


def _open(day: date) -> date:
    """Give the day, or the next business day."""
    return shift(day - timedelta(days=1), 1, Unit.BUSINESS)


def _sum_up(
    docket: Docket,
    desk: _CoordinatorDesk,
    reviewers: int,
    seed: int,
    part: float,
    ended: Counter[str],
    done: Sequence[Done],
) -> Year:
    per: dict[str, list[int]] = defaultdict(list)
    for each in desk.members:
        per[each.specialties[0]].append(desk.worked[each.id])
    told = sha256("\n".join(map(repr, done)).encode())
    return Year(
        volume=docket.volume,
        seed=seed,
        part=part,
        reviewers=reviewers,
        applications=docket.applications,
        ended=tuple(ended.most_common()),
        done=tuple(done),
        days=tuple(desk.days),
        left=len(desk.waiting),
        load=tuple(sorted((name, len(each), sum(each)) for name, each in per.items())),
        short=tuple(desk.short.most_common()),
        one_more=tuple(
            OneMore(
                specialty=name,
                cases=sum(cases for cases, _ in tried) / len(tried),
                points=sum(points for _, points in tried) / len(tried),
            )
            for name, tried in sorted(desk.tried.items())
        ),
        digest=told.hexdigest(),
    )
