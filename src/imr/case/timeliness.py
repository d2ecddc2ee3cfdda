"""Timeliness of what was done in a case. A late act gives a finding, and invalidates nothing."""

from datetime import date

from imr.case.state import Case
from imr.law.records import records_due
from imr.law.rule import Finding
from imr.law.time_limits import application, assignment_notice, determination, implementation, timely


def findings(case: Case, on: date) -> tuple[Finding, ...]:
    """Give a finding for each time limit that the case has met or missed; an open one counts once it is late on `on`."""
    dates = case.dates
    found: list[Finding] = []
    for limit, done in (
        (application, dates.application_received_on),
        (assignment_notice, dates.assigned_on),
        (records_due, next((received.received_on for received in case.administrator_sent), None)),
        (determination, dates.determination_issued_on),
        (implementation, dates.implemented_on),
    ):
        for deadline in limit(dates):
            finding = timely(deadline, done or on)
            if done is not None or not (finding.holds or case.stage.ended):
                found.append(finding)
    return tuple(found)
