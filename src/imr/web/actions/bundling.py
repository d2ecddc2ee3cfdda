"""Builds the bundle of a case file, in the background, and records its digest in the case."""

from procrastinate.contrib.django import app

from imr.case.chain import Recorded, replay
from imr.case.context import StepContext
from imr.case.steps import STEPS
from imr.web.actions import stored_documents
from imr.web.actions.event_times import next_event_time, require_synchronized_clocks
from imr.web.actions.inputs import StepInput, StoredDocument
from imr.web.actions.perform import CLOCK, apply_step, lock_case
from imr.web.case_files import bundle
from imr.web.platform import clock
from imr.web.store import cases, failures


@app.task(name=bundle.JOB, queue="records")
def bind_case_file(number: str) -> None:
    """Build the bundle where it is due. A second run changes nothing."""
    with failures.attempt(failures.Task.BINDING, number, bundle.lock_of(number)):
        bind(number)


def bind(number: str) -> Recorded | None:
    """Build the bundle of a case file, store it, and record its digest; None where it is not due, or cannot be built yet.

    The PDF is built before the case is locked. Raises Refused where the case file has changed meanwhile.
    """
    case = replay(cases.chain(number))
    made = bundle.build_bundle(case, clock.today()) if bundle.is_due(case) else None
    if made is None:
        return None
    require_synchronized_clocks()
    with stored_documents.step_transaction():
        papers = [StoredDocument.made(paper) for paper in made.papers]  # before the lock: a large file takes a while
        lock_case(number)
        chain = cases.chain(number)
        case = replay(chain)
        if not bundle.is_due(case):  # another worker bound it while this one built
            return None
        context = StepContext(actor=CLOCK, at=next_event_time(chain))
        step_input = StepInput(user=None, facts={"bound": made.bound})
        return apply_step(STEPS[bundle.STEP], context, case, chain, step_input, papers)
