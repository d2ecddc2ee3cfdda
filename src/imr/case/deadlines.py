"""Open deadlines of a case, and the next that somebody must meet. The rule of a deadline names what meets it."""

from datetime import date, datetime, time

from imr.case.context import CALIFORNIA
from imr.case.state import Case
from imr.law.afterwards import RIGHTS
from imr.law.days import Deadline
from imr.law.limit import is_met


def open_deadlines(case: Case) -> tuple[Deadline, ...]:
    """Give the deadlines of a case that nothing has met yet, the next first. The time for an appeal is a right, and comes last."""
    if case.stage.ended:
        return ()
    found = [deadline for deadline in case.deadlines() if not is_met(deadline, case.dates)]
    return tuple(sorted(found, key=lambda deadline: deadline.rule in RIGHTS))


def next_due(case: Case) -> Deadline | None:
    """Give the next deadline of a case, other than the time for an appeal, which is a right."""
    return next((deadline for deadline in open_deadlines(case) if deadline.rule not in RIGHTS), None)


def moment(due: date) -> datetime:
    """Give the end of a deadline as a moment: the end of its day in California, or its hour."""
    if isinstance(due, datetime):
        return due if due.tzinfo else due.replace(tzinfo=CALIFORNIA)
    return datetime.combine(due, time(23, 59, 59), tzinfo=CALIFORNIA)
