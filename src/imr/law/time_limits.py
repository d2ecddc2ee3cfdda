"""Deadlines of IMR, from the service of the UR decision to the determination.

`due(dates)` gives every deadline that the dates of a case start, in the order of their days; `not_running(dates)` gives
the reason for each that the dates would start but that does not run. A late act is a finding (`timely`), never an
invalidation: a late determination is valid and binding (CHP v. WCAB (2016)). The time for the records is in `records`,
what follows a determination in `afterwards`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from imr.errors import NotInForce
from imr.law.afterwards import APPEAL, AUTHORIZE, FURTHER, PAY, appeal, implementation, suspended, writ
from imr.law.assignment import track_of
from imr.law.dates import CaseDates, contradictions, minute_of
from imr.law.days import (
    Deadline,
    Unit,
    service_extension,
)
from imr.law.icalendar import ical
from imr.law.limit import (
    AMENDED_REGULATIONS,
    FINAL_REGULATIONS,
    FORMULARY,
    SB_863,
    SB_1160,
    UNSEEN,
    TimeLimit,
    counted_deadline,
    limit_rule,
    timely,
)
from imr.law.records import RECORDS, records_due
from imr.law.rule import (
    Citation,
    Finding,
    Known,
    Rule,
    Subject,
    Version,
    labor_code,
    regulation,
    spell,
)
from imr.law.terms import Role, Track

__all__ = [
    "APPEAL",
    "AUTHORIZE",
    "PAY",
    "CaseDates",
    "appeal",
    "contradictions",
    "due",
    "ical",
    "implementation",
    "not_running",
    "running",
    "timely",
]

APPLICATION = limit_rule(
    "app-time-standard",
    "Application for IMR",
    Subject.APPLICATION,
    "The employee applies within 30 calendar days after service of the UR decision; the application must have been "
    "received by then. Service by mail adds days. Without the form, the envelope and the notices the time does not begin.",
    "service of the UR decision",
    Version(SB_863, (30, Unit.CALENDAR), labor_code("4610.5(h)(1)(B)")),
    met_by=("application_received_on",),
    also="app-standard",
)
APPLICATION_FORMULARY = limit_rule(
    "app-time-formulary",
    "Application for IMR of a formulary dispute",
    Subject.APPLICATION,
    "In a dispute about a drug of the formulary the employee applies within 10 calendar days after service of the decision.",
    "service of the UR decision",
    Version(FORMULARY, (10, Unit.CALENDAR), labor_code("4610.5(h)(1)(A)")),
    met_by=("application_received_on",),
    also="app-formulary",
)
APPLICATION_AFTER_LIABILITY = limit_rule(
    "app-time-liability",
    "Application for IMR after a dispute of liability",
    Subject.APPLICATION,
    "Where the claims administrator also disputed liability, the time runs to 30 days after service of the notice that "
    "this dispute is resolved.",
    "service of the notice of resolution",
    Version(SB_863, (30, Unit.CALENDAR), labor_code("4610.5(h)(2)")),
    met_by=("application_received_on",),
    also="app-after-liability",
)
NO_FORM = Rule(
    id="app-time-tolling-no-form",
    title="No form, no time limit",
    subject=Subject.APPLICATION,
    asks="Where the claims administrator did not supply the form, the envelope and the notices with the UR decision, the time "
    "to apply does not begin until it does.",
    under=(labor_code("4610.5(h)(3)"),),
)
MORE_INFORMATION = limit_rule(
    "elig-more-information",
    "Answer to the Division's request for information",
    Subject.APPLICATION,
    "The parties answer a request for information about eligibility within 5 business days of its receipt; the emergency "
    "regulations of 2013 gave 15 days.",
    "receipt of the request",
    Version(SB_863, (15, Unit.CALENDAR), regulation("9792.10.3(b)", note="emergency text of 2013")),
    Version(FINAL_REGULATIONS, (5, Unit.BUSINESS), regulation("9792.10.3(b)")),
    Version(AMENDED_REGULATIONS, (5, Unit.BUSINESS), regulation("9792.10.3(b)", Known.MEMORY, UNSEEN)),
    met_by=("information_answered_on", "found_eligible_on"),
    also="elig-info",
)
ASSIGNMENT_NOTICE = limit_rule(
    "assign-notice",
    "Notice of assignment and request for information",
    Subject.ASSIGNMENT,
    "Within 1 business day of receiving the finding of eligibility the review organization tells the claims administrator, "
    "the employee, the attorney and the requesting physician in writing: who reviews, what is disputed, which documents are "
    "due when.",
    "receipt of the finding of eligibility",
    Version(SB_863, None, regulation("9792.10.4(b)"), "the emergency regulations of 2013 were not seen in text"),
    Version(FINAL_REGULATIONS, (1, Unit.BUSINESS), regulation("9792.10.4(b)")),
    Version(AMENDED_REGULATIONS, (1, Unit.BUSINESS), regulation("9792.10.4(b)", Known.MEMORY, UNSEEN)),
    met_by=("assigned_on",),
)
DETERMINATION = limit_rule(
    "det-time-standard",
    "Determination",
    Subject.DETERMINATION,
    "The determination is due 30 days after receipt of the request and the supporting documents, both. A late one is valid "
    "and binding (CHP v. WCAB (2016)).",
    "receipt of the request and the supporting documents",
    Version(SB_863, (30, Unit.CALENDAR), labor_code("4610.6(d)(1)(B)")),
    met_by=("determination_issued_on",),
    also="det-std",
)
DETERMINATION_FORMULARY = limit_rule(
    "det-time-formulary",
    "Determination of a formulary dispute",
    Subject.DETERMINATION,
    "In a dispute about a drug of the formulary the determination is due 5 working days after receipt of the request and the "
    "supporting documents.",
    "receipt of the request and the supporting documents",
    Version(FORMULARY, (5, Unit.BUSINESS), labor_code("4610.6(d)(1)(A)")),
    met_by=("determination_issued_on",),
)
DETERMINATION_EXPEDITED = limit_rule(
    "det-time-expedited",
    "Determination of an expedited review",
    Subject.DETERMINATION,
    "Where the treatment has not been given yet and an imminent and serious threat is certified, the determination is due three "
    "days after receipt of the information: days, not 72 hours.",
    "receipt of the information",
    Version(SB_863, (3, Unit.CALENDAR), labor_code("4610.6(d)(1)(C)")),
    met_by=("determination_issued_on",),
    also="det-exp",
)
DETERMINATION_EXTENDED = limit_rule(
    "det-time-extension",
    "Determination, with more time approved",
    Subject.DETERMINATION,
    "With the Administrative Director's approval, for extraordinary circumstances or good cause, up to three days more.",
    "the deadline without the extension",
    Version(SB_863, (3, Unit.CALENDAR), labor_code("4610.6(d)(2)")),
    met_by=("determination_issued_on",),
    also="det-ext",
)
DISPUTE_ENDED = limit_rule(
    "imr-terminate",
    "Notice that the dispute has ended",
    Subject.ASSIGNMENT,
    "The claims administrator tells the review organization within 5 days of its authorization, of a settlement or award "
    "that resolves the dispute, or of a withdrawal by the requesting physician.",
    "the event that ended the dispute",
    Version(SB_1160, (5, Unit.CALENDAR), labor_code("4610.5(g)")),
    met_by=("dispute_end_reported_on",),
    also="end-notice",
)
ADMINISTRATOR_CHANGED = limit_rule(
    "rec-change-administrator",
    "Notice of a change of claims administrator",
    Subject.RECORDS,
    "The claims administrator tells the review organization within 5 working days of a change of administrator.",
    "the change",
    Version(SB_1160, (5, Unit.BUSINESS), labor_code("4610.5(p)")),
    met_by=("administrator_change_reported_on",),
    also="ca-change",
)
#: A function that counts the deadlines of one limit from the dates of a case.
Limit = Callable[[CaseDates], tuple[Deadline, ...]]
_FORMULARY_MAIL = labor_code("4610.5(h)(1)(A)", Known.INFERENCE, "that mail adds days here too is by analogy")


#: A later last day of the time that runs from the UR decision stays: the dispute of liability extends it.
_EXTENDED = (
    "A dispute of liability extends the time and never cuts it: the last day without the dispute is the later one."
)


def application(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline to apply for IMR.

    From service of the UR decision, or of the notice that a dispute of liability is resolved.

    Empty while liability is disputed, and if the form, the envelope and the notices never came: the time has not begun.
    """
    if dates.ur_served_on is None:
        return ()
    if not dates.liability_disputed:
        return _from_ur_decision(dates, dates.ur_served_on)
    if dates.liability_resolution_served_on is None:
        return ()
    resolved = counted_deadline(
        APPLICATION_AFTER_LIABILITY,
        "service of the notice that the dispute of liability is resolved",
        dates.liability_resolution_served_on,
        Role.EMPLOYEE,
        service_extension(dates.liability_resolution_service, dates.ur_place),
        closings=dates.closings,
    )
    for deadline in _from_ur_decision(dates, dates.ur_served_on):
        if deadline.due > resolved.due:
            under = tuple(dict.fromkeys((*resolved.under, *deadline.under)))
            rule, title = resolved.rule, resolved.title
            return (replace(deadline, rule=rule, title=title, under=under, because=(*deadline.because, _EXTENDED)),)
    return (resolved,)


def _from_ur_decision(dates: CaseDates, served_on: date) -> tuple[Deadline, ...]:
    start, event = served_on, "service of the UR decision"
    if dates.form_supplied_on is not None and dates.form_supplied_on > start:
        start, event = dates.form_supplied_on, "service of the form, the envelope and the notices"
    elif not dates.form_supplied:
        return ()
    extension = service_extension(dates.ur_service, dates.ur_place)
    rule = application_rule(dates)
    more = (_FORMULARY_MAIL,) if rule is APPLICATION_FORMULARY and extension.amount else ()
    return (counted_deadline(rule, event, start, Role.EMPLOYEE, extension, more=more, closings=dates.closings),)


def application_rule(dates: CaseDates) -> TimeLimit:
    """Give the rule of the time to apply: that of the formulary where the dispute is on its track."""
    return APPLICATION_FORMULARY if track_of(dates)[0] is Track.FORMULARY else APPLICATION


def more_information(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadlines for the answers of the employee and the claims administrator to the Division's request for information."""
    if dates.information_requested_on is None:
        return ()
    event = "receipt of the Division's request for information"
    return tuple(
        counted_deadline(MORE_INFORMATION, event, dates.information_requested_on, who, closings=dates.closings)
        for who in (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR)
    )


def assignment_notice(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the notice of assignment, from receipt of the finding of eligibility."""
    if dates.found_eligible_on is None:
        return ()
    event = "receipt of the finding of eligibility"
    start, closings = dates.found_eligible_on, dates.closings
    return (counted_deadline(ASSIGNMENT_NOTICE, event, start, Role.COORDINATOR, closings=closings),)


#: No text says whether records that come later start the time again, or whether an approval after it ran out extends it.
_LATER_RECORDS = labor_code("4610.6(d)(1)", Known.MEMORY, "whether records that come later start the time again")
APPROVED_LATE = labor_code("4610.6(d)(2)", Known.MEMORY, "whether an approval after the time ran out extends it")


def determination(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the determination, from receipt of the request and the documents; the approved extension is added."""
    start = dates.records_complete_on
    if start is None:
        return ()
    event = "receipt of the request and the supporting documents"
    track = track_of(dates)[0]
    because: tuple[str, ...] = ()
    more: tuple[Citation, ...] = ()
    if dates.further_records_on is not None and dates.further_records_on > start:
        because = (f"More records came on {spell(dates.further_records_on)}; the time is counted from the first ones.",)
        more = (_LATER_RECORDS,)
    if track is Track.EXPEDITED:
        rule, event = DETERMINATION_EXPEDITED, "receipt of the information"
        if dates.converted_on is not None and dates.converted_on > start:
            start, event = dates.converted_on, "the certification that made the review an expedited one"
    else:
        rule = DETERMINATION_FORMULARY if track is Track.FORMULARY else DETERMINATION
    closings = dates.closings
    found = counted_deadline(rule, event, start, Role.COORDINATOR, because=because, more=more, closings=closings)
    if dates.extension_approved_on is None or dates.extension_approved_on > found.due:
        return (found,)
    extended = counted_deadline(
        DETERMINATION_EXTENDED,
        f"the deadline of {rule.id} before it moved for a closed day",
        found.counted.landed,
        Role.COORDINATOR,
        because=(f"More time was approved on {spell(dates.extension_approved_on)}.", *because),
        more=found.under,
        closings=closings,
    )
    return (extended,)


def dispute_ended(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the claims administrator's notice that the dispute has ended."""
    if dates.dispute_ended_on is None:
        return ()
    event = "the event that ended the dispute"
    start, closings = dates.dispute_ended_on, dates.closings
    return (counted_deadline(DISPUTE_ENDED, event, start, Role.CLAIMS_ADMINISTRATOR, closings=closings),)


def administrator_changed(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the claims administrator's notice that another administrator took the claim over."""
    if dates.administrator_changed_on is None:
        return ()
    event = "the change of claims administrator"
    start, closings = dates.administrator_changed_on, dates.closings
    return (counted_deadline(ADMINISTRATOR_CHANGED, event, start, Role.CLAIMS_ADMINISTRATOR, closings=closings),)


_ALL: tuple[tuple[Rule, Limit], ...] = (
    (APPLICATION, application),
    (MORE_INFORMATION, more_information),
    (ASSIGNMENT_NOTICE, assignment_notice),
    (RECORDS, records_due),
    (DETERMINATION, determination),
    (AUTHORIZE, implementation),
    (APPEAL, appeal),
    (FURTHER, writ),
    (DISPUTE_ENDED, dispute_ended),
    (ADMINISTRATOR_CHANGED, administrator_changed),
)


def running(limit: Limit, dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadlines of one limit that `dates` start; none if the law of that day is not known."""
    try:
        return limit(dates)
    except NotInForce:
        return ()


def due(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give every deadline that `dates` start, in the order of their days.

    A deadline whose law of that day is not known is left out here and named by `not_running`.
    """
    found: list[Deadline] = []
    for _, limit in _ALL:
        try:
            found.extend(limit(dates))
        except NotInForce:
            continue
    if len(found) > 1:
        found.sort(key=lambda deadline: minute_of(deadline.due))
    return tuple(found)


def not_running(dates: CaseDates) -> tuple[Finding, ...]:
    """Give, for each deadline that `dates` would start but that does not run, the reason."""
    found = []
    for rule, limit in _ALL:
        try:
            limit(dates)
        except NotInForce as gap:
            found.append(rule.finds(False, "{gap}", gap=str(gap)))
    if dates.ur_served_on is not None and dates.liability_disputed and dates.liability_resolution_served_on is None:
        found.append(
            APPLICATION_AFTER_LIABILITY.finds(
                False, "liability is disputed: the time to apply runs from service of the notice that this is resolved"
            )
        )
    elif dates.ur_served_on is not None and not dates.form_supplied and dates.form_supplied_on is None:
        found.append(
            NO_FORM.finds(
                False, "the form, the envelope or the notices did not come with the UR decision: the time has not begun"
            )
        )
    return (*found, *_approved_late(dates), *suspended(dates))


def _approved_late(dates: CaseDates) -> tuple[Finding, ...]:
    """Say that more time, approved after the time had run out, extends nothing."""
    approved = dates.extension_approved_on
    if approved is None:
        return ()
    because = "more time was approved on {day}, after the time had run out on {due}: it extends nothing"
    return tuple(
        DETERMINATION_EXTENDED.finds(False, because, (APPROVED_LATE,), day=spell(approved), due=spell(deadline.due))
        for deadline in running(determination, dates)
        if deadline.rule != DETERMINATION_EXTENDED.id
    )
