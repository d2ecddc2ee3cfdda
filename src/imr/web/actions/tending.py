"""What nobody has to think of: the steps of the clock, the binding of case files, mail that waits, and what steps gave up."""

import logging

from django.db import transaction

from imr.case import steps
from imr.case.acts import Act, Actor
from imr.case.chain import Recorded, replay
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import binding, clock, outbox, quarantine, reading, rows, stalled
from imr.web.actions import keeping, once
from imr.web.actions.given import Given, KeptPaper
from imr.web.actions.taking import lock, take
from imr.web.actions.times import ClockSkew, insist_same_time, moment
from imr.web.models import CaseRow, DocumentRow, EventRow
from imr.web.papers import FILE

#: Who takes the steps of the clock.
CLOCK = Actor(role=Role.CLOCK, id="clock")

logger = logging.getLogger(__name__)


def tick(number: str) -> tuple[Recorded, ...]:
    """Take the steps of the clock that are due in a case: what happens because time ran out."""
    done = []
    for name, known in steps.STEPS.items():
        if Role.CLOCK not in known.roles:
            continue
        with keeping.step():
            lock(number)
            chain = rows.chain(number)
            case = replay(chain, number)
            if name not in {step.name for step in steps.offers(case, CLOCK)}:
                continue
            if name == binding.STEP:  # takes its time, and has a job of its own
                binding.begin(number)
                continue
            insist_same_time()
            try:
                done.append(take(known, Act(by=CLOCK, at=moment(chain)), case, chain, Given(user=None, facts={})))
            except Refused:
                continue  # its time has not come
    return tuple(done)


def bind(number: str) -> Recorded | None:
    """Bind a case file into one PDF, keep it, and record its digest; None where it is not due, or not to be bound yet.

    The PDF is made before the case is locked. Raises Refused where the case file has changed meanwhile.
    """
    case = replay(rows.chain(number))
    made = binding.prepared(case, clock.today()) if binding.is_due(case) else None
    if made is None:
        return None
    insist_same_time()
    with keeping.step():
        papers = [KeptPaper.made(paper) for paper in made.papers]  # before the lock: a large file takes its time
        lock(number)
        chain = rows.chain(number)
        act = Act(by=CLOCK, at=moment(chain))
        given = Given(user=None, facts={"bound": made.bound})
        return take(steps.STEPS[binding.STEP], act, replay(chain), chain, given, papers)


def tend() -> dict[str, int]:
    """What nobody has to think of: the steps of the clock, mail that waits, documents that steps gave up."""
    still = CaseRow.objects.exclude(stage__in=[stage.name for stage in Stage if stage.ended])
    taken = 0
    try:
        for number in still.values_list("number", flat=True):
            taken += len(tick(number))
    except ClockSkew as error:  # the same for every case; mail and the rest do not wait for it
        logger.error("%s", error)  # noqa: TRY400 - it says what to do, and no traceback helps
    done = {"steps of the clock": taken, "messages": outbox.send(), "jobs of dead workers": stalled.take_up()}
    done["old idempotency keys removed"] = once.forget()
    # What asks the storage comes last: where that is out of reach, the rest is done all the same.
    open_cases = still.values_list("number", flat=True)
    unread = DocumentRow.objects.filter(case__in=open_cases, paper__in=[paper.value for paper in FILE])
    for digest, media_type in unread.values_list("digest", "media_type"):
        reading.begin(digest, media_type)
    return done | {
        "documents given up and removed": keeping.sweep(),
        "refused files thrown away": quarantine.sweep(clock.now()),
    }


def refused_file(digest: str) -> bytes:
    """A refused file as it came, for who runs the machine. Raises Damaged where there is none of that digest."""
    return quarantine.fetch(digest)


def hush() -> None:
    """Let no mail go out that waits now: for invented cases, whose people have no post box."""
    outbox.hush()


def rebuild() -> int:
    """Make every row of a case anew from its events; how many cases there are."""
    numbers = {*EventRow.objects.values_list("case", flat=True), *CaseRow.objects.values_list("number", flat=True)}
    for number in sorted(numbers):
        with transaction.atomic():
            lock(number)
            rows.refresh(number)
    return len(numbers)
