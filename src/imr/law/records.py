"""The documents of a review: which are owed, by whom, their deadline, and the penalty for lateness (LC 4610.5(l)-(n)).

`expected` gives what is owed and how late it is; `may_release` is the hard stop: no determination rests on the
information in the UR decision alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.assignment import track_of
from imr.law.dates import CaseDates, day_of
from imr.law.days import Deadline, Unit, count, months_after, service_extension
from imr.law.limit import AMENDED_REGULATIONS, FINAL_REGULATIONS, SB_863, counted_deadline, limit_rule
from imr.law.rule import (
    IMR_BEGAN,
    Citation,
    Dated,
    Finding,
    Known,
    Rule,
    Subject,
    Version,
    labor_code,
    regulation,
    spell,
)
from imr.law.terms import RecordKind, Role, Service, Track

_STATUTE_AND_MAIL = labor_code("4610.5(l)", Known.INFERENCE, "10 days, and 5 for mail")
_STATUTE_AND_ELECTRONIC = labor_code("4610.5(l)", Known.INFERENCE, "10 days, and 2 for electronic service")
RECORDS_MAIL = limit_rule(
    "rec-mail",
    "Records, where the notice was mailed",
    Subject.RECORDS,
    "The review organization must have the records within 15 days of the mailing of the notice of assignment: the 10 days of "
    "the statute and 5 for the mail.",
    "mailing of the notice of assignment",
    Version(SB_863, (15, Unit.CALENDAR), _STATUTE_AND_MAIL),
    Version(FINAL_REGULATIONS, (15, Unit.CALENDAR), regulation("9792.10.5(a)(1)")),
    Version(AMENDED_REGULATIONS, (15, Unit.CALENDAR), _STATUTE_AND_MAIL),
    met_by=("records_complete_on",),
)
RECORDS_ELECTRONIC = limit_rule(
    "rec-elec",
    "Records, where the notice was electronic",
    Subject.RECORDS,
    "The review organization must have the records within 12 days of an electronic notice of assignment.",
    "the electronic notice of assignment",
    Version(SB_863, (12, Unit.CALENDAR), _STATUTE_AND_ELECTRONIC),
    Version(FINAL_REGULATIONS, (12, Unit.CALENDAR), regulation("9792.10.5(a)(1)")),
    Version(AMENDED_REGULATIONS, (12, Unit.CALENDAR), _STATUTE_AND_ELECTRONIC),
    met_by=("records_complete_on",),
)
RECORDS = limit_rule(
    "rec-ca-deadline",
    "Records, where the notice was neither mailed nor electronic",
    Subject.RECORDS,
    "The claims administrator gives the records within 10 days of the notice of assignment; the regulation says 15 days of "
    "mailing, 12 of electronic notice, 24 hours where expedited.",
    "the notice of assignment",
    Version(SB_863, (10, Unit.CALENDAR), labor_code("4610.5(l)")),
    met_by=("records_complete_on",),
)
RECORDS_EXPEDITED = limit_rule(
    "rec-exp",
    "Records of an expedited review",
    Subject.RECORDS,
    "In an expedited review the records are due 24 hours after receipt of the notice.",
    "receipt of the notice of assignment",
    Version(SB_863, (24, Unit.HOURS), labor_code("4610.5(n)")),
    Version(FINAL_REGULATIONS, (24, Unit.HOURS), regulation("9792.10.5(a)(1)")),
    Version(AMENDED_REGULATIONS, (24, Unit.HOURS), labor_code("4610.5(n)")),
    met_by=("records_complete_on",),
)
#: How far back before the request for authorization the physicians' reports are owed, in months.
REPORT_MONTHS: Dated[int] = Dated(
    "how far back reports are owed",
    "the notice of assignment",
    Version(
        IMR_BEGAN, 12, regulation("9792.10.5(a)(1)(A)", Known.SECONDARY, "one year, in the text before February 2014")
    ),
    Version(FINAL_REGULATIONS, 6, regulation("9792.10.5(a)(1)(A)")),
)


class Duty(Enum):
    """A document that the claims administrator owes the review organization (LC 4610.5(l); 8 CCR 9792.10.5(a)(1)(A)-(F))."""

    REPORTS = "the physicians' reports on the current condition"
    APPLICATION = "a copy of the application"
    INFORMATION_GIVEN = "what the employee was given about the decision, the UR decision aside"
    SUPPORT = "what the employee or the provider submitted in support"
    OTHER_DOCUMENTS = "any other document that the decision used"
    NEW_ISSUES = "the answer to what the application newly raised"


_PART = {
    Duty.REPORTS: regulation("9792.10.5(a)(1)(A)"),
    Duty.APPLICATION: regulation("9792.10.5(a)(1)(B)"),
    Duty.INFORMATION_GIVEN: regulation("9792.10.5(a)(1)(C)"),
    Duty.SUPPORT: regulation("9792.10.5(a)(1)(D)"),
    Duty.OTHER_DOCUMENTS: regulation("9792.10.5(a)(1)(E)", Known.MEMORY),
    Duty.NEW_ISSUES: regulation("9792.10.5(a)(1)(F)", Known.MEMORY),
}

DOCUMENTS = Rule(
    id="rec-ca-documents",
    title="The documents that the claims administrator owes",
    subject=Subject.RECORDS,
    asks="The claims administrator gives the physicians' reports on the current condition of the six months before the "
    "request for authorization (one year, in the older text), with those named in the request or the UR decision, and where "
    "the requesting physician treated for less, those of earlier and referring physicians; a copy of the application; what "
    "the employee was given about the decision; what was submitted in support; and other documents that the decision used.",
    under=(labor_code("4610.5(l)(1)-(4)"), regulation("9792.10.5(a)(1)(A)-(D)")),
    numbers=(REPORT_MONTHS,),
)
_LATE = regulation("9792.12(c)(6)", Known.SECONDARY)
#: Dollars a day, and the maximum in dollars. The amounts of the regulations of April 2026 were not seen.
LATE_A_DAY: Dated[tuple[int, int]] = Dated(
    "the penalty for late records",
    "the day on which the records were due",
    Version(date(2014, 12, 1), (500, 5000), _LATE),
    Version(date(2026, 4, 1), None, _LATE, "the text in force from April 1, 2026 was not seen"),
)
PENALTY = Rule(
    id="rec-penalty",
    title="Penalty for late records",
    subject=Subject.RECORDS,
    asks="Records that come late cost 500 dollars a day, 5,000 at most, by an order to show cause; for records due from "
    "December 1, 2014 on, and for older ones that were not in by December 15, 2014.",
    under=(_LATE,),
    since=date(2014, 12, 1),
    numbers=(LATE_A_DAY,),
)
#: Records due before the penalties began were late from this day on.
PENDING_FROM = date(2014, 12, 15)
MISSING = Rule(
    id="rec-missing",
    title="More than the UR decision",
    subject=Subject.RECORDS,
    asks="Where the claims administrator sends nothing, the reviewer may decide on the records that the UR decision "
    "summarizes together with documents of the employee or the physician. No determination rests on the information in the "
    "UR decision alone.",
    under=(regulation("9792.10.6(b)(2)"),),
)
SERVED_ON_OTHERS = Rule(
    id="rec-ca-serve-others",
    title="Copies to the employee and the physician",
    subject=Subject.RECORDS,
    asks="The claims administrator gives the employee and the requesting physician, at the same time, a copy of what they do "
    "not have yet, and tells the employee what was submitted.",
    under=(labor_code("4610.5(l)(4)"), labor_code("4610.5(o)")),
)
NEW_DOCUMENTS = Rule(
    id="rec-new-documents",
    title="New documents at once",
    subject=Subject.RECORDS,
    asks="Relevant records that are newly made or found go to the review organization immediately; immediately is within one "
    "business day (from memory, a setting).",
    under=(labor_code("4610.5(m)"), regulation("9792.6.1", Known.MEMORY, "immediately: within one business day")),
)
MORE_ASKED = Rule(
    id="rec-imro-requests",
    title="Answers to the reviewer's questions",
    subject=Subject.RECORDS,
    asks="A reviewer may ask any party for more; all parties get the question and the answer. The answer is due in 5 business "
    "days, in an expedited review in 1 day (from memory, settings).",
    under=(labor_code("4610.6(b)"), regulation("9792.10.5(d)", Known.MEMORY)),
)
OWN_DOCUMENTS = Rule(
    id="rec-ee-rp",
    title="Documents of the employee and the physician",
    subject=Subject.RECORDS,
    asks="The employee and the requesting physician may send documents in support, in the time in which the claims "
    "administrator sends its own (that time from memory, a setting).",
    under=(regulation("9792.10.5(b)-(c)", Known.MEMORY),),
)

#: Documents in which a physician or a laboratory describes the employee's condition.
CLINICAL = frozenset(RecordKind) - {
    RecordKind.APPLICATION,
    RecordKind.UR_DECISION,
    RecordKind.RFA,
    RecordKind.CORRESPONDENCE,
    RecordKind.FAX_COVER,
    RecordKind.OTHER,
}


def records_due(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadlines for the claims administrator's records, from the notice of assignment.

    A conversion is never retroactive: the standard time runs on until the notice of the conversion comes, and from then
    24 hours, unless the standard time ends before.
    """
    if dates.converted_on is not None and track_of(dates)[0] is Track.EXPEDITED:
        return _records_converted(dates)
    expedited = track_of(dates)[0] is Track.EXPEDITED
    if expedited and dates.notice_received_at is not None:
        timed = type(dates.notice_received_at) is not date
        unsure = () if timed else ("The hour of receipt is not given: counted from midnight, the earliest it can be.",)
        event = "receipt of the notice of assignment"
        return (
            counted_deadline(
                RECORDS_EXPEDITED,
                event,
                dates.notice_received_at,
                Role.CLAIMS_ADMINISTRATOR,
                because=unsure,
            ),
        )
    return () if expedited else _records_standard(dates)


def _records_converted(dates: CaseDates) -> tuple[Deadline, ...]:
    standard = _records_standard(dates)
    came = dates.conversion_notice_received_at
    if came is None:
        return standard
    event = "receipt of the notice that the review is an expedited one"
    fast = counted_deadline(RECORDS_EXPEDITED, event, came, Role.CLAIMS_ADMINISTRATOR)
    return (min((*standard, fast), key=lambda deadline: deadline.days_left(day_of(came))),)


def _records_standard(dates: CaseDates) -> tuple[Deadline, ...]:
    if dates.notice_sent_on is None:
        return ()
    rule, event, extension = RECORDS, "the notice of assignment", None
    match dates.notice_service:
        case Service.MAIL:
            rule, event = RECORDS_MAIL, "the mailing of the notice of assignment"
        case Service.ELECTRONIC:
            rule, event = RECORDS_ELECTRONIC, "the electronic notice of assignment"
        case other:
            extension = service_extension(other)
    start, closings = dates.notice_sent_on, dates.closings
    return (counted_deadline(rule, event, start, Role.CLAIMS_ADMINISTRATOR, extension, closings=closings),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A kind of document that is owed: by whom, the deadline, the day it came, and how late it is.

    `reports_since` is the first day of the reports that are owed; `days_late` is counted to the day it came, or to the
    day that was asked about. If it did not come and nobody `looked_at` whether there is any, nothing is late.
    """

    duty: Duty
    who: Role
    owed_since: date
    reports_since: date | None
    deadline: Deadline
    received_on: date | None
    days_late: int
    looked_at: bool
    under: tuple[Citation, ...]

    @property
    def verified(self) -> bool:
        """False if a provision that it rests on was not seen in the text of the law."""
        return self.deadline.verified and all(citation.known.verified for citation in self.under)


def expected(
    dates: CaseDates,
    on: date,
    *,
    requested_on: date | None = None,
    received: Mapping[Duty, date] | None = None,
    looked_at: Collection[Duty] | None = None,
) -> tuple[Owed, ...]:
    """Give every kind of document that is owed since the notice of assignment; none before there is a notice.

    `requested_on` is the date of the request for authorization, before which reports are counted; `received` gives the
    day on which each kind came; `looked_at` names the kinds for which it is known whether there is any (all, if left
    out). Raises NotInForce if no text of that day is known.
    """
    deadlines = records_due(dates)
    if not deadlines:
        return ()
    (deadline,) = deadlines
    since = day_of(deadline.start)
    window = REPORT_MONTHS.version(since)
    owed = []
    for duty in Duty:
        came = (received or {}).get(duty)
        known = came is not None or looked_at is None or duty in looked_at
        reports = duty is Duty.REPORTS
        first = months_after(requested_on, -window.known_value) if reports and requested_on is not None else None
        owed.append(
            Owed(
                duty=duty,
                who=Role.CLAIMS_ADMINISTRATOR,
                owed_since=since,
                reports_since=first,
                deadline=deadline,
                received_on=came,
                days_late=max(0, -deadline.days_left(min(came or on, on))) if known else 0,
                looked_at=known,
                under=(window.under if reports else _PART[duty],),
            )
        )
    return tuple(owed)


def penalty(due: date, came: date) -> tuple[int, Finding]:
    """Give the penalty in dollars for the late records of a case, which were due on one day and came (or have not come) by another.

    It is one penalty per case, however many kinds of document are late.

    Raises NotInForce for records due from April 2026 on, whose penalties were not seen.
    """
    pending = due < LATE_A_DAY.versions[0].since
    a_day, at_most = LATE_A_DAY.on(max(due, LATE_A_DAY.versions[0].since))
    days = max(0, (came - (PENDING_FROM if pending else due)).days)
    dollars = min(days * a_day, at_most)
    because = (
        "due {due}, counted to {came}: {days} days late, {dollars} dollars"
        if days
        else "due {due}, counted to {came}: nothing to pay"
    )
    return dollars, PENALTY.finds(not days, because, due=spell(due), came=spell(came), days=days, dollars=dollars)


def penalty_of(owed: Iterable[Owed], on: date) -> tuple[int, Finding]:
    """Give the one penalty of a case on a day, counted to the day on which the last late document came, or to `on`.

    Raises NotInForce as `penalty` does, and ValueError where nothing is owed.
    """
    kinds = tuple(owed)
    due = day_of(kinds[0].deadline.due) if kinds else None
    if due is None:
        raise ValueError("nothing is owed before there is a notice of assignment")
    late = [one.received_on or on for one in kinds if one.days_late]
    return penalty(due, min(max(late), on) if late else due)


def may_release(kinds: Iterable[RecordKind]) -> Finding:
    """Say whether a determination may be released on the documents of a case: not on the UR decision alone."""
    has = set(kinds)
    clinical = sorted(kind.value for kind in has & CLINICAL)
    if clinical:
        return MISSING.finds(True, "the file holds clinical documents: {kinds}", kinds=", ".join(clinical))
    if RecordKind.UR_DECISION in has:
        because = "the only clinical document is the UR decision: ask the employee or the physician for records"
    else:
        because = (
            "the file holds no clinical document: ask the claims administrator, the employee and the physician for them"
        )
    return MISSING.finds(False, because)


def served_on_others(sent: Iterable[str], already_had: Iterable[str], copied: Iterable[str]) -> Finding:
    """Say whether the employee and the physician got a copy of each document that they did not have."""
    lacking = sorted(set(sent) - set(already_had) - set(copied))
    because = "no copy was given of: {lacking}" if lacking else "they got a copy of everything that they did not have"
    return SERVED_ON_OTHERS.finds(not lacking, because, lacking=", ".join(lacking))


def forwarded_at_once(found_on: date, sent_on: date) -> Finding:
    """Say whether a new document went to the review organization immediately."""
    due = count(found_on, 1, Unit.BUSINESS).due
    return NEW_DOCUMENTS.finds(sent_on <= due, "due {due}, sent {sent}", due=spell(due), sent=spell(sent_on))


def answer_due(asked_on: date, *, expedited: bool, who: Role) -> Deadline:
    """Give the deadline for a party's answer to a reviewer's question, which arrived on `asked_on`."""
    counted = count(asked_on, 1, Unit.CALENDAR) if expedited else count(asked_on, 5, Unit.BUSINESS)
    event = "receipt of the reviewer's question"
    return Deadline(
        MORE_ASKED.id, MORE_ASKED.title, event, asked_on, counted.due, who, MORE_ASKED.under, IMR_BEGAN, counted
    )


def own_documents_due(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the documents that the employee and the physician may send."""
    return tuple(
        Deadline(
            OWN_DOCUMENTS.id,
            OWN_DOCUMENTS.title,
            deadline.start_event,
            deadline.start,
            deadline.due,
            who,
            OWN_DOCUMENTS.under,
            deadline.since,
            deadline.counted,
        )
        for deadline in records_due(dates)
        for who in (Role.EMPLOYEE, Role.REQUESTING_PHYSICIAN)
    )
